//! What became of each frame that stands in an exchange, for whoever writes comments about frames.
//!
//! A request's fate shows only later, so that this view is run ahead of whoever asks ([`Fates::of`]). Frames are numbered as
//! they are written, from 1: those that another view hides are not. What is kept are the frames whose fate is open, which
//! the matcher bounds, and those whose fate is known and was not asked for.

use std::collections::HashMap;
use std::io;

use super::matcher::{Exchange, Held, Matcher, Status};
use super::{Account, Options, View};
use crate::dissect::{Dissection, Transport};
use crate::source::{Frame, Record};
use crate::time::Delta;

/// What became of a frame. Others are named by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A request, its response, and how long that took.
    Answered(u64, Delta),
    /// The same, after the timeout.
    Late(u64, Delta),
    /// A request without a response within this time.
    Unanswered(Delta),
    /// A request, the error that says that it was not delivered, and why.
    Refused(u64, Box<str>),
    /// The response to a request, and how long that took.
    Response(u64, Delta),
    /// The same, after the timeout.
    LateResponse(u64, Delta),
    /// The error about a request.
    Refusal(u64),
    /// Another copy of a request.
    Copy,
    /// A further response, or another copy of one.
    Further,
    /// A response that nothing asked for.
    Unsolicited,
}

/// What is known of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// All there will be.
    Fate(Option<Fate>),
    /// Nothing yet: more frames are to be taken.
    NotYet,
}

/// The view.
pub struct Fates {
    options: Options,
    /// Whether frames without an exchange are written, too.
    all_written: bool,
    matcher: Matcher<Noted>,
    /// How many frames that are written have been taken.
    written: u64,
    ended: bool,
    /// Of those in an exchange; none while it is open.
    known: HashMap<u64, Option<Fate>>,
}

/// What is kept of a frame in an exchange.
struct Noted {
    number: u64,
    /// What an error says.
    reason: Option<Box<str>>,
}

impl Held for Noted {
    fn held(&self) -> usize {
        self.reason.as_ref().map_or(0, |reason| reason.len())
    }
}

impl Fates {
    /// A view that counts from `before` frames on, which were written earlier; either all frames that are no noise, or
    /// only those in an exchange.
    #[must_use]
    pub fn new(options: Options, all_written: bool, before: u64) -> Self {
        let matcher = Matcher::new(options.port, options.timeout);
        Self { options, all_written, matcher, written: before, ended: false, known: HashMap::new() }
    }

    /// What became of the frame of this number, to be asked once.
    pub fn of(&mut self, number: u64) -> Known {
        match self.known.get(&number) {
            Some(Some(_)) => Known::Fate(self.known.remove(&number).flatten()),
            None if self.ended || self.written >= number => Known::Fate(None),
            Some(None) | None => Known::NotYet,
        }
    }

    fn settle(&mut self, exchange: Exchange<Noted>) {
        let Exchange { status, request, response, rtt, .. } = exchange;
        let rtt = rtt.unwrap_or_default();
        let (to, by) = (request.as_ref().map(|noted| noted.number), response.as_ref().map(|noted| noted.number));
        let (of_request, of_response) = match (status, to, by) {
            (Status::Answered, Some(to), Some(by)) => (Fate::Answered(by, rtt), Fate::Response(to, rtt)),
            (Status::Late, Some(to), Some(by)) => (Fate::Late(by, rtt), Fate::LateResponse(to, rtt)),
            (Status::Refused, Some(to), Some(by)) => {
                let reason = response.and_then(|noted| noted.reason).unwrap_or_default();
                (Fate::Refused(by, reason), Fate::Refusal(to))
            }
            (Status::Duplicate, ..) => (Fate::Copy, Fate::Further),
            (Status::Unsolicited, ..) => (Fate::Copy, Fate::Unsolicited),
            _ => (Fate::Unanswered(self.options.timeout), Fate::Unsolicited),
        };
        for (number, fate) in [(to, of_request), (by, of_response)] {
            if let Some(number) = number {
                self.known.insert(number, Some(fate));
            }
        }
    }
}

impl View for Fates {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        if frame.record != Record::Frame || self.options.noise(&dissection).is_some() {
            return Ok(());
        }
        let number = self.written + 1;
        let known = &mut self.known;
        let mut note = |reason| {
            known.insert(number, None);
            Noted { number, reason }
        };
        match &dissection.transport {
            Transport::Udp(datagram) => _ = self.matcher.datagram(frame.time, datagram, |_| note(None)),
            Transport::UdpError { quoted } => {
                let mut info = Vec::new();
                dissection.info.write(&mut info);
                let reason = String::from_utf8_lossy(&info).into();
                self.matcher.error(frame.time, quoted, |_| note(Some(reason)));
            }
            Transport::Tcp(_) | Transport::None => {}
        }
        if self.all_written || self.known.contains_key(&number) {
            self.written = number;
        }
        while let Some(exchange) = self.matcher.pop() {
            self.settle(exchange);
        }
        Ok(())
    }

    fn passed_over(&mut self, _: &Frame<'_>) {}

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Account) -> io::Result<()> {
        while let Some(exchange) = self.matcher.pop_rest() {
            self.settle(exchange);
        }
        self.ended = true;
        Ok(())
    }
}
