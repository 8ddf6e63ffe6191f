//! The library that captures: whether this build has it, which it is, and what Npcap's needs beside it.

use super::{Check, Finding, Verdict};
use crate::platform::Remedy;
use crate::tr;

pub(super) fn findings() -> Vec<Finding> {
    if cfg!(not(feature = "live")) {
        let build = Remedy::command(tr!("doctor-library-build"), "cargo build --release");
        return vec![Finding::new(Check::Library, Verdict::Trouble, tr!("doctor-library-none")).with([build])];
    }
    #[cfg(windows)]
    {
        super::npcap::findings(&crate::platform::npcap::facts())
    }
    #[cfg(not(windows))]
    {
        vec![linked(&std::fs::read_to_string("/proc/self/maps").unwrap_or_default())]
    }
}

/// What this process has loaded: on Linux the name of the library's file has the version in it.
#[cfg_attr(windows, allow(dead_code))]
fn linked(maps: &str) -> Finding {
    let path = maps.lines().filter_map(|line| Some(&line[line.find('/')?..])).find(|path| path.contains("/libpcap.so"));
    let version = path.and_then(|path| path.rsplit_once("libpcap.so."));
    let found = match (path, version) {
        (Some(path), Some((_, version))) => tr!("doctor-library-version", version = version, path = path),
        _ => tr!("doctor-library-linked"),
    };
    Finding::new(Check::Library, Verdict::Fine, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_in_the_name_of_the_library_that_is_loaded() {
        let maps = "7f12a000-7f12b000 r-xp 00000000 fe:00 1311  /usr/lib/libc.so.6\n\
                    7f13a000-7f13b000 r-xp 00000000 fe:00 1312                     /usr/lib/libpcap.so.1.10.3\n\
                    7fff0000-7fff1000 r-xp 00000000 00:00 0                        [vdso]\n";
        assert_eq!(linked(maps).found, "libpcap 1.10.3 (/usr/lib/libpcap.so.1.10.3)");
        assert_eq!(linked("").found, "libpcap, linked into this program or the system's own");
    }
}
