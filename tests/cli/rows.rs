//! Rows to the byte: frames as literal bytes, each with the row that `TShark` 4.0.17 printed for it.
//!
//! A file in `fixtures/rows` holds one capture, in lines: `link N` is the link type; `frame SECONDS [LENGTH]` begins a
//! frame, with its length on the wire where that is more than its bytes; hexadecimal digits are bytes; `> ` stands
//! before the row, `2> ` before the row that a second pass (`-2`) shows where that is another. `#` begins a comment.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::captures::Pcap;
use crate::harness::{loopshark, program};

/// A capture and its rows.
struct Literal {
    capture: Vec<u8>,
    /// In one pass.
    rows: Vec<String>,
    /// In two passes.
    second_rows: Vec<String>,
}

fn literals() -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir("fixtures/rows").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Frame headers and rows in their order, bytes beside them.
fn parse(text: &str) -> Literal {
    let mut link_type = 101;
    let mut frames: Vec<(u32, u32, Option<u32>, Vec<u8>)> = Vec::new();
    let mut rows = Vec::new();
    let mut second_rows = Vec::new();
    for line in text.lines() {
        if let Some(row) = line.strip_prefix("> ") {
            rows.push(row.to_owned());
            second_rows.push(row.to_owned());
            continue;
        }
        if let Some(row) = line.strip_prefix("2> ") {
            row.clone_into(second_rows.last_mut().unwrap());
            continue;
        }
        let mut words = line.split('#').next().unwrap().split_whitespace().peekable();
        match words.peek() {
            Some(&"link") => link_type = words.nth(1).unwrap().parse().unwrap(),
            Some(&"frame") => {
                let (seconds, micros) = words.nth(1).unwrap().split_once('.').unwrap();
                assert_eq!(micros.len(), 6, "{line}");
                let wire_len = words.next().map(|len| len.parse().unwrap());
                frames.push((seconds.parse().unwrap(), micros.parse().unwrap(), wire_len, Vec::new()));
            }
            _ => {
                let digits: String = words.collect();
                let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
                if let Some(frame) = frames.last_mut() {
                    frame.3.extend(bytes);
                } else {
                    assert!(digits.is_empty(), "bytes before the first frame: {line}");
                }
            }
        }
    }
    let capture = frames.into_iter().fold(Pcap::new(link_type), |pcap, (seconds, micros, wire_len, bytes)| {
        let len = u32::try_from(bytes.len()).unwrap();
        pcap.record([seconds, micros, len, wire_len.unwrap_or(len)], &bytes)
    });
    Literal { capture: capture.bytes, rows, second_rows }
}

#[test]
fn every_literal_frame_has_its_row() {
    let dir = tempfile::tempdir().unwrap();
    for path in literals() {
        let literal = parse(&fs::read_to_string(&path).unwrap());
        let capture = dir.path().join(path.file_stem().unwrap()).with_extension("pcap");
        fs::write(&capture, literal.capture).unwrap();
        for (passes, expected) in [(None, &literal.rows), (Some("-2"), &literal.second_rows)] {
            let args = ["read", "--view", "packets", "--all", "-T", "text", capture.to_str().unwrap()];
            let ran = loopshark(args.into_iter().chain(passes));
            assert_eq!(ran.status, Some(0), "{}: {ran:?}", path.display());
            let shown: Vec<_> = ran.stdout.lines().collect();
            for (frame, (shown, expected)) in (1..).zip(shown.iter().zip(expected)) {
                assert_eq!(shown, expected, "{}, frame {frame} {passes:?}", path.display());
            }
            assert_eq!(shown.len(), expected.len(), "{}", path.display());
        }
    }
}

/// The rules, each with the colors of its rows as `TShark` 4.0.17 prints them: text, and what is behind it.
const RULES: [(&str, &str); 13] = [
    ("Bad TCP", "\x1b[38;2;247;135;135m\x1b[48;2;18;39;46m"),
    ("ICMP errors", "\x1b[38;2;183;247;116m\x1b[48;2;18;39;46m"),
    ("ARP", "\x1b[38;2;18;39;46m\x1b[48;2;250;240;215m"),
    ("ICMP", "\x1b[38;2;18;39;46m\x1b[48;2;252;224;255m"),
    ("TCP RST", "\x1b[38;2;255;252;156m\x1b[48;2;164;0;0m"),
    ("TTL low or unexpected", "\x1b[38;2;236;240;235m\x1b[48;2;164;0;0m"),
    ("SMB", "\x1b[38;2;18;39;46m\x1b[48;2;254;255;208m"),
    ("HTTP", "\x1b[38;2;18;39;46m\x1b[48;2;228;255;199m"),
    ("Routing", "\x1b[38;2;18;39;46m\x1b[48;2;255;243;214m"),
    ("TCP SYN/FIN", "\x1b[38;2;18;39;46m\x1b[48;2;160;160;160m"),
    ("TCP", "\x1b[38;2;18;39;46m\x1b[48;2;231;230;255m"),
    ("UDP", "\x1b[38;2;18;39;46m\x1b[48;2;218;238;255m"),
    ("Broadcast", "\x1b[38;2;186;189;182m\x1b[48;2;255;255;255m"),
];

/// The rule that colored a row; a dash where none did.
fn rule(row: &str) -> &'static str {
    if !row.starts_with('\x1b') {
        return "-";
    }
    let found = RULES.iter().find(|(_, colors)| row.starts_with(colors));
    found.unwrap_or_else(|| panic!("a color of no rule: {row:?}")).0
}

/// Which frames of which file have which color. `tshark --color` gives each of them the same.
#[test]
fn every_literal_frame_has_its_color() {
    let dir = tempfile::tempdir().unwrap();
    let mut colors = String::new();
    for path in literals() {
        let capture = dir.path().join("literal.pcap");
        fs::write(&capture, parse(&fs::read_to_string(&path).unwrap()).capture).unwrap();
        let args = ["read", "--view", "packets", "--all", "--color", "always"];
        let output = program().env("COLORTERM", "truecolor").args(args).arg(&capture).output().unwrap();
        let rows = String::from_utf8(output.stdout).unwrap();
        writeln!(colors, "{}", path.file_name().unwrap().display()).unwrap();
        let rules: Vec<_> = (1..).zip(rows.lines().map(rule)).collect();
        for run in rules.chunk_by(|(_, before), (_, behind)| before == behind) {
            let ((first, rule), (last, _)) = (run[0], run[run.len() - 1]);
            let frames = if first == last { format!("{first}") } else { format!("{first}-{last}") };
            writeln!(colors, "  {frames} {rule}").unwrap();
        }
    }
    insta::assert_snapshot!("colors", colors);
}
