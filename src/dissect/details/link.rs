//! Link layers: NULL and LOOP, Ethernet with VLAN tags, raw IP, and Linux's "cooked" captures.
//!
//! What stands behind the packet (padding, trailer, frame check sequence) is shown with the header, as Wireshark does.
//! Formats: as for `dissect::link`.

use super::facts::Part;
use super::tree::{Bits, Hex, Ip, Layer, Mac, Tree};
use super::{apps, arp, ip, ipv6};
use crate::dissect::link::packet_len;
use crate::dissect::payload::Stop;
use crate::dissect::{ethertype, link::MAX_NESTED};
use crate::source::LinkType;

/// The shortest Ethernet frame, without its checksum.
const MIN_FRAME_LEN: usize = 60;
/// Up to this an Ethernet type is a length (802.3).
const MAX_LENGTH: u16 = 1500;
const FCS_LEN: usize = 4;
const PRIORITIES: [&str; 8] = [
    "Best Effort (default)",
    "Background",
    "Spare",
    "Excellent Effort",
    "Controlled Load",
    "Video, < 100ms latency and jitter",
    "Voice, < 10ms latency and jitter",
    "Network Control",
];

/// A frame of this link type.
pub(super) fn frame(tree: &mut Tree<'_>, link_type: LinkType, layer: Layer<'_>) -> Result<(), Stop> {
    match link_type {
        LinkType::ETHERNET => ethernet(tree, layer, true),
        LinkType::NULL => null(tree, layer, false),
        LinkType::LOOP => null(tree, layer, true),
        LinkType(12 | 14) | LinkType::RAW => raw(tree, layer),
        LinkType::IPV4 | LinkType::IPV6 => ip::either(tree, layer),
        LinkType::LINUX_SLL => sll(tree, layer),
        LinkType::LINUX_SLL2 => sll2(tree, layer),
        _ => unread(tree, layer),
    }
}

/// Payload that is not read here.
fn unread(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.part(Part::Payload, layer.len());
    apps::data(tree, layer)
}

/// An Ethernet frame; `fcs` says whether a frame check sequence may follow.
pub(super) fn ethernet(tree: &mut Tree<'_>, layer: Layer<'_>, fcs: bool) -> Result<(), Stop> {
    tree.nested = tree.nested.saturating_add(1);
    if tree.nested > MAX_NESTED {
        return Ok(());
    }
    tree.enter("eth", "Ethernet");
    let (dst, src) = (layer.array::<6>(0)?, layer.array::<6>(6)?);
    let kind = layer.be16(12)?;
    tree.part(Part::Link("Ethernet"), 14);
    if kind <= MAX_LENGTH {
        tree.field(&layer, 0, 14, format_args!("IEEE 802.3 Ethernet "));
    } else {
        tree.field(&layer, 0, 14, format_args!("Ethernet II, Src: {}, Dst: {}", Mac(src), Mac(dst)));
    }
    tree.under(|tree| {
        address(tree, &layer, 0, "Destination", dst);
        address(tree, &layer, 6, "Source", src);
        kind_or_length(tree, &layer, 12, kind, fcs)
    })?;
    payload(tree, layer, 14, kind)
}

fn address(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, name: &str, octets: [u8; 6]) {
    let [a, b, c, ..] = octets;
    let value = u32::from_be_bytes([0, a, b, c]);
    tree.field(layer, at, 6, format_args!("{name}: {}", Mac(octets)));
    tree.under(|tree| {
        tree.field(layer, at, 6, format_args!("Address: {}", Mac(octets)));
        let local = [
            "Globally unique address (factory default)",
            "Locally administered address (this is NOT the factory default)",
        ];
        tree.flag(layer, at, Bits::of(value, 0x02_0000, 24), "LG bit", local);
        let group = ["Individual address (unicast)", "Group address (multicast/broadcast)"];
        tree.flag(layer, at, Bits::of(value, 0x01_0000, 24), "IG bit", group);
    });
}

/// The field that is one or the other, and what stands behind the packet.
fn kind_or_length(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, kind: u16, fcs: bool) -> Result<(), Stop> {
    let start = at.saturating_add(2);
    let rest = layer.after(start);
    let len = if kind <= MAX_LENGTH {
        tree.field(layer, at, 2, format_args!("Length: {kind}"));
        usize::from(kind)
    } else {
        tree.field(layer, at, 2, format_args!("Type: {}", Ethertype(kind)));
        packet_len(kind, rest.bytes).unwrap_or(usize::MAX)
    };
    let end = start.saturating_add(len.min(rest.len()));
    if end < layer.bytes.captured().len() { trailer(tree, layer, end, fcs) } else { Ok(()) }
}

/// Padding to Ethernet's shortest frame, and what may be a frame check sequence.
fn trailer(tree: &mut Tree<'_>, layer: &Layer<'_>, end: usize, fcs: bool) -> Result<(), Stop> {
    let trailer = layer.after(end);
    let len = trailer.len();
    tree.facts.trailer = tree.facts.trailer.saturating_add(len);
    let frame_len = usize::try_from(tree.frame.wire_len).unwrap_or(usize::MAX);
    let packet_end = frame_len.saturating_sub(len);
    let mut padding = if frame_len < MIN_FRAME_LEN { 0 } else { MIN_FRAME_LEN.saturating_sub(packet_end) }.min(len);
    if trailer.bytes(0, padding)?.iter().any(|byte| *byte != 0) {
        padding = 0;
    }
    if padding > 0 {
        tree.field(&trailer, 0, padding, format_args!("Padding: {}", Hex(trailer.bytes(0, padding)?)));
    }
    let rest = trailer.after(padding);
    let has_fcs = fcs && layer.len() >= MIN_FRAME_LEN.saturating_add(FCS_LEN) && rest.len() >= FCS_LEN;
    let len = rest.len().saturating_sub(if has_fcs { FCS_LEN } else { 0 });
    let bytes = rest.truncated(len).bytes.captured();
    if !bytes.is_empty() {
        tree.field(&rest, 0, bytes.len(), format_args!("Trailer: {}", Hex(bytes)));
    }
    if has_fcs {
        let sum = rest.be32(len)?;
        tree.field(&rest, len, FCS_LEN, format_args!("Frame check sequence: 0x{sum:08x} [unverified]"));
        tree.note(format_args!("[FCS Status: Unverified]"));
    }
    Ok(())
}

/// What an `EtherType` announces.
fn payload(tree: &mut Tree<'_>, layer: Layer<'_>, at: usize, kind: u16) -> Result<(), Stop> {
    let rest = layer.after(at);
    if kind <= MAX_LENGTH {
        return unread(tree, rest.truncated(kind.into()));
    }
    if tree.protocols.last().is_none_or(|last| *last != "ethertype") {
        tree.protocols.push("ethertype");
    }
    network(tree, kind, rest)
}

fn network(tree: &mut Tree<'_>, kind: u16, rest: Layer<'_>) -> Result<(), Stop> {
    match kind {
        ethertype::IPV4 => ip::ipv4(tree, rest),
        ethertype::IPV6 => ipv6::packet(tree, rest),
        ethertype::ARP | ethertype::RARP => arp::message(tree, rest),
        ethertype::VLAN | ethertype::QINQ => vlan(tree, rest),
        ethertype::BRIDGED => ethernet(tree, rest, false),
        _ => unread(tree, rest),
    }
}

/// priority 3 bits, drop eligible 1 bit, identifier 12 bits; type or length 2.
fn vlan(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.nested = tree.nested.saturating_add(1);
    if tree.nested > MAX_NESTED {
        return Ok(());
    }
    tree.enter("vlan", "VLAN");
    let (tag, kind) = (layer.be16(0)?, layer.be16(2)?);
    let id = tag & 0xfff;
    if tree.vlan == 0 {
        tree.vlan = id;
    }
    tree.part(Part::Vlan, 4);
    let (priority, eligible) = (tag >> 13, (tag >> 12) & 1);
    tree.field(&layer, 0, 4, format_args!("802.1Q Virtual LAN, PRI: {priority}, DEI: {eligible}, ID: {id}"));
    tree.under(|tree| {
        let name = PRIORITIES.get(usize::from(priority)).copied().unwrap_or_default();
        tree.bits(&layer, 0, Bits::of(tag, 0xe000, 16), format_args!("Priority: {name} ({priority})"));
        tree.flag(&layer, 0, Bits::of(tag, 0x1000, 16), "DEI", ["Ineligible", "Eligible"]);
        tree.bits(&layer, 0, Bits::of(tag, 0x0fff, 16), format_args!("ID: {id}"));
        kind_or_length(tree, &layer, 2, kind, false)
    })?;
    payload(tree, layer, 4, kind)
}

/// A four-byte address family in the byte order of whoever wrote it, or in network order.
fn null(tree: &mut Tree<'_>, layer: Layer<'_>, network_order: bool) -> Result<(), Stop> {
    tree.enter(if network_order { "loop" } else { "null" }, "Null/Loopback");
    let word = layer.array::<4>(0)?;
    let little = u32::from_le_bytes(word);
    let family = if network_order || little > 0xffff { u32::from_be_bytes(word) } else { little };
    tree.part(Part::Link(if network_order { "LOOP" } else { "NULL" }), 4);
    tree.field(&layer, 0, 4, format_args!("Null/Loopback"));
    let name = match family {
        2 => "IP",
        10 | 23 | 24 | 28 | 30 => "IPv6",
        _ => "Unknown",
    };
    tree.under(|tree| tree.field(&layer, 0, 4, format_args!("Family: {name} ({family})")));
    let rest = layer.after(4);
    match name {
        "IP" => ip::either(tree, rest),
        "IPv6" => ipv6::packet(tree, rest),
        _ => match u16::try_from(family) {
            Ok(kind) if kind > MAX_LENGTH => network(tree, kind, rest),
            _ => unread(tree, rest),
        },
    }
}

fn raw(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("raw", "Raw");
    tree.field(&layer, 0, layer.bytes.captured().len(), format_args!("Raw packet data"));
    ip::either(tree, layer)
}

/// packet type 2, hardware type 2, address length 2, address 8, protocol 2.
fn sll(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("sll", "SLL");
    tree.part(Part::Link("Linux cooked v1"), 16);
    tree.field(&layer, 0, 16.min(layer.len()), format_args!("Linux cooked capture v1"));
    let protocol = tree.under(|tree| {
        packet_type(tree, &layer, 0, 2, layer.be16(0)?);
        hardware(tree, &layer, 2)?;
        let len = layer.be16(4)?;
        tree.field(&layer, 4, 2, format_args!("Link-layer address length: {len}"));
        sender(tree, &layer, 6, len)?;
        let protocol = layer.be16(14)?;
        tree.field(&layer, 14, 2, format_args!("Protocol: {}", Ethertype(protocol)));
        cooked_trailer(tree, &layer, 16, protocol)?;
        Ok(protocol)
    })?;
    payload(tree, layer, 16, protocol)
}

/// protocol 2, reserved 2, interface 4, hardware type 2, packet type 1, address length 1, address 8.
fn sll2(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("sll", "SLL");
    tree.part(Part::Link("Linux cooked v2"), 20);
    tree.field(&layer, 0, 20.min(layer.len()), format_args!("Linux cooked capture v2"));
    let protocol = tree.under(|tree| {
        let protocol = layer.be16(0)?;
        tree.field(&layer, 0, 2, format_args!("Protocol: {}", Ethertype(protocol)));
        let interface = layer.be32(4)?;
        tree.field(&layer, 4, 4, format_args!("Interface index: {interface}"));
        hardware(tree, &layer, 8)?;
        packet_type(tree, &layer, 10, 1, layer.u8(10)?.into());
        let len = layer.u8(11)?;
        tree.field(&layer, 11, 1, format_args!("Link-layer address length: {len}"));
        sender(tree, &layer, 12, len.into())?;
        cooked_trailer(tree, &layer, 20, protocol)?;
        Ok(protocol)
    })?;
    payload(tree, layer, 20, protocol)
}

fn packet_type(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, len: usize, kind: u16) {
    let name = match kind {
        0 => "Unicast to us",
        1 => "Broadcast",
        2 => "Multicast",
        3 => "Unicast to another host",
        4 => "Sent by us",
        _ => "Unknown",
    };
    tree.field(layer, at, len, format_args!("Packet type: {name} ({kind})"));
}

fn hardware(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize) -> Result<(), Stop> {
    let kind = layer.be16(at)?;
    let name = match kind {
        512 => "PPP",
        768 => "IPIP tunnel",
        772 => "Loopback",
        776 => "IPv6-in-IPv4 tunnel",
        778 => "GRE over IP",
        0xfffe => "NONE",
        _ => arp::hardware(kind),
    };
    tree.field(layer, at, 2, format_args!("Link-layer address type: {name} ({kind})"));
    Ok(())
}

/// The sender's address, and what is unused of the eight bytes for it.
fn sender(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, len: u16) -> Result<(), Stop> {
    let used = usize::from(len).min(8);
    match len {
        0 => {}
        4 => tree.field(layer, at, 4, format_args!("Source: {}", Ip(layer.array::<4>(at)?.into()))),
        6 => tree.field(layer, at, 6, format_args!("Source: {}", Mac(layer.array(at)?))),
        _ => tree.field(layer, at, used, format_args!("Source: {}", Hex(layer.bytes(at, used)?))),
    }
    if used < 8 {
        let (at, len) = (at.saturating_add(used), 8_usize.saturating_sub(used));
        tree.field(layer, at, len, format_args!("Unused: {}", Hex(layer.bytes(at, len)?)));
    }
    Ok(())
}

fn cooked_trailer(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, kind: u16) -> Result<(), Stop> {
    let rest = layer.after(at);
    let len = packet_len(kind, rest.bytes).unwrap_or(usize::MAX).min(rest.len());
    let end = at.saturating_add(len);
    if end < layer.bytes.captured().len() { trailer(tree, layer, end, false) } else { Ok(()) }
}

/// An `EtherType` by name and number.
struct Ethertype(u16);

impl std::fmt::Display for Ethertype {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (0x{:04x})", ethertype::name(self.0).unwrap_or("Unknown"), self.0)
    }
}
