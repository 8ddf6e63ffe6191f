//! UDP (RFC 768).

use super::apps;
use super::facts::{Part, Udp, pseudo_header, sum};
use super::ip::Packet;
use super::tree::{Layer, Tree};
use crate::dissect::payload::Stop;
use crate::dissect::{Endpoint, FiveTuple};
use crate::time::seconds;

const HEADER_LEN: usize = 8;
const PROTOCOL: u8 = 17;

/// A datagram.
pub(super) fn datagram(tree: &mut Tree<'_>, layer: Layer<'_>, packet: Packet) -> Result<(), Stop> {
    tree.enter("udp", "UDP");
    let (src, dst) = (layer.be16(0)?, layer.be16(2)?);
    let title = HEADER_LEN.min(layer.bytes.captured().len());
    tree.field(&layer, 0, title, format_args!("User Datagram Protocol, Src Port: {src}, Dst Port: {dst}"));
    let tuple =
        FiveTuple { src: Endpoint { addr: packet.src, port: src }, dst: Endpoint { addr: packet.dst, port: dst } };
    let Some(len) = tree.under(|tree| header(tree, &layer, tuple))? else { return Ok(()) };
    let payload = layer.truncated(len).after(HEADER_LEN);
    if !tree.quoted {
        tree.part(Part::Udp, HEADER_LEN);
        tree.facts.udp = Some(facts(&layer, tuple, len)?);
    }
    if payload.len() == 0 || (tree.quoted && payload.bytes.captured().is_empty()) {
        return Ok(());
    }
    tree.part(Part::Payload, payload.len());
    tree.at_margin(|tree| apps::datagram(tree, payload, tuple))
}

/// The header's lines; the datagram's length, unless that can't be.
fn header(tree: &mut Tree<'_>, layer: &Layer<'_>, tuple: FiveTuple) -> Result<Option<usize>, Stop> {
    let (src, dst) = (tuple.src.port, tuple.dst.port);
    tree.field(layer, 0, 2, format_args!("Source Port: {src}"));
    tree.field(layer, 2, 2, format_args!("Destination Port: {dst}"));
    let claimed = layer.be16(4)?;
    let len = match claimed {
        0 if tuple.src.addr.is_ipv6() => layer.len(),
        len => len.into(),
    };
    if len < HEADER_LEN {
        tree.field(layer, 4, 2, format_args!("Length: {claimed} (bogus, must be >= 8)"));
        tree.expert("Error", "Malformed", format_args!("Bad length value {claimed} < 8"));
        return Ok(None);
    }
    if len > layer.len() && !tree.fragmented {
        let available = layer.len();
        tree.field(layer, 4, 2, format_args!("Length: {claimed} (bogus, payload length {available})"));
        tree.expert("Error", "Malformed", format_args!("Bad length value {claimed} > IP payload length"));
    } else {
        tree.field(layer, 4, 2, format_args!("Length: {claimed}"));
    }
    let checksum = layer.be16(6)?;
    match (checksum, tuple.src.addr.is_ipv6()) {
        (0, false) => {
            tree.field(layer, 6, 2, format_args!("Checksum: 0x0000 [zero-value ignored]"));
            tree.under(|tree| tree.note(format_args!("[Checksum Status: Not present]")));
        }
        (0, true) => {
            tree.field(layer, 6, 2, format_args!("Checksum: 0x0000 [zero-value illegal]"));
            tree.note(format_args!("[Checksum Status: Illegal]"));
        }
        _ => {
            tree.field(layer, 6, 2, format_args!("Checksum: 0x{checksum:04x} [unverified]"));
            tree.note(format_args!("[Checksum Status: Unverified]"));
        }
    }
    times(tree, tuple);
    let payload = layer.truncated(len).after(HEADER_LEN);
    match payload.bytes.captured().len() {
        0 => {}
        count => {
            let plural = if count == 1 { "" } else { "s" };
            tree.field(&payload, 0, count, format_args!("UDP payload ({count} byte{plural})"));
        }
    }
    Ok(Some(len))
}

/// The conversation's number, and how old it is.
fn times(tree: &mut Tree<'_>, tuple: FiveTuple) {
    let now = tree.frame.time;
    let stream = tree.known.udp.stream(tuple, now);
    let index = stream.index;
    if tree.quoted {
        return tree.note(format_args!("[Stream index: {index}]"));
    }
    let (first, before) = stream.next(now);
    tree.note(format_args!("[Stream index: {index}]"));
    tree.note(format_args!("[Timestamps]"));
    tree.under(|tree| {
        tree.note(format_args!("[Time since first frame: {} seconds]", seconds(first.0, 9)));
        tree.note(format_args!("[Time since previous frame: {} seconds]", seconds(before.0, 9)));
    });
}

fn facts(layer: &Layer<'_>, tuple: FiveTuple, len: usize) -> Result<Udp, Stop> {
    let pseudo = pseudo_header(tuple.src.addr, tuple.dst.addr, PROTOCOL, len);
    let computed = layer.bytes(0, len).ok().and_then(|bytes| {
        let (ports, payload) = (bytes.get(..6)?, bytes.get(HEADER_LEN..)?);
        let sum = !sum(&[&pseudo, ports, payload]);
        Some(if sum == 0 { 0xffff } else { sum })
    });
    Ok(Udp {
        src: (tuple.src.addr, tuple.src.port),
        dst: (tuple.dst.addr, tuple.dst.port),
        length: layer.be16(4)?,
        checksum: layer.be16(6)?,
        computed,
        pseudo: sum(&[&pseudo]),
    })
}
