//! `ICMPv6` (RFC 4443), with the neighbour discovery (RFC 4861) and multicast listener messages (RFC 2710, 3810) that
//! every machine sends by itself: those are noise.

use super::ip::Packet;
use super::payload::Stop;
use super::{Dissection, Noise, Protocol, icmp};

/// Reads a message.
pub(super) fn dissect<'a>(packet: &Packet<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Icmpv6, "");
    let [kind, code] = packet.payload.array(0)?;
    let text = match kind {
        1 => format!("Destination Unreachable ({})", unreachable(code)),
        2 => "Packet Too Big".into(),
        3 => "Time Exceeded".into(),
        4 => "Parameter Problem".into(),
        128 => "Echo (ping) request".into(),
        129 => "Echo (ping) reply".into(),
        130 => "Multicast Listener Query".into(),
        131 => "Multicast Listener Report".into(),
        132 => "Multicast Listener Done".into(),
        133 => "Router Solicitation".into(),
        134 => "Router Advertisement".into(),
        135 => "Neighbor Solicitation".into(),
        136 => "Neighbor Advertisement".into(),
        137 => "Redirect".into(),
        143 => "Multicast Listener Report Message v2".into(),
        _ => format!("ICMPv6 type {kind}, code {code}"),
    };
    row.show(Protocol::Icmpv6, text);
    row.noise = matches!(kind, 130..=137 | 143).then_some(Noise::Icmpv6);
    if kind < 128 {
        row.transport = icmp::quoted(packet);
    }
    Ok(())
}

fn unreachable(code: u8) -> &'static str {
    match code {
        0 => "no route to destination",
        1 => "Administratively prohibited",
        2 => "Beyond scope of source address",
        3 => "Address unreachable",
        4 => "Port unreachable",
        _ => "Unknown code",
    }
}
