//! What the columns are called and what stands in a row's cells: the same in every format that has columns.
//!
//! Titles are Wireshark's, in every language; behind them, in the exchanges view, what became of the exchange. How cells
//! are separated, aligned and escaped is each format's business.

use super::{Fate, write_fate};
use crate::decimal::write_number;
use crate::views::Row;

/// How many columns there are in the exchanges view; packets lack the last.
pub(super) const COLUMNS: usize = 8;
/// What stands over them.
pub(super) const TITLES: [&str; COLUMNS] =
    ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info", "RTT ms"];
/// Which of them hold numbers, or a word of our own: nothing of a stranger's.
pub(super) const NUMERIC: [bool; COLUMNS] = [true, true, false, false, false, true, false, true];
/// Info's place among them.
pub(super) const INFO: usize = 6;

/// Hands each cell of a row to `cell`, as what appends it.
pub(super) fn each(row: &Row<'_>, fate: Option<Fate>, mut cell: impl FnMut(&dyn Fn(&mut Vec<u8>))) {
    cell(&|out| write_number(out, row.number));
    cell(&|out| row.time.write(out));
    cell(&|out| row.src.write(out));
    cell(&|out| row.dst.write(out));
    cell(&|out| row.protocol.write(out));
    cell(&|out| write_number(out, row.length));
    cell(&|out| row.info.write(out));
    cell(&|out| fate.into_iter().for_each(|fate| write_fate(out, fate, "")));
}
