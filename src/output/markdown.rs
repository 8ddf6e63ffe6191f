//! Markdown with GitHub's tables (GitHub Flavored Markdown, section 4.10), to be put into a report or an issue.
//!
//! Rows have no colors there. What is under a table stands in a list.

use super::escape;
use super::grid::{Cell, Markup};
use crate::dissect::Coloring;

/// The Markdown format.
pub struct Markdown;

impl Markup for Markdown {
    const IS_DATA: bool = false;

    fn begin(&self, out: &mut Vec<u8>, title: &str) {
        heading(out, 2, title);
    }

    fn titles<'t>(&self, out: &mut Vec<u8>, _caption: &str, titles: impl Iterator<Item = (&'t str, bool)>) {
        let mut rule = Vec::with_capacity(64);
        for (n, (title, is_number)) in titles.enumerate() {
            self.cell(out, Cell::Text(title.as_bytes()), n == 0);
            rule.extend_from_slice(if is_number { b"|--:" } else { b"|---" });
        }
        self.row_end(out);
        out.extend_from_slice(&rule);
        out.extend_from_slice(b"|\n");
    }

    fn row(&self, _out: &mut Vec<u8>, _coloring: Coloring) {}

    fn row_end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b" |\n");
    }

    fn cell(&self, out: &mut Vec<u8>, cell: Cell<'_>, is_first: bool) {
        out.extend_from_slice(if is_first { b"| " } else { b" | " });
        match cell {
            Cell::Number(text) | Cell::Plain(text) => out.extend_from_slice(text),
            Cell::Text(text) | Cell::Title(text) => escape::markdown(out, text),
        }
    }

    fn table_end(&self, out: &mut Vec<u8>) {
        out.push(b'\n');
    }

    fn notes(&self, out: &mut Vec<u8>, notes: &[String]) {
        for note in notes {
            out.extend_from_slice(b"* ");
            escape::markdown(out, note.as_bytes());
            out.push(b'\n');
        }
    }

    fn end(&self, _out: &mut Vec<u8>) {}
}

/// Appends a heading of this level, and an empty line.
pub(super) fn heading(out: &mut Vec<u8>, level: usize, text: &str) {
    out.resize(out.len() + level, b'#');
    out.push(b' ');
    escape::markdown(out, text.as_bytes());
    out.extend_from_slice(b"\n\n");
}
