//! TCP (RFC 9293): flags, sequence numbers relative to the connection's first, scaled window, options, and what
//! [`analysis`] makes of a segment among those before it.
//!
//! State is kept a connection at a time, in a bounded table, and looked up once a segment. Numbers are relative as in
//! Wireshark: a connection met without its handshake starts at 1, and a SYN with a number of its own on the ports of
//! another starts anew.

mod analysis;
mod options;
mod stream;

use super::fields::Fields;
use super::ip::Packet;
use super::payload::{Payload, Stop};
use super::text::{write_number, write_ports};
use super::{Coloring, Content, Context, Conversation, Dissection, FiveTuple, Protocol, Transport};
use crate::bounded::Generations;
use analysis::{ACK, FIN, Findings, Flow, RST, SYN, Scale, Sent};
use options::{Header, Listener, Text};
use stream::{Arrival, Columns, Shown, Streams};

/// The most connections remembered; whichever has been silent longest is forgotten first, and starts at 1 again.
const MAX_CONNECTIONS: usize = 65_536;

/// Length of the header without options, in bytes.
const HEADER_LEN: usize = 20;
const URG: u16 = 0x20;
const ECE: u16 = 0x40;
const CWR: u16 = 0x80;
const AE: u16 = 0x100;
const RESERVED: u16 = 0xe00;
const HTTP: u16 = 80;

/// Flags as they are named, from the lowest bit; the last three make up the ACE field once accurate ECN is in use.
const FLAGS: [&str; 9] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
/// The first bit of the ACE field.
const ACE_SHIFT: u32 = 6;

/// What is remembered of the TCP connections seen.
pub(super) struct Connections {
    table: Generations<Conversation, Connection>,
    streams: Streams,
}

/// Two endpoints and what they sent each other, from one SYN to the next.
#[derive(Default)]
struct Connection {
    /// What the lower endpoint sends, and what the other does.
    flows: [Flow; 2],
    /// The frame in which it began.
    since: u32,
    /// When the last SYN came, in nanoseconds, or zero.
    syn_time: i64,
    /// The time from that to the first ACK, or zero.
    handshake: i64,
    ecn: AccurateEcn,
}

/// How far two endpoints have agreed on accurate ECN.
#[derive(Default)]
struct AccurateEcn {
    asked: bool,
    granted: bool,
    /// Whether one has sent the option, which it does only after both did agree.
    used: bool,
}

/// A segment, as its row shows it.
#[derive(Clone, Debug)]
pub struct Segment<'a> {
    bytes: Payload<'a>,
    src: u16,
    dst: u16,
    seq: u32,
    window: u32,
    urgent: u16,
    header_len: u8,
    /// Whether ECE, CWR and AE are the ACE field.
    ace: bool,
    /// Length of its data, unless it is too short for its header or not all there.
    len: Option<u32>,
    reached: Reached,
    header: Header,
    found: Findings,
    /// The frame in which its connection began.
    since: u32,
    shown: Shown,
    /// What is shown instead of the segment itself, where that is no single message.
    text: Vec<u8>,
}

/// How far a header could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    Ports,
    Window,
    /// To a header length that can't be.
    BogusLength,
    Options,
}

/// What options tell of a connection.
#[derive(Default)]
struct Learnt {
    shift: Option<u8>,
    accurate_ecn: bool,
    scps: bool,
}

impl Default for Connections {
    fn default() -> Self {
        Self { table: Generations::new(MAX_CONNECTIONS), streams: Streams::default() }
    }
}

impl Listener for Learnt {
    fn shift(&mut self, shift: u8) {
        self.shift = Some(shift);
    }

    fn accurate_ecn(&mut self) {
        self.accurate_ecn = true;
    }

    fn scps(&mut self) {
        self.scps = true;
    }
}

/// Reads a segment.
pub(super) fn dissect<'a>(
    packet: &Packet<'a>,
    context: &mut Context<'_>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    let bytes = packet.payload;
    let mut segment = Segment {
        bytes,
        src: bytes.be16(0)?,
        dst: bytes.be16(2)?,
        seq: 0,
        window: 0,
        urgent: 0,
        header_len: 0,
        ace: false,
        len: None,
        reached: Reached::Ports,
        header: Header::default(),
        found: Findings::default(),
        since: 0,
        shown: Shown::Segment,
        text: Vec::new(),
    };
    let tuple = packet.tuple(segment.src, segment.dst);
    let mut read = segment.read(tuple, context);
    if segment.reached != Reached::Ports {
        row.transport = Transport::Tcp(tuple);
    }
    row.meets(segment.coloring());
    let mut protocol = Protocol::Tcp;
    if read.is_ok() && stream::is_carried(segment.src, segment.dst) {
        (protocol, read) = segment.deliver(tuple, context);
    }
    row.show(protocol, Content::Tcp(segment));
    read
}

impl Connection {
    /// What is known of the sender and of the receiver.
    fn directed(&mut self, from_low: bool) -> (&mut Flow, &mut Flow) {
        let [low, high] = &mut self.flows;
        if from_low { (low, high) } else { (high, low) }
    }

    /// Takes note of a SYN, and says whether the ports had another connection before.
    fn open(&mut self, from_low: bool, seq: u32, flags: u16) -> bool {
        let (from, _) = self.directed(from_low);
        let other = from.base.is_some_and(|base| base != seq);
        if flags & ACK != 0 {
            if other {
                from.base = Some(seq);
            }
            self.ecn.granted = flags & (AE | CWR) == CWR || flags & (AE | ECE) == AE;
        } else {
            if other {
                *self = Self::default();
            } else if from.base.is_some() {
                from.reopen();
            }
            self.ecn.asked = flags & (AE | CWR | ECE) == AE | CWR | ECE;
        }
        other
    }

    /// Takes note of what a whole header says about the handshake.
    fn pass(&mut self, from_low: bool, flags: u16, time: i64) {
        let (from, _) = self.directed(from_low);
        if flags & SYN != 0 {
            from.opening = true;
            if flags & ACK == 0 {
                self.syn_time = time;
            }
        } else if flags & ACK != 0 {
            from.opening = false;
            if self.syn_time != 0 && self.handshake == 0 {
                self.handshake = time.wrapping_sub(self.syn_time);
            }
        }
    }

    fn learn(&mut self, from_low: bool, learnt: &Learnt) {
        let (from, _) = self.directed(from_low);
        if let Some(shift) = learnt.shift {
            from.scale = Scale::Shift(shift);
        }
        from.scps |= learnt.scps;
        self.ecn.used |= learnt.accurate_ecn;
    }

    /// After a SYN's options: what only one side offers is not used.
    fn agree(&mut self, from_low: bool, answer: bool) {
        let (from, to) = self.directed(from_low);
        if from.scale == Scale::Unknown {
            from.scale = Scale::Unused;
            to.scale = Scale::Unused;
        } else if answer && to.scale == Scale::Unused {
            from.scale = Scale::Unused;
        }
        if answer && !(from.scps && to.scps) {
            from.scps = false;
            to.scps = false;
        }
    }
}

/// The header up to the window; where it is not all there, the field in which it ends tells why.
fn first_fields(bytes: Payload<'_>) -> Result<[u8; 16], Stop> {
    bytes.array(0).or_else(|_| {
        Fields::new(bytes, 0).skip(&[8, 4, 1, 1])?;
        bytes.array(0)
    })
}

impl<'a> Segment<'a> {
    fn has(&self, flags: u16) -> bool {
        self.header.flags & flags != 0
    }

    /// The first coloring rule that the segment itself meets.
    fn coloring(&self) -> Coloring {
        let has_flags = matches!(self.reached, Reached::Window | Reached::Options);
        if self.found.flags != 0 && self.found.flags & analysis::IN_ORDER == 0 {
            Coloring::BadTcp
        } else if has_flags && self.has(RST) {
            Coloring::TcpRst
        } else if self.src == HTTP || self.dst == HTTP {
            Coloring::Http
        } else if has_flags && self.has(SYN | FIN) {
            Coloring::TcpSynFin
        } else {
            Coloring::Tcp
        }
    }

    /// Reads the header as far as it goes, and takes note of it in the connection.
    fn read(&mut self, tuple: FiveTuple, context: &mut Context<'_>) -> Result<(), Stop> {
        let bytes = self.bytes;
        let [_, _, _, _, s0, s1, s2, s3, a0, a1, a2, a3, f0, f1, w0, w1] = first_fields(bytes)?;
        let (seq, ack) = (u32::from_be_bytes([s0, s1, s2, s3]), u32::from_be_bytes([a0, a1, a2, a3]));
        self.header_len = (f0 >> 4).wrapping_mul(4);
        let flags = u16::from_be_bytes([f0, f1]) & 0x0fff;
        let window = u16::from_be_bytes([w0, w1]);

        let frame = u32::try_from(context.frame).unwrap_or(u32::MAX);
        let key = tuple.conversation();
        let from_low = key.low == tuple.src;
        let connection = context.tcp.table.entry(key, Default::default);
        let reused = flags & SYN != 0 && connection.open(from_low, seq, flags);
        if connection.since == 0 {
            connection.since = frame;
        }
        self.since = connection.since;
        let handshake = connection.handshake;
        let (from, to) = connection.directed(from_low);
        let mut found = Findings::default();

        self.reached = Reached::Window;
        (self.seq, self.window) = (seq, window.into());
        self.header = Header { flags, ack, peer_base: 0, scps: from.scps };
        // The length of a packet's first piece says nothing of the segment's.
        let whole = if context.fragmented { None } else { bytes.len().checked_sub(self.header_len.into()) };
        if let Some(len) = whole {
            let len = u32::try_from(len).unwrap_or(u32::MAX);
            self.len = Some(len);
            let base = *from.base.get_or_insert(if flags & SYN == 0 { seq.wrapping_sub(1) } else { seq });
            self.seq = seq.wrapping_sub(base);
            if flags & ACK != 0 {
                self.header.ack = ack.wrapping_sub(*to.base.get_or_insert(ack.wrapping_sub(1)));
            }
            let sent = Sent { seq, ack, len, flags, window, frame, time: context.time.0 };
            found = from.analyze(to, &sent, handshake);
            // The window of a SYN is never scaled (RFC 7323 section 2.2).
            if let (0, Scale::Shift(shift)) = (flags & SYN, from.scale) {
                self.window = self.window.wrapping_shl(shift.into());
            }
        }
        if reused {
            found.flags |= analysis::PORTS_REUSED;
        }
        self.header.peer_base = to.base.unwrap_or(0);
        let ecn = &connection.ecn;
        self.ace = flags & SYN == 0 && (ecn.asked && ecn.granted || ecn.used);
        if usize::from(self.header_len) < HEADER_LEN {
            self.reached = Reached::BogusLength;
            return Ok(());
        }
        connection.pass(from_low, flags, context.time.0);

        bytes.be16(16)?;
        self.urgent = bytes.be16(18)?;
        self.reached = Reached::Options;
        if usize::from(self.header_len) > HEADER_LEN {
            let mut learnt = Learnt::default();
            let read = self.options(&mut learnt);
            connection.learn(from_low, &learnt);
            read?;
        }
        self.found = found;
        if flags & SYN != 0 {
            connection.agree(from_low, flags & ACK != 0);
        }
        Ok(())
    }

    fn options(&self, to: &mut impl Listener) -> Result<(), Stop> {
        let len = usize::from(self.header_len).saturating_sub(HEADER_LEN);
        options::read(self.bytes, HEADER_LEN, len, self.header, to)
    }

    /// Shows the messages that its data completes.
    fn deliver(&mut self, tuple: FiveTuple, context: &mut Context<'_>) -> (Protocol, Result<(), Stop>) {
        let data = self.bytes.after(self.header_len.into());
        if data.captured().is_empty() || self.has(RST) || self.reached != Reached::Options {
            return (Protocol::Tcp, Ok(()));
        }
        // A SYN takes a number before the data.
        let first = self.seq.wrapping_add(self.has(SYN).into());
        let arrival = Arrival {
            data,
            seq: first,
            next: self.len.map_or(self.has(SYN).into(), |len| first.wrapping_add(len)),
            found: self.found.flags,
            is_whole: !context.fragmented && data.captured().len() == data.len(),
            frame: u32::try_from(context.frame).unwrap_or(u32::MAX),
            since: self.since,
        };
        let write = |out: &mut Vec<u8>| self.write_segment(out);
        let mut columns = Columns::new(&write);
        let read = context.tcp.streams.deliver(tuple, arrival, &mut columns);
        let Columns { protocol, shown, text, .. } = columns;
        (self.shown, self.text) = (shown, text);
        (protocol, read)
    }

    /// The segment without its bytes, and those that [`Segment::attach`] wants back; none where it shows more than its
    /// header.
    pub(super) fn detach(&self) -> Option<(Segment<'static>, &'a [u8])> {
        let kept = self.bytes.captured().get(..self.header_len.into())?;
        if !matches!(self.shown, Shown::Segment | Shown::Part) {
            return None;
        }
        let &Self { src, dst, seq, window, urgent, header_len, ace, len, reached, header, found, since, shown, .. } =
            self;
        let (bytes, text) = (Payload::whole(&[]), Vec::new());
        let segment = Segment {
            bytes,
            src,
            dst,
            seq,
            window,
            urgent,
            header_len,
            ace,
            len,
            reached,
            header,
            found,
            since,
            shown,
            text,
        };
        Some((segment, kept))
    }

    /// The segment with its header again.
    pub(super) fn attach(self, header: &'a [u8]) -> Self {
        Self { bytes: Payload::whole(header), ..self }
    }

    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        self.write_findings(out);
        match self.shown {
            Shown::Message => stream::message(self.bytes.after(self.header_len.into()))?.write(out)?,
            Shown::Text => out.extend_from_slice(&self.text),
            shown => stream::write_segment(out, shown, |out| self.write_segment(out)),
        }
        Ok(())
    }

    /// Appends what is said of the segment itself.
    fn write_segment(&self, out: &mut Vec<u8>) {
        let start = out.len();
        write_ports(out, self.src, self.dst);
        if self.reached == Reached::Ports {
            return;
        }
        out.extend_from_slice(b" [");
        self.write_flags(out);
        out.extend_from_slice(b"] Seq=");
        write_number(out, self.seq);
        if self.has(ACK) {
            out.extend_from_slice(b" Ack=");
            write_number(out, self.header.ack);
        }
        out.extend_from_slice(b" Win=");
        write_number(out, self.window);
        if self.reached == Reached::BogusLength {
            out.extend_from_slice(b", bogus TCP header length (");
            write_number(out, self.header_len);
            out.extend_from_slice(b", must be at least 20)");
        }
        if self.reached != Reached::Options {
            return;
        }
        if self.has(URG) {
            out.extend_from_slice(b" Urg=");
            write_number(out, self.urgent);
        }
        if let Some(len) = self.len {
            out.extend_from_slice(b" Len=");
            write_number(out, len);
        }
        // Why they can't be read to their end was said when they were read first.
        let _ = self.options(&mut Text { out, start });
    }

    fn write_findings(&self, out: &mut Vec<u8>) {
        if self.found.flags == 0 {
            return;
        }
        for (finding, text) in analysis::NAMES.iter().filter(|(finding, _)| self.found.flags & finding != 0) {
            out.extend_from_slice(text.as_bytes());
            if *finding == analysis::DUP_ACK {
                let (frame, count) = self.found.dup_ack;
                write_number(out, frame);
                out.push(b'#');
                write_number(out, count);
                out.extend_from_slice(b"] ");
            }
        }
    }

    fn write_flags(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let names = FLAGS.get(..if self.ace { ACE_SHIFT as usize } else { FLAGS.len() }).unwrap_or_default();
        let mut left = self.header.flags;
        while let Some(name) = names.get(left.trailing_zeros() as usize) {
            if out.len() > start {
                out.extend_from_slice(b", ");
            }
            out.extend_from_slice(name.as_bytes());
            left &= left.wrapping_sub(1);
        }
        if self.ace {
            out.extend_from_slice(b", ACE=");
            write_number(out, (self.header.flags >> ACE_SHIFT) & 7);
        }
        if self.has(RESERVED) {
            out.extend_from_slice(if out.len() > start { b", Reserved" } else { b"Reserved" });
        }
        if out.len() == start {
            out.extend_from_slice(b"<None>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_costs_little() {
        assert!(size_of::<Connection>() <= 144, "{}", size_of::<Connection>());
    }

    #[test]
    fn connections_are_capped_and_one_that_was_forgotten_begins_anew() {
        use super::super::Endpoint;
        let mut connections = Connections::default();
        let conversation = |n: usize| {
            let end = |port| Endpoint { addr: u128::try_from(n).unwrap().to_be_bytes().into(), port };
            FiveTuple { src: end(50_000), dst: end(80) }.conversation()
        };
        let many = MAX_CONNECTIONS + MAX_CONNECTIONS / 2;
        for n in 0..many {
            connections.table.entry(conversation(n), Default::default).since = 7;
            assert!(connections.table.len() <= MAX_CONNECTIONS);
        }
        let mut since = |n| connections.table.entry(conversation(n), Default::default).since;
        assert_eq!([many - 1, 0].map(&mut since), [7, 0]);
    }

    #[test]
    fn ports_are_reused_by_a_syn_of_another_number() {
        let mut connection = Connection::default();
        assert!(!connection.open(true, 1000, SYN));
        connection.flows[0].base = Some(1000);
        connection.flows[1].base = Some(5000);
        assert!(!connection.open(true, 1000, SYN), "the same SYN again");
        assert!(connection.open(false, 7000, SYN | ACK), "an answer of another number");
        assert_eq!(connection.flows.each_ref().map(|flow| flow.base), [Some(1000), Some(7000)]);
        assert!(connection.open(true, 2000, SYN));
        assert_eq!(connection.flows.each_ref().map(|flow| flow.base), [None, None]);
    }
}
