//! Conversations over TCP: segments of a few of them, each near what its sender said before, or far from it.
//!
//! One of the ports is DNS's, so that messages are put together out of segments, too.
#![no_main]

use std::net::{IpAddr, Ipv6Addr};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use loopshark::source::LinkType;
use loopshark_fuzz::packets::{self, TCP};
use loopshark_fuzz::{frame, show_twice};

const CONVERSATIONS: usize = 4;
const SERVICES: [u16; CONVERSATIONS] = [8080, 53, 80, 5353];
/// More segments than this say nothing new.
const MAX_SEGMENTS: usize = 400;

#[derive(Arbitrary, Debug)]
struct Sent<'a> {
    conversation: u8,
    to_client: bool,
    flags: Flags,
    seq: Number,
    ack: Number,
    window: u16,
    urgent: u8,
    options: Vec<Opt<'a>>,
    payload: Payload<'a>,
    /// How many bytes at its end were not captured.
    cut: u8,
    pause: Pause,
}

#[derive(Arbitrary, Debug)]
enum Flags {
    Ack,
    Push,
    Syn,
    SynAck,
    Fin,
    Reset,
    Any(u16),
}

/// A number by where it is from the one that is due.
#[derive(Arbitrary, Debug)]
enum Number {
    Due,
    Near(i8),
    Off(i16),
    Again(u8),
    Far(u32),
}

#[derive(Arbitrary, Debug)]
enum Payload<'a> {
    None,
    Zeros(u16),
    Bytes(&'a [u8]),
    /// A message of DNS over TCP, with its length before it.
    Message(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
enum Opt<'a> {
    Nop,
    End,
    MaxSize(u16),
    Scale(u8),
    SackPermitted,
    /// Blocks by where they begin from what is acknowledged, and their lengths.
    Sack(Vec<(i8, u8)>),
    Times(u32, u32),
    Kind(u8, &'a [u8]),
    Raw(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
enum Pause {
    Micros(u16),
    Millis(u16),
    Back(u16),
    Any(i64),
}

/// What a side has sent: the number that is due, and those of its latest segments.
#[derive(Clone, Copy, Default)]
struct Side {
    due: u32,
    lately: [u32; 4],
}

impl Flags {
    fn bits(&self) -> u16 {
        match self {
            Self::Ack => 0x10,
            Self::Push => 0x18,
            Self::Syn => 0x02,
            Self::SynAck => 0x12,
            Self::Fin => 0x11,
            Self::Reset => 0x14,
            Self::Any(bits) => bits & 0xfff,
        }
    }
}

impl Number {
    fn of(&self, side: &Side) -> u32 {
        match *self {
            Self::Due => side.due,
            Self::Near(by) => side.due.wrapping_add_signed(by.into()),
            Self::Off(by) => side.due.wrapping_add_signed(by.into()),
            Self::Again(which) => side.lately[usize::from(which) % 4],
            Self::Far(number) => number,
        }
    }
}

impl Payload<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Zeros(count) => vec![0; usize::from(count % 2_048)],
            Self::Bytes(bytes) => bytes.to_vec(),
            Self::Message(bytes) => {
                let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
                [&len.to_be_bytes(), *bytes].concat()
            }
        }
    }
}

impl Pause {
    fn nanos(&self) -> i64 {
        match *self {
            Self::Micros(count) => i64::from(count) * 1_000,
            Self::Millis(count) => i64::from(count) * 1_000_000,
            Self::Back(count) => -i64::from(count) * 1_000,
            Self::Any(nanos) => nanos,
        }
    }
}

/// Appends an option.
fn write(option: &Opt<'_>, ack: u32, out: &mut Vec<u8>) {
    let mut sized = |kind: u8, data: &[u8]| {
        out.extend([kind, u8::try_from(2 + data.len()).unwrap_or(u8::MAX)]);
        out.extend(data);
    };
    match option {
        Opt::Nop => out.push(1),
        Opt::End => out.push(0),
        Opt::MaxSize(size) => sized(2, &size.to_be_bytes()),
        Opt::Scale(shift) => sized(3, &[*shift]),
        Opt::SackPermitted => sized(4, &[]),
        Opt::Sack(blocks) => {
            let edges = blocks.iter().take(4).flat_map(|(by, len)| {
                let left = ack.wrapping_add_signed(i32::from(*by) * 8);
                [left, left.wrapping_add(u32::from(*len))]
            });
            sized(5, &edges.flat_map(u32::to_be_bytes).collect::<Vec<_>>());
        }
        Opt::Times(value, echo) => sized(8, &[value.to_be_bytes(), echo.to_be_bytes()].concat()),
        Opt::Kind(kind, data) => sized(*kind, data),
        Opt::Raw(bytes) => out.extend(*bytes),
    }
}

fn packet(sent: &Sent<'_>, sides: &mut [[Side; 2]; CONVERSATIONS]) -> Vec<u8> {
    let number = usize::from(sent.conversation) % CONVERSATIONS;
    let [mine, other] = if sent.to_client { [1, 0] } else { [0, 1] };
    let both = &mut sides[number];
    let (seq, ack, flags) = (sent.seq.of(&both[mine]), sent.ack.of(&both[other]), sent.flags.bits());
    let payload = sent.payload.bytes();
    let phantom = u32::from(flags & 0x03 != 0);
    both[mine].due = seq.wrapping_add(u32::try_from(payload.len()).unwrap_or(u32::MAX)).wrapping_add(phantom);
    both[mine].lately.rotate_right(1);
    both[mine].lately[0] = seq;
    let mut options = Vec::new();
    sent.options.iter().for_each(|option| write(option, ack, &mut options));
    let (client, service) = (50_000, SERVICES[number]);
    let (src, dst) = if sent.to_client { (service, client) } else { (client, service) };
    let segment = packets::Segment { src, dst, seq, ack, flags, window: sent.window, urgent: sent.urgent.into() };
    // Every second conversation is IPv6's.
    let end = |last: u8| match number % 2 {
        0 => IpAddr::from([10, 0, 0, last]),
        _ => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, last.into()).into(),
    };
    let (from, to) = if sent.to_client { (end(1), end(2)) } else { (end(2), end(1)) };
    packets::ip(from, to, TCP, 0, 0, &packets::tcp(&segment, &options, &payload))
}

fuzz_target!(|input: Vec<Sent<'_>>| {
    let mut sides = [[Side::default(); 2]; CONVERSATIONS];
    let sent = &input[..input.len().min(MAX_SEGMENTS)];
    let packets: Vec<_> = sent.iter().map(|sent| packet(sent, &mut sides)).collect();
    let mut now = 1_700_000_000_000_000_000_i64;
    let frames: Vec<_> = (1..)
        .zip(sent.iter().zip(&packets))
        .map(|(number, (sent, packet))| {
            now = now.saturating_add(sent.pause.nanos());
            let wire_len = u32::try_from(packet.len()).unwrap_or(u32::MAX);
            let captured = &packet[..packet.len() - usize::from(sent.cut).min(packet.len())];
            frame(number, now, LinkType::RAW, wire_len, captured)
        })
        .collect();
    show_twice(frames.into_iter());
});
