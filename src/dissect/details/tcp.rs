//! TCP (RFC 9293): the header and its options; sequence numbers count from the first seen, as in rows.

use super::apps;
use super::facts::Part;
use super::ip::{Packet, each_option};
use super::tree::{Bits, Hex, Layer, Tree, listed};
use crate::dissect::payload::Stop;
use crate::dissect::{Endpoint, FiveTuple};
use crate::time::seconds;

const HEADER_LEN: usize = 20;
const ACK: u16 = 0x010;
const SYN: u16 = 0x002;
const FIN: u16 = 0x001;

/// Flags, from the lowest: their short name, their long one, and their letter.
const FLAGS: [(&str, &str, char); 9] = [
    ("FIN", "Fin", 'F'),
    ("SYN", "Syn", 'S'),
    ("RST", "Reset", 'R'),
    ("PSH", "Push", 'P'),
    ("ACK", "Acknowledgment", 'A'),
    ("URG", "Urgent", 'U'),
    ("ECE", "ECN-Echo", 'E'),
    ("CWR", "Congestion Window Reduced", 'C'),
    ("AE", "Accurate ECN", 'N'),
];

/// What a segment's lines are made of.
struct Numbers {
    seq: u32,
    ack: Option<u32>,
    len: usize,
    flags: u16,
    header_len: usize,
    index: u64,
    /// What acknowledged numbers count from.
    peer_base: u32,
}

/// A segment.
pub(super) fn segment(tree: &mut Tree<'_>, layer: Layer<'_>, packet: Packet) -> Result<(), Stop> {
    tree.enter("tcp", "TCP");
    let (src, dst) = (layer.be16(0)?, layer.be16(2)?);
    let tuple =
        FiveTuple { src: Endpoint { addr: packet.src, port: src }, dst: Endpoint { addr: packet.dst, port: dst } };
    let Ok(word) = layer.be16(12) else {
        let text = format_args!("Transmission Control Protocol, Src Port: {src}, Dst Port: {dst}");
        tree.field(&layer, 0, layer.bytes.captured().len(), text);
        return tree.under(|tree| {
            tree.field(&layer, 0, 2, format_args!("Source Port: {src}"));
            tree.field(&layer, 2, 2, format_args!("Destination Port: {dst}"));
            let seq = layer.be32(4)?;
            tree.field(&layer, 4, 4, format_args!("Sequence Number: {seq}"));
            layer.be16(12).map(drop)
        });
    };
    let header_len = usize::from(word >> 12).saturating_mul(4);
    let numbers = numbers(tree, &layer, tuple, word & 0xfff, header_len)?;
    let ack = numbers.ack.map(|ack| format!(", Ack: {ack}")).unwrap_or_default();
    let (seq, len) = (numbers.seq, numbers.len);
    let text =
        format_args!("Transmission Control Protocol, Src Port: {src}, Dst Port: {dst}, Seq: {seq}{ack}, Len: {len}");
    tree.field(&layer, 0, header_len.min(layer.bytes.captured().len()), text);
    tree.under(|tree| header(tree, &layer, tuple, &numbers))?;
    tree.part(Part::Tcp, header_len);
    let payload = layer.after(header_len);
    if payload.bytes.captured().is_empty() {
        return Ok(());
    }
    tree.part(Part::Payload, payload.len());
    tree.at_margin(|tree| apps::segment(tree, payload, tuple))
}

fn numbers(
    tree: &mut Tree<'_>,
    layer: &Layer<'_>,
    tuple: FiveTuple,
    flags: u16,
    header_len: usize,
) -> Result<Numbers, Stop> {
    let (seq, ack) = (layer.be32(4)?, Some(layer.be32(8)?).filter(|_| flags & ACK != 0));
    let stream = tree.known.tcp.stream(tuple, tree.frame.time);
    let (seq, ack, peer_base) = stream.relative(tuple, seq, ack, flags & SYN != 0);
    Ok(Numbers {
        seq,
        ack,
        len: layer.len().saturating_sub(header_len),
        flags,
        header_len,
        index: stream.index,
        peer_base,
    })
}

fn header(tree: &mut Tree<'_>, layer: &Layer<'_>, tuple: FiveTuple, numbers: &Numbers) -> Result<(), Stop> {
    let Numbers { seq, ack, len, flags, header_len, index, peer_base } = *numbers;
    tree.field(layer, 0, 2, format_args!("Source Port: {}", tuple.src.port));
    tree.field(layer, 2, 2, format_args!("Destination Port: {}", tuple.dst.port));
    tree.note(format_args!("[Stream index: {index}]"));
    tree.note(format_args!("[TCP Segment Len: {len}]"));
    tree.field(layer, 4, 4, format_args!("Sequence Number: {seq}    (relative sequence number)"));
    tree.field(layer, 4, 4, format_args!("Sequence Number (raw): {}", layer.be32(4)?));
    let taken = u32::from(flags & SYN != 0).wrapping_add((flags & FIN != 0).into());
    let next = seq.wrapping_add(u32::try_from(len).unwrap_or(u32::MAX)).wrapping_add(taken);
    tree.note(format_args!("[Next Sequence Number: {next}    (relative sequence number)]"));
    match ack {
        Some(ack) => tree.field(layer, 8, 4, format_args!("Acknowledgment Number: {ack}    (relative ack number)")),
        None => tree.field(layer, 8, 4, format_args!("Acknowledgment Number: {}", layer.be32(8)?)),
    }
    tree.field(layer, 8, 4, format_args!("Acknowledgment number (raw): {}", layer.be32(8)?));
    let first = layer.u8(12)?;
    let counted = Bits::of(first, 0xf0, 8);
    if header_len < HEADER_LEN {
        let bogus = format_args!("Header Length: {header_len} bytes (bogus, must be at least {HEADER_LEN})");
        tree.bits(layer, 12, counted, bogus);
        return Err(Stop::Malformed);
    }
    tree.bits(layer, 12, counted, format_args!("Header Length: {header_len} bytes ({})", first >> 4));
    flag_lines(tree, layer, flags, tuple);
    tree.field(layer, 14, 2, format_args!("Window: {}", layer.be16(14)?));
    tree.field(layer, 16, 2, format_args!("Checksum: 0x{:04x} [unverified]", layer.be16(16)?));
    tree.note(format_args!("[Checksum Status: Unverified]"));
    tree.field(layer, 18, 2, format_args!("Urgent Pointer: {}", layer.be16(18)?));
    if header_len > HEADER_LEN {
        options(tree, layer, header_len.saturating_sub(HEADER_LEN), peer_base)?;
    }
    times(tree, tuple);
    let payload = layer.after(header_len);
    match payload.bytes.captured().len() {
        0 => {}
        count => {
            let plural = if count == 1 { "" } else { "s" };
            tree.field(&payload, 0, count, format_args!("TCP payload ({count} byte{plural})"));
        }
    }
    Ok(())
}

fn times(tree: &mut Tree<'_>, tuple: FiveTuple) {
    if tree.quoted {
        return;
    }
    let now = tree.frame.time;
    let (first, before) = tree.known.tcp.stream(tuple, now).next(now);
    tree.note(format_args!("[Timestamps]"));
    tree.under(|tree| {
        tree.note(format_args!("[Time since first frame in this TCP stream: {} seconds]", seconds(first.0, 9)));
        tree.note(format_args!("[Time since previous frame in this TCP stream: {} seconds]", seconds(before.0, 9)));
    });
}

fn flag_lines(tree: &mut Tree<'_>, layer: &Layer<'_>, flags: u16, tuple: FiveTuple) {
    let set: Vec<_> = (0_u32..).zip(FLAGS).filter(|(n, _)| flags & 1_u16.wrapping_shl(*n) != 0).collect();
    let names: Vec<_> = set.iter().map(|(_, (name, ..))| *name).collect();
    let names = if names.is_empty() { "<None>".to_owned() } else { names.join(", ") };
    tree.field(layer, 12, 2, format_args!("Flags: 0x{flags:03x} ({names})"));
    tree.under(|tree| {
        const SET: [&str; 2] = ["Not set", "Set"];
        tree.flag(layer, 12, Bits::of(flags, 0xe00, 12), "Reserved", SET);
        for (n, (_, name, _)) in (0_u32..).zip(FLAGS).collect::<Vec<_>>().into_iter().rev() {
            let at = if n < 8 { 13 } else { 12 };
            let bits = Bits::of(flags, 1_u32.wrapping_shl(n), 12);
            let word = if bits.is_set() { "Set" } else { "Not set" };
            let len = if n < 8 { 1 } else { 2 };
            tree.field(layer, at, len, format_args!("{bits} = {name}: {word}"));
            if bits.is_set() {
                expert(tree, flags, n, tuple);
            }
        }
        let mut letters = if flags & 0xe00 == 0 { "···".to_owned() } else { "RRR".to_owned() };
        for (n, (_, _, letter)) in (0_u32..).zip(FLAGS).collect::<Vec<_>>().into_iter().rev() {
            letters.push(if flags & 1_u16.wrapping_shl(n) != 0 { letter } else { '·' });
        }
        tree.note(format_args!("[TCP Flags: {letters}]"));
    });
}

/// What Wireshark says of the flags that begin and end a connection.
fn expert(tree: &mut Tree<'_>, flags: u16, flag: u32, tuple: FiveTuple) {
    match flag {
        1 if flags & ACK == 0 => {
            let port = tuple.dst.port;
            tree.expert("Chat", "Sequence", format_args!("Connection establish request (SYN): server port {port}"));
        }
        1 => {
            let port = tuple.src.port;
            tree.expert(
                "Chat",
                "Sequence",
                format_args!("Connection establish acknowledge (SYN+ACK): server port {port}"),
            );
        }
        0 => tree.expert("Chat", "Sequence", format_args!("Connection finish (FIN)")),
        2 => tree.expert("Warning", "Sequence", format_args!("Connection reset (RST)")),
        _ => {}
    }
}

/// The options, one after the other (RFC 9293 section 3.2).
fn options(tree: &mut Tree<'_>, layer: &Layer<'_>, len: usize, peer_base: u32) -> Result<(), Stop> {
    let options = layer.subset(HEADER_LEN, len)?;
    let found = each_option(&options, options.bytes.captured().len())?;
    let names = listed(found.iter().map(|(_, _, kind)| option_name(*kind)));
    tree.field(&options, 0, len, format_args!("Options: ({len} bytes){names}"));
    tree.under(|tree| {
        found.iter().try_for_each(|&(at, len, kind)| option(tree, &options.subset(at, len)?, kind, peer_base))
    })?;
    options.bytes(0, len).map(drop)
}

fn option_name(kind: u8) -> &'static str {
    match kind {
        0 => "End of Option List (EOL)",
        1 => "No-Operation (NOP)",
        2 => "Maximum segment size",
        3 => "Window scale",
        4 => "SACK permitted",
        5 => "SACK",
        8 => "Timestamps",
        19 => "TCP MD5 signature",
        28 => "User Timeout",
        29 => "TCP Authentication Option",
        30 => "Multipath TCP",
        34 => "TCP Fast Open",
        _ => "Unknown",
    }
}

fn kind_name(kind: u8) -> &'static str {
    match kind {
        0 => "End of Option List",
        1 => "No-Operation",
        2 => "Maximum Segment Size",
        3 => "Window Scale",
        4 => "SACK Permitted",
        5 => "SACK",
        8 => "Time Stamp Option",
        19 => "MD5 Signature Option",
        28 => "User Timeout Option",
        29 => "TCP Authentication Option (TCP-AO)",
        30 => "Multipath TCP",
        34 => "TCP Fast Open Cookie",
        _ => "Unknown",
    }
}

/// The edges of a selective acknowledgment's ranges.
fn edges(option: &Layer<'_>, peer_base: u32) -> Result<Vec<(usize, u32, u32)>, Stop> {
    let edge = |at| option.be32(at).map(|edge| edge.wrapping_sub(peer_base));
    let places = (2_usize..).step_by(8).take(option.len().saturating_sub(2) / 8);
    places.map(|at| Ok((at, edge(at)?, edge(at.saturating_add(4))?))).collect()
}

fn option(tree: &mut Tree<'_>, option: &Layer<'_>, kind: u8, peer_base: u32) -> Result<(), Stop> {
    let len = option.len();
    let name = option_name(kind);
    let detail = match (kind, len) {
        (2, 4) => format!(": {} bytes", option.be16(2)?),
        (3, 3) => {
            let shift = option.u8(2)?;
            format!(": {shift} (multiply by {})", 1_u32.wrapping_shl(shift.min(14).into()))
        }
        (8, 10) => format!(": TSval {}, TSecr {}", option.be32(2)?, option.be32(6)?),
        (5, _) => edges(option, peer_base)?
            .iter()
            .fold(String::new(), |list, (_, left, right)| format!("{list} {left}-{right}")),
        _ => String::new(),
    };
    tree.field(option, 0, len, format_args!("TCP Option - {name}{detail}"));
    tree.under(|tree| {
        tree.field(option, 0, 1, format_args!("Kind: {} ({kind})", kind_name(kind)));
        if kind < 2 {
            return Ok(());
        }
        tree.field(option, 1, 1, format_args!("Length: {len}"));
        match (kind, len) {
            (2, 4) => tree.field(option, 2, 2, format_args!("MSS Value: {}", option.be16(2)?)),
            (3, 3) => {
                let shift = option.u8(2)?;
                tree.field(option, 2, 1, format_args!("Shift count: {shift}"));
                tree.note(format_args!("[Multiplier: {}]", 1_u32.wrapping_shl(shift.min(14).into())));
            }
            (8, 10) => {
                tree.field(option, 2, 4, format_args!("Timestamp value: {}", option.be32(2)?));
                tree.field(option, 6, 4, format_args!("Timestamp echo reply: {}", option.be32(6)?));
            }
            (5, 10 | 18 | 26 | 34) => {
                let edges = edges(option, peer_base)?;
                for (at, left, right) in &edges {
                    tree.field(option, *at, 4, format_args!("left edge = {left} (relative)"));
                    tree.field(option, at.saturating_add(4), 4, format_args!("right edge = {right} (relative)"));
                }
                tree.note(format_args!("[TCP SACK Count: {}]", edges.len()));
            }
            (_, 2) => {}
            _ => {
                let rest = len.saturating_sub(2);
                tree.field(option, 2, rest, format_args!("Payload: {}", Hex(option.bytes(2, rest)?)));
            }
        }
        Ok(())
    })
}
