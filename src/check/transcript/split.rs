//! One line cut into cells: by tabs, bars, commas or semicolons; or word by word, where only space stands between them.

use crate::check::columns::Column;
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
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => cells.last_mut().expect("never empty").push(chars.next().unwrap_or('|')),
            '|' => cells.push(String::new()),
            c => cells.last_mut().expect("never empty").push(c),
        }
    }
    if line.ends_with('|') {
        cells.pop();
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
    // Prose has commas, too, but no words in the first cells of a row.
    let like_a_row = cells.iter().take(3).all(|cell| !cell.contains(' ') || Column::Time.likeness(cell) > 0);
    (cells.len() > 2 && like_a_row).then_some(cells)
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

/// The row that words make, in the heading's order of columns: each takes the next word that is like it, Info the rest.
pub fn words(line: &str, heading: Option<&[Option<Column>]>) -> Option<Claim> {
    let mut words = Words { line, at: 0 };
    let mut claim = Claim::default();
    let mut likeness = 0;
    let standard = Column::ALL.map(Some);
    for column in heading.unwrap_or(&standard).iter().flatten().copied() {
        if column == Column::Destination {
            words.skip_arrow();
        }
        let text = match column {
            Column::Info => words.rest(),
            Column::Time => words.time(),
            _ => words.next_like(column),
        };
        if let Some(text) = text {
            likeness += if column == Column::Info { 1 } else { column.likeness(text) };
            *claim.cell_mut(column) = Some(Cell::from(clipped(text).as_str()));
        }
    }
    let has = |column| claim.cell(column).is_some();
    let addressed = has(Column::Source) && has(Column::Destination);
    let placed = has(Column::Number) || has(Column::Time);
    (likeness >= super::ROW_LIKENESS && addressed && has(Column::Protocol) && (placed || has(Column::Length)))
        .then_some(claim)
}

/// A line, word by word.
struct Words<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn left(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default().trim_start()
    }

    /// Takes the first `len` bytes of what is left.
    fn take(&mut self, len: usize) -> &'a str {
        let left = self.left();
        self.at = self.line.len() - left.len() + len;
        &left[..len]
    }

    fn peek(&self) -> &'a str {
        self.left().split_whitespace().next().unwrap_or_default()
    }

    fn next_like(&mut self, column: Column) -> Option<&'a str> {
        let word = self.peek();
        (column.likeness(word) > 0).then(|| self.take(word.len()))
    }

    /// One word, or a date and a time of day.
    fn time(&mut self) -> Option<&'a str> {
        let left = self.left();
        let first = self.peek().len();
        let second = left[first..].split_whitespace().next().unwrap_or_default();
        let both = &left[..left.len() - left[first..].trim_start().len() + second.len()];
        if second.contains(':') && Column::Time.likeness(both) == 3 {
            return Some(self.take(both.len()));
        }
        (Column::Time.likeness(&left[..first]) > 0).then(|| self.take(first))
    }

    fn skip_arrow(&mut self) {
        let word = self.peek();
        if ["→", "->", "-›", ">", "+", "=>", "➔", "-", "—"].contains(&word) {
            self.take(word.len());
        }
    }

    /// All that is left, but for what loopshark says beside a row: a response time, or a word.
    fn rest(&mut self) -> Option<&'a str> {
        let left = self.left();
        self.at = self.line.len();
        let left = match left.rsplit_once("  ") {
            Some((info, beside)) if is_fate(beside.trim()) => info.trim_end(),
            _ => left,
        };
        (!left.is_empty()).then_some(left)
    }
}

/// Whether a text is what loopshark says beside a row.
fn is_fate(text: &str) -> bool {
    let number = |text: &str| text.strip_suffix(" ms").unwrap_or(text).parse::<f64>().is_ok();
    let late = |text: &str| text.strip_suffix(" late").is_some_and(number);
    ["late", "lost", "refused", "duplicate", "unsolicited"].contains(&text) || number(text) || late(text)
}
