//! A report's table against the capture that it claims to show: from the document to a verdict for each row.
//!
//! ```text
//! document ──text──▶ transcript ──┐
//! pdf      ──picture─▶ screenshot ─┴─Claims─▶ frames ──▶ assign ──▶ compare ──▶ Verdicts
//!                                     └─────▶ rules ──▶ Findings
//! ```
//!
//! A report claims, a capture knows: nothing here decodes packets or writes results. What a report says is untrusted
//! text, and no accusation follows from it: a finding is a place to look.

pub mod annotate;
pub mod assign;
pub mod clock;
mod columns;
pub mod compare;
pub mod document;
pub mod frames;
pub mod pdf;
pub mod rules;
pub mod screenshot;
pub mod transcript;
pub mod verdict;

pub use columns::Column;
pub use verdict::{Deviation, Judged, Verdict};

use document::Section;
use frames::Finder;
use rules::Finding;
use screenshot::Screenshot;

/// Rows that one report may show; more is no report.
pub const MAX_ROWS: usize = 100_000;

/// One cell, as the report shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What is written there.
    pub text: String,
    /// What the lines below the row say: the first of them may be the rest of the cell.
    pub tail: Vec<String>,
    /// Which of the characters could not be read with certainty; beyond its end all could.
    pub unsure: Vec<bool>,
    /// Whether the cell's end is cut off.
    pub cut: bool,
    /// Whether it was read from a picture: then marks between letters and digits say nothing.
    pub seen: bool,
}

/// One row that a report claims a capture has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    cells: [Option<Cell>; Column::COUNT],
}

/// Rows that stand together under one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows, from the top.
    pub claims: Vec<Claim>,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

impl Claim {
    /// The cell of a column, where the row has it.
    #[must_use]
    pub fn cell(&self, column: Column) -> Option<&Cell> {
        self.cells.get(column as usize)?.as_ref()
    }

    /// The text of a column; nothing where the row has none.
    #[must_use]
    pub fn text(&self, column: Column) -> &str {
        self.cell(column).map_or("", |cell| &cell.text)
    }

    /// The cell of a column, to be filled.
    pub fn cell_mut(&mut self, column: Column) -> &mut Option<Cell> {
        &mut self.cells[column as usize]
    }

    /// How many columns have something in them.
    #[must_use]
    pub fn filled(&self) -> usize {
        self.cells.iter().flatten().filter(|cell| !cell.text.is_empty()).count()
    }
}

/// A report, checked.
pub struct Checked {
    /// Its name.
    pub name: String,
    /// Its rows, from the top.
    pub rows: Vec<Judged>,
    /// What its rows say of each other, by their places; only without a capture.
    pub findings: Vec<Finding>,
    /// What is to be known of a table as a whole.
    pub remarks: Vec<String>,
}

impl Checked {
    /// How many rows got this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// Whether all rows are what the capture has, or may be.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.verdict, Verdict::Match | Verdict::Near))
    }
}

/// The tables of a report, from the top.
#[must_use]
pub fn tables(sections: &[Section]) -> Vec<Table> {
    let of = |section: &Section| match section {
        Section::Text(tables) => tables.clone(),
        Section::Picture(screenshot) => screenshot.tables(),
    };
    sections.iter().flat_map(of).collect()
}

/// Checks a report whose rows were looked for in a capture, the first of them at place `first`.
#[must_use]
pub fn with_capture(name: String, sections: &mut [Section], first: usize, finder: &Finder) -> Checked {
    reread(sections, first, finder);
    let mut checked = Checked { name, rows: Vec::new(), findings: Vec::new(), remarks: Vec::new() };
    for table in tables(sections) {
        let assignment = assign::assign(&table.claims, first + checked.rows.len(), finder);
        checked.remarks.extend(assign::remarks(&table.claims, &assignment));
        checked.rows.extend(verdict::judge(&table.claims, &assignment, finder));
    }
    checked
}

/// Reads pictures again, knowing what the capture has.
fn reread(sections: &mut [Section], mut first: usize, finder: &Finder) {
    for section in sections {
        if let Section::Picture(screenshot) = section {
            screenshot.settle(&known(screenshot, first, finder));
            // What can't be read a second time stays as it was read first.
            if screenshot.read_again(&known(screenshot, first, finder)).is_ok() {
                screenshot.settle(&known(screenshot, first, finder));
            }
        }
        first += section.rows();
    }
}

/// What the capture has in each row of a picture that was found.
fn known(screenshot: &Screenshot, mut first: usize, finder: &Finder) -> Vec<Option<[String; Column::COUNT]>> {
    let mut known = Vec::new();
    for table in screenshot.tables() {
        let assignment = assign::assign(&table.claims, first, finder);
        known.extend(verdict::known(&table.claims, &assignment, finder));
        first += table.claims.len();
    }
    known
}

/// Checks a report by itself: its rows against each other.
#[must_use]
pub fn alone(name: String, sections: &[Section]) -> Checked {
    let mut checked = Checked { name, rows: Vec::new(), findings: Vec::new(), remarks: Vec::new() };
    for table in tables(sections) {
        let first = checked.rows.len();
        let findings = rules::findings(&table.claims);
        checked.rows.extend(table.claims.into_iter().map(|claim| Judged {
            claim,
            frame: None,
            verdict: Verdict::Match,
            cells: Vec::new(),
        }));
        for mut finding in findings {
            finding.row += first;
            if let Some(row) = checked.rows.get_mut(finding.row).filter(|_| !finding.fits) {
                row.verdict = Verdict::Differs;
                let shown = row.claim.text(finding.column).to_owned();
                row.cells.push(Deviation { column: finding.column, shown, decoded: None, near: false });
            }
            checked.findings.push(finding);
        }
    }
    checked
}
