//! Zstandard frames, decompressed by ruzstd. Format: RFC 8878.
//!
//! The crate keeps back as much as the frame's window until the frame ends; where it breaks off, an empty last block makes
//! it give that, too. It computes the checksum and leaves comparing to its caller.

use std::io::Read;

use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Fault, Feed, Member};
use crate::tr;

/// The largest window, in bytes: what `zstd` itself decompresses without being told to.
const MAX_WINDOW_LEN: u64 = 128 * 1024 * 1024;
/// A last block of no bytes, and room for a checksum.
const LAST_BLOCK: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// A frame.
pub(super) struct Zstandard<R> {
    feed: Feed<R>,
    decoder: FrameDecoder,
    /// Why it does not go on, once what came before is given.
    fault: Option<Fault>,
}

impl<R: Read> Zstandard<R> {
    /// Reads the frame's header.
    pub fn open(mut feed: Feed<R>) -> Result<Self, Fault> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW_LEN);
        decoder.init(&mut feed).map_err(|error| match error {
            FrameDecoderError::WindowSizeTooBig { requested, .. } => {
                let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
                Fault::Damaged(tr!("files-window", wanted = mib(requested), most = mib(MAX_WINDOW_LEN)))
            }
            error => feed.fault(&error),
        })?;
        Ok(Self { feed, decoder, fault: None })
    }

    /// Decodes one more block.
    fn block(&mut self) {
        let one = || BlockDecodingStrategy::UptoBlocks(1);
        if let Err(error) = self.decoder.decode_blocks(&mut self.feed, one()) {
            self.fault = Some(self.feed.fault(&error));
            // What is wrong is known already.
            let _ = self.decoder.decode_blocks(LAST_BLOCK.as_slice(), one());
        }
    }

    fn ensure_checksum(&self) -> Result<(), Fault> {
        let stored = self.decoder.get_checksum_from_data();
        if stored.is_none() || stored == self.decoder.get_calculated_checksum() {
            Ok(())
        } else {
            Err(Fault::Damaged(tr!("files-checksum")))
        }
    }
}

impl<R: Read> Member<R> for Zstandard<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Fault> {
        while self.decoder.can_collect() == 0 {
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.decoder.is_finished() {
                return self.ensure_checksum().map(|()| 0);
            }
            self.block();
        }
        self.decoder.read(into).map_err(Fault::Read)
    }

    fn feed(&self) -> &Feed<R> {
        &self.feed
    }

    fn into_feed(self: Box<Self>) -> Feed<R> {
        self.feed
    }
}
