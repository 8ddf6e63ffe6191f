//! What strangers wrote, where only Unix has a place for it: the program's own name, a script, a terminal.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;

use super::harness::terminal;
use super::terminal::fifo;
use crate::escaping::{Desk, assert_inert, reports};
use crate::harness::program;

#[test]
fn the_program_s_own_name_is_not_taken_from_who_started_it() {
    for args in [["--help"].as_slice(), &["read", "--help"], &["read"]] {
        let mut command = program();
        let output = command.arg0("a\x1b[2J").args(args).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_inert(&text, false, &args);
        assert!(text.contains("loopshark "), "{text}");
    }
}

/// What tesseract says is another program's: one stands in for it that calls itself what it likes, and fails.
#[test]
fn another_program_s_words_are_inert() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("tesseract");
    let said = r"printf '\033]0;owned\a\302\233\342\200\256\rx'";
    std::fs::write(&script, format!("#!/bin/sh\n{said}\n[ \"$1\" = --version ] && exit\n{said} >&2\nexit 1\n"))
        .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    for args in [["check", "fixtures/reports/lab.png"].as_slice(), &["doctor"], &["doctor", "-T", "json"]] {
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let output = program().env("PATH", path).args(args).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_inert(&text, false, &args);
        assert!(text.contains(r"\033]0;owned\a\u009B\u202E\rx") || text.contains(r"\u001b]0;owned"), "{text}");
    }
}

/// What a person sees on the terminal while a report of this name is read, from a pipe that gives it late.
#[test]
fn what_moves_on_a_terminal_is_the_program_s_own() {
    let desk = Desk::new();
    reports(&desk);
    let pipe = desk.hostile(".pipe");
    fifo(&pipe);
    let (mut person, terminal) = terminal(80);
    let mut command = program();
    command.args(["check", "--color=never", "--no-pager"]).arg(&pipe);
    let mut child = command.stdout(terminal.try_clone().unwrap()).stderr(terminal).spawn().unwrap();
    drop(command);
    let (mut screen, mut piece) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&screen).contains(r"\033]0;owned\a") {
        let len = person.read(&mut piece).unwrap();
        screen.extend_from_slice(&piece[..len]);
    }
    std::fs::copy(desk.hostile(".csv"), &pipe).unwrap();
    let _ = person.read_to_end(&mut screen); // ends with an error where nobody has the other end any more
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let screen = String::from_utf8(screen).unwrap();
    assert!(screen.contains("reading /") && screen.contains(r"\u202Egpj.exe"), "{screen}");
    // Lines end and are erased.
    let plain = screen.replace("\r\n", "\n").replace("\x1b[2K", "").replace('\r', "\n");
    assert_inert(&plain, false, &"a terminal");
}
