//! The Configuration Test Protocol of Ethernet (`EtherType` 0x9000): which function a frame asks for.
//!
//! Functions follow each other, all of them forwarding but the last; a count of bytes to skip says which one is meant.
//! Numbers are in little-endian order.

use super::fields::Fields;
use super::payload::{Payload, Stop};
use super::{Dissection, Protocol};

/// Reads a message.
pub(super) fn dissect<'a>(bytes: Payload<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Loop, "");
    let mut fields = Fields::new(bytes, 0);
    let meant = usize::from(le16(&mut fields)?).saturating_add(2);
    let mut found = false;
    loop {
        let is_meant = fields.at == meant;
        let function = le16(&mut fields)?;
        if is_meant {
            found = true;
            row.info = match function {
                1 => "Reply".into(),
                2 => "Forward Data".into(),
                other => format!("Unknown function ({other})").into(),
            };
        }
        fields.skip(match function {
            1 => &[2], // receipt number
            2 => &[6], // address to forward to
            _ => &[0],
        })?;
        if function != 2 {
            break;
        }
    }
    if !found {
        row.info = "No valid function found".into();
    }
    bytes.from(fields.at.min(bytes.len())).map(drop)
}

fn le16(fields: &mut Fields<'_>) -> Result<u16, Stop> {
    fields.array().map(u16::from_le_bytes)
}
