//! Live capture that is given no room or no right, as Linux tells it.
#![cfg(feature = "live")]

use std::net::UdpSocket;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::harness::{copy_for_everyone, start_copy};
use crate::escaping::assert_inert;
use crate::harness::{Lines, program, skip};
use crate::live::{may_capture, quiet_socket};

/// How much memory a process had at most, in KiB.
fn peak_memory(child: &std::process::Child) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
    peak.trim_end_matches("kB").trim().parse().unwrap()
}

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
fn without_the_right_to_capture_the_command_that_grants_it_is_named() {
    // A copy without capabilities.
    let (_folder, copy) = copy_for_everyone();
    for command in ["capture", "lab", "doctor"] {
        let mut unprivileged = Command::new(&copy);
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

/// Interfaces have names as their owners like; those here are in a network of their own.
#[test]
fn interfaces_with_hostile_names_are_listed_in_a_line_each() {
    let script = "ip link add \"$(printf 'a\\033[2J')\" type veth peer name \"$(printf 'b\\302\\233\\342\\200\\256')\" \
                  && \"$0\" interfaces && ! \"$0\" capture -i \"$(printf 'b\\302\\233')\"";
    let mut unshare = Command::new("unshare");
    let output = unshare.args(["--net", "sh", "-c", script, env!("CARGO_BIN_EXE_loopshark")]).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        return skip("no right to a network of one's own, where interfaces could be called as one likes");
    };
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_inert(&stdout, false, &"interfaces");
    assert_inert(&stderr, false, &"capture");
    assert!(stdout.contains(r" a\033[2J ") && stdout.contains(r" b\u009B\u202E "), "{stdout}");
    assert!(stderr.contains(r"b\u009B") && stderr.lines().count() == 1, "{stderr}");
}
