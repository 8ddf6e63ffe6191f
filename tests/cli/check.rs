//! Reports against captures: text in every shape, pictures, PDF, and what is no report at all.
//!
//! The expected answers to the text cases stand beside them in `fixtures/reports`. Pictures are read by tesseract; where
//! it is missing, tests of pictures are skipped.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{Ran, loopshark, loopshark_with_input, skip};

const LAB: &str = "fixtures/practica6.pcap";

fn report(name: &str) -> String {
    format!("fixtures/reports/{name}")
}

/// Checks a report of the fixtures, as JSON.
fn check(name: &str, capture: &str) -> (Ran, serde_json::Value) {
    let ran = loopshark(["check", "-T", "json", &report(name), capture]);
    let json = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("no JSON: {ran:?}"));
    (ran, json)
}

/// Row by row: the frame, the verdict, and the columns that deviate.
fn verdicts(json: &serde_json::Value) -> Vec<(u64, String, Vec<String>)> {
    let of = |row: &serde_json::Value| {
        let columns = row["cells"].as_array().unwrap().iter().map(|cell| cell["column"].as_str().unwrap().to_owned());
        (row["frame"].as_u64().unwrap_or(0), row["verdict"].as_str().unwrap().to_owned(), columns.collect())
    };
    json["rows"].as_array().unwrap().iter().map(of).collect()
}

fn has_tesseract() -> bool {
    let found = Command::new("tesseract").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        skip("tesseract is not installed, so pictures can't be read");
    }
    found
}

#[test]
fn text_in_every_shape_has_its_expected_verdicts() {
    let mut cases = 0;
    for entry in std::fs::read_dir("fixtures/reports").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(case) = name.strip_suffix(".json") else { continue };
        let expected = std::fs::read_to_string(&path).unwrap();
        let ran = match case.strip_suffix(".alone") {
            Some(case) => loopshark(["check", "-T", "json", &report(case)]),
            None => loopshark(["check", "-T", "json", &report(case), LAB]),
        };
        assert_eq!(ran.stdout, expected, "{name}");
        let negative =
            ["differs", "absent", "unreadable"].iter().any(|word| expected.contains(&format!("\"{word}\",")));
        assert_eq!(ran.status, Some(i32::from(negative)), "{name}: {}", ran.stderr);
        cases += 1;
    }
    assert!(cases > 10, "{cases} cases");
}

#[test]
fn what_loopshark_prints_is_what_the_capture_has() {
    for args in [
        &["--view", "packets", "--all"][..],
        &["--view", "packets", "--all", "-T", "jsonl"],
        &["--view", "packets", "--all", "-t", "ud"],
        &["--view", "packets", "--all", "-t", "e"],
        &["--view", "packets", "--all", "-t", "d"],
        &["-T", "table"],
        &["-T", "text"],
        &["-T", "jsonl"],
    ] {
        for capture in [LAB, "fixtures/ipv6-lo.pcap", "fixtures/server-down-lo.pcap", "fixtures/faults-lo.pcap"] {
            let printed = loopshark([&["read", capture], args].concat());
            let ran = loopshark_with_input(["check", "-T", "json", "-", capture], printed.stdout.as_bytes());
            let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
            let rows = json["summary"]["rows"].as_u64().unwrap();
            assert_eq!(json["summary"]["match"].as_u64(), Some(rows), "{args:?} of {capture}: {}", ran.stdout);
            assert!(rows >= 6, "{args:?} of {capture}");
        }
    }
}

#[test]
fn every_changed_digit_is_found() {
    let printed = loopshark(["read", LAB]).stdout;
    let row = printed.lines().nth(3).unwrap();
    for (at, digit) in row.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let other = if digit == '7' { "4" } else { "7" };
        let mut edited = row.to_owned();
        edited.replace_range(at..=at, other);
        let ran = loopshark_with_input(["check", "-", LAB], printed.replace(row, &edited).as_bytes());
        assert_eq!(ran.status, Some(1), "{edited}\n{}", ran.stdout);
        assert!(ran.stdout.contains("10 rows: 9 match, 0 near, 1 differs"), "{edited}\n{}", ran.stdout);
    }
}

#[test]
fn several_reports_have_a_verdict_each_and_one_total() {
    let ran = loopshark(["check", &report("mail.txt"), &report("copied.csv"), LAB]);
    assert_eq!(ran.status, Some(1));
    insta::assert_snapshot!("check-several-table", ran.stdout);
    for format in ["json", "md"] {
        let ran = loopshark(["check", "-T", format, &report("mail.txt"), &report("copied.csv"), LAB]);
        insta::assert_snapshot!(format!("check-several-{format}"), ran.stdout);
    }
}

#[test]
fn findings_without_a_capture_are_places_to_look() {
    let ran = loopshark(["check", &report("typed.md")]);
    assert_eq!(ran.status, Some(1));
    insta::assert_snapshot!("check-alone-table", ran.stdout);
    let fine = loopshark(["check", &report("copied.csv")]);
    assert_eq!(fine.status, Some(0), "{}", fine.stdout);
}

#[test]
fn pictures_are_read_row_by_row() {
    if !has_tesseract() {
        return;
    }
    for (name, capture, frames) in [
        ("lab.png", LAB, 37..=46),
        ("lab-selected.jpg", LAB, 37..=46),
        ("errors.png", "fixtures/server-down-lo.pcap", 1..=6),
    ] {
        let (ran, json) = check(name, capture);
        let expected: Vec<_> = frames.map(|frame| (frame, "match".to_owned(), Vec::new())).collect();
        assert_eq!(verdicts(&json), expected, "{name}");
        assert_eq!(ran.status, Some(0));
    }
}

#[test]
fn an_edited_picture_differs_where_it_was_edited() {
    if !has_tesseract() {
        return;
    }
    let (ran, json) = check("edited.png", LAB);
    assert_eq!(ran.status, Some(1));
    for (frame, verdict, columns) in verdicts(&json) {
        match frame {
            40 => assert_eq!((verdict.as_str(), columns), ("differs", vec!["Info".to_owned()])),
            43 => assert_eq!((verdict.as_str(), columns), ("differs", vec!["Length".to_owned(), "Info".to_owned()])),
            _ => assert_eq!((verdict.as_str(), columns.len()), ("match", 0), "frame {frame}"),
        }
    }
}

#[test]
fn a_pdf_is_read_with_its_text_and_its_pictures() {
    if !has_tesseract() {
        return;
    }
    let (ran, json) = check("informe.pdf", LAB);
    let frames: Vec<_> = verdicts(&json).into_iter().map(|(frame, verdict, _)| (frame, verdict)).collect();
    let expected: Vec<_> = (37..=40).chain(37..=46).map(|frame| (frame, "match".to_owned())).collect();
    assert_eq!(frames, expected);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn rows_are_marked_on_the_picture() {
    if !has_tesseract() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("marked.png");
    let ran = loopshark(["check", "--annotate", out.to_str().unwrap(), &report("edited.png"), LAB]);
    assert_eq!(ran.status, Some(1));
    let marked = image::open(&out).unwrap().into_rgb8();
    let red = |y: &u32| matches!(marked.get_pixel(2, *y).0, [0xe5, 0x1c, 0x23]);
    let green = |y: &u32| matches!(marked.get_pixel(2, *y).0, [0x2e, 0xa0, 0x43]);
    let rows = |is: &dyn Fn(&u32) -> bool| {
        let runs: Vec<bool> = (0..marked.height()).map(|y| is(&y)).collect();
        runs.windows(2).filter(|pair| !pair[0] && pair[1]).count()
    };
    assert_eq!((rows(&green), rows(&red)), (8, 2));
}

/// As editors and spreadsheets of Windows write them.
#[test]
fn lines_that_end_as_on_windows_have_the_very_same_verdicts() {
    for name in
        ["another-run.txt", "mail.txt", "exported.txt", "typed.md", "two-tables.md", "copied.csv", "spreadsheet.csv"]
    {
        let text = std::fs::read_to_string(report(name)).unwrap().replace("\r\n", "\n");
        for (format, captures) in [("json", &[LAB][..]), ("table", &[LAB]), ("md", &[LAB]), ("json", &[])] {
            let args = [&["check", "-T", format, "-"], captures].concat();
            let [unix, windows] =
                [&text, &text.replace('\n', "\r\n")].map(|text| loopshark_with_input(&args, text.as_bytes()));
            assert_eq!(windows.stdout, unix.stdout, "{name}");
            assert_eq!((windows.status, windows.stderr), (unix.status, unix.stderr), "{name}");
            assert!(unix.stdout.contains("match"), "{name}: {}", unix.stdout);
        }
    }
}

#[test]
fn what_is_no_report_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let refuses = |path: &str, words: &[&str]| loopshark(["check", path, LAB]).fails_with(&[words, &[path]].concat());
    refuses(&file("empty.txt", b""), &["empty"]);
    refuses(&file("prose.txt", b"Nothing but prose, and more of it.\nNo rows.\n"), &["no row"]);
    refuses(&file("broken.png", b"\x89PNG\r\n\x1a\nand no more"), &["can't be read"]);
    refuses(&file("what.bin", b"\0\x01\x02\x03"), &["neither text", "PDF"]);
    refuses(&file("report.docx", b"PK\x03\x04\0\0"), &["save", "PDF"]);
    refuses(&file("broken.pdf", b"%PDF-1.7\nnothing"), &[]);
    refuses(folder.path().to_str().unwrap(), &["folder"]);
    let missing = "fixtures/reports/missing.png";
    refuses(missing, &[&std::fs::File::open(missing).unwrap_err().to_string()]);
    loopshark(["check", LAB]).fails_with(&["which report"]);
    loopshark(["check", LAB, "fixtures/ipv6-lo.pcap", &report("utc.txt")]).fails_with(&["second capture"]);
    loopshark(["check", "--annotate", "x.png", &report("utc.txt"), LAB]).fails_with(&["--annotate"]);
}

/// A picture of one colour, as PNG.
fn picture(folder: &Path, width: u32, height: u32) -> String {
    let path = folder.join(format!("{width}x{height}.png"));
    image::GrayImage::from_pixel(width, height, image::Luma([200])).save(&path).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn pictures_without_a_table_are_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let large = picture(folder.path(), 20_000, 20_000);
    loopshark(["check", &large, LAB]).fails_with(&["20000 × 20000", "cut out"]);
    if has_tesseract() {
        for (width, height) in [(1, 1), (1, 3_000), (3_000, 1), (640, 480)] {
            loopshark(["check", &picture(folder.path(), width, height), LAB]).fails_with(&["no row"]);
        }
    }
}

#[test]
fn without_tesseract_a_picture_is_refused_with_the_way_to_get_it() {
    let empty = tempfile::tempdir().unwrap();
    let output = crate::harness::program()
        .env("PATH", empty.path())
        .args(["check", &report("lab.png"), LAB])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("tesseract") && said.contains("install") && said.lines().count() == 1, "{said}");
}

#[test]
fn nothing_in_a_report_moves_the_cursor() {
    let row = "37 12.878387 127.0.0.1 127.0.0.1 UDP 49 63337 → 8080 Len=17 \u{1b}[31m\u{202e}\u{9b}2J\n";
    for format in ["table", "json", "md"] {
        let ran = loopshark_with_input(["check", "-T", format, "-", LAB], row.as_bytes());
        assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{:?}", ran.stdout);
    }
}

/// Screenshots of a real Wireshark beside this checkout, whose verdicts their own README gives.
#[test]
fn the_shared_screenshots_have_their_verdicts() {
    let folder = Path::new("../shared/reports");
    if !folder.is_dir() {
        return skip("no screenshots beside this checkout");
    }
    if !has_tesseract() {
        return;
    }
    let none: &[u64] = &[];
    for (name, rows, edited) in [
        ("full.png", 21, none),
        ("full.jpg", 21, none),
        ("spanish.png", 21, none),
        ("zoomed.png", 25, none),
        ("downscaled.png", 25, none),
        ("filtered-laptop.png", 18, none),
        ("edited-lengths.png", 21, &[15, 18]),
        ("edited-port.png", 18, &[17]),
    ] {
        let picture = folder.join(name);
        let capture = folder.join("capture.pcap");
        let ran = loopshark(["check", "-T", "json", picture.to_str().unwrap(), capture.to_str().unwrap()]);
        let json = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("no JSON: {ran:?}"));
        let verdicts = verdicts(&json);
        assert_eq!(verdicts.len(), rows, "{name}");
        for (frame, verdict, cells) in verdicts {
            let expected = if edited.contains(&frame) { "differs" } else { "match" };
            assert_eq!(verdict, expected, "{name}, frame {frame}: {cells:?}");
        }
    }
}
