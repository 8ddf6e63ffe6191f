//! `loopshark report`: what stands in the document, what it does to files, and how a browser takes it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::captures::{Pcap, RAW, request, response, udp4};
use crate::harness::{Ran, loopshark, skip};

/// The sections of a report with everything in it.
const SECTIONS: [&str; 8] = ["summary", "exchanges", "times", "spread", "timeline", "ladder", "hidden", "method"];

/// A folder with a capture in it, and what becomes of a report there.
struct Desk(TempDir);

impl Desk {
    fn new(capture: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("lab.pcap"), capture).expect("a capture");
        Self(folder)
    }

    fn of(fixture: &str) -> Self {
        Self::new(&std::fs::read(Path::new("fixtures").join(fixture)).expect("a fixture"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The folder's name, which needs no quotes in a command line, as it may be written on Windows, too.
    fn folder(&self) -> String {
        self.0.path().to_str().expect("UTF-8").replace('\\', "/")
    }

    fn report(&self, name: &str, more: &[&str]) -> Ran {
        let path = |name: &str| format!("{}/{name}", self.folder());
        let args = ["report".to_owned(), path("lab.pcap"), "-o".to_owned(), path(name)];
        loopshark(args.into_iter().chain(more.iter().map(|arg| (*arg).to_owned())))
    }

    /// The report, as it is for everyone: without the folder's name.
    fn written(&self, name: &str, more: &[&str]) -> String {
        let ran = self.report(name, more);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
        self.read(name)
    }

    fn read(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path(name)).expect("a report");
        let folder = self.folder();
        // What stands behind the colon of a drive is escaped in Markdown.
        let text = text.replace(&folder.replace(":/", ":\\/"), "FOLDER").replace(&folder, "FOLDER");
        text.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("a name").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Without what is between `from` and `to`.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + from + "…" + to + part.split_once(to).map_or("", |(_, behind)| behind))
}

#[test]
fn a_report_says_the_same_in_both_languages_and_formats() {
    let desk = Desk::of("ipv6-lo.pcap");
    for lang in ["en", "es"] {
        let markdown = desk.written("report.md", &["--lang", lang]);
        insta::assert_snapshot!(format!("report-md-{lang}"), markdown);
        let html = desk.written("report.html", &["--lang", lang]);
        // The drawings' titles and descriptions stay.
        let html = without(&without(&html, "<style>", "</style>"), "</desc>", "</svg>");
        insta::assert_snapshot!(format!("report-html-{lang}"), html);
    }
}

#[test]
fn a_drawing_is_what_it_was_when_a_person_last_looked_at_it() {
    let html = Desk::of("server-down-lo.pcap").written("report.html", &[]);
    let ladder = html.split("<h2 id=\"ladder\">").nth(1).and_then(|behind| behind.split("</figure>").next());
    insta::assert_snapshot!("report-ladder", ladder.expect("a ladder"));
}

#[test]
fn the_same_capture_makes_the_same_report_with_its_checksum() {
    let desk = Desk::of("faults-lo.pcap");
    let first = desk.written("report.html", &[]);
    assert_eq!(first, desk.written("report.html", &[]));
    assert!(first.contains("<dd>e0bfeb3706325dc5a6e3f2e9027962a8cdae7a46d43b5e6e9cb342cc5dff5e13</dd>"), "sha256sum's");
    assert!(first.contains("<dd>loopshark report FOLDER/lab.pcap -o FOLDER/report.html</dd>"), "the command line");
    for section in SECTIONS {
        assert!(first.contains(&format!("<h2 id=\"{section}\">")), "{section}");
    }
    assert_eq!(desk.names(), ["lab.pcap", "report.html"], "nothing else is left");
}

#[test]
fn of_many_exchanges_every_loss_is_told() {
    let mut capture = Pcap::new(RAW);
    for n in 0..20_000_u32 {
        let port = 10_000 + u16::try_from(n % 40_000).unwrap();
        capture = capture.frame(n * 1_000, &request(port));
        if n % 40 != 39 {
            capture = capture.frame(n * 1_000 + 100 + n % 700, &response(port));
        }
    }
    let desk = Desk::new(&capture.bytes);
    let html = desk.written("report.html", &[]);
    assert_eq!(html.matches(">lost</td>").count(), 500);
    assert!(html.contains("Not in it: 19012 answered, 0 others."), "{}", html.len());
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
    let markdown = desk.written("report.md", &[]);
    assert_eq!(markdown.matches("| lost |\n").count(), 500);
}

#[test]
fn nothing_at_all_is_said_in_words_and_not_drawn() {
    let desk = Desk::new(&Pcap::new(RAW).bytes);
    let html = desk.written("report.html", &[]);
    assert!(html.contains("No exchanges") && !html.contains("<svg") && !html.contains("<table"), "{html}");
    let refused = Desk::of("server-down-lo.pcap").written("report.html", &[]);
    assert!(!refused.contains("id=\"times\"") && refused.contains("id=\"timeline\""), "no axis without a response");
}

#[test]
fn a_damaged_capture_is_reported_as_far_as_it_goes() {
    let whole = std::fs::read("fixtures/practica6.pcap").unwrap();
    let desk = Desk::new(&whole[..whole.len() - 10]);
    let ran = desk.report("report.md", &[]);
    ran.fails_with(&["lab.pcap", "cut short at byte"]);
    let report = desk.read("report.md");
    assert!(report.contains("**The capture is damaged") && report.contains("cut short at byte"), "{report}");
    assert!(report.contains("| 46 | 15.914264 |"), "{report}");
}

#[test]
fn a_report_takes_no_place_that_is_not_its_own() {
    let desk = Desk::of("ipv6-lo.pcap");
    std::fs::rename(desk.path("lab.pcap"), desk.path("lab.html")).unwrap();
    let path = desk.path("lab.html");
    let over = loopshark(["report".as_ref(), path.as_os_str(), "-o".as_ref(), path.as_os_str()]);
    over.fails_with(&["lab.html", "is the capture"]);
    assert_eq!(std::fs::read(&path).unwrap(), std::fs::read("fixtures/ipv6-lo.pcap").unwrap());
    let desk = Desk::of("ipv6-lo.pcap");
    desk.report("report.pdf", &[]).fails_with(&["report.pdf", ".html", ".md"]);
    desk.report("report", &[]).fails_with(&[".html or .md"]);
    desk.report("no/such/folder.html", &[]).fails_with(&["can't write", "folder.html"]);
    loopshark(["report", "-", "-o", "x.html"]).fails_with(&["standard input"]);
    std::fs::write(desk.path("lab.pcap"), "no capture").unwrap();
    std::fs::write(desk.path("old.html"), "an older report").unwrap();
    desk.report("old.html", &[]).fails_with(&["is not a capture"]);
    assert_eq!(desk.names(), ["lab.pcap", "old.html"]);
    assert_eq!(desk.read("old.html"), "an older report", "what fails leaves what was there");
}

#[test]
fn what_strangers_wrote_is_text_in_a_report() {
    let name = b"<script>|`\"x";
    let question = [&[0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 12][..], name, &[0, 0, 1, 0, 1]].concat();
    let capture = Pcap::new(RAW).frame(0, &udp4(40_000, 53, &question));
    let desk = Desk::new(&capture.bytes);
    let title = "<b>\u{202e}title</b> $(x)";
    let html = desk.written("report.html", &["--title", title]);
    assert!(html.contains("&lt;script&gt;|`&quot;x") && !html.contains("<script"), "{html}");
    assert!(html.contains("<h1>&lt;b&gt;\\u202Etitle&lt;/b&gt; $(x)</h1>") && !html.contains('\u{202e}'), "{html}");
    let markdown = desk.written("report.md", &["--title", title]);
    assert!(markdown.contains("\\<script\\>\\|\\`\"x") && markdown.starts_with("# \\<b\\>"), "{markdown}");
    let diagram = markdown.split("```mermaid").nth(1).and_then(|behind| behind.split("```").next()).unwrap();
    assert!(diagram.contains("#60;script#62;#124;#96;#34;x") && !diagram.contains('<'), "{diagram}");
}

/// What Chromium makes of a page: the document as it understood it, and its console.
fn browsed(page: &Path) -> Option<(String, String)> {
    let profile = tempfile::tempdir().expect("a folder");
    let args = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"];
    let output = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| {
        let mut command = Command::new(name);
        command.args(args).arg(format!("--user-data-dir={}", profile.path().display()));
        command.arg(format!("file://{}", page.display())).output().ok()
    })?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let console = text(&output.stderr).lines().filter(|line| line.contains("CONSOLE")).collect::<Vec<_>>().join("\n");
    Some((text(&output.stdout), console))
}

#[test]
fn a_browser_shows_every_section_and_complains_of_nothing() {
    let desk = Desk::of("faults-lo.pcap");
    let report = desk.written("report.html", &["--lang", "es"]);
    let Some((dom, console)) = browsed(&desk.path("report.html")) else {
        return skip("no Chromium here");
    };
    assert_eq!(console, "");
    for section in SECTIONS {
        assert!(dom.contains(&format!("<h2 id=\"{section}\">")), "{section}: {dom}");
    }
    for tag in ["<svg", "<circle", "<tr", "<td", "<dt", "<figcaption"] {
        assert_eq!(dom.matches(tag).count(), report.matches(tag).count(), "{tag}");
    }
    // It would be heard if there were something to complain of: the policy forbids pictures from elsewhere.
    let spoilt = report.replace("<main>", "<main><img src=\"http://127.0.0.1:9/x.png\" alt=\"\">");
    std::fs::write(desk.path("spoilt.html"), spoilt).unwrap();
    let (_, console) = browsed(&desk.path("spoilt.html")).expect("it was there before");
    assert!(console.contains("Content Security Policy"), "{console}");
}
