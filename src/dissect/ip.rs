//! IPv4 (RFC 791) and IPv6 (RFC 8200): addresses, the protocol on top, and the payload that the header claims.
//!
//! etherparse checks and reads the headers; IPv6 extension headers are walked here one by one, since its lax iterator
//! reads past the end of a cut packet. Fragments are recognised, not put together. Knows no transport protocol.

use std::net::IpAddr;

use etherparse::{
    IpAuthHeaderSlice, IpNumber, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice,
};

use super::info::Info;
use super::protocol::Protocol;
use super::{Dissection, FiveTuple};

/// An IP packet, of either version.
pub(super) struct Packet<'a> {
    pub src: IpAddr,
    pub dst: IpAddr,
    /// The protocol of the payload, after any extension headers.
    pub protocol: u8,
    /// The payload, as much of it as was captured.
    pub payload: &'a [u8],
    /// The payload's length on the wire, in bytes, by the IP header.
    pub wire_len: usize,
    fragment: Option<Fragment>,
}

/// A piece of a packet; offset in bytes.
struct Fragment {
    id: u32,
    offset: u16,
    more: bool,
}

impl Packet<'_> {
    /// Whether the payload is only a piece of a packet's.
    pub(super) fn is_fragment(&self) -> bool {
        self.fragment.is_some()
    }

    /// The packet's addresses with these ports.
    pub(super) fn tuple(&self, src: u16, dst: u16) -> FiveTuple {
        FiveTuple {
            src: super::Endpoint { addr: self.src, port: src },
            dst: super::Endpoint { addr: self.dst, port: dst },
        }
    }
}

/// Reads the IP header and what belongs to it; `None` where the bytes are no IP packet.
pub(super) fn packet(bytes: &[u8]) -> Option<Packet<'_>> {
    match bytes.first()? >> 4 {
        4 => ipv4(bytes),
        6 => ipv6(bytes),
        _ => None,
    }
}

fn ipv4(bytes: &[u8]) -> Option<Packet<'_>> {
    let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
    let header_len = header.slice().len();
    // A total length of zero is the mark of segmentation offload: then the packet is as long as its frame.
    let total_len = match header.total_len() {
        0 => bytes.len(),
        len => usize::from(len),
    };
    let wire_len = total_len.saturating_sub(header_len);
    Some(Packet {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        protocol: header.protocol().0,
        payload: captured(bytes.get(header_len..)?, wire_len),
        wire_len,
        fragment: header.is_fragmenting_payload().then(|| Fragment {
            id: header.identification().into(),
            offset: header.fragments_offset().value().wrapping_shl(3),
            more: header.more_fragments(),
        }),
    })
}

fn ipv6(bytes: &[u8]) -> Option<Packet<'_>> {
    let header = Ipv6HeaderSlice::from_slice(bytes).ok()?;
    let rest = bytes.get(header.slice().len()..)?;
    // Zero is a jumbogram or segmentation offload: the packet is as long as its frame.
    let wire_len = match header.payload_length() {
        0 => rest.len(),
        len => usize::from(len),
    };
    let mut packet = Packet {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        protocol: header.next_header().0,
        payload: captured(rest, wire_len),
        wire_len,
        fragment: None,
    };
    while packet.fragment.is_none() && skip_extension(&mut packet).is_some() {}
    Some(packet)
}

/// Takes one extension header off the payload; `None` where there is none, or only the start of one.
fn skip_extension(packet: &mut Packet<'_>) -> Option<()> {
    let (len, next) = match IpNumber(packet.protocol) {
        IpNumber::IPV6_HEADER_HOP_BY_HOP
        | IpNumber::IPV6_ROUTE_HEADER
        | IpNumber::IPV6_DESTINATION_OPTIONS
        | IpNumber::MOBILITY_HEADER => {
            let header = Ipv6RawExtHeaderSlice::from_slice(packet.payload).ok()?;
            (header.slice().len(), header.next_header())
        }
        IpNumber::AUTHENTICATION_HEADER => {
            let header = IpAuthHeaderSlice::from_slice(packet.payload).ok()?;
            (header.slice().len(), header.next_header())
        }
        IpNumber::IPV6_FRAGMENTATION_HEADER => {
            let header = Ipv6FragmentHeaderSlice::from_slice(packet.payload).ok()?;
            if header.is_fragmenting_payload() {
                let offset = header.fragment_offset().value().wrapping_shl(3);
                packet.fragment = Some(Fragment { id: header.identification(), offset, more: header.more_fragments() });
            }
            (header.slice().len(), header.next_header())
        }
        _ => return None,
    };
    packet.protocol = next.0;
    packet.payload = packet.payload.get(len..)?;
    packet.wire_len = packet.wire_len.saturating_sub(len);
    Some(())
}

fn captured(bytes: &[u8], wire_len: usize) -> &[u8] {
    bytes.get(..wire_len).unwrap_or(bytes)
}

/// A row for a fragment, which can't be dissected any further by itself.
pub(super) fn fragment<'a>(packet: &Packet<'a>) -> Dissection<'a> {
    let (protocol, text) = match (&packet.fragment, packet.src) {
        (Some(f), IpAddr::V4(_)) => (
            Protocol::Ipv4,
            format!(
                "Fragmented IP protocol (proto={} {}, off={}, ID={:04x})",
                name(packet.protocol),
                packet.protocol,
                f.offset,
                f.id
            ),
        ),
        (Some(f), IpAddr::V6(_)) => (
            Protocol::Ipv6,
            format!(
                "IPv6 fragment (off={} more={} ident=0x{:08x} nxt={})",
                f.offset,
                if f.more { 'y' } else { 'n' },
                f.id,
                packet.protocol
            ),
        ),
        (None, _) => return undissected(packet),
    };
    Dissection::bare(protocol, Info::Text(text.into()))
}

/// A row for a packet whose payload is of a protocol that is not known here, or can't be read.
pub(super) fn undissected<'a>(packet: &Packet<'a>) -> Dissection<'a> {
    let protocol = if packet.src.is_ipv4() { Protocol::Ipv4 } else { Protocol::Ipv6 };
    Dissection::bare(protocol, Info::Text(format!("{} ({})", name(packet.protocol), packet.protocol).into()))
}

fn name(protocol: u8) -> &'static str {
    IpNumber(protocol).keyword_str().unwrap_or("Unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    const IPV6_HOP_BY_HOP: [u8; 56] = [
        0x60, 0, 0, 0, 0, 16, 0, 64,                    // version 6, payload 16, next: hop-by-hop, limit 64
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, // ::1
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, // ::1
        17, 0, 1, 4, 0, 0, 0, 0,                        // hop-by-hop: next UDP, 8 bytes
        0x1f, 0x90, 0, 53, 0, 8, 0, 0,                  // UDP
    ];

    #[test]
    fn extension_headers_are_walked_to_the_transport() {
        let packet = packet(&IPV6_HOP_BY_HOP).unwrap();
        assert_eq!((packet.protocol, packet.wire_len, packet.payload.len()), (17, 8, 8));
    }

    #[test]
    fn every_cut_of_a_packet_is_read_without_a_panic() {
        for len in 0..IPV6_HOP_BY_HOP.len() {
            let cut = packet(&IPV6_HOP_BY_HOP[..len]);
            assert_eq!(cut.is_some(), len >= 40, "cut at {len}");
        }
    }

    #[test]
    fn padding_after_the_packet_is_no_payload() {
        #[rustfmt::skip]
        let bytes = [
            0x45, 0, 0, 22, 0, 0, 0, 0, 64, 17, 0, 0, // version 4, total length 22, UDP
            127, 0, 0, 1, 127, 0, 0, 1,
            1, 2, 0, 0, 0, 0,                         // two bytes, then Ethernet's padding
        ];
        let packet = packet(&bytes).unwrap();
        assert_eq!((packet.payload, packet.wire_len), (&[1, 2][..], 2));
    }
}
