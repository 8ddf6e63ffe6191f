//! What strangers wrote, where only Linux tells it: names of processes.

use std::process::Command;

use crate::escaping::assert_inert_both;
use crate::harness::loopshark;

/// The name of a process: of a server's copy that is called so.
#[test]
fn whoever_holds_a_port_is_named_whatever_it_calls_itself() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("no\x1b[2J\u{9b}\u{202e}");
    std::fs::copy(env!("CARGO_BIN_EXE_loopshark"), &copy).unwrap();
    let holder = crate::harness::start(Command::new(&copy).args(["server", "--bind", "127.0.0.1:0"]));
    let line = holder.stdout.next();
    let address = line.rsplit(' ').next().unwrap();
    for args in [
        ["server", "--bind", address].as_slice(),
        &["doctor", "--bind", address],
        &["doctor", "--bind", address, "-T", "json"],
    ] {
        let ran = loopshark(args);
        assert_inert_both(&ran, &args);
        let told = ran.stdout.clone() + &ran.stderr;
        assert!(told.contains(r"no\033[2J") || told.contains(r"no\u001b[2J"), "{told}");
    }
}
