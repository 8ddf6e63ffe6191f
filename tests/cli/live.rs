//! Live capture and the lab, on the loopback adapter, where there is the right to capture.
#![cfg(all(feature = "live", unix))]

use std::fs::File;
use std::net::UdpSocket;

use serde_json::Value;

use crate::harness::{Lines, copy_for_everyone, loopshark, program, skip, start, start_copy, terminal};

/// Whether this process may capture; says so where not.
pub fn may_capture() -> bool {
    let ran = loopshark(["capture", "-a", "duration:0"]);
    let may = ran.status == Some(0);
    if !may {
        skip(ran.stderr.trim());
    }
    may
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
    assert!(ran.stderr.contains("10 captured, 10 received by the filter, 0 dropped by the kernel"), "{}", ran.stderr);
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
fn ctrl_c_ends_the_lab_with_its_table() {
    if !may_capture() {
        return;
    }
    let mut lab = start(program().args(["lab", "--bind", "127.0.0.1:0", "--count", "9", "--interval", "1h"]));
    lab.stderr.find("Respuesta del servidor");
    lab.interrupt();
    lab.stdout.find("1 exchange: 1 answered");
    assert_eq!(lab.status(), Some(0));
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
    capture.stderr.find("2 captured, 2 received by the filter, 0 dropped by the kernel");
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
    capture.interrupt();
    assert_eq!(capture.status(), Some(0));
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
fn on_a_terminal_rows_appear_as_they_arrive() {
    if !may_capture() {
        return;
    }
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let (person, terminal) = terminal(80);
    let screen = Lines::of(person);
    let mut command = program();
    command.args(["capture", "-f", &format!("udp port {port}")]).stdout(terminal);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(command); // the program's end of the terminal stays open in the program alone
    let errors = Lines::of(child.stderr.take().unwrap());
    errors.find("capturing on");
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    let from = client.local_addr().unwrap();
    client.send_to(b"Mando paquete UDP", ("127.0.0.1", port)).unwrap();
    // The request is on the screen before there is any response.
    screen.find(&format!("{} → {port} Len=17", from.port()));
    server.send_to(b"Mensaje recibido correctamente", from).unwrap();
    assert!(screen.find(&format!("{port} → {} Len=30", from.port())).contains(" Len=30 "));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    screen.find("1 exchange: 1 answered");
    errors.find("2 captured, 2 received");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_terminal_that_stands_still_loses_no_frames() {
    if !may_capture() {
        return;
    }
    let messages = 300;
    let (_socket, port) = quiet_socket();
    let (person, terminal) = terminal(80);
    let mut command = program();
    command.args(["capture", "-f", &format!("udp port {port}")]).stdout(terminal);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(command);
    let errors = Lines::of(child.stderr.take().unwrap());
    errors.find("capturing on");
    // Far more rows than a terminal holds, and each so late that the kernel hands it over by itself.
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    for _ in 0..messages {
        client.send_to(b"Mando paquete UDP", ("127.0.0.1", port)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    Lines::of(person).find(&format!("{messages} exchanges: 0 answered"));
    errors.find(&format!("{messages} captured, {messages} received by the filter, 0 dropped"));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// How much memory a process had at most, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(child: &std::process::Child) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
    peak.trim_end_matches("kB").trim().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn beyond_what_may_wait_the_kernel_drops_and_every_frame_is_counted() {
    if !may_capture() {
        return;
    }
    // Three times what the program and the kernel keep together.
    let (messages, message) = (2_500_usize, vec![b'x'; 60_000]);
    let (_socket, port) = quiet_socket();
    let mut command = program();
    command.args(["capture", "-f", &format!("udp dst port {port}"), "-w", "-"]);
    let piped = std::process::Stdio::piped;
    let mut child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
    let errors = Lines::of(child.stderr.take().unwrap());
    errors.find("capturing on");
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    for n in 0..messages {
        client.send_to(&message, ("127.0.0.1", port)).unwrap();
        if n % 20 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(2)); // the kernel's buffer is not to be what is too small
        }
    }
    let memory = peak_memory(&child);
    assert!(memory < 160 * 1024, "{memory} KiB, with 32 MiB that may wait");
    // Nobody has read a byte by now.
    let mut stdout = child.stdout.take().unwrap();
    let saved = std::thread::spawn(move || {
        let mut saved = Vec::new();
        std::io::Read::read_to_end(&mut stdout, &mut saved).map(|_| saved)
    });
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    let said = errors.find("dropped by the kernel");
    let counts: Vec<usize> = said.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    let [captured, received, dropped] = counts[..] else { panic!("{said}") };
    assert_eq!((received, captured + dropped), (messages, messages), "{said}");
    assert!(dropped > 0 && captured * message.len() > 16 << 20, "more than the kernel keeps alone: {said}");
    println!("{said}; {memory} KiB");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let saved = saved.join().unwrap().unwrap();
    let ran = crate::harness::loopshark_with_input(["read", "-", "--view", "packets"], &saved);
    assert_eq!((ran.status, ran.stdout.lines().count()), (Some(0), captured));
}

#[test]
fn ctrl_c_ends_a_capture_after_what_came_before() {
    if !may_capture() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let saved = dir.path().join("captured.pcap");
    let (_socket, port) = quiet_socket();
    let mut capture = start(program().args(["capture", "-f", &format!("udp port {port}"), "-w"]).arg(&saved));
    capture.stderr.find("capturing on");
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    for _ in 0..2_000 {
        client.send_to(b"x", ("127.0.0.1", port)).unwrap();
    }
    capture.interrupt();
    capture.stdout.find("2000 exchanges: 0 answered");
    capture.stderr.find("2000 captured, 2000 received by the filter, 0 dropped");
    assert_eq!(capture.status(), Some(0));
    let ran = loopshark(["read", saved.to_str().unwrap()]);
    assert!(ran.stdout.contains("2000 exchanges: 0 answered"), "{}", ran.stderr);
}

#[test]
fn interfaces_mark_the_loopback_adapter() {
    if !may_capture() {
        return;
    }
    let ran = loopshark(["interfaces"]);
    assert_eq!(ran.stdout.matches("[loopback]").count(), 1, "{}", ran.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn without_the_right_to_capture_the_command_that_grants_it_is_named() {
    use std::os::unix::process::CommandExt;

    // A copy without capabilities.
    let (_folder, copy) = copy_for_everyone();
    for command in ["capture", "lab", "doctor"] {
        let mut unprivileged = std::process::Command::new(&copy);
        unprivileged.arg(command).current_dir("/");
        if rustix::process::geteuid().is_root() {
            unprivileged.uid(65_534).gid(65_534);
        }
        if command == "lab" {
            unprivileged.args(["--bind", "127.0.0.1:0"]);
        }
        let output = start_copy(|| unprivileged.output());
        let said = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(if command == "doctor" { 1 } else { 2 }), "{said}");
        let grant = format!("`sudo setcap cap_net_raw+ep {}`", copy.display());
        let grant = if command == "doctor" { grant.trim_matches('`') } else { &grant };
        assert!(said.contains("CAP_NET_RAW is missing") && said.contains(grant), "{said}");
    }
}
