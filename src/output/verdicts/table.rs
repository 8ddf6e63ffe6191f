//! A check for people: Wireshark's columns, one line a row, its verdict in front.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::CellAlignment;

use super::{cell, findings, summary, whole, word};
use crate::check::{Checked, Column, Verdict};
use crate::output::paint::title;
use crate::output::table::{cut, plain, wrapped};
use crate::printable::printable;
use crate::tr;

/// Writes each report under its name, cut to a screen of `width` columns if that is given; verdicts in color, if wanted.
pub fn write(
    out: &mut impl Write,
    all: &[Checked],
    with_capture: bool,
    width: Option<usize>,
    colored: bool,
) -> io::Result<()> {
    for (n, checked) in all.iter().enumerate() {
        if all.len() > 1 {
            let gap = if n > 0 { "\n" } else { "" };
            writeln!(out, "{gap}{}", printable(&checked.name))?;
        }
        rows(out, checked, width, colored)?;
        let summary = summary(|verdict| checked.count(verdict), with_capture);
        writeln!(out, "\n{}", wrapped(&summary, width))?;
        for line in findings(checked).iter().chain(&checked.remarks) {
            writeln!(out, "{}", wrapped(&printable(line), width))?;
        }
    }
    if all.len() > 1 {
        writeln!(out, "\n{}", wrapped(&whole(all, with_capture), width))?;
    }
    out.flush()
}

fn rows(out: &mut impl Write, checked: &Checked, width: Option<usize>, colored: bool) -> io::Result<()> {
    let mut table = plain();
    let shown: Vec<Column> = Column::ALL
        .into_iter()
        .filter(|column| checked.rows.iter().any(|row| row.claim.cell(*column).is_some()))
        .collect();
    let titles = [tr!("check-verdict")].into_iter().chain(shown.iter().map(|column| column.name().to_owned()));
    table.set_header(titles);
    for row in &checked.rows {
        let cells = shown.iter().map(|column| cell(row, *column));
        table.add_row([word(row.verdict)].into_iter().chain(cells));
    }
    let right = [Column::Number, Column::Time, Column::Length];
    for (n, column) in table.column_iter_mut().enumerate() {
        column.set_padding((u16::from(n > 0), 0));
        if n.checked_sub(1).and_then(|n| shown.get(n)).is_some_and(|column| right.contains(column)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let verdicts = [None].into_iter().chain(checked.rows.iter().map(|row| Some(row.verdict)));
    for (line, verdict) in table.lines().zip(verdicts) {
        let line = line.trim_end();
        let style = if colored { verdict.map_or(title(), style) } else { Style::new() };
        // A row to look at is shown to its end, for that may be where it deviates.
        let line = if verdict.is_none_or(|verdict| verdict == Verdict::Match) { cut(line, width) } else { line.into() };
        // Of a row the verdict, of the titles all.
        let verdict = verdict.map(word).filter(|word| line.starts_with(word));
        let (styled, rest) = line.split_at(verdict.map_or(line.len(), |verdict| verdict.len()));
        writeln!(out, "{style}{styled}{style:#}{rest}")?;
    }
    Ok(())
}

/// Green, amber or red, in the terminal's own shades, which go with its background.
fn style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Match => AnsiColor::Green,
        Verdict::Near => AnsiColor::Yellow,
        Verdict::Differs | Verdict::Absent | Verdict::Unreadable => AnsiColor::Red,
    };
    color.on_default()
}
