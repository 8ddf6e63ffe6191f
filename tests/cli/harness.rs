//! Starting the program, feeding it, and waiting for what it says.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
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

/// Runs the program to its end.
pub fn loopshark<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    run(program().args(args))
}

/// Runs a command to its end, with nothing on standard input.
pub fn run(command: &mut Command) -> Ran {
    Ran::of(started(|| command.stdin(Stdio::null()).output()))
}

/// Starts a program; again where Wine has lost the new process before it began, as happens when many start at once.
fn started<T>(mut start: impl FnMut() -> std::io::Result<T>) -> T {
    const INTERNAL_ERROR: i32 = 1359;
    let is_lost = |result: &std::io::Result<T>| {
        is_wine() && result.as_ref().is_err_and(|error| error.raw_os_error() == Some(INTERNAL_ERROR))
    };
    let mut result = start();
    for _ in 0..2 {
        if is_lost(&result) {
            result = start();
        }
    }
    result.expect("the program starts")
}

/// Runs the program to its end with these bytes on standard input.
pub fn loopshark_with_input<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>, input: &[u8]) -> Ran {
    let mut command = program();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = started(|| command.spawn());
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
pub struct Lines(pub Receiver<String>);

/// Starts a command whose lines are to be read as they come.
pub fn start(command: &mut Command) -> Running {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = started(|| command.spawn());
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

/// Whether this is Wine, which sets this variable itself, for the programs of Windows that it runs.
fn is_wine() -> bool {
    std::env::var_os("WINEHOMEDIR").is_some()
}

/// Whether this is Wine, which lacks what a test needs; says so.
pub fn wine_lacks(what: &str) -> bool {
    if is_wine() {
        skip(&format!("Wine lacks {what}"));
    }
    is_wine()
}

/// Whether captures that are read can be filtered; says so where not.
pub fn can_filter() -> bool {
    if !cfg!(feature = "live") {
        skip("this build has no libpcap, which makes filters");
        return false;
    }
    if wine_lacks("pcap_open_dead, which makes filters for files") {
        return false;
    }
    // Only Windows starts the program without its library.
    let missing = "Npcap is not installed";
    let has_none = std::env::consts::OS == "windows" && loopshark(["interfaces"]).stderr.contains(missing);
    if has_none {
        skip(missing);
    }
    !has_none
}

/// Says once that a test was skipped, and why, where it is seen though the test passes: what `println!` writes is not.
pub fn skip(why: &str) {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let current = std::thread::current();
    let line = format!("skipped: {}: {why}", current.name().unwrap_or_default());
    let mut said = SAID.lock().expect("nothing here breaks down");
    if !said.contains(&line) {
        writeln!(std::io::stderr(), "{line}").expect("standard error is open");
        said.push(line);
    }
}
