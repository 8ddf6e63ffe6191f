//! The right to capture: why this process does not have it, and what gives it to it.
//!
//! Each system has a file with two halves: what is found out there, and a function from what was found to a [`Denial`],
//! which knows no system and is tested on all of them. Both an error of a capture and `doctor` say what is said here.

use std::fmt;

use crate::tr;

#[cfg(any(not(any(target_os = "linux", windows)), test))]
mod bpf;
#[cfg(any(target_os = "linux", test))]
mod linux;
#[cfg(any(windows, test))]
mod windows;

#[cfg(not(any(target_os = "linux", windows)))]
pub use bpf::denial;
#[cfg(target_os = "linux")]
pub use linux::denial;
#[cfg(windows)]
pub use windows::denial;

/// What to do about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What comes of it.
    pub text: String,
    /// What to type, where there is something to type.
    pub command: Option<String>,
}

impl Remedy {
    /// A command to type.
    pub fn command(text: impl Into<String>, command: impl Into<String>) -> Self {
        Self { text: text.into(), command: Some(command.into()) }
    }

    /// Something to do that is no command.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), command: None }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.command.iter().try_for_each(|command| write!(f, ": `{command}`"))
    }
}

/// Why there is no right to capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// What is missing.
    pub reason: String,
    /// What gives it, the best first.
    pub remedies: Vec<Remedy>,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tr!("doctor-no-right", reason = self.reason.as_str()))?;
        self.remedies.iter().try_for_each(|remedy| write!(f, "; {remedy}"))
    }
}
