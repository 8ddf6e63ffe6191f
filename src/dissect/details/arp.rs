//! ARP (RFC 826) and RARP (RFC 903): the header and its four addresses.

use super::facts::Part;
use super::tree::{Hex, Layer, Mac, Tree};
use crate::dissect::ethertype;
use crate::dissect::payload::Stop;

const HEADER_LEN: usize = 8;
const ETHERNET: u16 = 1;

/// What a message says of its addresses.
#[derive(Clone, Copy)]
struct Header {
    hardware: u16,
    protocol: u16,
    hardware_len: usize,
    protocol_len: usize,
    operation: u16,
}

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("arp", "ARP");
    let header = Header {
        hardware: layer.be16(0)?,
        protocol: layer.be16(2)?,
        hardware_len: layer.u8(4)?.into(),
        protocol_len: layer.u8(5)?.into(),
        operation: layer.be16(6)?,
    };
    let pair = header.hardware_len.saturating_add(header.protocol_len);
    let len = HEADER_LEN.saturating_add(pair.saturating_mul(2));
    tree.part(Part::Message("ARP"), len.min(layer.len()));
    let title = match header.operation {
        3 | 4 => "Reverse Address Resolution Protocol",
        8 | 9 => "Inverse Address Resolution Protocol",
        _ => "Address Resolution Protocol",
    };
    let (name, what) = (operation(header.operation), claim(&layer, header));
    tree.field(&layer, 0, len, format_args!("{title} ({what})"));
    tree.under(|tree| {
        tree.field(&layer, 0, 2, format_args!("Hardware type: {} ({})", hardware(header.hardware), header.hardware));
        let protocol = header.protocol;
        match ethertype::name(protocol) {
            Some(name) => tree.field(&layer, 2, 2, format_args!("Protocol type: {name} (0x{protocol:04x})")),
            None => tree.field(&layer, 2, 2, format_args!("Protocol type: Unknown (0x{protocol:04x})")),
        }
        tree.field(&layer, 4, 1, format_args!("Hardware size: {}", header.hardware_len));
        tree.field(&layer, 5, 1, format_args!("Protocol size: {}", header.protocol_len));
        tree.field(&layer, 6, 2, format_args!("Opcode: {name} ({})", header.operation));
        let mut at = HEADER_LEN;
        for whose in ["Sender", "Target"] {
            hardware_address(tree, &layer, at, whose, header)?;
            at = at.saturating_add(header.hardware_len);
            protocol_address(tree, &layer, at, whose, header)?;
            at = at.saturating_add(header.protocol_len);
        }
        Ok(())
    })
}

fn hardware_address(
    tree: &mut Tree<'_>,
    layer: &Layer<'_>,
    at: usize,
    whose: &str,
    header: Header,
) -> Result<(), Stop> {
    match (header.hardware, header.hardware_len) {
        (_, 0) => {}
        (ETHERNET | 6, 6) => tree.field(layer, at, 6, format_args!("{whose} MAC address: {}", Mac(layer.array(at)?))),
        (_, len) => {
            tree.field(layer, at, len, format_args!("{whose} hardware address: {}", Hex(layer.bytes(at, len)?)));
        }
    }
    Ok(())
}

fn protocol_address(
    tree: &mut Tree<'_>,
    layer: &Layer<'_>,
    at: usize,
    whose: &str,
    header: Header,
) -> Result<(), Stop> {
    match (header.protocol, header.protocol_len) {
        (_, 0) => {}
        (ethertype::IPV4, 4) => {
            let addr = std::net::Ipv4Addr::from(layer.array::<4>(at)?);
            tree.field(layer, at, 4, format_args!("{whose} IP address: {addr}"));
        }
        (_, len) => {
            tree.field(layer, at, len, format_args!("{whose} protocol address: {}", Hex(layer.bytes(at, len)?)));
        }
    }
    Ok(())
}

/// What the title says: the operation, or what a request or reply claims of its sender's own address.
fn claim(layer: &Layer<'_>, header: Header) -> String {
    let name = operation(header.operation);
    let at = |place: usize| layer.array::<4>(place.saturating_add(header.hardware_len)).ok();
    let target = HEADER_LEN.saturating_add(header.hardware_len).saturating_add(header.protocol_len);
    let (from, to) = (at(HEADER_LEN), at(target));
    let is_unset = layer.array(target) == Ok([0; 6]);
    match (header.operation, header.protocol_len) {
        (1, 4) if from.is_some() && from == to && is_unset => "ARP Announcement".to_owned(),
        (1 | 2, 4) if from.is_some() && from == to => format!("{name}/gratuitous ARP"),
        (1, 4) if from == Some([0; 4]) && is_unset => "ARP Probe".to_owned(),
        (0 | 0xffff, _) => "reserved".to_owned(),
        (1..=9, _) => name.to_owned(),
        (number, _) => format!("opcode 0x{number:04x}"),
    }
}

fn operation(operation: u16) -> &'static str {
    match operation {
        0 | 0xffff => "reserved",
        1 => "request",
        2 => "reply",
        3 => "reverse request",
        4 => "reverse reply",
        5 => "drarp request",
        6 => "drarp reply",
        7 => "drarp error",
        8 => "inverse request",
        9 => "inverse reply",
        _ => "Unknown",
    }
}

/// The name of a hardware type.
pub(super) fn hardware(kind: u16) -> &'static str {
    match kind {
        1 => "Ethernet",
        2 => "Experimental Ethernet",
        3 => "AX.25",
        4 => "ProNET Token Ring",
        5 => "Chaos",
        6 => "IEEE 802",
        7 => "ARCNET",
        15 => "Frame Relay DLCI",
        16 => "ATM",
        17 => "HDLC",
        18 => "Fibre Channel",
        20 => "Serial Line",
        24 => "IEEE 1394.1995",
        27 => "EUI-64",
        32 => "InfiniBand",
        _ => "Unknown",
    }
}
