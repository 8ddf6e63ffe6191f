//! IPv4 (RFC 791) and IPv6 (RFC 8200): addresses, the protocol on top, and the payload that the header claims.
//!
//! etherparse checks and reads the headers; IPv6 extension headers are walked here one by one, since its lax iterator
//! reads past the end of a cut packet. Fragments are recognised, not put together. Knows no transport protocol.

use std::net::IpAddr;

use etherparse::{
    IpAuthHeaderSlice, IpNumber, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice,
};

use super::payload::{Payload, Stop};
use super::protocol::Protocol;
use super::{Address, Context, Dissection, FiveTuple, icmp, icmpv6, igmp, tcp, udp};

/// An IP packet, of either version.
pub(super) struct Packet<'a> {
    pub src: IpAddr,
    pub dst: IpAddr,
    /// The protocol of the payload, after any extension headers.
    pub protocol: u8,
    /// The payload, with the length that the IP header gives it.
    pub payload: Payload<'a>,
    fragment: Option<Fragment>,
}

/// A piece of a packet; offset in bytes.
struct Fragment {
    id: u32,
    offset: u16,
    more: bool,
}

impl Packet<'_> {
    /// The packet's addresses with these ports.
    pub(super) fn tuple(&self, src: u16, dst: u16) -> FiveTuple {
        FiveTuple {
            src: super::Endpoint { addr: self.src, port: src },
            dst: super::Endpoint { addr: self.dst, port: dst },
        }
    }
}

/// Reads an IP packet of whichever version, and what it carries.
pub(super) fn dissect<'a>(bytes: Payload<'a>, context: &mut Context<'_>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Unknown, "");
    let packet = packet(bytes)?;
    row.src = Address::Ip(packet.src);
    row.dst = Address::Ip(packet.dst);
    if packet.fragment.is_some() {
        fragment(&packet, row);
        return Ok(());
    }
    undissected(&packet, row);
    transport(&packet, context, row)
}

/// The table of transport protocols: IP protocol number to the file that reads it.
fn transport<'a>(packet: &Packet<'a>, context: &mut Context<'_>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    match (packet.protocol, packet.src) {
        (1, IpAddr::V4(_)) => icmp::dissect(packet, row),
        (2, IpAddr::V4(_)) => igmp::dissect(packet, row),
        (6, _) => tcp::dissect(packet, context, row),
        (17, _) => udp::dissect(packet, context, row),
        (58, IpAddr::V6(_)) => icmpv6::dissect(packet, row),
        _ => Ok(()),
    }
}

/// Reads the IP header and what belongs to it.
pub(super) fn packet(bytes: Payload<'_>) -> Result<Packet<'_>, Stop> {
    match bytes.u8(0)? >> 4 {
        4 => ipv4(bytes),
        6 => ipv6(bytes),
        _ => Err(Stop::Malformed),
    }
}

fn ipv4(bytes: Payload<'_>) -> Result<Packet<'_>, Stop> {
    bytes.array::<20>(0)?;
    let header = Ipv4HeaderSlice::from_slice(bytes.captured()).map_err(|_| Stop::Malformed)?;
    // A total length of zero is the mark of segmentation offload: then the packet is as long as its frame.
    let packet = match header.total_len() {
        0 => bytes,
        len => bytes.subset(0, len.into())?,
    };
    Ok(Packet {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        protocol: header.protocol().0,
        payload: packet.from(header.slice().len())?,
        fragment: header.is_fragmenting_payload().then(|| Fragment {
            id: header.identification().into(),
            offset: header.fragments_offset().value().wrapping_shl(3),
            more: header.more_fragments(),
        }),
    })
}

fn ipv6(bytes: Payload<'_>) -> Result<Packet<'_>, Stop> {
    bytes.array::<40>(0)?;
    let header = Ipv6HeaderSlice::from_slice(bytes.captured()).map_err(|_| Stop::Malformed)?;
    let rest = bytes.from(header.slice().len())?;
    // Zero is a jumbogram or segmentation offload: the packet is as long as its frame.
    let payload = match header.payload_length() {
        0 => rest,
        len => rest.subset(0, len.into())?,
    };
    let mut packet = Packet {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        protocol: header.next_header().0,
        payload,
        fragment: None,
    };
    while packet.fragment.is_none() && skip_extension(&mut packet).is_some() {}
    Ok(packet)
}

/// Takes one extension header off the payload; `None` where there is none, or only the start of one.
fn skip_extension(packet: &mut Packet<'_>) -> Option<()> {
    let bytes = packet.payload.captured();
    let (len, next) = match IpNumber(packet.protocol) {
        IpNumber::IPV6_HEADER_HOP_BY_HOP
        | IpNumber::IPV6_ROUTE_HEADER
        | IpNumber::IPV6_DESTINATION_OPTIONS
        | IpNumber::MOBILITY_HEADER => {
            let header = Ipv6RawExtHeaderSlice::from_slice(bytes).ok()?;
            (header.slice().len(), header.next_header())
        }
        IpNumber::AUTHENTICATION_HEADER => {
            let header = IpAuthHeaderSlice::from_slice(bytes).ok()?;
            (header.slice().len(), header.next_header())
        }
        IpNumber::IPV6_FRAGMENTATION_HEADER => {
            let header = Ipv6FragmentHeaderSlice::from_slice(bytes).ok()?;
            if header.is_fragmenting_payload() {
                let offset = header.fragment_offset().value().wrapping_shl(3);
                packet.fragment = Some(Fragment { id: header.identification(), offset, more: header.more_fragments() });
            }
            (header.slice().len(), header.next_header())
        }
        _ => return None,
    };
    packet.protocol = next.0;
    packet.payload = packet.payload.from(len).ok()?;
    Some(())
}

/// A row for a fragment, which can't be dissected any further by itself.
fn fragment(packet: &Packet<'_>, row: &mut Dissection<'_>) {
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
        (None, _) => return,
    };
    row.show(protocol, text);
}

/// A row for a packet whose payload is of a protocol that is not known here, or can't be read.
fn undissected(packet: &Packet<'_>, row: &mut Dissection<'_>) {
    let protocol = if packet.src.is_ipv4() { Protocol::Ipv4 } else { Protocol::Ipv6 };
    row.show(protocol, format!("{} ({})", name(packet.protocol), packet.protocol));
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
        let packet = packet(Payload::new(&IPV6_HOP_BY_HOP, 0)).unwrap();
        assert_eq!((packet.protocol, packet.payload.len(), packet.payload.captured().len()), (17, 8, 8));
    }

    #[test]
    fn every_cut_of_a_packet_is_read_without_a_panic() {
        for len in 0..IPV6_HOP_BY_HOP.len() {
            let cut = packet(Payload::new(&IPV6_HOP_BY_HOP[..len], IPV6_HOP_BY_HOP.len()));
            assert_eq!(cut.err(), (len < 40).then_some(Stop::Cut), "cut at {len}");
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
        let packet = packet(Payload::new(&bytes, 0)).unwrap();
        assert_eq!((packet.payload.captured(), packet.payload.len()), (&[1, 2][..], 2));
    }
}
