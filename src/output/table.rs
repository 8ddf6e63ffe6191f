//! The table for people, by comfy-table: Wireshark's columns, one line a row, and the response time beside it.
//!
//! comfy-table holds a whole table in memory, so a long one is made of pieces of [`PIECE_ROWS`] rows: the title stands
//! over the first, and columns never become narrower from piece to piece. The lab's rows fit into 80 columns; on a
//! terminal that is too narrow for a row, Info is cut, as at the edge of Wireshark's window.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};

use super::sink::Sink;
use super::{fate, figures, footer_lines, notice_footer, notice_hidden, rows};
use crate::time::Delta;
use crate::views::{Exchange, Footer, Hidden, Output, Row, ServiceSummary, Status};

/// How many rows are laid out at a time.
const PIECE_ROWS: usize = 1_000;
const COLUMNS: usize = 8;
const TITLES: [&str; COLUMNS] = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info", "RTT ms"];
/// As wide as the lab's own rows need, so that a table that begins with one row need not shift at the next.
const WIDTHS: [usize; COLUMNS] = [3, 9, 9, 11, 8, 6, 20, 6];
/// Info's place among the columns.
const INFO: usize = 6;
const RIGHT_ALIGNED: [bool; COLUMNS] = [true, true, false, false, false, true, false, true];

/// The table format.
pub struct Table {
    sink: Sink,
    piece: Vec<[String; COLUMNS]>,
    widths: [usize; COLUMNS],
    /// How many of the columns are shown: packets have no response time.
    columns: usize,
    /// How wide a line may be, where a person looks at it.
    screen: Option<usize>,
    titled: bool,
}

impl Table {
    /// Writes to this writer, a terminal of `screen` columns if that is given.
    #[must_use]
    pub fn new(writer: Box<dyn Write>, screen: Option<usize>) -> Self {
        Self { sink: Sink::new(writer), piece: Vec::new(), widths: WIDTHS, columns: COLUMNS, screen, titled: false }
    }

    fn push(&mut self, row: &Row<'_>, beside: String) -> io::Result<()> {
        let cell = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            write(&mut out);
            String::from_utf8_lossy(&out).into_owned()
        };
        let cells = [
            row.number.to_string(),
            cell(&|out| row.time.write(out)),
            cell(&|out| row.src.write(out)),
            cell(&|out| row.dst.write(out)),
            cell(&|out| row.protocol.write(out)),
            row.length.to_string(),
            cell(&|out| row.info.write(out)),
            beside,
        ];
        for (width, text) in self.widths.iter_mut().zip(&cells) {
            *width = (*width).max(text.chars().count());
        }
        self.piece.push(cells);
        if self.piece.len() >= PIECE_ROWS { self.lay_out() } else { Ok(()) }
    }

    /// Cuts Info where a row would be wider than the screen, but never shorter than the lab's.
    fn fit(&mut self) {
        let Some(screen) = self.screen else { return };
        let others: usize = self.widths[..self.columns].iter().sum::<usize>() - self.widths[INFO] + self.columns - 1;
        let room = screen.saturating_sub(others).max(WIDTHS[INFO]);
        self.widths[INFO] = self.widths[INFO].min(room);
        for [.., info, _] in &mut self.piece {
            *info = cut(info, Some(room));
        }
    }

    /// Writes the rows gathered so far.
    fn lay_out(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        self.fit();
        let mut table = plain();
        if !std::mem::replace(&mut self.titled, true) {
            table.set_header(&TITLES[..self.columns]);
        }
        table.add_rows(self.piece.drain(..).map(|cells| cells.into_iter().take(self.columns)));
        let columns = table.column_iter_mut().zip(self.widths).zip(RIGHT_ALIGNED);
        for (n, ((column, width), right)) in columns.enumerate() {
            let gap = u16::from(n > 0);
            column.set_padding((gap, 0));
            let width = u16::try_from(width).unwrap_or(u16::MAX).saturating_add(gap);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
            column.set_cell_alignment(if right { CellAlignment::Right } else { CellAlignment::Left });
        }
        for line in table.lines() {
            self.sink.text_line(line.trim_end())?;
        }
        Ok(())
    }
}

/// A line that is cut where a screen ends.
pub(super) fn cut(line: &str, screen: Option<usize>) -> String {
    match screen {
        Some(room) if line.chars().count() > room => line.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
        _ => line.to_owned(),
    }
}

/// A table without lines: what is between columns is space, so that 80 columns hold a row.
pub(super) fn plain() -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}

impl Output for Table {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.columns = COLUMNS - 1;
        self.push(row, String::new())
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.flush()?;
        notice_hidden(hidden);
        Ok(())
    }

    fn exchange(&mut self, exchange: &Exchange<Row<'static>>) -> io::Result<()> {
        rows(exchange, "").try_for_each(|(row, fate)| self.push(row, fate))
    }

    fn exchange_row(&mut self, row: &Row<'_>, known: Option<(Status, Option<Delta>)>) -> io::Result<()> {
        self.push(row, known.map(|(status, rtt)| fate(status, rtt, "")).unwrap_or_default())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.lay_out()?;
        if self.titled {
            self.sink.text_line("")?;
        }
        for line in footer_lines(footer) {
            self.sink.text_line(&line)?;
        }
        self.sink.flush()
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        for (n, service) in services.iter().enumerate() {
            let gap = if n > 0 { "\n" } else { "" };
            self.sink.text_line(&format!("{gap}{}", service.service))?;
            let mut table = plain();
            table.add_rows(figures(service).into_iter().map(|(name, figure)| [name.to_owned(), figure]));
            for line in table.lines() {
                self.sink.text_line(line.trim_end())?;
            }
        }
        self.sink.flush()?;
        notice_footer(footer);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lay_out()?;
        self.sink.flush()
    }
}
