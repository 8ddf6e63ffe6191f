//! The short way, for most frames of a lab: a UDP datagram over IPv4, all of it captured and nothing about it remarkable.
//!
//! Whatever this accepts, it shows as the layers would that it passes over; whatever else there is goes through those.
//! Nothing is said here that they do not say.

use super::payload::Payload;
use super::{
    Coloring, Content, Datagram, Dissection, Endpoint, FiveTuple, Protocol, Transport, UdpHeader, dns, ip, protocol,
};
use crate::bytes::chunk;
use crate::source::{Frame, LinkType, Record};

/// An IPv4 header without options, and a UDP header.
const HEADERS_LEN: usize = 28;
/// Version 4, five words.
const VERSION_AND_LEN: u8 = 0x45;
/// All but "don't fragment" and a bit without meaning: more fragments, and the offset.
const FRAGMENT: u16 = 0x3fff;
const UDP: u8 = 17;
const ETHERTYPE_IPV4: [u8; 2] = [8, 0];

/// Reads a frame, if it is as plain as that.
///
/// version and header length 1, type of service 1, total length 2, identification 2, fragment 2, time to live 1,
/// protocol 1, checksum 2, source 4, destination 4; source port 2, destination port 2, length 2, checksum 2.
#[inline]
pub(super) fn dissect<'a>(frame: &Frame<'a>) -> Option<Dissection<'a>> {
    let packet = packet(frame)?;
    let (header, payload) = packet.split_first_chunk::<HEADERS_LEN>()?;
    let be16 = |at| chunk(header, at).map(u16::from_be_bytes);
    let udp_len = be16(24)?;
    let is_plain = header[0] == VERSION_AND_LEN
        && header[9] == UDP
        && be16(6)? & FRAGMENT == 0
        && usize::from(be16(2)?) == packet.len()
        && usize::from(udp_len) == packet.len().wrapping_sub(20);
    let (src, dst) = (be16(20)?, be16(22)?);
    if !is_plain
        || !protocol::is_nobodys(src)
        || !protocol::is_nobodys(dst)
        || dns::may_be(Payload::whole(payload)) != Ok(false)
    {
        return None;
    }
    let end = |at, port| chunk::<4>(header, at).map(|addr| Endpoint { addr: addr.into(), port });
    let tuple = FiveTuple { src: end(12, src)?, dst: end(16, dst)? };
    let len = u32::from(udp_len.wrapping_sub(8));
    let dst_addr = chunk::<4>(header, 16)?.into();
    Some(Dissection {
        src: tuple.src.addr.into(),
        dst: tuple.dst.addr.into(),
        protocol: Protocol::Udp,
        info: Content::Udp(UdpHeader::plain(src, dst, udp_len)).into(),
        noise: None,
        coloring: if ip::is_odd_ttl(header[8], dst_addr, UDP) { Coloring::Ttl } else { Coloring::Udp },
        transport: Transport::Udp(Datagram { tuple, application: Protocol::Udp, id: be16(4)?, len, payload }),
    })
}

/// What stands behind the link layer, of a frame that was captured whole.
fn packet<'a>(frame: &Frame<'a>) -> Option<&'a [u8]> {
    if frame.record != Record::Frame || frame.wire_len as usize != frame.data.len() {
        return None;
    }
    match frame.link_type {
        LinkType::NULL => {
            let (family, packet) = frame.data.split_first_chunk()?;
            matches!(family, [2, 0, 0, 0] | [0, 0, 0, 2]).then_some(packet)
        }
        LinkType::ETHERNET => {
            let (header, packet) = frame.data.split_first_chunk::<14>()?;
            (header[12..] == ETHERTYPE_IPV4).then_some(packet)
        }
        LinkType::RAW | LinkType::IPV4 => Some(frame.data),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::Dissector;
    use crate::time::Timestamp;

    /// A lab's request, behind a NULL header.
    #[rustfmt::skip]
    const REQUEST: [u8; 49] = [
        2, 0, 0, 0, // AF_INET
        0x45, 0, 0, 45, 0x5a, 0xf3, 0, 0, 128, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1,
        0xf7, 0x69, 0x1f, 0x90, 0, 25, 0x5c, 0x31, // 63337 to 8080
        b'M', b'a', b'n', b'd', b'o', b' ', b'p', b'a', b'q', b'u', b'e', b't', b'e', b' ', b'U', b'D', b'P',
    ];

    fn frame(link_type: LinkType, data: &[u8], wire_len: usize) -> Frame<'_> {
        let wire_len = u32::try_from(wire_len).unwrap();
        let (record, comments) = (Record::Frame, crate::source::Comments::default());
        Frame { number: 1, time: Timestamp(0), time_digits: Some(6), record, wire_len, link_type, data, comments }
    }

    /// Whether the frame goes the short way; then it must say the same as the long one.
    fn goes_the_short_way(frame: &Frame<'_>) -> bool {
        let mut dissector = Dissector::default();
        let Some(plain) = dissect(frame) else { return false };
        assert_eq!(format!("{plain:?}"), format!("{:?}", dissector.layers(frame)), "{frame:x?}");
        true
    }

    fn on(link_type: LinkType) -> Vec<u8> {
        let header: &[u8] = match link_type {
            LinkType::NULL => &REQUEST[..4],
            LinkType::ETHERNET => &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0],
            _ => &[],
        };
        [header, &REQUEST[4..]].concat()
    }

    #[test]
    fn the_short_way_says_what_the_long_way_says() {
        for link_type in [LinkType::NULL, LinkType::ETHERNET, LinkType::RAW, LinkType::IPV4] {
            let sound = on(link_type);
            assert!(goes_the_short_way(&frame(link_type, &sound, sound.len())));
            for (at, value) in (0..sound.len()).flat_map(|at| (0..=255).map(move |value| (at, value))) {
                let mut changed = sound.clone();
                changed[at] = value;
                goes_the_short_way(&frame(link_type, &changed, changed.len()));
            }
            for len in 0..sound.len() {
                assert!(!goes_the_short_way(&frame(link_type, &sound[..len], sound.len())));
                assert!(!goes_the_short_way(&frame(link_type, &sound[..len], len)));
            }
        }
    }

    #[test]
    fn what_is_remarkable_takes_the_long_way() {
        let sound = on(LinkType::NULL);
        for (at, value) in [
            (0, 30),    // IPv6
            (4, 0x46),  // options
            (7, 44),    // trailer
            (10, 0x20), // more fragments
            (13, 6),    // TCP
            (29, 24),   // a UDP length that leaves a byte over
            (34, 0),    // flags of a DNS query
        ] {
            let mut changed = sound.clone();
            changed[at] = value;
            assert!(!goes_the_short_way(&frame(LinkType::NULL, &changed, changed.len())), "byte {at}");
        }
        let mut to_dns = sound.clone();
        to_dns[26..28].copy_from_slice(&53_u16.to_be_bytes());
        assert!(!goes_the_short_way(&frame(LinkType::NULL, &to_dns, to_dns.len())));
        assert!(!goes_the_short_way(&frame(LinkType(60_000), &sound, sound.len())));
        let other = Frame { record: Record::Other, ..frame(LinkType::NULL, &sound, sound.len()) };
        assert!(!goes_the_short_way(&other));
    }
}
