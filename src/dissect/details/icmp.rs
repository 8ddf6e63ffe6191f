//! ICMP (RFC 792): echoes with their data, and errors with the packet that they quote.

use super::facts::{Part, sum};
use super::tree::{Layer, Tree};
use super::{apps, arrival, ip};
use crate::dissect::icmp as rows;
use crate::dissect::payload::Stop;
use crate::source::Frame;
use crate::time::{NANOS_PER_SEC, Timestamp, seconds};

const HEADER_LEN: usize = 8;
/// In nanoseconds.
const DAY: i64 = 86_400 * NANOS_PER_SEC;

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("icmp", "ICMP");
    let (kind, code) = (layer.u8(0)?, layer.u8(1)?);
    tree.part(Part::Icmp("ICMP"), layer.len());
    tree.field(&layer, 0, layer.bytes.captured().len(), format_args!("Internet Control Message Protocol"));
    tree.under(|tree| {
        let (name, code_name) = rows::names(kind, code);
        tree.field(&layer, 0, 1, format_args!("Type: {kind} ({name})"));
        match code_name {
            Some(name) if !name.is_empty() => tree.field(&layer, 1, 1, format_args!("Code: {code} ({name})")),
            _ => tree.field(&layer, 1, 1, format_args!("Code: {code}")),
        }
        checksum(tree, &layer, layer.bytes(0, layer.len()).ok().map(|bytes| sum(&[bytes])))?;
        match kind {
            0 | 8 => echo(tree, layer),
            3 | 4 | 5 | 11 | 12 => error(tree, layer, kind, code),
            _ => {
                let rest = layer.after(4);
                if rest.len() > 0 { apps::data_here(tree, rest) } else { Ok(()) }
            }
        }
    })
}

/// The checksum, and whether it holds: then the sum over everything is 0xffff.
pub(super) fn checksum(tree: &mut Tree<'_>, layer: &Layer<'_>, sum: Option<u16>) -> Result<(), Stop> {
    let checksum = layer.be16(2)?;
    if tree.quoted {
        tree.field(layer, 2, 2, format_args!("Checksum: 0x{checksum:04x} [unverified] [in ICMP error packet]"));
        tree.note(format_args!("[Checksum Status: Unverified]"));
        return Ok(());
    }
    match sum {
        None => {
            tree.field(layer, 2, 2, format_args!("Checksum: 0x{checksum:04x} [unverified]"));
            tree.note(format_args!("[Checksum Status: Unverified]"));
        }
        Some(0xffff) => {
            tree.field(layer, 2, 2, format_args!("Checksum: 0x{checksum:04x} [correct]"));
            tree.note(format_args!("[Checksum Status: Good]"));
        }
        Some(sum) => {
            let right = corrected(checksum, sum);
            tree.field(layer, 2, 2, format_args!("Checksum: 0x{checksum:04x} incorrect, should be 0x{right:04x}"));
            tree.expert("Error", "Checksum", format_args!("Bad checksum [should be 0x{right:04x}]"));
            tree.note(format_args!("[Checksum Status: Bad]"));
        }
    }
    Ok(())
}

/// The checksum with which the sum over everything would be 0xffff (RFC 1624).
fn corrected(checksum: u16, total: u16) -> u16 {
    let without = sum(&[&total.to_be_bytes(), &(!checksum).to_be_bytes()]);
    !without
}

/// identifier 2, sequence number 2, data
fn echo(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    let (id, sequence) = (layer.be16(4)?, layer.be16(6)?);
    for (at, name, value) in [(4, "Identifier", id), (6, "Sequence Number", sequence)] {
        let little = value.swap_bytes();
        tree.field(&layer, at, 2, format_args!("{name} (BE): {value} (0x{value:04x})"));
        tree.field(&layer, at, 2, format_args!("{name} (LE): {little} (0x{little:04x})"));
    }
    let mut rest = layer.after(HEADER_LEN);
    if let Some(time) = send_time(tree.frame, &rest) {
        tree.field(&rest, 0, 8, format_args!("Timestamp from icmp data: {} UTC", arrival(time)));
        let age = tree.frame.time.since(time);
        tree.note(format_args!("[Timestamp from icmp data (relative): {} seconds]", seconds(age.0, 9)));
        rest = rest.after(8);
    }
    if rest.len() > 0 { apps::data_here(tree, rest) } else { Ok(()) }
}

/// When the sender says that it sent an echo: seconds 4 and microseconds 4 in either byte order, if that is within a day
/// of the frame's own time.
fn send_time(frame: &Frame<'_>, data: &Layer<'_>) -> Option<Timestamp> {
    let little = (data.array(0).ok().map(u32::from_le_bytes)?, data.array(4).ok().map(u32::from_le_bytes)?);
    let big = (data.be32(0).ok()?, data.be32(4).ok()?);
    [little, big].into_iter().find_map(|(secs, micros)| {
        let nanos =
            i64::from(secs).saturating_mul(NANOS_PER_SEC).saturating_add(i64::from(micros).saturating_mul(1000));
        let is_near = frame.time.since(Timestamp(nanos)).0.unsigned_abs() < DAY.unsigned_abs();
        (is_near && micros < 1_000_000).then_some(Timestamp(nanos))
    })
}

/// unused 1, length of the quoted packet 1, unused 2, or by kind; the quoted packet
fn error(tree: &mut Tree<'_>, layer: Layer<'_>, kind: u8, code: u8) -> Result<(), Stop> {
    let word = layer.be32(4)?;
    match (kind, code) {
        (5, _) => {
            let gateway = std::net::Ipv4Addr::from(word);
            tree.field(&layer, 4, 4, format_args!("Gateway Address: {gateway}"));
        }
        (12, _) => {
            tree.field(&layer, 4, 1, format_args!("Pointer: {}", word >> 24));
        }
        (3, 4) => {
            tree.field(&layer, 4, 2, format_args!("Unused: {:04x}", word >> 16));
            tree.field(&layer, 6, 2, format_args!("MTU of next hop: {}", word & 0xffff));
        }
        (3 | 11, _) if layer.u8(5)? > 0 => {
            let len = layer.u8(5)?;
            tree.field(&layer, 4, 1, format_args!("Unused: {:02x}", word >> 24));
            tree.field(&layer, 5, 1, format_args!("Length: {len}"));
            tree.note(format_args!("[Length of original datagram: {}]", usize::from(len).saturating_mul(4)));
            tree.field(&layer, 6, 2, format_args!("Unused: {:04x}", word & 0xffff));
        }
        _ => tree.field(&layer, 4, 4, format_args!("Unused: {word:08x}")),
    }
    let original = layer.after(HEADER_LEN);
    if (kind, code) == (3, 3) && !tree.quoted {
        tree.facts.unreachable = ports(&original);
    }
    if original.len() == 0 { Ok(()) } else { ip::quoted(tree, original) }
}

/// The UDP ports in a quoted packet.
pub(super) fn ports(original: &Layer<'_>) -> Option<(u16, u16)> {
    let first = original.u8(0).ok()?;
    let (protocol, header_len) = match first >> 4 {
        4 => (original.u8(9).ok()?, usize::from(first & 15).saturating_mul(4)),
        _ => (original.u8(6).ok()?, 40),
    };
    let udp = original.after(header_len);
    (protocol == 17).then_some(())?;
    Some((udp.be16(0).ok()?, udp.be16(2).ok()?))
}
