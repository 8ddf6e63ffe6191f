//! A report as Markdown: the same sections, with tables where HTML has plots.
//!
//! GitHub shows no SVG that stands in the text, neither as it is nor as a data URI, so that a plot would be a hole in the
//! report. Response times stand in a table by slices of time, their distribution has bars of text, and the ladder is a
//! Mermaid diagram, which GitHub and GitLab draw.

use super::plot::{Arrow, Way};
use super::{Document, Shown};
use crate::dissect::Coloring;
use crate::output::escape;
use crate::output::grid::{Cell, Markup};
use crate::output::markdown::{self as plain, heading};
use crate::tr;

/// Slices of time in a table.
const SLICES: usize = 10;
/// The longest bar, in letters.
const LONGEST: u64 = 40;

/// The format.
pub struct Markdown;

/// Tables are those of the plain format.
impl Markup for Markdown {
    const IS_DATA: bool = false;

    fn begin(&self, out: &mut Vec<u8>, title: &str) {
        heading(out, 1, title);
    }

    fn titles<'t>(&self, out: &mut Vec<u8>, caption: &str, titles: impl Iterator<Item = (&'t str, bool)>) {
        plain::Markdown.titles(out, caption, titles);
    }

    fn row(&self, out: &mut Vec<u8>, coloring: Coloring) {
        plain::Markdown.row(out, coloring);
    }

    fn row_end(&self, out: &mut Vec<u8>) {
        plain::Markdown.row_end(out);
    }

    fn cell(&self, out: &mut Vec<u8>, cell: Cell<'_>, is_first: bool) {
        plain::Markdown.cell(out, cell, is_first);
    }

    fn table_end(&self, out: &mut Vec<u8>) {
        plain::Markdown.table_end(out);
    }

    fn notes(&self, out: &mut Vec<u8>, notes: &[String]) {
        plain::Markdown.notes(out, notes);
        out.extend_from_slice(if notes.is_empty() { b"" } else { b"\n" });
    }

    fn end(&self, _out: &mut Vec<u8>) {}
}

impl Document for Markdown {
    fn open(&self, out: &mut Vec<u8>, title: &str) {
        self.begin(out, title);
    }

    fn section(&self, out: &mut Vec<u8>, _name: &str, title: &str) {
        heading(out, 2, title);
    }

    fn paragraph(&self, out: &mut Vec<u8>, text: &str) {
        escape::markdown(out, text.as_bytes());
        out.extend_from_slice(b"\n\n");
    }

    fn warning(&self, out: &mut Vec<u8>, text: &str) {
        out.extend_from_slice(b"**");
        escape::markdown(out, text.as_bytes());
        out.extend_from_slice(b"**\n\n");
    }

    fn facts(&self, out: &mut Vec<u8>, facts: &[(String, String)]) {
        let titles = [tr!("report-fact"), tr!("report-value")];
        self.titles(out, "", titles.iter().map(|title| (title.as_str(), false)));
        for (name, value) in facts {
            self.cell(out, Cell::Title(name.as_bytes()), true);
            self.cell(out, Cell::Text(value.as_bytes()), false);
            self.row_end(out);
        }
        self.table_end(out);
    }

    fn long(&self, _out: &mut Vec<u8>, _begins: bool) {}

    /// Rows have no colors here.
    fn legend(&self, _out: &mut Vec<u8>, _rules: &[Coloring]) {}

    fn times(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        super::slices(self, out, shown, SLICES);
    }

    fn spread(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        let titles =
            [(tr!("report-from"), true), (tr!("report-to"), true), (tr!("report-count"), true), (String::new(), false)];
        self.titles(out, "", titles.iter().map(|(title, is_number)| (title.as_str(), *is_number)));
        let bins = shown.bins();
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1);
        for bin in bins {
            let bar = (bin.count.saturating_mul(LONGEST)).div_ceil(most);
            let bar = "█".repeat(usize::try_from(bar).unwrap_or(0));
            let cells = [super::spoken(bin.from), super::spoken(bin.to), bin.count.to_string(), bar];
            for (n, cell) in cells.iter().enumerate() {
                self.cell(out, Cell::Plain(cell.as_bytes()), n == 0);
            }
            self.row_end(out);
        }
        self.table_end(out);
    }

    fn timeline(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        self.paragraph(out, &shown.course_in_words());
    }

    fn ladder(&self, out: &mut Vec<u8>, arrows: &[Arrow]) {
        let [client, service] = super::names(arrows);
        let mut push = |text: &str| out.extend_from_slice(text.as_bytes());
        push("```mermaid\nsequenceDiagram\n");
        push(&format!("    participant C as {}\n    participant S as {}\n", mermaid(&client), mermaid(&service)));
        for arrow in arrows {
            if arrow.after_gap {
                push("    Note over C,S: …\n");
            }
            let way = match arrow.way {
                Way::There => "C->>S",
                Way::Lost => "C-xS",
                Way::Back => "S->>C",
                Way::Error => "S-->>C",
            };
            push(&format!("    {way}: {}\n", mermaid(&super::rung_in_words(arrow))));
        }
        push("```\n\n");
    }
}

fn mermaid(text: &str) -> String {
    escape::escaped(escape::mermaid, text)
}
