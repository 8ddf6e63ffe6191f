//! LZ4 frames, decompressed by `lz4_flex`, which checks their sums too. A block is 4 MiB at most, and read as a whole.
//!
//! The crate takes a stream that ends between two blocks for a frame's end, so that is looked at here.

use std::io::Read;

use lz4_flex::frame::FrameDecoder;

use super::{Fault, Feed, Member};

/// A frame.
pub(super) struct Lz4<R: Read>(FrameDecoder<Feed<R>>);

impl<R: Read> Lz4<R> {
    pub fn new(feed: Feed<R>) -> Self {
        Self(FrameDecoder::new(feed))
    }
}

impl<R: Read> Member<R> for Lz4<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Fault> {
        match self.0.read(into) {
            Ok(0) if self.0.get_ref().met_end => Err(Fault::Cut),
            Ok(len) => Ok(len),
            Err(error) => Err(self.0.get_mut().fault(&error)),
        }
    }

    fn feed(&self) -> &Feed<R> {
        self.0.get_ref()
    }

    fn into_feed(self: Box<Self>) -> Feed<R> {
        self.0.into_inner()
    }
}
