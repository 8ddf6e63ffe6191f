//! How Windows differs in tests that every system has.

use std::io;
use std::path::Path;

use crate::harness::Running;

/// The name of a file that no terminal or spreadsheet would like, as far as Windows lets a file be called so.
pub const HOSTILE_NAME: &str = "=a\u{9b}31m\u{202e}b`\u{2028}\u{200b}";

/// Takes everything that is written to it, and keeps nothing.
pub const NULL_DEVICE: &str = "NUL";

/// What is suggested where `capture udp port 8080` is typed: cmd.exe knows no single quotes.
pub const MEANT_FILTER: &str = r#"loopshark capture -f "udp port 8080""#;

/// Makes a name for a file that leads to another one, which not everyone may do.
pub fn symbolic_link(original: &str, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(original, link)?;
    // Wine says that it has made one, and has not.
    link.symlink_metadata().map(drop)
}

/// Ends a program, which can't be asked to end itself: only a console sends Ctrl-C.
pub fn end(running: &mut Running) {
    running.child.kill().expect("it is still running");
    running.status();
}
