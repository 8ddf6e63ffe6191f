//! pcapng: one section, an interface for each link type with each precision of time, frames with their comments.
//!
//! Blocks are laid out here and framed by pcap-file, whose own packet blocks know no times of other precisions. Format:
//! draft-ietf-opsawg-pcapng, sections 4.2 and 4.3.

use std::borrow::Cow;

use pcap_file::Endianness;
use pcap_file::pcapng::blocks::block_common as types;
use pcap_file::pcapng::{PcapNgWriteError, PcapNgWriter, RawBlock};

use super::Why;
use crate::source::MAX_FRAME_LEN;
use crate::source::frame::{Comments, Frame, LinkType};
use crate::source::pcapng::OPTION_TSRESOL;

/// The longest comment that is kept, in bytes: an option's length has 16 bits.
const MAX_COMMENT_LEN: usize = 0xfff0;

/// A file, and the block that is put together for it.
pub(super) struct PcapngFile {
    /// What is not written yet, and what frames blocks there.
    writer: PcapNgWriter<Vec<u8>>,
    interfaces: Vec<(LinkType, u8)>,
    body: Vec<u8>,
}

impl PcapngFile {
    pub fn new(link_type: Option<LinkType>) -> Result<Self, Why> {
        let writer = PcapNgWriter::with_endianness(Vec::new(), Endianness::Little).map_err(why)?;
        let mut file = Self { writer, interfaces: Vec::new(), body: Vec::new() };
        if let Some(link_type) = link_type {
            file.interface(link_type, 6)?;
        }
        Ok(file)
    }

    pub fn push(&mut self, frame: &Frame<'_>, comment: Option<&str>) -> Result<(), Why> {
        let digits = digits(frame);
        let interface = self.interface(frame.link_type, digits)?;
        let unit = 10_i64.saturating_pow(9_u32.saturating_sub(digits.into()));
        // A block counts no time before 1970.
        let ticks = u64::try_from(frame.time.0.div_euclid(unit)).unwrap_or(0);
        self.body.clear();
        #[allow(clippy::cast_possible_truncation)] // its halves
        let words = [interface, (ticks >> 32) as u32, ticks as u32, word(frame.data.len()), frame.wire_len];
        self.words(&words);
        self.padded(frame.data);
        let before = self.body.len();
        for own in frame.comments.iter().chain(comment.map(str::as_bytes)) {
            self.option(Comments::COMMENT, own.get(..MAX_COMMENT_LEN).unwrap_or(own));
        }
        if self.body.len() > before {
            self.option(0, &[]);
        }
        self.block(types::ENHANCED_PACKET_BLOCK)
    }

    pub fn bytes(&mut self) -> &mut Vec<u8> {
        self.writer.get_mut()
    }

    /// The interface of this link type and precision, described where it is the first time.
    fn interface(&mut self, link_type: LinkType, digits: u8) -> Result<u32, Why> {
        let known = self.interfaces.iter().position(|interface| *interface == (link_type, digits));
        if let Some(known) = known {
            return Ok(word(known));
        }
        self.body.clear();
        self.words(&[link_type.0.into(), word(MAX_FRAME_LEN)]);
        self.option(OPTION_TSRESOL, &[digits]);
        self.option(0, &[]);
        self.block(types::INTERFACE_DESCRIPTION_BLOCK)?;
        self.interfaces.push((link_type, digits));
        Ok(word(self.interfaces.len().saturating_sub(1)))
    }

    fn words(&mut self, words: &[u32]) {
        self.body.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    fn padded(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
        self.body.resize(self.body.len().next_multiple_of(4), 0);
    }

    fn option(&mut self, code: u16, value: &[u8]) {
        self.body.extend_from_slice(&code.to_le_bytes());
        self.body.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
        self.padded(value);
    }

    fn block(&mut self, type_: u32) -> Result<(), Why> {
        let len = word(self.body.len().saturating_add(12));
        let block = RawBlock { type_, initial_len: len, body: Cow::Borrowed(&self.body), trailer_len: len };
        self.writer.write_raw_block(&block).map(drop).map_err(why)
    }
}

/// Decimals that keep the frame's time as it is shown; nanoseconds, where it is between what these can say.
fn digits(frame: &Frame<'_>) -> u8 {
    let digits = frame.time_digits.unwrap_or(6).min(9);
    let unit = 10_i64.saturating_pow(9_u32.saturating_sub(digits.into()));
    if frame.time.0.checked_rem(unit) == Some(0) { digits } else { 9 }
}

fn word(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn why(error: PcapNgWriteError) -> Why {
    Why::Io(match error {
        PcapNgWriteError::Io(source) => source,
        other => std::io::Error::other(other.to_string()),
    })
}
