//! Values with a separator between them, for programs: CSV for spreadsheets (RFC 4180), TSV for `cut`, `awk`, `sort` and the
//! clipboard (IANA's text/tab-separated-values), both in UTF-8.
//!
//! A byte order mark begins CSV, since Excel takes a file without one for the local code page and shows `→` as `â†’`. Lines
//! end with LF alone: every spreadsheet reads that, and in a line with CR LF `cut` and `awk` find the CR in the last cell.
//! A cell of TSV can have neither tabs nor line ends, so that nothing is quoted there. Text that a spreadsheet would take
//! for a formula begins with an apostrophe; numbers stay numbers.

use super::escape;
use super::grid::{Cell, Markup};
use crate::dissect::Coloring;

/// A format of separated values.
pub struct Separated {
    begin: &'static str,
    separator: u8,
    escape: fn(&mut Vec<u8>, &[u8]),
}

impl Separated {
    /// Comma-separated values.
    pub const CSV: Self = Self { begin: "\u{feff}", separator: b',', escape: escape::csv };
    /// Tab-separated values.
    pub const TSV: Self = Self { begin: "", separator: b'\t', escape: escape::tsv };
}

impl Markup for Separated {
    const IS_DATA: bool = true;

    fn begin(&self, out: &mut Vec<u8>, _title: &str) {
        out.extend_from_slice(self.begin.as_bytes());
    }

    fn titles<'t>(&self, out: &mut Vec<u8>, _caption: &str, titles: impl Iterator<Item = (&'t str, bool)>) {
        for (n, (title, _)) in titles.enumerate() {
            self.cell(out, Cell::Text(title.as_bytes()), n == 0);
        }
        self.row_end(out);
    }

    fn row(&self, _out: &mut Vec<u8>, _coloring: Coloring) {}

    fn row_end(&self, out: &mut Vec<u8>) {
        out.push(b'\n');
    }

    fn cell(&self, out: &mut Vec<u8>, cell: Cell<'_>, is_first: bool) {
        if !is_first {
            out.push(self.separator);
        }
        match cell {
            Cell::Number(text) | Cell::Plain(text) => out.extend_from_slice(text),
            Cell::Text(text) | Cell::Title(text) => (self.escape)(out, text),
        }
    }

    fn table_end(&self, _out: &mut Vec<u8>) {}

    fn notes(&self, _out: &mut Vec<u8>, _notes: &[String]) {}

    fn end(&self, _out: &mut Vec<u8>) {}
}
