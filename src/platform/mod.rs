//! What differs between operating systems, and nothing else does.
//!
//! Datagrams in bursts, waiting for sockets and for a capture handle, being asked to stop, what the kernel's counters
//! count, how a person gets the right to capture, how shells quote, and what else `doctor` looks at.

use std::fs::File;
use std::io;
use std::net::UdpSocket;
use std::time::Duration;

mod bound;
mod burst;
mod command_line;
pub mod console;
mod files;
pub mod library;
mod limits;
pub mod privileges;
mod rights;
mod signals;
pub mod system;
mod watch;

pub use bound::{Bound, Holder, bound_to};
pub use burst::Burst;
pub use command_line::command_line;
pub use files::{create, give_to_invoker, is_same_file};
pub use limits::{allow_open, make_room, no_thread};
pub use rights::{Denial, Remedy, denial};
pub use signals::{Request, let_files_end, listen, spawn};
pub use watch::Watch;

/// Sleeps until one of these sockets can be read or the time is over; says of each whether it may be readable, which a
/// socket that does not block then tells for certain.
pub fn readable<'s>(sockets: impl Iterator<Item = &'s UdpSocket>, time: Duration) -> io::Result<Vec<bool>> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut sockets: Vec<_> = sockets.map(|socket| PollFd::new(socket, PollFlags::IN)).collect();
    if sockets.is_empty() {
        std::thread::sleep(time); // Windows does not wait for nothing
        return Ok(Vec::new());
    }
    match poll(&mut sockets, Timespec::try_from(time).ok().as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(sockets.iter().map(|socket| !socket.revents().is_empty()).collect()),
        Err(error) => Err(error.into()),
    }
}

/// Whether a pipe has nobody at its other end: Windows says so in three ways, of which the standard library has no name for
/// `ERROR_PIPE_NOT_CONNECTED`.
#[must_use]
pub fn is_closed_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe || cfg!(windows) && error.raw_os_error() == Some(233)
}

/// Whether a socket that is to receive only tells of a datagram sent before, which went through too many routers: on
/// Windows alone, `WSAENETRESET`, for which the standard library has no name.
#[must_use]
pub fn tells_of_expiry(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error() == Some(10_052)
}

/// Whether standard input has something to read, or has ended.
#[cfg(unix)]
#[must_use]
pub fn stdin_is_ready() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&at_once)).is_ok_and(|ready| ready > 0)
}

/// Whether standard input has something to read: not known here, so that it may as well not.
#[cfg(not(unix))]
#[must_use]
pub fn stdin_is_ready() -> bool {
    false
}

/// Standard output as a file, to which every byte is written at once.
#[cfg(unix)]
pub fn stdout_file() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

/// Standard output as a file, to which every byte is written at once.
#[cfg(windows)]
pub fn stdout_file() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdout().as_handle().try_clone_to_owned().map(File::from)
}

/// Asks a process that was started to end, as this one was asked.
#[cfg(unix)]
pub fn end(process: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM); // it may have ended by itself
    }
}

/// Nobody asks that of this program, either.
#[cfg(not(unix))]
pub fn end(_process: u32) {}

/// Whether frames can come from an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// They can, or nobody knows.
    Up,
    /// It was taken down.
    Down,
    /// There is none of this name; also where it is no interface of the network.
    Missing,
}

/// What the system says of an interface.
#[cfg(unix)]
#[must_use]
pub fn interface(name: &str) -> Interface {
    use nix::ifaddrs::getifaddrs;
    use nix::net::if_::InterfaceFlags;
    let Ok(mut all) = getifaddrs() else { return Interface::Up };
    match all.find(|interface| interface.interface_name == name) {
        Some(interface) if interface.flags.contains(InterfaceFlags::IFF_UP) => Interface::Up,
        Some(_) => Interface::Down,
        None => Interface::Missing,
    }
}

/// Not known here.
#[cfg(not(unix))]
#[must_use]
pub fn interface(_name: &str) -> Interface {
    Interface::Up
}

/// Whether standard output is a pipe or a terminal that nobody has the other end of any more.
#[cfg(unix)]
#[must_use]
pub fn stdout_is_closed() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = io::stdout();
    // What is wrong is told in any case.
    let mut stdout = [PollFd::new(&stdout, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let wrong = PollFlags::ERR | PollFlags::HUP;
    poll(&mut stdout, Some(&at_once)).is_ok() && stdout.iter().any(|stdout| stdout.revents().intersects(wrong))
}

/// Whether nobody has the other end of standard output: not known here before something is written.
#[cfg(not(unix))]
#[must_use]
pub fn stdout_is_closed() -> bool {
    false
}

#[cfg(feature = "live")]
pub use live::{COUNTED_TWICE, wait};

#[cfg(all(feature = "live", target_os = "linux"))]
mod live {
    /// The kernel counts a loopback packet on its way out and on its way in; libpcap hands on only the latter.
    pub const COUNTED_TWICE: bool = true;
    pub use super::unix::wait;
}

#[cfg(all(feature = "live", unix, not(target_os = "linux")))]
mod live {
    /// Counted once.
    pub const COUNTED_TWICE: bool = false;
    pub use super::unix::wait;
}

#[cfg(all(feature = "live", windows))]
mod live {
    use std::time::Duration;

    /// Counted once.
    pub const COUNTED_TWICE: bool = false;

    /// Sleeps for the shortest time that is kind to the machine: Npcap has no descriptor to wait on.
    pub fn wait(_capture: &pcap::Capture<pcap::Active>, time: Duration) {
        std::thread::sleep(time.min(Duration::from_millis(1)));
    }
}

#[cfg(all(feature = "live", unix))]
mod unix {
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    /// Sleeps until the handle has frames, a signal comes, or the time is over.
    pub fn wait(capture: &pcap::Capture<pcap::Active>, time: Duration) {
        let mut handle = [PollFd::new(capture, PollFlags::IN)];
        let time = Timespec { tv_sec: 0, tv_nsec: time.subsec_nanos().into() };
        // Whatever woke it, the caller looks again.
        let _ = poll(&mut handle, Some(&time));
    }
}
