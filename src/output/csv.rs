//! Comma-separated values, for spreadsheets: RFC 4180 in UTF-8, with two choices made by who reads it.
//!
//! A byte order mark begins it, since Excel takes a file without one for the local code page and shows `→` as `â†’`. Lines
//! end with LF alone: every spreadsheet reads that, and in a line with CR LF `cut` and `awk` find the CR in the last cell.
//! Text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers.

use super::escape;
use super::grid::{Cell, Markup};
use crate::dissect::Coloring;

/// The CSV format.
pub struct Csv;

const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Markup for Csv {
    const IS_DATA: bool = true;

    fn begin(&self, out: &mut Vec<u8>, _title: &str) {
        out.extend_from_slice(BYTE_ORDER_MARK.as_bytes());
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
            out.push(b',');
        }
        match cell {
            Cell::Number(text) | Cell::Plain(text) => out.extend_from_slice(text),
            Cell::Text(text) | Cell::Title(text) => escape::csv(out, text),
        }
    }

    fn table_end(&self, _out: &mut Vec<u8>) {}

    fn notes(&self, _out: &mut Vec<u8>, _notes: &[String]) {}

    fn end(&self, _out: &mut Vec<u8>) {}
}
