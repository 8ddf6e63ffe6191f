//! What fails while the program runs: a disk that is full, a reader that has gone, a process that is killed, limits of
//! the system. What was captured is not lost without a word.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::harness::{on_terminal, terminal};
use crate::captures::{Pcap, RAW, request, response};
use crate::faults::{LAB, frames};
use crate::harness::{Lines, Ran, loopshark, program, run, start};

/// The program, started by a shell that lets no file become longer than so many blocks of 512 bytes.
fn with_short_files(blocks: u32, args: &[&str]) -> Ran {
    let program = program();
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")]).arg(program.get_program()).args(args);
    run(as_program(&mut command))
}

/// The surroundings that the program has in all tests.
pub fn as_program(command: &mut Command) -> &mut Command {
    command.env("TZ", "UTC").env("LC_ALL", "C").env("TERM", "xterm").env_remove("LANGUAGE")
}

/// A capture of the lab's exchanges.
fn exchanges(count: u32, path: &Path) -> String {
    let pcap = (0..count)
        .fold(Pcap::new(RAW), |pcap, n| pcap.frame(2 * n, &request(50_000)).frame(2 * n + 1, &response(50_000)));
    fs::write(path, pcap.bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// `N frames are in it, M are not`, at the end of the last line.
pub fn kept_and_lost(stderr: &str) -> (usize, usize) {
    let line = stderr.lines().last().unwrap_or_default();
    let counts = line.rsplit(": ").next().and_then(|counts| counts.split_once(", ")).expect(line);
    let number = |text: &str| text.split(' ').next().unwrap().parse().expect(line);
    (number(counts.0), number(counts.1))
}

#[test]
fn what_does_not_fit_on_the_disk_is_counted_and_what_fits_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let capture = exchanges(200, &dir.path().join("in.pcap"));
    let shown = loopshark(["read", &capture]).stdout;
    for (name, comment) in [("out.pcap", None), ("out.pcapng", None), ("commented.pcapng", Some("--comment"))] {
        let out = dir.path().join(name);
        let args: Vec<_> = ["read", &capture, "-w", out.to_str().unwrap()].into_iter().chain(comment).collect();
        let ran = with_short_files(16, &args);
        ran.fails_with(&[name, "can't write the capture: File too large (os error 27): "]);
        assert_eq!(ran.stdout, shown, "the view is not the file's");
        let (kept, lost) = kept_and_lost(&ran.stderr);
        assert!(kept > 0 && kept + lost == 400, "{}", ran.stderr);
        if name == "out.pcap" {
            // 24 bytes, then 16 and 45, and 16 and 58, in turn.
            assert_eq!(kept, 2 * ((8_192 - 24) / 135) + 1);
        }
        assert_eq!(frames(&out), kept);
    }
    // Of several captures, those behind are shown, and counted, as well.
    let out = dir.path().join("both.pcap");
    let ran = with_short_files(16, &["read", &capture, &capture, "-w", out.to_str().unwrap()]);
    let (kept, lost) = kept_and_lost(&ran.stderr);
    assert_eq!((kept + lost, ran.stdout.matches("200 exchanges: 200 answered").count()), (800, 2), "{}", ran.stderr);
    assert_eq!(frames(&out), kept);
}

#[test]
fn a_disk_that_is_full_leaves_no_piece_of_a_report() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["report.html", "report.md"] {
        let out = dir.path().join(name);
        let ran = with_short_files(1, &["report", LAB, "-o", out.to_str().unwrap()]);
        ran.fails_with(&[name, "File too large (os error 27)"]);
    }
    let marked = dir.path().join("marked.png");
    let ran = with_short_files(1, &["check", "--annotate", marked.to_str().unwrap(), "fixtures/reports/edited.png"]);
    if !ran.stderr.contains("tesseract") {
        ran.fails_with(&["marked.png", "can't"]);
        let _ = fs::remove_file(marked);
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn who_leaves_the_pager_early_gets_the_verdict_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.txt");
    // More than a pipe holds.
    let row = "    1   0.000000    127.0.0.1 → 127.0.0.1    UDP 54 63337 → 8080 Len=17\n";
    fs::write(&report, row.repeat(1_200)).unwrap();
    let args = ["check", report.to_str().unwrap(), LAB];
    let mut command = program();
    command.env("LOOPSHARK_PAGER", "head -n 1").args(args);
    let ran = on_terminal(command, 80);
    assert_eq!((ran.status, ran.stdout.lines().count()), (Some(1), 1), "{ran:?}");
    assert_eq!(loopshark(args).status, Some(1));
}

#[test]
fn kill_ends_the_pager_too() {
    let dir = tempfile::tempdir().unwrap();
    let never = dir.path().join("never");
    assert!(Command::new("mkfifo").arg(&never).status().unwrap().success());
    let many = exchanges(20_000, &dir.path().join("many.pcap"));
    // One that has it all, and one that leaves off in the middle.
    for pager in ["cat > /dev/null; echo shown; read line < ", "read line; echo shown; read line < "] {
        let (person, terminal) = terminal(80);
        let mut command = program();
        command.env("LOOPSHARK_PAGER", format!("{pager}'{}'", never.display())).args(["read", &many]);
        let mut child = command.stdout(terminal).stderr(Stdio::null()).spawn().unwrap();
        drop(command);
        Lines::of(person).find("shown");
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_load_that_can_t_be_sent_is_counted_and_can_be_ended() {
    // Nobody may send there without asking for it.
    let client = ["client", "--server", "255.255.255.255:9", "--in-flight", "3", "--quiet"];
    let ran = loopshark(client.iter().chain(&["--count", "20"]));
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.starts_with("Error al enviar el mensaje: "), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("client: 20 sent, 0 answered, 20 lost (100.0 %)\n"), "{}", ran.stderr);
    let mut endless = start(program().args(client));
    endless.stderr.find("Error al enviar el mensaje: ");
    endless.interrupt();
    endless.stderr.find(" lost (100.0 %)");
    assert_eq!(endless.status(), Some(1));
}

#[cfg(feature = "live")]
pub mod live {
    use std::net::UdpSocket;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::harness::skip;
    use crate::live::{may_capture, quiet_socket};

    /// A capture of what is sent to a port.
    pub fn capture_of(port: u16, args: &[&str]) -> Command {
        let mut command = program();
        command.args(["capture", "-f", &format!("udp dst port {port}")]).args(args);
        command
    }

    pub fn send(count: usize, port: u16) {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..count {
            client.send_to(b"Mando paquete UDP", ("127.0.0.1", port)).unwrap();
        }
    }

    #[test]
    fn a_capture_ends_when_its_reader_has_gone_though_nothing_comes() {
        if !may_capture() {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let saved = dir.path().join("captured.pcap");
        let (_socket, port) = quiet_socket();
        for args in [&[][..], &["--view", "summary"], &["-T", "html"], &["-w", "-"], &["-w", saved.to_str().unwrap()]] {
            let mut command = capture_of(port, args);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let errors = Lines::of(child.stderr.take().unwrap());
            errors.find("capturing on");
            drop(child.stdout.take());
            assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
            let rest = errors.rest();
            assert_eq!(rest, ["loopshark: 0 captured, 0 received by the filter, 0 dropped by the kernel"], "{args:?}");
        }
        assert_eq!(frames(&saved), 0);
    }

    /// Whether the tests themselves, and all that they start, are to outlive their terminal, where the system tells.
    fn is_under_nohup() -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("0");
        u64::from_str_radix(ignored.trim(), 16).unwrap() & 1 == 1
    }

    #[test]
    fn every_polite_signal_ends_a_capture_with_its_table() {
        if !may_capture() {
            return;
        }
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            if signal == Signal::HUP && is_under_nohup() {
                skip("under `nohup` that signal ends no program");
                continue;
            }
            let (_socket, port) = quiet_socket();
            let mut capture = start(&mut capture_of(port, &[]));
            capture.stderr.find("capturing on");
            send(2, port);
            kill_process(Pid::from_child(&capture.child), signal).unwrap();
            capture.stdout.find("2 exchanges: 0 answered, 2 lost");
            assert_eq!(capture.status(), Some(0), "{signal:?}");
        }
    }

    #[test]
    fn what_was_shown_is_in_the_file_of_a_capture_that_was_killed() {
        if !may_capture() {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        for name in ["killed.pcap", "killed.pcapng"] {
            let saved = dir.path().join(name);
            let (_socket, port) = quiet_socket();
            let args = ["--view", "packets", "-w", saved.to_str().unwrap()];
            let mut capture = start(&mut capture_of(port, &args));
            capture.stderr.find("capturing on");
            let killed = AtomicBool::new(false);
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    while !killed.load(Ordering::Relaxed) {
                        send(3, port);
                        std::thread::sleep(Duration::from_millis(1));
                    }
                });
                (0..300).for_each(|_| drop(capture.stdout.next()));
                kill_process(Pid::from_child(&capture.child), Signal::KILL).unwrap();
                killed.store(true, Ordering::Relaxed);
            });
            assert_eq!(capture.status(), None);
            let shown = 300 + capture.stdout.rest().len();
            let ran = loopshark(["read", saved.to_str().unwrap(), "--view", "packets"]);
            assert!(ran.status == Some(0) || ran.stderr.contains("cut short at byte"), "{}", ran.stderr);
            let kept = ran.stdout.lines().count();
            assert!(kept >= shown, "{kept} of {shown}");
        }
    }

    #[test]
    fn what_is_sent_while_nobody_reads_is_shown_later_or_counted() {
        if !may_capture() {
            return;
        }
        let messages = 30_000;
        let (_socket, port) = quiet_socket();
        let mut command = capture_of(port, &["--view", "packets"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let errors = Lines::of(child.stderr.take().unwrap());
        errors.find("capturing on");
        send(messages, port);
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let rows = Lines::of(child.stdout.take().unwrap()).rest().len();
        let counters = errors.find(" captured, ");
        let counts: Vec<usize> = counters.split(' ').filter_map(|word| word.parse().ok()).collect();
        assert_eq!((rows, rows + counts[2]), (counts[0], messages), "{counters}");
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }

    #[test]
    fn a_lab_on_a_full_disk_shows_all_of_its_table() {
        if !may_capture() {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        for name in ["lab.pcap", "lab.pcapng"] {
            let saved = dir.path().join(name);
            let args =
                ["lab", "--bind", "127.0.0.1:0", "--count", "40", "--interval", "1ms", "-w", saved.to_str().unwrap()];
            let ran = with_short_files(4, &args);
            assert_eq!(ran.status, Some(2), "{}", ran.stderr);
            assert!(ran.stdout.contains("\n40 exchanges: 40 answered, 0 lost, 0 refused\n"), "{}", ran.stdout);
            let said = "can't write the capture: File too large (os error 27)";
            let at_once = format!("{name}: {said}; what comes from now on is shown, but not saved");
            assert!(ran.stderr.contains(&at_once), "{}", ran.stderr);
            assert!(ran.stderr.lines().last().unwrap().contains(&format!("{name}: {said}: ")), "{}", ran.stderr);
            let (kept, lost) = kept_and_lost(&ran.stderr);
            assert!(kept > 0 && kept + lost == 80, "{}", ran.stderr);
            assert_eq!(frames(&saved), kept);
        }
    }
}
