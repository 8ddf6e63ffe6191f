//! IGMP versions 1 to 3 (RFC 1112, 2236, 3376).

use std::net::Ipv4Addr;

use super::facts::{Part, sum};
use super::icmp::checksum;
use super::tree::{Bits, Hex, Layer, Tree};
use crate::dissect::igmp as rows;
use crate::dissect::payload::Stop;

const QUERY: u8 = 0x11;
const V3_QUERY_LEN: usize = 12;
const V3_REPORT: u8 = 0x22;

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    tree.enter("igmp", "IGMP");
    let kind = layer.u8(0)?;
    tree.part(Part::Message("IGMP"), layer.len());
    let version = match kind {
        0x00..=0x0f => 0,
        QUERY if layer.len() >= V3_QUERY_LEN => 3,
        QUERY if layer.u8(1)? == 0 => 1,
        0x12 => 1,
        V3_REPORT => 3,
        _ => 2,
    };
    tree.field(&layer, 0, layer.bytes.captured().len(), format_args!("Internet Group Management Protocol"));
    tree.under(|tree| {
        tree.note(format_args!("[IGMP Version: {version}]"));
        tree.field(&layer, 0, 1, format_args!("Type: {} (0x{kind:02x})", rows::name(kind).unwrap_or("Unknown")));
        let time = layer.u8(1)?;
        match (version, kind) {
            (3, V3_REPORT) | (0 | 1, _) => tree.field(&layer, 1, 1, format_args!("Reserved: {time:02x}")),
            _ => {
                let tenths = response_time(time, version);
                let text = format_args!("Max Resp Time: {}.{} sec (0x{time:02x})", tenths / 10, tenths % 10);
                tree.field(&layer, 1, 1, text);
            }
        }
        checksum(tree, &layer, layer.bytes(0, layer.len()).ok().map(|bytes| sum(&[bytes])))?;
        match (version, kind) {
            (3, V3_REPORT) => report(tree, &layer),
            (3, _) => query(tree, &layer),
            _ => group(tree, &layer, 4),
        }
    })
}

/// In tenths of a second; from 128 on a floating-point number.
fn response_time(code: u8, version: u8) -> u32 {
    let code = u32::from(code);
    match code {
        0..128 => code,
        _ if version < 3 => code,
        _ => ((code & 15) | 16).wrapping_shl(((code >> 4) & 7).wrapping_add(3)),
    }
}

fn group(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize) -> Result<(), Stop> {
    let addr = Ipv4Addr::from(layer.array::<4>(at)?);
    tree.field(layer, at, 4, format_args!("Multicast Address: {addr}"));
    Ok(())
}

/// flags 1, interval 1, number of sources 2, sources
fn query(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    group(tree, layer, 4)?;
    let flags = layer.u8(8)?;
    let suppress = Bits::of(flags, 0x08, 8);
    let words = ["Do not suppress router side processing", "Suppress router side processing"];
    tree.flag(layer, 8, suppress, "S", words);
    tree.bits(layer, 8, Bits::of(flags, 0x07, 8), format_args!("QRV: {}", flags & 7));
    tree.field(layer, 9, 1, format_args!("QQIC: {}", layer.u8(9)?));
    let count = layer.be16(10)?;
    tree.field(layer, 10, 2, format_args!("Num Src: {count}"));
    sources(tree, layer, V3_QUERY_LEN, count).map(drop)
}

fn sources(tree: &mut Tree<'_>, layer: &Layer<'_>, mut at: usize, count: u16) -> Result<usize, Stop> {
    for _ in 0..count {
        let addr = Ipv4Addr::from(layer.array::<4>(at)?);
        tree.field(layer, at, 4, format_args!("Source Address: {addr}"));
        at = at.saturating_add(4);
    }
    Ok(at)
}

/// reserved 2, number of records 2, records
fn report(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    tree.field(layer, 4, 2, format_args!("Reserved: {:04x}", layer.be16(4)?));
    let count = layer.be16(6)?;
    tree.field(layer, 6, 2, format_args!("Num Group Records: {count}"));
    let mut at = 8;
    for _ in 0..count {
        at = record(tree, layer, at)?;
    }
    Ok(())
}

/// type 1, length of auxiliary data in words 1, number of sources 2, group 4, sources, auxiliary data
fn record(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize) -> Result<usize, Stop> {
    let record = layer.after(at);
    let (kind, auxiliary, count) = (record.u8(0)?, usize::from(record.u8(1)?).saturating_mul(4), record.be16(2)?);
    let addr = Ipv4Addr::from(record.array::<4>(4)?);
    let name = match kind {
        1 => "Mode Is Include",
        2 => "Mode Is Exclude",
        3 => "Change To Include Mode",
        4 => "Change To Exclude Mode",
        5 => "Allow New Sources",
        6 => "Block Old Sources",
        _ => "Unknown",
    };
    let len = usize::from(count).saturating_mul(4).saturating_add(8).saturating_add(auxiliary);
    tree.field(&record, 0, len, format_args!("Group Record : {addr}  {name}"));
    tree.under(|tree| {
        tree.field(&record, 0, 1, format_args!("Record Type: {name} ({kind})"));
        tree.field(&record, 1, 1, format_args!("Aux Data Len: {}", auxiliary / 4));
        tree.field(&record, 2, 2, format_args!("Num Src: {count}"));
        group(tree, &record, 4)?;
        let end = sources(tree, &record, 8, count)?;
        if auxiliary > 0 {
            let bytes = record.bytes(end, auxiliary)?;
            tree.field(&record, end, auxiliary, format_args!("Aux Data: {}", Hex(bytes)));
        }
        Ok(at.saturating_add(len))
    })
}
