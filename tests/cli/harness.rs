//! Starting the program, feeding it, and waiting for what it says.

use std::ffi::OsStr;
#[cfg(unix)]
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long anything may take before the test gives up: long enough for the slowest machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// What a finished run printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub status: Option<i32>,
}

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopshark"));
    command
        .env("TZ", "UTC")
        .env("LC_ALL", "C")
        .env("TERM", "xterm")
        .env_remove("LANGUAGE")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "WT_SESSION"] {
        command.env_remove(name);
    }
    for name in ["LOOPSHARK_PAGER", "PAGER", "LESS", "LV", "SUDO_UID", "SUDO_GID", "PKEXEC_UID", "DOAS_USER"] {
        command.env_remove(name);
    }
    command
}

/// A copy of the program, in a folder that everyone can reach.
#[cfg(unix)]
pub fn copy_for_everyone() -> (tempfile::TempDir, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("loopshark");
    std::fs::copy(env!("CARGO_BIN_EXE_loopshark"), &copy).unwrap();
    for path in [folder.path(), &copy] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    (folder, copy)
}

/// Starts a copy. A test beside this one may just be forking while it still holds the copy open for writing.
#[cfg(unix)]
pub fn start_copy<T>(mut start: impl FnMut() -> std::io::Result<T>) -> T {
    loop {
        match start() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            started => break started.unwrap(),
        }
    }
}

/// Runs the program to its end.
pub fn loopshark<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    run(program().args(args))
}

/// Runs a command to its end, with nothing on standard input.
pub fn run(command: &mut Command) -> Ran {
    Ran::of(command.stdin(Stdio::null()).output().expect("the program starts"))
}

/// Runs the program to its end with these bytes on standard input.
pub fn loopshark_with_input<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>, input: &[u8]) -> Ran {
    let mut child = program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    // A program that stops reading early closes the pipe; what it printed by then is what the test looks at.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    Ran::of(output)
}

impl Ran {
    /// What a program printed that has ended.
    pub fn of(output: Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
            status: output.status.code(),
        }
    }

    /// Checks that there was trouble, told in one line that contains all of `words`.
    #[track_caller]
    pub fn fails_with(&self, words: &[&str]) {
        assert_eq!(self.status, Some(2), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "one line of error: {self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing in: {}", self.stderr);
        }
    }
}

/// A program that goes on running; ended when dropped.
pub struct Running {
    pub child: Child,
    pub stdout: Lines,
    pub stderr: Lines,
}

/// Lines as they arrive.
pub struct Lines(Receiver<String>);

/// Starts a command whose lines are to be read as they come.
pub fn start(command: &mut Command) -> Running {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stdout = Lines::of(child.stdout.take().expect("piped"));
    let stderr = Lines::of(child.stderr.take().expect("piped"));
    Running { child, stdout, stderr }
}

impl Lines {
    pub fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self(lines)
    }

    /// The next line.
    #[track_caller]
    pub fn next(&self) -> String {
        self.0.recv_timeout(PATIENCE).expect("another line")
    }

    /// The next line, if one has come already.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    pub fn try_next(&self) -> Option<String> {
        self.0.try_recv().ok()
    }

    /// The next line that contains `word`, those before it passed over.
    #[track_caller]
    pub fn find(&self, word: &str) -> String {
        loop {
            let line = self.next();
            if line.contains(word) {
                return line;
            }
        }
    }

    /// All lines until the stream ends.
    pub fn rest(&self) -> Vec<String> {
        self.0.iter().collect()
    }
}

impl Running {
    /// Ctrl-C.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is still running");
    }

    /// Waits for the end, and says the exit status.
    pub fn status(&mut self) -> Option<i32> {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says that a test was skipped, and why.
pub fn skip(why: &str) {
    println!("skipped: {why}");
}

/// A pseudo-terminal of so many columns: the end that a person looks at, and the end that the program writes to.
#[cfg(unix)]
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
#[cfg(unix)]
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
