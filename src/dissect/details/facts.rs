//! What a frame's bytes add up to, for whoever explains them.
//!
//! Gathered while the layers are read: how long each header is, and what the transport layer says of itself. Knows no
//! language.

use std::net::IpAddr;

use etherparse::checksum::Sum16BitWords;

/// A stretch of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A link-layer header, by its name.
    Link(&'static str),
    /// A VLAN tag.
    Vlan,
    /// An IPv4 header, options included.
    Ipv4,
    /// An IPv6 header.
    Ipv6,
    /// An IPv6 extension header.
    Extension,
    /// A UDP header.
    Udp,
    /// A TCP header, options included.
    Tcp,
    /// ICMP of either version, the quoted packet included.
    Icmp(&'static str),
    /// ARP, IGMP and others that nothing is inside of, by their name.
    Message(&'static str),
    /// What an application sends.
    Payload,
    /// A piece of a packet's payload.
    Fragment,
    /// Padding and whatever else stands behind a packet.
    Trailer,
}

/// What the transport layer says.
#[derive(Clone, Copy, Debug)]
pub struct Udp {
    /// The sender and its port.
    pub src: (IpAddr, u16),
    /// The receiver and its port.
    pub dst: (IpAddr, u16),
    /// The length that the header claims, the header's own 8 bytes included.
    pub length: u16,
    /// The checksum, as it is.
    pub checksum: u16,
    /// What it should be, where the datagram is all there; zero is written as 0xffff.
    pub computed: Option<u16>,
    /// The sum over the addresses and the length alone: what the kernel leaves there for the network card to go on from.
    pub pseudo: u16,
}

/// What a frame is made of.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its stretches in their order, with their length in bytes on the wire.
    pub parts: Vec<(Part, usize)>,
    /// What stands behind the packet, in bytes.
    pub trailer: usize,
    /// Whether its last stretch is known, although more is read: of the packet that was put together.
    pub is_complete: bool,
    /// The UDP datagram in it, if there is one.
    pub udp: Option<Udp>,
    /// The IPv4 header's checksum.
    pub ip_checksum: Option<u16>,
    /// Whether it is a piece of a packet, or the last one.
    pub is_fragment: bool,
    /// The UDP ports, source and destination, of a datagram that an ICMP error says nobody listens to.
    pub unreachable: Option<(u16, u16)>,
    /// Whether both ends are this machine.
    pub is_loopback: bool,
}

/// The Internet checksum (RFC 1071) over these bytes, one after the other, each but the last of even length.
pub(super) fn sum(parts: &[&[u8]]) -> u16 {
    !parts.iter().fold(Sum16BitWords::new(), |sum, part| sum.add_slice(part)).ones_complement().to_be()
}

/// What a transport layer's checksum counts in beside its own bytes.
pub(super) fn pseudo_header(src: IpAddr, dst: IpAddr, protocol: u8, len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(40);
    for addr in [src, dst] {
        match addr {
            IpAddr::V4(addr) => bytes.extend(addr.octets()),
            IpAddr::V6(addr) => bytes.extend(addr.octets()),
        }
    }
    bytes.extend(u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend([0, protocol]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_rfc_1071_and_its_odd_byte() {
        assert_eq!(sum(&[&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]]), 0xddf2);
        assert_eq!(sum(&[&[0x00, 0x01, 0xf2]]), 0xf201);
        assert_eq!(sum(&[&[0xff, 0xff], &[0x00, 0x02]]), 0x0002);
    }

    #[test]
    fn linux_leaves_the_sum_over_the_addresses_on_the_loopback() {
        // What fixtures/server-down-lo.pcap has in a datagram of 25 bytes.
        let addr = IpAddr::from([127, 0, 0, 1]);
        assert_eq!(sum(&[&pseudo_header(addr, addr, 17, 25)]), 0xfe2c);
    }
}
