//! Live capture that a terminal shows, and that Ctrl-C ends.
#![cfg(feature = "live")]

use std::net::UdpSocket;

use super::harness::terminal;
use crate::harness::{Lines, loopshark, program, start};
use crate::live::{may_capture, quiet_socket};

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
