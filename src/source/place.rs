//! Where in which capture something went wrong: the errors of those who read it.
//!
//! Knows the window over the stream, whose offset it reports, and no format.

use std::io::Read;

use super::buffer::Window;
use super::compressed::{Broken, Compression, Fault};
use super::{MAX_FRAME_LEN, SourceError};
use crate::tr;

/// A capture's name, and what it is compressed with.
pub(super) struct Place {
    pub name: String,
    pub compression: Option<Compression>,
}

impl Place {
    /// Fills the window, with the place of a failure.
    pub(super) fn fill<R: Read>(&self, window: &mut Window<R>, need: usize) -> Result<bool, SourceError> {
        window.fill(need).map_err(|cause| match cause.downcast() {
            Ok(broken) => self.broken(broken),
            Err(cause) => SourceError::Read {
                name: self.name.clone(),
                offset: window.offset().saturating_add(window.peek().len() as u64),
                within: self.compression,
                cause,
            },
        })
    }

    /// The compressed stream can't be read on.
    fn broken(&self, Broken { compression, offset, fault }: Broken) -> SourceError {
        let name = self.name.clone();
        match fault {
            Fault::Cut => SourceError::CompressedCut { name, compression, offset },
            fault => SourceError::Undecompressed { name, compression, offset, what: fault.to_string() },
        }
    }

    /// The stream ended inside something, by its name in the message `files-cut`.
    pub(super) fn cut<R: Read>(&self, window: &Window<R>, what: &'static str, need: usize) -> SourceError {
        let have = window.peek().len() as u64;
        let (name, need, within) = (self.name.clone(), need as u64, self.compression);
        SourceError::Cut { name, offset: window.offset(), within, what, need, have }
    }

    /// What stands at the window's start can't be.
    pub(super) fn damaged<R: Read>(&self, window: &Window<R>, what: String) -> SourceError {
        SourceError::Damaged { name: self.name.clone(), offset: window.offset(), within: self.compression, what }
    }
}

/// What is wrong with a frame longer than any frame can be: in a `record` or a `packet-block`.
pub(super) fn oversized(what: &'static str, len: usize) -> String {
    tr!("files-oversized", what = what, len = len, limit = MAX_FRAME_LEN)
}
