//! RPL (RFC 6550, 6551, 6997): routing in low-power networks.
//!
//! A row shows a message's name only; the message is read for what is missing of it.

use crate::dissect::fields::Fields;
use crate::dissect::payload::Stop;

/// Codes from here on are of secure messages.
const SECURE: u8 = 0x80;

/// Reads a message.
pub(super) fn read(fields: &mut Fields<'_>, code: u8) -> Result<(), Stop> {
    if code & SECURE != 0 {
        security(fields)?;
    }
    match code {
        0x00 | 0x80 => fields.skip(&[1, 1])?,
        0x01 | 0x81 => fields.skip(&[1, 1, 2, 1, 1, 1, 1, 16])?,
        0x02 | 0x82 | 0x03 | 0x83 => {
            fields.skip(&[1])?;
            let flags = fields.u8()?;
            fields.skip(&[1, 1])?;
            let has_graph = if code & 1 == 0 { 0x40 } else { 0x80 };
            if flags & has_graph != 0 {
                fields.skip(&[16])?;
            }
        }
        0x8a => fields.skip(&[1, 1, 2, 16, 4])?,
        0x04 | 0x84 => fields.skip(&[1, 1, 2, 16])?,
        0x05 | 0x85 => return fields.skip(&[1, 1, 2, 16]),
        _ => return Ok(()),
    }
    while fields.more() {
        option(fields)?;
    }
    Ok(())
}

/// What stands before a secure message: flags 1, algorithm 1, key mode and level 1, flags 1, counter 4, key.
fn security(fields: &mut Fields<'_>) -> Result<(), Stop> {
    fields.skip(&[1, 1])?;
    // Wireshark takes the mode from the level's bits.
    let level = fields.u8()? & 7;
    fields.skip(&[1, 4])?;
    match level {
        0 | 4 => fields.skip(&[1]),
        2 | 3 | 6 => fields.skip(&[8, 1]),
        _ => Ok(()),
    }
}

/// type 1, length 1, data; padding of one byte has no length.
fn option(fields: &mut Fields<'_>) -> Result<(), Stop> {
    let start = fields.at;
    let kind = fields.u8()?;
    if kind == 0 {
        return Ok(());
    }
    let len = usize::from(fields.u8()?);
    let end = fields.at.saturating_add(len);
    match kind {
        1 => fields.filler(len)?,
        2 => {
            while fields.at < start.saturating_add(len) {
                metric(fields)?;
            }
        }
        3 => {
            fields.skip(&[1, 1, 4])?;
            prefix(fields, len, 6)?;
        }
        4 => fields.skip(&[1, 1, 1, 1, 2, 2, 2, 1, 1, 2])?,
        5 => {
            fields.skip(&[0, -1, 1])?;
            prefix(fields, len, 2)?;
        }
        6 => {
            fields.skip(&[1, 1, 1, 1])?;
            if len > 4 {
                fields.skip(&[16])?;
            }
        }
        7 => fields.skip(&[1, 1, 16, 1])?,
        8 => fields.skip(&[1, 1, 4, 4, 0, -4, 16])?,
        9 => fields.skip(&[4])?,
        10 => route_discovery(fields, len)?,
        _ => fields.bytes(len).map(drop)?,
    }
    fields.up_to(end)?;
    fields.at = end;
    Ok(())
}

/// A prefix of 8 or 16 bytes, or none, as the option's length says.
fn prefix(fields: &mut Fields<'_>, len: usize, before: usize) -> Result<(), Stop> {
    match len.checked_sub(before) {
        Some(8) => fields.skip(&[8]),
        Some(16) => fields.skip(&[16]),
        _ => Ok(()),
    }
}

/// type 1, flags 2, length 1, values; a value may run over the end.
fn metric(fields: &mut Fields<'_>) -> Result<(), Stop> {
    let kind = fields.u8()?;
    fields.skip(&[2])?;
    let len = usize::from(fields.u8()?);
    match kind {
        1 => attributes(fields, len),
        2 => values(fields, &[-2], len),
        3 => fields.skip(&[-2]),
        4 | 5 => values(fields, &[4], len),
        6 => {
            fields.skip(&[1])?;
            values(fields, &[-1], len.saturating_sub(1))
        }
        7 => values(fields, &[2], len),
        8 => {
            fields.skip(&[1])?;
            values(fields, &[2], len.saturating_sub(1))
        }
        _ => Ok(()),
    }
}

/// Values until `len` bytes are through.
fn values(fields: &mut Fields<'_>, value: &[i8], len: usize) -> Result<(), Stop> {
    let end = fields.at.saturating_add(len);
    while fields.at < end {
        fields.skip(value)?;
    }
    Ok(())
}

/// flags 2, then attributes: type 1, length 1, data.
fn attributes(fields: &mut Fields<'_>, len: usize) -> Result<(), Stop> {
    let end = fields.at.saturating_add(len);
    fields.skip(&[-2])?;
    while fields.at < end {
        fields.skip(&[1])?;
        let len = fields.u8()?.into();
        fields.bytes(len)?;
    }
    Ok(())
}

/// flags 1, lifetime and rank 1, target 16, addresses without what they have in common.
fn route_discovery(fields: &mut Fields<'_>, len: usize) -> Result<(), Stop> {
    let shared = fields.u8()? & 15;
    fields.skip(&[1, 16])?;
    let width = 16_usize.saturating_sub(shared.into());
    let missing = 18_usize.saturating_sub(len);
    fields.skip(&[0])?;
    if missing == 1 {
        fields.payload.u8(fields.at)?;
    }
    if missing >= width {
        // Wireshark counts addresses down from below zero, to the end of the packet.
        loop {
            fields.bytes(width)?;
        }
    }
    (0..len.saturating_sub(18).checked_div(width).unwrap_or(0)).try_for_each(|_| fields.bytes(width).map(drop))
}
