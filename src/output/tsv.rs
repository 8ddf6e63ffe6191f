//! Tab-separated values, for `cut`, `awk`, `sort` and the clipboard: IANA's text/tab-separated-values, in UTF-8, without a
//! byte order mark.
//!
//! A cell can have neither tabs nor line ends, so that nothing is quoted.

use super::escape;
use super::grid::{Cell, Markup};
use crate::dissect::Coloring;

/// The TSV format.
pub struct Tsv;

impl Markup for Tsv {
    const IS_DATA: bool = true;

    fn begin(&self, _out: &mut Vec<u8>, _title: &str) {}

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
            out.push(b'\t');
        }
        match cell {
            Cell::Number(text) | Cell::Plain(text) => out.extend_from_slice(text),
            Cell::Text(text) | Cell::Title(text) => escape::tsv(out, text),
        }
    }

    fn table_end(&self, _out: &mut Vec<u8>) {}

    fn notes(&self, _out: &mut Vec<u8>, _notes: &[String]) {}

    fn end(&self, _out: &mut Vec<u8>) {}
}
