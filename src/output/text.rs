//! Plain rows, laid out to the byte as tshark lays them out; in the exchanges view with the response time behind.
//!
//! tshark pads No. to 5 and Time to 10 places from the left, addresses to 12, and the rest not at all.

use std::io::{self, Write};

use super::sink::Sink;
use super::{fate, figures, footer_lines, notice_footer, notice_hidden, rows};
use crate::time::Delta;
use crate::views::{Exchange, Footer, Hidden, Output, Row, ServiceSummary, Status};

const NUMBER_WIDTH: usize = 5;
const TIME_WIDTH: usize = 10;
const ADDRESS_WIDTH: usize = 12;

/// The text format.
pub struct Text {
    sink: Sink,
}

impl Text {
    /// Writes to this writer.
    #[must_use]
    pub fn new(writer: Box<dyn Write>) -> Self {
        Self { sink: Sink::new(writer) }
    }

    fn row(&mut self, row: &Row<'_>) {
        let out = &mut self.sink.buffer;
        padded_left::<NUMBER_WIDTH>(out, |out| {
            out.extend_from_slice(itoa::Buffer::new().format(row.number).as_bytes());
        });
        out.push(b' ');
        padded_left::<TIME_WIDTH>(out, |out| row.time.write(out));
        out.push(b' ');
        padded_left::<ADDRESS_WIDTH>(out, |out| row.src.write(out));
        out.extend_from_slice(" → ".as_bytes());
        let start = out.len();
        row.dst.write(out);
        let end = out.len().max(start + ADDRESS_WIDTH) + 1;
        out.extend_from_slice(&[b' '; ADDRESS_WIDTH + 1]);
        out.truncate(end);
        row.protocol.write(out);
        out.push(b' ');
        out.extend_from_slice(itoa::Buffer::new().format(row.length).as_bytes());
        out.push(b' ');
        row.info.write(out);
    }

    fn row_with_fate(&mut self, row: &Row<'_>, fate: &str) -> io::Result<()> {
        self.row(row);
        if !fate.is_empty() {
            self.sink.buffer.extend_from_slice(b"  ");
        }
        self.sink.text_line(fate)
    }
}

/// Appends a cell, moved to the right end of its column: written behind as many spaces, then moved over them.
fn padded_left<const WIDTH: usize>(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[b' '; WIDTH]);
    write(out);
    let len = out.len() - start - WIDTH;
    let end = start + len.max(WIDTH);
    out.copy_within(start + WIDTH.., end - len);
    out.truncate(end);
}

impl Output for Text {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.row(row);
        self.sink.line()
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.flush()?;
        notice_hidden(hidden);
        Ok(())
    }

    fn exchange(&mut self, exchange: &Exchange<Row<'static>>) -> io::Result<()> {
        for (row, fate) in rows(exchange, " ms") {
            self.row_with_fate(row, &fate)?;
        }
        Ok(())
    }

    fn exchange_row(&mut self, row: &Row<'_>, known: Option<(Status, Option<Delta>)>) -> io::Result<()> {
        let beside = known.map(|(status, rtt)| fate(status, rtt, " ms")).unwrap_or_default();
        self.row_with_fate(row, &beside)
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        for line in footer_lines(footer) {
            self.sink.text_line(&line)?;
        }
        self.flush()
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        for service in services {
            self.sink.text_line(&service.service.to_string())?;
            for (name, figure) in figures(service) {
                self.sink.text_line(&format!("  {name}: {figure}"))?;
            }
        }
        self.flush()?;
        notice_footer(footer);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
