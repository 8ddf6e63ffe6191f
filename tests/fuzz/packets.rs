//! Packets put together: IP with TCP or UDP, whole and in fragments, without checksums, which nothing here needs.

use std::net::IpAddr;

/// The protocol numbers of what IP carries.
pub const ICMP: u8 = 1;
pub const TCP: u8 = 6;
pub const UDP: u8 = 17;
pub const ICMPV6: u8 = 58;

fn be16(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_be_bytes()
}

/// A packet of the version that its addresses have; `id` is IPv4's identification, and `fragment` its flags and offset.
#[must_use]
pub fn ip(src: IpAddr, dst: IpAddr, protocol: u8, id: u16, fragment: u16, payload: &[u8]) -> Vec<u8> {
    let mut packet = Vec::with_capacity(40 + payload.len());
    match (src, dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            packet.extend([0x45, 0]);
            packet.extend(be16(20 + payload.len()));
            packet.extend(id.to_be_bytes());
            packet.extend(fragment.to_be_bytes());
            packet.extend([64, protocol, 0, 0]);
            packet.extend(src.octets());
            packet.extend(dst.octets());
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            packet.extend([0x60, 0, 0, 0]);
            packet.extend(be16(payload.len()));
            packet.extend([protocol, 64]);
            packet.extend(src.octets());
            packet.extend(dst.octets());
        }
        _ => panic!("addresses of two versions"),
    }
    packet.extend(payload);
    packet
}

/// A datagram of UDP.
#[must_use]
pub fn udp(src: u16, dst: u16, payload: &[u8]) -> Vec<u8> {
    let header = [src.to_be_bytes(), dst.to_be_bytes(), be16(8 + payload.len()), [0, 0]];
    [&header.concat(), payload].concat()
}

/// A segment's header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segment {
    pub src: u16,
    pub dst: u16,
    pub seq: u32,
    pub ack: u32,
    pub flags: u16,
    pub window: u16,
    pub urgent: u16,
}

/// A segment of TCP. Options are filled up to whole words and cut to the forty bytes that there is room for.
#[must_use]
pub fn tcp(segment: &Segment, options: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut options = options[..options.len().min(40)].to_vec();
    options.resize(options.len().next_multiple_of(4), 1);
    let mut bytes = Vec::with_capacity(60 + payload.len());
    bytes.extend(segment.src.to_be_bytes());
    bytes.extend(segment.dst.to_be_bytes());
    bytes.extend(segment.seq.to_be_bytes());
    bytes.extend(segment.ack.to_be_bytes());
    let words = u16::try_from(5 + options.len() / 4).expect("at most 15");
    bytes.extend((words << 12 | segment.flags & 0xfff).to_be_bytes());
    bytes.extend(segment.window.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(segment.urgent.to_be_bytes());
    bytes.extend(options);
    bytes.extend(payload);
    bytes
}
