//! Frames one by one: `-V`, `-x` and `--explain`.

use std::process::{Command, Stdio};

use loopshark::dissect::details::Reader;
use loopshark::source::Frame;
use proptest::prelude::*;

use crate::harness::{can_filter, loopshark, skip};
use crate::properties::{each_frame, fixtures};

/// What stands between a line's place and its text.
const RULE: &str = "│ ";

/// What `TShark` prints for a capture, or nothing where it is not installed.
fn tshark(capture: &str, flags: &[&str]) -> Option<String> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-r", capture]).args(flags).env("TZ", "UTC").stdin(Stdio::null());
    let Ok(output) = command.output() else {
        skip("tshark is not installed");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The lines without their places.
fn texts(details: &str) -> Vec<&str> {
    details
        .lines()
        .map(|line| line.split_once('│').map_or(line, |(_, text)| text.strip_prefix(' ').unwrap_or(text)))
        .collect()
}

/// What is left of lines without those that Wireshark works out from the whole capture, and without what pcapng says of the
/// interface, which is not read.
fn compared<'l>(lines: impl IntoIterator<Item = &'l str>) -> Vec<&'l str> {
    const INTERFACE: [&str; 4] = ["Section number:", "Interface id:", "Interface name:", "Interface description:"];
    lines
        .into_iter()
        .filter(|line| !line.trim_start().starts_with('['))
        .filter(|line| !INTERFACE.iter().any(|name| line.trim_start().starts_with(name)))
        .map(|line| line.split_once(" on interface ").map_or(line, |(frame, _)| frame))
        .collect()
}

#[test]
fn dumps_are_tshark_s_to_the_byte() {
    for path in fixtures() {
        let capture = path.to_str().unwrap();
        let Some(theirs) = tshark(capture, &["-x"]) else { return };
        assert_eq!(loopshark(["read", capture, "--all", "-x"]).stdout, theirs, "{capture}");
    }
}

#[test]
fn details_are_tshark_s_line_by_line() {
    // tshark itself lets some of the hostile text through, line ends among it, and shows comments.
    for path in fixtures().iter().filter(|path| !path.ends_with("hostile.pcapng")) {
        let capture = path.to_str().unwrap();
        for flags in [&["-V"][..], &["-V", "-x"]] {
            let Some(theirs) = tshark(capture, flags) else { return };
            let ours = loopshark([&["read", capture, "--all"], flags].concat()).stdout;
            assert_eq!(compared(texts(&ours)), compared(theirs.lines()), "{capture} {flags:?}");
        }
    }
}

#[test]
fn the_lab_s_frames_field_by_field() {
    if !can_filter() {
        return;
    }
    let lab = ["read", "fixtures/practica6.pcap", "-f", "udp port 8080", "-c", "2"];
    let show = |flags: &[&str]| loopshark([&lab[..], flags].concat()).stdout;
    insta::assert_snapshot!("practica6-V", show(&["-V"]));
    insta::assert_snapshot!("practica6-x", show(&["-x"]));
    insta::assert_snapshot!("practica6-V-x", show(&["-V", "-x"]));
}

#[test]
fn frames_explained_in_both_languages() {
    if !can_filter() {
        return;
    }
    for capture in ["practica6.pcap", "server-down-lo.pcap", "ipv6-lo.pcap", "any-sll2.pcap", "fragments-veth.pcap"] {
        for language in ["en", "es"] {
            let path = format!("fixtures/{capture}");
            let ran = loopshark(["read", &path, "-f", "udp or icmp", "-c", "3", "--explain", "--lang", language]);
            // The details have their own tests.
            let words: Vec<_> = ran.stdout.lines().filter(|line| !line.contains('│')).collect();
            insta::assert_snapshot!(format!("{capture}-explain-{language}"), words.join("\n"));
        }
    }
}

#[test]
fn noise_is_left_out_and_counted() {
    let ran = loopshark(["read", "fixtures/practica6.pcap", "-V"]);
    assert!(!ran.stdout.contains("Multicast Domain Name System"), "{}", ran.stdout);
    assert!(ran.stderr.contains("22 MDNS"), "{}", ran.stderr);
}

#[test]
fn rows_and_figures_have_no_details() {
    for (flags, words) in [
        (&["-V", "--view", "exchanges"][..], &["-V", "--view exchanges"][..]),
        (&["-x", "--explain", "--view", "summary"], &["-x --explain", "--view summary"]),
        (&["-x", "-T", "jsonl"], &["-x", "-T"]),
    ] {
        loopshark([&["read", "fixtures/practica6.pcap"], flags].concat()).fails_with(words);
    }
    let ran = loopshark(["read", "fixtures/node-lo.pcap", "-x", "--view", "packets", "-T", "text"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
}

/// Reads a frame's details: lines with a place, or without, and nothing that a terminal obeys.
fn read(reader: &mut Reader, frame: &Frame<'_>) {
    let details = String::from_utf8(reader.read(frame, true).lines).expect("lines are UTF-8");
    for line in details.lines() {
        assert!(line.contains(RULE) || line.ends_with('│'), "{line:?}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn every_prefix_of_every_frame_has_details() {
    let mut reader = Reader::default();
    each_frame(|frame| {
        for len in 0..=frame.data.len() {
            // Cut by the snaplen, and so short on the wire.
            read(&mut reader, &Frame { data: &frame.data[..len], ..*frame });
            let wire_len = u32::try_from(len).unwrap();
            read(&mut reader, &Frame { data: &frame.data[..len], wire_len, ..*frame });
        }
    });
}

#[test]
fn frames_that_end_early_say_so() {
    let mut reader = Reader::default();
    let mut notes = Vec::new();
    each_frame(|frame| {
        if frame.data.len() == 49 && notes.is_empty() {
            for (len, wire_len) in [(26, 49), (26, 26), (10, 10)] {
                let frame = Frame { data: &frame.data[..len], wire_len, ..*frame };
                let lines = String::from_utf8(reader.read(&frame, false).lines).unwrap();
                notes.push(texts(&lines).into_iter().find(|text| text.starts_with('[')).unwrap().to_owned());
            }
        }
    });
    let said =
        ["[Packet size limited during capture: UDP truncated]", "[Malformed Packet: UDP]", "[Malformed Packet: IPv4]"];
    assert_eq!(notes, said);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn frames_with_changed_bytes_have_details(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut reader = Reader::default();
        each_frame(|frame| {
            let mut data = frame.data.to_vec();
            let at = at.index(data.len());
            data[at] = byte;
            read(&mut reader, &Frame { data: &data, ..*frame });
        });
    }
}
