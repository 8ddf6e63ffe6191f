//! Frames one by one: their layers field by field, their bytes, and what there is to explain.
//!
//! Noise is left out unless asked for, and counted, as in the packets view; but it is read all the same, since later frames
//! count their times from it.

use std::io;

use super::explain::Explainer;
use super::{Account, Hidden, Options, View};
use crate::dissect::Dissection;
use crate::dissect::details::{self, Reader};
use crate::source::Frame;

/// What is shown of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// Its layers, field by field.
    pub details: bool,
    /// Its bytes.
    pub dump: bool,
    /// Where its bytes come from, in words.
    pub explain: bool,
}

/// Something that frames are handed to, a part at a time.
pub trait Pages {
    /// Lines, each with its place.
    fn details(&mut self, lines: &[u8]) -> io::Result<()>;
    /// Bytes, of the frame and of what was put together with it: each with its name.
    fn dump(&mut self, sources: &[(&str, &[u8])]) -> io::Result<()>;
    /// Paragraphs about the frame.
    fn explanation(&mut self, paragraphs: &[String]) -> io::Result<()>;
    /// The end, with what was left out.
    fn end(&mut self, hidden: &Hidden) -> io::Result<()>;
    /// Hands on what is held back.
    fn flush(&mut self) -> io::Result<()>;
}

/// The view.
pub struct Details {
    options: Options,
    parts: Parts,
    pages: Box<dyn Pages>,
    reader: Reader,
    hidden: Hidden,
    explainer: Explainer,
    shows_last: bool,
}

impl Details {
    /// A view of these parts of frames.
    #[must_use]
    pub fn new(options: Options, parts: Parts, pages: Box<dyn Pages>) -> Self {
        let explainer = Explainer::new(options.port);
        Self {
            options,
            parts,
            pages,
            reader: Reader::default(),
            hidden: Hidden::default(),
            explainer,
            shows_last: false,
        }
    }

    /// A dump shows payload once more, so the details need not.
    fn read(&mut self, frame: &Frame<'_>) -> details::Details {
        self.reader.read(frame, !self.parts.dump)
    }
}

impl View for Details {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        let details = self.read(frame);
        let noise = self.options.noise(&dissection);
        self.shows_last = noise.is_none();
        if let Some(noise) = noise {
            self.hidden.noise(noise);
            return Ok(());
        }
        self.reader.shown();
        if self.parts.details {
            self.pages.details(&details.lines)?;
        }
        if self.parts.dump {
            let put_together = details.sources.iter().map(|(name, bytes)| (*name, &**bytes));
            let sources: Vec<_> = std::iter::once(("Frame", frame.data)).chain(put_together).collect();
            self.pages.dump(&sources)?;
        }
        if self.parts.explain {
            self.pages.explanation(&self.explainer.paragraphs(frame, &details.facts))?;
        }
        Ok(())
    }

    fn passed_over(&mut self, frame: &Frame<'_>) {
        self.read(frame);
    }

    fn shows_last(&self) -> bool {
        self.shows_last
    }

    fn idle(&mut self) -> io::Result<()> {
        self.pages.flush()
    }

    fn finish(&mut self, _: &Account) -> io::Result<()> {
        self.pages.end(&self.hidden)
    }
}
