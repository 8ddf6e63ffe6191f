//! Classic pcap, in microseconds, or in nanoseconds where the first frame's clock has these. Format:
//! draft-ietf-opsawg-pcap.

use std::borrow::Cow;

use byteorder_slice::NativeEndian;
use pcap_file::pcap::{PcapHeader, PcapTsResolution, PcapWriteError, RawPcapPacket};
use pcap_file::{DataLink, Endianness};

use super::Why;
use crate::source::MAX_FRAME_LEN;
use crate::source::frame::{Frame, LinkType};
use crate::time::NANOS_PER_SEC;

/// Decimals that microseconds are.
const MICROS: u8 = 6;

/// A file whose header waits for what the first frame says.
pub(super) struct PcapFile {
    /// What is not written yet.
    pub bytes: Vec<u8>,
    begun: bool,
    link_type: Option<LinkType>,
    digits: u8,
}

impl PcapFile {
    pub fn new(link_type: Option<LinkType>) -> Self {
        Self { bytes: Vec::new(), begun: false, link_type, digits: MICROS }
    }

    pub fn push(&mut self, frame: &Frame<'_>) -> Result<(), Why> {
        let first = *self.link_type.get_or_insert(frame.link_type);
        if first != frame.link_type {
            return Err(Why::SecondLinkType { number: frame.number, first, second: frame.link_type });
        }
        let digits = frame.time_digits.unwrap_or(0).max(MICROS);
        if !self.begun {
            self.digits = digits;
        }
        if digits > self.digits {
            return Err(Why::FinerTime { number: frame.number });
        }
        let unit = if self.digits > MICROS { 1 } else { 1_000 };
        let (time, per_sec) = (frame.time.0.div_euclid(unit), NANOS_PER_SEC.div_euclid(unit));
        let packet = RawPcapPacket {
            ts_sec: u32::try_from(time.div_euclid(per_sec)).unwrap_or(0),
            ts_frac: u32::try_from(time.rem_euclid(per_sec)).unwrap_or(0),
            incl_len: u32::try_from(frame.data.len()).unwrap_or(u32::MAX),
            orig_len: frame.wire_len,
            data: Cow::Borrowed(frame.data),
        };
        self.begin()?;
        packet.write_to::<_, NativeEndian>(&mut self.bytes).map(drop).map_err(why)
    }

    /// Appends the header, if that was not done yet.
    pub fn begin(&mut self) -> Result<(), Why> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let link_type = self.link_type.get_or_insert(LinkType::ETHERNET);
        let header = PcapHeader {
            datalink: DataLink::from(u32::from(link_type.0)),
            snaplen: u32::try_from(MAX_FRAME_LEN).unwrap_or(u32::MAX),
            endianness: Endianness::native(),
            ts_resolution: if self.digits > MICROS {
                PcapTsResolution::NanoSecond
            } else {
                PcapTsResolution::MicroSecond
            },
            ..PcapHeader::default()
        };
        header.write_to(&mut self.bytes).map(drop).map_err(why)
    }
}

fn why(error: PcapWriteError) -> Why {
    Why::Io(match error {
        PcapWriteError::Io(source) | PcapWriteError::FieldWriteFailed(_, source) => source,
        PcapWriteError::Validation(what) => std::io::Error::other(what),
    })
}
