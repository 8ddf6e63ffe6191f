//! The only loop: frames from a source, through the dissector, into a view; and into a saved capture, if one is asked for.
//!
//! It counts, filters and stops; it knows no format and no protocol. What has to be looked at from time to time (a
//! duration, silence, the end of a lab) is the caller's [`Pump::watch`], so that the clock is not asked for each frame.

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::dissect::Dissector;
use crate::output::notice;
use crate::platform;
use crate::source::bpf::Filter;
use crate::source::save::{SaveError, SaveFile};
use crate::source::{Event, Frame, Record, Source, SourceError};
use crate::tr;
use crate::views::{Account, View};

/// How many frames may pass before the watch is asked, where the source never rests.
const WATCH_EVERY: u64 = 256;

/// What there is to do before and after each frame.
pub struct Pump<'a> {
    /// Which frames to look at; what does not pass is not counted, but time runs on.
    pub filter: Option<Filter>,
    /// Where to save the frames that pass.
    pub save: Option<SaveFile>,
    /// Whether results are wanted as soon as there is a moment, and not only at the end.
    pub prompt: bool,
    /// Stop after this many frames.
    pub count: Option<u64>,
    /// Stop as soon as this is set.
    pub stop: &'a AtomicBool,
    /// Asked, with the number of frames so far, when nothing comes, and now and then when much comes.
    pub watch: &'a mut dyn FnMut(u64) -> ControlFlow<()>,
}

/// Why the loop ended before its source did.
#[derive(Debug, thiserror::Error)]
pub enum PumpError {
    /// The source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The results can't be written.
    #[error("{}", tr!("errors-results", cause = .0.to_string()))]
    Output(io::Error),
    /// The capture can't be saved.
    #[error(transparent)]
    Save(#[from] SaveError),
}

/// By hand, since the message holds the cause already; and a view may save, too.
impl From<io::Error> for PumpError {
    fn from(cause: io::Error) -> Self {
        cause.downcast().map_or_else(Self::Output, Self::Save)
    }
}

impl PumpError {
    /// Whether whoever read the results has closed the pipe.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Output(error) => platform::is_closed_pipe(error),
            Self::Save(error) => error.is_broken_pipe(),
            Self::Source(_) => false,
        }
    }
}

impl Pump<'_> {
    /// Runs until the source ends or is told to stop; says how many frames there were. The view is to be finished then.
    pub fn run(
        &mut self,
        source: &mut dyn Source,
        dissector: &mut Dissector,
        view: &mut dyn View,
    ) -> Result<u64, PumpError> {
        let mut frames = 0;
        self.frames(source, dissector, view, &mut frames).map(|()| frames)
    }

    /// Finishes the view after a run, with what others counted, and the saved capture; passes on how the run ended.
    ///
    /// A source that failed does not take back what it gave before: the view is finished all the same, and so is the
    /// saved capture, whatever became of the view.
    pub fn finish(
        &mut self,
        ran: Result<u64, PumpError>,
        view: &mut dyn View,
        account: &Account,
    ) -> Result<u64, PumpError> {
        let shown = match ran {
            Err(PumpError::Output(_)) => ran,
            ran => view.finish(account).map_err(PumpError::from).and(ran),
        };
        match self.save.as_mut().map_or(Ok(()), SaveFile::finish) {
            Ok(()) => shown,
            Err(unsaved) => {
                // The file's trouble is told last, for it says what is not there.
                if let Err(error @ (PumpError::Source(_) | PumpError::Output(_))) = shown
                    && !error.is_broken_pipe()
                {
                    notice(error);
                }
                Err(unsaved.into())
            }
        }
    }

    fn frames(
        &mut self,
        source: &mut dyn Source,
        dissector: &mut Dissector,
        view: &mut dyn View,
        frames: &mut u64,
    ) -> Result<(), PumpError> {
        while !self.stop.load(Ordering::Relaxed) && self.count.is_none_or(|count| *frames < count) {
            match source.next_event()? {
                Event::Frame(frame) => {
                    // Rows are the same with and without a filter, so what it stops is dissected all the same.
                    let dissection = dissector.dissect(&frame);
                    if self.passes(&frame)? {
                        *frames += 1;
                        view.frame(&frame, dissection)?;
                    } else {
                        view.passed_over(&frame);
                    }
                    if frame.number % WATCH_EVERY == 0 && (self.watch)(*frames).is_break() {
                        break;
                    }
                }
                Event::Idle => {
                    // Whoever sees a row may count on its being in the file.
                    if let Some(save) = &mut self.save {
                        unless_spared(save.flush())?;
                    }
                    if self.prompt {
                        view.idle()?;
                    }
                    if (self.watch)(*frames).is_break() {
                        break;
                    }
                    source.wait();
                }
                Event::End => break,
            }
        }
        Ok(())
    }

    /// Filters a frame, and saves it where it passes.
    fn passes(&mut self, frame: &Frame<'_>) -> Result<bool, PumpError> {
        if frame.record != Record::Frame {
            return Ok(self.filter.is_none()); // neither a filter nor a saved capture can hold it
        }
        if let Some(filter) = &mut self.filter
            && !filter.matches(frame)?
        {
            return Ok(false);
        }
        if let Some(save) = &mut self.save {
            unless_spared(save.write(frame, None))?;
        }
        Ok(true)
    }
}

/// A view goes on without the file beside it that can't be written any further, and whoever watches is told at once.
fn unless_spared(saved: Result<(), SaveError>) -> Result<(), SaveError> {
    match saved {
        Err(error) if error.spares_the_view() => {
            notice(tr!("capture-unsaved", error = error.to_string()));
            Ok(())
        }
        saved => saved,
    }
}
