//! `ICMPv6` (RFC 4443): echoes, errors with the packet that they quote, neighbour discovery (RFC 4861) and multicast
//! listeners (RFC 2710, 3810).

use super::apps;
use super::facts::{Part, pseudo_header, sum};
use super::icmp::{checksum, ports};
use super::ip::{Packet, quoted};
use super::tree::{Bits, Hex, Ip, Layer, Mac, Tree, listed};
use crate::dissect::icmpv6::name;
use crate::dissect::payload::Stop;

const PROTOCOL: u8 = 58;
const HEADER_LEN: usize = 8;
const SET: [&str; 2] = ["Not set", "Set"];

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>, packet: Packet) -> Result<(), Stop> {
    tree.enter("icmpv6", "ICMPv6");
    let (kind, code) = (layer.u8(0)?, layer.u8(1)?);
    tree.part(Part::Icmp("ICMPv6"), layer.len());
    tree.field(&layer, 0, layer.bytes.captured().len(), format_args!("Internet Control Message Protocol v6"));
    tree.under(|tree| {
        tree.field(&layer, 0, 1, format_args!("Type: {} ({kind})", name::of_type(kind).unwrap_or("Unknown")));
        let codes: &[&str] = match kind {
            1 => &name::UNREACHABLE_CODES,
            3 => &["hop limit exceeded in transit", "fragment reassembly time exceeded"],
            4 => &name::PARAMETER_CODES,
            _ => &[],
        };
        match codes.get(usize::from(code)) {
            Some(name) => tree.field(&layer, 1, 1, format_args!("Code: {code} ({name})")),
            None => tree.field(&layer, 1, 1, format_args!("Code: {code}")),
        }
        let pseudo = pseudo_header(packet.src, packet.dst, PROTOCOL, layer.len());
        let whole = layer.bytes(0, layer.len()).ok().filter(|_| !tree.quoted);
        checksum(tree, &layer, whole.map(|bytes| sum(&[&pseudo, bytes])))?;
        body(tree, layer, kind, code)
    })
}

fn body(tree: &mut Tree<'_>, layer: Layer<'_>, kind: u8, code: u8) -> Result<(), Stop> {
    match kind {
        1..=4 => error(tree, layer, kind, code),
        128 | 129 => {
            tree.field(&layer, 4, 2, format_args!("Identifier: 0x{:04x}", layer.be16(4)?));
            tree.field(&layer, 6, 2, format_args!("Sequence: {}", layer.be16(6)?));
            let rest = layer.after(HEADER_LEN);
            if rest.len() > 0 { apps::data_here(tree, rest) } else { Ok(()) }
        }
        130..=132 => listener(tree, &layer),
        133 => {
            reserved(tree, &layer)?;
            options(tree, layer, HEADER_LEN)
        }
        134 => advertisement(tree, layer),
        135 => {
            reserved(tree, &layer)?;
            address(tree, &layer, 8, "Target Address")?;
            options(tree, layer, 24)
        }
        136 => neighbour(tree, layer),
        137 => {
            reserved(tree, &layer)?;
            address(tree, &layer, 8, "Target Address")?;
            address(tree, &layer, 24, "Destination Address")?;
            options(tree, layer, 40)
        }
        143 => report(tree, &layer),
        _ => {
            let rest = layer.after(4);
            if rest.len() > 0 { apps::data_here(tree, rest) } else { Ok(()) }
        }
    }
}

fn reserved(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    tree.field(layer, 4, 4, format_args!("Reserved: {}", Hex(layer.bytes(4, 4)?)));
    Ok(())
}

fn address(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, name: &str) -> Result<(), Stop> {
    let addr = Ip(std::net::Ipv6Addr::from(layer.array::<16>(at)?).into());
    tree.field(layer, at, 16, format_args!("{name}: {addr}"));
    Ok(())
}

/// by kind 4, the quoted packet
fn error(tree: &mut Tree<'_>, layer: Layer<'_>, kind: u8, code: u8) -> Result<(), Stop> {
    let word = layer.be32(4)?;
    match kind {
        2 => tree.field(&layer, 4, 4, format_args!("MTU: {word}")),
        4 => tree.field(&layer, 4, 4, format_args!("Pointer: {word}")),
        _ => tree.field(&layer, 4, 4, format_args!("Reserved: {word:08x}")),
    }
    let original = layer.after(HEADER_LEN);
    if (kind, code) == (1, 4) && !tree.quoted {
        tree.facts.unreachable = ports(&original);
    }
    if original.len() == 0 { Ok(()) } else { quoted(tree, original) }
}

/// hop limit 1, flags 1, lifetime 2, reachable time 4, retransmission timer 4, options
fn advertisement(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.field(&layer, 4, 1, format_args!("Cur hop limit: {}", layer.u8(4)?));
    let flags = layer.u8(5)?;
    let preference = preference(flags);
    let names = set_names(
        flags.into(),
        &[(0x80, "Managed address configuration"), (0x40, "Other configuration"), (0x20, "Home Agent")],
    );
    let title = format!("Flags: 0x{flags:02x}{names}, Prf (Default Router Preference): {preference}");
    tree.field(&layer, 5, 1, format_args!("{title}"));
    tree.under(|tree| {
        tree.flag(&layer, 5, Bits::of(flags, 0x80, 8), "Managed address configuration", SET);
        tree.flag(&layer, 5, Bits::of(flags, 0x40, 8), "Other configuration", SET);
        tree.flag(&layer, 5, Bits::of(flags, 0x20, 8), "Home Agent", SET);
        let bits = Bits::of(flags, 0x18, 8);
        tree.bits(&layer, 5, bits, format_args!("Prf (Default Router Preference): {preference} ({})", bits.number()));
        tree.flag(&layer, 5, Bits::of(flags, 0x04, 8), "Proxy", SET);
        tree.bits(&layer, 5, Bits::of(flags, 0x03, 8), format_args!("Reserved: {}", flags & 3));
    });
    tree.field(&layer, 6, 2, format_args!("Router lifetime (s): {}", layer.be16(6)?));
    tree.field(&layer, 8, 4, format_args!("Reachable time (ms): {}", layer.be32(8)?));
    tree.field(&layer, 12, 4, format_args!("Retrans timer (ms): {}", layer.be32(12)?));
    options(tree, layer, 16)
}

fn preference(flags: u8) -> &'static str {
    match (flags >> 3) & 3 {
        0 => "Medium",
        1 => "High",
        2 => "Reserved",
        _ => "Low",
    }
}

/// The names of the bits that are set, each after a comma.
fn set_names(value: u32, names: &[(u32, &str)]) -> String {
    listed(names.iter().filter(|(mask, _)| value & mask != 0).map(|(_, name)| *name))
}

/// flags 4, target 16, options
fn neighbour(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    let flags = layer.be32(4)?;
    let names = [(0x8000_0000, "Router"), (0x4000_0000, "Solicited"), (0x2000_0000, "Override")];
    tree.field(&layer, 4, 4, format_args!("Flags: 0x{flags:08x}{}", set_names(flags, &names)));
    tree.under(|tree| {
        for (mask, name) in names {
            tree.flag(&layer, 4, Bits::of(flags, mask, 32), name, SET);
        }
        tree.bits(&layer, 4, Bits::of(flags, 0x1fff_ffff, 32), format_args!("Reserved: {}", flags & 0x1fff_ffff));
    });
    address(tree, &layer, 8, "Target Address")?;
    options(tree, layer, 24)
}

/// delay 2, reserved 2, group 16
fn listener(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    let delay = layer.be16(4)?;
    tree.field(layer, 4, 2, format_args!("Maximum Response Delay [ms]: {delay}"));
    tree.field(layer, 6, 2, format_args!("Reserved: {:04x}", layer.be16(6)?));
    address(tree, layer, 8, "Multicast Address")
}

/// reserved 2, number of records 2, records: type 1, length of auxiliary data in words 1, number of sources 2, group 16,
/// sources, auxiliary data
fn report(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    tree.field(layer, 4, 2, format_args!("Reserved: {:04x}", layer.be16(4)?));
    let count = layer.be16(6)?;
    tree.field(layer, 6, 2, format_args!("Number of Multicast Address Records: {count}"));
    let mut at = HEADER_LEN;
    for _ in 0..count {
        let record = layer.after(at);
        let (kind, auxiliary, sources) = (record.u8(0)?, usize::from(record.u8(1)?).saturating_mul(4), record.be16(2)?);
        let name = match kind {
            1 => "Include",
            2 => "Exclude",
            3 => "Changed to include",
            4 => "Changed to exclude",
            5 => "Allow new sources",
            6 => "Block old sources",
            _ => "Unknown",
        };
        let group = Ip(std::net::Ipv6Addr::from(record.array::<16>(4)?).into());
        let len = usize::from(sources).saturating_mul(16).saturating_add(20).saturating_add(auxiliary);
        tree.field(&record, 0, len, format_args!("Multicast Address Record {name}: {group}"));
        tree.under(|tree| {
            tree.field(&record, 0, 1, format_args!("Record Type: {name} ({kind})"));
            tree.field(&record, 1, 1, format_args!("Aux Data Len: {}", auxiliary / 4));
            tree.field(&record, 2, 2, format_args!("Number of Sources: {sources}"));
            address(tree, &record, 4, "Multicast Address")?;
            (0..usize::from(sources))
                .try_for_each(|n| address(tree, &record, n.saturating_mul(16).saturating_add(20), "Source Address"))
        })?;
        at = at.saturating_add(len);
    }
    Ok(())
}

/// Options, each of type 1, length 1 (in 8 bytes), data.
fn options(tree: &mut Tree<'_>, layer: Layer<'_>, mut at: usize) -> Result<(), Stop> {
    while at < layer.len() {
        let units = layer.u8(at.saturating_add(1))?;
        let len = usize::from(units).saturating_mul(8);
        if len == 0 {
            return Ok(());
        }
        option(tree, &layer.subset(at, len)?, units)?;
        at = at.saturating_add(len);
    }
    Ok(())
}

fn option(tree: &mut Tree<'_>, option: &Layer<'_>, units: u8) -> Result<(), Stop> {
    let kind = option.u8(0)?;
    let len = option.len();
    let name = option_name(kind);
    let prefix = |at| option.array::<16>(at).map(|octets| Ip(std::net::Ipv6Addr::from(octets).into()));
    let detail = match (kind, len) {
        (1 | 2, 8) => format!(" : {}", Mac(option.array(2)?)),
        (3, 32) => format!(" : {}/{}", prefix(16)?, option.u8(2)?),
        (5, 8) => format!(" : {}", option.be32(4)?),
        (24, 24) => format!(" : {} {}/{}", preference(option.u8(3)?), prefix(8)?, option.u8(2)?),
        (25, 24..) => {
            let count = len.saturating_sub(8) / 16;
            let servers: Result<String, Stop> =
                (0..count).map(|n| Ok(format!(" {}", prefix(n.saturating_mul(16).saturating_add(8))?))).collect();
            servers?
        }
        _ => String::new(),
    };
    tree.field(option, 0, len, format_args!("ICMPv6 Option ({name}{detail})"));
    tree.under(|tree| {
        tree.field(option, 0, 1, format_args!("Type: {name} ({kind})"));
        tree.field(option, 1, 1, format_args!("Length: {units} ({len} bytes)"));
        match (kind, len) {
            (1 | 2, 8) => tree.field(option, 2, 6, format_args!("Link-layer address: {}", Mac(option.array(2)?))),
            (3, 32) => prefix_information(tree, option)?,
            (5, 8) => {
                tree.field(option, 2, 2, format_args!("Reserved"));
                tree.field(option, 4, 4, format_args!("MTU: {}", option.be32(4)?));
            }
            (24, 24) => route(tree, option)?,
            (25, 24..) => {
                tree.field(option, 2, 2, format_args!("Reserved"));
                tree.field(option, 4, 4, format_args!("Lifetime: {}", option.be32(4)?));
                for n in 0..len.saturating_sub(8) / 16 {
                    address(tree, option, n.saturating_mul(16).saturating_add(8), "Recursive DNS Servers")?;
                }
            }
            _ => {
                let rest = len.saturating_sub(2);
                tree.field(option, 2, rest, format_args!("Data: {}", Hex(option.bytes(2, rest)?)));
            }
        }
        Ok(())
    })
}

/// prefix length 1, flags 1, lifetimes 4 and 4, reserved 4, prefix 16
fn prefix_information(tree: &mut Tree<'_>, option: &Layer<'_>) -> Result<(), Stop> {
    tree.field(option, 2, 1, format_args!("Prefix Length: {}", option.u8(2)?));
    let flags = option.u8(3)?;
    let names = [
        (0x80, "On-link flag(L)"),
        (0x40, "Autonomous address-configuration flag(A)"),
        (0x20, "Router address flag(R)"),
    ];
    tree.field(option, 3, 1, format_args!("Flag: 0x{flags:02x}{}", set_names(flags.into(), &names)));
    tree.under(|tree| {
        for (mask, name) in names {
            tree.flag(option, 3, Bits::of(flags, mask, 8), name, SET);
        }
        tree.bits(option, 3, Bits::of(flags, 0x1f, 8), format_args!("Reserved: {}", flags & 31));
    });
    tree.field(option, 4, 4, format_args!("Valid Lifetime: {}", Lifetime(option.be32(4)?)));
    tree.field(option, 8, 4, format_args!("Preferred Lifetime: {}", Lifetime(option.be32(8)?)));
    tree.field(option, 12, 4, format_args!("Reserved"));
    address(tree, option, 16, "Prefix")
}

/// prefix length 1, preference 2 bits in a byte, lifetime 4, prefix 16
fn route(tree: &mut Tree<'_>, option: &Layer<'_>) -> Result<(), Stop> {
    tree.field(option, 2, 1, format_args!("Prefix Length: {}", option.u8(2)?));
    let flags = option.u8(3)?;
    let preference = preference(flags);
    tree.field(option, 3, 1, format_args!("Flag: 0x{flags:02x}, Route Preference: {preference}"));
    tree.under(|tree| {
        let bits = Bits::of(flags, 0x18, 8);
        tree.bits(option, 3, bits, format_args!("Route Preference: {preference} ({})", bits.number()));
        tree.bits(option, 3, Bits::of(flags, 0xe7, 8), format_args!("Reserved: {}", flags & 0xe7));
    });
    tree.field(option, 4, 4, format_args!("Route Lifetime: {}", Lifetime(option.be32(4)?)));
    address(tree, option, 8, "Prefix")
}

/// Seconds; all ones are for ever.
struct Lifetime(u32);

impl std::fmt::Display for Lifetime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            u32::MAX => write!(f, "Infinity ({})", self.0),
            secs => write!(f, "{secs}"),
        }
    }
}

fn option_name(kind: u8) -> &'static str {
    match kind {
        1 => "Source link-layer address",
        2 => "Target link-layer address",
        3 => "Prefix information",
        4 => "Redirected header",
        5 => "MTU",
        14 => "Nonce",
        24 => "Route Information",
        25 => "Recursive DNS Server",
        31 => "DNS Search List Option",
        _ => "Unknown",
    }
}
