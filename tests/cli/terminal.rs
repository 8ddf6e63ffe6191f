//! Colors, which whoever reads the results in a pipe can have too.

use std::process::Command;

use crate::harness::{loopshark, program};

/// What begins the row of a UDP datagram, with as many colors as there can be, and with sixteen.
pub const TRUE: &str = "\x1b[38;2;18;39;46m\x1b[48;2;218;238;255m";
pub const ANSI16: &str = "\x1b[30m\x1b[46m";

/// Requests that an ICMP error answers each.
pub const REFUSED: &str = "fixtures/server-down-lo.pcap";

/// The text without its colors.
pub fn uncolored(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').get(1..).unwrap()
    })
}

#[test]
fn colors_can_be_had_in_a_pipe_too() {
    let stdout = |command: &mut Command| String::from_utf8(command.output().unwrap().stdout).unwrap();
    let text =
        stdout(program().env("COLORTERM", "truecolor").args(["read", REFUSED, "--view", "packets", "--color=always"]));
    assert!(text.starts_with(&format!("{TRUE}    1   0.000000    127.0.0.1 → 127.0.0.1    UDP 59 ")), "{text:?}");
    let table = stdout(program().env("CLICOLOR_FORCE", "1").args(["read", REFUSED]));
    assert!(table.contains(ANSI16), "{table:?}");
    let plain = loopshark(["read", REFUSED]);
    assert_eq!(uncolored(&table), plain.stdout);
    assert_eq!(uncolored(&stdout(program().args(["read", REFUSED, "--color=always"]))), plain.stdout);
}
