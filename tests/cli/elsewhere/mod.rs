//! Where there is no Linux.

use crate::harness::skip;

#[test]
fn what_only_other_systems_have_is_left_out() {
    let unix = "terminals, signals, limits of a shell, and modes of files (tests/cli/unix)";
    let linux = "/dev/full, /proc, capabilities, and networks of one's own (tests/cli/linux)";
    let system = std::env::consts::OS;
    if std::env::consts::FAMILY == "unix" {
        skip(&format!("{system} has no {linux}"));
    } else {
        skip(&format!("{system} has no {unix}, and no {linux}"));
    }
}
