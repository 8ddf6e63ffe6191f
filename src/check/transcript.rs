//! Text to claimed rows: whatever a packet list looks like once it was copied, typed or printed.
//!
//! Rows come from Wireshark's "Copy" (plain text, CSV, YAML), its export as text, tshark, loopshark in its own formats,
//! Markdown, a spreadsheet, a word processor. A line is first cut into cells by what separates them; a heading, where
//! there is one, says which cell is what, else their shape does ([`super::columns`]). What is no row is prose, and ends
//! a table only if a new heading follows it. Must not know captures: whether a row is true is not asked here.

use super::columns::{Column, by_shape};
use super::{Cell, Claim, MAX_ROWS, Table};

mod json;
pub(super) mod split;

use split::Line;

/// What the cells of a row must be like, all together, to be taken for one without a heading.
const ROW_LIKENESS: u32 = 8;
/// Of how many lines a row may be the first.
const MAX_WRAPS: usize = 3;

/// The tables in a text, from the top.
#[must_use]
pub fn read(text: &str) -> Vec<Table> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
        if reader.rows > MAX_ROWS {
            break;
        }
    }
    reader.broken_off();
    reader.tables.retain(|table| !table.claims.is_empty());
    reader.tables
}

/// What a heading says of the cells below it: the column of each, none where it is not Wireshark's.
type Heading = Vec<Option<Column>>;

#[derive(Default)]
struct Reader {
    tables: Vec<Table>,
    rows: usize,
    heading: Option<Heading>,
    /// Lines that may be the beginning of a row.
    begun: Vec<String>,
    /// Whether the line before was a row, or the rest of one.
    in_row: bool,
    /// Whether nothing but the heading can end this table: none of its rows was seen yet.
    fresh: bool,
    /// The cells of a row in YAML, while it is read.
    yaml: Option<Vec<String>>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let line = split::without_quotation(line);
        if self.yaml(line) {
            return;
        }
        if line.trim().is_empty() {
            self.broken_off();
            self.in_row = false;
            return;
        }
        if let Some(claims) = json::rows(line) {
            for claim in claims {
                self.push(claim);
            }
            return;
        }
        let cut = split::cells(line);
        if let Some(heading) = heading(&cut) {
            self.broken_off();
            self.heading = Some(heading);
            (self.fresh, self.in_row) = (true, false);
            return;
        }
        if split::is_rule(line) {
            return;
        }
        if let Some(claim) = self.row(&cut) {
            self.broken_off();
            self.push(claim);
        } else {
            self.rest(line);
        }
    }

    /// A line that is no row by itself: the rest of one, the beginning of one, or prose.
    fn rest(&mut self, line: &str) {
        if !self.begun.is_empty() || split::begins_row(line) {
            self.begun.push(line.to_owned());
            let joined = self.begun.join(" ");
            if let Some(claim) = self.row(&split::cells(&joined)) {
                self.begun.clear();
                self.push(claim);
            } else if self.begun.len() >= MAX_WRAPS {
                self.broken_off();
            }
        } else if self.in_row
            && let Some(Some(info)) = self
                .tables
                .last_mut()
                .and_then(|table| table.claims.last_mut())
                .map(|claim| claim.cell_mut(Column::Info))
            && info.tail.len() < MAX_WRAPS
        {
            let rest = line.trim_matches(|c: char| c.is_whitespace() || c == '|');
            info.tail.push(rest.chars().take(split::MAX_CELL).collect());
        }
    }

    /// What began like a row never became one.
    fn broken_off(&mut self) {
        self.begun.clear();
    }

    fn push(&mut self, claim: Claim) {
        if std::mem::take(&mut self.fresh) || self.tables.is_empty() {
            self.tables.push(Table::default());
        }
        if let Some(table) = self.tables.last_mut() {
            table.claims.push(claim);
        }
        self.rows += 1;
        self.in_row = true;
    }

    /// Wireshark's YAML: a comment with the packet's place, then a list of its cells. Whether the line belonged to it.
    fn yaml(&mut self, line: &str) -> bool {
        if line.starts_with("# Packet ") {
            self.yaml = Some(Vec::new());
            return true;
        }
        let Some(cells) = &mut self.yaml else { return false };
        if let Some(cell) = line.strip_prefix("- ") {
            cells.push(split::unquoted(cell));
            if cells.len() == Column::COUNT
                && let Some(claim) = self.yaml.take().and_then(|cells| by_cells(&cells, &Column::ALL))
            {
                self.push(claim);
            }
            return true;
        }
        let cells = self.yaml.take().unwrap_or_default();
        if let Some(claim) = by_cells(&cells, &Column::ALL) {
            self.push(claim);
        }
        line.starts_with("---")
    }

    /// The row that a line is, if it is one.
    fn row(&self, line: &Line) -> Option<Claim> {
        match (line, &self.heading) {
            (Line::Cells(cells), Some(heading)) if cells.len() == heading.len() => {
                let mut claim = Claim::default();
                for (cell, column) in cells.iter().zip(heading) {
                    if let Some(column) = column {
                        *claim.cell_mut(*column) = Some(Cell::from(cell.as_str()));
                    }
                }
                let known = heading.iter().flatten().count();
                (claim.filled() * 2 >= known).then_some(claim)
            }
            (Line::Cells(cells), heading) => {
                let order: Vec<Column> = heading.iter().flatten().flatten().copied().collect();
                let order = if order.is_empty() { &Column::ALL[..] } else { &order };
                by_cells(cells, order)
            }
            (Line::Words(line), heading) => split::words(line, heading.as_deref()),
        }
    }
}

/// The row that cells make by their shapes, where these fit well enough.
fn by_cells(cells: &[String], order: &[Column]) -> Option<Claim> {
    let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
    let (columns, likeness) = by_shape(&texts, order);
    if likeness < ROW_LIKENESS {
        return None;
    }
    let mut claim = Claim::default();
    for (cell, column) in texts.iter().zip(columns) {
        if let Some(column) = column {
            *claim.cell_mut(column) = Some(Cell::from(*cell));
        }
    }
    Some(claim)
}

/// The heading that a line is, if it names three columns or more.
fn heading(line: &Line) -> Option<Heading> {
    let heading: Heading = match line {
        Line::Cells(cells) => cells.iter().map(|cell| Column::by_heading(cell)).collect(),
        Line::Words(line) => line.split_whitespace().map(Column::by_heading).collect(),
    };
    let mut named: Vec<Column> = heading.iter().flatten().copied().collect();
    named.sort_unstable();
    named.dedup();
    let other_words = heading.len() - named.len();
    (named.len() >= 3 && other_words <= named.len()).then_some(heading)
}
