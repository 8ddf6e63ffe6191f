//! Captures in memory, one field at a time, so that each can be wrong in its own way.

use etherparse::{IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, PacketBuilder};

pub const NULL: u32 = 0;
pub const ETHERNET: u32 = 1;
pub const RAW: u32 = 101;

/// Which way round numbers are written.
#[derive(Clone, Copy)]
pub enum Order {
    Big,
    Little,
}

impl Order {
    pub fn u16(self, value: u16) -> [u8; 2] {
        match self {
            Self::Big => value.to_be_bytes(),
            Self::Little => value.to_le_bytes(),
        }
    }

    pub fn u32(self, value: u32) -> [u8; 4] {
        match self {
            Self::Big => value.to_be_bytes(),
            Self::Little => value.to_le_bytes(),
        }
    }
}

/// A classic capture file.
pub struct Pcap {
    pub bytes: Vec<u8>,
    order: Order,
}

impl Pcap {
    /// Little-endian, microseconds, snaplen 262144.
    pub fn new(link_type: u32) -> Self {
        Self::with(Order::Little, 0xa1b2_c3d4, 262_144, link_type)
    }

    pub fn with(order: Order, magic: u32, snaplen: u32, link_type: u32) -> Self {
        let mut bytes = order.u32(magic).to_vec();
        bytes.extend(order.u16(2));
        bytes.extend(order.u16(4));
        for field in [0, 0, snaplen, link_type] {
            bytes.extend(order.u32(field));
        }
        Self { bytes, order }
    }

    /// A whole frame at this many microseconds.
    pub fn frame(self, micros: u32, data: &[u8]) -> Self {
        let len = u32::try_from(data.len()).unwrap();
        self.record([micros / 1_000_000, micros % 1_000_000, len, len], data)
    }

    /// A record whose header says whatever it is given: seconds, fraction, captured length, length on the wire.
    pub fn record(mut self, header: [u32; 4], data: &[u8]) -> Self {
        for field in header {
            self.bytes.extend(self.order.u32(field));
        }
        self.bytes.extend(data);
        self
    }

    /// The file without its last `bytes` bytes.
    pub fn cut(mut self, bytes: usize) -> Self {
        self.bytes.truncate(self.bytes.len() - bytes);
        self
    }
}

/// A pcapng file.
pub struct Pcapng {
    pub bytes: Vec<u8>,
    order: Order,
}

impl Pcapng {
    /// A file with one section, in this byte order.
    pub fn new(order: Order) -> Self {
        Self { bytes: Vec::new(), order }.section(order)
    }

    /// Begins another section, in its own byte order.
    pub fn section(mut self, order: Order) -> Self {
        self.order = order;
        let mut body = order.u32(0x1a2b_3c4d).to_vec();
        body.extend(order.u16(1));
        body.extend(order.u16(0));
        body.extend([0xff; 8]); // section length unknown
        self.block(0x0a0d_0d0a, &body)
    }

    pub fn block(mut self, kind: u32, body: &[u8]) -> Self {
        let padding = body.len().next_multiple_of(4) - body.len();
        let total = self.order.u32(u32::try_from(body.len() + padding + 12).unwrap());
        self.bytes.extend(self.order.u32(kind));
        self.bytes.extend(total);
        self.bytes.extend(body);
        self.bytes.extend(vec![0; padding]);
        self.bytes.extend(total);
        self
    }

    /// An interface; `options` are codes with their values.
    pub fn interface(self, link_type: u16, snaplen: u32, options: &[(u16, &[u8])]) -> Self {
        let mut body = self.order.u16(link_type).to_vec();
        body.extend([0; 2]);
        body.extend(self.order.u32(snaplen));
        for (code, value) in options {
            body.extend(self.order.u16(*code));
            body.extend(self.order.u16(u16::try_from(value.len()).unwrap()));
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        self.block(1, &body)
    }

    /// An enhanced packet block.
    pub fn frame(self, interface: u32, ticks: u64, data: &[u8]) -> Self {
        let len = u32::try_from(data.len()).unwrap();
        let (high, low) = (u32::try_from(ticks >> 32).unwrap(), u32::try_from(ticks & 0xffff_ffff).unwrap());
        let mut body: Vec<u8> = [interface, high, low, len, len].into_iter().flat_map(|f| self.order.u32(f)).collect();
        body.extend(data);
        self.block(6, &body)
    }

    /// A simple packet block.
    pub fn simple(self, wire_len: u32, data: &[u8]) -> Self {
        let mut body = self.order.u32(wire_len).to_vec();
        body.extend(data);
        self.block(3, &body)
    }

    /// The obsolete packet block: interface and drop count are 16 bits wide.
    pub fn obsolete(self, interface: u16, micros: u32, data: &[u8]) -> Self {
        let len = u32::try_from(data.len()).unwrap();
        let mut body = self.order.u16(interface).to_vec();
        body.extend(self.order.u16(0));
        body.extend([0, micros, len, len].into_iter().flat_map(|f| self.order.u32(f)));
        body.extend(data);
        self.block(2, &body)
    }
}

/// A UDP datagram over IPv4 from 127.0.0.1 to 127.0.0.1, without a link layer.
pub fn udp4(src: u16, dst: u16, payload: &[u8]) -> Vec<u8> {
    udp4_between(([127, 0, 0, 1], src), ([127, 0, 0, 1], dst), 0, payload)
}

/// The same between any two, with this identification.
pub fn udp4_between(src: ([u8; 4], u16), dst: ([u8; 4], u16), id: u16, payload: &[u8]) -> Vec<u8> {
    let mut header = Ipv4Header { identification: id, ..Ipv4Header::new(0, 64, IpNumber::UDP, src.0, dst.0).unwrap() };
    header.dont_fragment = true;
    let mut packet = Vec::new();
    let builder = PacketBuilder::ip(IpHeaders::Ipv4(header, Ipv4Extensions::default())).udp(src.1, dst.1);
    builder.write(&mut packet, payload).unwrap();
    packet
}

/// The same over IPv6 from `::1` to `::1`.
pub fn udp6(src: u16, dst: u16, payload: &[u8]) -> Vec<u8> {
    let mut loopback = [0; 16];
    loopback[15] = 1;
    let mut packet = Vec::new();
    PacketBuilder::ipv6(loopback, loopback, 64).udp(src, dst).write(&mut packet, payload).unwrap();
    packet
}

/// The lab's request from this port.
pub fn request(port: u16) -> Vec<u8> {
    udp4(port, 8080, b"Mando paquete UDP")
}

/// The lab's response to this port.
pub fn response(port: u16) -> Vec<u8> {
    udp4(8080, port, b"Mensaje recibido correctamente")
}

/// Bytes in a row.
pub fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// The ICMP error that quotes this packet.
pub fn port_unreachable(quoted: &[u8]) -> Vec<u8> {
    let mut error = Vec::new();
    let header = etherparse::Icmpv4Type::DestinationUnreachable(etherparse::icmpv4::DestUnreachableHeader::Port);
    let builder = PacketBuilder::ipv4([127, 0, 0, 1], [127, 0, 0, 1], 64).icmpv4(header);
    builder.write(&mut error, quoted).unwrap();
    error
}
