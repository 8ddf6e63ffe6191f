//! UDP (RFC 768), and which application a datagram belongs to by its ports.
//!
//! The payload's length is the one that the header claims, also where the capture holds less of it. Knows its
//! applications only through the table in `protocol`.

use etherparse::UdpHeaderSlice;

use super::ip::Packet;
use super::protocol::{self, Protocol};
use super::{Address, Datagram, Dissection, Info, Transport, dns};

/// Length of a UDP header, in bytes.
pub(super) const HEADER_LEN: u16 = 8;

/// Reads a datagram; `None` where not even its header was captured.
pub(super) fn dissect<'a>(packet: &Packet<'a>) -> Option<Dissection<'a>> {
    let header = UdpHeaderSlice::from_slice(packet.payload).ok()?;
    let (src, dst) = (header.source_port(), header.destination_port());
    let len = header.length().saturating_sub(HEADER_LEN);
    let after = packet.payload.get(usize::from(HEADER_LEN)..)?;
    let payload = after.get(..usize::from(len)).unwrap_or(after);
    let (protocol, noise) = protocol::by_ports(src, dst);
    let info = match protocol {
        Protocol::Dns | Protocol::Mdns | Protocol::Llmnr => dns::Message::new(protocol, payload).map(Info::Dns),
        Protocol::Ssdp => payload.split(|&byte| byte == b'\r').next().map(Info::Line),
        _ => None,
    };
    Some(Dissection {
        src: Address::None,
        dst: Address::None,
        protocol,
        info: info.unwrap_or(Info::Udp { src, dst, len }),
        noise,
        transport: Transport::Udp(Datagram { tuple: packet.tuple(src, dst), len, payload }),
    })
}
