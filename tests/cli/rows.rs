//! Rows to the byte: frames as literal bytes, each with the row that `TShark` 4.0.17 printed for it.
//!
//! A file in `fixtures/rows` holds one capture, in lines: `link N` is the link type; `frame SECONDS [LENGTH]` begins a
//! frame, with its length on the wire where that is more than its bytes; hexadecimal digits are bytes; `> ` stands
//! before the row, `2> ` before the row that a second pass (`-2`) shows where that is another. `#` begins a comment.

use std::fs;
use std::path::PathBuf;

use crate::captures::Pcap;
use crate::harness::loopshark;

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
