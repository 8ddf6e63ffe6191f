//! Rows to the byte: frames as literal bytes, each with the row that `TShark` 4.0.17 printed for it.
//!
//! A file in `fixtures/rows` holds one capture, in lines: `link N` is the link type; `frame SECONDS [LENGTH]` begins a
//! frame, with its length on the wire where that is more than its bytes; hexadecimal digits are bytes; `> ` stands
//! before the row. `#` begins a comment.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::captures::Pcap;
use crate::harness::loopshark;

/// A capture and its rows.
struct Literal {
    capture: Vec<u8>,
    rows: String,
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
    let mut rows = String::new();
    for line in text.lines() {
        if let Some(row) = line.strip_prefix("> ") {
            writeln!(rows, "{row}").unwrap();
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
    Literal { capture: capture.bytes, rows }
}

#[test]
fn every_literal_frame_has_its_row() {
    let dir = tempfile::tempdir().unwrap();
    for path in literals() {
        let literal = parse(&fs::read_to_string(&path).unwrap());
        let capture = dir.path().join(path.file_stem().unwrap()).with_extension("pcap");
        fs::write(&capture, literal.capture).unwrap();
        let ran = loopshark(["read", "--view", "packets", "--all", "-T", "text", capture.to_str().unwrap()]);
        assert_eq!(ran.status, Some(0), "{}: {ran:?}", path.display());
        for (at, (shown, expected)) in ran.stdout.lines().zip(literal.rows.lines()).enumerate() {
            assert_eq!(shown, expected, "{}, frame {}", path.display(), at + 1);
        }
        assert_eq!(ran.stdout.lines().count(), literal.rows.lines().count(), "{}", path.display());
    }
}
