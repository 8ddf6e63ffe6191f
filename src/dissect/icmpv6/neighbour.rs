//! Options of neighbour discovery messages (RFC 4861 and others).
//!
//! A row shows link-layer addresses only; the other options are read for what is missing of them.

use super::only_ipv6;
use crate::dissect::Context;
use crate::dissect::address::write_octets;
use crate::dissect::fields::Fields;
use crate::dissect::payload::{Payload, Stop};

const SOURCE_ADDRESS: u8 = 1;
const TARGET_ADDRESS: u8 = 2;
/// The most labels and pointers of a domain name, and the most bytes, that are looked at.
const MAX_LABELS: usize = 512;
const MAX_NAME_LEN: usize = 1024;

/// An option's place and length, in bytes.
#[derive(Clone, Copy)]
struct Span {
    len: usize,
    end: usize,
}

/// Reads options to the end of the packet; `fields` stops before the one that can't be read.
pub(super) fn read<'a>(fields: &mut Fields<'a>, context: &mut Context<'a>) -> Result<(), Stop> {
    while fields.more() {
        let mut option = *fields;
        let len = usize::from(option.payload.u8(option.at.saturating_add(1))?).wrapping_mul(8);
        let kind = option.u8()?;
        option.skip(&[1])?;
        if len == 0 {
            break;
        }
        let span = Span { len, end: fields.at.saturating_add(len) };
        data(&mut option, kind, span, context)?;
        fields.at = span.end;
    }
    Ok(())
}

/// Reads what follows type and length, and any rest that the option has no fields for.
fn data<'a>(option: &mut Fields<'a>, kind: u8, span: Span, context: &mut Context<'a>) -> Result<(), Stop> {
    match kind {
        SOURCE_ADDRESS | TARGET_ADDRESS => {
            address(option.payload, option.at, span.len)?;
            return Ok(());
        }
        3 => option.skip(&[1, 1, 4, 4, 0, -4, 16])?,
        4 => redirected(option, span, context)?,
        5 | 7 => option.skip(&[0, -2, 4])?,
        6 => option.skip(&[1, 0, -4])?,
        8 => option.skip(&[0, -2, 2, 2])?,
        9 | 10 => {
            option.skip(&[0, -6])?;
            addresses(option, span)?;
        }
        11 => cga(option, span)?,
        12 | 32 => return option.skip(&[0, -2, 16, 0]),
        13 => option.skip(&[0, -6, 8])?,
        15 => return trust_anchor(option, span),
        16 => certificate(option, span)?,
        17 | 18 => option.skip(&[1, 1, 0, -4, 16])?,
        20 => {
            option.skip(&[1])?;
            if option.u8()? != 2 {
                return option.skip(&[0]);
            }
            option.skip(&[16])?;
        }
        23 => option.skip(&[1, 1, 4, 16])?,
        24 => {
            option.skip(&[1, 1, 4])?;
            prefix(option, span)?;
        }
        25 => {
            option.skip(&[0, -2, 4])?;
            addresses(option, span)?;
        }
        26 => option.skip(&[-2, 0, -4])?,
        27 | 28 => handover_key(option, kind, span)?,
        29 | 30 => {
            option.skip(&[1])?;
            let len = option.u8()?.into();
            option.bytes(len)?;
            option.skip(&[0])?;
            // Wireshark takes the length for a place in the packet.
            option.at = span.len;
        }
        31 => search_list(option, span)?,
        33 => option.skip(&[1, 0, -3, 2, 8])?,
        34 => {
            option.skip(&[1, 1, 0, -2, 2])?;
            prefix(option, span)?;
        }
        35 => option.skip(&[2, 2, 2, 16])?,
        36 => option.skip(&[2, 4])?,
        38 => {
            let prefix_len = option.be16()? & 7;
            let held = [12, 8, 7, 6, 5, 4].get(usize::from(prefix_len)).copied().unwrap_or(0);
            option.payload.bytes(option.at, held)?;
            option.pass(12);
        }
        _ => {}
    }
    option.up_to(span.end)
}

/// A prefix of 8 or 16 bytes, as the option's length says.
fn prefix(option: &mut Fields<'_>, span: Span) -> Result<(), Stop> {
    match span.len {
        16 => option.skip(&[8]),
        24 => option.skip(&[16]),
        _ => Ok(()),
    }
}

/// A list of addresses to the end of the option, or beyond it.
fn addresses(option: &mut Fields<'_>, span: Span) -> Result<(), Stop> {
    while option.at < span.end {
        option.skip(&[16])?;
    }
    Ok(())
}

/// Redirected header (RFC 4861): reserved 6, the packet.
fn redirected<'a>(option: &mut Fields<'a>, span: Span, context: &mut Context<'a>) -> Result<(), Stop> {
    option.skip(&[0, -6])?;
    if span.len > 8 {
        let packet = option.payload.subset(option.at, span.len.saturating_sub(8))?;
        only_ipv6(packet, context)?;
    }
    Ok(())
}

/// Cryptographically generated address (RFC 3971, 3972): length of padding 1, reserved 1, modifier 16, prefix 8,
/// collision count 1, public key, extensions, padding.
fn cga(option: &mut Fields<'_>, span: Span) -> Result<(), Stop> {
    let padding_len = usize::from(option.u8()?);
    option.skip(&[0, -1])?;
    let mut parameters = *option;
    parameters.rest(span.len, padding_len.saturating_add(4))?;
    let end = parameters.at;
    option.skip(&[16, 8, 1])?;
    der(option)?;
    while option.at < end {
        option.skip(&[2])?;
        let len = option.be16()?.into();
        option.bytes(len)?;
    }
    option.filler(padding_len)
}

/// name type 1, length of padding 1, name, padding
fn trust_anchor(option: &mut Fields<'_>, span: Span) -> Result<(), Stop> {
    let kind = option.u8()?;
    let padding_len = usize::from(option.u8()?);
    if matches!(kind, 1 | 2) {
        return option.rest(span.len, padding_len.saturating_add(4));
    }
    // Padding that begins before the packet counts from the packet's end.
    option.payload.bytes(0, padding_len.saturating_sub(span.end))?;
    option.at = span.end.saturating_sub(padding_len);
    option.skip(&[0])
}

/// type 1, reserved 1, certificate, padding
fn certificate(option: &mut Fields<'_>, span: Span) -> Result<(), Stop> {
    let kind = option.u8()?;
    option.skip(&[0, -1])?;
    if kind == 1 {
        der(option)?;
    }
    // Wireshark keeps the length of the padding in a byte.
    let padding_len = span.end.saturating_sub(option.at) & 0xff;
    option.filler(padding_len)
}

/// Handover keys (RFC 5269): length of padding 1, algorithm 1, in a reply lifetime 2, key, padding.
fn handover_key(option: &mut Fields<'_>, kind: u8, span: Span) -> Result<(), Stop> {
    let padding_len = usize::from(option.u8()?);
    option.skip(&[1])?;
    let before = if kind == 28 {
        option.skip(&[2])?;
        6
    } else {
        4
    };
    option.rest(span.len, padding_len.saturating_add(before))?;
    option.payload.bytes(option.at, padding_len)?;
    // Wireshark steps over one byte of the padding only.
    option.pass(1);
    Ok(())
}

/// DNS search list (RFC 8106): reserved 2, lifetime 4, names, padding.
fn search_list(option: &mut Fields<'_>, span: Span) -> Result<(), Stop> {
    option.skip(&[0, -2, 4])?;
    while option.at < span.end {
        if option.payload.u8(option.at)? == 0 {
            option.at = span.end;
            break;
        }
        domain_name(option)?;
    }
    Ok(())
}

/// Steps over a domain name (RFC 1035), whose pointers count from its own start, as in Wireshark. A name of more bytes
/// than rows have room for is not looked at to its end, nor is one of more labels and pointers than would be sane.
pub(super) fn domain_name(fields: &mut Fields<'_>) -> Result<(), Stop> {
    let start = fields.at;
    let mut name = *fields;
    let mut name_len: usize = 0;
    let mut end = None;
    for _ in 0..MAX_LABELS {
        let label = name.u8()?;
        match label {
            0 => break,
            1..=63 if name_len < MAX_NAME_LEN => {
                name.bytes(label.into())?;
                name_len = name_len.saturating_add(label.into());
            }
            1..=63 => name.pass(label.into()),
            // A label of bits (RFC 2673).
            0x41 => {
                let bits = usize::from(name.u8()?);
                name.bytes(bits.saturating_sub(1).wrapping_div(8).saturating_add(1))?;
            }
            // Of unknown length, and so the end; alone it is no name.
            0x40..=0x7f => {
                if name.at <= start.saturating_add(1) {
                    return Err(Stop::Malformed);
                }
                fields.at = name.at;
                return Ok(());
            }
            0x80..=0xbf => return Err(Stop::Malformed),
            0xc0.. => {
                let target = start.saturating_add(u16::from_be_bytes([label & 0x3f, name.u8()?]).into());
                end = end.or(Some(name.at));
                name.at = target;
            }
        }
    }
    fields.at = end.unwrap_or(name.at);
    if name_len == 0 && fields.at > start.saturating_add(2) { Err(Stop::Malformed) } else { Ok(()) }
}

/// Steps over a value in DER whose length is definite: tag 1, length, value.
fn der(fields: &mut Fields<'_>) -> Result<(), Stop> {
    if fields.u8()? & 0x1f == 0x1f {
        while fields.u8()? & 0x80 != 0 {} // a tag of more bytes
    }
    let mut len = usize::from(fields.u8()?);
    if len > 0x80 {
        let digits = fields.bytes(len & 0x7f)?;
        len = digits.iter().fold(0, |len: usize, &digit| len.wrapping_shl(8) | usize::from(digit));
    }
    fields.bytes(len).map(drop)
}

/// A link-layer address, by the option's length: 6 bytes, 8 where zeros fill the option, or something unknown.
fn address(bytes: Payload<'_>, at: usize, len: usize) -> Result<&[u8], Stop> {
    let is_eui64 = len == 16 && bytes.be32(at.saturating_add(8))? == 0 && bytes.be16(at.saturating_add(12))? == 0;
    match len {
        8 => bytes.bytes(at, 6),
        16 if is_eui64 => bytes.bytes(at, 8),
        _ => bytes.bytes(at, len.saturating_sub(2)).map(|_| &[][..]),
    }
}

/// Appends the link-layer addresses of options that could be read.
pub(super) fn write(options: &[u8], out: &mut Vec<u8>) {
    let bytes = Payload::new(options, 0);
    let mut at = 0_usize;
    while let Ok([kind, words]) = bytes.array(at) {
        let len = usize::from(words).wrapping_mul(8);
        if matches!(kind, SOURCE_ADDRESS | TARGET_ADDRESS)
            && let Ok(octets @ [_, ..]) = address(bytes, at.saturating_add(2), len)
        {
            out.extend_from_slice(if kind == TARGET_ADDRESS && len == 8 { b" is at " } else { b" from " });
            write_octets(out, octets);
        }
        at = at.saturating_add(len.max(1));
    }
}
