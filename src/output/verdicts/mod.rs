//! How a check is written: one file a format, the same verdicts in each.

use hashbrown::HashMap;

use super::escape::plain as escaped;
use crate::check::{Checked, Column, Deviation, Judged, Verdict};

pub mod json;
pub mod markdown;
pub mod table;

/// What a table shows in a cell: what the report shows and, where it deviates, what the capture has.
fn cell(row: &Judged, column: Column) -> String {
    let shown = escaped(row.claim.text(column));
    match row.cells.iter().find(|cell| cell.column == column) {
        Some(Deviation { decoded: Some(decoded), near, .. }) => {
            let sign = if *near { '≈' } else { '≠' };
            format!("{shown} {sign} {}", what_differs(&shown, &escaped(decoded)))
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
    if shown.is_empty() { format!("{} from the top", row + 1) } else { escaped(shown) }
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
    texts.into_iter().map(|(_, text, rows)| format!("{}: {}", named(&rows), escaped(text))).collect()
}

fn named(rows: &[String]) -> String {
    match rows {
        [row] => format!("row {row}"),
        rows if rows.len() <= NAMED + 1 => format!("rows {}", rows.join(", ")),
        rows => format!("rows {} and {} more", rows[..NAMED].join(", "), rows.len() - NAMED),
    }
}

/// How many rows there are, and of which verdicts.
fn summary(count: impl Fn(Verdict) -> usize, with_capture: bool) -> String {
    let rows: usize = Verdict::ALL.into_iter().map(&count).sum();
    let plural = if rows == 1 { "" } else { "s" };
    if !with_capture {
        let look = count(Verdict::Differs);
        return format!("{rows} row{plural}: {} consistent, {look} to look at", rows - look);
    }
    let counts: Vec<String> =
        Verdict::ALL.into_iter().map(|verdict| format!("{} {}", count(verdict), verdict.name())).collect();
    format!("{rows} row{plural}: {}", counts.join(", "))
}

/// How many rows of several reports got a verdict.
fn total(all: &[Checked]) -> impl Fn(Verdict) -> usize {
    move |verdict| all.iter().map(|checked| checked.count(verdict)).sum()
}
