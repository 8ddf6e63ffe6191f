//! What `doctor` found: for people, one line a check and under it what to do; and as one JSON document, whose keys are
//! the contract of `docs/json.md`. Programs and interfaces call themselves what they like: here that is made printable.

use std::io::{self, Write};

use serde::Serialize;
use textwrap::Options;
use unicode_width::UnicodeWidthStr as _;

use super::json;
use crate::doctor::{Check, Finding, Verdict, may_capture};
use crate::platform::Remedy;
use crate::printable::printable;
use crate::tr;

/// As wide as text is where no screen says otherwise, and at most.
const WIDEST: usize = 100;

/// Writes a table for a screen of `width` columns, if that is given. Commands stay whole, so that they can be copied.
pub fn table(out: &mut impl Write, findings: &[Finding], width: Option<usize>) -> io::Result<()> {
    let width = width.unwrap_or(WIDEST).min(WIDEST);
    let widest = |texts: Vec<String>| texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let verdicts = widest(findings.iter().map(|finding| verdict(finding.verdict)).collect());
    let checks = widest(findings.iter().map(|finding| check(finding.check)).collect());
    let indent = " ".repeat(verdicts + checks + 4);
    for finding in findings {
        let head =
            format!("{}  {}  ", padded(&verdict(finding.verdict), verdicts), padded(&check(finding.check), checks));
        write_wrapped(out, &printable(&finding.found), width, &head, &indent)?;
        for Remedy { text, command } in &finding.remedies {
            let colon = if command.is_some() { ":" } else { "" };
            write_wrapped(out, &printable(format!("{text}{colon}")), width, &indent, &indent)?;
            command.iter().try_for_each(|command| writeln!(out, "{indent}  {}", printable(command)))?;
        }
    }
    writeln!(out)?;
    write_wrapped(out, &conclusion(findings), width, "", "")
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn write_wrapped(out: &mut impl Write, text: &str, width: usize, first: &str, others: &str) -> io::Result<()> {
    let options = Options::new(width).initial_indent(first).subsequent_indent(others).break_words(false);
    textwrap::wrap(text, options).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Whether a capture works, and where not, why.
fn conclusion(findings: &[Finding]) -> String {
    if may_capture(findings) {
        return tr!("doctor-works");
    }
    let troubles = findings.iter().filter(|finding| finding.verdict == Verdict::Trouble);
    let troubles: Vec<_> = troubles.map(|finding| check(finding.check)).collect();
    tr!("doctor-works-not", checks = troubles.join(", "))
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Fine => tr!("doctor-fine"),
        Verdict::Advice => tr!("doctor-advice"),
        Verdict::Trouble => tr!("doctor-trouble"),
        Verdict::Inapplicable => tr!("doctor-inapplicable"),
    }
}

fn check(check: Check) -> String {
    match check {
        Check::Library | Check::Localhost | Check::Tesseract => check.name().to_owned(),
        Check::Driver => tr!("doctor-check-driver"),
        Check::Adapter => tr!("doctor-check-adapter"),
        Check::Right => tr!("doctor-check-right"),
        Check::Trial => tr!("doctor-check-trial"),
        Check::Service => tr!("doctor-check-service"),
        Check::Place => tr!("doctor-check-place"),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    capture: bool,
    checks: Vec<Checked<'a>>,
}

#[derive(Serialize)]
struct Checked<'a> {
    check: &'static str,
    verdict: &'static str,
    found: &'a str,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    text: &'a str,
    command: Option<&'a str>,
}

impl<'a> From<&'a Remedy> for Fix<'a> {
    fn from(remedy: &'a Remedy) -> Self {
        Self { text: &remedy.text, command: remedy.command.as_deref() }
    }
}

/// Writes one JSON document.
pub fn json(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    let checks = findings.iter().map(|finding| Checked {
        check: finding.check.name(),
        verdict: finding.verdict.name(),
        found: &finding.found,
        fixes: finding.remedies.iter().map(Fix::from).collect(),
    });
    json::write(out, &Document { capture: may_capture(findings), checks: checks.collect() })?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> Vec<Finding> {
        let finding =
            |check, verdict, found: &str, remedies| Finding { check, verdict, found: found.to_owned(), remedies };
        let set =
            Remedy::command("grant it", "sudo setcap cap_net_raw+ep /home/ana/a/long/path/to/target/release/loopshark");
        vec![
            finding(Check::Library, Verdict::Fine, "libpcap 1.10.3", vec![]),
            finding(Check::Right, Verdict::Trouble, "CAP_NET_RAW is missing, which packet sockets take", vec![set]),
            finding(Check::Trial, Verdict::Inapplicable, "nothing to try", vec![Remedy::text("do something else")]),
        ]
    }

    #[test]
    fn what_to_do_stands_under_what_was_found_and_commands_stay_whole() {
        let mut out = Vec::new();
        table(&mut out, &findings(), Some(50)).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "fine     libpcap  libpcap 1.10.3
trouble  right    CAP_NET_RAW is missing, which
                  packet sockets take
                  grant it:
                    sudo setcap cap_net_raw+ep /home/ana/a/long/path/to/target/release/loopshark
n/a      trial    nothing to try
                  do something else

A capture does not work here: right.
"
        );
    }

    #[test]
    fn whatever_a_program_calls_itself_it_moves_no_cursor() {
        let hostile = "no\x1b[2Jde\u{202e}\u{9b}\r\nfine";
        let remedies = vec![Remedy::command(hostile, hostile)];
        let finding = Finding { check: Check::Service, verdict: Verdict::Fine, found: hostile.to_owned(), remedies };
        let (mut text, mut document) = (Vec::new(), Vec::new());
        table(&mut text, std::slice::from_ref(&finding), None).unwrap();
        let told = r"no\033[2Jde\u202E\u009B\r\nfine";
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.lines().filter(|line| line.contains(told)).count(), 3, "{text}");
        json(&mut document, std::slice::from_ref(&finding)).unwrap();
        assert!(document.is_ascii() && document.iter().filter(|byte| byte.is_ascii_control()).count() == 1);
        let read: serde_json::Value = serde_json::from_slice(&document).unwrap();
        assert_eq!(read["checks"][0]["found"], hostile, "programs get what it is");
    }

    #[test]
    fn json_says_the_same() {
        let mut out = Vec::new();
        json(&mut out, &findings()[2..]).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"capture":true,"checks":[{"check":"trial","verdict":"inapplicable","found":"nothing to try","fixes":[{"text":"do something else","command":null}]}]}
"#
        );
    }
}
