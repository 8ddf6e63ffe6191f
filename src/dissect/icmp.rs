//! ICMP (RFC 792): what could not be delivered, and whose datagram that was.
//!
//! An error quotes the packet's IP header and at least eight bytes more: enough for UDP's ports. The quoted packet is
//! read by the same code as any other.

use super::ip::{self, Packet};
use super::payload::Stop;
use super::udp::HEADER_LEN as UDP_HEADER_LEN;
use super::{Datagram, Dissection, Protocol, Transport};

/// Length of an ICMP error's header; the quoted packet follows.
pub(super) const HEADER_LEN: usize = 8;
/// UDP's IP protocol number.
const UDP: u8 = 17;

/// Reads a message.
pub(super) fn dissect<'a>(packet: &Packet<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Icmp, "");
    let [kind, code] = packet.payload.array(0)?;
    let text = match (kind, code) {
        (0, _) => "Echo (ping) reply".into(),
        (3, _) => format!("Destination unreachable ({})", unreachable(code)),
        (8, _) => "Echo (ping) request".into(),
        (11, 0) => "Time-to-live exceeded (Time to live exceeded in transit)".into(),
        (11, 1) => "Time-to-live exceeded (Fragment reassembly time exceeded)".into(),
        _ => format!("ICMP type {kind}, code {code}"),
    };
    row.show(Protocol::Icmp, text);
    if matches!(kind, 3 | 4 | 11 | 12) {
        row.transport = quoted(packet);
    }
    Ok(())
}

/// The datagram that an ICMP or `ICMPv6` error quotes, where it is UDP.
pub(super) fn quoted<'a>(packet: &Packet<'a>) -> Transport<'a> {
    let read = || {
        let inner = ip::quoted(packet.payload.from(HEADER_LEN)?)?;
        let bytes = inner.payload;
        let tuple = inner.tuple(bytes.be16(0)?, bytes.be16(2)?);
        let len = bytes.be16(4)?.saturating_sub(UDP_HEADER_LEN).into();
        let payload = bytes.from(UDP_HEADER_LEN.into())?.captured();
        let quoted = Datagram { tuple, len, payload };
        Ok::<_, Stop>(if inner.protocol == UDP { Transport::UdpError { quoted } } else { Transport::None })
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
