//! Several captures in one call, merged or not, and captures that are written from them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::captures::{ETHERNET, NULL, Order, Pcap, Pcapng, RAW, port_unreachable, request, response, udp4};
use crate::harness::{Ran, can_filter, loopshark, loopshark_with_input, skip};
use crate::system;

const LAB: &str = "fixtures/practica6.pcap";
const MICROS: u32 = 0xa1b2_c3d4;
const NANOS: u32 = 0xa1b2_3c4d;

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

/// `loopshark read`, with names of files in a folder.
fn read(dir: &TempDir, args: &[&str]) -> Ran {
    let args = args.iter().map(|arg| {
        let path = dir.path().join(arg);
        if arg.contains('.') && !arg.contains(' ') { path } else { PathBuf::from(arg) }
    });
    loopshark(std::iter::once(PathBuf::from("read")).chain(args))
}

fn packets(path: &Path) -> String {
    let ran = loopshark(["read", "--view", "packets", "--all", path.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    ran.stdout
}

/// What tshark shows of these fields, where there is tshark.
fn tshark(path: &Path, fields: &[&str]) -> Option<String> {
    let fields = fields.iter().flat_map(|field| ["-e", field]);
    let output = Command::new("tshark").args(["-n", "-T", "fields", "-r"]).arg(path).args(fields).output();
    match output {
        Ok(output) if output.status.success() => Some(String::from_utf8(output.stdout).unwrap()),
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => {
            skip("tshark is not installed");
            None
        }
    }
}

fn pair(client: u16) -> Pcap {
    Pcap::new(RAW).frame(0, &request(client)).frame(231, &response(client))
}

#[test]
fn several_captures_are_shown_each_under_its_name() {
    let dir = folder(&[("a.pcap", &pair(50_000).bytes), ("b.pcap", &pair(50_001).bytes)]);
    let [a, b] = ["a.pcap", "b.pcap"].map(|name| dir.path().join(name));
    let alone = [&a, &b].map(|path| loopshark([Path::new("read"), path]).stdout);
    let ran = read(&dir, &["a.pcap", "b.pcap"]);
    let expected = format!("==> {} <==\n{}\n==> {} <==\n{}", a.display(), alone[0], b.display(), alone[1]);
    assert_eq!((ran.status, ran.stdout), (Some(0), expected));
    // What is tshark's to the byte stays so, and JSON lines are objects only.
    for view in [["--view", "packets"].as_slice(), &["--view", "packets", "-T", "jsonl"], &["-T", "jsonl"]] {
        let alone = ["a.pcap", "b.pcap"].map(|name| read(&dir, &[&[name], view].concat()).stdout);
        let ran = read(&dir, &[&["a.pcap", "b.pcap"], view].concat());
        assert_eq!(ran.stdout, alone.concat());
        assert!(ran.stderr.contains(&format!("loopshark: ==> {} <==\n", b.display())), "{}", ran.stderr);
    }
}

#[test]
fn what_can_t_be_read_leaves_the_others() {
    let dir =
        folder(&[("a.pcap", &pair(50_000).cut(3).bytes), ("b.txt", b"no capture"), ("c.pcap", &pair(50_001).bytes)]);
    for args in [["--view", "packets"].as_slice(), &["--view", "packets", "--merge"]] {
        let ran = read(&dir, &[&["a.pcap", "b.txt", "none.pcap", "c.pcap"], args].concat());
        assert_eq!((ran.status, ran.stdout.lines().count()), (Some(2), 3), "{ran:?}");
        for word in ["a.pcap: cut short at byte 85", "b.txt: is not a capture", "none.pcap: no such file"] {
            assert!(ran.stderr.contains(word), "{ran:?}");
        }
    }
}

#[test]
fn standard_input_is_one_of_several_and_only_once() {
    let dir = folder(&[("a.pcap", &pair(50_000).bytes)]);
    let a = dir.path().join("a.pcap");
    let a = a.to_str().unwrap();
    let ran = loopshark_with_input(["read", a, "-", "--view", "packets", "--merge"], &pair(50_001).bytes);
    assert_eq!((ran.status, ran.stdout.lines().count()), (Some(0), 4), "{ran:?}");
    loopshark(["read", "-", a, "-"]).fails_with(&["standard input, which can be read only once"]);
    loopshark(["read", "-2", a, "-"]).fails_with(&["-2 reads the capture twice"]);
    loopshark(["read", "-", "-w", "x.pcapng", "--comment"]).fails_with(&["--comment reads the capture twice"]);
}

#[test]
fn a_count_and_a_filter_hold_for_each_capture_or_for_the_merged_one() {
    let dir = folder(&[("a.pcap", &pair(50_000).bytes), ("b.pcap", &pair(50_001).bytes)]);
    let rows = |args: &[&str]| read(&dir, &[&["a.pcap", "b.pcap", "--view", "packets"], args].concat()).stdout;
    assert_eq!(rows(&["-c", "1"]).lines().count(), 2);
    assert_eq!(rows(&["-c", "1", "--merge"]).lines().count(), 1);
    if can_filter() {
        assert_eq!(rows(&["-f", "udp src port 8080"]).lines().count(), 2);
        let merged = rows(&["-f", "udp src port 8080", "--merge"]);
        let numbers: Vec<_> = merged.lines().map(|row| row.split_whitespace().next().unwrap()).collect();
        assert_eq!(numbers, ["3", "4"]);
    }
}

/// A frame at this many microseconds in each of three link types.
fn mixed() -> TempDir {
    let (req, res) = (request(50_000), response(50_000));
    let null = [&[2, 0, 0, 0], &res[..]].concat();
    let ethernet = [&[0; 12], &[8, 0][..], &req[..]].concat();
    folder(&[
        ("raw.pcap", &Pcap::new(RAW).frame(10, &req).frame(5, &req).frame(40, &req).bytes),
        ("null.pcap", &Pcap::new(NULL).frame(10, &null).frame(20, &null).bytes),
        (
            "ethernet.pcap",
            &Pcap::with(Order::Big, NANOS, 65_535, ETHERNET)
                .frame(0, &ethernet)
                .record([0, 10_001, 59, 59], &ethernet)
                .bytes,
        ),
    ])
}

#[test]
fn captures_are_merged_by_time_and_those_of_one_time_in_the_order_of_their_names() {
    let dir = mixed();
    let ran = read(&dir, &["--merge", "--view", "packets", "-t", "e", "raw.pcap", "null.pcap", "ethernet.pcap"]);
    let cells = |row: &str| -> Vec<String> {
        let words: Vec<_> = row.split_whitespace().collect();
        vec![words[0].to_owned(), words[1].to_owned(), words[6].to_owned()]
    };
    let rows: Vec<_> = ran.stdout.lines().map(cells).collect();
    // A frame that is out of order in its own capture comes as soon as it is seen.
    assert_eq!(
        rows,
        [
            ["1", "0.000000000", "59"],
            ["2", "0.000010", "45"],
            ["3", "0.000005", "45"],
            ["4", "0.000010", "62"],
            ["5", "0.000010001", "59"],
            ["6", "0.000020", "62"],
            ["7", "0.000040", "45"],
        ]
    );
}

#[test]
fn merged_captures_are_read_twice_too() {
    let frames = std::fs::read("fixtures/fragments-veth.pcap").unwrap();
    let dir = folder(&[("a.pcap", &frames), ("b.pcap", &Pcap::new(ETHERNET).bytes)]);
    let args = ["-2", "--view", "packets", "--all"];
    let merged = read(&dir, &[&args[..], &["--merge", "b.pcap", "a.pcap"]].concat());
    let alone = read(&dir, &[&args[..], &["a.pcap"]].concat());
    assert!(alone.stdout.contains("[Reassembled in #"), "{}", alone.stdout);
    assert_eq!(merged.stdout, alone.stdout);
    assert_eq!(read(&dir, &[&args[..], &["b.pcap", "a.pcap"]].concat()).stdout, alone.stdout);
}

#[test]
fn every_fixture_is_written_and_read_back_in_both_formats() {
    let dir = tempfile::tempdir().unwrap();
    let fields = ["frame.time_epoch", "frame.len", "frame.cap_len", "udp.srcport", "frame.encap_type"];
    for fixture in crate::properties::fixtures() {
        let seen = tshark(&fixture, &fields);
        for name in ["out.pcap", "out.pcapng"] {
            let out = dir.path().join(name);
            let args = ["read", "--view", "packets", "--all", fixture.to_str().unwrap(), "-w", out.to_str().unwrap()];
            let ran = loopshark(args);
            assert_eq!((ran.status, ran.stdout), (Some(0), packets(&fixture)), "{name}");
            assert_eq!(packets(&out), packets(&fixture), "{name}");
            assert_eq!(tshark(&out, &fields), seen, "{name}");
        }
    }
}

#[test]
fn the_name_of_a_capture_says_its_format() {
    let dir = folder(&[("a.pcap", &pair(50_000).bytes)]);
    let names = ["out.pcap", "out.cap", "out.dmp", "out.pcapng", "out.NTAR"];
    let first = |name| {
        assert_eq!(read(&dir, &["a.pcap", "-w", name]).status, Some(0));
        std::fs::read(dir.path().join(name)).unwrap()[0]
    };
    assert_eq!(names.map(|name| first(name) == 0x0a), [false, false, false, true, true]);
}

#[test]
fn what_a_view_shows_is_written() {
    let mdns = udp4(5353, 5353, &[0; 12]);
    let bytes =
        Pcap::new(RAW).frame(0, &mdns).frame(1, &request(50_000)).frame(2, &[0; 20]).frame(3, &response(50_000));
    let dir = folder(&[("in.pcap", &bytes.bytes)]);
    let written = |args: &[&str]| -> usize {
        let ran = read(&dir, &[&["in.pcap", "-w", "out.pcap"], args].concat());
        assert_eq!(ran.status, Some(0), "{ran:?}");
        packets(&dir.path().join("out.pcap")).lines().count()
    };
    assert_eq!(written(&["--view", "packets"]), 3);
    assert_eq!(written(&["--view", "packets", "--all"]), 4);
    assert_eq!(written(&["--view", "exchanges"]), 2);
    assert_eq!(written(&["--view", "summary"]), 2);
    assert_eq!(written(&["--view", "packets", "-c", "2"]), 1);
    if can_filter() {
        assert_eq!(written(&["-f", "udp dst port 8080"]), 1);
    }
}

#[test]
fn a_capture_on_standard_output_comes_alone() {
    for (args, first) in [
        (["read", "fixtures/node-lo.pcap", "-w", "-"].as_slice(), 0xd4_u8),
        (&["read", "fixtures/node-lo.pcap", "-w", "-", "--comment"], 0x0a),
    ] {
        let output = crate::harness::program().args(args).output().unwrap();
        assert_eq!((output.status.code(), output.stdout[0]), (Some(0), first));
        let again = loopshark_with_input(["read", "-"], &output.stdout);
        assert_eq!(again.stdout, loopshark(["read", "fixtures/node-lo.pcap"]).stdout);
    }
}

#[test]
fn a_pcap_file_has_one_link_type_and_one_precision() {
    let dir = mixed();
    let both = ["--merge", "--view", "packets", "raw.pcap", "null.pcap", "-w"];
    let ran = read(&dir, &[&both[..], &["out.pcap"]].concat());
    ran.fails_with(&["out.pcap", "frame 3 has link type 0 (NULL)", "here 101 (RAW)", "name a .pcapng file"]);
    let ran = read(&dir, &["raw.pcap", "ethernet.pcap", "--view", "packets", "-w", "out.pcap"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("frame 1 has link type 1 (ETHERNET)"), "{ran:?}");
    let nanos = Pcap::with(Order::Little, NANOS, 0, RAW).frame(7, &request(50_000));
    std::fs::write(dir.path().join("nanos.pcap"), nanos.bytes).unwrap();
    let ran = read(&dir, &["--merge", "--view", "packets", "nanos.pcap", "raw.pcap", "-w", "out.pcap"]);
    assert_eq!(ran.status, Some(0), "microseconds are nanoseconds, too: {ran:?}");
    let ran = read(&dir, &["raw.pcap", "nanos.pcap", "--view", "packets", "-w", "out.pcap"]);
    assert!(ran.stderr.contains("frame 1 has nanoseconds"), "{ran:?}");
    // In pcapng all that has its place.
    let all = ["--merge", "--view", "packets", "raw.pcap", "null.pcap", "ethernet.pcap", "nanos.pcap"];
    let shown = read(&dir, &all).stdout;
    assert_eq!(read(&dir, &[&all[..], &["-w", "out.pcapng"]].concat()).stdout, shown);
    assert_eq!(packets(&dir.path().join("out.pcapng")), shown);
}

#[test]
fn every_precision_is_kept() {
    for resolution in [0, 1, 2, 3, 6, 9, 0x8a, 12] {
        let capture = Pcapng::new(Order::Big).interface(101, 0, &[(9, &[resolution])]);
        let capture = capture.frame(0, 5, &request(50_000)).frame(0, 1_234_567, &response(50_000));
        let dir = folder(&[("in.pcapng", &capture.bytes)]);
        assert_eq!(read(&dir, &["in.pcapng", "-w", "out.pcapng"]).status, Some(0));
        let [before, after] = ["in.pcapng", "out.pcapng"].map(|name| read(&dir, &["-T", "jsonl", name]).stdout);
        assert_eq!(before, after, "{resolution}");
        if resolution < 0x80 {
            let [before, after] = ["in.pcapng", "out.pcapng"].map(|name| packets(&dir.path().join(name)));
            assert_eq!(before, after, "{resolution}");
        }
    }
}

#[test]
fn no_capture_is_written_over_itself() {
    let dir = folder(&[("a.pcap", &pair(50_000).bytes)]);
    let before = std::fs::read(dir.path().join("a.pcap")).unwrap();
    read(&dir, &["a.pcap", "-w", "a.pcap"]).fails_with(&["a.pcap: is read"]);
    std::fs::hard_link(dir.path().join("a.pcap"), dir.path().join("b.pcap")).unwrap();
    read(&dir, &["a.pcap", "-w", "b.pcap"]).fails_with(&["is read"]);
    match system::symbolic_link("a.pcap", &dir.path().join("c.pcap")) {
        Ok(()) => read(&dir, &["a.pcap", "-w", "c.pcap"]).fails_with(&["is read"]),
        Err(error) => skip(&format!("no symbolic link can be made here: {error}")),
    }
    assert_eq!(std::fs::read(dir.path().join("a.pcap")).unwrap(), before);
    // A file that can't be read leaves the one that would have been written.
    assert_eq!(read(&dir, &["none.pcap", "-w", "a.pcap"]).status, Some(2));
    assert_eq!(std::fs::read(dir.path().join("a.pcap")).unwrap(), before);
}

#[test]
fn a_name_with_spaces_and_letters_of_any_language_is_a_name_like_any_other() {
    let dir = folder(&[("práctica nº 6.pcap", &std::fs::read(LAB).unwrap())]);
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let [capture, copy, report] = ["práctica nº 6.pcap", "copia ñ €.pcapng", "informe nº 6.md"].map(path);
    let ran = loopshark(["read", "--all", "--view", "packets", &capture, "-w", &copy]);
    assert_eq!((ran.status, ran.stdout, ran.stderr), (Some(0), packets(Path::new(LAB)), String::new()));
    let shown = loopshark(["read", LAB]).stdout;
    let both = loopshark(["read", &capture, &copy]);
    assert_eq!(both.stdout, format!("==> {capture} <==\n{shown}\n==> {copy} <==\n{shown}"));
    let checked = |capture: &str| loopshark(["check", "fixtures/reports/mail.txt", capture]).stdout;
    assert_eq!([checked(&capture), checked(&copy)], [checked(LAB), checked(LAB)]);
    assert_eq!(loopshark(["report", &capture, "-o", &report, "--title", "Práctica nº 6"]).status, Some(0));
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("práctica nº 6.pcap") && report.contains("Práctica nº 6"), "{report}");
    read(&dir, &["práctica.pcap"]).fails_with(&["práctica.pcap: no such file"]);
}

#[test]
fn the_null_device_takes_a_capture_and_has_none() {
    let ran = loopshark(["read", LAB, "-w", system::NULL_DEVICE]);
    assert_eq!((ran.status, ran.stdout), (Some(0), loopshark(["read", LAB]).stdout), "{}", ran.stderr);
    loopshark(["read", system::NULL_DEVICE]).fails_with(&[system::NULL_DEVICE, "is empty"]);
}

#[test]
fn what_can_t_be_written_is_refused_before_anything_is() {
    let dir = folder(&[("a.pcap", &pair(50_000).bytes)]);
    read(&dir, &["a.pcap", "-w", "out.pcap", "--comment"]).fails_with(&["out.pcap", "only pcapng holds comments"]);
    read(&dir, &["a.pcap", "-w", "out.pcap.gz"]).fails_with(&["no compressed captures are written"]);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(read(&dir, &["a.pcap", "--comment"]).status, Some(2));
}

#[test]
fn a_capture_without_frames_keeps_its_link_type() {
    let dir = folder(&[("a.pcap", &Pcap::with(Order::Big, MICROS, 96, NULL).bytes)]);
    for out in ["out.pcap", "out.pcapng"] {
        assert_eq!(read(&dir, &["a.pcap", "-w", out]).status, Some(0));
        assert_eq!(packets(&dir.path().join(out)), "");
    }
    let bytes = std::fs::read(dir.path().join("out.pcap")).unwrap();
    assert_eq!(bytes[20..24], 0_u32.to_ne_bytes());
}

/// Frames with every fate, two of them commented on already.
fn commented() -> Pcapng {
    let refusal = port_unreachable(&request(50_003));
    let order = Order::Little;
    let plain = Pcapng::new(order).interface(101, 0, &[(1, b"of the interface")]);
    let commented = |pcapng: Pcapng, micros: u32, data: &[u8], comments: &[&[u8]]| {
        let len = u32::try_from(data.len()).unwrap();
        let mut body: Vec<u8> = [0, 0, micros, len, len].into_iter().flat_map(|word| order.u32(word)).collect();
        body.extend(data);
        body.resize(body.len().next_multiple_of(4), 0);
        for comment in comments {
            body.extend([1, 0]);
            body.extend(order.u16(u16::try_from(comment.len()).unwrap()));
            body.extend(*comment);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        pcapng.block(6, &body)
    };
    let capture = plain.frame(0, 0, &udp4(5353, 5353, &[0; 12]));
    let capture = commented(capture, 1_000, &request(50_000), &[b"look \x1b[31mhere"]);
    capture
        .frame(0, 1_231, &response(50_000))
        .frame(0, 2_000, &request(50_001))
        .frame(0, 3_000, &request(50_003))
        .frame(0, 3_100, &refusal)
        .frame(0, 4_000, &request(50_004))
        .frame(0, 6_004_500, &response(50_004))
        .frame(0, 6_005_000, &response(50_004))
}

#[test]
fn comments_say_what_became_of_each_exchange_in_the_chosen_language() {
    let dir = folder(&[("in.pcapng", &commented().bytes)]);
    let english = [
        "look \\x1b[31mhere,request 1, answered by 2 in 0.231 ms",
        "response to 1 after 0.231 ms",
        "request 3, no response within 5 s",
        "request 4, refused by 5: Destination unreachable (Port unreachable)",
        "says that request 4 was refused",
        "request 6, answered late by 7, after 6000.500 ms",
        "late response to 6, after 6000.500 ms",
        "a further response, or another copy of one",
    ];
    let ran = read(&dir, &["in.pcapng", "-w", "out.pcapng", "--comment"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let out = dir.path().join("out.pcapng");
    let shown = loopshark([Path::new("read"), &out]).stderr;
    let expected: Vec<String> = (1..)
        .zip(english)
        .flat_map(|(number, text)| {
            let texts: Vec<_> = if number == 1 { text.split(",r").collect() } else { vec![text] };
            let whole = |text: &str| if text.starts_with("equest") { format!("r{text}") } else { text.to_owned() };
            texts
                .into_iter()
                .map(move |text| format!("loopshark: comment of frame {number}: {}", whole(text)))
                .collect::<Vec<_>>()
        })
        .map(|line| line.replace("\\x1b", "\\033"))
        .collect();
    assert_eq!(shown.lines().map(str::to_owned).collect::<Vec<_>>(), expected);
    if let Some(seen) = tshark(&out, &["frame.comment"]) {
        assert_eq!(seen.lines().count(), 8, "{seen}");
        assert!(seen.lines().nth(3).unwrap().ends_with(english[3]), "{seen}");
    }
    let ran = read(&dir, &["--lang", "es", "in.pcapng", "-w", "out.pcapng", "--comment"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let shown = loopshark([Path::new("read"), &out]).stderr;
    assert!(shown.contains("comment of frame 1: petición 1, respondida por 2 en 0.231 ms"), "{shown}");
}

#[test]
fn comments_name_the_numbers_that_frames_have_where_they_are_written() {
    let dir = folder(&[("in.pcapng", &commented().bytes), ("b.pcap", &pair(50_009).bytes)]);
    for (args, words) in [
        (
            ["in.pcapng", "b.pcap", "--all", "--view", "packets"].as_slice(),
            ["request 2, answered by 3", "request 10, answered by 11"],
        ),
        (&["in.pcapng", "b.pcap", "--view", "packets"], ["request 1, answered by 2", "request 9, answered by 10"]),
        (&["in.pcapng", "b.pcap"], ["request 1, answered by 2", "request 9, answered by 10"]),
        (&["in.pcapng", "b.pcap", "--merge"], ["request 1, answered by 2", "request 3, answered by 4"]),
        (&["in.pcapng", "-c", "4"], ["request 1, answered by 2", "request 3, no response within 5 s"]),
    ] {
        let ran = read(&dir, &[args, &["-w", "out.pcapng", "--comment"]].concat());
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let shown = loopshark([Path::new("read"), &dir.path().join("out.pcapng")]).stderr;
        for word in words {
            assert!(shown.contains(&format!(": {word}")), "{args:?}: {shown}");
        }
    }
}

#[test]
fn comments_are_shown_and_can_t_drive_the_terminal() {
    let ran = loopshark_with_input(["read", "-"], &commented().bytes);
    assert_eq!(
        ran.stderr,
        "loopshark: comment of the capture: of the interface\nloopshark: comment of frame 2: look \\033[31mhere\n"
    );
    let many = (0..25_u8).fold(Pcapng::new(Order::Big).interface(101, 0, &[]), |capture, n| {
        let mut body: Vec<u8> = [0, 0, 0, 0, 0].into_iter().flat_map(|word| Order::Big.u32(word)).collect();
        body.extend([0, 1, 0, 1, b'a' + n, 0, 0, 0]);
        capture.block(6, &body)
    });
    let ran = loopshark_with_input(["read", "-"], &many.bytes);
    assert!(ran.stderr.contains("frame 20: t\nloopshark: and 5 more comments\n"), "{}", ran.stderr);
}

#[test]
fn many_exchanges_are_commented_on_without_waiting_for_all() {
    let capture = (0..3_000_u32).fold(Pcap::new(RAW), |pcap, n| {
        let client = 40_000 + u16::try_from(n).unwrap();
        let pcap = pcap.frame(n * 1_000, &request(client));
        if n % 10 == 0 { pcap } else { pcap.frame(n * 1_000 + 300, &response(client)) }
    });
    let dir = folder(&[("in.pcap", &capture.bytes)]);
    assert_eq!(read(&dir, &["in.pcap", "-w", "out.pcapng", "--comment"]).status, Some(0));
    let shown = loopshark([Path::new("read"), &dir.path().join("out.pcapng")]).stderr;
    assert!(shown.contains("and 5680 more comments"), "{shown}");
    let [before, after] = ["in.pcap", "out.pcapng"].map(|name| read(&dir, &["-T", "jsonl", name]).stdout);
    assert_eq!(before, after);
}
