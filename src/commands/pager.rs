//! Long output page by page, as git does it: `LOOPSHARK_PAGER`, else `PAGER`, else `less`.
//!
//! The pager starts with the first byte, and whoever writes waits for its end; rows stream into it. Meanwhile remarks
//! wait, and Ctrl-C is the pager's; `kill` ends both. Where it can't be started, there is none.

use std::env;
use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::output::{notice, notices};
use crate::platform;
use crate::platform::system::{Family, HERE};
use crate::tr;

/// What shows pages where nothing else is asked for; Windows has nothing good.
const DEFAULT: &str = match HERE {
    Family::Windows => "",
    _ => "less",
};

/// What a pager needs to be told so that it shows colors, and ends by itself where all is on one screen.
const DEFAULTS: [(&str, &str); 2] = [("LESS", "FRX"), ("LV", "-c")];

/// The process that has the screen, or zero.
static RUNNING: AtomicU32 = AtomicU32::new(0);

/// Whether a pager has the screen, and the keyboard.
pub(super) fn is_running() -> bool {
    RUNNING.load(Ordering::Relaxed) != 0
}

/// Asks the pager to end, if there is one: whoever writes to it, or waits for its end, goes on then.
pub(super) fn end() {
    if is_running() {
        platform::end(RUNNING.load(Ordering::Relaxed));
    }
}

/// The command that was asked for, if any; an empty one, or `cat`, asks for none.
pub(super) fn command() -> Option<String> {
    let asked = ["LOOPSHARK_PAGER", "PAGER"].into_iter().find_map(|name| env::var(name).ok());
    let command = asked.as_deref().unwrap_or(DEFAULT).trim();
    (!command.is_empty() && command != "cat").then(|| command.to_owned())
}

/// A writer whose bytes a pager shows. All its copies write to the same one, and the last waits for its end.
#[derive(Clone, Debug)]
pub(super) struct Pager(Arc<Mutex<Page>>);

/// What is shown, and how.
#[derive(Debug)]
struct Page {
    command: String,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    /// Nothing yet.
    Not,
    By {
        pager: Child,
        pipe: Option<ChildStdin>,
    },
    /// Without a pager.
    Plainly,
}

impl Pager {
    pub(super) fn new(command: String) -> Self {
        Self(Arc::new(Mutex::new(Page { command, shown: Shown::Not })))
    }

    fn page(&self) -> MutexGuard<'_, Page> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    fn start(&self) -> Shown {
        let mut command = process(&self.command);
        command.envs(DEFAULTS.into_iter().filter(|(name, _)| env::var_os(name).is_none()));
        match platform::spawn(command.stdin(Stdio::piped())) {
            Ok(mut pager) => {
                notices::hold();
                RUNNING.store(pager.id(), Ordering::Relaxed);
                Shown::By { pipe: pager.stdin.take(), pager }
            }
            Err(error) => {
                if self.command != DEFAULT {
                    notice(tr!("terminal-no-pager", command = self.command.as_str(), cause = error.to_string()));
                }
                Shown::Plainly
            }
        }
    }
}

/// A plain command with its words, so that it is known whether it could be started; the rest is for a shell.
fn process(text: &str) -> Command {
    let is_plain = |c: char| c.is_alphanumeric() || " -_./=+:,@%\\".contains(c);
    let mut words = text.split_whitespace();
    if HERE == Family::Windows || text.chars().all(is_plain) {
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", text]);
        command
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.page().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.page().flush()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if matches!(self.shown, Shown::Not) {
            self.shown = self.start();
        }
        match &mut self.shown {
            Shown::By { pipe: Some(pipe), .. } => pipe.write(bytes),
            _ => io::stdout().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.shown {
            Shown::Plainly => io::stdout().flush(),
            _ => Ok(()),
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Shown::By { pager, pipe } = &mut self.shown {
            drop(pipe.take());
            let _ = pager.wait();
            RUNNING.store(0, Ordering::Relaxed);
            notices::release();
        }
    }
}
