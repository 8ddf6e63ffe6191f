//! What strangers wrote, wherever it comes out: no byte of a capture, a report or a name is obeyed by a terminal, a browser,
//! a spreadsheet, Markdown or a diagram.
//!
//! `fixtures/hostile.pcapng` has such text in every place that has text; what becomes of it is scanned character by
//! character, by a list of its own, and compared with what becomes of the same capture with letters in their stead.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use loopshark::printable::printable;
use quick_xml::events::Event;
use tempfile::TempDir;

use crate::harness::{Ran, can_filter, loopshark, loopshark_with_input, skip, wine_lacks};
use crate::system::HOSTILE_NAME;

#[path = "../generate/hostile.rs"]
mod generator;

const VIEWS: [&str; 3] = ["exchanges", "packets", "summary"];
const FORMATS: [&str; 7] = ["table", "text", "jsonl", "csv", "tsv", "md", "html"];
const LANGUAGES: [&str; 2] = ["en", "es"];

/// A folder with the hostile capture and its harmless twin, under names alike.
pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        std::fs::write(desk.hostile(".pcapng"), generator::hostile()).unwrap();
        std::fs::write(desk.harmless(".pcapng"), generator::harmless()).unwrap();
        desk
    }

    pub fn hostile(&self, end: &str) -> PathBuf {
        self.0.path().join(format!("{HOSTILE_NAME}{end}"))
    }

    fn harmless(&self, end: &str) -> PathBuf {
        self.0.path().join(format!("harmless{end}"))
    }

    /// The program with the hostile capture, and with its twin.
    fn both<S: AsRef<OsStr>>(&self, args: &[S]) -> [Ran; 2] {
        [self.hostile(".pcapng"), self.harmless(".pcapng")].map(|capture| run(args, &[capture.as_os_str()]))
    }
}

fn run<A: AsRef<OsStr>, B: AsRef<OsStr>>(args: &[A], more: &[B]) -> Ran {
    loopshark(args.iter().map(AsRef::as_ref).chain(more.iter().map(AsRef::as_ref)))
}

/// Whether a character does something else than to be seen where it stands.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Checks that nothing acts but lines' ends, and what else the format has.
#[track_caller]
pub fn assert_inert(text: &str, tabs: bool, what: &dyn std::fmt::Debug) {
    let acting = text.char_indices().find(|(_, c)| acts(*c) && *c != '\n' && !(tabs && *c == '\t'));
    if let Some((at, c)) = acting {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        panic!("{c:?} behind {line:?} of {what:?}");
    }
}

#[track_caller]
pub fn assert_inert_both(ran: &Ran, what: &dyn std::fmt::Debug) {
    assert_inert(&ran.stdout, false, what);
    assert_inert(&ran.stderr, false, what);
}

/// The text without its colors and the erasing of lines' ends, and these, in their order.
fn colors(text: &str) -> (String, Vec<String>) {
    let (mut plain, mut colors) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        let len = behind.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(behind.len());
        match behind.as_bytes().get(len) {
            Some(b'm') => {}
            Some(b'K') if len == 0 => {}
            _ => panic!("no color: {:?}", &behind[..=len]),
        }
        colors.push(behind[..=len].to_owned());
        rest = &behind[len + 1..];
    }
    (plain + rest, colors)
}

/// Elements with their attributes, and where they end: all of a document that is no text.
fn skeleton(html: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    let mut skeleton = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => skeleton.push(tag.to_string()),
            Event::Empty(tag) => skeleton.push(format!("{}/", &*tag)),
            Event::End(tag) => skeleton.push(format!("/{}", &*tag)),
            Event::Text(_) | Event::GeneralRef(_) => {}
            Event::DocType(_) => skeleton.push("doctype".to_owned()),
            Event::Eof => return skeleton,
            other => panic!("{other:?}"),
        }
    }
}

/// What Markdown has a use for, line by line, without what is escaped; within a diagram the way of each arrow.
fn marks(markdown: &str) -> Vec<String> {
    let mut in_diagram = false;
    let line = |line: &str| {
        let toggles = line.starts_with("```");
        in_diagram ^= toggles;
        if in_diagram && !toggles {
            let (way, text) = line.split_once(": ").unwrap_or((line, ""));
            let entity = |part: &str| part.split_once(';').is_some_and(|(n, _)| n.parse::<u32>().is_ok());
            assert!(text.split('#').skip(1).all(entity), "{line}");
            assert_eq!(text.matches(';').count(), text.matches('#').count(), "{line}");
            return way.split(" as ").next().unwrap().to_owned();
        }
        let mut marks = String::new();
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                c if "`*_|<>[]#&~$".contains(c) => marks.push(c),
                _ => {}
            }
        }
        marks
    };
    markdown.lines().map(line).collect()
}

#[track_caller]
fn assert_no_formula(cell: &str) {
    let is_sign = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    assert!(!is_sign || cell.parse::<f64>().is_ok(), "{cell}");
}

/// Checks that a document of the hostile capture has the form of its twin's.
#[track_caller]
fn assert_same_form(format: &str, hostile: &str, harmless: &str) {
    match format {
        "csv" => {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&hostile.as_bytes()[3..]);
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), harmless.lines().count());
            rows.iter().flatten().for_each(|cell| assert_no_formula(cell));
        }
        "tsv" => {
            let tabs = |text: &str| text.lines().map(|line| line.matches('\t').count()).collect::<Vec<_>>();
            assert_eq!(tabs(hostile), tabs(harmless));
            hostile.lines().flat_map(|line| line.split('\t')).for_each(|cell| {
                assert_no_formula(cell);
                assert!(!cell.starts_with('"'), "{cell}");
            });
        }
        "html" => assert_eq!(skeleton(hostile), skeleton(harmless)),
        "md" => {
            assert_eq!(marks(hostile), marks(harmless));
            assert!(!hostile.contains("http://") && !hostile.contains("www."), "a link");
        }
        _ => {
            assert_eq!(hostile.lines().count(), harmless.lines().count());
            for line in hostile.lines().filter(|_| format == "jsonl") {
                serde_json::from_str::<serde_json::Value>(line).unwrap();
            }
        }
    }
}

#[test]
fn the_fixture_is_what_its_generator_makes() {
    assert!(std::fs::read("fixtures/hostile.pcapng").unwrap() == generator::hostile());
    assert_eq!(generator::hostile().len(), generator::harmless().len());
}

#[test]
fn a_hostile_capture_is_inert_in_every_view_format_and_language() {
    let desk = Desk::new();
    for lang in LANGUAGES {
        for (view, format) in VIEWS.iter().flat_map(|view| FORMATS.map(|format| (*view, format))) {
            let args = ["read", "--all", "--lang", lang, "--view", view, "-T", format];
            let [hostile, harmless] = desk.both(&args);
            assert_eq!((hostile.status, harmless.status), (Some(0), Some(0)), "{hostile:?}");
            let stdout =
                if format == "csv" { hostile.stdout.strip_prefix('\u{feff}').unwrap() } else { &hostile.stdout };
            assert_inert(stdout, format == "tsv", &args);
            assert_same_form(format, &hostile.stdout, &harmless.stdout);
            assert_inert(&hostile.stderr, false, &args);
            // The comments are there, each in its line.
            assert_eq!(hostile.stderr.lines().count(), harmless.stderr.lines().count(), "{}", hostile.stderr);
            assert!(hostile.stderr.lines().all(|line| line.starts_with("loopshark: ")), "{}", hostile.stderr);
            assert!(hostile.stderr.contains(r"\033]0;owned\a\033[2J\033[31m"), "{}", hostile.stderr);
        }
    }
}

/// tshark escapes most of it likewise; what it lets through is made printable here.
#[test]
fn hostile_rows_are_tshark_s_with_all_of_it_escaped() {
    let capture = "fixtures/hostile.pcapng";
    let Ok(output) = Command::new("tshark").args(["-n", "-r", capture]).output() else {
        return skip("tshark is not installed");
    };
    let begins_row = |line: &str, number: usize| line.trim_start().starts_with(&format!("{number} "));
    let mut theirs: Vec<String> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).strip_suffix('\n').unwrap().split('\n') {
        if begins_row(line, theirs.len() + 1) {
            theirs.push(line.to_owned());
        } else {
            theirs.last_mut().unwrap().extend(["\n", line]);
        }
    }
    let theirs: Vec<_> = theirs.iter().map(printable).collect();
    let ours = loopshark(["read", "--all", "--view", "packets", capture]).stdout;
    assert_eq!(ours.lines().collect::<Vec<_>>(), theirs);
}

#[test]
fn colors_are_the_program_s_own() {
    let desk = Desk::new();
    for (view, format) in VIEWS.into_iter().flat_map(|view| [(view, "table"), (view, "text")]) {
        let args = ["read", "--all", "--color", "always", "--view", view, "-T", format];
        let [hostile, harmless] = desk.both(&args).map(|ran| colors(&ran.stdout));
        assert_eq!(hostile.1, harmless.1, "{args:?}");
        assert_eq!(hostile.1.is_empty(), view == "summary", "{args:?}");
        assert_inert(&hostile.0, false, &args);
    }
}

#[test]
fn a_hostile_capture_is_inert_frame_by_frame() {
    let desk = Desk::new();
    for lang in LANGUAGES {
        for parts in [["-V"].as_slice(), &["-x"], &["-V", "-x", "--explain"]] {
            let args = [&["read", "--all", "--lang", lang, "--view", "packets"], parts].concat();
            let [hostile, harmless] = desk.both(&args);
            assert_eq!((hostile.status, harmless.status), (Some(0), Some(0)), "{hostile:?}");
            assert_inert_both(&hostile, &args);
            let shown = hostile.stdout.contains("document.title='owned'");
            assert_eq!(shown, parts[0] == "-V", "{args:?}");
        }
    }
}

/// A report of the hostile capture, or of its twin, under a title like it.
fn report(desk: &Desk, is_hostile: bool, format: &str, lang: &str) -> String {
    let (capture, title) = if is_hostile {
        let titles = generator::TEXTS.map(|text| String::from_utf8_lossy(text).replace('\0', ""));
        (desk.hostile(".pcapng"), titles.concat())
    } else {
        (desk.harmless(".pcapng"), "title".to_owned())
    };
    let out = capture.with_extension(format);
    let args = ["report", "--lang", lang, "--all", "--title", &title].map(OsStr::new);
    let ran = run(&args, &[capture.as_os_str(), OsStr::new("-o"), out.as_os_str()]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    assert_inert(&ran.stderr, false, &args);
    std::fs::read_to_string(out).unwrap()
}

#[test]
fn a_report_of_a_hostile_capture_is_inert() {
    let desk = Desk::new();
    for (lang, format) in LANGUAGES.iter().flat_map(|lang| [(*lang, "html"), (*lang, "md")]) {
        let [hostile, harmless] = [true, false].map(|is_hostile| report(&desk, is_hostile, format, lang));
        assert_inert(&hostile, false, &(lang, format));
        assert_same_form(format, &hostile, &harmless);
        assert!(hostile.contains("owned") && !harmless.contains("owned"));
    }
}

/// The title of a page once a browser has shown it, or nothing where there is no browser.
fn title_in_browser(folder: &Path, html: &str) -> Option<String> {
    let page = folder.join("page.html");
    std::fs::write(&page, html).unwrap();
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
    browser.arg(format!("--user-data-dir={}", folder.join("profile").display())).arg(&page);
    let Ok(output) = browser.output() else {
        skip("chromium is not installed, so that no page can be shown");
        return None;
    };
    let dom = String::from_utf8(output.stdout).unwrap();
    let title = dom.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    Some(title.expect("the page is shown").0.to_owned())
}

/// Twice safe: the text is no script, and a script would not run.
#[test]
fn a_browser_runs_nothing_of_a_hostile_capture() {
    let desk = Desk::new();
    let html = report(&desk, true, "html", "en");
    let title = html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
    let (policy, script) = ("http-equiv=\"Content-Security-Policy\"", "<script>document.title='run'</script></body>");
    assert_eq!(html.matches(policy).count(), 1);
    let unguarded = html.replace(policy, "");
    let shown = |html: &str| title_in_browser(desk.0.path(), html);
    // Without its policy the page is as it was, with a script in it the script runs, and with both it does not.
    let Some(alone) = shown(&unguarded) else { return };
    let decoded = |text: &str| text.replace("&quot;", "\"").replace("&#39;", "'");
    assert_eq!(decoded(&alone), decoded(title));
    assert_eq!(shown(&unguarded.replace("</body>", script)).unwrap(), "run");
    assert_eq!(decoded(&shown(&html.replace("</body>", script)).unwrap()), decoded(title));
}

/// A report whose cells are hostile, and the same with letters.
pub fn reports(desk: &Desk) {
    let letters = |text: &[u8]| "x".repeat(text.len());
    let as_is = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let rows = |shown: &dyn Fn(&[u8]) -> String| {
        let cell = |text: &[u8]| format!("\"{}\"", shown(text).replace(['"', '\n', '\r', '\0'], ""));
        let row = |(n, text): (usize, &&[u8])| {
            let (number, cell) = (n + 3, cell(text));
            format!(
                "{number},0.02{cell},192.0.2.1{cell},{cell},{cell},61,{cell}\n{number},0.020000,192.0.2.1,192.0.2.2,UDP,61,{cell}\n"
            )
        };
        let body: String = generator::TEXTS.iter().enumerate().map(row).collect();
        format!("No.,Time,Source,Destination,Protocol,Length,Info\n{body}")
    };
    std::fs::write(desk.hostile(".csv"), rows(&as_is)).unwrap();
    std::fs::write(desk.harmless(".csv"), rows(&letters)).unwrap();
}

#[test]
fn a_hostile_report_is_inert_in_every_format_and_language() {
    let desk = Desk::new();
    reports(&desk);
    let captures = [None, Some(desk.hostile(".pcapng"))];
    for (lang, format) in LANGUAGES.iter().flat_map(|lang| ["table", "json", "md"].map(|format| (*lang, format))) {
        for (several, capture) in
            [1, 2].iter().flat_map(|several| captures.iter().map(move |capture| (*several, capture)))
        {
            let args = ["check", "--lang", lang, "-T", format].map(OsString::from);
            let [hostile, harmless] = [desk.hostile(".csv"), desk.harmless(".csv")].map(|report| {
                let files = vec![report.into_os_string(); several].into_iter().chain(capture.clone().map(Into::into));
                run(&args, &files.collect::<Vec<OsString>>())
            });
            assert_eq!(hostile.status, Some(1), "{hostile:?}");
            assert_inert_both(&hostile, &(&args, capture));
            match format {
                "json" => {
                    let whole: serde_json::Value = serde_json::from_str(&hostile.stdout).unwrap();
                    let shown = whole.to_string();
                    assert!(several == 1 || shown.contains('\u{202e}'), "programs get the name as it is");
                }
                "md" => {
                    let rows =
                        |text: &str| marks(text).into_iter().filter(|marks| marks.starts_with('|')).collect::<Vec<_>>();
                    assert!(rows(&hostile.stdout).iter().all(|marks| *marks == "|".repeat(9)), "{}", hostile.stdout);
                    let headings = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
                    assert_eq!(headings(&hostile.stdout), headings(&harmless.stdout));
                }
                _ => assert!(hostile.stdout.contains(r"\u202Egpj.exe"), "{}", hostile.stdout),
            }
        }
    }
    let args =
        [OsStr::new("check"), OsStr::new("--color=always"), desk.hostile(".csv").as_os_str()].map(OsStr::to_owned);
    let (plain, styles) = colors(&run(&args, &[desk.hostile(".pcapng")]).stdout);
    assert_inert(&plain, false, &args);
    let own = ["1m", "0m", "31m", "32m", "33m"];
    assert!(styles.len() > 10 && styles.iter().all(|style| own.contains(&style.as_str())), "{styles:?}");
}

/// Each with a hostile name, so that there is one line of trouble.
#[test]
fn errors_name_hostile_files_and_filters_in_one_line() {
    let desk = Desk::new();
    let [capture, damaged, text, empty, none] =
        [".pcapng", ".pcap", ".txt", ".md", ".none"].map(|end| desk.hostile(end));
    let whole = generator::hostile();
    std::fs::write(&damaged, &whole[..whole.len() - 5]).unwrap();
    std::fs::write(&text, "no \x1b[31mrows\x1b[0m\n").unwrap();
    std::fs::write(&empty, "").unwrap();
    let folder = desk.hostile("");
    std::fs::create_dir(&folder).unwrap();
    let filter = generator::TEXTS.map(|text| String::from_utf8_lossy(text).replace('\0', ""));
    let os = |args: &[&str]| args.iter().map(OsString::from).collect::<Vec<_>>();
    let mut lines: Vec<Vec<OsString>> = Vec::new();
    for path in [&none, &text, &empty, &folder] {
        for args in [["read"].as_slice(), &["check"], &["report", "-o", "x.html"], &["read", "-2"]] {
            lines.push([os(args), vec![path.into()]].concat());
        }
    }
    for out in [&folder, &none.join("x.pcap"), &desk.hostile(".gz")] {
        lines.push([os(&["read", "-w"]), vec![out.into(), capture.clone().into()]].concat());
    }
    lines.push([os(&["read", "-w"]), vec![capture.clone().into(), capture.clone().into()]].concat());
    lines.push([os(&["check"]), vec![capture.clone().into()]].concat());
    lines.push([os(&["check"]), vec![capture.clone().into(), damaged.clone().into()]].concat());
    for out in [&none, &none.join("x.html"), &folder.join("x.html/y.html")] {
        lines.push([os(&["report", "-o"]), vec![out.into(), capture.clone().into()]].concat());
    }
    lines.push([os(&["man", "-o"]), vec![text.join("x").into()]].concat());
    if cfg!(feature = "live") {
        lines.extend(filter.iter().map(|filter| os(&["capture", "-i", filter])));
    }
    if can_filter() {
        let reading = |filter: &String| [os(&["read", "-f", filter]), vec![capture.clone().into()]].concat();
        lines.extend(filter.iter().map(reading));
    }
    for (line, lang) in lines.iter().flat_map(|line| LANGUAGES.map(|lang| (line, lang))) {
        let ran = run(line, &["--lang", lang]);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{line:?}: {ran:?}");
        assert_inert(&ran.stderr, false, &line);
        assert!(ran.stderr.starts_with("loopshark: ") && ran.stderr.lines().count() == 1, "{line:?}: {ran:?}");
    }
    let several = ["read", "--merge"].map(OsString::from);
    for ran in [run(&several, &[&capture, &damaged, &none]), run(&several[..1], &[&damaged, &none])] {
        assert_eq!(ran.status, Some(2), "{ran:?}");
        assert_inert_both(&ran, &"several captures");
        assert!(ran.stderr.lines().all(|line| line.starts_with("loopshark: ")), "{}", ran.stderr);
    }
}

#[test]
fn what_is_wrong_with_a_command_line_is_said_in_words_that_are_inert() {
    for text in generator::TEXTS {
        let Ok(text) = std::str::from_utf8(text) else { continue };
        let text = text.replace('\0', "");
        let (file, option, equals) = (format!("{text}.pcap"), format!("--{text}"), format!("--view={text}"));
        for line in [
            vec![text.as_str()],
            vec![&file],
            vec!["-r", &file],
            vec!["read", &file, &option],
            vec!["read", &file, &equals],
            vec!["read", &file, "-T", &text, "--timeout", &text],
            vec!["read", &file, "--timeout", &text],
            vec!["capture", "-i", &text, &text, "udp"],
            vec!["client", "--server", &text],
            vec!["check", "-T", &text],
            vec!["man", &text],
            vec!["doctor", "--port", &text],
            vec!["--lang", &text],
        ] {
            for lang in LANGUAGES {
                let ran = run(&line, &["--lang", lang]);
                assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{line:?}: {ran:?}");
                assert_inert(&ran.stderr, false, &line);
                assert_eq!(ran.stderr.matches("\nloopshark: ").count(), 0, "{line:?}: {}", ran.stderr);
            }
        }
    }
}

#[test]
fn server_and_client_show_hostile_messages_in_one_line() {
    let (server, address) = crate::consoles::server(&[]);
    for text in generator::TEXTS {
        let socket = crate::consoles::socket();
        socket.send_to(text, &address).unwrap();
        let line = server.stdout.find("Mensaje recibido: ");
        assert_inert(&line, false, &text);
        let port = socket.local_addr().unwrap().port();
        assert!(line.starts_with("Mensaje recibido: ") && line.ends_with(&format!(" de 127.0.0.1:{port}")), "{line:?}");
    }
    let (_echo, address) = crate::consoles::server(&["--echo"]);
    for text in generator::TEXTS {
        let text = String::from_utf8_lossy(text).replace('\0', "");
        let ran = loopshark(["client", "--server", &address, "--count", "1", "--message", &text]);
        assert_eq!((ran.status, ran.stdout.lines().count()), (Some(0), 2), "{ran:?}");
        assert_inert_both(&ran, &text);
    }
    let typed = generator::TEXTS.concat();
    let ran = loopshark_with_input(["client", "--server", &address, "--interactive"], &typed);
    assert_inert_both(&ran, &"typed");
    let taken = ["server", "--bind", &address];
    let elsewhere = ["server", "--bind", "192.0.2.1:1"];
    let refused = if wine_lacks("the refusal of an address that is none of its own") { 1 } else { 2 };
    for line in [taken, elsewhere].into_iter().take(refused) {
        let ran = loopshark(line);
        assert_eq!(ran.status, Some(2), "{ran:?}");
        assert_inert_both(&ran, &line);
    }
}

/// In the lab, server and client speak on standard error, and the capture shows what they said.
#[cfg(feature = "live")]
#[test]
fn the_lab_may_be_played_with_hostile_messages() {
    if !crate::live::may_capture() {
        return;
    }
    let text = generator::TEXTS.map(|text| String::from_utf8_lossy(text).replace('\0', "")).concat();
    for format in ["table", "jsonl", "html"] {
        let lab = ["lab", "--bind", "127.0.0.1:0", "--count", "1", "--interval", "1ms", "-T", format];
        let ran = run(&lab, &["--message", &text, "--reply", &text]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert_inert_both(&ran, &lab);
        assert_eq!(ran.stderr.matches(r"\033]0;owned\a").count(), 2, "{}", ran.stderr);
    }
}

#[test]
fn doctor_says_hostile_names_without_obeying_them() {
    for text in generator::TEXTS {
        let text = String::from_utf8_lossy(text).replace('\0', "");
        for format in ["table", "json"] {
            let ran = loopshark(["doctor", "-i", &text, "-T", format]);
            assert!(ran.status.is_some_and(|status| status < 2) && ran.stdout.contains("localhost"), "{ran:?}");
            assert_inert_both(&ran, &text);
        }
    }
}
