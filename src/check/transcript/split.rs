//! One line cut into cells: by tabs, bars, commas or semicolons; or word by word, where only space stands between them.

use crate::check::columns::{Column, by_shape};
use crate::check::{Cell, Claim};

/// A cell longer than this is cut: no column of Wireshark's is.
pub const MAX_CELL: usize = 4_096;
/// Few separators may stand in a row's Info by chance.
const FEW: usize = 4;

/// A line, cut where its separators are.
pub enum Line {
    /// Something stands between the cells.
    Cells(Vec<String>),
    /// Only space does, and Info holds spaces, too.
    Words(String),
}

/// A line without the marks that quote it in mail or in Markdown.
pub fn without_quotation(line: &str) -> &str {
    line.trim_end().trim_start_matches("> ").trim_start_matches('\u{feff}')
}

/// Whether a line only draws: a rule between rows, the second line of a Markdown table, a fence.
pub fn is_rule(line: &str) -> bool {
    line.chars().all(|c| "|-:=+_*`~─│┼═╪ \t".contains(c))
}

/// Cuts a line into cells.
pub fn cells(line: &str) -> Line {
    let bars = line.matches('|').count();
    let cells = if line.contains('\t') && line.trim().contains('\t') {
        line.trim_end().split('\t').map(|cell| cell.trim().to_owned()).collect()
    } else if bars >= FEW || line.trim_start().starts_with('|') {
        by_bars(line)
    } else if let Some(cells) = [b',', b';'].into_iter().find_map(|separator| by_csv(line, separator)) {
        cells
    } else {
        return Line::Words(line.to_owned());
    };
    Line::Cells(cells.into_iter().map(|cell: String| clipped(&cell)).collect())
}

/// The cells of a row of Markdown: bars around them, and `\|` is none.
fn by_bars(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|');
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => cell.extend(chars.next()),
            '|' => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    if !cell.trim().is_empty() {
        cells.push(cell);
    }
    cells.into_iter().map(|cell| cell.trim().trim_matches(|c| "`*".contains(c)).to_owned()).collect()
}

/// The cells of a line of CSV: quoted, or so many that no row of words has them.
fn by_csv(line: &str, separator: u8) -> Option<Vec<String>> {
    let line = line.trim();
    let plain = line.bytes().filter(|byte| *byte == separator).count();
    if plain < if line.starts_with('"') { 2 } else { FEW } {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    let cells: Vec<String> = record.iter().map(str::to_owned).collect();
    // Prose has commas, too, but neither the shape of a row nor a heading's names.
    let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
    let is_row = by_shape(&texts, &Column::ALL).1 >= super::ROW_LIKENESS;
    (is_row || texts.iter().filter(|text| Column::by_heading(text).is_some()).count() >= 3).then_some(cells)
}

/// A scalar of YAML without its quotes.
pub fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    clipped(&inner.map_or_else(|| text.to_owned(), |inner| inner.replace("\\\"", "\"")))
}

fn clipped(text: &str) -> String {
    text.chars().take(MAX_CELL).collect()
}

/// Whether a line may be the first of a row whose end stands in the next: a number and a time, or a time and an address.
pub fn begins_row(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(3).collect();
    let is = |n: usize, column: Column, enough| words.get(n).is_some_and(|word| column.likeness(word) >= enough);
    let numbered = is(0, Column::Number, 2) && is(1, Column::Time, 3);
    numbered || (is(0, Column::Time, 3) && is(1, Column::Source, 3))
}

/// The row that a line of words is.
pub fn words(line: &str, heading: Option<&[Option<Column>]>) -> Option<Claim> {
    let line = without_fate(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut claim = Claim::default();
    for (column, words) in by_words(&words, heading)? {
        *claim.cell_mut(column) = Some(Cell::from(clipped(&words.join(" ")).as_str()));
    }
    Some(claim)
}

/// Which words make which cell, in the heading's order of columns: each takes the next word that is like it, Info the
/// rest. None where they make no row.
pub fn by_words<'w, 'a>(
    words: &'w [&'a str],
    heading: Option<&[Option<Column>]>,
) -> Option<Vec<(Column, &'w [&'a str])>> {
    let standard = Column::ALL.map(Some);
    let (mut at, mut likeness) = (0, 0);
    let mut cells = Vec::new();
    for column in heading.unwrap_or(&standard).iter().flatten().copied() {
        let left = words.get(at..).unwrap_or_default();
        let arrow = usize::from(column == Column::Destination && left.first().is_some_and(|word| is_arrow(word)));
        let left = left.get(arrow..).unwrap_or_default();
        let (count, like) = match column {
            Column::Info => (left.len(), 1),
            Column::Time => time(left),
            _ => left.first().map_or((0, 0), |word| (1, column.likeness(word))),
        };
        if count > 0 && like > 0 {
            likeness += like;
            cells.push((column, &left[..count]));
            at += arrow + count;
        }
    }
    let has = |column| cells.iter().any(|(known, _)| *known == column);
    let addressed = has(Column::Source) && has(Column::Destination);
    let placed = has(Column::Number) || has(Column::Time) || has(Column::Length);
    (likeness >= super::ROW_LIKENESS && addressed && has(Column::Protocol) && placed).then_some(cells)
}

/// How many words a time is, a date and a time of day being two, and how much they are like one.
fn time(words: &[&str]) -> (usize, u32) {
    let both = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    let is_clock = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(':');
    if words.get(1).is_some_and(is_clock) && words[0].contains(['-', '/']) && Column::Time.likeness(&both) == 3 {
        return (2, 3);
    }
    words.first().map_or((0, 0), |word| (1, Column::Time.likeness(word)))
}

fn is_arrow(word: &str) -> bool {
    ["→", "->", "-›", ">", "+", "=>", "➔", "-", "—"].contains(&word)
}

/// A line without what loopshark says beside a row: a response time, or a word, or both.
fn without_fate(line: &str) -> &str {
    let row = line.trim_end();
    let timed = row.strip_suffix(" late").unwrap_or(row);
    let timed = timed.strip_suffix(" ms").unwrap_or(timed);
    let Some((before, beside)) = timed.rsplit_once(' ') else { return line };
    // Behind Info's end, or apart from it.
    let apart = before.ends_with(' ') && before.contains('=');
    let before = before.trim_end();
    let ends = before.ends_with(')') || before.rsplit(' ').next().is_some_and(|word| word.starts_with("Len="));
    if (apart || ends) && is_fate(beside) { before } else { line }
}

/// Whether a word is what loopshark says beside a row.
fn is_fate(word: &str) -> bool {
    ["late", "lost", "refused", "duplicate", "unsolicited"].contains(&word) || word.parse::<f64>().is_ok()
}
