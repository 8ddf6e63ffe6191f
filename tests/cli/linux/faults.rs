//! What fails while the program runs, where only Linux lets a test make it fail: a device that is full, limits of threads,
//! networks and disks of a process of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::geteuid;

use crate::faults::{LAB, frames};
use crate::harness::{Ran, program, run, skip, start};
use crate::unix::faults::{as_program, kept_and_lost};

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

/// The program under another name than root's, where few processes and threads are allowed; with the right to capture.
fn with_few_threads(copy: &Path, user: u32, limit: u32, args: &[&str]) -> Ran {
    let (user, limit) = (user.to_string(), format!("--nproc={limit}"));
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
    command.args(["--inh-caps", "+net_raw", "--ambient-caps", "+net_raw", "prlimit", &limit]);
    run(as_program(command.arg(copy).args(args).current_dir("/")))
}

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
fn beside(running: &crate::harness::Running, args: &[&str]) -> Ran {
    let mut command = Command::new("nsenter");
    command.args(["-t", &running.child.id().to_string(), "-n"]).args(args);
    run(as_program(&mut command))
}

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
    while client.stdout.0.try_recv().is_ok() {}
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
    use rustix::process::{Pid, Signal, kill_process};

    use super::*;
    use crate::live::{may_capture, quiet_socket};
    use crate::unix::faults::live::{capture_of, send};

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
