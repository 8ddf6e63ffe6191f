//! What a person sees at a terminal: colors, lines that fit, a pager, how far a long reading has come, and Ctrl-C.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use unicode_width::UnicodeWidthStr;

use super::harness::{on_terminal, terminal};
use crate::captures::{Pcap, RAW, udp4};
use crate::harness::{Lines, PATIENCE, Ran, loopshark, program};
use crate::terminal::{ANSI16, REFUSED, TRUE, uncolored};

const ANSI256: &str = "\x1b[38;5;235m\x1b[48;5;195m";

/// The program with these arguments and without a pager.
fn plainly(args: &[&str]) -> Command {
    let mut command = program();
    command.args(args).arg("--no-pager");
    command
}

/// The screen of so many columns after reading a capture, with these variables set.
fn screen(variables: &[(&str, &str)], columns: u16, args: &[&str]) -> String {
    let mut command = plainly(args);
    command.envs(variables.iter().copied());
    let Ran { stdout, status, .. } = on_terminal(command, columns);
    assert_eq!(status, Some(0), "{stdout}");
    stdout
}

#[test]
fn rows_are_colored_as_deep_as_the_terminal_can() {
    for (variables, udp) in [
        (&[("COLORTERM", "truecolor")][..], TRUE),
        (&[("COLORTERM", "24bit"), ("NO_COLOR", "")], TRUE),
        (&[("WT_SESSION", "0")], TRUE),
        (&[("TERM", "xterm-256color")], ANSI256),
        (&[("TERM", "xterm")], ANSI16),
        (&[], ANSI16),
    ] {
        let screen = screen(variables, 80, &["read", REFUSED]);
        let mut lines = screen.lines();
        assert!(lines.next().unwrap().starts_with("\x1b[1mNo. "), "{screen:?}");
        let request = lines.next().unwrap();
        assert!(request.starts_with(&format!("{udp}  1  0.000000 ")), "{variables:?}: {request:?}");
        assert!(request.ends_with("8080 Len=17\x1b[K\x1b[0m"), "{request:?}");
        assert!(!lines.next().unwrap().starts_with(udp), "an ICMP error has its own color: {screen:?}");
        assert!(!lines.nth(4).unwrap().contains('\x1b'), "the footer has none: {screen:?}");
    }
}

#[test]
fn without_a_wish_or_a_terminal_for_it_there_are_no_colors() {
    let read = ["read", REFUSED];
    for variables in [[("NO_COLOR", "1")], [("TERM", "dumb")], [("CLICOLOR", "0")]] {
        assert!(!screen(&variables, 80, &read).contains('\x1b'), "{variables:?}");
    }
    let deep = [("COLORTERM", "truecolor"), ("CLICOLOR_FORCE", "1")];
    for args in [
        &["read", REFUSED, "--color", "never"][..],
        &["read", REFUSED, "--view", "packets"],
        &["read", REFUSED, "-T", "jsonl", "--color", "always"],
        &["read", REFUSED, "--view", "summary", "--color", "always"],
    ] {
        assert!(!screen(&deep, 80, args).contains('\x1b'), "{args:?}");
    }
    assert!(!loopshark(read).stdout.contains('\x1b'), "a pipe");
}

#[test]
fn verdicts_are_green_amber_and_red() {
    let args = ["check", "fixtures/reports/mail.txt", "fixtures/practica6.pcap"];
    let ran = on_terminal(plainly(&args), 200);
    let word = |color: u8, word: &str| ran.stdout.contains(&format!("\n\x1b[{color}m{word}\x1b[0m "));
    assert!(word(31, "differs") && (word(32, "match") || word(33, "near")), "{:?}", ran.stdout);
    assert_eq!(uncolored(&ran.stdout), on_terminal(plainly(&[&args[..], &["--color", "never"]].concat()), 200).stdout);
    assert_eq!(ran.status, Some(1));
}

/// How wide the widest line is.
fn widest(screen: &str) -> usize {
    uncolored(screen).lines().map(UnicodeWidthStr::width).max().unwrap()
}

#[test]
fn lines_end_where_the_screen_does() {
    let read = ["read", REFUSED, "--timeout", "0.5"];
    let at = |columns| screen(&[], columns, &read);
    let wide = at(200);
    assert!(wide.contains("Destination unreachable (Port unreachable) refused"), "{wide}");
    let usual = at(80);
    assert!(usual.contains("Destination unreach… refused") && widest(&usual) <= 80, "{usual}");
    // A row has its least width, but sentences are wrapped.
    let sentences = |screen: &str| uncolored(screen).split_once("\n\n").unwrap().1.to_owned();
    let narrow = sentences(&at(20));
    assert!(widest(&narrow) <= 20 && narrow.lines().count() > 1, "{narrow}");
    assert_eq!(narrow.replace('\n', " "), sentences(&wide).replace('\n', " "));
    assert_eq!(uncolored(&screen(&[("COLUMNS", "200")], 80, &read)), uncolored(&wide));
    let piped = program().env("COLUMNS", "80").args(read).output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), uncolored(&usual));
}

#[test]
fn a_row_that_differs_is_shown_to_its_end() {
    let args = ["check", "fixtures/reports/typed.md", "fixtures/practica6.pcap"];
    let lines = |columns| uncolored(&on_terminal(plainly(&args), columns).stdout);
    let whole = lines(300);
    for line in whole.lines().filter(|line| line.starts_with("differs")) {
        assert!(lines(80).contains(line), "{line}");
    }
}

/// The program with a shell command as its pager.
fn paged(pager: &str, args: &[&str]) -> Command {
    let mut command = program();
    command.env("LOOPSHARK_PAGER", pager).env("COLORTERM", "truecolor").args(args);
    command
}

#[test]
fn a_pager_gets_all_of_it_in_color_and_remarks_wait_for_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let (page, variables) = (dir.path().join("page"), dir.path().join("variables"));
    let pager = format!("cat > '{}'; echo $LESS $LV > '{}'; echo the end >&2", page.display(), variables.display());
    let ran = on_terminal(paged(&pager, &["read", "fixtures/practica6.pcap", "-T", "table", "--view", "packets"]), 100);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""));
    assert_eq!(ran.stderr, "the end\nloopshark: hidden: 26 noise (22 MDNS, 4 LLMNR)\n");
    assert_eq!(fs::read_to_string(variables).unwrap(), "FRX -c\n");
    let page = fs::read_to_string(page).unwrap();
    assert_eq!(page.lines().count(), 67);
    // A pager colors no rest of a line, so there are spaces up to the edge.
    for row in page.lines().filter(|line| line.starts_with(TRUE)) {
        assert!(row.ends_with("\x1b[0m") && !row.contains("\x1b[K"), "{row:?}");
        assert_eq!(uncolored(row).width(), 100, "{row:?}");
    }
}

#[test]
fn a_check_is_paged_and_its_answer_stays() {
    let ran = on_terminal(paged("head -n 1", &["check", "fixtures/reports/mail.txt", "fixtures/practica6.pcap"]), 80);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stdout.starts_with("\x1b[1mVerdict"), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 1);
}

/// A named pipe.
pub fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The lab's requests and responses: a capture's header, and frames that may come again and again.
fn exchanges(count: u32) -> (Vec<u8>, Vec<u8>) {
    let request = udp4(63_337, 8080, b"Mando paquete UDP");
    let response = udp4(8080, 63_337, b"Mensaje recibido correctamente");
    let pcap = (0..count).fold(Pcap::new(RAW), |pcap, n| pcap.frame(2 * n, &request).frame(2 * n + 1, &response));
    let (header, frames) = pcap.bytes.split_at(24);
    (header.to_vec(), frames.to_vec())
}

#[test]
fn a_pager_that_ends_early_ends_the_program_though_its_input_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let endless = dir.path().join("endless.pcap");
    fifo(&endless);
    let into = endless.clone();
    let feeder = std::thread::spawn(move || {
        let (header, frames) = exchanges(500);
        let mut fifo = File::options().write(true).open(into).unwrap();
        fifo.write_all(&header).unwrap();
        while fifo.write_all(&frames).is_ok() {}
    });
    let ran = on_terminal(paged("head -n 2", &["read", endless.to_str().unwrap(), "--view", "packets"]), 80);
    feeder.join().unwrap();
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
}

#[test]
fn ctrl_c_is_the_pager_s_while_it_runs() {
    let dir = tempfile::tempdir().unwrap();
    let (page, go) = (dir.path().join("page"), dir.path().join("go"));
    fifo(&go);
    let pager = format!("read first; echo shown; read go < '{}'; cat > '{}'", go.display(), page.display());
    let (person, terminal) = terminal(80);
    let mut command = paged(&pager, &["read", REFUSED]);
    let mut child = command.stdout(terminal).stderr(Stdio::null()).spawn().unwrap();
    drop(command);
    Lines::of(person).find("shown");
    for _ in 0..2 {
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    }
    fs::write(go, "go\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(fs::read_to_string(page).unwrap().ends_with("3 refused\n"));
}

#[test]
fn without_a_pager_the_terminal_gets_it() {
    let read = ["read", REFUSED];
    let plain = on_terminal(plainly(&read), 80).stdout;
    let with = |name: &str, value: &str, args: &[&str]| {
        let mut command = program();
        command.env("PAGER", "echo paged").env(name, value).args(args);
        on_terminal(command, 80)
    };
    assert_eq!(with("PAGER", "echo paged", &read).stdout, "paged\n", "what would be seen otherwise");
    assert_eq!(with("LOOPSHARK_PAGER", "", &read).stdout, plain);
    assert_eq!(with("LOOPSHARK_PAGER", "cat", &read).stdout, plain);
    assert_eq!(with("TERM", "dumb", &read).stdout, uncolored(&plain));
    let jsonl = ["read", REFUSED, "-T", "jsonl"];
    assert_eq!(with("PAGER", "echo paged", &jsonl).stdout, loopshark(jsonl).stdout);
    let missing = with("LOOPSHARK_PAGER", "/no/such/pager -x", &read);
    let lines = |screen: &str| uncolored(screen).lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&missing.stdout), lines(&plain));
    assert!(missing.stderr.starts_with("loopshark: can't start the pager `/no/such/pager -x`: "), "{missing:?}");
}

#[test]
fn an_error_before_anything_is_shown_needs_no_pager() {
    let ran = on_terminal(paged("echo paged", &["read", "no-such-file.pcap"]), 80);
    ran.fails_with(&["no-such-file.pcap: no such file"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_reading_that_takes_its_time_says_how_far_it_is_and_leaves_no_trace() {
    let (mut person, terminal) = terminal(80);
    let mut command = program();
    command.args(["read", "-", "--view", "summary"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(terminal);
    let mut child = command.spawn().unwrap();
    drop(command);
    let (sender, seen) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(len @ 1..) = person.read(&mut bytes) {
            let _ = sender.send(String::from_utf8_lossy(&bytes[..len]).into_owned());
        }
    });
    let (header, frames) = exchanges(256);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&header).unwrap();
    let (mut screen, mut waited) = (String::new(), Duration::ZERO);
    while !screen.contains(" a second") {
        stdin.write_all(&frames).unwrap();
        let step = Duration::from_millis(50);
        screen.extend(seen.recv_timeout(step));
        waited += step;
        assert!(waited < PATIENCE, "{screen:?}");
    }
    assert!(screen.contains(" standard input: ") && screen.contains(" frames, "), "{screen:?}");
    drop(stdin);
    let mut summary = String::new();
    child.stdout.take().unwrap().read_to_string(&mut summary).unwrap();
    assert!(summary.starts_with("127.0.0.1:8080\n"), "{summary}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    screen.extend(seen.iter());
    assert!(screen.ends_with("\r\x1b[2K"), "{screen:?}");
}

#[test]
fn ctrl_c_ends_a_reading_with_its_table() {
    let (person, terminal) = terminal(80);
    let mut command = program();
    command.args(["read", "-"]).stdin(Stdio::piped()).stdout(terminal).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let (header, frames) = exchanges(500);
        stdin.write_all(&header).unwrap();
        while stdin.write_all(&frames).is_ok() {}
    });
    let screen = Lines::of(person);
    screen.find("63337 → 8080 Len=17");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    screen.find(" lost, 0 refused");
    feeder.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
