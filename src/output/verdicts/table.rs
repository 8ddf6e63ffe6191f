//! A check for people: Wireshark's columns, one line a row, its verdict in front.

use std::io::{self, Write};

use comfy_table::CellAlignment;

use super::{cell, escaped, findings, summary, whole, word};
use crate::check::{Checked, Column};
use crate::output::table::{cut, plain};
use crate::tr;

/// Writes each report under its name, cut to a screen of `width` columns if that is given.
pub fn write(out: &mut impl Write, all: &[Checked], with_capture: bool, width: Option<usize>) -> io::Result<()> {
    for (n, checked) in all.iter().enumerate() {
        if all.len() > 1 {
            let gap = if n > 0 { "\n" } else { "" };
            writeln!(out, "{gap}{}", escaped(&checked.name))?;
        }
        rows(out, checked, width)?;
        writeln!(out, "\n{}", summary(|verdict| checked.count(verdict), with_capture))?;
        for line in findings(checked).iter().chain(&checked.remarks) {
            writeln!(out, "{line}")?;
        }
    }
    if all.len() > 1 {
        writeln!(out, "\n{}", whole(all, with_capture))?;
    }
    out.flush()
}

fn rows(out: &mut impl Write, checked: &Checked, width: Option<usize>) -> io::Result<()> {
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
    for line in table.lines() {
        writeln!(out, "{}", cut(line.trim_end(), width))?;
    }
    Ok(())
}
