//! What a capture gives up once its device is open, and whose its files are. As root, where there is a right to capture.
#![cfg(feature = "live")]

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::harness::{copy_for_everyone, start_copy};
use crate::harness::{Ran, loopshark, program, skip, start};
use crate::live::may_capture;

/// A user that every Linux has, and that owns nothing of value.
const DAEMON: u32 = 1;
const NOBODY: u32 = 65_534;

fn is_root_and_may_capture() -> bool {
    if !rustix::process::geteuid().is_root() {
        skip("only root has something to give up");
        return false;
    }
    may_capture()
}

/// What `/proc/PID/task/TID/status` says of every thread.
fn threads(pid: u32) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap()).collect()
}

fn field<'a>(status: &'a str, name: &str) -> Vec<&'a str> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect(name);
    line.split_whitespace().collect()
}

/// Checks that no thread has anything left: that it is this user, and no capability can come back.
#[track_caller]
fn has_nothing(pid: u32, uid: u32, bounding: bool) {
    let threads = threads(pid);
    assert!(threads.len() >= 3, "the capture, the thread that takes frames, the one that waits for Ctrl-C");
    for status in threads {
        for name in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(field(&status, name), ["0000000000000000"], "{name} in {status}");
        }
        if bounding {
            assert_eq!(field(&status, "CapBnd"), ["0000000000000000"], "{status}");
        }
        assert_eq!(field(&status, "Uid"), [uid.to_string().as_str(); 4], "{status}");
        assert_eq!(field(&status, "NoNewPrivs"), ["1"], "{status}");
        assert_eq!(field(&status, "Seccomp"), ["2"], "a filter: {status}");
    }
}

#[test]
fn a_capture_has_given_up_root_and_every_capability_in_every_thread() {
    if !is_root_and_may_capture() {
        return;
    }
    for (args, uid) in
        [(&[][..], NOBODY), (&["--user", "daemon"], DAEMON), (&["--user", "1"], DAEMON), (&["--user", "root"], 0)]
    {
        let mut capture = start(program().arg("capture").args(args));
        capture.stderr.find("capturing on");
        has_nothing(capture.child.id(), uid, true);
        if uid != 0 {
            for status in threads(capture.child.id()) {
                assert!(!field(&status, "Groups").contains(&"0"), "none of root's groups: {status}");
                assert_ne!(field(&status, "Gid"), ["0"; 4], "{status}");
            }
        }
        capture.interrupt();
        assert_eq!(capture.status(), Some(0));
    }
}

#[test]
fn the_lab_has_given_up_root_before_its_first_message() {
    if !is_root_and_may_capture() {
        return;
    }
    let mut lab = start(program().args(["lab", "--bind", "127.0.0.1:0", "--count", "1000"]));
    lab.stderr.find("Respuesta del servidor");
    has_nothing(lab.child.id(), NOBODY, true);
    lab.interrupt();
    lab.stdout.find("0 lost");
    assert_eq!(lab.status(), Some(0));
}

#[test]
fn who_calls_sudo_owns_the_files_and_nobody_else_may_read_them() {
    if !is_root_and_may_capture() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    chown(&own, Some(DAEMON), Some(DAEMON)).unwrap();
    let as_daemon = |args: &[&str], file: &Path| {
        let mut command = program();
        command.env("SUDO_UID", "1").env("SUDO_GID", "1").args(args).arg(file);
        Ran::of(command.stdin(Stdio::null()).output().unwrap())
    };
    let (captured, copied, report) = (own.join("lab.pcap"), own.join("copy.pcap"), own.join("report.html"));
    let lab = ["lab", "--bind", "127.0.0.1:0", "--count", "1", "-w"];
    let ran = as_daemon(&lab, &captured);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert_eq!(as_daemon(&["read", "fixtures/practica6.pcap", "-w"], &copied).status, Some(0));
    assert_eq!(as_daemon(&["report", "fixtures/practica6.pcap", "-o"], &report).status, Some(0));
    for file in [captured, copied, report] {
        let metadata = file.metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o777), (1, 1, 0o600), "{}", file.display());
    }
    // What is root's alone, neither sudo nor a mistake in a name writes to.
    let roots = folder.path().join("lab.pcap");
    let denied = as_daemon(&lab, &roots);
    let error = denied.stderr.lines().last().unwrap_or_default();
    assert_eq!(denied.status, Some(2), "{denied:?}");
    assert!(error.contains("files are created as daemon") && error.contains("`--user root`"), "{error}");
    assert!(!roots.exists());
    // Root that calls the program itself writes where root may.
    let named = program().args(&lab[..5]).arg("-w").arg(&roots).output().unwrap();
    assert_eq!(named.status.code(), Some(0), "{named:?}");
    let metadata = roots.metadata().unwrap();
    assert_eq!((metadata.uid(), metadata.mode() & 0o777), (0, 0o600));
}

#[test]
fn a_file_that_is_there_stays_whose_it_is_and_as_open_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, args) in [("copy.pcap", ["read", "-w"]), ("report.md", ["report", "-o"])] {
        let file = folder.path().join(name);
        File::create(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let path = file.to_str().unwrap();
        let ran = loopshark([args[0], "fixtures/practica6.pcap", args[1], path]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let metadata = file.metadata().unwrap();
        assert_eq!(metadata.mode() & 0o777, 0o640, "{name}");
        assert!(metadata.len() > 0);
    }
}

#[test]
fn a_user_that_is_none_is_an_error_before_anything_is_opened() {
    for command in ["capture", "lab"] {
        loopshark([command, "--user", "no such user"]).fails_with(&["no such user", "getent passwd"]);
    }
}

#[test]
fn only_root_becomes_another() {
    if !is_root_and_may_capture() {
        return;
    }
    let (_folder, copy) = copy_for_everyone();
    let mut command = Command::new(copy);
    command.args(["capture", "--user", "daemon"]).current_dir("/").uid(NOBODY).gid(NOBODY).env("LC_ALL", "C");
    Ran::of(start_copy(|| command.output())).fails_with(&["only root can become daemon"]);
}

#[test]
fn a_program_that_carries_the_capability_drops_it_when_it_captures_and_never_reads_with_it() {
    if !is_root_and_may_capture() {
        return;
    }
    let (folder, copy) = copy_for_everyone();
    // Version 2, effective; CAP_NET_RAW permitted.
    let attribute = [&[1, 0, 0, 2, 0, 0x20], &[0; 14][..]].concat();
    if let Err(error) = rustix::fs::setxattr(&copy, "security.capability", &attribute, rustix::fs::XattrFlags::empty())
    {
        return skip(&format!("files carry no capabilities here: {error}"));
    }
    let as_nobody = || {
        let mut command = Command::new(&copy);
        command.current_dir("/").uid(NOBODY).gid(NOBODY).env("LC_ALL", "C");
        command
    };
    let mut capture = start_copy(|| Ok(start(as_nobody().arg("capture"))));
    capture.stderr.find("capturing on");
    has_nothing(capture.child.id(), NOBODY, false);
    capture.interrupt();
    assert_eq!(capture.status(), Some(0));

    // A capture that does not come, so that there is a moment to look.
    let late = folder.path().join("late.pcap");
    rustix::fs::mknodat(rustix::fs::CWD, &late, rustix::fs::FileType::Fifo, 0o644.into(), 0).unwrap();
    let mut read = start(as_nobody().arg("read").arg(&late));
    // Opening it waits for the reader, who has given up everything by then.
    let writer = File::options().write(true).open(&late).unwrap();
    for status in threads(read.child.id()) {
        assert_eq!(field(&status, "CapPrm"), ["0000000000000000"], "{status}");
        assert_eq!(field(&status, "NoNewPrivs"), ["1"], "{status}");
    }
    drop(writer);
    assert_eq!(read.status(), Some(2));
}

#[test]
fn a_setuid_program_refuses_to_run() {
    if !is_root_and_may_capture() {
        return;
    }
    for mode in [0o4755, 0o2755] {
        let (_folder, copy) = copy_for_everyone();
        fs::set_permissions(&copy, fs::Permissions::from_mode(mode)).unwrap();
        let mount = rustix::fs::statvfs(&copy).unwrap();
        if mount.f_flag.contains(rustix::fs::StatVfsMountFlags::NOSUID) {
            return skip("setuid counts for nothing in the folder for temporary files");
        }
        let mut command = Command::new(copy);
        command.args(["read", "/dev/null"]).current_dir("/").uid(NOBODY).gid(NOBODY).env("LC_ALL", "C");
        Ran::of(start_copy(|| command.output())).fails_with(&["setuid or setgid", "`chmod ug-s`"]);
    }
}
