//! The table for people: Wireshark's columns, one line a row, and the response time beside it.
//!
//! Rows may come by the million, so the table is made of pieces of [`PIECE_ROWS`] rows: the title stands over the first,
//! and columns never become narrower from piece to piece. They are laid out here, since comfy-table, which lays out what
//! is small, keeps a table whole and takes ten times as long for a row. The lab's rows fit into 80 columns; on a
//! terminal that is too narrow for a row, Info is cut, as at the edge of Wireshark's window.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::Style;
use comfy_table::ContentArrangement;
use comfy_table::presets::NOTHING;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::arrows::{ARROW, SPELLED};
use super::cells::{self, COLUMNS, INFO, NUMERIC, TITLES};
use super::paint::title;
use super::sink::Sink;
use super::{Fate, Paint, figures, footer_lines, notice_footer, notice_hidden, rows};
use crate::decimal::append;
use crate::dissect::Coloring;
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary};

/// How many rows are laid out at a time.
const PIECE_ROWS: usize = 1_000;
/// As wide as the lab's own rows need, so that a table that begins with one row need not shift at the next.
const WIDTHS: [usize; COLUMNS] = [3, 9, 9, 11, 8, 6, 20, 6];
const SPACES: [u8; CHUNK] = [b' '; CHUNK];
/// Most cells are shorter than that, and so are most gaps between them.
const CHUNK: usize = 32;

/// The table format.
pub struct Table {
    sink: Sink,
    piece: Piece,
    widths: [usize; COLUMNS],
    /// How many of the columns are shown: packets have no response time.
    columns: usize,
    /// How wide a line may be, where a person looks at it.
    screen: Option<usize>,
    titled: bool,
    paint: Option<Paint>,
    /// Whether an arrow is as wide as two letters where the table is shown.
    is_spelled: bool,
}

/// Rows that wait until it is known how wide their columns are.
#[derive(Default)]
struct Piece {
    /// The cells, one after the other.
    text: Vec<u8>,
    rows: Vec<([Extent; COLUMNS], Coloring)>,
}

/// How much a cell takes, in bytes and in places on the screen.
#[derive(Clone, Copy, Default)]
struct Extent {
    len: usize,
    width: usize,
}

impl Table {
    /// Writes to this writer, a terminal of `screen` columns if that is given.
    #[must_use]
    pub fn new(writer: Box<dyn Write>, screen: Option<usize>) -> Self {
        let (sink, piece) = (Sink::new(writer), Piece::default());
        Self { sink, piece, widths: WIDTHS, columns: COLUMNS, screen, titled: false, paint: None, is_spelled: false }
    }

    /// The same, in color.
    #[must_use]
    pub fn painted(self, paint: Option<Paint>) -> Self {
        Self { paint, ..self }
    }

    /// The same, where arrows are [`Spelled`](super::Spelled).
    #[must_use]
    pub fn spelled(self, is_spelled: bool) -> Self {
        Self { is_spelled, ..self }
    }

    fn push(&mut self, row: &Row<'_>, fate: Option<Fate>) -> io::Result<()> {
        let mut extents = self.piece.push(row, fate);
        if self.is_spelled {
            extents = self.piece.widen_arrows();
        }
        for (width, extent) in self.widths.iter_mut().zip(extents) {
            *width = (*width).max(extent.width);
        }
        if self.piece.rows.len() >= PIECE_ROWS { self.lay_out() } else { Ok(()) }
    }

    /// How wide Info may be where a row would be wider than the screen, but never narrower than the lab's.
    fn fit(&mut self) {
        let Some(screen) = self.screen else { return };
        let others: usize = self.widths[..self.columns].iter().sum::<usize>() - self.widths[INFO] + self.columns - 1;
        let room = screen.saturating_sub(others).max(WIDTHS[INFO]);
        self.widths[INFO] = self.widths[INFO].min(room);
    }

    /// Writes the rows gathered so far.
    fn lay_out(&mut self) -> io::Result<()> {
        if self.piece.rows.is_empty() {
            return Ok(());
        }
        self.fit();
        if !std::mem::replace(&mut self.titled, true) {
            self.titles()?;
        }
        let mut piece = std::mem::take(&mut self.piece);
        piece.text.extend_from_slice(&[0; CHUNK]);
        let mut text = piece.text.as_slice();
        for (extents, coloring) in &piece.rows {
            let cells = extents.map(|extent| {
                let from = text;
                text = text.get(extent.len..).unwrap_or_default();
                (from, extent)
            });
            self.row(cells, *coloring)?;
        }
        piece.clear();
        self.piece = piece;
        Ok(())
    }

    fn titles(&mut self) -> io::Result<()> {
        let style = if self.paint.is_some() { title() } else { Style::new() };
        write!(self.sink.buffer, "{style}")?;
        self.cells(TITLES.map(|title| (title.as_bytes(), Extent { len: title.len(), width: title.len() })));
        write!(self.sink.buffer, "{style:#}")?;
        self.sink.line()
    }

    fn row(&mut self, cells: [(&[u8], Extent); COLUMNS], coloring: Coloring) -> io::Result<()> {
        let from = self.sink.buffer.len();
        if let Some(paint) = &self.paint {
            paint.begin(&mut self.sink.buffer, coloring);
        }
        self.cells(cells);
        if let Some(paint) = &self.paint {
            paint.end(&mut self.sink.buffer, coloring, from);
        }
        self.sink.line()
    }

    /// Writes one line of cells, each from where its text begins; what is wider than its column is cut.
    fn cells(&mut self, cells: [(&[u8], Extent); COLUMNS]) {
        let out = &mut self.sink.buffer;
        // Spaces come before the next cell, so that a line ends with none.
        let mut gap = 0;
        for (n, (text, Extent { len, width })) in cells.into_iter().enumerate().take(self.columns) {
            let room = self.widths[n];
            let missing = room.saturating_sub(width);
            let (before, behind) = if NUMERIC[n] { (missing, 0) } else { (0, missing) };
            gap += before;
            if len > 0 {
                spaces(out, std::mem::take(&mut gap));
            }
            if width > room {
                let text = String::from_utf8_lossy(&text[..len]);
                // Where an arrow is spelled, which is in most cells that are cut, one letter less has room.
                out.extend_from_slice(fitting(&text, room.saturating_sub(self.is_spelled.into())).as_bytes());
                out.extend_from_slice("…".as_bytes());
            } else if let Some(chunk) = text.first_chunk::<CHUNK>()
                && len <= CHUNK
            {
                append(out, chunk, len);
            } else {
                out.extend_from_slice(&text[..len]);
            }
            gap += behind + 1;
        }
    }
}

impl Piece {
    /// Takes a row in; says how much its cells take.
    fn push(&mut self, row: &Row<'_>, fate: Option<Fate>) -> [Extent; COLUMNS] {
        let mut extents = [Extent::default(); COLUMNS];
        let mut taken = extents.iter_mut();
        cells::each(row, fate, |write| {
            let start = self.text.len();
            write(&mut self.text);
            let len = self.text.len() - start;
            if let Some(cell) = taken.next() {
                *cell = Extent { len, width: len };
            }
        });
        // Every other cell is ASCII, the words for fates among them.
        extents[INFO].width = if row.info.plain_udp().is_some() {
            extents[INFO].len + 1 - ARROW.len()
        } else {
            self.info(&extents).width()
        };
        self.rows.push((extents, row.coloring));
        extents
    }

    /// The last row's Info, given what its cells take.
    fn info(&self, extents: &[Extent; COLUMNS]) -> Cow<'_, str> {
        let end = self.text.len() - extents[INFO + 1].len;
        String::from_utf8_lossy(&self.text[end - extents[INFO].len..end])
    }

    /// Makes room for the last row's arrows as they are spelled; says how much its cells take then.
    fn widen_arrows(&mut self) -> [Extent; COLUMNS] {
        let mut extents = self.rows.last().map(|(extents, _)| *extents).unwrap_or_default();
        extents[INFO].width += self.info(&extents).matches(ARROW).count() * (SPELLED.len() - 1);
        if let Some((last, _)) = self.rows.last_mut() {
            *last = extents;
        }
        extents
    }

    fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
    }
}

/// Appends so many spaces.
fn spaces(out: &mut Vec<u8>, mut count: usize) {
    while count > SPACES.len() {
        out.extend_from_slice(&SPACES);
        count -= SPACES.len();
    }
    append(out, &SPACES, count);
}

/// As much of a text as has room beside a mark that there was more.
fn fitting(text: &str, room: usize) -> &str {
    let mut width = 1;
    let end = text.char_indices().find(|(_, character)| {
        width += character.width().unwrap_or(0);
        width > room
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// A line that is cut where a screen ends.
pub(super) fn cut(line: &str, screen: Option<usize>) -> String {
    match screen {
        Some(room) if line.width() > room => format!("{}…", fitting(line, room)),
        _ => line.to_owned(),
    }
}

/// Text in lines that end where a screen does, between words.
pub(super) fn wrapped(text: &str, screen: Option<usize>) -> String {
    screen.map_or_else(|| text.to_owned(), |width| textwrap::fill(text, width))
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
        self.push(row, None)
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.flush()?;
        notice_hidden(hidden);
        Ok(())
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        rows(exchange).try_for_each(|(row, fate)| self.push(&row, fate))
    }

    fn exchange_row(&mut self, row: &Row<'_>, known: Option<Fate>) -> io::Result<()> {
        self.push(row, known)
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.lay_out()?;
        if self.titled {
            self.sink.text_line("")?;
        }
        for line in footer_lines(footer) {
            self.sink.text_line(&wrapped(&line, self.screen))?;
        }
        self.sink.flush()
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        for (n, service) in services.iter().enumerate() {
            let gap = if n > 0 { "\n" } else { "" };
            self.sink.text_line(&format!("{gap}{}", service.service))?;
            let mut table = plain();
            table.add_rows(figures::shown(service).map(|(name, figure)| [name, figure]));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Spelled;
    use crate::output::relay::tests::{Writer, row};
    use crate::views::Status;

    #[test]
    fn what_is_cut_fills_its_room_also_where_characters_are_wide() {
        assert_eq!(cut("abcdef", Some(6)), "abcdef");
        assert_eq!(cut("abcdefg", Some(6)), "abcde…");
        assert_eq!(cut("日本語語", Some(6)), "日本…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", Some(2)), "e\u{301}…");
        assert_eq!(cut("a long line", None), "a long line");
    }

    /// The rows that a table shows where arrows are spelled, or not.
    fn shown(is_spelled: bool, screen: usize) -> String {
        let out = Writer::new(usize::MAX);
        let writer: Box<dyn Write> =
            if is_spelled { Box::new(Spelled::new(out.clone())) } else { Box::new(out.clone()) };
        let mut table = Table::new(writer, Some(screen)).spelled(is_spelled);
        for (number, info) in [(2, ""), (3, "40000 → 8080 Len=17 → 8081"), (5, "none")] {
            table.exchange_row(&row(number, info), Some((Status::Unanswered, None))).unwrap();
        }
        table.flush().unwrap();
        String::from_utf8(out.written()).unwrap()
    }

    #[test]
    fn columns_stand_under_each_other_where_arrows_are_spelled_too() {
        for (is_spelled, screen) in [(false, 200), (true, 200), (false, 80), (true, 80)] {
            let shown = shown(is_spelled, screen);
            assert_eq!(shown.contains("63337 -> 8080"), is_spelled, "{shown}");
            let ends: Vec<_> = shown.lines().skip(1).map(unicode_width::UnicodeWidthStr::width).collect();
            assert!(ends.len() == 3 && ends.iter().all(|end| *end == ends[0]), "{shown}");
            assert!(ends[0] <= screen && shown.lines().skip(1).all(|line| line.ends_with(" lost")), "{shown}");
        }
    }

    #[test]
    fn sentences_are_wrapped_between_words() {
        assert_eq!(wrapped("1 exchange: 1 answered", Some(12)), "1 exchange:\n1 answered");
        assert_eq!(wrapped("1 exchange: 1 answered", None), "1 exchange: 1 answered");
    }
}
