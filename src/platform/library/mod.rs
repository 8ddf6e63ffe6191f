//! The library that captures: libpcap, with which the program is linked, or Npcap, which may be missing.

use std::fmt;
use std::path::PathBuf;

use crate::tr;

pub mod npcap;

/// Why there is no library to capture with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LibraryError {
    /// There is none.
    Absent,
    /// There is one that can't be loaded.
    Unloadable {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// There is one that can't do what is needed.
    Old {
        /// Where it is.
        path: PathBuf,
        /// What it lacks first.
        function: &'static str,
    },
}

impl std::error::Error for LibraryError {}

/// What is wrong, and where to get what is right.
impl fmt::Display for LibraryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tr!("errors-npcap", reason = self.reason()))
    }
}

impl LibraryError {
    /// What is wrong.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Absent => tr!("doctor-npcap-missing"),
            Self::Unloadable { path, cause } => {
                tr!("doctor-npcap-unloadable", path = path.display().to_string(), cause = cause.as_str())
            }
            Self::Old { path, function } => {
                tr!("doctor-npcap-old", path = path.display().to_string(), function = *function)
            }
        }
    }
}

/// What there is to capture with.
#[derive(Clone, Debug)]
pub enum Installed {
    /// libpcap: its file and version, where the process is told.
    Libpcap(Option<(String, String)>),
    /// Npcap, or what is there in its place.
    Npcap(npcap::Facts),
}

/// Makes sure that the library can be called. Nothing of it may be called before.
#[cfg(windows)]
pub fn load() -> Result<(), LibraryError> {
    npcap::load().map(drop)
}

/// Makes sure that the library can be called: without it this program would not have started.
#[cfg(not(windows))]
#[allow(clippy::unnecessary_wraps)] // as on Windows
pub fn load() -> Result<(), LibraryError> {
    Ok(())
}

/// What there is on this machine.
#[cfg(windows)]
#[must_use]
pub fn installed() -> Installed {
    Installed::Npcap(npcap::facts())
}

/// What there is on this machine.
#[cfg(not(windows))]
#[must_use]
pub fn installed() -> Installed {
    Installed::Libpcap(loaded(&std::fs::read_to_string("/proc/self/maps").unwrap_or_default()))
}

/// What this process has loaded: on Linux the name of the library's file has the version in it.
#[cfg_attr(windows, allow(dead_code))]
fn loaded(maps: &str) -> Option<(String, String)> {
    let mut paths = maps.lines().filter_map(|line| line.get(line.find('/')?..));
    let path = paths.find(|path| path.contains("/libpcap.so"))?;
    let (_, version) = path.rsplit_once("libpcap.so.")?;
    Some((path.to_owned(), version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_in_the_name_of_the_library_that_is_loaded() {
        let maps = "7f12a000-7f12b000 r-xp 00000000 fe:00 1311  /usr/lib/libc.so.6\n\
                    7f13a000-7f13b000 r-xp 00000000 fe:00 1312                     /usr/lib/libpcap.so.1.10.3\n\
                    7fff0000-7fff1000 r-xp 00000000 00:00 0                        [vdso]\n";
        let library = ("/usr/lib/libpcap.so.1.10.3".to_owned(), "1.10.3".to_owned());
        assert_eq!(loaded(maps), Some(library));
        assert_eq!(loaded(""), None);
    }
}
