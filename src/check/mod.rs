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

pub mod clock;
mod columns;
pub mod compare;
pub mod frames;
pub mod transcript;

pub use columns::Column;

/// Rows that one report may show; more is no report.
pub const MAX_ROWS: usize = 100_000;

/// One cell, as the report shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What is written there.
    pub text: String,
    /// What the lines below the row say, where they may be the rest of the cell.
    pub tail: String,
    /// Which of the characters could not be read with certainty; beyond its end all could.
    pub unsure: Vec<bool>,
    /// Whether the cell's end is cut off.
    pub cut: bool,
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
