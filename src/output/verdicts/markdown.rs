//! A check as a Markdown table, to be put into a review.

use std::io::{self, Write};

use super::{cell, findings, summary, whole, word};
use crate::check::{Checked, Column};
use crate::output::escape;
use crate::tr;

/// Writes each report under its name.
pub fn write(out: &mut impl Write, all: &[Checked], with_capture: bool) -> io::Result<()> {
    for checked in all {
        writeln!(out, "## {}\n", escaped(&checked.name))?;
        writeln!(out, "| {} | {} |", tr!("check-verdict"), Column::ALL.map(Column::name).join(" | "))?;
        writeln!(out, "|---|--:|--:|---|---|---|--:|---|")?;
        for row in &checked.rows {
            let cells = Column::ALL.map(|column| escaped(&cell(row, column)));
            writeln!(out, "| {} | {} |", word(row.verdict), cells.join(" | "))?;
        }
        writeln!(out, "\n{}\n", summary(|verdict| checked.count(verdict), with_capture))?;
        for line in findings(checked).iter().chain(&checked.remarks) {
            writeln!(out, "* {}", escaped(line))?;
        }
    }
    if all.len() > 1 {
        writeln!(out, "**{}**", whole(all, with_capture))?;
    }
    out.flush()
}

/// A text that Markdown leaves as it is.
fn escaped(text: &str) -> String {
    escape::escaped(escape::markdown, text)
}
