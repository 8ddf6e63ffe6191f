//! Captures whose clock was set back while they were made: rows as tshark has them, and every request has its fate.

use crate::captures::{Pcap, RAW, request, response};
use crate::harness::{Ran, loopshark_with_input};

/// Set back by ten seconds within an exchange, and by an hour within another, after it had been set ahead.
fn set_back() -> Vec<u8> {
    let at = |pcap: Pcap, seconds: u32, micros: u32, data: &[u8]| {
        let len = u32::try_from(data.len()).unwrap();
        pcap.record([seconds, micros, len, len], data)
    };
    let frames = [
        (1_000, 0, request(50_001)),
        (1_000, 500, response(50_001)),
        (1_000, 900_000, request(50_002)),
        (990, 900_400, response(50_002)),
        (991, 0, request(50_003)),
        (991, 300, response(50_003)),
        (995, 0, request(50_004)),
        (7_000, 0, request(50_005)),
        (3_400, 0, response(50_005)),
        (3_401, 0, request(50_006)),
        (3_401, 200, response(50_006)),
        (3_402, 0, request(50_007)),
    ];
    frames.iter().fold(Pcap::new(RAW), |pcap, (seconds, micros, data)| at(pcap, *seconds, *micros, data)).bytes
}

fn read(args: &[&str]) -> Ran {
    let ran = loopshark_with_input(["read", "-"].iter().chain(args), &set_back());
    assert_eq!(ran.status, Some(0), "{ran:?}");
    ran
}

/// The Time column of rows as tshark lays them out.
fn times(format: &str) -> Vec<String> {
    let rows = read(&["--view", "packets", "-t", format]).stdout;
    rows.lines().map(|row| row[6..].split(" 127.0.0.1").next().unwrap().trim().to_owned()).collect()
}

#[test]
fn the_time_column_is_tshark_s() {
    let rows = read(&["--view", "packets"]).stdout;
    assert_eq!(rows.lines().nth(3), Some("    4  -9.099600    127.0.0.1 → 127.0.0.1    UDP 58 8080 → 50002 Len=30"));
    let relative = [
        "0.000000",
        "0.000500",
        "0.900000",
        "-9.099600",
        "-9.000000",
        "-8.999700",
        "-5.000000",
        "6000.000000",
        "2400.000000",
        "2401.000000",
        "2401.000200",
        "2402.000000",
    ];
    assert_eq!(times("r"), relative);
    let delta = [
        "0.000000",
        "0.000500",
        "0.899500",
        "-9.999600",
        "0.099600",
        "0.000300",
        "3.999700",
        "6005.000000",
        "-3600.000000",
        "1.000000",
        "0.000200",
        "0.999800",
    ];
    assert_eq!(times("d"), delta);
    assert_eq!(times("dd"), delta);
    assert_eq!(times("e")[2..4], ["1000.900000", "990.900400"]);
}

#[test]
fn every_request_has_its_fate_and_a_time_below_zero_is_explained() {
    let ran = read(&["--timeout", "5"]);
    assert!(ran.stdout.contains("Len=30    -9999.600\n") && ran.stdout.contains("Len=30  unsolicited\n"), "{ran:?}");
    let footer = ran.stdout.split("\n\n").nth(1).unwrap();
    assert_eq!(
        footer,
        "7 exchanges: 4 answered, 3 lost, 0 refused, 1 unsolicited\n\
         response time: min -9999.600 ms, mean -2499.650 ms, max 0.500 ms\n\
         a response time is below zero: the clock of the capture was set back meanwhile\n"
    );
    let statuses: Vec<String> =
        read(&["-T", "jsonl"]).stdout.lines().map(|line| line.split('"').nth(3).unwrap().to_owned()).collect();
    let unanswered = "unanswered";
    let expected = ["answered", "answered", "answered", unanswered, unanswered, "unsolicited", "answered", unanswered];
    assert_eq!(statuses, expected);
    let summary = read(&["--view", "summary"]);
    assert!(summary.stdout.contains("response time min           -9999.600 ms"), "{}", summary.stdout);
    assert!(summary.stderr.contains("a response time is below zero"), "{}", summary.stderr);
}

#[test]
fn what_is_saved_and_merged_keeps_its_order_and_its_times() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let rows = read(&["--view", "packets", "-t", "e"]).stdout;
    for name in ["out.pcap", "out.pcapng"] {
        read(&["--view", "packets", "-w", &path(name)]);
        let args = ["read", &path(name), "--view", "packets", "-t", "e"];
        assert_eq!(crate::harness::loopshark(args).stdout, rows);
    }
    // Each capture keeps its order; of both, what is earlier comes first.
    let other = Pcap::new(RAW).record([1_000, 600_000, 45, 45], &request(60_000));
    std::fs::write(path("other.pcap"), other.bytes).unwrap();
    let args = ["read", "--merge", &path("out.pcap"), &path("other.pcap"), "--view", "packets", "-t", "e"];
    let merged = crate::harness::loopshark(args).stdout;
    let ports: Vec<_> = merged.lines().map(|row| row.contains("60000")).collect();
    assert_eq!(ports.iter().position(|is_other| *is_other), Some(2), "{merged}");
    assert_eq!(ports.len(), 13);
}
