//! `NetBIOS` name service messages (RFC 1002): DNS's form, with names in an encoding of their own.

use std::net::Ipv4Addr;

use super::tree::{Bits, Hex, Layer, Span, Tree};
use crate::dissect::dns::{MAX_STEPS, Name};
use crate::dissect::nbns as rows;
use crate::dissect::payload::Stop;

const HEADER_LEN: usize = 12;
const RESPONSE: u16 = 0x8000;
const NB: u16 = 0x20;
const NBSTAT: u16 = 0x21;
const MAX_RECORDS: u32 = 4096;

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("nbns", "NBNS");
    let flags = layer.be16(2)?;
    tree.field(&layer, 0, layer.bytes.captured().len(), format_args!("NetBIOS Name Service"));
    tree.under(|tree| {
        tree.field(&layer, 0, 2, format_args!("Transaction ID: 0x{:04x}", layer.be16(0)?));
        flag_lines(tree, &layer, flags);
        let counts = [layer.be16(4)?, layer.be16(6)?, layer.be16(8)?, layer.be16(10)?];
        let names = ["Questions", "Answer RRs", "Authority RRs", "Additional RRs"];
        for ((at, name), count) in [4, 6, 8, 10].into_iter().zip(names).zip(counts) {
            tree.field(&layer, at, 2, format_args!("{name}: {count}"));
        }
        sections(tree, &layer, counts)
    })
}

fn flag_lines(tree: &mut Tree<'_>, layer: &Layer<'_>, flags: u16) {
    let is_response = flags & RESPONSE != 0;
    let number = (flags >> 11) & 15;
    let operation = rows::operation_name(number);
    let mut names = format!(", Opcode: {operation}");
    let code = rows::reply_name(flags & 15).trim_start_matches(", ");
    let code = if code.is_empty() { "No error" } else { code };
    for (mask, name) in [(0x0400, "Authoritative"), (0x0200, "Truncated"), (0x0100, "Recursion desired")] {
        if flags & mask != 0 && (mask != 0x0400 || is_response) {
            names.push_str(", ");
            names.push_str(name);
        }
    }
    for (mask, name) in [(0x0080, "Recursion available"), (0x0010, "Broadcast")] {
        if flags & mask != 0 && (mask != 0x0080 || is_response) {
            names.push_str(", ");
            names.push_str(name);
        }
    }
    let way = if is_response { " response" } else { "" };
    let error = if is_response { format!(", {code}") } else { String::new() };
    let names = names.replacen(operation.as_ref(), &format!("{operation}{way}"), usize::from(is_response));
    tree.field(layer, 2, 2, format_args!("Flags: 0x{flags:04x}{names}{error}"));
    let bit = |mask: u32| Bits::of(flags, mask, 16);
    tree.under(|tree| {
        tree.flag(layer, 2, bit(0x8000), "Response", ["Message is a query", "Message is a response"]);
        tree.bits(layer, 2, bit(0x7800), format_args!("Opcode: {operation} ({number})"));
        if is_response {
            let words = ["Server is not an authority for domain", "Server is an authority for domain"];
            tree.flag(layer, 2, bit(0x0400), "Authoritative", words);
        }
        tree.flag(layer, 2, bit(0x0200), "Truncated", ["Message is not truncated", "Message is truncated"]);
        let desired = ["Don't do query recursively", "Do query recursively"];
        tree.flag(layer, 2, bit(0x0100), "Recursion desired", desired);
        if is_response {
            let available = ["Server can't do recursive queries", "Server can do recursive queries"];
            tree.flag(layer, 2, bit(0x0080), "Recursion available", available);
        }
        tree.flag(layer, 2, bit(0x0010), "Broadcast", ["Not a broadcast packet", "Broadcast packet"]);
        if is_response {
            tree.bits(layer, 2, bit(0x000f), format_args!("Reply code: {code} ({})", flags & 15));
        }
    });
}

fn sections(tree: &mut Tree<'_>, layer: &Layer<'_>, counts: [u16; 4]) -> Result<(), Stop> {
    let (mut at, mut steps, mut left) = (HEADER_LEN, MAX_STEPS, MAX_RECORDS);
    let names = ["Queries", "Answers", "Authoritative nameservers", "Additional records"];
    for (n, (name, count)) in names.into_iter().zip(counts).enumerate() {
        if count == 0 {
            continue;
        }
        tree.field(layer, at, 1, format_args!("{name}"));
        tree.under(|tree| {
            for _ in 0..count {
                left = left.checked_sub(1).ok_or(Stop::Malformed)?;
                at = entry(tree, layer, at, &mut steps, n == 0)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A question (name, type 2, class 2) or a record (time to live 4, length 2 and data, too); where it ends.
fn entry(
    tree: &mut Tree<'_>,
    layer: &Layer<'_>,
    start: usize,
    steps: &mut u32,
    is_question: bool,
) -> Result<usize, Stop> {
    let mut name = Name::default();
    let name_len = name.read(layer.bytes, start, steps)?;
    let at = start.saturating_add(name_len);
    let (kind, class) = (layer.be16(at)?, layer.be16(at.saturating_add(2))?);
    let data_len = if is_question { 0 } else { usize::from(layer.be16(at.saturating_add(8))?) };
    let fixed = if is_question { 4 } else { 10 };
    let end = at.saturating_add(fixed).saturating_add(data_len);
    let (shown, meaning) = rows::name_and_meaning(name.stored());
    let (type_name, class_name) =
        (String::from_utf8_lossy(rows::type_name(kind)), if class == 1 { "IN" } else { "Unknown" });
    let title = format!("{shown}: type {type_name}, class {class_name}");
    tree.field(layer, start, end.saturating_sub(start), format_args!("{title}"));
    tree.under(|tree| {
        let meaning = meaning.map(|meaning| format!(" ({meaning})")).unwrap_or_default();
        tree.field(layer, start, name_len, format_args!("Name: {shown}{meaning}"));
        tree.field(layer, at, 2, format_args!("Type: {type_name} ({kind})"));
        tree.field(layer, at.saturating_add(2), 2, format_args!("Class: {class_name} ({class})"));
        if is_question {
            return Ok(());
        }
        let ttl_at = at.saturating_add(4);
        let ttl = layer.be32(ttl_at)?;
        let words = if ttl == 0 { "0 seconds".to_owned() } else { Span(ttl).to_string() };
        tree.field(layer, ttl_at, 4, format_args!("Time to live: {words}"));
        tree.field(layer, at.saturating_add(8), 2, format_args!("Data length: {data_len}"));
        data(tree, &layer.subset(at.saturating_add(10), data_len)?, kind)
    })?;
    Ok(end)
}

fn data(tree: &mut Tree<'_>, data: &Layer<'_>, kind: u16) -> Result<(), Stop> {
    let mut at = 0_usize;
    while kind == NB && at.saturating_add(6) <= data.len() {
        let flags = data.be16(at)?;
        // Wireshark has no name for the last of them in the field, but in brackets.
        let (node, kind) = match (flags >> 13) & 3 {
            0 => ("B-node", "B-node"),
            1 => ("P-node", "P-node"),
            2 => ("M-node", "M-node"),
            _ => ("Unknown", "H-node"),
        };
        let name_type = if flags & 0x8000 == 0 { "" } else { ", Name type" };
        let group = if flags & 0x8000 == 0 { "unique" } else { "group" };
        tree.field(data, at, 2, format_args!("Name flags: 0x{flags:04x}{name_type}, ONT: {node} ({kind}, {group})"));
        tree.under(|tree| {
            let words = ["Unique name", "Group name"];
            tree.flag(data, at, Bits::of(flags, 0x8000, 16), "Name type", words);
            let bits = Bits::of(flags, 0x6000, 16);
            tree.bits(data, at, bits, format_args!("ONT: {node} ({})", bits.number()));
        });
        let addr_at = at.saturating_add(2);
        tree.field(data, addr_at, 4, format_args!("Addr: {}", Ipv4Addr::from(data.array::<4>(addr_at)?)));
        at = at.saturating_add(6);
    }
    let rest = data.len().saturating_sub(at);
    if rest > 0 {
        let what = if kind == NBSTAT { "Node status" } else { "Data" };
        tree.field(data, at, rest, format_args!("{what}: {}", Hex(data.bytes(at, rest)?)));
    }
    Ok(())
}
