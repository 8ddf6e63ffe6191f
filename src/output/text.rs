//! Plain rows, laid out to the byte as tshark lays them out; in the exchanges view with the response time behind.
//!
//! tshark pads No. to 5 and Time to 10 places from the left, addresses to 12, and the rest not at all.

use std::io::{self, Write};

use super::sink::Sink;
use super::{Fate, Paint, figures, footer_lines, notice_footer, notice_hidden, rows, write_fate};
use crate::decimal::{append, write_number};
use crate::dissect::Address;
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary};

const NUMBER_WIDTH: usize = 5;
const TIME_WIDTH: usize = 10;
const ADDRESS_WIDTH: usize = 12;

/// The text format.
pub struct Text {
    sink: Sink,
    routes: Routes,
    paint: Option<Paint>,
}

/// The Source and Destination columns as they were written lately: a capture has few pairs of addresses, and each is
/// written many times. Two pairs that fall on the same place take turns.
struct Routes {
    written: Box<[Route; ROUTES]>,
}

const ROUTES: usize = 64;
/// Two IPv6 addresses, the arrow and a space.
const ROUTE_LEN: usize = 96;

#[derive(Clone, Copy)]
struct Route {
    src: Address,
    dst: Address,
    text: [u8; ROUTE_LEN],
    len: u8,
}

impl Text {
    /// Writes to this writer.
    #[must_use]
    pub fn new(writer: Box<dyn Write>) -> Self {
        Self { sink: Sink::new(writer), routes: Routes::new(), paint: None }
    }

    /// The same, in color.
    #[must_use]
    pub fn painted(self, paint: Option<Paint>) -> Self {
        Self { paint, ..self }
    }

    /// A row, with its fate where that is known.
    fn line(&mut self, row: &Row<'_>, fate: Option<Fate>) -> io::Result<()> {
        let from = self.sink.buffer.len();
        if let Some(paint) = &self.paint {
            paint.begin(&mut self.sink.buffer, row.coloring);
        }
        self.row(row);
        if let Some(fate) = fate {
            self.sink.buffer.extend_from_slice(b"  ");
            write_fate(&mut self.sink.buffer, fate, " ms");
        }
        if let Some(paint) = &self.paint {
            paint.end(&mut self.sink.buffer, row.coloring, from);
        }
        self.sink.line()
    }

    fn row(&mut self, row: &Row<'_>) {
        let out = &mut self.sink.buffer;
        padded_left::<NUMBER_WIDTH>(out, |out| write_number(out, row.number));
        out.push(b' ');
        padded_left::<TIME_WIDTH>(out, |out| row.time.write(out));
        out.push(b' ');
        self.routes.write(out, row.src, row.dst);
        row.protocol.write(out);
        out.push(b' ');
        write_number(out, row.length);
        out.push(b' ');
        row.info.write(out);
    }
}

impl Routes {
    fn new() -> Self {
        let mut none = Route { src: Address::None, dst: Address::None, text: [0; ROUTE_LEN], len: 0 };
        none.write_anew(&mut Vec::new());
        Self { written: Box::new([none; ROUTES]) }
    }

    /// Appends `   127.0.0.1 → 127.0.0.1    `.
    fn write(&mut self, out: &mut Vec<u8>, src: Address, dst: Address) {
        let mixed = src.bits() ^ dst.bits().rotate_left(7);
        let place = (mixed.wrapping_mul(0x9e37_79b1) >> 16) as usize % ROUTES;
        let route = &mut self.written[place];
        if route.src == src && route.dst == dst {
            append(out, &route.text, route.len.into());
        } else {
            (route.src, route.dst) = (src, dst);
            route.write_anew(out);
        }
    }
}

impl Route {
    fn write_anew(&mut self, out: &mut Vec<u8>) {
        let start = out.len();
        padded_left::<ADDRESS_WIDTH>(out, |out| self.src.write(out));
        out.extend_from_slice(" → ".as_bytes());
        let dst_start = out.len();
        self.dst.write(out);
        let end = out.len().max(dst_start + ADDRESS_WIDTH) + 1;
        out.extend_from_slice(&[b' '; ADDRESS_WIDTH + 1]);
        out.truncate(end);
        let text = &out[start..];
        for (to, from) in self.text.iter_mut().zip(text) {
            *to = *from;
        }
        self.len = u8::try_from(text.len().min(ROUTE_LEN)).unwrap_or_default();
    }
}

/// Appends a cell, moved to the right end of its column where it is shorter. Columns are narrower than [`MOVED`].
fn padded_left<const WIDTH: usize>(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    const MOVED: usize = 16;
    let start = out.len();
    write(out);
    let missing = WIDTH.saturating_sub(out.len() - start);
    if missing == 0 {
        return;
    }
    out.extend_from_slice(&[b' '; 2 * MOVED]);
    if let Some(space) = out[start..].first_chunk_mut::<{ 2 * MOVED }>() {
        let mut cell = [0; MOVED];
        cell.copy_from_slice(&space[..MOVED]);
        space[..MOVED].fill(b' ');
        space[missing..missing + MOVED].copy_from_slice(&cell);
    }
    out.truncate(start + WIDTH);
}

impl Output for Text {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.line(row, None)
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.flush()?;
        notice_hidden(hidden);
        Ok(())
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        rows(exchange).try_for_each(|(row, fate)| self.line(&row, fate))
    }

    fn exchange_row(&mut self, row: &Row<'_>, known: Option<Fate>) -> io::Result<()> {
        self.line(row, known)
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
            for (name, figure) in figures::shown(service) {
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

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    #[test]
    fn addresses_are_written_as_for_the_first_time() {
        let addresses = (0..300_u32).flat_map(|n| {
            let v6 = Ipv6Addr::from_bits(u128::MAX - u128::from(n % 7));
            [Address::Ip(Ipv4Addr::from_bits(n.wrapping_mul(0x0101_0101)).into()), Address::Ip(v6.into())]
        });
        let others = [Address::None, Address::NotApplicable, Address::Mac([2; 6])];
        let addresses: Vec<_> = others.into_iter().chain(addresses).collect();
        let mut routes = Routes::new();
        for pair in addresses.windows(2).chain(addresses.windows(2)).flat_map(|pair| [pair, pair]) {
            let (mut seen_before, mut anew) = (Vec::new(), Vec::new());
            routes.write(&mut seen_before, pair[0], pair[1]);
            Routes::new().write(&mut anew, pair[0], pair[1]);
            assert_eq!(seen_before, anew);
            assert!(anew.len() <= ROUTE_LEN);
        }
    }
}
