//! Link layers: what stands before the IP packet, and the addresses there.
//!
//! One function a link type; a new one is one more arm in [`strip`]. etherparse knows none of NULL, LOOP and SLL2, so
//! the headers are read here. Formats: the registry of link-layer header types at tcpdump.org, IEEE 802.3 and 802.1Q.

use super::address::Address;
use super::info::Info;
use super::protocol::Protocol;
use crate::bytes::{be16, be32, chunk};
use crate::source::LinkType;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_ARP: u16 = 0x0806;
const ETHERTYPE_IPV6: u16 = 0x86dd;
/// VLAN tags: 802.1Q, 802.1ad, and the older `QinQ`.
const ETHERTYPE_VLAN: [u16; 3] = [0x8100, 0x88a8, 0x9100];
/// Below this the field is a length (802.3), not a type.
const FIRST_ETHERTYPE: u16 = 0x0600;

/// A frame without its link layer.
pub(super) struct Link<'a> {
    pub src: Address,
    pub dst: Address,
    pub network: Network<'a>,
}

/// What follows the link layer.
pub(super) enum Network<'a> {
    /// An IP packet, version by its first half byte.
    Ip(&'a [u8]),
    /// An ARP packet.
    Arp(&'a [u8]),
    /// Anything else, already as a row shows it.
    Other(Protocol, Info<'a>),
}

/// Takes the link layer off a frame.
pub(super) fn strip(link_type: LinkType, data: &[u8]) -> Link<'_> {
    let stripped = match link_type {
        LinkType::ETHERNET => ethernet(data),
        LinkType::NULL | LinkType::LOOP => bsd_loopback(data),
        LinkType(12 | 14) | LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => {
            Some(without_addresses(Network::Ip(data)))
        }
        LinkType::LINUX_SLL => sll(data),
        LinkType::LINUX_SLL2 => sll2(data),
        other => Some(without_addresses(unsupported(other))),
    };
    stripped.unwrap_or_else(|| {
        without_addresses(Network::Other(Protocol::Unknown, Info::Text("[Malformed Packet]".into())))
    })
}

fn without_addresses(network: Network<'_>) -> Link<'_> {
    Link { src: Address::None, dst: Address::None, network }
}

fn unsupported<'a>(link_type: LinkType) -> Network<'a> {
    let text = format!("unsupported link type {} ({})", link_type.0, link_type.name());
    Network::Other(Protocol::Unknown, Info::Text(text.into()))
}

/// A four-byte address family, in the writer's byte order (NULL) or in network order (LOOP). No family is above 65535,
/// so the half that is not zero tells the order; IPv6 has a different number on each system.
fn bsd_loopback(data: &[u8]) -> Option<Link<'_>> {
    let word = be32(data, 0)?;
    let family = if word > 0xffff { word.swap_bytes() } else { word };
    let packet = data.get(4..)?;
    Some(without_addresses(match family {
        2 | 10 | 23 | 24 | 28 | 30 => Network::Ip(packet),
        _ => Network::Other(Protocol::Unknown, Info::Text(format!("unsupported address family {family}").into())),
    }))
}

/// destination 6, source 6, type 2
fn ethernet(data: &[u8]) -> Option<Link<'_>> {
    let dst = Address::Mac(chunk(data, 0)?);
    let src = Address::Mac(chunk(data, 6)?);
    Some(Link { src, dst, network: network(be16(data, 12)?, data.get(14..)?)? })
}

/// packet type 2, hardware type 2, address length 2, address 8, protocol 2.
fn sll(data: &[u8]) -> Option<Link<'_>> {
    let src = sll_address(be16(data, 4)?, chunk(data, 6)?);
    Some(Link { src, dst: Address::None, network: network(be16(data, 14)?, data.get(16..)?)? })
}

/// protocol 2, reserved 2, interface 4, hardware type 2, packet type 1, address length 1, address 8.
fn sll2(data: &[u8]) -> Option<Link<'_>> {
    let src = sll_address(u16::from(*data.get(11)?), chunk(data, 12)?);
    Some(Link { src, dst: Address::None, network: network(be16(data, 0)?, data.get(20..)?)? })
}

fn sll_address(len: u16, mac: [u8; 6]) -> Address {
    if len == 6 { Address::Mac(mac) } else { Address::None }
}

/// What an `EtherType` announces, after any VLAN tags: control 2, type 2.
fn network(mut ethertype: u16, mut payload: &[u8]) -> Option<Network<'_>> {
    while ETHERTYPE_VLAN.contains(&ethertype) {
        ethertype = be16(payload, 2)?;
        payload = payload.get(4..)?;
    }
    Some(match ethertype {
        ETHERTYPE_IPV4 | ETHERTYPE_IPV6 => Network::Ip(payload),
        ETHERTYPE_ARP => Network::Arp(payload),
        ..FIRST_ETHERTYPE => Network::Other(Protocol::Llc, Info::Text("802.3 frame".into())),
        other => Network::Other(Protocol::EtherType(other), Info::Text("Ethernet II".into())),
    })
}
