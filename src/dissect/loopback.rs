//! The Configuration Test Protocol of Ethernet (`EtherType` 0x9000): which function a frame asks for.
//!
//! Functions follow each other, all of them forwarding but the last; a count of bytes to skip says which one is meant.
//! Numbers are in little-endian order.

use super::payload::{Payload, Stop};
use super::{Dissection, Protocol};

/// Reads a message.
pub(super) fn dissect<'a>(bytes: Payload<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Loop, "");
    let meant = usize::from(le16(bytes, 0)?).saturating_add(2);
    let mut found = false;
    let mut at: usize = 2;
    loop {
        let function = le16(bytes, at)?;
        if at == meant {
            found = true;
            row.info = match function {
                1 => "Reply".into(),
                2 => "Forward Data".into(),
                other => format!("Unknown function ({other})").into(),
            };
        }
        at = at.saturating_add(2);
        let argument_len = match function {
            1 => 2, // receipt number
            2 => 6, // address to forward to
            _ => 0,
        };
        bytes.bytes(at, argument_len)?;
        at = at.saturating_add(argument_len);
        if function != 2 {
            break;
        }
    }
    if !found {
        row.info = "No valid function found".into();
    }
    bytes.from(at.min(bytes.len())).map(drop)
}

fn le16(bytes: Payload<'_>, at: usize) -> Result<u16, Stop> {
    bytes.be16(at).map(u16::swap_bytes)
}
