//! How Unix differs in tests that every system has.

use std::io;
use std::path::Path;

use crate::harness::Running;

/// The name of a file that no terminal, browser or spreadsheet would like.
pub const HOSTILE_NAME: &str = "=a\x1b]0;owned\x07\u{9b}31m\u{202e}b\nloopshark: |<b>`\u{2028}\u{200b}";

/// Takes everything that is written to it, and keeps nothing.
pub const NULL_DEVICE: &str = "/dev/null";

/// What is suggested where `capture udp port 8080` is typed.
pub const MEANT_FILTER: &str = "loopshark capture -f 'udp port 8080'";

/// Makes a name for a file that leads to another one.
pub fn symbolic_link(original: &str, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

/// Asks a program to end, as Ctrl-C does; checks that it does so without trouble.
#[track_caller]
pub fn end(running: &mut Running) {
    running.interrupt();
    assert_eq!(running.status(), Some(0));
}
