//! Requests with their responses, in the order of the requests, and what became of them all.
//!
//! A person who watches a live capture sees each row as it arrives instead ([`Exchanges::live`]); the figures at the end
//! are the same. Matching is `matcher`'s.

use std::io;

use super::matcher::{Exchange, Matcher, Role, Status};
use super::{Account, Footer, Kept, Options, Output, Row, View};
use crate::dissect::{Dissection, Transport};
use crate::source::Frame;
use crate::time::TimeColumn;

/// The exchanges view.
pub struct Exchanges {
    options: Options,
    output: Box<dyn Output>,
    time: TimeColumn,
    matcher: Matcher<Kept>,
    live: bool,
    footer: Footer,
    shows_last: bool,
}

impl Exchanges {
    /// A view that writes whole exchanges to this output.
    #[must_use]
    pub fn new(options: Options, output: Box<dyn Output>) -> Self {
        Self {
            options,
            output,
            time: TimeColumn::new(options.time),
            matcher: Matcher::new(options.port, options.timeout),
            live: false,
            footer: Footer::new(options.timeout),
            shows_last: false,
        }
    }

    /// The same, but each row at once, for someone who watches.
    #[must_use]
    pub fn live(self) -> Self {
        Self { live: true, ..self }
    }

    fn show_row(&mut self, row: &Row<'_>, role: Role) -> io::Result<()> {
        match role {
            Role::Request => self.output.exchange_row(row, None),
            Role::Settled { status, rtt, .. } => self.output.exchange_row(row, Some((status, rtt))),
            Role::Unrelated => Ok(()),
        }
    }

    fn show_exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.footer.count(&exchange, &self.matcher);
        if self.live && exchange.status != Status::Unanswered {
            return Ok(());
        }
        if self.live {
            let row = exchange.map(Kept::into_row).request;
            return row.map_or(Ok(()), |row| self.output.exchange_row(&row, Some((Status::Unanswered, None))));
        }
        self.output.exchange(exchange)
    }
}

impl View for Exchanges {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        let time = self.time.next(frame.time, frame.time_digits);
        self.shows_last = false;
        if let Some(noise) = self.options.noise(&dissection) {
            self.footer.hidden.noise(noise);
            return Ok(());
        }
        let (transport, protocol) = (dissection.transport, dissection.protocol);
        let (Transport::Udp(datagram) | Transport::UdpError { quoted: datagram }) = transport else {
            self.footer.hidden.protocol(protocol);
            return Ok(());
        };
        let row = Row::new(frame, time, dissection);
        let keep = |shared| row.keep(shared);
        let role = if matches!(transport, Transport::Udp(_)) {
            self.matcher.datagram(frame.time, &datagram, keep)
        } else {
            self.matcher.error(frame.time, &datagram, keep)
        };
        if role == Role::Unrelated {
            self.footer.hidden.protocol(protocol);
        } else {
            self.time.shown();
            self.shows_last = true;
            if self.live {
                self.show_row(&row, role)?;
            }
        }
        // Also what is unrelated tells the time.
        while let Some(exchange) = self.matcher.pop() {
            self.show_exchange(exchange)?;
        }
        Ok(())
    }

    fn passed_over(&mut self, frame: &Frame<'_>) {
        self.time.next(frame.time, frame.time_digits);
    }

    fn shows_last(&self) -> bool {
        self.shows_last
    }

    fn idle(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn finish(&mut self, account: &Account) -> io::Result<()> {
        while let Some(exchange) = self.matcher.pop_rest() {
            self.show_exchange(exchange)?;
        }
        self.footer.account = *account;
        self.output.exchanges_end(&self.footer)
    }
}
