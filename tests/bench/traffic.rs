//! Lab traffic without end, for benchmarks: a request every millisecond from a port of its own, most of them answered
//! within two, and a few percent of background; or nothing but requests that stay open. The same bytes in every run, made one record at a time, so that a
//! capture may be longer than memory. It must not use the crate that is measured with it.
//! Formats: draft-ietf-opsawg-pcap (little endian, microseconds), RFC 791, 768, 9293, 6762.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};
use std::str::FromStr;

/// The first request, in microseconds since 1970: 2024-05-01 18:00:00 UTC.
const START: u64 = 1_714_586_400_000_000;
/// From one request to the next, in microseconds.
const INTERVAL: u64 = 1_000;
/// Response times, in microseconds.
const RESPONSE_TIMES: std::ops::Range<u64> = 200..2_000;
/// Of 100 requests, those without a response; of 100 milliseconds, those with TCP or mDNS in them.
const UNANSWERED: u64 = 2;
const WITH_TCP: u64 = 2;
const WITH_MDNS: u64 = 2;

/// The ports of requests: all dynamic ones but for the one that Wireshark takes for a protocol's, and would decode.
const FIRST_PORT: u64 = 49_152;
const PORTS: u64 = 16_383;
const ELASTICSEARCH_PORT: u64 = 54_328;
const SERVICE_PORT: u16 = 8080;
const OPEN_PORT: u16 = 50_000;
/// Requests in each interval of traffic that stays open.
const OPEN_AT_ONCE: u64 = 100;
const REQUEST: &[u8; 17] = b"Mando paquete UDP";
const RESPONSE: &[u8; 30] = b"Mensaje recibido correctamente";

const LOCALHOST: [u8; 4] = [127, 0, 0, 1];
const HOST: [u8; 4] = [192, 168, 56, 1];
const MDNS_GROUP: [u8; 4] = [224, 0, 0, 251];
const MDNS_PORT: u16 = 5353;
/// `PTR _ipps._tcp.local, "QM" question`
const MDNS_QUERY: &[u8; 34] = b"\0\0\0\0\0\x01\0\0\0\0\0\0\x05_ipps\x04_tcp\x05local\0\0\x0c\0\x01";

const TCP_CLIENT: u16 = 49_789;
const TCP_SERVER: u16 = 1042;
const TCP_DATA: &[u8; 6] = b"datos\n";
const PSH_ACK: u8 = 0x18;
const ACK: u8 = 0x10;

const TCP: u8 = 6;
const UDP: u8 = 17;

/// Each frame's record begins with seconds, microseconds, captured length, length on the wire: 4 bytes each.
const RECORD_HEADER_LEN: usize = 16;
const FILE_HEADER_LEN: u64 = 24;

/// What the frames begin with.
#[derive(Clone, Copy)]
pub enum Link {
    /// A family word: Npcap's loopback adapter.
    Null,
    /// Two addresses, all zeros, and a type: Linux `lo`.
    Ethernet,
}

/// What is sent.
#[derive(Clone, Copy)]
pub enum Mix {
    /// The lab, with its losses and its background.
    Lab,
    /// Requests that nobody answers, a hundred for each of the lab's, from as many endpoints.
    Open,
}

/// How long a capture becomes: it ends at whichever comes first, with a whole frame.
#[derive(Clone, Copy)]
pub struct Limit {
    /// Frames at most.
    pub frames: u64,
    /// Bytes of the file at most, its header included.
    pub bytes: u64,
}

/// Endless traffic.
struct Traffic {
    link: Link,
    mix: Mix,
    random: Random,
    /// Milliseconds of traffic planned so far.
    planned: u64,
    /// Frames planned but not yet made, the earliest first, with their microseconds and their place in the plan.
    pending: BinaryHeap<Reverse<(u64, u64, Kind)>>,
    /// Bytes that the TCP client has sent.
    tcp_sent: u32,
    frames: u64,
    record: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Request { port: u16 },
    OpenRequest { client: u32 },
    Response { port: u16 },
    TcpData { seq: u32 },
    TcpAck { ack: u32 },
    MdnsQuery,
}

/// xorshift64* (Vigna, 2016): the same numbers everywhere.
struct Random(u64);

/// Writes a whole capture.
pub fn write_capture(out: &mut impl Write, link: Link, mix: Mix, limit: Limit) -> io::Result<()> {
    out.write_all(&file_header(link))?;
    let mut traffic = Traffic::new(link, mix);
    let mut bytes = FILE_HEADER_LEN;
    for _ in 0..limit.frames {
        let record = traffic.next_record();
        bytes += record.len() as u64;
        if bytes > limit.bytes {
            break;
        }
        out.write_all(record)?;
    }
    out.flush()
}

fn file_header(link: Link) -> [u8; 24] {
    let mut header = [0; 24];
    header[0..4].copy_from_slice(&0xa1b2_c3d4_u32.to_le_bytes());
    header[4..6].copy_from_slice(&2_u16.to_le_bytes()); // version 2.4
    header[6..8].copy_from_slice(&4_u16.to_le_bytes());
    header[16..20].copy_from_slice(&262_144_u32.to_le_bytes()); // snaplen
    header[20] = match link {
        Link::Null => 0,
        Link::Ethernet => 1,
    };
    header
}

impl FromStr for Link {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "null" => Ok(Self::Null),
            "ethernet" => Ok(Self::Ethernet),
            _ => Err(()),
        }
    }
}

impl Traffic {
    fn new(link: Link, mix: Mix) -> Self {
        let (random, pending) = (Random(0x9e37_79b9_7f4a_7c15), BinaryHeap::new());
        Self { link, mix, random, planned: 0, pending, tcp_sent: 0, frames: 0, record: Vec::new() }
    }

    /// The next frame's record, with its header.
    fn next_record(&mut self) -> &[u8] {
        let (micros, kind) = self.next_planned();
        self.frames += 1;
        self.record.clear();
        self.record.resize(RECORD_HEADER_LEN, 0);
        match self.link {
            Link::Null => self.record.extend_from_slice(&[2, 0, 0, 0]), // AF_INET, little endian
            Link::Ethernet => self.record.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0]),
        }
        self.packet(kind);
        let len = u32::try_from(self.record.len() - RECORD_HEADER_LEN).unwrap_or(u32::MAX);
        let at = START + micros;
        let seconds = u32::try_from(at / 1_000_000).unwrap_or(u32::MAX);
        let fraction = u32::try_from(at % 1_000_000).unwrap_or(u32::MAX);
        for (field, value) in self.record.chunks_exact_mut(4).zip([seconds, fraction, len, len]) {
            field.copy_from_slice(&value.to_le_bytes());
        }
        &self.record
    }

    /// Nothing planned for a later millisecond can come before what was planned up to the present one.
    fn next_planned(&mut self) -> (u64, Kind) {
        loop {
            match self.pending.peek() {
                Some(&Reverse((micros, _, kind))) if micros < self.planned * INTERVAL => {
                    self.pending.pop();
                    return (micros, kind);
                }
                _ => self.plan(),
            }
        }
    }

    /// Plans one more millisecond.
    fn plan(&mut self) {
        let start = self.planned * INTERVAL;
        if matches!(self.mix, Mix::Open) {
            for n in 0..OPEN_AT_ONCE {
                let client = u32::try_from(self.planned * OPEN_AT_ONCE + n).unwrap_or(u32::MAX);
                self.add(start + n * INTERVAL / OPEN_AT_ONCE, Kind::OpenRequest { client });
            }
            self.planned += 1;
            return;
        }
        let port = FIRST_PORT + self.planned % PORTS;
        let port = u16::try_from(port + u64::from(port >= ELASTICSEARCH_PORT)).unwrap_or(u16::MAX);
        self.add(start, Kind::Request { port });
        if self.random.below(100) >= UNANSWERED {
            let response_time = RESPONSE_TIMES.start + self.random.below(RESPONSE_TIMES.end - RESPONSE_TIMES.start);
            self.add(start + response_time, Kind::Response { port });
        }
        if self.random.below(100) < WITH_TCP {
            self.add(start + 100, Kind::TcpData { seq: self.tcp_sent });
            self.tcp_sent = self.tcp_sent.wrapping_add(6);
            self.add(start + 140, Kind::TcpAck { ack: self.tcp_sent });
        }
        if self.random.below(100) < WITH_MDNS {
            self.add(start + 160, Kind::MdnsQuery);
        }
        self.planned += 1;
    }

    fn add(&mut self, micros: u64, kind: Kind) {
        self.pending.push(Reverse((micros, self.planned, kind)));
    }

    fn packet(&mut self, kind: Kind) {
        match kind {
            Kind::Request { port } => self.datagram((LOCALHOST, port), (LOCALHOST, SERVICE_PORT), REQUEST),
            Kind::OpenRequest { client } => {
                // 10.0.0.0 and on, a client each.
                let addr = (u32::from_be_bytes([10, 0, 0, 0]) + client).to_be_bytes();
                self.datagram((addr, OPEN_PORT), (LOCALHOST, SERVICE_PORT), REQUEST);
            }
            Kind::Response { port } => self.datagram((LOCALHOST, SERVICE_PORT), (LOCALHOST, port), RESPONSE),
            Kind::MdnsQuery => self.datagram((HOST, MDNS_PORT), (MDNS_GROUP, MDNS_PORT), MDNS_QUERY),
            Kind::TcpData { seq } => self.segment((TCP_CLIENT, TCP_SERVER), (seq, 0), PSH_ACK, TCP_DATA),
            Kind::TcpAck { ack } => self.segment((TCP_SERVER, TCP_CLIENT), (0, ack), ACK, b""),
        }
    }

    /// Source port 2, destination port 2, length 2, checksum 2 (zero: not computed).
    fn datagram(&mut self, src: ([u8; 4], u16), dst: ([u8; 4], u16), payload: &[u8]) {
        let len = u16::try_from(8 + payload.len()).unwrap_or(u16::MAX);
        self.ip(UDP, src.0, dst.0, len);
        for field in [src.1, dst.1, len, 0] {
            self.record.extend_from_slice(&field.to_be_bytes());
        }
        self.record.extend_from_slice(payload);
    }

    /// Ports 2 + 2, sequence number 4, acknowledged 4, header length and flags 2, window 2, checksum 2 (zero, as where
    /// the device would compute it), urgent pointer 2.
    fn segment(&mut self, (src, dst): (u16, u16), (seq, ack): (u32, u32), flags: u8, payload: &[u8]) {
        self.ip(TCP, LOCALHOST, LOCALHOST, u16::try_from(20 + payload.len()).unwrap_or(u16::MAX));
        self.record.extend_from_slice(&src.to_be_bytes());
        self.record.extend_from_slice(&dst.to_be_bytes());
        for number in [seq, ack] {
            self.record.extend_from_slice(&number.wrapping_add(1_000).to_be_bytes());
        }
        self.record.extend_from_slice(&[0x50, flags, 0x20, 0xda, 0, 0, 0, 0]);
        self.record.extend_from_slice(payload);
    }

    /// A header of 20 bytes for a payload of `len`.
    fn ip(&mut self, protocol: u8, src: [u8; 4], dst: [u8; 4], len: u16) {
        let [high, low] = (20 + len).to_be_bytes();
        let [id_high, id_low] = ((self.frames & 0xffff) as u16).to_be_bytes();
        let mut header = [0x45, 0, high, low, id_high, id_low, 0, 0, 64, protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header[12..16].copy_from_slice(&src);
        header[16..20].copy_from_slice(&dst);
        let sum: u32 = header.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
        let folded = (sum & 0xffff) + (sum >> 16); // the carries come back in, twice at most
        let checksum = !(((folded + (folded >> 16)) & 0xffff) as u16);
        header[10..12].copy_from_slice(&checksum.to_be_bytes());
        self.record.extend_from_slice(&header);
    }
}

impl Random {
    /// A number from 0 to `end - 1`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % end
    }
}
