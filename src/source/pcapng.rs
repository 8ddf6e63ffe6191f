//! pcapng: sections of blocks, each section with interfaces of its own byte order, link types and clocks.
//!
//! pcap-file frames the blocks; what is in them is read here, since pcap-file refuses a whole file for one odd option
//! of an interface. Blocks that Wireshark does not number are passed over. Format: draft-ietf-opsawg-pcapng.

use std::io::Read;

use byteorder_slice::{BigEndian, LittleEndian};
use pcap_file::Endianness;
use pcap_file::pcapng::{RawBlock, RawBlockParseError, blocks::block_common as types};

use super::buffer::Window;
use super::fields::Fields;
use super::frame::{Comments, Frame, LinkType, Record};
use super::place::{Place, oversized};
use super::remarks::Remarks;
use super::{Event, MAX_FRAME_LEN, SourceError};
use crate::time::{NANOS_PER_SEC, Timestamp};
use crate::tr;

/// Type, total length and the first word of the body: what it takes to know how long any block is.
const BLOCK_START_LEN: usize = 12;
/// The longest block that is read, in bytes: Wireshark's own limit.
const MAX_BLOCK_LEN: usize = 16 * 1024 * 1024;
/// How many bytes of blocks without a frame are passed over in one go: a small file may decompress to gigabytes of them, and
/// whoever reads it may want to stop.
const MAX_PASSED_OVER: usize = 4 * 1024 * 1024;
/// The most interfaces that one section may describe.
const MAX_INTERFACES: usize = 65_536;
/// The section header's magic, as a machine that wrote its numbers big end first writes it.
const BYTE_ORDER_MAGIC: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];
/// Blocks of somebody's own, which may be copied, or may not.
const CUSTOM_BLOCK: u32 = 0x0000_0bad;
const CUSTOM_BLOCK_NO_COPY: u32 = 0x4000_0bad;
const JOURNAL_BLOCK: u32 = 9;
/// System calls of Sysdig, by version.
const SYSTEM_CALL_BLOCKS: [u32; 3] = [0x204, 0x216, 0x221];
pub(super) const OPTION_TSRESOL: u16 = 9;
const OPTION_TSOFFSET: u16 = 14;

/// The blocks of one pcapng file.
pub(super) struct Blocks {
    order: Endianness,
    interfaces: Vec<Interface>,
    number: u64,
    remarks: Remarks,
}

/// What an interface description block says that frames need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interface {
    link_type: LinkType,
    snaplen: u32,
    clock: Clock,
}

/// How an interface counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    ticks_per_sec: u128,
    digits: u8,
    offset_secs: i64,
}

/// Where in its block a frame lies, and what the block says of it.
#[derive(Clone, Copy)]
struct Packet {
    /// The interface, where there is one.
    interface: Option<usize>,
    time: Timestamp,
    digits: Option<u8>,
    record: Record,
    at: usize,
    captured_len: usize,
    wire_len: u32,
    /// Where its options begin.
    options_at: usize,
}

impl Blocks {
    /// For a stream whose first block, still to be read, is a section header.
    pub(super) fn new() -> Self {
        Self { order: Endianness::Little, interfaces: Vec::new(), number: 0, remarks: Remarks::default() }
    }

    /// What somebody wrote about the capture, as far as it has been read.
    pub(super) fn remarks(&self) -> &Remarks {
        &self.remarks
    }

    /// The link type of the interface that was described first.
    pub(super) fn link_type(&self) -> Option<LinkType> {
        self.interfaces.first().map(|interface| interface.link_type)
    }

    /// The next block's frame; blocks without one are passed over, and where there are many of them there is nothing yet.
    pub(super) fn next_event<'w, R: Read>(
        &mut self,
        window: &'w mut Window<R>,
        place: &Place,
    ) -> Result<Event<'w>, SourceError> {
        let mut passed_over: usize = 0;
        loop {
            if passed_over > MAX_PASSED_OVER {
                return Ok(Event::Idle);
            }
            let Some(total_len) = self.whole_block(window, place)? else {
                return Ok(Event::End);
            };
            let found = self.block(window.peek()).map_err(|what| place.damaged(window, what))?;
            let Some(packet) = found else {
                window.take(total_len);
                passed_over = passed_over.saturating_add(total_len);
                continue;
            };
            self.number = self.number.saturating_add(1);
            let frame = self.frame(packet, window.take(total_len));
            if !frame.comments.is_empty() {
                self.remarks.frame(&frame);
            }
            return Ok(Event::Frame(frame));
        }
    }

    /// Makes sure that a whole block is in the window, and says how long it is; `None` at the end of the file.
    fn whole_block<R: Read>(&mut self, window: &mut Window<R>, place: &Place) -> Result<Option<usize>, SourceError> {
        if !place.fill(window, BLOCK_START_LEN)? {
            let rest = window.peek().len();
            return if rest == 0 { Ok(None) } else { Err(place.cut(window, "block-header", BLOCK_START_LEN)) };
        }
        let start = window.peek();
        if start.starts_with(&types::SECTION_HEADER_BLOCK.to_be_bytes()) {
            let big = start.get(8..12) == Some(&BYTE_ORDER_MAGIC);
            self.order = if big { Endianness::Big } else { Endianness::Little };
        }
        let total_len = Fields { bytes: start, order: self.order }.u32(4).unwrap_or(0) as usize;
        if total_len > MAX_BLOCK_LEN {
            return Err(place.damaged(window, tr!("files-long-block", len = total_len)));
        }
        if !place.fill(window, total_len)? {
            return Err(place.cut(window, "block", total_len));
        }
        Ok(Some(total_len))
    }

    /// Reads the block at the start of `bytes`: takes note of sections and interfaces, finds frames.
    fn block(&mut self, bytes: &[u8]) -> Result<Option<Packet>, String> {
        let block = match self.order {
            Endianness::Big => RawBlock::from_slice::<BigEndian>(bytes),
            Endianness::Little => RawBlock::from_slice::<LittleEndian>(bytes),
        };
        let (_, block) = block.map_err(|error| match error {
            RawBlockParseError::InvalidFormat(format) => format.to_string(),
            incomplete @ RawBlockParseError::IncompleteBuffer(..) => incomplete.to_string(),
        })?;
        let body = Fields { bytes: &block.body, order: self.order };
        match block.type_ {
            types::SECTION_HEADER_BLOCK => {
                self.interfaces.clear();
                self.remark(body, 16);
                Ok(None)
            }
            types::INTERFACE_DESCRIPTION_BLOCK if self.interfaces.len() < MAX_INTERFACES => {
                self.interfaces.push(interface(body).ok_or_else(|| short_block("interface", 8))?);
                self.remark(body, 8);
                Ok(None)
            }
            types::INTERFACE_DESCRIPTION_BLOCK => Err(tr!("files-many-interfaces", limit = MAX_INTERFACES)),
            types::ENHANCED_PACKET_BLOCK => self.packet(body, body.u32(0)).map(Some),
            types::PACKET_BLOCK => self.packet(body, body.u16(0).map(u32::from)).map(Some),
            types::SIMPLE_PACKET_BLOCK => self.simple_packet(body).map(Some),
            CUSTOM_BLOCK => custom(body, true).map(Some),
            CUSTOM_BLOCK_NO_COPY => custom(body, false).map(Some),
            JOURNAL_BLOCK => Ok(Some(journal(body))),
            other if SYSTEM_CALL_BLOCKS.contains(&other) => system_call(body).map(Some),
            _ => Ok(None),
        }
    }

    /// Takes note of the comments among the options of a section or an interface.
    fn remark(&mut self, body: Fields<'_>, options_at: usize) {
        let options = body.bytes.get(options_at..).unwrap_or_default();
        for comment in (Comments { options, big_endian: self.order.is_big() }).iter() {
            self.remarks.capture(comment);
        }
    }

    /// An enhanced packet block, or the obsolete packet block, whose fields after the interface lie alike.
    fn packet(&self, body: Fields<'_>, interface: Option<u32>) -> Result<Packet, String> {
        let fields = (|| Some((interface?, body.u32(4)?, body.u32(8)?, body.u32(12)?, body.u32(16)?)))();
        let (interface, high, low, captured_len, wire_len) = fields.ok_or_else(|| short_block("packet", 20))?;
        let clock = self.interface(interface)?.clock;
        let ticks = u64::from(high) << 32 | u64::from(low);
        located(body, interface, (clock.timestamp(ticks), Some(clock.digits)), 20, captured_len, wire_len)
    }

    fn simple_packet(&self, body: Fields<'_>) -> Result<Packet, String> {
        let wire_len = body.u32(0).ok_or_else(|| short_block("simple-packet", 4))?;
        let snaplen = match self.interface(0)?.snaplen {
            0 => u32::MAX,
            limit => limit,
        };
        located(body, 0, (Timestamp::default(), None), 4, wire_len.min(snaplen), wire_len)
    }

    fn interface(&self, id: u32) -> Result<Interface, String> {
        let known = self.interfaces.get(id as usize).copied();
        known.ok_or_else(|| tr!("files-no-interface", id = id, count = self.interfaces.len()))
    }

    fn frame<'w>(&self, packet: Packet, block: &'w [u8]) -> Frame<'w> {
        let interface = packet.interface.and_then(|id| self.interfaces.get(id));
        Frame {
            number: self.number,
            time: packet.time,
            time_digits: packet.digits,
            record: packet.record,
            wire_len: packet.wire_len,
            link_type: interface.map_or(LinkType::NULL, |i| i.link_type),
            data: block.get(packet.at..packet.at.saturating_add(packet.captured_len)).unwrap_or_default(),
            comments: Comments {
                options: block.get(packet.options_at..block.len().saturating_sub(4)).unwrap_or_default(),
                big_endian: self.order.is_big(),
            },
        }
    }
}

/// What is wrong with a block that is too short for what it is.
fn short_block(what: &'static str, least: usize) -> String {
    tr!("files-short-block", what = what, least = least)
}

/// A frame whose bytes begin at `at` in the block's body, once its length is checked against the body's.
fn located(
    body: Fields<'_>,
    interface: u32,
    (time, digits): (Timestamp, Option<u8>),
    at: usize,
    captured_len: u32,
    wire_len: u32,
) -> Result<Packet, String> {
    let captured_len = captured_len as usize;
    if captured_len > MAX_FRAME_LEN {
        return Err(oversized("packet-block", captured_len));
    }
    if at.saturating_add(captured_len) > body.bytes.len() {
        return Err(tr!("files-packet-in-block", len = captured_len, room = body.bytes.len()));
    }
    let at = at.saturating_add(8); // the block's type and length come before its body
    let interface = Some(interface as usize);
    // A simple packet has none, and ends with its padding.
    let options_at = at.saturating_add(captured_len).next_multiple_of(4);
    Ok(Packet { interface, time, digits, record: Record::Frame, at, captured_len, wire_len, options_at })
}

/// A block that is numbered like a frame, and whose bytes nobody looks at.
fn unread(record: Record, wire_len: usize, time: Option<(Timestamp, u8)>) -> Packet {
    Packet {
        interface: None,
        time: time.map(|(time, _)| time).unwrap_or_default(),
        digits: time.map(|(_, digits)| digits),
        record,
        at: 0,
        captured_len: 0,
        wire_len: wire_len.try_into().unwrap_or(u32::MAX),
        options_at: usize::MAX,
    }
}

/// enterprise 4, data
fn custom(body: Fields<'_>, copied: bool) -> Result<Packet, String> {
    let enterprise = body.u32(0).ok_or_else(|| short_block("custom", 4))?;
    Ok(unread(Record::Custom { enterprise, copied }, body.bytes.len().saturating_sub(4), None))
}

/// Lines of text up to the padding; one of them says when.
fn journal(body: Fields<'_>) -> Packet {
    const TIME: &[u8] = b"__REALTIME_TIMESTAMP=";
    let len = body.bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last.saturating_add(1));
    let text = body.bytes.get(..len).unwrap_or_default();
    let micros = text.windows(TIME.len()).position(|window| window == TIME).and_then(|at| {
        let value = text.get(at.saturating_add(TIME.len())..)?;
        let digits = value.split(|byte| !byte.is_ascii_digit()).next()?;
        std::str::from_utf8(digits).ok()?.parse::<i64>().ok()
    });
    unread(Record::Other, len, micros.map(|micros| (Timestamp(micros.saturating_mul(1_000)), 6)))
}

/// processor 2, time 8 (in nanoseconds), thread 8, length 4
fn system_call(body: Fields<'_>) -> Result<Packet, String> {
    let fields = (|| Some((body.u64(2)?, body.u32(18)?)))();
    let (nanos, len) = fields.ok_or_else(|| short_block("system-call", 22))?;
    let time = Timestamp(i64::try_from(nanos).unwrap_or(i64::MAX));
    Ok(unread(Record::Other, len as usize, Some((time, 9))))
}

/// Reads an interface description; options that are damaged or unknown are passed over.
fn interface(body: Fields<'_>) -> Option<Interface> {
    let mut clock = Clock::from_tsresol(6, 0);
    let (mut resolution, mut offset_secs) = (6, 0);
    let mut at = 8;
    while let (Some(code @ 1..), Some(len)) = (body.u16(at), body.u16(at.saturating_add(2))) {
        let value = at.saturating_add(4);
        match (code, len) {
            (OPTION_TSRESOL, 1) => resolution = body.bytes.get(value).copied().unwrap_or(6),
            (OPTION_TSOFFSET, 8) => offset_secs = body.u64(value).unwrap_or(0).cast_signed(),
            _ => {}
        }
        clock = Clock::from_tsresol(resolution, offset_secs);
        at = value.saturating_add(usize::from(len).next_multiple_of(4));
    }
    Some(Interface { link_type: LinkType(body.u16(0)?), snaplen: body.u32(4)?, clock })
}

impl Clock {
    /// From the option `if_tsresol`: a negative power of ten, or of two where its highest bit is set.
    fn from_tsresol(resolution: u8, offset_secs: i64) -> Self {
        let exponent = u32::from(resolution & 0x7f);
        let (base, whole_digits) = match resolution & 0x80 {
            0 => (10_u128, exponent),
            // log10(2) = 0.30103: the decimals that a tick fills
            _ => (2, exponent.saturating_mul(30_103) / 100_000),
        };
        // The precisions that Wireshark knows, the next coarser one of them.
        let digits = match whole_digits {
            9.. => 9,
            6..=8 => 6,
            3..=5 => 3,
            2 => 2,
            1 => 1,
            0 => 0,
        };
        Self { ticks_per_sec: base.checked_pow(exponent).unwrap_or(u128::MAX), digits, offset_secs }
    }

    fn timestamp(self, ticks: u64) -> Timestamp {
        let nanos = match self.ticks_per_sec {
            1_000_000_000 => i128::from(ticks),
            1_000_000 => i128::from(ticks).saturating_mul(1_000),
            per_sec => {
                let scaled = u128::from(ticks).saturating_mul(1_000_000_000);
                i128::try_from(scaled.checked_div(per_sec).unwrap_or(0)).unwrap_or(i128::MAX)
            }
        };
        let offset = i128::from(self.offset_secs).saturating_mul(i128::from(NANOS_PER_SEC));
        let whole = nanos.saturating_add(offset).clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        Timestamp(i64::try_from(whole).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_count_in_tens_and_in_twos_with_an_offset() {
        assert_eq!(Clock::from_tsresol(6, 0).timestamp(1_500_000), Timestamp(1_500_000_000));
        assert_eq!(Clock::from_tsresol(9, 2).timestamp(5), Timestamp(2_000_000_005));
        assert_eq!(Clock::from_tsresol(3, 0).timestamp(7), Timestamp(7_000_000));
        assert_eq!(Clock::from_tsresol(0x8a, 0).timestamp(1536), Timestamp(1_500_000_000));
        assert_eq!(Clock::from_tsresol(12, 0).timestamp(7_000), Timestamp(7));
        assert_eq!(Clock::from_tsresol(0x7f, -1).timestamp(u64::MAX), Timestamp(-NANOS_PER_SEC));
        assert_eq!(Clock::from_tsresol(0, i64::MAX).timestamp(u64::MAX), Timestamp(i64::MAX));
        assert_eq!(
            [0x83, 0x84, 0x8a, 0x93, 0x94, 3, 4, 12].map(|r| Clock::from_tsresol(r, 0).digits),
            [0, 1, 3, 3, 6, 3, 3, 9]
        );
    }

    #[test]
    fn odd_interface_options_do_not_lose_the_interface() {
        #[rustfmt::skip]
        let body = [
            0x00, 0x71, 0, 0, 0, 0, 0, 96,          // LINUX_SLL, snaplen 96
            0, 2, 0, 3, 0xff, 0xfe, 0xfd, 0,        // if_name that is not UTF-8
            0, 9, 0, 1, 9, 0, 0, 0,                 // if_tsresol: nanoseconds
            0, 14, 0, 4, 0, 0, 0, 1,                // if_tsoffset of the wrong length
            0, 12, 0xff, 0xff,                      // if_os that claims more than there is
        ];
        let read = interface(Fields { bytes: &body, order: Endianness::Big }).unwrap();
        assert_eq!((read.link_type, read.snaplen), (LinkType::LINUX_SLL, 96));
        assert_eq!(read.clock, Clock::from_tsresol(9, 0));
    }
}
