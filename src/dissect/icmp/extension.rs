//! Extensions behind the packet that an error quotes (RFC 4884): MPLS labels (RFC 4950), interface information
//! (RFC 5837) and identification (RFC 8335).
//!
//! A row shows nothing of them but that they can't be read to their end.

use crate::dissect::fields::Fields;
use crate::dissect::payload::{Payload, Stop};

/// Length of the header that stands before all objects, and of the one that begins each.
const HEADER_LEN: usize = 4;
/// Fields of an interface information object, by the bits of its type.
const HAS_INDEX: u8 = 8;
const HAS_ADDRESS: u8 = 4;
const HAS_NAME: u8 = 2;
const HAS_MTU: u8 = 1;

/// Reads all extensions: version 4 bits, reserved 12 bits, checksum 2, objects.
pub(in crate::dissect) fn read(bytes: Payload<'_>) -> Result<(), Stop> {
    if bytes.len() < HEADER_LEN {
        return Ok(());
    }
    let version = bytes.u8(0)? >> 4;
    bytes.be16(0)?;
    if bytes.be16(2)? != 0 {
        bytes.bytes(0, bytes.len())?; // the checksum is over all of it
    }
    if !matches!(version, 1 | 2) {
        return Ok(());
    }
    let mut at = HEADER_LEN;
    while bytes.len().saturating_sub(at) >= HEADER_LEN {
        let len = usize::from(bytes.be16(at)?);
        let end = at.saturating_add(len).min(bytes.len());
        bytes.bytes(at, end.saturating_sub(at).max(HEADER_LEN))?;
        if len < HEADER_LEN {
            break;
        }
        object(bytes, at, end)?;
        at = end;
    }
    Ok(())
}

/// Reads an object that is there to its end: length 2, class 1, type 1, data.
fn object(bytes: Payload<'_>, at: usize, end: usize) -> Result<(), Stop> {
    let [high, low, class, kind] = bytes.array(at)?;
    let mut data = Fields::new(bytes, at.saturating_add(HEADER_LEN));
    match class {
        2 => information(&mut data, kind, end),
        // Wireshark takes what is too short to identify anything for an unknown object.
        3 if bytes.len().saturating_sub(at) > HEADER_LEN => {
            identification(&mut data, kind, u16::from_be_bytes([high, low]).into())
        }
        _ => Ok(()),
    }
}

/// Fields may run over the end of their object, but not of the packet.
fn information(data: &mut Fields<'_>, kind: u8, end: usize) -> Result<(), Stop> {
    if kind & HAS_INDEX != 0 {
        data.skip(&[4])?;
    }
    if kind & HAS_ADDRESS != 0 && end >= data.at.saturating_add(2) {
        let family = data.payload.be16(data.at)?;
        data.payload.bytes(data.at, if family == 1 { 8 } else { 20 })?;
        data.skip(&[2, 2])?;
        match family {
            1 => data.skip(&[4])?,
            2 => data.skip(&[16])?,
            // Wireshark takes the length of the rest the wrong way round.
            _ => {
                return data.rest(data.at, end);
            }
        }
    }
    let mut name_len = 0;
    if kind & HAS_NAME != 0 {
        if end > data.at {
            name_len = usize::from(data.payload.u8(data.at)?);
            data.payload.bytes(data.at, name_len)?;
            data.skip(&[1])?;
        }
        if end >= data.at.saturating_add(name_len) {
            data.rest(name_len, 1)?; // the length counts its own byte
        }
    }
    if kind & HAS_MTU != 0 {
        data.skip(&[4])?;
    }
    Ok(())
}

fn identification(data: &mut Fields<'_>, kind: u8, len: usize) -> Result<(), Stop> {
    match kind {
        1 => data.rest(len, HEADER_LEN),
        2 => data.skip(&[4]),
        3 => data.skip(&[2, 1, 1]),
        _ => Ok(()),
    }
}
