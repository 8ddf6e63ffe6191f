//! Which application reads a datagram, and payload that none reads; SSDP (HTTP over UDP) line by line.

use super::tree::{Hex, Layer, Shown, Tree};
use super::{dhcp, dns, dump, nbns};
use crate::dissect::payload::Stop;
use crate::dissect::protocol::{self, Protocol};
use crate::dissect::{FiveTuple, dns as rows};

/// A datagram's payload, for the application of the lower port, then of the other, then for whoever knows it by its looks.
pub(super) fn datagram(tree: &mut Tree<'_>, layer: Layer<'_>, tuple: FiveTuple) -> Result<(), Stop> {
    let (src, dst) = (tuple.src.port, tuple.dst.port);
    for port in [src.min(dst), src.max(dst)] {
        return match protocol::by_port(port).map(|(name, _)| name) {
            Some(name @ (Protocol::Dns | Protocol::Mdns | Protocol::Llmnr)) => dns::message(tree, layer, name),
            Some(Protocol::Nbns) => nbns::message(tree, layer),
            Some(Protocol::Ssdp) => {
                ssdp(tree, layer);
                Ok(())
            }
            Some(Protocol::Dhcp) if dhcp::is_one(&layer) => dhcp::message(tree, layer),
            _ => continue,
        };
    }
    if rows::is_likely(layer.bytes)? { dns::message(tree, layer, Protocol::Dns) } else { data(tree, layer) }
}

/// A segment's payload: a whole message of DNS behind its length, or what nobody reads.
pub(super) fn segment(tree: &mut Tree<'_>, layer: Layer<'_>, tuple: FiveTuple) -> Result<(), Stop> {
    const DNS: u16 = 53;
    let is_whole = layer.be16(0).is_ok_and(|len| usize::from(len).saturating_add(2) == layer.len() && len >= 12);
    if is_whole && [tuple.src.port, tuple.dst.port].contains(&DNS) {
        dns::message_with_length(tree, layer)
    } else {
        data(tree, layer)
    }
}

/// Payload that nobody reads.
pub(super) fn data(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.at_margin(|tree| data_here(tree, layer))
}

/// The same, where there is any.
pub(super) fn data_if_any(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    if layer.len() > 0 { data(tree, layer) } else { Ok(()) }
}

/// The same, as deep as what it belongs to.
pub(super) fn data_here(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    let bytes = layer.bytes.captured();
    if bytes.is_empty() {
        return layer.u8(0).map(drop);
    }
    tree.protocols.push("data");
    let (count, plural) = (bytes.len(), if bytes.len() == 1 { "" } else { "s" });
    tree.field(&layer, 0, count, format_args!("Data ({count} byte{plural})"));
    if tree.dumps_data {
        tree.dump_line(None, b"");
        for (at, len, row) in dump::rows(bytes) {
            tree.dump_line(Some((&layer, at, len)), &row);
        }
    }
    tree.under(|tree| {
        tree.field(&layer, 0, count, format_args!("Data: {}", Hex(bytes)));
        tree.note(format_args!("[Length: {count}]"));
    });
    Ok(())
}

/// A request or response of HTTP, one line after the other.
fn ssdp(tree: &mut Tree<'_>, layer: Layer<'_>) {
    tree.enter("ssdp", "SSDP");
    let bytes = layer.bytes.captured();
    tree.field(&layer, 0, bytes.len(), format_args!("Simple Service Discovery Protocol"));
    tree.under(|tree| {
        let mut at = 0_usize;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            tree.field(&layer, at, line.len(), format_args!("{}", Shown(line)));
            if at == 0 {
                first_line(tree, &layer, line);
            }
            at = at.saturating_add(line.len());
        }
    });
}

fn first_line(tree: &mut Tree<'_>, layer: &Layer<'_>, line: &[u8]) {
    tree.expert("Chat", "Sequence", format_args!("{}", Shown(line)));
    let names = if line.starts_with(b"HTTP/") {
        ["Response Version", "Status Code", "Response Phrase"]
    } else {
        ["Request Method", "Request URI", "Request Version"]
    };
    tree.under(|tree| {
        let words = line.trim_ascii_end().splitn(3, |byte| *byte == b' ');
        let mut at = 0_usize;
        for (n, (name, word)) in names.into_iter().zip(words).enumerate() {
            tree.field(layer, at, word.len(), format_args!("{name}: {}", Shown(word)));
            if n == 1 && name == "Status Code" && word == b"200" {
                tree.note(format_args!("[Status Code Description: OK]"));
            }
            at = at.saturating_add(word.len()).saturating_add(1);
        }
    });
}
