//! How a check is written: one file a format, the same verdicts in each.

use hashbrown::HashMap;

use crate::check::{Checked, Column, Deviation, Judged, Verdict};
use crate::printable::printable;
use crate::tr;

pub mod json;
pub mod markdown;
pub mod table;

/// What a table shows in a cell: what the report shows and, where it deviates, what the capture has.
fn cell(row: &Judged, column: Column) -> String {
    let shown = printable(row.claim.text(column));
    match row.cells.iter().find(|cell| cell.column == column) {
        Some(Deviation { decoded: Some(decoded), near, .. }) => {
            let sign = if *near { '≈' } else { '≠' };
            format!("{shown} {sign} {}", what_differs(&shown, &printable(decoded)))
        }
        _ => shown,
    }
}

/// What a decoded text has else than a shown one: without the words at its ends that both have, as long as something is
/// left. What they share is in the row already.
fn what_differs(shown: &str, decoded: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (shown.split_whitespace().collect(), decoded.split_whitespace().collect());
    let most = a.len().min(b.len()).saturating_sub(1);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count().min(most);
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count().min(most - after);
    b[before..b.len() - after].join(" ")
}

/// What a row is called in a sentence: its number as shown, else its place.
fn label(checked: &Checked, row: usize) -> String {
    let shown = checked.rows.get(row).map_or("", |row| row.claim.text(Column::Number));
    if shown.is_empty() { tr!("check-row-from-top", place = row + 1) } else { printable(shown) }
}

/// How many rows are named that all have the same finding.
const NAMED: usize = 3;

/// The findings as sentences, those that are places to look first, and what holds for many rows once.
fn findings(checked: &Checked) -> Vec<String> {
    let mut texts: Vec<(bool, &str, Vec<String>)> = Vec::new();
    let mut places = HashMap::new();
    for finding in &checked.findings {
        let place = *places.entry((finding.fits, finding.text.as_str())).or_insert_with(|| {
            texts.push((finding.fits, &finding.text, Vec::new()));
            texts.len() - 1
        });
        texts[place].2.push(label(checked, finding.row));
    }
    // A stable sort: the order of the rows stays.
    texts.sort_by_key(|(fits, ..)| *fits);
    texts.into_iter().map(|(_, text, rows)| format!("{}: {}", named(&rows), printable(text))).collect()
}

fn named(rows: &[String]) -> String {
    match rows {
        [row] => tr!("check-row-named", row = row),
        rows if rows.len() <= NAMED + 1 => tr!("check-rows-named", rows = rows.join(", ")),
        rows => {
            tr!("check-rows-named-and-more", rows = rows[..NAMED].join(", "), more = rows.len() - NAMED)
        }
    }
}

/// How many rows there are, and of which verdicts.
fn summary(count: impl Fn(Verdict) -> usize, with_capture: bool) -> String {
    let rows: usize = Verdict::ALL.into_iter().map(&count).sum();
    let named = tr!("check-rows", count = rows);
    if !with_capture {
        let look = count(Verdict::Differs);
        return tr!("check-summary-alone", rows = named, fine = rows - look, look = look);
    }
    let counts = Verdict::ALL.map(|verdict| counted(verdict, count(verdict)));
    tr!("check-summary", rows = named, counts = counts.join(", "))
}

/// The summary of several reports.
fn whole(all: &[Checked], with_capture: bool) -> String {
    tr!("check-reports", count = all.len(), summary = summary(total(all), with_capture))
}

/// A verdict, for people.
fn word(verdict: Verdict) -> String {
    match verdict {
        Verdict::Match => tr!("check-verdict-match"),
        Verdict::Near => tr!("check-verdict-near"),
        Verdict::Differs => tr!("check-verdict-differs"),
        Verdict::Absent => tr!("check-verdict-absent"),
        Verdict::Unreadable => tr!("check-verdict-unreadable"),
    }
}

/// How many rows got a verdict, for people.
fn counted(verdict: Verdict, count: usize) -> String {
    match verdict {
        Verdict::Match => tr!("check-count-match", count = count),
        Verdict::Near => tr!("check-count-near", count = count),
        Verdict::Differs => tr!("check-count-differs", count = count),
        Verdict::Absent => tr!("check-count-absent", count = count),
        Verdict::Unreadable => tr!("check-count-unreadable", count = count),
    }
}

/// How many rows of several reports got a verdict.
fn total(all: &[Checked]) -> impl Fn(Verdict) -> usize {
    move |verdict| all.iter().map(|checked| checked.count(verdict)).sum()
}
