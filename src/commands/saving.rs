//! `read -w`: frames that the view shows are saved as they pass it by, with comments on their exchanges where these are
//! asked for.
//!
//! What becomes of a request shows later than the request is to be written. So the capture is read a second time, ahead
//! of the first, just as far as it takes to know; what is kept between the two is bounded.

use std::io;
use std::path::Path;

use anyhow::Result;

use super::view;
use crate::cli::{Read, ViewName};
use crate::dissect::{Dissection, Dissector};
use crate::output::comment;
use crate::source::bpf::Filter;
use crate::source::save::{Form, SaveError, SaveFile};
use crate::source::{Event, Frame, LinkType, Record, Source};
use crate::views::fates::Known;
use crate::views::{Account, Fates, View};

/// The capture being written.
pub(super) struct Saved {
    file: SaveFile,
    written: u64,
}

impl Saved {
    /// Begins it. A file without frames has this link type.
    pub fn create(path: &Path, args: &Read, link_type: Option<LinkType>) -> Result<Self> {
        let form = Form::of(path, args.comment)?;
        // In pcapng an interface is described with its first frame, which says how it counts time.
        let link_type = link_type.filter(|_| form == Form::Pcap);
        Ok(Self { file: SaveFile::create(path, form, link_type)?, written: 0 })
    }

    /// Ends it; where it could not be written, says how many frames are missing.
    pub fn finish(mut self) -> Result<(), SaveError> {
        self.file.finish()
    }
}

/// A view, and the capture that what it shows is saved to.
pub(super) struct Saving<'a> {
    pub view: Box<dyn View>,
    pub saved: &'a mut Saved,
    pub comments: Option<Comments>,
}

impl View for Saving<'_> {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        self.view.frame(frame, dissection)?;
        if frame.record != Record::Frame || !self.view.shows_last() {
            return Ok(());
        }
        let number = self.saved.written + 1;
        let comment = self.comments.as_mut().map(|comments| comments.of(number)).transpose()?.flatten();
        // Whoever is told of it wants the number that the frame has where it is read.
        unless_spared(self.saved.file.write(frame, comment.as_deref()))?;
        self.saved.written = number;
        Ok(())
    }

    fn passed_over(&mut self, frame: &Frame<'_>) {
        self.view.passed_over(frame);
    }

    fn idle(&mut self) -> io::Result<()> {
        if self.saved.written > 0 {
            unless_spared(self.saved.file.flush())?;
        }
        self.view.idle()
    }

    fn finish(&mut self, account: &Account) -> io::Result<()> {
        self.view.finish(account)?;
        unless_spared(self.saved.file.flush())
    }
}

/// What is shown goes on without the file that can't be written any further; [`Saved::finish`] says so.
fn unless_spared(saved: Result<(), SaveError>) -> io::Result<()> {
    saved.or_else(|error| if error.spares_the_view() { Ok(()) } else { Err(io::Error::other(error)) })
}

/// The second reading, which is ahead of the first.
pub(super) struct Comments {
    source: Box<dyn Source>,
    dissector: Dissector,
    filter: Option<Filter>,
    /// How many frames more are looked at.
    left: u64,
    fates: Fates,
    ended: bool,
}

impl Comments {
    pub fn new(source: Box<dyn Source>, filter: Option<Filter>, args: &Read, saved: &Saved) -> Self {
        let fates = Fates::new(view::options(&args.view), args.view.view == ViewName::Packets, saved.written);
        let left = args.count.unwrap_or(u64::MAX);
        Self { source, dissector: Dissector::default(), filter, left, fates, ended: false }
    }

    /// What is to be said of the frame of this number, of those that are written.
    fn of(&mut self, number: u64) -> io::Result<Option<String>> {
        loop {
            match self.fates.of(number) {
                Known::Fate(fate) => return Ok(fate.map(|fate| comment::text(number, &fate))),
                Known::NotYet if self.ended => return Ok(None),
                Known::NotYet => self.advance()?,
            }
        }
    }

    fn advance(&mut self) -> io::Result<()> {
        // What is wrong with the capture, the first reading tells.
        let event = self.source.next_event();
        if matches!(event, Ok(Event::Idle)) {
            return Ok(());
        }
        if let Ok(Event::Frame(frame)) = event
            && self.left > 0
        {
            let dissection = self.dissector.dissect(&frame);
            let passes = match &mut self.filter {
                None => true,
                Some(filter) => frame.record == Record::Frame && filter.matches(&frame).unwrap_or(false),
            };
            if passes {
                self.left -= 1;
                self.fates.frame(&frame, dissection)?;
            }
            return Ok(());
        }
        self.ended = true;
        self.fates.finish(&Account::default())
    }
}
