//! Link layers: what stands before the IP packet, and the addresses there.
//!
//! One function a link type; a new one is one more arm in [`dissect`]. etherparse knows none of NULL, LOOP and SLL2, so
//! the headers are read here. Formats: the registry of link-layer header types at tcpdump.org, IEEE 802.3 and 802.1Q.

use super::payload::{Payload, Stop};
use super::protocol::Protocol;
use super::{Address, Context, Dissection, arp, ip};
use crate::source::LinkType;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_ARP: u16 = 0x0806;
const ETHERTYPE_IPV6: u16 = 0x86dd;
/// VLAN tags: 802.1Q, 802.1ad, and the older `QinQ`.
const ETHERTYPE_VLAN: [u16; 3] = [0x8100, 0x88a8, 0x9100];
/// Below this the field is a length (802.3), not a type.
const FIRST_ETHERTYPE: u16 = 0x0600;

/// Reads a frame's link layer, and what it carries.
pub(super) fn dissect<'a>(
    link_type: LinkType,
    frame: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    match link_type {
        LinkType::ETHERNET => ethernet(frame, context, row),
        LinkType::NULL | LinkType::LOOP => bsd_loopback(frame, context, row),
        LinkType(12 | 14) | LinkType::RAW | LinkType::IPV4 => ip::dissect(frame, context, row).map(drop),
        LinkType::IPV6 => ip::ipv6(frame, context, row).map(drop),
        LinkType::LINUX_SLL => sll(frame, context, row),
        LinkType::LINUX_SLL2 => sll2(frame, context, row),
        other => {
            row.show(Protocol::Unknown, format!("unsupported link type {} ({})", other.0, other.name()));
            Ok(())
        }
    }
}

/// A four-byte address family, in the writer's byte order (NULL) or in network order (LOOP). No family is above 65535,
/// so the half that is not zero tells the order; IPv6 has a different number on each system.
fn bsd_loopback<'a>(frame: Payload<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    let word = frame.be32(0)?;
    let family = if word > 0xffff { word.swap_bytes() } else { word };
    match family {
        2 => ip::ipv4(frame.from(4)?, context, row),
        10 | 23 | 24 | 28 | 30 => ip::ipv6(frame.from(4)?, context, row).map(drop),
        _ => {
            row.show(Protocol::Unknown, format!("unsupported address family {family}"));
            Ok(())
        }
    }
}

/// destination 6, source 6, type 2
pub(super) fn ethernet<'a>(
    frame: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    row.dst = Address::Mac(frame.array(0)?);
    row.src = Address::Mac(frame.array(6)?);
    network(frame.be16(12)?, frame.from(14)?, context, row)
}

/// packet type 2, hardware type 2, address length 2, address 8, protocol 2.
fn sll<'a>(frame: Payload<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.src = sll_address(frame.be16(4)?, frame.array(6)?);
    network(frame.be16(14)?, frame.from(16)?, context, row)
}

/// protocol 2, reserved 2, interface 4, hardware type 2, packet type 1, address length 1, address 8.
fn sll2<'a>(frame: Payload<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.src = sll_address(frame.u8(11)?.into(), frame.array(12)?);
    network(frame.be16(0)?, frame.from(20)?, context, row)
}

fn sll_address(len: u16, mac: [u8; 6]) -> Address {
    if len == 6 { Address::Mac(mac) } else { Address::None }
}

/// What an `EtherType` announces, after any VLAN tags: control 2, type 2.
fn network<'a>(
    mut ethertype: u16,
    mut payload: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    while ETHERTYPE_VLAN.contains(&ethertype) {
        ethertype = payload.be16(2)?;
        payload = payload.from(4)?;
    }
    match ethertype {
        ETHERTYPE_IPV4 => ip::ipv4(payload, context, row)?,
        ETHERTYPE_IPV6 => drop(ip::ipv6(payload, context, row)?),
        ETHERTYPE_ARP => arp::dissect(payload, row)?,
        ..FIRST_ETHERTYPE => row.show(Protocol::Llc, "802.3 frame"),
        other => row.show(Protocol::EtherType(other), "Ethernet II"),
    }
    Ok(())
}
