//! Text that wants more than to be read, wherever a capture has text: payloads, names of DNS, MDNS, LLMNR and NBNS, SSDP's
//! first line, DHCP's strings, segments of TCP, what an ICMP error quotes, and the options of pcapng's blocks.
//!
//! Each text is in each place, but that records of DNS take turns. The same capture can be had with letters in their stead, as long and at the same
//! places: then all that differs in what is made of the two is text.
//! Formats: draft-ietf-opsawg-pcapng, RFC 791, 768, 792, 9293, 1035, 6762, 4795, 1002, 2131, and SSDP.

/// What terminals, spreadsheets, browsers, Markdown and diagrams have a use for, and what is no text.
pub const TEXTS: [&[u8]; 16] = [
    b"\x1b]0;owned\x07\x1b[2J\x1b[31m",
    "\u{9b}31m\u{9d}0;owned\u{9c}\u{85}".as_bytes(),
    b"\x9b31m\x9d0;owned\x9c",
    "\u{202e}gpj.exe\u{202c}\u{2066}x\u{2069}\u{200f}\u{200e}\u{61c}".as_bytes(),
    "a\r\nloopshark: b\u{2028}c\u{2029}d\x0be\x0c\x08".as_bytes(),
    "\u{feff}z\u{200b}w\u{200d}n\u{ad}\u{2060}\u{e0041}".as_bytes(),
    b"<script>document.title='owned'</script>",
    b"<img src=x onerror=document.title='owned'>",
    b"\" onmouseover=\"document.title='owned'\" '",
    b"]]></text></svg><svg onload=alert(1)>&lt;b&#62;",
    b"|a|\n```\n# h\n* [x](javascript:alert(1)) `c` **b** $m$ ~~~",
    b"![i](http://evil.test/) http://evil.test/ www.evil.test",
    b"=cmd|' /C calc'!A0",
    b"+1-1@SUM(A1)\t,;\"q\"",
    b"end; S->>C: %%{init}%% <br/> #35;",
    b"\0x\x7fy\xff\xc3",
];

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [192, 0, 2, 2];
const EVERYBODY: [u8; 4] = [255; 4];

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;

const A: u16 = 1;
const IN: u16 = 1;

/// The capture.
pub fn hostile() -> Vec<u8> {
    capture(<[u8]>::to_vec)
}

/// The same with letters for texts. The generator itself has no use for it.
#[allow(dead_code)]
pub fn harmless() -> Vec<u8> {
    capture(|text| (b'a'..=b'z').cycle().take(text.len()).collect())
}

fn capture(text: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let texts = TEXTS.map(text);
    let mut file = Blocks::default();
    // Comment, hardware, system, program.
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    file.block(0x0a0d_0d0a, &section, &[(1, &texts[0]), (2, &texts[1]), (3, &texts[3]), (4, &texts[4])]);
    // Comment, name, description, system.
    let interface = [1, 0, 0, 0, 0, 0, 4, 0];
    file.block(1, &interface, &[(1, &texts[5]), (2, &texts[0]), (3, &texts[3]), (12, &texts[6])]);
    file.block(4, &name_resolution(&texts), &[(1, &texts[1]), (2, &texts[0])]);
    for (number, text) in (0_u16..).zip(&texts) {
        file.frames(number, text);
    }
    file.bytes
}

/// A name for each text, as the address of the server.
fn name_resolution(texts: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for text in texts {
        let record = [&SERVER, &text[..], &[0]].concat();
        body.extend([1, 0]);
        body.extend(length(&record).to_le_bytes());
        body.extend(padded(record));
    }
    body.extend([0; 4]);
    body
}

/// What a frame is about, and its bytes from the IP header on.
struct Packet {
    src: [u8; 4],
    dst: [u8; 4],
    protocol: u8,
    body: Vec<u8>,
}

#[derive(Default)]
struct Blocks {
    bytes: Vec<u8>,
    frames: u32,
}

impl Blocks {
    /// A block with options, each with its number.
    fn block(&mut self, kind: u32, body: &[u8], options: &[(u16, &[u8])]) {
        let mut body = body.to_vec();
        for (code, value) in options {
            body.extend(code.to_le_bytes());
            body.extend(length(value).to_le_bytes());
            body.extend(padded(value.to_vec()));
        }
        body.extend([0; 4]);
        let total = (u32::from(length(&body)) + 12).to_le_bytes();
        self.bytes.extend([&kind.to_le_bytes(), &total[..], &body, &total].concat());
    }

    /// All that there is with this text; frames are 10 ms apart.
    fn frames(&mut self, number: u16, text: &[u8]) {
        let (client, id) = (40_000 + number, 0x0100 + number);
        let name = [label(text), label(b"test"), vec![0]].concat();
        let to_server = |from, to, payload: &[u8]| udp(CLIENT, from, SERVER, to, payload);
        let to_client = |from, to, payload: &[u8]| udp(SERVER, from, CLIENT, to, payload);
        let to_all = |dst, port, payload: &[u8]| udp(CLIENT, port, dst, port, payload);
        let query = to_server(client, 53, &dns(id, 0x0100, &name, &[]));
        let quote = [&[3, 3, 0, 0, 0, 0, 0, 0], &datagram(&query, number)[..]].concat();
        let packets = [
            query,
            to_client(53, client, &dns(id, 0x8180, &name, &records(text, &name, number))),
            to_server(client, 8080, text),
            to_client(8080, client, text),
            to_all([224, 0, 0, 251], 5353, &dns(0, 0x8400, &name, &records(text, &name, number + 1))),
            to_all([224, 0, 0, 252], 5355, &dns(id, 0, &name, &[])),
            to_all(EVERYBODY, 137, &nbns(id, text)),
            to_all(
                [239, 255, 255, 250],
                1900,
                &[b"NOTIFY ", text, b" HTTP/1.1\r\nSERVER: ", text, b"\r\n\r\n"].concat(),
            ),
            to_all([239, 255, 255, 250], 1900, text),
            udp([0; 4], 68, EVERYBODY, 67, &dhcp(text)),
            tcp(client, 7007, text),
            tcp(client, 53, &prefixed(&dns(id, 0x0100, &name, &[]))),
            Packet { src: SERVER, dst: CLIENT, protocol: ICMP, body: quote },
        ];
        for packet in packets {
            self.frame(&packet, number, text);
        }
    }

    /// An enhanced packet block with the text as its comment.
    fn frame(&mut self, packet: &Packet, number: u16, text: &[u8]) {
        let frame = [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0], &datagram(packet, number)[..]].concat();
        let micros = 1_714_586_400_000_000 + u64::from(self.frames) * 10_000;
        let [low, high] = [micros & 0xffff_ffff, micros >> 32].map(|half| u32::try_from(half).expect("32 bits"));
        let len = u32::from(length(&frame));
        let body = [[0, high, low, len, len].map(u32::to_le_bytes).concat(), padded(frame)].concat();
        self.block(6, &body, &[(1, text)]);
        self.frames += 1;
    }
}

fn length(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).expect("everything here is short")
}

fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The same behind its length, as DNS goes over TCP.
fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [&length(bytes).to_be_bytes(), bytes].concat()
}

/// IPv4, its checksum left to the adapter.
fn datagram(packet: &Packet, id: u16) -> Vec<u8> {
    let [high, low] = (length(&packet.body) + 20).to_be_bytes();
    let [id_high, id_low] = id.to_be_bytes();
    let start = [0x45, 0, high, low, id_high, id_low, 0, 0, 64, packet.protocol, 0, 0];
    [&start, &packet.src[..], &packet.dst, &packet.body].concat()
}

fn udp(src: [u8; 4], from: u16, dst: [u8; 4], to: u16, payload: &[u8]) -> Packet {
    let header = [from, to, length(payload) + 8, 0].map(u16::to_be_bytes).concat();
    Packet { src, dst, protocol: UDP, body: [&header, payload].concat() }
}

/// A segment of a connection that was there before, in which nothing else was sent.
fn tcp(from: u16, to: u16, payload: &[u8]) -> Packet {
    let ports = [from, to].map(u16::to_be_bytes).concat();
    let rest = [0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0];
    Packet { src: CLIENT, dst: SERVER, protocol: TCP, body: [&ports, &rest[..], payload].concat() }
}

/// As much of a text as a label holds.
fn label(text: &[u8]) -> Vec<u8> {
    let text = &text[..text.len().min(63)];
    [&[u8::try_from(text.len()).expect("at most 63")], text].concat()
}

/// A string of DNS and DHCP: its length and its bytes.
fn string(text: &[u8]) -> Vec<u8> {
    [&[u8::try_from(text.len()).expect("every text is short")], text].concat()
}

/// A message with one question, for an address, and these records, of which each is an answer.
fn dns(id: u16, flags: u16, name: &[u8], records: &[Vec<u8>]) -> Vec<u8> {
    let header = [id, flags, 1, u16::try_from(records.len()).expect("few"), 0, 0].map(u16::to_be_bytes).concat();
    let question = [name, &[A, IN].map(u16::to_be_bytes).concat()].concat();
    [header, question, records.concat()].concat()
}

/// Records of types that hold names or strings: three of twelve, each time others.
fn records(text: &[u8], name: &[u8], turn: u16) -> Vec<Vec<u8>> {
    let soa = [name, name, &[0; 20]].concat();
    let naptr = [&[0, 1, 0, 1], &string(text)[..], &string(text), &string(text), name].concat();
    let caa = [&[0], &string(b"issue")[..], text].concat();
    let data: [(u16, Vec<u8>); 12] = [
        (5, name.to_vec()),
        (2, name.to_vec()),
        (6, soa),
        (12, name.to_vec()),
        (13, [string(text), string(text)].concat()),
        (15, [&[0, 10], name].concat()),
        (16, [string(text), string(text)].concat()),
        (33, [&[0, 0, 0, 0, 0x1f, 0x90], name].concat()),
        (35, naptr),
        (39, name.to_vec()),
        (257, caa),
        (65_400, text.to_vec()),
    ];
    let record = |(kind, data): (u16, Vec<u8>)| {
        let fields = [kind, IN, 0, 120, length(&data)].map(u16::to_be_bytes).concat();
        [name, &fields, &data].concat()
    };
    data.into_iter().skip(usize::from(turn % 4)).step_by(4).map(record).collect()
}

/// A query for a name of NBNS, of which each byte is written as two letters, within a scope.
fn nbns(id: u16, text: &[u8]) -> Vec<u8> {
    let mut name = text.to_vec();
    name.resize(16, b' ');
    let letters: Vec<u8> = name.iter().flat_map(|byte| [b'A' + (byte >> 4), b'A' + (byte & 15)]).collect();
    let header = [id, 0x0110, 1, 0, 0, 0].map(u16::to_be_bytes).concat();
    [header, label(&letters), label(text), vec![0], [32, IN].map(u16::to_be_bytes).concat()].concat()
}

/// A request with the text as server's name and boot file, and in all options that are strings.
fn dhcp(text: &[u8]) -> Vec<u8> {
    let fixed = |len: usize| {
        let mut field = text[..text.len().min(len)].to_vec();
        field.resize(len, 0);
        field
    };
    let start = [&[1, 1, 6, 0, 0x12, 0x34, 0x56, 0x78], &[0; 20][..], &[2, 0, 0, 0, 0, 1], &[0; 10]].concat();
    let strings = [12, 14, 15, 17, 18, 40, 43, 47, 56, 60, 61, 62, 64, 66, 67, 81, 86, 124, 125, 252];
    let options: Vec<u8> = strings.into_iter().flat_map(|code| [vec![code], string(text)].concat()).collect();
    [start, fixed(64), fixed(128), vec![99, 130, 83, 99, 53, 1, 1], options, vec![255]].concat()
}
