//! One row a frame, as tshark prints them; noise is left out unless asked for, and counted.

use std::io;

use super::{Account, Hidden, Options, Output, Row, View};
use crate::dissect::Dissection;
use crate::source::Frame;
use crate::time::TimeColumn;

/// The packets view.
pub struct Packets {
    options: Options,
    output: Box<dyn Output>,
    time: TimeColumn,
    hidden: Hidden,
    shows_last: bool,
}

impl Packets {
    /// A view that writes to this output.
    #[must_use]
    pub fn new(options: Options, output: Box<dyn Output>) -> Self {
        Self { options, output, time: TimeColumn::new(options.time), hidden: Hidden::default(), shows_last: false }
    }
}

impl View for Packets {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        let time = self.time.next(frame.time, frame.time_digits);
        if let Some(noise) = self.options.noise(&dissection) {
            self.hidden.noise(noise);
            self.shows_last = false;
            return Ok(());
        }
        self.time.shown();
        self.shows_last = true;
        self.output.packet(&Row::new(frame, time, dissection))
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

    fn finish(&mut self, _: &Account) -> io::Result<()> {
        self.output.packets_end(&self.hidden)
    }
}
