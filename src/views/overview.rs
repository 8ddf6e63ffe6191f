//! A capture seen as a whole: its exchanges and its figures in one pass, and which frames there were.
//!
//! Both views make what they make by themselves, the exchanges first; this one only lends each frame to both.

use std::io;

use super::{Account, Exchanges, Options, Output, Summary, View};
use crate::dissect::Dissection;
use crate::source::Frame;
use crate::time::Timestamp;

/// The view.
pub struct Overview {
    exchanges: Exchanges,
    summary: Summary,
    /// Which frames there were so far.
    pub seen: Seen,
}

/// Which frames there were.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// How many were looked at.
    pub frames: u64,
    /// How many did not pass the filter.
    pub passed_over: u64,
    /// The times of the earliest and the latest that were looked at, where any has a time.
    pub times: Option<(Timestamp, Timestamp)>,
}

impl Overview {
    /// A view that hands its exchanges to one output and its summary to another.
    #[must_use]
    pub fn new(options: Options, exchanges: Box<dyn Output>, summary: Box<dyn Output>) -> Self {
        let (exchanges, summary) = (Exchanges::new(options, exchanges), Summary::new(options, summary));
        Self { exchanges, summary, seen: Seen::default() }
    }
}

impl View for Overview {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        self.seen.frames += 1;
        if frame.time_digits.is_some() {
            let (first, last) = self.seen.times.unwrap_or((frame.time, frame.time));
            self.seen.times = Some((first.min(frame.time), last.max(frame.time)));
        }
        self.summary.frame(frame, dissection.clone())?;
        self.exchanges.frame(frame, dissection)
    }

    fn passed_over(&mut self, frame: &Frame<'_>) {
        self.seen.passed_over += 1;
        self.summary.passed_over(frame);
        self.exchanges.passed_over(frame);
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, account: &Account) -> io::Result<()> {
        self.exchanges.finish(account)?;
        self.summary.finish(account)
    }
}
