//! Being asked to stop: Ctrl-C, and what ends a process politely.
//!
//! On Unix the signals are held back in all threads and waited for in one of their own, which can do whatever a handler
//! must not. They are to be listened to before any other thread is started. A program that is started inherits what is
//! held back, so that it has to be started here. On Windows the console tells of Ctrl-C, Ctrl-Break and its own end in a
//! thread of the system's; after its end the process lives as long as that thread does not return (tokio's never does),
//! but five seconds at most: <https://learn.microsoft.com/windows/console/handlerroutine>.

/// What somebody wants who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Ctrl-C, which whoever else has the terminal hears, too.
    Interrupt,
    /// `kill`, Ctrl-Break, or the terminal has gone: to be obeyed whoever else has the terminal.
    End,
}

#[cfg(windows)]
pub use console::{let_files_end, listen, spawn};
#[cfg(unix)]
pub use waited_for::{let_files_end, listen, spawn};

#[cfg(unix)]
mod waited_for {
    use std::io;
    use std::process::{Child, Command};
    use std::thread;

    use nix::sys::signal::{SigSet, Signal};

    use super::Request;
    use crate::platform::no_thread;

    /// Calls this for each request from now on.
    pub fn listen(mut heard: impl FnMut(Request) + Send + 'static) -> io::Result<()> {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGINT);
        signals.add(Signal::SIGTERM);
        // Who starts it with `nohup` wants it to outlive the terminal.
        if !is_ignored(Signal::SIGHUP) {
            signals.add(Signal::SIGHUP);
        }
        signals.thread_block()?;
        let wait = move || {
            while let Ok(signal) = signals.wait() {
                heard(if signal == Signal::SIGINT { Request::Interrupt } else { Request::End });
            }
        };
        thread::Builder::new().name("signals".to_owned()).spawn(wait).map(drop).map_err(|error| no_thread(&error))
    }

    /// Starts a program that hears its signals itself. One that comes in this very moment ends both.
    pub fn spawn(command: &mut Command) -> io::Result<Child> {
        let held = SigSet::thread_get_mask()?;
        let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().collect();
        signals.thread_unblock()?;
        let child = command.spawn();
        held.thread_set_mask()?;
        child
    }

    /// Lets a file that may not grow be an error of writing, as a full disk is.
    pub fn let_files_end() {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGXFSZ);
        let _ = signals.thread_block(); // where that can't be, the system ends the program
    }

    /// Whether the process was started so that a signal does nothing, where the system tells.
    fn is_ignored(signal: Signal) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        mask >> (signal as i32 - 1) & 1 == 1
    }
}

#[cfg(windows)]
mod console {
    use std::future::poll_fn;
    use std::io;
    use std::process::{Child, Command};
    use std::task::Poll;
    use std::thread;

    use tokio::runtime::Builder;
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

    use super::Request;
    use crate::platform::no_thread;

    /// Starts a program.
    pub fn spawn(command: &mut Command) -> io::Result<Child> {
        command.spawn()
    }

    /// Nothing ends a process here whose file may not grow.
    pub fn let_files_end() {}

    /// Calls this for each request from now on.
    pub fn listen(mut heard: impl FnMut(Request) + Send + 'static) -> io::Result<()> {
        let runtime = Builder::new_current_thread().build()?;
        let _context = runtime.enter();
        let (mut interrupt, mut end) = (ctrl_c()?, ctrl_break()?);
        let (mut close, mut logoff, mut shutdown) = (ctrl_close()?, ctrl_logoff()?, ctrl_shutdown()?);
        let mut next = move || {
            runtime.block_on(poll_fn(|context| {
                let ended = [
                    end.poll_recv(context).is_ready(),
                    close.poll_recv(context).is_ready(),
                    logoff.poll_recv(context).is_ready(),
                    shutdown.poll_recv(context).is_ready(),
                ];
                match interrupt.poll_recv(context) {
                    _ if ended.contains(&true) => Poll::Ready(Request::End),
                    Poll::Ready(_) => Poll::Ready(Request::Interrupt),
                    Poll::Pending => Poll::Pending,
                }
            }))
        };
        let wait = move || {
            loop {
                heard(next());
            }
        };
        thread::Builder::new().name("signals".to_owned()).spawn(wait).map(drop).map_err(|error| no_thread(&error))
    }
}
