//! How a check is written: one file a format, the same verdicts in each.

use crate::check::{Checked, Column, Deviation, Judged, Verdict};

pub mod json;
pub mod markdown;
pub mod table;

/// What a table shows in a cell: what the report shows and, where it deviates, what the capture has.
fn cell(row: &Judged, column: Column) -> String {
    let shown = escaped(row.claim.text(column));
    match row.cells.iter().find(|cell| cell.column == column) {
        Some(Deviation { decoded: Some(decoded), .. }) => {
            let (shown, decoded) = apart(&shown, &escaped(decoded));
            format!("{shown} ≠ {decoded}")
        }
        _ => shown,
    }
}

/// Two texts without the words at their ends that both have, as long as that leaves something of each.
fn apart(shown: &str, decoded: &str) -> (String, String) {
    let (a, b): (Vec<&str>, Vec<&str>) = (shown.split_whitespace().collect(), decoded.split_whitespace().collect());
    let most = a.len().min(b.len()).saturating_sub(1);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count().min(most);
    // What is equal in front stays in what is shown: it is the row.
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count().min(most - after);
    (shown.to_owned(), b[before..b.len() - after].join(" "))
}

/// A report's text, safe to show: nothing of it moves the cursor or turns the direction of writing.
fn escaped(text: &str) -> String {
    let bidi = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || bidi(c) { '\u{fffd}' } else { c }).collect()
}

/// What a row is called in a sentence: its number as shown, else its place.
fn label(checked: &Checked, row: usize) -> String {
    let shown = checked.rows.get(row).map_or("", |row| row.claim.text(Column::Number));
    if shown.is_empty() { format!("row {} of the report", row + 1) } else { format!("row {}", escaped(shown)) }
}

/// The findings as sentences, those that are places to look first.
fn findings(checked: &Checked) -> Vec<String> {
    let say = |fits| {
        let of = checked.findings.iter().filter(move |finding| finding.fits == fits);
        of.map(|finding| format!("{}: {}", label(checked, finding.row), escaped(&finding.text)))
    };
    say(false).chain(say(true)).collect()
}

/// How many rows there are, and of which verdicts.
fn summary(count: impl Fn(Verdict) -> usize, with_capture: bool) -> String {
    let rows: usize = Verdict::ALL.into_iter().map(&count).sum();
    let plural = if rows == 1 { "" } else { "s" };
    if !with_capture {
        let look = count(Verdict::Differs);
        return format!("{rows} row{plural}: {} consistent, {look} to look at", rows - look);
    }
    let counts: Vec<String> = Verdict::ALL.into_iter().map(|verdict| format!("{} {}", count(verdict), verdict.name())).collect();
    format!("{rows} row{plural}: {}", counts.join(", "))
}

/// How many rows of several reports got a verdict.
fn total(all: &[Checked]) -> impl Fn(Verdict) -> usize {
    move |verdict| all.iter().map(|checked| checked.count(verdict)).sum()
}
