//! ICMP (RFC 792): what could not be delivered, and whose datagram that was.
//!
//! An error quotes the packet's IP header and at least eight bytes more: enough for UDP's ports. The quoted packet is
//! read by the same code as any other.

use super::ip::{self, Packet};
use super::udp::HEADER_LEN as UDP_HEADER_LEN;
use super::{Datagram, Dissection, Info, Protocol, Transport};
use crate::bytes::be16;

/// Length of an ICMP error's header; the quoted packet follows.
pub(super) const HEADER_LEN: usize = 8;
/// UDP's IP protocol number.
const UDP: u8 = 17;

/// Reads a message; `None` where not even its type was captured.
pub(super) fn dissect<'a>(packet: &Packet<'a>) -> Option<Dissection<'a>> {
    let &[kind, code, ..] = packet.payload else { return None };
    let text = match (kind, code) {
        (0, _) => "Echo (ping) reply".into(),
        (3, _) => format!("Destination unreachable ({})", unreachable(code)).into(),
        (8, _) => "Echo (ping) request".into(),
        (11, 0) => "Time-to-live exceeded (Time to live exceeded in transit)".into(),
        (11, 1) => "Time-to-live exceeded (Fragment reassembly time exceeded)".into(),
        _ => format!("ICMP type {kind}, code {code}").into(),
    };
    let transport = if matches!(kind, 3 | 4 | 11 | 12) { quoted(packet) } else { Transport::None };
    Some(Dissection { transport, ..Dissection::bare(Protocol::Icmp, Info::Text(text)) })
}

/// The datagram that an ICMP or `ICMPv6` error quotes, where it is UDP.
pub(super) fn quoted<'a>(packet: &Packet<'a>) -> Transport<'a> {
    let read = || {
        let inner = ip::packet(packet.payload.get(HEADER_LEN..)?)?;
        let tuple = inner.tuple(be16(inner.payload, 0)?, be16(inner.payload, 2)?);
        let len = be16(inner.payload, 4)?.saturating_sub(UDP_HEADER_LEN);
        let payload = inner.payload.get(usize::from(UDP_HEADER_LEN)..)?;
        (inner.protocol == UDP).then_some(Transport::UdpError { quoted: Datagram { tuple, len, payload } })
    };
    read().unwrap_or(Transport::None)
}

fn unreachable(code: u8) -> &'static str {
    match code {
        0 => "Network unreachable",
        1 => "Host unreachable",
        2 => "Protocol unreachable",
        3 => "Port unreachable",
        4 => "Fragmentation needed",
        5 => "Source route failed",
        9 => "Network administratively prohibited",
        10 => "Host administratively prohibited",
        13 => "Communication administratively filtered",
        _ => "Unknown code",
    }
}
