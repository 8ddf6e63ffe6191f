//! Root and capabilities, which a capture needs to open its device and not a moment longer.
//!
//! Whoever calls the program with `sudo` owns what it creates, and is whom it becomes; where root itself calls it,
//! it becomes `nobody`, after its files are open. Then all capabilities are gone for good, and the kernel refuses every
//! system call that reading a capture does not take. Only Linux has all this; elsewhere nothing is given up.
//! Knows nothing of captures.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(target_os = "linux")]
mod syscalls;

#[cfg(target_os = "linux")]
pub use linux::{Privileges, drop_those_of_file, invoker};
#[cfg(not(target_os = "linux"))]
pub use other::{Privileges, drop_those_of_file, filter_system_calls};
#[cfg(target_os = "linux")]
pub use syscalls::filter_system_calls;

use crate::tr;

/// What a process without privileges may still reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What is open already.
    Open,
    /// UDP sockets of its own, too.
    Udp,
}

/// Why privileges can't be given up as they should.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeError {
    /// Nobody has this name or number.
    #[error("{}", tr!("errors-no-such-user", user = .0.as_str()))]
    NoSuchUser(String),
    /// Only root can become another.
    #[error("{}", tr!("errors-user-needs-root", user = .0.as_str()))]
    NotRoot(String),
    /// The system refuses it, and what it does then.
    #[error("{}", tr!("errors-privileges", user = user.as_str(), cause = cause.to_string()))]
    Refused {
        /// Whom the process was to become.
        user: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// This system has no such thing.
    #[error("{}", tr!("errors-user-not-here"))]
    Unsupported,
}

/// Whether the program runs with the rights of its file's owner or group, not with those of its caller.
#[cfg(unix)]
#[must_use]
pub fn is_setuid() -> bool {
    use rustix::process::{getegid, geteuid, getgid, getuid};
    getuid() != geteuid() || getgid() != getegid()
}

/// Whether the program runs with the rights of its file's owner: no file has such here.
#[cfg(not(unix))]
#[must_use]
pub fn is_setuid() -> bool {
    false
}
