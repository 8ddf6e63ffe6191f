//! The capture behind the lab report, rebuilt as Npcap's loopback adapter would have written it: pcap, link type NULL.
//! Frames 37 to 90 have the numbers and times of the report's table; its misread digits are replaced by the values
//! that agree with the other columns. Frames 1 to 36, which the report does not show, are background: the one earlier
//! round (two for port 1042) of each TCP conversation that makes the relative Seq and Ack of the later ones come out as
//! printed, and the keep-alives of one more. Frames 91 and 92 are added, for cache flush.
//! Formats: draft-ietf-opsawg-pcap, RFC 791, 8200, 768, 9293, 1035, 6762 (MDNS), 4795 (LLMNR).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Frame 1 in microseconds since 1970: 2024-05-01 18:00:00.417202 UTC.
const START: u64 = 1_714_586_400_417_202;

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const LAN: IpAddr = IpAddr::V4(Ipv4Addr::new(172, 108, 78, 89));
const LAN6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0x9d12, 0x3004, 0xa1, 0x2c0));
const HOST_V4: Ipv4Addr = Ipv4Addr::new(192, 168, 56, 1);
const HOST_V6: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0x73d, 0x8861, 0xe18, 0x1554);
const HOST: IpAddr = IpAddr::V4(HOST_V4);
const HOST6: IpAddr = IpAddr::V6(HOST_V6);

const TCP: u8 = 6;
const UDP: u8 = 17;
const SERVICE_PORT: u16 = 8080;

/// The lab's exchanges: client port, request and response in microseconds after frame 1.
const EXCHANGES: [(u16, u64, u64); 5] = [
    (63337, 12_878_387, 12_879_958),
    (51083, 13_889_821, 13_890_001),
    (51084, 14_901_195, 14_901_886),
    (51085, 15_903_162, 15_903_929),
    (51086, 15_904_136, 15_914_264),
];

/// What is said over TCP: conversation, which end speaks, bytes, then sent and acknowledged in microseconds.
const SAID: [(usize, usize, usize, u64, u64); 28] = [
    (3, 0, 31, 0, 38),
    (3, 1, 31, 702, 729),
    (3, 0, 31, 3_000_214, 3_000_249),
    (3, 1, 31, 3_000_861, 3_000_890),
    (3, 0, 31, 6_000_437, 6_000_470),
    (3, 1, 31, 6_001_109, 6_001_138),
    (3, 0, 31, 9_000_655, 9_000_690),
    (3, 1, 31, 9_001_301, 9_001_333),
    (0, 0, 6, 1_578_402, 1_578_437),
    (0, 1, 2, 1_578_790, 1_578_812),
    (2, 0, 8, 4_423_540, 4_423_577),
    (2, 0, 96, 4_423_581, 4_423_602),
    (2, 1, 8, 4_424_713, 4_427_988),
    (2, 1, 48, 4_428_324, 4_428_331),
    (1, 0, 9, 5_012_655, 5_012_698),
    (1, 1, 3, 5_014_021, 5_041_330),
    (0, 0, 6, 11_578_425, 11_578_466),
    (0, 1, 2, 11_578_803, 11_578_824),
    (0, 0, 6, 21_578_449, 21_578_491),
    (0, 1, 2, 21_578_821, 21_578_841),
    (1, 0, 9, 25_012_736, 25_012_781),
    (1, 1, 3, 25_014_130, 25_041_456),
    (0, 0, 6, 31_578_341, 31_578_354),
    (0, 1, 2, 31_588_353, 31_588_394),
    (2, 0, 8, 34_423_688, 34_423_727),
    (2, 0, 96, 34_423_730, 34_423_753),
    (2, 1, 8, 34_424_899, 34_428_252),
    (2, 1, 48, 34_428_591, 34_428_596),
];

/// The search for `EdwardsSantiago`: microseconds after frame 1, sender, message.
const NAMES: [(u64, IpAddr, Name); 26] = [
    (34_428_668, HOST, Name::Query),
    (34_428_734, LAN, Name::Query),
    (34_431_708, HOST, Name::Response),
    (34_431_943, LAN, Name::Response),
    (34_432_001, HOST, Name::Response),
    (34_432_669, LAN6, Name::Query),
    (34_434_034, LAN6, Name::Response),
    (34_434_196, LAN6, Name::Response),
    (34_434_895, LAN6, Name::Llmnr(0x774c)),
    (34_434_901, HOST6, Name::Llmnr(0x774c)),
    (34_434_991, HOST, Name::Query),
    (34_442_251, LAN, Name::Query),
    (34_444_747, HOST6, Name::Query),
    (34_444_938, HOST6, Name::Query),
    (34_445_139, HOST, Name::Response),
    (34_445_155, LAN, Name::Response),
    (34_445_157, HOST6, Name::Llmnr(0x84ea)),
    (34_452_975, HOST, Name::Llmnr(0x84ea)),
    (34_454_949, HOST6, Name::Response),
    (34_462_795, LAN, Name::Response),
    (34_462_802, LAN, Name::Response),
    (34_462_811, LAN, Name::Response),
    (34_462_815, LAN, Name::Response),
    (34_462_819, LAN, Name::Response),
    (35_463_104, HOST, Name::FlushingResponse),
    (35_463_377, HOST6, Name::FlushingResponse),
];

/// A message of the name search; `Llmnr` carries its transaction ID, MDNS has none.
#[derive(Clone, Copy)]
enum Name {
    Query,
    Response,
    FlushingResponse,
    Llmnr(u16),
}

/// One packet before it has its IP header: `segment` is the whole TCP segment or UDP datagram.
struct Packet {
    micros: u64,
    src: IpAddr,
    dst: IpAddr,
    protocol: u8,
    segment: Vec<u8>,
}

/// A TCP conversation that began before the capture; index 0 and 1 are its two ends.
struct Conversation {
    ports: [u16; 2],
    next_seq: [u32; 2],
    windows: [u16; 2],
}

/// The whole capture file.
pub fn practica6() -> Vec<u8> {
    let mut packets = lab();
    packets.extend(chatter());
    packets.extend(NAMES.map(|(micros, src, name)| name_search(micros, src, name)));
    packets.sort_by_key(|packet| packet.micros);
    let mut file = file_header();
    for (id, packet) in (0x3a51..).zip(&packets) {
        write_record(&mut file, packet, id);
    }
    file
}

fn lab() -> Vec<Packet> {
    let exchange = |(client, request, response)| {
        let ends = [LOCALHOST; 2];
        let reply = b"Mensaje recibido correctamente";
        [
            udp(request, ends, [client, SERVICE_PORT], b"Mando paquete UDP"),
            udp(response, ends, [SERVICE_PORT, client], reply),
        ]
    };
    EXCHANGES.into_iter().flat_map(exchange).collect()
}

fn chatter() -> Vec<Packet> {
    let mut conversations = [
        Conversation::new([49789, 1042], [0x8c1f_20d4, 0x15b7_93e0], [8410, 8347]),
        Conversation::new([56511, 49769], [0x40aa_0b92, 0xd3e5_7716], [8441, 8438]),
        Conversation::new([17532, 49742], [0x2297_c648, 0x7f03_5aa1], [8306, 8405]),
        Conversation::new([49671, 49672], [0x5b02_e7a1, 0x91cc_3f08], [8442, 8440]),
    ];
    SAID.into_iter()
        .flat_map(|(which, from, len, sent, acked)| conversations[which].say(from, len, sent, acked))
        .collect()
}

impl Conversation {
    fn new(ports: [u16; 2], next_seq: [u32; 2], windows: [u16; 2]) -> Self {
        Self { ports, next_seq, windows }
    }

    /// `len` bytes from one end and the other end's acknowledgement.
    fn say(&mut self, from: usize, len: usize, sent: u64, acked: u64) -> [Packet; 2] {
        let data = self.segment(from, sent, len);
        self.next_seq[from] = self.next_seq[from].wrapping_add(u32::try_from(len).expect("short"));
        [data, self.segment(1 - from, acked, 0)]
    }

    fn segment(&self, from: usize, micros: u64, len: usize) -> Packet {
        const PSH_ACK: u8 = 0x18;
        const ACK: u8 = 0x10;
        let to = 1 - from;
        let mut segment = Vec::new();
        segment.extend(self.ports[from].to_be_bytes());
        segment.extend(self.ports[to].to_be_bytes());
        segment.extend(self.next_seq[from].to_be_bytes());
        segment.extend(self.next_seq[to].to_be_bytes());
        segment.extend([0x50, if len > 0 { PSH_ACK } else { ACK }]); // data offset 5 words, flags
        segment.extend(self.windows[from].to_be_bytes());
        segment.extend([0; 4]); // checksum, urgent pointer
        segment.resize(segment.len() + len, b'.');
        let checksum = transport_checksum(LOCALHOST, LOCALHOST, TCP, &segment);
        segment[16..18].copy_from_slice(&checksum.to_be_bytes());
        Packet { micros, src: LOCALHOST, dst: LOCALHOST, protocol: TCP, segment }
    }
}

fn name_search(micros: u64, src: IpAddr, name: Name) -> Packet {
    let (ports, last_group) = match name {
        Name::Llmnr(id) => ([0xc000 | id, 5355], (252, [1, 3])),
        _ => ([5353, 5353], (251, [0, 0xfb])),
    };
    let dst = match (src, last_group) {
        (IpAddr::V4(_), (last, _)) => IpAddr::from([224, 0, 0, last]),
        (IpAddr::V6(_), (_, [high, low])) => IpAddr::from([0xff02, 0, 0, 0, 0, 0, high, low]),
    };
    udp(micros, [src, dst], ports, &name_message(name))
}

fn name_message(name: Name) -> Vec<u8> {
    const HOSTNAME: &[u8] = b"\x0fEdwardsSantiago\x05local\0";
    const SINGLE_LABEL: &[u8] = b"\x0fEdwardsSantiago\0";
    const ANY_IN: &[u8] = &[0, 255, 0, 1];
    match name {
        Name::Query => [&dns_header(0, 0, [1, 0]), HOSTNAME, ANY_IN].concat(),
        Name::Llmnr(id) => [&dns_header(id, 0, [1, 0]), SINGLE_LABEL, ANY_IN].concat(),
        Name::Response => [&dns_header(0, 0x84, [0, 2]), HOSTNAME, &addresses(0)].concat(),
        Name::FlushingResponse => [&dns_header(0, 0x84, [0, 2]), HOSTNAME, &addresses(0x80)].concat(),
    }
}

/// ID, the upper byte of the flags, the counts of questions and answers; nothing in the other two sections.
fn dns_header(id: u16, flags: u8, [questions, answers]: [u8; 2]) -> [u8; 12] {
    let [id_high, id_low] = id.to_be_bytes();
    [id_high, id_low, flags, 0, 0, questions, 0, answers, 0, 0, 0, 0]
}

/// The AAAA record without its name, then the whole A record, whose name points to offset 12.
fn addresses(class_high: u8) -> Vec<u8> {
    let aaaa = [0, 28, class_high, 1, 0, 0, 0, 120, 0, 16]; // type, class, TTL 120 s, length
    let a = [0xc0, 12, 0, 1, class_high, 1, 0, 0, 0, 120, 0, 4];
    [&aaaa[..], &HOST_V6.octets(), &a, &HOST_V4.octets()].concat()
}

fn udp(micros: u64, [src, dst]: [IpAddr; 2], ports: [u16; 2], payload: &[u8]) -> Packet {
    let mut segment = ports.map(u16::to_be_bytes).concat();
    segment.extend(length_u16(8 + payload.len()).to_be_bytes());
    segment.extend([0; 2]); // checksum
    segment.extend(payload);
    let checksum = match transport_checksum(src, dst, UDP, &segment) {
        0 => 0xffff, // on the wire 0 means that there is none
        sum => sum,
    };
    segment[6..8].copy_from_slice(&checksum.to_be_bytes());
    Packet { micros, src, dst, protocol: UDP, segment }
}

/// The Internet checksum (RFC 1071) over pseudo-header and segment, whose own checksum field is still 0.
fn transport_checksum(src: IpAddr, dst: IpAddr, protocol: u8, segment: &[u8]) -> u16 {
    let [len_high, len_low] = length_u16(segment.len()).to_be_bytes();
    let pseudo_header = [octets(src), octets(dst), vec![0, protocol, len_high, len_low], segment.to_vec()].concat();
    let words = pseudo_header.chunks(2).map(|pair| u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]));
    !words.fold(0, |sum: u16, word| {
        let (sum, carry) = sum.overflowing_add(word);
        sum + u16::from(carry)
    })
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn file_header() -> Vec<u8> {
    const MAGIC_MICROSECONDS: u32 = 0xa1b2_c3d4;
    const VERSION_2_4: u32 = 0x0004_0002;
    const SNAPLEN: u32 = 262_144;
    const LINKTYPE_NULL: u32 = 0;
    [MAGIC_MICROSECONDS, VERSION_2_4, 0, 0, SNAPLEN, LINKTYPE_NULL].map(u32::to_le_bytes).concat()
}

fn write_record(file: &mut Vec<u8>, packet: &Packet, id: u16) {
    const MICROS_A_SECOND: u64 = 1_000_000;
    let frame = frame(packet, id);
    let micros = START + packet.micros;
    let len = u64::from(length_u16(frame.len()));
    for field in [micros / MICROS_A_SECOND, micros % MICROS_A_SECOND, len, len] {
        file.extend(u32::try_from(field).expect("before 2106").to_le_bytes());
    }
    file.extend(frame);
}

/// NULL header (family in the writer's byte order, here little endian), IP header, segment.
fn frame(packet: &Packet, id: u16) -> Vec<u8> {
    const WINDOWS_AF_INET: u8 = 2;
    const NPCAP_AF_INET6: u8 = 24; // although AF_INET6 is 23 on Windows
    let (family, ip) = match packet.src {
        IpAddr::V4(_) => (WINDOWS_AF_INET, ipv4_start(packet, id).to_vec()),
        IpAddr::V6(_) => (NPCAP_AF_INET6, ipv6_start(packet).to_vec()),
    };
    let addresses = [octets(packet.src), octets(packet.dst)].concat();
    [&[family, 0, 0, 0], &ip[..], &addresses, &packet.segment].concat()
}

/// The IPv4 header up to the addresses. Npcap leaves the checksum 0.
fn ipv4_start(packet: &Packet, id: u16) -> [u8; 12] {
    let [len_high, len_low] = length_u16(20 + packet.segment.len()).to_be_bytes();
    let [id_high, id_low] = id.to_be_bytes();
    let flags = if packet.protocol == TCP { 0x40 } else { 0 }; // don't fragment
    let ttl = hop_limit(packet);
    [0x45, 0, len_high, len_low, id_high, id_low, flags, 0, ttl, packet.protocol, 0, 0]
}

/// The IPv6 header up to the addresses.
fn ipv6_start(packet: &Packet) -> [u8; 8] {
    let [len_high, len_low] = length_u16(packet.segment.len()).to_be_bytes();
    [0x60, 0, 0, 0, len_high, len_low, packet.protocol, hop_limit(packet)]
}

/// Windows' default; 255 for the name search (RFC 6762 section 11, RFC 4795 section 2.5).
fn hop_limit(packet: &Packet) -> u8 {
    if packet.dst.is_multicast() { 255 } else { 128 }
}

fn length_u16(len: usize) -> u16 {
    u16::try_from(len).expect("every packet here is short")
}
