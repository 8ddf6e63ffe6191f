//! Input that is not what it should be: one line that names it and says what to do, status 2, nothing whole is lost.

use std::net::UdpSocket;

use crate::captures::{NULL, Order, Pcap, Pcapng, RAW, request, response};
use crate::harness::{can_filter, loopshark, loopshark_with_input, program};

/// Packets view of a capture on standard input.
fn read(capture: &[u8]) -> crate::harness::Ran {
    loopshark_with_input(["read", "-", "--view", "packets"], capture)
}

fn lab() -> Pcap {
    Pcap::new(RAW).frame(0, &request(50_000)).frame(231, &response(50_000))
}

#[test]
fn a_missing_file_is_named() {
    loopshark(["read", "no-such.pcap"]).fails_with(&["no-such.pcap", "no such file"]);
}

#[test]
fn a_directory_is_no_capture() {
    loopshark(["read", "fixtures"]).fails_with(&["fixtures", "is a directory"]);
}

#[test]
fn an_empty_file_is_no_capture() {
    read(b"").fails_with(&["standard input", "is empty"]);
}

#[test]
fn a_text_file_is_no_capture() {
    loopshark(["read", "Cargo.toml"]).fails_with(&["Cargo.toml", "neither pcap nor pcapng", "`[pac`"]);
}

#[test]
fn a_header_alone_is_an_empty_capture() {
    let ran = read(&Pcap::new(NULL).bytes);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
    let ran = loopshark_with_input(["read", "-"], &Pcap::new(NULL).bytes);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""));
}

#[test]
fn a_header_that_is_cut_is_told_from_an_empty_capture() {
    for len in 1..24 {
        let whole = Pcap::new(NULL).bytes;
        read(&whole[..len]).fails_with(&["standard input", "a capture's header needs 24 bytes"]);
    }
}

#[test]
fn a_record_cut_in_its_header_leaves_the_frames_before_it() {
    let ran = read(&lab().cut(58 + 10).bytes);
    ran.fails_with(&["cut short at byte 85", "a record's header needs 16 bytes, 6 are left"]);
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn a_record_cut_in_its_body_leaves_the_frames_before_it() {
    let ran = read(&lab().cut(1).bytes);
    ran.fails_with(&["cut short at byte 85", "the record there needs 74 bytes, 73 are left"]);
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn a_record_that_claims_four_gigabytes_is_damage() {
    let ran = read(&lab().record([1, 0, u32::MAX, u32::MAX], &[0; 64]).bytes);
    ran.fails_with(&["damaged at byte 159", "claims 4294967295 bytes"]);
    assert_eq!(ran.stdout.lines().count(), 2);
}

#[test]
fn damaged_blocks_leave_the_frames_before_them() {
    let good = || Pcapng::new(Order::Little).interface(101, 0, &[]).frame(0, 0, &request(50_000));
    let mut lengths_differ = good().block(4, &[0; 8]).bytes;
    *lengths_differ.last_mut().unwrap() = 9;
    let mut huge = good().bytes;
    huge.extend([6, 0, 0, 0, 0xfc, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    let cut = {
        let whole = good().frame(0, 1, &request(50_001)).bytes;
        whole[..whole.len() - 5].to_vec()
    };
    let stranger = good().frame(7, 1, &request(50_001)).bytes;
    for (bytes, word) in [
        (lengths_differ, "Block length fields don't match"),
        (huge, "over 16 MiB"),
        (cut, "cut short"),
        (stranger, "interface 7, where 1 are described"),
    ] {
        let ran = read(&bytes);
        ran.fails_with(&["standard input", word, "at byte "]);
        assert_eq!(ran.stdout.lines().count(), 1, "{word}");
    }
}

#[test]
fn exchanges_before_the_damage_are_shown_with_their_footer() {
    let ran = loopshark_with_input(["read", "-"], &lab().record([1, 0, 50, 50], &[0; 9]).bytes);
    ran.fails_with(&["cut short"]);
    assert!(ran.stdout.contains("1 exchange: 1 answered"), "{}", ran.stdout);
}

#[test]
fn a_bad_filter_is_quoted() {
    if !can_filter() {
        return;
    }
    let ran = loopshark(["read", "fixtures/practica6.pcap", "-f", "udp prt 8080"]);
    ran.fails_with(&["bad capture filter `udp prt 8080`", "pcap-filter(7)"]);
}

#[cfg(feature = "live")]
#[test]
fn an_interface_that_is_not_there_is_named() {
    let ran = loopshark(["capture", "-i", "nosuch0", "-a", "duration:1"]);
    ran.fails_with(&["nosuch0", "no such interface"]);
}

#[test]
fn a_port_in_use_says_so() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = loopshark(["server", "--bind", &address]);
    ran.fails_with(&["Error en el servidor: ", &address, "in use", "--bind 127.0.0.1:"]);
    // Where the system says who that is, we are told so.
    let holder =
        if std::env::consts::OS == "linux" { format!("({}) listens there", std::process::id()) } else { String::new() };
    ran.fails_with(&[&holder]);
    #[cfg(feature = "live")]
    loopshark(["lab", "--bind", &address]).fails_with(&[&address, "in use", "--bind 127.0.0.1:"]);
}

#[test]
fn a_wrong_option_is_trouble() {
    assert_eq!(loopshark(["read", "--no-such"]).status, Some(2));
    assert_eq!(loopshark(["capture", "-a", "packets:3"]).status, Some(2));
    assert_eq!(loopshark::<&str>([]).status, Some(2));
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let many = (0..20_000).fold(Pcap::new(RAW), |pcap, n| pcap.frame(n, &request(50_000)));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("many.pcap");
    std::fs::write(&path, many.bytes).unwrap();
    let mut child = program()
        .args(["read", "--view", "packets"])
        .arg(&path)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
