//! Every fixture in every view and format, compared with what was printed when a person last looked at it.

use crate::harness::loopshark;
use crate::properties::fixtures;

#[test]
fn every_fixture_in_every_view_and_format() {
    for path in fixtures() {
        let capture = path.to_str().unwrap();
        for view in ["exchanges", "packets", "summary"] {
            for format in ["table", "text", "jsonl"] {
                let ran = loopshark(["read", capture, "--view", view, "-T", format]);
                assert_eq!(ran.status, Some(0), "{ran:?}");
                let name = format!("{}-{view}-{format}", path.file_name().unwrap().to_str().unwrap());
                insta::assert_snapshot!(name, format!("{}--- stderr\n{}", ran.stdout, ran.stderr));
            }
        }
    }
}

#[test]
fn the_help_of_every_command() {
    for command in
        ["lab", "server", "client", "capture", "read", "report", "check", "interfaces", "doctor", "completions", "man"]
    {
        insta::assert_snapshot!(format!("help-{command}"), loopshark([command, "--help"]).stdout);
    }
    insta::assert_snapshot!("help", loopshark(["--help"]).stdout);
}

/// The same cells in every format, in either language; without HTML's style sheet, which is no cell.
#[test]
fn a_capture_in_every_view_format_and_language() {
    for lang in ["en", "es"] {
        for view in ["exchanges", "packets", "summary"] {
            let mut all = String::new();
            for format in ["table", "text", "jsonl", "csv", "tsv", "md", "html"] {
                let ran = loopshark(["read", "fixtures/ipv6-lo.pcap", "--view", view, "-T", format, "--lang", lang]);
                assert_eq!(ran.status, Some(0), "{ran:?}");
                let (stdout, stderr) = (without_style(&ran.stdout), ran.stderr);
                all.extend(["=== ", format, "\n", &stdout, "--- stderr\n", &stderr]);
            }
            insta::assert_snapshot!(format!("formats-{view}-{lang}"), all);
        }
    }
}

fn without_style(html: &str) -> String {
    match (html.split_once("<style>"), html.split_once("</style>")) {
        (Some((before, _)), Some((_, behind))) => format!("{before}<style>…</style>{behind}"),
        _ => html.to_owned(),
    }
}

#[test]
fn csv_is_read_back_as_what_the_other_formats_show() {
    for capture in ["fixtures/practica6.pcap", "fixtures/faults-lo.pcap", "fixtures/any-bridge-sll2.pcap"] {
        let cells = |format| loopshark(["read", capture, "--all", "--view", "packets", "-T", format]).stdout;
        let csv = cells("csv");
        let csv = csv.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
        let read: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let tsv: Vec<Vec<String>> =
            cells("tsv").lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        assert_eq!(read, tsv);
        let jsonl = cells("jsonl");
        assert_eq!(read.len(), jsonl.lines().count() + 1);
        for (row, object) in read[1..].iter().zip(jsonl.lines()) {
            let object: serde_json::Value = serde_json::from_str(object).unwrap();
            assert_eq!(
                (row[2].as_str(), row[6].as_str()),
                (object["src"].as_str().unwrap(), object["info"].as_str().unwrap())
            );
        }
    }
}
