//! IPv6 (RFC 8200): the header, and its extension headers one after the other.

use std::net::{IpAddr, Ipv6Addr};

use super::facts::Part;
use super::ip::{Packet, carried, whole};
use super::tree::{Bits, Hex, Ip, Layer, Tree};
use super::{apps, words};
use crate::dissect::ip::{Key, Piece, protocols};
use crate::dissect::link::MAX_NESTED;
use crate::dissect::payload::Stop;

const HEADER_LEN: usize = 40;
const FRAGMENT_HEADER_LEN: usize = 8;
const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const NO_NEXT_HEADER: u8 = 59;
const DESTINATION_OPTIONS: u8 = 60;

/// A packet.
pub(super) fn packet(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("ipv6", "IPv6");
    tree.nested = tree.nested.saturating_add(1);
    if tree.nested > MAX_NESTED {
        return Ok(());
    }
    let addrs = layer.array::<16>(8).and_then(|src| Ok((addr(src), addr(layer.array::<16>(24)?))));
    let len = HEADER_LEN.min(layer.bytes.captured().len());
    match addrs {
        Ok((src, dst)) => {
            let text = format_args!("Internet Protocol Version 6, Src: {}, Dst: {}", Ip(src), Ip(dst));
            tree.field(&layer, 0, len, text);
        }
        Err(_) => tree.field(&layer, 0, len, format_args!("Internet Protocol Version 6")),
    }
    let (payload_len, protocol) = tree.under(|tree| header(tree, &layer))?;
    let (src, dst) = addrs?;
    tree.facts.is_loopback = src.is_loopback() && dst.is_loopback();
    tree.part(Part::Ipv6, HEADER_LEN);
    let mut payload = layer.after(HEADER_LEN);
    if payload_len > 0 {
        payload = payload.truncated(payload_len.into());
    }
    chain(tree, payload, Packet { src, dst, protocol })
}

fn addr(octets: [u8; 16]) -> IpAddr {
    Ipv6Addr::from(octets).into()
}

fn header(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(u16, u8), Stop> {
    let word = layer.be32(0)?;
    tree.bits(layer, 0, Bits::of(word >> 24, 0xf0, 8), format_args!("Version: {}", word >> 28));
    let class = layer.be16(0).map(|first| first.wrapping_shr(4).to_be_bytes()[1])?;
    let ((dscp, dscp_name), (ecn, ecn_name)) = (words::codepoint(class >> 2), words::congestion(class));
    let text = format_args!("Traffic Class: 0x{class:02x} (DSCP: {dscp}, ECN: {ecn})");
    tree.bits(layer, 0, Bits::of(word, 0x0ff0_0000, 32), text);
    tree.under(|tree| {
        let codepoint = format_args!("Differentiated Services Codepoint: {dscp_name} ({})", class >> 2);
        tree.bits(layer, 0, Bits::of(word, 0x0fc0_0000, 32), codepoint);
        let congestion = format_args!("Explicit Congestion Notification: {ecn_name} ({})", class & 3);
        tree.bits(layer, 0, Bits::of(word, 0x0030_0000, 32), congestion);
    });
    let flow = word & 0x000f_ffff;
    tree.bits(layer, 1, Bits::of(word, 0x000f_ffff, 24), format_args!("Flow Label: 0x{flow:05x}"));
    let len = layer.be16(4)?;
    tree.field(layer, 4, 2, format_args!("Payload Length: {len}"));
    let next = layer.u8(6)?;
    tree.field(layer, 6, 1, format_args!("Next Header: {} ({next})", protocols::name(next)));
    tree.field(layer, 7, 1, format_args!("Hop Limit: {}", layer.u8(7)?));
    tree.field(layer, 8, 16, format_args!("Source Address: {}", Ip(addr(layer.array(8)?))));
    tree.field(layer, 24, 16, format_args!("Destination Address: {}", Ip(addr(layer.array(24)?))));
    Ok((len, next))
}

/// One extension header after the other, down to what the packet carries.
fn chain(tree: &mut Tree<'_>, mut layer: Layer<'_>, mut packet: Packet) -> Result<(), Stop> {
    loop {
        let (short, name) = match packet.protocol {
            HOP_BY_HOP => ("ipv6.hopopts", "IPv6 Hop-by-Hop Option"),
            DESTINATION_OPTIONS => ("ipv6.dstopts", "Destination Options for IPv6"),
            ROUTING => ("ipv6.routing", "Routing Header for IPv6"),
            FRAGMENT => {
                match fragment(tree, layer, packet)? {
                    Some(next) => packet.protocol = next,
                    None => return Ok(()),
                }
                layer = layer.after(FRAGMENT_HEADER_LEN);
                continue;
            }
            NO_NEXT_HEADER => return apps::data_if_any(tree, layer),
            _ => break,
        };
        tree.enter(short, name);
        let len = tree.under(|tree| extension(tree, &layer, packet.protocol, name))?;
        packet.protocol = layer.u8(0)?;
        tree.part(Part::Extension, len);
        layer = layer.subset(len, layer.len().saturating_sub(len))?;
    }
    carried(tree, layer, packet)
}

/// next header 1, length 1 (in 8 bytes, without the first 8), and by kind; its length.
fn extension(tree: &mut Tree<'_>, layer: &Layer<'_>, kind: u8, name: &str) -> Result<usize, Stop> {
    let [next, units] = layer.array(0)?;
    let len = usize::from(units).saturating_add(1).saturating_mul(8);
    tree.field(layer, 0, len, format_args!("{name}"));
    tree.under(|tree| {
        tree.field(layer, 0, 1, format_args!("Next Header: {} ({next})", protocols::name(next)));
        tree.field(layer, 1, 1, format_args!("Length: {units}"));
        tree.note(format_args!("[Length: {len} bytes]"));
        if kind == ROUTING {
            tree.field(layer, 2, 1, format_args!("Type: {}", layer.u8(2)?));
            tree.field(layer, 3, 1, format_args!("Segments Left: {}", layer.u8(3)?));
            let rest = len.saturating_sub(4);
            tree.field(layer, 4, rest, format_args!("Type-Specific Data: {}", Hex(layer.bytes(4, rest)?)));
            return Ok(len);
        }
        let mut at = 2;
        while at < len {
            at = at.saturating_add(option(tree, layer, at)?);
        }
        Ok(len)
    })
}

/// type 1, length 1, data; its length with both.
fn option(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize) -> Result<usize, Stop> {
    let kind = layer.u8(at)?;
    let name = match kind {
        0 => "Pad1",
        1 => "PadN",
        4 => "Tunnel Encapsulation Limit",
        5 => "Router Alert",
        0xc2 => "Jumbo Payload",
        0xc9 => "Home Address",
        _ => "Unknown IPv6 Option",
    };
    let data_len = if kind == 0 { 0 } else { usize::from(layer.u8(at.saturating_add(1))?) };
    let len = if kind == 0 { 1 } else { data_len.saturating_add(2) };
    let title = match kind {
        0..=5 | 0xc2 | 0xc9 => name.to_owned(),
        _ => format!("{name} ({kind})"),
    };
    tree.field(layer, at, len, format_args!("{title}"));
    tree.under(|tree| {
        tree.field(layer, at, 1, format_args!("Type: {name} (0x{kind:02x})"));
        tree.under(|tree| {
            let action = match kind >> 6 {
                0 => "Skip and continue",
                1 => "Discard",
                2 => "Discard and send ICMP Parameter Problem to source address",
                _ => "Discard and send ICMP if not multicast",
            };
            tree.bits(layer, at, Bits::of(kind, 0xc0, 8), format_args!("Action: {action} ({})", kind >> 6));
            tree.flag(layer, at, Bits::of(kind, 0x20, 8), "May Change", ["No", "Yes"]);
            tree.bits(layer, at, Bits::of(kind, 0x1f, 8), format_args!("Low-Order Bits: 0x{:02x}", kind & 0x1f));
        });
        if kind == 0 {
            return Ok(len);
        }
        tree.field(layer, at.saturating_add(1), 1, format_args!("Length: {data_len}"));
        let data = at.saturating_add(2);
        let bytes = layer.bytes(data, data_len)?;
        match (kind, bytes) {
            (1, []) => tree.note(format_args!("PadN: <none>")),
            (1, bytes) => tree.field(layer, data, data_len, format_args!("PadN: {}", Hex(bytes))),
            (5, [high, low]) => {
                let value = u16::from_be_bytes([*high, *low]);
                let name = match value {
                    0 => "MLD",
                    1 => "RSVP",
                    2 => "Active Networks",
                    _ => "Unknown",
                };
                tree.field(layer, data, data_len, format_args!("Router Alert: {name} ({value})"));
            }
            (_, []) => {}
            (_, bytes) => tree.field(layer, data, data_len, format_args!("Unknown Data: {}", Hex(bytes))),
        }
        Ok(len)
    })
}

/// next header 1, reserved 1, offset 13 bits and flags, identification 4; the protocol of what follows, if that is to be
/// read from here.
fn fragment(tree: &mut Tree<'_>, layer: Layer<'_>, packet: Packet) -> Result<Option<u8>, Stop> {
    tree.enter("ipv6.fraghdr", "Fragment Header for IPv6");
    let (next, word, id) = (layer.u8(0)?, layer.be16(2)?, layer.be32(4)?);
    tree.part(Part::Extension, FRAGMENT_HEADER_LEN);
    tree.under(|tree| {
        tree.field(&layer, 0, FRAGMENT_HEADER_LEN, format_args!("Fragment Header for IPv6"));
        tree.under(|tree| fragment_header(tree, &layer, (next, word, id)))
    })?;
    if word & 0xfff9 == 0 {
        return Ok(Some(next));
    }
    let payload = layer.after(FRAGMENT_HEADER_LEN);
    tree.part(Part::Fragment, payload.len());
    tree.facts.is_fragment |= !tree.quoted;
    tree.facts.is_complete |= !tree.quoted;
    let packet = Packet { protocol: next, ..packet };
    if let Some(bytes) = payload.bytes(0, payload.len()).ok().filter(|piece| !piece.is_empty() && !tree.quoted) {
        let key = Key { src: packet.src, dst: packet.dst, id };
        let piece = Piece { offset: word & 0xfff8, more: word & 1 != 0, bytes };
        if tree.known.fragments.add(key, piece, tree.frame.number) {
            whole(tree, payload, packet, ("IPv6", "Reassembled IPv6"))?;
            return Ok(None);
        }
    }
    apps::data(tree, payload).map(|()| None)
}

fn fragment_header(tree: &mut Tree<'_>, layer: &Layer<'_>, (next, word, id): (u8, u16, u32)) -> Result<(), Stop> {
    tree.field(layer, 0, 1, format_args!("Next header: {} ({next})", protocols::name(next)));
    tree.field(layer, 1, 1, format_args!("Reserved octet: 0x{:02x}", layer.u8(1)?));
    let offset = format_args!("Offset: {} ({} bytes)", word >> 3, word & 0xfff8);
    tree.bits(layer, 2, Bits::of(word, 0xfff8, 16), offset);
    tree.bits(layer, 2, Bits::of(word, 0x0006, 16), format_args!("Reserved bits: {}", (word >> 1) & 3));
    tree.flag(layer, 2, Bits::of(word, 0x0001, 16), "More Fragments", ["No", "Yes"]);
    tree.field(layer, 4, 4, format_args!("Identification: 0x{id:08x}"));
    Ok(())
}
