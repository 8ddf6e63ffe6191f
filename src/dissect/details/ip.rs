//! IPv4 (RFC 791): header, options, fragments; and the table of what IP of either version carries.

use std::net::IpAddr;

use super::facts::Part;
use super::tree::{Bits, Hex, Layer, Tree, listed};
use super::{apps, icmp, icmpv6, igmp, ipv6, link, tcp, udp, words};
use crate::dissect::ip::{Key, Piece, protocols};
use crate::dissect::link::MAX_NESTED;
use crate::dissect::payload::{Payload, Stop};

const MIN_HEADER_LEN: usize = 20;

/// What a packet says to what it carries.
#[derive(Clone, Copy)]
pub(super) struct Packet {
    pub src: IpAddr,
    pub dst: IpAddr,
    pub protocol: u8,
}

/// A packet of whichever version its first half byte says.
pub(super) fn either(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    match layer.u8(0)? >> 4 {
        6 => ipv6::packet(tree, layer),
        _ => ipv4(tree, layer),
    }
}

/// A packet.
pub(super) fn ipv4(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("ip", "IPv4");
    tree.nested = tree.nested.saturating_add(1);
    if tree.nested > MAX_NESTED {
        return Ok(());
    }
    let first = layer.u8(0)?;
    let header_len = usize::from(first & 15).saturating_mul(4);
    let addrs = layer.array::<4>(12).and_then(|src| Ok((IpAddr::from(src), IpAddr::from(layer.array::<4>(16)?))));
    let len = header_len.clamp(1, layer.bytes.captured().len().max(1));
    match addrs {
        Ok((src, dst)) => {
            tree.field(&layer, 0, len, format_args!("Internet Protocol Version 4, Src: {src}, Dst: {dst}"));
        }
        Err(_) => tree.field(&layer, 0, len, format_args!("Internet Protocol Version 4")),
    }
    let protocol = tree.under(|tree| header(tree, &layer, header_len))?;
    let Some(protocol) = protocol else { return Ok(()) };
    let (src, dst) = addrs?;
    let packet = Packet { src, dst, protocol };
    tree.facts.is_loopback = src.is_loopback() && dst.is_loopback();
    tree.part(Part::Ipv4, header_len);
    let total = match layer.be16(2)? {
        0 => layer.len(),
        total => total.into(),
    };
    let payload = layer.truncated(total).after(header_len);
    let flags = layer.be16(6)?;
    if flags & 0x3fff != 0 {
        tree.facts.is_fragment |= !tree.quoted;
        return fragment(tree, layer, payload, packet, total.saturating_sub(header_len));
    }
    carried(tree, payload, packet)
}

/// The header's lines, and the protocol of what it carries; nothing where its lengths can't be.
fn header(tree: &mut Tree<'_>, layer: &Layer<'_>, header_len: usize) -> Result<Option<u8>, Stop> {
    let first = layer.u8(0)?;
    tree.bits(layer, 0, Bits::of(first, 0xf0, 8), format_args!("Version: {}", first >> 4));
    let counted = Bits::of(first, 0x0f, 8);
    if header_len < MIN_HEADER_LEN {
        let bogus = format_args!("Header Length: {header_len} bytes (bogus, must be at least {MIN_HEADER_LEN})");
        tree.bits(layer, 0, counted, bogus);
        return Ok(None);
    }
    tree.bits(layer, 0, counted, format_args!("Header Length: {header_len} bytes ({})", first & 15));
    services(tree, layer)?;
    let total = layer.be16(2)?;
    if usize::from(total) < header_len && total != 0 {
        let bogus = format_args!("Total Length: {total} bytes (bogus, less than header length {header_len})");
        tree.field(layer, 2, 2, bogus);
        return Ok(None);
    }
    tree.field(layer, 2, 2, format_args!("Total Length: {total}"));
    let id = layer.be16(4)?;
    tree.field(layer, 4, 2, format_args!("Identification: 0x{id:04x} ({id})"));
    flags(tree, layer)?;
    let ttl = layer.u8(8)?;
    tree.field(layer, 8, 1, format_args!("Time to Live: {ttl}"));
    let protocol = layer.u8(9)?;
    tree.field(layer, 9, 1, format_args!("Protocol: {} ({protocol})", protocols::name(protocol)));
    let checksum = layer.be16(10)?;
    if !tree.quoted {
        tree.facts.ip_checksum = Some(checksum);
    }
    tree.field(layer, 10, 2, format_args!("Header Checksum: 0x{checksum:04x} [validation disabled]"));
    tree.note(format_args!("[Header checksum status: Unverified]"));
    tree.field(layer, 12, 4, format_args!("Source Address: {}", IpAddr::from(layer.array::<4>(12)?)));
    tree.field(layer, 16, 4, format_args!("Destination Address: {}", IpAddr::from(layer.array::<4>(16)?)));
    if header_len > MIN_HEADER_LEN {
        options(tree, layer, header_len)?;
    }
    Ok(Some(protocol))
}

fn services(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    let field = layer.u8(1)?;
    let ((dscp, dscp_name), (ecn, ecn_name)) = (words::codepoint(field >> 2), words::congestion(field));
    let text = format_args!("Differentiated Services Field: 0x{field:02x} (DSCP: {dscp}, ECN: {ecn})");
    tree.field(layer, 1, 1, text);
    tree.under(|tree| {
        let codepoint = format_args!("Differentiated Services Codepoint: {dscp_name} ({})", field >> 2);
        tree.bits(layer, 1, Bits::of(field, 0xfc, 8), codepoint);
        let congestion = format_args!("Explicit Congestion Notification: {ecn_name} ({})", field & 3);
        tree.bits(layer, 1, Bits::of(field, 0x03, 8), congestion);
    });
    Ok(())
}

fn flags(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    const SET: [&str; 2] = ["Not set", "Set"];
    let (first, word) = (layer.u8(6)?, layer.be16(6)?);
    let names = [(0x80, "Reserved bit"), (0x40, "Don't fragment"), (0x20, "More fragments")];
    let names = listed(names.into_iter().filter(|(mask, _)| first & mask != 0).map(|(_, name)| name));
    tree.bits(layer, 6, Bits::of(first, 0xe0, 8), format_args!("Flags: 0x{:x}{names}", first >> 5));
    tree.under(|tree| {
        tree.flag(layer, 6, Bits::of(first, 0x80, 8), "Reserved bit", SET);
        tree.flag(layer, 6, Bits::of(first, 0x40, 8), "Don't fragment", SET);
        tree.flag(layer, 6, Bits::of(first, 0x20, 8), "More fragments", SET);
    });
    let offset = (word & 0x1fff).wrapping_shl(3);
    tree.bits(layer, 6, Bits::of(word, 0x1fff, 16), format_args!("Fragment Offset: {offset}"));
    Ok(())
}

/// One option after the other: type, length, data. A bogus length ends them.
fn options(tree: &mut Tree<'_>, layer: &Layer<'_>, header_len: usize) -> Result<(), Stop> {
    let options = layer.subset(MIN_HEADER_LEN, header_len.saturating_sub(MIN_HEADER_LEN))?;
    options.bytes(0, options.len())?;
    let mut found = each_option(&options, options.len())?;
    if let Some(end) = found.iter().position(|(_, _, kind)| *kind == 0) {
        found.truncate(end.saturating_add(1));
    }
    let names = listed(found.iter().map(|(_, _, kind)| option_name(*kind)));
    tree.field(&options, 0, options.len(), format_args!("Options: ({} bytes){names}", options.len()));
    tree.under(|tree| found.iter().try_for_each(|&(at, len, kind)| option(tree, &options, at, len, kind)))
}

/// Where each option stands, how long it is, and its kind. Those of kinds 0 and 1 are a byte long, the others say it
/// themselves; a length that can't be ends them.
pub(super) fn each_option(options: &Layer<'_>, captured: usize) -> Result<Vec<(usize, usize, u8)>, Stop> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < captured {
        let kind = options.u8(at)?;
        let len = if kind < 2 { 1 } else { usize::from(options.u8(at.saturating_add(1)).unwrap_or(0)) };
        if len == 0 || len == 1 && kind >= 2 || len > options.len().saturating_sub(at) {
            break;
        }
        found.push((at, len, kind));
        at = at.saturating_add(len);
    }
    Ok(found)
}

fn option(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, len: usize, kind: u8) -> Result<(), Stop> {
    let name = option_name(kind);
    let data = at.saturating_add(2);
    let alert = match (kind, len) {
        (148, 4) => layer.be16(data).ok(),
        _ => None,
    };
    match alert {
        Some(value) => {
            let text = format_args!("IP Option - {name} ({len} bytes): {} ({value})", router_alert(value));
            tree.field(layer, at, len, text);
        }
        None if kind < 2 => tree.field(layer, at, len, format_args!("IP Option - {name}")),
        None => tree.field(layer, at, len, format_args!("IP Option - {name} ({len} bytes)")),
    }
    tree.under(|tree| {
        tree.field(layer, at, 1, format_args!("Type: {kind}"));
        tree.under(|tree| {
            tree.flag(layer, at, Bits::of(kind, 0x80, 8), "Copy on fragmentation", ["No", "Yes"]);
            let class = ["Control", "Reserved for future use", "Debugging and measurement", "Reserved for future use"];
            let class_name = class.get(usize::from((kind >> 5) & 3)).copied().unwrap_or_default();
            tree.bits(layer, at, Bits::of(kind, 0x60, 8), format_args!("Class: {class_name} ({})", (kind >> 5) & 3));
            tree.bits(layer, at, Bits::of(kind, 0x1f, 8), format_args!("Number: {name} ({})", kind & 31));
        });
        if kind < 2 {
            return Ok(());
        }
        tree.field(layer, at.saturating_add(1), 1, format_args!("Length: {len}"));
        let rest = len.saturating_sub(2);
        match alert {
            Some(value) => {
                tree.field(layer, data, 2, format_args!("Router Alert: {} ({value})", router_alert(value)));
            }
            None if rest > 0 => {
                tree.field(layer, data, rest, format_args!("Data: {}", Hex(layer.bytes(data, rest)?)));
            }
            None => {}
        }
        Ok(())
    })
}

fn router_alert(value: u16) -> &'static str {
    if value == 0 { "Router shall examine packet" } else { "Reserved" }
}

fn option_name(kind: u8) -> &'static str {
    match kind {
        0 => "End of Options List (EOL)",
        1 => "No-Operation (NOP)",
        7 => "Record Route",
        11 => "MTU Probe",
        12 => "MTU Reply",
        25 => "Quick-Start",
        68 => "Time Stamp",
        82 => "Traceroute",
        130 => "Security",
        131 => "Loose Source Route",
        133 => "Extended Security",
        134 => "Commercial IP security option",
        136 => "Stream ID",
        137 => "Strict Source Route",
        148 => "Router Alert",
        _ => "Unknown",
    }
}

/// Takes a fragment in; goes on with the packet that it completes, or with what it is by itself.
fn fragment(
    tree: &mut Tree<'_>,
    header: Layer<'_>,
    payload: Layer<'_>,
    packet: Packet,
    claimed: usize,
) -> Result<(), Stop> {
    let (id, flags) = (header.be16(4)?, header.be16(6)?);
    let offset = flags.wrapping_shl(3);
    let outer = tree.fragmented;
    tree.part(Part::Fragment, claimed);
    tree.facts.is_complete |= !tree.quoted;
    let piece = payload.bytes(0, claimed).ok().filter(|piece| !piece.is_empty() && !tree.quoted);
    if let Some(bytes) = piece {
        let is_local = |addr| matches!(addr, IpAddr::V4(addr) if addr.is_private() || addr.is_link_local());
        let vlan = if is_local(packet.src) || is_local(packet.dst) { tree.vlan } else { 0 };
        let key = Key { src: packet.src, dst: packet.dst, id: (id ^ u16::from(packet.protocol) ^ vlan).into() };
        let piece = Piece { offset, more: flags & 0x2000 != 0, bytes };
        if tree.known.fragments.add(key, piece, tree.frame.number) {
            return whole(tree, payload, packet, ("IPv4", "Reassembled IPv4"));
        }
    } else if offset == 0 {
        tree.fragmented = true;
        let read = carried(tree, payload, packet);
        tree.fragmented = outer;
        return read;
    }
    apps::data(tree, payload)
}

/// Goes on with the packet that was put together with the last fragment.
pub(super) fn whole(
    tree: &mut Tree<'_>,
    last: Layer<'_>,
    packet: Packet,
    (version, name): (&str, &'static str),
) -> Result<(), Stop> {
    let whole = tree.known.fragments.whole();
    let (bytes, pieces) = (whole.bytes.clone(), whole.pieces().collect::<Vec<_>>());
    let frames: Vec<_> = pieces.iter().map(|(frame, _, len)| format!("#{frame}({len})")).collect();
    tree.under(|tree| {
        let (count, len) = (pieces.len(), bytes.len());
        let text = format!("[{count} {version} Fragments ({len} bytes): {}]", frames.join(", "));
        tree.field(&last, 0, last.bytes.captured().len(), format_args!("{text}"));
        tree.under(|tree| {
            for (frame, offset, len) in &pieces {
                let end = offset.saturating_add(*len).saturating_sub(1);
                tree.note(format_args!("[Frame: {frame}, payload: {offset}-{end} ({len} bytes)]"));
            }
            tree.note(format_args!("[Fragment count: {count}]"));
            tree.note(format_args!("[Reassembled {version} length: {len}]"));
            tree.note(format_args!("[Reassembled {version} data: {}]", Hex(&bytes)));
        });
    });
    let layer = Layer::new(Payload::whole(&bytes), true);
    let read = carried(tree, layer, packet);
    tree.sources.insert(0, (name, bytes));
    read
}

/// The table of what IP carries.
pub(super) fn carried(tree: &mut Tree<'_>, layer: Layer<'_>, packet: Packet) -> Result<(), Stop> {
    if layer.len() == 0 {
        return Ok(());
    }
    match packet.protocol {
        1 => icmp::message(tree, layer),
        2 => igmp::message(tree, layer),
        4 => ipv4(tree, layer),
        6 => tcp::segment(tree, layer, packet),
        17 => udp::datagram(tree, layer, packet),
        41 => ipv6::packet(tree, layer),
        58 => icmpv6::message(tree, layer, packet),
        143 => link::ethernet(tree, layer, true),
        _ => {
            tree.part(Part::Payload, layer.len());
            apps::data(tree, layer)
        }
    }
}

/// The packet that an ICMP error quotes.
pub(super) fn quoted(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    let outer = std::mem::replace(&mut tree.quoted, true);
    let read = either(tree, layer);
    tree.quoted = outer;
    read
}
