//! Classic pcap: a 24-byte header, then a 16-byte header before each frame.
//!
//! pcap-file parses headers and records; its raw-packet call takes what Wireshark takes (snaplen 0, lengths above it,
//! odd fractions). Where the stream breaks off is worked out here, since pcap-file repeats the same error for ever.
//! Format: draft-ietf-opsawg-pcap.

use std::borrow::Cow;
use std::io::Read;

use pcap_file::pcap::{PcapParseError, PcapParser, PcapTsResolution};

use super::buffer::Window;
use super::frame::{Comments, Frame, LinkType, Record};
use super::place::{Place, oversized};
use super::{Event, MAX_FRAME_LEN, SourceError};
use crate::time::{NANOS_PER_SEC, Timestamp};

/// Length of the file's header.
pub(super) const FILE_HEADER_LEN: usize = 24;
/// Length of a record's header.
const RECORD_HEADER_LEN: usize = 16;

/// The records of one classic capture file.
pub(super) struct Records {
    parser: PcapParser,
    link_type: LinkType,
    /// Nanoseconds that one unit of the fraction stands for, and the decimals that makes.
    unit: (i64, u8),
    number: u64,
}

/// What a record's header says, without its bytes.
#[derive(Clone, Copy)]
struct RecordHeader {
    time: Timestamp,
    captured_len: usize,
    wire_len: u32,
}

impl Records {
    /// Takes the file's header off the window; `None` where it is not pcap's.
    pub(super) fn open<R: Read>(window: &mut Window<R>) -> Option<Self> {
        let (_, parser) = PcapParser::new(window.peek()).ok()?;
        let header = parser.header();
        window.take(FILE_HEADER_LEN);
        let unit = match header.ts_resolution {
            PcapTsResolution::MicroSecond => (1_000, 6),
            PcapTsResolution::NanoSecond => (1, 9),
        };
        Some(Self { parser, link_type: LinkType::from_header(header.datalink.into()), unit, number: 0 })
    }

    /// The link type of all its frames.
    pub(super) fn link_type(&self) -> LinkType {
        self.link_type
    }

    /// The next record's frame.
    pub(super) fn next_event<'w, R: Read>(
        &mut self,
        window: &'w mut Window<R>,
        place: &Place,
    ) -> Result<Event<'w>, SourceError> {
        let Some(header) = self.header(window, place)? else {
            return Ok(Event::End);
        };
        self.number = self.number.saturating_add(1);
        window.take(RECORD_HEADER_LEN);
        Ok(Event::Frame(Frame {
            number: self.number,
            time: header.time,
            time_digits: Some(self.unit.1),
            record: Record::Frame,
            wire_len: header.wire_len,
            link_type: self.link_type,
            data: window.take(header.captured_len),
            comments: Comments::default(),
        }))
    }

    /// Makes sure that a whole record is in the window; `None` at the end of the file.
    fn header<R: Read>(&self, window: &mut Window<R>, place: &Place) -> Result<Option<RecordHeader>, SourceError> {
        let mut need = RECORD_HEADER_LEN;
        loop {
            if window.peek().len() < need && !place.fill(window, need)? {
                let what = if need == RECORD_HEADER_LEN { "record-header" } else { "record" };
                return if window.peek().is_empty() { Ok(None) } else { Err(place.cut(window, what, need)) };
            }
            match self.parser.next_raw_packet(window.peek()) {
                Ok((_, packet)) => {
                    debug_assert!(matches!(packet.data, Cow::Borrowed(_)));
                    let fraction = i64::from(packet.ts_frac).saturating_mul(self.unit.0);
                    let seconds = i64::from(packet.ts_sec).saturating_mul(NANOS_PER_SEC);
                    return Ok(Some(RecordHeader {
                        time: Timestamp(seconds.saturating_add(fraction)),
                        captured_len: packet.data.len(),
                        wire_len: packet.orig_len,
                    }));
                }
                Err(PcapParseError::IncompleteBuffer(len, _)) if len <= MAX_FRAME_LEN => {
                    need = RECORD_HEADER_LEN.saturating_add(len);
                }
                Err(PcapParseError::IncompleteBuffer(len, _)) => {
                    return Err(place.damaged(window, oversized("record", len)));
                }
                Err(error) => return Err(place.damaged(window, error.to_string())),
            }
        }
    }
}
