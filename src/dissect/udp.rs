//! UDP (RFC 768), and which application a datagram belongs to by its ports.
//!
//! The payload's length is the one that the header claims, also where the capture holds less of it. Knows its
//! applications only through the table in `protocol`.

use super::ip::Packet;
use super::payload::Stop;
use super::protocol::{self, Protocol};
use super::{Content, Context, Datagram, Dissection, Transport, dns};

/// Length of a UDP header, in bytes.
pub(super) const HEADER_LEN: u16 = 8;

/// Reads a datagram.
pub(super) fn dissect<'a>(packet: &Packet<'a>, _: &mut Context<'_>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    let bytes = packet.payload;
    let (src, dst) = (bytes.be16(0)?, bytes.be16(2)?);
    let len = bytes.be16(4)?.saturating_sub(HEADER_LEN);
    let payload = bytes.from(HEADER_LEN.into())?.truncated(len.into());
    let (protocol, noise) = protocol::by_ports(src, dst);
    row.noise = noise;
    row.transport = Transport::Udp(Datagram { tuple: packet.tuple(src, dst), len, payload: payload.captured() });
    let application = match protocol {
        Protocol::Dns | Protocol::Mdns | Protocol::Llmnr => dns::Message::new(protocol, payload).map(Content::Dns),
        Protocol::Ssdp => payload.captured().split(|&byte| byte == b'\r').next().map(Content::Line),
        _ => None,
    };
    row.show(protocol, application.unwrap_or(Content::Udp { src, dst, len }));
    Ok(())
}
