//! gzip members, inflated by zlib-rs, which checks their sums too. Format: RFC 1952.

use std::io::Read;

use flate2::{Decompress, FlushDecompress, Status};

use super::{Fault, Feed, Member};
use crate::tr;

/// The largest window of the format, as a power of two.
const WINDOW_BITS: u8 = 15;

/// A member.
pub(super) struct Gzip<R> {
    feed: Feed<R>,
    inflate: Decompress,
    ended: bool,
    /// Why it does not go on, once what came before is given.
    fault: Option<Fault>,
}

impl<R> Gzip<R> {
    pub fn new(feed: Feed<R>) -> Self {
        Self { feed, inflate: Decompress::new_gzip(WINDOW_BITS), ended: false, fault: None }
    }
}

impl<R: Read> Gzip<R> {
    /// Takes what is there, and says how much that made.
    fn inflate(&mut self, into: &mut [u8]) -> Result<usize, Fault> {
        let bytes = self.feed.peek(1)?;
        let is_end = bytes.is_empty();
        let before = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(bytes, into, FlushDecompress::None);
        let taken = self.inflate.total_in().saturating_sub(before.0);
        let made = self.inflate.total_out().saturating_sub(before.1);
        self.feed.window.take(usize::try_from(taken).unwrap_or(usize::MAX));
        self.fault = match status {
            Ok(Status::StreamEnd) => {
                self.ended = true;
                None
            }
            Ok(_) if taken > 0 || made > 0 => None,
            Ok(_) if is_end => Some(Fault::Cut),
            Ok(_) => Some(Fault::Damaged(tr!("files-stalled"))),
            Err(error) => Some(Fault::Damaged(error.to_string())),
        };
        Ok(usize::try_from(made).unwrap_or(usize::MAX))
    }
}

impl<R: Read> Member<R> for Gzip<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Fault> {
        while !self.ended {
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            let made = self.inflate(into)?;
            if made > 0 {
                return Ok(made);
            }
        }
        Ok(0)
    }

    fn feed(&self) -> &Feed<R> {
        &self.feed
    }

    fn into_feed(self: Box<Self>) -> Feed<R> {
        self.feed
    }
}
