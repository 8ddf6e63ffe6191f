//! What goes wrong while the program runs: a reader who has gone, more clients than are heard.

use std::io::pipe;
use std::path::Path;
use std::process::Stdio;

use crate::consoles::server;
use crate::harness::{loopshark, program, skip};
use crate::system;

pub const LAB: &str = "fixtures/practica6.pcap";

/// How many frames are in a capture, all of which can be read.
pub fn frames(path: &Path) -> usize {
    let ran = loopshark(["read", path.to_str().unwrap(), "--all", "--view", "packets"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    ran.stdout.lines().count()
}

#[test]
fn a_reader_who_has_gone_is_no_trouble_for_any_command() {
    let dir = tempfile::tempdir().unwrap();
    let saved = dir.path().join("out.pcap");
    let mut commands: Vec<Vec<&str>> = Vec::new();
    for view in ["exchanges", "packets", "summary"] {
        for format in ["table", "text", "jsonl", "csv", "tsv", "md", "html"] {
            commands.push(vec!["read", "fixtures/practica6.pcap", "--all", "--view", view, "-T", format]);
        }
    }
    for format in ["table", "json", "md"] {
        commands.push(vec!["check", "fixtures/reports/utc.txt", LAB, "-T", format]);
    }
    commands.push(vec!["read", "fixtures/practica6.pcap", "--view", "packets", "--all", "-V", "-x"]);
    commands.push(vec!["read", LAB, LAB]);
    commands.push(vec!["read", LAB, "-w", "-"]);
    commands.push(vec!["read", LAB, "-w", saved.to_str().unwrap()]);
    commands.push(vec!["client", "--server", "127.0.0.1:1", "--count", "3", "--interval", "0"]);
    commands.push(vec!["client", "--server", "127.0.0.1:1", "--count", "3", "--in-flight", "2"]);
    commands.push(vec!["server", "--bind", "127.0.0.1:0"]);
    commands.extend([vec!["man"], vec!["completions", "bash"], vec!["doctor"], vec!["doctor", "-T", "json"]]);
    commands.extend([vec!["--help"], vec!["--version"], vec!["help", "read"]]);
    for args in commands {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let output = program().args(&args).stdin(Stdio::null()).stdout(writer).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.as_str()), (Some(0), ""), "{args:?}");
    }
    assert_eq!(frames(&saved), 10);
}

#[test]
fn as_many_clients_at_once_as_there_may_be_are_answered_or_counted() {
    let (mut server, address) = server(&["--quiet"]);
    let args = ["client", "--server", &address, "--in-flight", "4096", "--count", "4096", "--timeout", "3", "--quiet"];
    let ran = loopshark(args);
    if ran.status == Some(2) {
        return skip(ran.stderr.trim());
    }
    let outcome = ran.stderr.lines().last().unwrap().strip_prefix("loopshark: client: 4096 sent, ").unwrap();
    let counts: Vec<u64> = outcome.split(' ').filter_map(|word| word.parse().ok()).collect();
    // What does not fit into the server's socket, the system drops.
    assert!(counts[0] >= 500 && counts[0] + counts[1] == 4_096, "{}", ran.stderr);
    let ran = loopshark(["client", "--server", &address, "--count", "1", "--quiet"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    system::end(&mut server);
}
