//! Live capture and the lab, on the loopback adapter, where there is the right to capture.
#![cfg(feature = "live")]

use std::fs::File;
use std::net::UdpSocket;

use serde_json::Value;

use crate::harness::{loopshark, program, skip, start, wine_lacks};
use crate::system;

/// Whether this process may capture; says so where not.
pub fn may_capture() -> bool {
    let ran = loopshark(["capture", "-a", "duration:0"]);
    let may = ran.status == Some(0);
    if !may {
        skip(ran.stderr.trim());
    }
    may
}

/// Checks that every frame was captured, as the kernel's counters say, too.
#[track_caller]
fn assert_counted(stderr: &str, frames: u32) {
    let (captured, dropped) = (format!("{frames} captured, "), ", 0 dropped by the kernel");
    assert!(stderr.contains(&captured) && stderr.contains(dropped), "{stderr}");
    if !wine_lacks("counters like Npcap's; Linux's, which it hands on, count twice what goes to the machine itself") {
        assert!(stderr.contains(&format!("{captured}{frames} received by the filter{dropped}")), "{stderr}");
    }
}

/// A socket that says nothing, so that no other test has traffic at its port, and the port.
pub fn quiet_socket() -> (UdpSocket, u16) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

#[test]
fn the_lab_captures_every_exchange_it_makes() {
    if !may_capture() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for name in ["lab.pcap", "lab.pcapng"] {
        every_exchange_is_captured_and_saved(dir.path().join(name).to_str().unwrap());
    }
}

fn every_exchange_is_captured_and_saved(saved: &str) {
    let lab = ["lab", "--bind", "127.0.0.1:0", "--count", "5", "--interval", "2ms", "-T", "jsonl", "-w", saved];
    let ran = loopshark(lab);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let answered = |text: &str| text.lines().filter(|line| line.starts_with(r#"{"status":"answered""#)).count();
    assert_eq!((ran.stdout.lines().count(), answered(&ran.stdout)), (5, 5), "{ran:?}");
    assert_eq!(ran.stderr.matches("Respuesta del servidor: Mensaje recibido correctamente").count(), 5);
    assert_counted(&ran.stderr, 10);
    assert_eq!(loopshark(["read", saved, "-T", "jsonl"]).stdout, ran.stdout);
}

#[test]
fn the_lab_prints_its_table() {
    if !may_capture() {
        return;
    }
    let ran = loopshark(["lab", "--bind", "127.0.0.1:0", "--count", "2", "--interval", "1ms"]);
    assert!(ran.stdout.starts_with("No.      Time Source    Destination Protocol Length Info"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n2 exchanges: 2 answered, 0 lost, 0 refused\n"), "{}", ran.stdout);
}

/// The figures of the server's own log: received, answered, lost, duplicated, reordered.
fn server_log(stderr: &str) -> Vec<u64> {
    let line = stderr.lines().find_map(|line| line.strip_prefix("loopshark: server: ")).expect("a log");
    line.split(", ").map(|count| count.split(' ').next().unwrap().parse().unwrap()).collect()
}

/// Runs the lab with faults on purpose; the log, and what the capture's summary makes of it.
fn lab_with_faults(seed: u32) -> (Vec<u64>, Vec<u64>) {
    let ran = loopshark([
        "lab",
        "--bind",
        "127.0.0.1:0",
        "--count",
        "10000",
        "--interval",
        "100us",
        "--timeout",
        "0.5",
        "--loss",
        "20%",
        "--delay",
        "1ms",
        "--jitter",
        "1ms",
        "--duplicate",
        "5%",
        "--reorder",
        "2%",
        "--seed",
        &seed.to_string(),
        "--view",
        "summary",
        "-T",
        "jsonl",
    ]);
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains(", 0 dropped by the kernel"), "{}", ran.stderr);
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    let figure = |name: &str| summary[name].as_u64().unwrap();
    let answered = figure("answered") + figure("late");
    let found = vec![figure("requests"), answered, figure("lost"), figure("duplicate"), figure("reordered")];
    (server_log(&ran.stderr), found)
}

#[test]
fn the_summary_finds_the_faults_that_the_server_made() {
    if !may_capture() {
        return;
    }
    let labs = [1, 7, 2026, 7].map(|seed| std::thread::spawn(move || lab_with_faults(seed)));
    let logs = labs.map(|lab| {
        let (log, found) = lab.join().unwrap();
        assert_eq!(log, found, "received, answered, lost, duplicated, reordered");
        log
    });
    assert!(logs.iter().all(|log| log[0] == 10_000 && log[2..].iter().all(|count| *count > 100)), "{logs:?}");
    // The same seed, the same losses and duplicates; another seed, others.
    assert_eq!(logs[1][..4], logs[3][..4]);
    assert_ne!(logs[0][..4], logs[1][..4]);
}

#[test]
fn a_capture_without_traffic_ends_on_time_and_speaks_of_the_silence() {
    if !may_capture() {
        return;
    }
    let (_socket, port) = quiet_socket();
    let filter = format!("udp port {port}");
    let ran = loopshark(["capture", "-f", &filter, "-a", "duration:3.5"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""));
    assert!(ran.stderr.contains(&format!("with filter `{filter}`; is the server running")), "{}", ran.stderr);
    assert!(ran.stderr.contains("0 captured, 0 received by the filter, 0 dropped"), "{}", ran.stderr);
}

#[test]
fn count_ends_a_capture_and_what_it_wrote_can_be_read() {
    if !may_capture() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let saved = dir.path().join("captured.pcap");
    let (_socket, port) = quiet_socket();
    let filter = format!("udp port {port}");
    let mut capture = start(program().args(["capture", "-f", &filter, "-c", "2", "-T", "jsonl", "-w"]).arg(&saved));
    capture.stderr.find("capturing on");
    for _ in 0..2 {
        UdpSocket::bind("127.0.0.1:0").unwrap().send_to(b"x", ("127.0.0.1", port)).unwrap();
    }
    let shown = capture.stdout.rest();
    assert_eq!(capture.status(), Some(0));
    assert_counted(&capture.stderr.find(" captured, "), 2);
    let statuses: Vec<_> =
        shown.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["status"].clone()).collect();
    assert_eq!(statuses, ["unanswered", "unanswered"]);
    assert_eq!(loopshark(["read", saved.to_str().unwrap(), "-T", "jsonl"]).stdout.lines().collect::<Vec<_>>(), shown);
}

#[test]
fn an_exchange_is_shown_when_its_fate_is_known() {
    if !may_capture() {
        return;
    }
    let (server, port) = quiet_socket();
    let mut capture = start(program().args(["capture", "-f", &format!("udp port {port}"), "-T", "jsonl"]));
    capture.stderr.find("capturing on");
    for _ in 0..2 {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.send_to(b"Mando paquete UDP", ("127.0.0.1", port)).unwrap();
        server.send_to(b"Mensaje recibido correctamente", client.local_addr().unwrap()).unwrap();
        // The capture goes on.
        let line = capture.stdout.next();
        assert!(line.starts_with(r#"{"status":"answered""#) && line.contains(&format!(" → {port} Len=17")), "{line}");
    }
    system::end(&mut capture);
}

#[test]
fn a_capture_on_standard_output_is_a_capture() {
    if !may_capture() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let piped = dir.path().join("piped.pcap");
    let output = program()
        .args(["lab", "--bind", "127.0.0.1:0", "--count", "1", "-w", "-"])
        .stdout(File::create(&piped).unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let ran = loopshark(["read", piped.to_str().unwrap()]);
    assert!(ran.stdout.contains("1 exchange: 1 answered"), "{ran:?}");
}

#[test]
fn interfaces_mark_the_loopback_adapter() {
    if !may_capture() {
        return;
    }
    let ran = loopshark(["interfaces"]);
    assert_eq!(ran.stdout.matches("[loopback]").count(), 1, "{}", ran.stdout);
}
