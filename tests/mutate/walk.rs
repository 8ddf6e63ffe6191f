//! How many whole frames some bytes hold, and where they break off: the formats read once more, from their
//! specifications, and with nothing of the crate, since a shared mistake would go unseen.
//!
//! What the specifications leave to the reader is decided as the program documents it: a file's version and its snaplen
//! are not looked at (Wireshark refuses major versions other than 2 in pcap and 1 in pcapng), the fractions and lengths
//! of a record are taken as they are, and a block that can't be read ends the capture.
//! Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.

use std::ops::Range;

const PCAP_HEADER_LEN: usize = 24;
const RECORD_HEADER_LEN: usize = 16;
/// Wireshark's limits for one record: a frame, and a block.
const MAX_FRAME_LEN: usize = 262_144;
const MAX_BLOCK_LEN: usize = 16 << 20;
const MAX_INTERFACES: usize = 65_536;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const JOURNAL: u32 = 9;
const CUSTOM: [u32; 2] = [0x0000_0bad, 0x4000_0bad];
const SYSTEM_CALL: [u32; 3] = [0x204, 0x216, 0x221];

/// What there is in a capture.
pub struct Walk {
    pub frames: Vec<Span>,
    pub end: End,
    pub is_big_endian: bool,
}

/// Where a frame is: its record or block, and its own bytes.
#[derive(Clone, Debug)]
pub struct Span {
    pub record: Range<usize>,
    pub data: Range<usize>,
}

/// How a capture ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Behind a whole record.
    Whole,
    /// At the record that begins here.
    Broken(u64),
    /// Before it began: there is no capture.
    NoCapture,
    /// It is compressed, and nothing is known of it.
    Unknown,
}

#[derive(Clone, Copy)]
struct Numbers<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Numbers<'_> {
    fn u16(self, at: usize) -> Option<u32> {
        let field = self.bytes.get(at..at + 2)?.try_into().ok()?;
        Some(u32::from(if self.big_endian { u16::from_be_bytes(field) } else { u16::from_le_bytes(field) }))
    }

    fn u32(self, at: usize) -> Option<u32> {
        let field = self.bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(field) } else { u32::from_le_bytes(field) })
    }

    fn len(self, at: usize) -> Option<usize> {
        self.u32(at).map(|len| len as usize)
    }
}

/// Walks over the bytes of a file.
pub fn walk(bytes: &[u8]) -> Walk {
    match bytes {
        [0x1f, 0x8b, _, _, ..]
        | [0x28, 0xb5, 0x2f, 0xfd, ..]
        | [0x04, 0x22, 0x4d, 0x18, ..]
        | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => none(End::Unknown),
        [0x0a, 0x0d, 0x0d, 0x0a, ..] => blocks(bytes),
        _ if bytes.len() < PCAP_HEADER_LEN => none(End::NoCapture),
        [0xa1, 0xb2, 0xc3, 0xd4, ..] | [0xa1, 0xb2, 0x3c, 0x4d, ..] => records(bytes, true),
        [0xd4, 0xc3, 0xb2, 0xa1, ..] | [0x4d, 0x3c, 0xb2, 0xa1, ..] => records(bytes, false),
        _ => none(End::NoCapture),
    }
}

fn none(end: End) -> Walk {
    Walk { frames: Vec::new(), end, is_big_endian: false }
}

/// seconds 4, fraction 4, captured length 4, length on the wire 4, the frame
fn records(bytes: &[u8], is_big_endian: bool) -> Walk {
    let (mut at, mut frames) = (PCAP_HEADER_LEN, Vec::new());
    let end = loop {
        let rest = &bytes[at..];
        if rest.is_empty() {
            break End::Whole;
        }
        let captured = Numbers { bytes: rest, big_endian: is_big_endian }.len(8);
        let whole = captured.filter(|len| *len <= MAX_FRAME_LEN && RECORD_HEADER_LEN + len <= rest.len());
        let Some(len) = whole.filter(|_| rest.len() >= RECORD_HEADER_LEN) else { break End::Broken(at as u64) };
        let data = at + RECORD_HEADER_LEN..at + RECORD_HEADER_LEN + len;
        frames.push(Span { record: at..data.end, data: data.clone() });
        at = data.end;
    };
    Walk { frames, end, is_big_endian }
}

/// type 4, length 4, body, length once more 4
fn blocks(bytes: &[u8]) -> Walk {
    let (mut at, mut frames) = (0, Vec::new());
    let (mut big_endian, mut snaplens) = (false, Vec::new());
    let end = loop {
        let rest = &bytes[at..];
        if rest.is_empty() {
            break End::Whole;
        }
        let Some((kind, body)) = block(rest, &mut big_endian) else { break End::Broken(at as u64) };
        let numbers = Numbers { bytes: body, big_endian };
        let Some(found) = read(kind, numbers, &mut snaplens) else { break End::Broken(at as u64) };
        let len = body.len() + 12;
        if let Block::Frame(data) = found {
            frames.push(Span { record: at..at + len, data: at + 8 + data.start..at + 8 + data.end });
        }
        at += len;
    };
    Walk { frames, end, is_big_endian: big_endian }
}

/// The block at the start of what is left: its type and its body, if it is whole. A section says the order of bytes.
fn block<'b>(rest: &'b [u8], big_endian: &mut bool) -> Option<(u32, &'b [u8])> {
    if rest.get(..4)? == [0x0a, 0x0d, 0x0d, 0x0a] {
        *big_endian = match rest.get(8..12)? {
            [0x1a, 0x2b, 0x3c, 0x4d] => true,
            [0x4d, 0x3c, 0x2b, 0x1a] => false,
            _ => return None,
        };
    }
    let numbers = Numbers { bytes: rest, big_endian: *big_endian };
    let len = numbers.len(4).filter(|len| *len >= 12 && len % 4 == 0 && *len <= MAX_BLOCK_LEN)?;
    let again = numbers.len(len - 4)?;
    (again == len).then_some((numbers.u32(0)?, &rest[8..len - 4]))
}

/// What a block is.
enum Block {
    /// One that is numbered like a frame, with the place of its frame in the body.
    Frame(Range<usize>),
    Other,
}

/// What a block is; none where it can't be that.
fn read(kind: u32, body: Numbers<'_>, snaplens: &mut Vec<u32>) -> Option<Block> {
    let room = body.bytes.len();
    let other = |is_right: bool| is_right.then_some(Block::Other);
    let empty = |is_right: bool| is_right.then_some(Block::Frame(0..0));
    let frame =
        |at: usize, len: usize| (len <= MAX_FRAME_LEN && at + len <= room).then_some(Block::Frame(at..at + len));
    match kind {
        SECTION_HEADER => {
            snaplens.clear();
            other(room >= 16)
        }
        INTERFACE => {
            snaplens.push(body.u32(4)?);
            other(snaplens.len() <= MAX_INTERFACES)
        }
        ENHANCED_PACKET | PACKET => {
            let interface = if kind == PACKET { body.u16(0)? } else { body.u32(0)? };
            body.u32(16)?;
            snaplens.get(interface as usize)?;
            frame(20, body.len(12)?)
        }
        SIMPLE_PACKET => {
            let wire = body.len(0)?;
            let snaplen = *snaplens.first()? as usize;
            frame(4, if snaplen == 0 { wire } else { wire.min(snaplen) })
        }
        JOURNAL => empty(true),
        custom if CUSTOM.contains(&custom) => empty(room >= 4),
        call if SYSTEM_CALL.contains(&call) => empty(room >= 22),
        _ => other(true),
    }
}
