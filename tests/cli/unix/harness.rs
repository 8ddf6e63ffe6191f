//! Terminals, and being asked to end.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::harness::{Ran, Running};

impl Running {
    /// Ctrl-C.
    pub fn interrupt(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is still running");
    }
}

/// A pseudo-terminal of so many columns: the end that a person looks at, and the end that the program writes to.
pub fn terminal(columns: u16) -> (File, File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let name = ptsname(&person, Vec::new()).unwrap().into_string().unwrap();
    let program = File::options().read(true).write(true).open(name).unwrap();
    tcsetwinsize(&program, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    (person.into(), program)
}

/// Runs the program to its end with a terminal as standard output; what is on the screen comes as standard output.
pub fn on_terminal(mut command: Command, columns: u16) -> Ran {
    let (mut person, program) = terminal(columns);
    let mut child = command.stdin(Stdio::null()).stdout(program).stderr(Stdio::piped()).spawn().unwrap();
    drop(command); // the program's end of the terminal stays open in the program alone
    let screen = std::thread::spawn(move || {
        let mut screen = Vec::new();
        // Ends with an error where nobody has the other end any more.
        let _ = person.read_to_end(&mut screen);
        String::from_utf8(screen).expect("the screen shows UTF-8").replace("\r\n", "\n")
    });
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let status = child.wait().unwrap().code();
    Ran { stdout: screen.join().unwrap(), stderr, status }
}
