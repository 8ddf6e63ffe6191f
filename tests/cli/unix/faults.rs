//! What fails while the program runs: a disk that is full, a reader that has gone, an interface that goes down, a process
//! that is killed, limits of the system. What was captured is not lost without a word.
#![cfg(unix)]

use std::fs;
use std::io::pipe;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::captures::{Pcap, RAW, request, response};
use crate::consoles::server;
use crate::harness::{Lines, Ran, loopshark, program, run, skip, start, terminal};

const LAB: &str = "fixtures/practica6.pcap";

/// The program, started by a shell that lets no file become longer than so many blocks of 512 bytes.
fn with_short_files(blocks: u32, args: &[&str]) -> Ran {
    let program = program();
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")]).arg(program.get_program()).args(args);
    run(as_program(&mut command))
}

/// The surroundings that the program has in all tests.
fn as_program(command: &mut Command) -> &mut Command {
    command.env("TZ", "UTC").env("LC_ALL", "C").env("TERM", "xterm").env_remove("LANGUAGE")
}

/// A capture of the lab's exchanges.
fn exchanges(count: u32, path: &Path) -> String {
    let pcap = (0..count)
        .fold(Pcap::new(RAW), |pcap, n| pcap.frame(2 * n, &request(50_000)).frame(2 * n + 1, &response(50_000)));
    fs::write(path, pcap.bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// How many frames are in a capture, all of which can be read.
fn frames(path: &Path) -> usize {
    let ran = loopshark(["read", path.to_str().unwrap(), "--all", "--view", "packets"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    ran.stdout.lines().count()
}

/// `N frames are in it, M are not`, at the end of the last line.
fn kept_and_lost(stderr: &str) -> (usize, usize) {
    let line = stderr.lines().last().unwrap_or_default();
    let counts = line.rsplit(": ").next().and_then(|counts| counts.split_once(", ")).expect(line);
    let number = |text: &str| text.split(' ').next().unwrap().parse().expect(line);
    (number(counts.0), number(counts.1))
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_can_t_be_written_are_trouble_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    let saved = dir.path().join("out.pcap");
    let mut commands: Vec<Vec<&str>> = Vec::new();
    for view in ["exchanges", "packets", "summary"] {
        for format in ["table", "text", "jsonl", "csv", "tsv", "md", "html"] {
            commands.push(vec!["read", "fixtures/faults-lo.pcap", "--view", view, "-T", format]);
        }
    }
    for format in ["table", "json", "md"] {
        commands.push(vec!["check", "fixtures/reports/typed.md", LAB, "-T", format]);
    }
    commands.push(vec!["read", "fixtures/faults-lo.pcap", "--view", "packets", "-V", "-x"]);
    commands.push(vec!["read", LAB, LAB]);
    commands.push(vec!["read", LAB, "-w", saved.to_str().unwrap()]);
    commands.extend([vec!["man"], vec!["completions", "bash"], vec!["doctor"], vec!["doctor", "-T", "json"]]);
    commands.extend([vec!["--help"], vec!["--version"], vec!["help", "read"]]);
    for args in commands {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = program().args(&args).stdin(Stdio::null()).stdout(full).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        let said = "loopshark: can't write the results: No space left on device (os error 28)\n";
        assert_eq!(error, said, "{args:?}");
    }
    assert_eq!(frames(&saved), 10, "what is saved does not depend on what is shown");
    for args in [&["server", "--bind", "127.0.0.1:0"][..], &["client", "--server", "127.0.0.1:1", "--count", "1"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = program().args(args).stdout(full).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(error.ends_with("can't write to the console: No space left on device (os error 28)\n"), "{error}");
    }
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = program().args(["read", LAB, "-w", "-"]).stdout(full).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("loopshark: standard output: can't write the capture: No space left"), "{error}");
    assert_eq!((output.status.code(), kept_and_lost(&error)), (Some(2), (0, 10)));
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
fn who_leaves_the_pager_early_gets_the_verdict_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.txt");
    // More than a pipe holds.
    let row = "    1   0.000000    127.0.0.1 → 127.0.0.1    UDP 54 63337 → 8080 Len=17\n";
    fs::write(&report, row.repeat(1_200)).unwrap();
    let args = ["check", report.to_str().unwrap(), LAB];
    let mut command = program();
    command.env("LOOPSHARK_PAGER", "head -n 1").args(args);
    let ran = crate::harness::on_terminal(command, 80);
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

#[test]
fn ten_thousand_clients_at_once_are_answered_or_counted() {
    let (mut server, address) = server(&["--quiet"]);
    let args =
        ["client", "--server", &address, "--in-flight", "10000", "--count", "10000", "--timeout", "3", "--quiet"];
    let ran = loopshark(args);
    if ran.status == Some(2) {
        return skip(ran.stderr.trim());
    }
    let outcome = ran.stderr.lines().last().unwrap().strip_prefix("loopshark: client: 10000 sent, ").unwrap();
    let counts: Vec<u64> = outcome.split(' ').filter_map(|word| word.parse().ok()).collect();
    // What does not fit into the server's socket, the system drops.
    assert!(counts[0] >= 500 && counts[0] + counts[1] == 10_000, "{}", ran.stderr);
    let ran = loopshark(["client", "--server", &address, "--count", "1", "--quiet"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    server.interrupt();
    assert_eq!(server.status(), Some(0));
}

/// The program under another name than root's, where few processes and threads are allowed; with the right to capture.
#[cfg(target_os = "linux")]
fn with_few_threads(copy: &Path, user: u32, limit: u32, args: &[&str]) -> Ran {
    let (user, limit) = (user.to_string(), format!("--nproc={limit}"));
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
    command.args(["--inh-caps", "+net_raw", "--ambient-caps", "+net_raw", "prlimit", &limit]);
    run(as_program(command.arg(copy).args(args).current_dir("/")))
}

#[cfg(target_os = "linux")]
#[test]
fn where_no_thread_is_to_be_had_that_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let copy = path("loopshark");
    fs::copy(env!("CARGO_BIN_EXE_loopshark"), &copy).unwrap();
    fs::copy(LAB, path("lab.pcap")).unwrap();
    fs::copy("fixtures/reports/errors.png", path("errors.png")).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    // Numbers that nobody has: what others run counts, too.
    let user = 61_017;
    let ran = with_few_threads(&copy, user, 100, &["read", path("lab.pcap").to_str().unwrap()]);
    if !geteuid().is_root() || ran.status != Some(0) {
        return skip(&format!("this needs root, setpriv and prlimit: {}", ran.stderr.trim()));
    }
    let (capture, picture, report) = (path("lab.pcap"), path("errors.png"), path("report.md"));
    let [capture, picture, report] = [&capture, &picture, &report].map(|path| path.to_str().unwrap());
    for args in [
        &["read", capture, "-T", "jsonl"][..],
        &["read", capture, "--view", "summary"],
        &["report", capture, "-o", report],
        &["check", picture, capture],
        &["client", "--interactive", "--server", "127.0.0.1:1"],
        &["capture", "-a", "duration:0"],
        &["lab", "--bind", "127.0.0.1:0", "--count", "1", "--timeout", "1"],
    ] {
        let mut refused = 0;
        for limit in 1..=5 {
            let ran = with_few_threads(&copy, user, limit, args);
            assert!(!ran.stderr.contains("panicked"), "{args:?} with {limit}: {}", ran.stderr);
            match ran.status {
                Some(0 | 1) => {}
                Some(2) => {
                    refused += 1;
                    let last = ran.stderr.lines().last().unwrap();
                    let said = ["can't start a thread: ", "tesseract", "CAP_NET_RAW"];
                    assert!(said.iter().any(|said| last.contains(said)), "{args:?} with {limit}: {}", ran.stderr);
                }
                other => panic!("{args:?} with {limit} ended with {other:?}: {}", ran.stderr),
            }
        }
        // The one that listens to Ctrl-C is not to be had with one; what is done beside it is not needed for a reading.
        let is_tesseract = args[0] == "check";
        assert!(refused >= usize::from(!is_tesseract), "{args:?}");
        if ["read", "report"].contains(&args[0]) {
            assert_eq!(refused, 1, "{args:?}");
        }
    }
}

/// The program in a network of its own, which this shell command furnishes; none, with a reason, where that can't be.
#[cfg(target_os = "linux")]
fn in_own_network(setup: &str, args: &[&str]) -> Option<Command> {
    let network = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--net", "sh", "-c", script]);
        command
    };
    let tried = network(setup).output();
    if !tried.as_ref().is_ok_and(|tried| tried.status.success()) {
        let why = tried.map_or_else(|error| error.to_string(), |tried| String::from_utf8_lossy(&tried.stderr).into());
        skip(&format!("no network of its own can be made here: {}", why.trim()));
        return None;
    }
    let mut command = network(&format!("{setup} && exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_loopshark")).args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    as_program(&mut command);
    Some(command)
}

/// Does something in the network of a program that runs.
#[cfg(target_os = "linux")]
fn beside(running: &crate::harness::Running, args: &[&str]) -> Ran {
    let mut command = Command::new("nsenter");
    command.args(["-t", &running.child.id().to_string(), "-n"]).args(args);
    run(as_program(&mut command))
}

#[cfg(target_os = "linux")]
#[test]
fn server_and_client_outlive_an_address_that_vanishes() {
    let setup = "ip link set lo up && ip addr add 10.7.7.1/32 dev lo";
    let Some(mut command) = in_own_network(setup, &["server", "--bind", "10.7.7.1:8080"]) else { return };
    let mut server = start(&mut command);
    server.stdout.find("Servidor UDP escuchando en 10.7.7.1:8080");
    let pid = server.child.id().to_string();
    let enter = ["-t", &pid, "-n", env!("CARGO_BIN_EXE_loopshark")];
    let client = ["client", "--server", "10.7.7.1:8080", "--interval", "20ms", "--timeout", "0.2"];
    let mut client = start(as_program(Command::new("nsenter").args(enter).args(client)));
    client.stdout.find("Respuesta del servidor: ");
    assert_eq!(beside(&server, &["ip", "addr", "del", "10.7.7.1/32", "dev", "lo"]).status, Some(0));
    (0..2).for_each(|_| drop(client.stderr.find("Error ")));
    assert_eq!(beside(&server, &["ip", "addr", "add", "10.7.7.1/32", "dev", "lo"]).status, Some(0));
    // What was answered before has been read by now.
    while client.stdout.try_next().is_some() {}
    client.stdout.find("Respuesta del servidor: ");
    client.interrupt();
    let outcome = client.stderr.find("loopshark: client: ");
    let counts: Vec<u64> = outcome.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!(counts[1] > 1 && counts[2] > 0 && counts[0] == counts[1] + counts[2], "{outcome}");
    server.interrupt();
    assert_eq!((client.status(), server.status()), (Some(1), Some(0)));
}

#[cfg(feature = "live")]
mod live {
    use std::net::UdpSocket;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::live::{may_capture, quiet_socket};

    /// A capture of what is sent to a port.
    fn capture_of(port: u16, args: &[&str]) -> Command {
        let mut command = program();
        command.args(["capture", "-f", &format!("udp dst port {port}")]).args(args);
        command
    }

    fn send(count: usize, port: u16) {
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

    #[test]
    fn every_polite_signal_ends_a_capture_with_its_table() {
        if !may_capture() {
            return;
        }
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let (_socket, port) = quiet_socket();
            let mut capture = start(&mut capture_of(port, &[]));
            capture.stderr.find("capturing on");
            send(2, port);
            kill_process(Pid::from_child(&capture.child), signal).unwrap();
            capture.stdout.find("2 exchanges: 0 answered, 2 lost");
            assert_eq!(capture.status(), Some(0), "{signal:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_capture_under_nohup_outlives_its_terminal() {
        if !may_capture() {
            return;
        }
        let (_socket, port) = quiet_socket();
        let plain = capture_of(port, &["--view", "packets"]);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]).arg(plain.get_program()).args(plain.get_args());
        let mut capture = start(as_program(&mut command));
        capture.stderr.find("capturing on");
        kill_process(Pid::from_child(&capture.child), Signal::HUP).unwrap();
        send(1, port);
        capture.stdout.find("Len=17");
        kill_process(Pid::from_child(&capture.child), Signal::TERM).unwrap();
        capture.stderr.find("1 captured");
        assert_eq!(capture.status(), Some(0));
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

    #[cfg(target_os = "linux")]
    #[test]
    fn a_capture_onto_a_disk_that_fills_ends_with_all_of_its_table() {
        if !may_capture() {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let (disk, out) = (dir.path().join("disk"), dir.path().join("out"));
        for folder in [&disk, &out] {
            fs::create_dir(folder).unwrap();
        }
        let script = "mount -t tmpfs -o size=8k none \"$0\" || exit 77; cd \"$0\" && \"$@\"; status=$?; \
                      cp captured.pcap ../out; exit $status";
        let (_socket, port) = quiet_socket();
        let plain = capture_of(port, &["-c", "500", "-w", "captured.pcap"]);
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script]).arg(&disk).arg(plain.get_program()).args(plain.get_args());
        let mut capture = start(as_program(&mut command));
        let first = capture.stderr.next();
        if !first.contains("capturing on") {
            return skip(&format!("no disk of its own can be mounted here: {first}"));
        }
        send(500, port);
        capture.stdout.find("500 exchanges: 0 answered, 500 lost");
        let said = "captured.pcap: can't write the capture: No space left on device (os error 28)";
        let told = capture.stderr.find(&format!("{said}: "));
        assert_eq!(capture.status(), Some(2));
        let (kept, lost) = kept_and_lost(&told);
        assert!(kept > 0 && kept + lost == 500, "{told}");
        assert_eq!(frames(&out.join("captured.pcap")), kept);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_interface_that_is_lost_ends_a_capture_with_what_came_before() {
        let lo = "ip link set lo up";
        let pair = "ip link add d0 type veth peer name d1 && ip addr add 10.9.9.1/24 dev d0 && ip link set d0 up && \
                    ip link set d1 up && ip neigh add 10.9.9.2 lladdr 02:00:00:00:00:02 dev d0";
        let dir = tempfile::tempdir().unwrap();
        let saved = dir.path().join("captured.pcap");
        for (setup, interface, to, change, said) in [
            (lo, "lo", "127.0.0.1:9", "set lo down", "loopshark: lo: the interface went down"),
            (pair, "d0", "10.9.9.2:9", "set d0 down", "loopshark: d0: the interface went down"),
            (pair, "d0", "10.9.9.2:9", "del d0", "loopshark: d0: the interface is gone"),
        ] {
            let args = ["capture", "-i", interface, "-f", "udp", "--view", "packets", "-w", saved.to_str().unwrap()];
            let Some(mut command) = in_own_network(setup, &args) else { return };
            let mut capture = start(&mut command);
            capture.stderr.find("capturing on");
            let client = ["client", "--server", to, "--count", "3", "--interval", "0", "--timeout", "0.1"];
            beside(&capture, &[&[env!("CARGO_BIN_EXE_loopshark")][..], &client].concat());
            (0..3).for_each(|_| drop(capture.stdout.find("→ 9 Len=17")));
            let change: Vec<_> = ["ip", "link"].into_iter().chain(change.split(' ')).collect();
            assert_eq!(beside(&capture, &change).status, Some(0));
            capture.stderr.find("3 captured, 3 received by the filter, 0 dropped by the kernel");
            capture.stderr.find(said);
            assert_eq!(capture.status(), Some(2));
            assert_eq!(frames(&saved), 3);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_lab_whose_loopback_goes_down_ends_with_its_table() {
        let args = ["lab", "--bind", "127.0.0.1:0", "--count", "100000", "--interval", "5ms"];
        let Some(mut command) = in_own_network("ip link set lo up", &args) else { return };
        let mut lab = start(&mut command);
        lab.stderr.find("Respuesta del servidor: ");
        assert_eq!(beside(&lab, &["ip", "link", "set", "lo", "down"]).status, Some(0));
        lab.stdout.find(" answered, ");
        lab.stderr.find("loopshark: lo: the interface went down");
        assert_eq!(lab.status(), Some(2));
    }
}
