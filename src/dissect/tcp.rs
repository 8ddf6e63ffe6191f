//! TCP (RFC 9293): flags, sequence numbers relative to the conversation's first, scaled window, options.
//!
//! State is kept a direction at a time and a conversation at a time, in a bounded table. Numbers are relative as in
//! Wireshark: a conversation met without its handshake starts at 1. The analysis of losses is not made here yet.

use etherparse::{TcpHeaderSlice, TcpOptionElement};

use super::ip::Packet;
use super::payload::Stop;
use super::text::{write_number, write_ports};
use super::{Content, Context, Conversation, Dissection, Protocol, Transport};
use crate::bounded::Generations;

/// The most conversations remembered; whichever has been silent longest is forgotten first, and starts at 1 again.
const MAX_CONVERSATIONS: usize = 65_536;

const FLAGS: [(u8, &str); 8] = [
    (0x01, "FIN"),
    (0x02, "SYN"),
    (0x04, "RST"),
    (0x08, "PSH"),
    (0x10, "ACK"),
    (0x20, "URG"),
    (0x40, "ECE"),
    (0x80, "CWR"),
];
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

/// What is remembered of the TCP conversations seen.
pub(super) struct Conversations(Generations<Conversation, [Direction; 2]>);

/// One direction of a conversation.
#[derive(Clone, Copy, Default)]
struct Direction {
    /// The sequence number that counts as zero.
    base: Option<u32>,
    /// The shift that this side's SYN announced for its windows.
    window_shift: Option<u8>,
    /// Whether this side's SYN was seen.
    opened: bool,
}

/// A segment, as its row shows it.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    src: u16,
    dst: u16,
    flags: u8,
    seq: u32,
    ack: u32,
    window: u32,
    urgent: u16,
    len: usize,
    header: TcpHeaderSlice<'a>,
}

impl Default for Conversations {
    fn default() -> Self {
        Self(Generations::new(MAX_CONVERSATIONS))
    }
}

/// Reads a segment.
pub(super) fn dissect<'a>(
    packet: &Packet<'a>,
    context: &mut Context<'_>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    let bytes = packet.payload;
    let tuple = packet.tuple(bytes.be16(0)?, bytes.be16(2)?);
    row.show(Protocol::Tcp, "");
    let Ok(header) = TcpHeaderSlice::from_slice(bytes.captured()) else { return Err(Stop::Malformed) };
    row.transport = Transport::Tcp(tuple);
    let conversation = tuple.conversation();
    let [low, high] = context.tcp.0.entry(conversation, Default::default);
    let (from, to) = if conversation.low == tuple.src { (low, high) } else { (high, low) };
    let mut segment = Segment {
        src: tuple.src.port,
        dst: tuple.dst.port,
        flags: bytes.u8(13)?,
        seq: header.sequence_number(),
        ack: header.acknowledgment_number(),
        window: header.window_size().into(),
        urgent: header.urgent_pointer(),
        len: bytes.len().saturating_sub(header.slice().len()),
        header,
    };
    segment.place(from, to);
    row.show(Protocol::Tcp, Content::Tcp(segment));
    Ok(())
}

impl Segment<'_> {
    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Makes the numbers relative, and takes note of what this segment says about its direction.
    fn place(&mut self, from: &mut Direction, to: &mut Direction) {
        if self.has(SYN) {
            *from = Direction { base: Some(self.seq), window_shift: self.announced_shift(), opened: true };
        }
        self.seq = self.seq.wrapping_sub(*from.base.get_or_insert(self.seq.wrapping_sub(1)));
        if self.has(ACK) {
            self.ack = self.ack.wrapping_sub(*to.base.get_or_insert(self.ack.wrapping_sub(1)));
        }
        // A window in a SYN is never scaled, and scaling needs both sides' consent (RFC 7323 section 2.2).
        if let (false, true, Some(shift), Some(_)) = (self.has(SYN), to.opened, from.window_shift, to.window_shift) {
            self.window = self.window.wrapping_shl(shift.into());
        }
    }

    fn announced_shift(&self) -> Option<u8> {
        self.header.options_iterator().find_map(|option| match option {
            Ok(TcpOptionElement::WindowScale(shift)) => Some(shift.min(14)),
            _ => None,
        })
    }

    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        write_ports(out, self.src, self.dst);
        out.extend_from_slice(b" [");
        self.write_flags(out);
        out.extend_from_slice(b"] Seq=");
        write_number(out, self.seq);
        if self.has(ACK) {
            out.extend_from_slice(b" Ack=");
            write_number(out, self.ack);
        }
        out.extend_from_slice(b" Win=");
        write_number(out, self.window);
        if self.has(0x20) {
            out.extend_from_slice(b" Urg=");
            write_number(out, self.urgent);
        }
        out.extend_from_slice(b" Len=");
        write_number(out, self.len);
        for option in self.header.options_iterator().map_while(Result::ok) {
            write_option(out, &option);
        }
    }

    fn write_flags(&self, out: &mut Vec<u8>) {
        let start = out.len();
        for (_, name) in FLAGS.iter().filter(|(flag, _)| self.has(*flag)) {
            if out.len() > start {
                out.extend_from_slice(b", ");
            }
            out.extend_from_slice(name.as_bytes());
        }
        if out.len() == start {
            out.extend_from_slice(b"<None>");
        }
    }
}

fn write_option(out: &mut Vec<u8>, option: &TcpOptionElement) {
    let mut field = |name: &[u8], value: u32| {
        out.extend_from_slice(name);
        write_number(out, value);
    };
    match *option {
        TcpOptionElement::MaximumSegmentSize(size) => field(b" MSS=", size.into()),
        TcpOptionElement::WindowScale(shift) => field(b" WS=", 1_u32.wrapping_shl(shift.min(14).into())),
        TcpOptionElement::SelectiveAcknowledgementPermitted => out.extend_from_slice(b" SACK_PERM"),
        TcpOptionElement::Timestamp(value, echo) => {
            field(b" TSval=", value);
            field(b" TSecr=", echo);
        }
        TcpOptionElement::Noop | TcpOptionElement::SelectiveAcknowledgement(..) => {}
    }
}
