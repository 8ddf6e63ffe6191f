//! `NetBIOS` name service messages (RFC 1002): DNS's form, with names in an encoding of their own.
//!
//! A name's 16 bytes are written as 32 letters, the last byte being its type.

use std::borrow::Cow;

use super::address::write_ipv4;
use super::dns::{MAX_STEPS, Name};
use super::fields::Fields;
use super::payload::{Payload, Stop};
use super::text::{write_hex, write_text};
use super::{Coloring, Content, Dissection, Protocol};

/// Length of a message's header; the questions follow.
const HEADER_LEN: usize = 12;
/// Bytes of a `NetBIOS` name, the last of which is its type.
const NETBIOS_NAME_LEN: usize = 16;
/// How long the Info column grows before nothing more is added to it.
const MAX_SHOWN: usize = 4096;
const RESPONSE: u16 = 0x8000;
const WAIT: u16 = 7;
const NB: u16 = 0x20;
const NBSTAT: u16 = 0x21;

/// A message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a>(Payload<'a>);

/// Takes a message in; it is read once its row is shown.
pub(super) fn dissect<'a>(bytes: Payload<'a>, row: &mut Dissection<'a>) {
    row.show(Protocol::Nbns, Content::Nbns(Message(bytes)));
    row.meets(Coloring::Smb);
}

impl Message<'_> {
    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        self.0.be16(0)?;
        let flags = self.0.be16(2)?;
        let operation = (flags >> 11) & 15;
        write_operation(out, operation);
        let is_response = flags & RESPONSE != 0;
        if is_response {
            out.extend_from_slice(b" response");
            out.extend_from_slice(reply_name(flags & 15).as_bytes());
        }
        let [questions, answers, others] =
            [self.0.be16(4)?, self.0.be16(6)?, self.0.be16(8)?.saturating_add(self.0.be16(10)?)];
        let full = out.len().saturating_add(MAX_SHOWN);
        let (mut fields, mut name, mut steps) = (Fields::new(self.0, HEADER_LEN), Name::default(), MAX_STEPS);
        for _ in 0..questions {
            let kind = name_and_type(&mut fields, &mut name, &mut steps)?;
            // A response's row leaves the questions out.
            if !is_response && out.len() < full {
                out.push(b' ');
                out.extend_from_slice(type_name(kind));
                out.push(b' ');
                write_name(out, name.stored());
            }
        }
        for n in 0..answers.saturating_add(others) {
            let kind = name_and_type(&mut fields, &mut name, &mut steps)?;
            fields.skip(&[4])?;
            let len = fields.be16()?.into();
            if is_response && n < answers && out.len() < full {
                write_answer(out, operation, kind, fields)?;
            }
            skip_data(&mut fields, operation, kind, len)?;
        }
        Ok(())
    }
}

/// A name; what is returned is its type. Its class, too, has to be there.
fn name_and_type(fields: &mut Fields<'_>, name: &mut Name, steps: &mut u32) -> Result<u16, Stop> {
    fields.pass(name.read(fields.payload, fields.at, steps)?);
    let kind = fields.be16()?;
    fields.skip(&[2])?;
    Ok(kind)
}

/// Appends an answer's type, and the first address of a name: flags 2, address 4.
fn write_answer(out: &mut Vec<u8>, operation: u16, kind: u16, mut data: Fields<'_>) -> Result<(), Stop> {
    if kind != NB {
        out.push(b' ');
        out.extend_from_slice(type_name(kind));
    } else if operation != WAIT {
        data.pass(2);
        let addr: [u8; 4] = data.array()?;
        out.extend_from_slice(b" NB ");
        write_ipv4(out, addr.into());
    }
    Ok(())
}

/// Steps over an answer's data, as far as its length goes.
fn skip_data(fields: &mut Fields<'_>, operation: u16, kind: u16, mut len: usize) -> Result<(), Stop> {
    /// A name in a list of them, which is passed over unread: the name 16, flags 2.
    const LISTED_LEN: usize = NETBIOS_NAME_LEN + 2;
    /// Unit identifier, jumpers, test result, and the statistics.
    const STATISTICS: [usize; 18] = [6, 1, 1, 2, 2, 2, 2, 2, 2, 4, 4, 2, 2, 2, 2, 2, 2, 2];
    match kind {
        NB if operation == WAIT => skip_widths(fields, len, [2].into_iter().cycle()),
        NB => skip_widths(fields, len, [2, 4].into_iter().cycle()),
        NBSTAT if len == 0 => Ok(()),
        NBSTAT => {
            let count = fields.u8()?.into();
            let names = len.checked_div(LISTED_LEN).unwrap_or(0).min(count);
            let names_len = names.saturating_mul(LISTED_LEN);
            fields.pass(names_len);
            len = len.saturating_sub(names_len);
            if names == count {
                return skip_widths(fields, len, STATISTICS.into_iter());
            }
            if let Some(rest) = len.checked_sub(NETBIOS_NAME_LEN) {
                fields.pass(NETBIOS_NAME_LEN);
                len = rest;
            }
            skip_widths(fields, len, [usize::MAX].into_iter())
        }
        _ => {
            fields.pass(len);
            Ok(())
        }
    }
}

/// Steps over fields of these widths, up to the first that is longer than what is left; that is only looked for.
fn skip_widths(fields: &mut Fields<'_>, mut len: usize, widths: impl Iterator<Item = usize>) -> Result<(), Stop> {
    for width in widths {
        let Some(left) = len.checked_sub(width) else {
            fields.payload.bytes(fields.at, len)?;
            break;
        };
        fields.bytes(width)?;
        len = left;
        if len == 0 {
            break;
        }
    }
    Ok(())
}

fn write_operation(out: &mut Vec<u8>, operation: u16) {
    out.extend_from_slice(operation_name(operation).as_bytes());
}

/// What a message is for.
pub(super) fn operation_name(operation: u16) -> Cow<'static, str> {
    match operation {
        0 => "Name query",
        5 => "Registration",
        6 => "Release",
        WAIT => "Wait for acknowledgment",
        8 => "Refresh",
        9 => "Refresh (alternate opcode)",
        15 => "Multi-homed registration",
        _ => return format!("Unknown operation ({operation})").into(),
    }
    .into()
}

/// The error of a response, after a comma; nothing for success.
pub(super) fn reply_name(code: u16) -> &'static str {
    match code {
        0 => "",
        1 => ", Request was invalidly formatted",
        2 => ", Server failure",
        3 => ", Requested name does not exist",
        4 => ", Request is not implemented",
        5 => ", Request was refused",
        6 => ", Name is owned by another node",
        7 => ", Name is in conflict",
        _ => ", Unknown error",
    }
}

/// The name of a record's type.
pub(super) fn type_name(kind: u16) -> &'static [u8] {
    match kind {
        NB => b"NB",
        NBSTAT => b"NBSTAT",
        _ => b"Unknown",
    }
}

/// A name as rows show it, and what its type means.
pub(super) fn name_and_meaning(encoded: &[u8]) -> (String, Option<&'static str>) {
    let mut out = Vec::new();
    write_name(&mut out, encoded);
    let letters = encoded.split(|&byte| matches!(byte, 0 | b'.')).next().unwrap_or_default();
    let meaning = decode(letters).ok().map(|(_, kind)| meaning(kind));
    (String::from_utf8_lossy(&out).into_owned(), meaning)
}

fn meaning(kind: u8) -> &'static str {
    match kind {
        0x00 | 0x02 => "Workstation/Redirector",
        0x01 => "Browser",
        0x03 => "Messenger service/Main name",
        0x05 => "Forwarded name",
        0x06 => "RAS Server service",
        0x1b => "Domain Master Browser",
        0x1c => "Domain Controllers",
        0x1d => "Local Master Browser",
        0x1e => "Browser Election Service",
        0x1f => "Net DDE Service",
        0x20 => "Server service",
        0x21 => "RAS client service",
        _ => "Unknown",
    }
}

/// Appends the decoded name, its type, and its scope.
fn write_name(out: &mut Vec<u8>, encoded: &[u8]) {
    let encoded = encoded.split(|&byte| byte == 0).next().unwrap_or_default();
    let name_len = encoded.iter().position(|&byte| byte == b'.').unwrap_or(encoded.len());
    let (name, scope) = encoded.split_at_checked(name_len).unwrap_or_default();
    match decode(name) {
        Ok((decoded, kind)) => {
            write_decoded(out, &decoded);
            out.push(b'<');
            write_hex(out, &[kind]);
            out.push(b'>');
            write_text(out, scope);
        }
        Err(wrong) => {
            out.extend_from_slice(b"Illegal NetBIOS name (");
            out.extend_from_slice(wrong.as_bytes());
            out.push(b')');
        }
    }
}

/// The name and its type, from two letters a byte.
fn decode(encoded: &[u8]) -> Result<([u8; NETBIOS_NAME_LEN - 1], u8), String> {
    let mut decoded = [0; NETBIOS_NAME_LEN];
    let mut len = 0_usize;
    for pair in encoded.chunks(2) {
        let mut byte = 0_u8;
        for (letter, which) in pair.iter().zip(["1st", "2nd"]) {
            if !letter.is_ascii_uppercase() {
                return Err(format!("{which} character not between A and Z in first-level encoding"));
            }
            byte = byte.wrapping_shl(4) | letter.wrapping_sub(b'A');
        }
        if pair.len() == 1 {
            return Err("odd number of bytes".to_owned());
        }
        if let Some(place) = decoded.get_mut(len) {
            *place = byte;
            len = len.saturating_add(1);
        }
    }
    let [name @ .., kind] = decoded;
    if len == NETBIOS_NAME_LEN { Ok((name, kind)) } else { Err(format!("{len} bytes long")) }
}

/// Appends a decoded name without the spaces that fill it up.
fn write_decoded(out: &mut Vec<u8>, name: &[u8]) {
    // A name of nothing but spaces keeps them.
    let len = name.iter().rposition(|&byte| byte != b' ').map_or(name.len(), |last| last.saturating_add(1));
    let shown = name.get(..len).unwrap_or(name);
    for byte in shown {
        if (b' '..=b'~').contains(byte) {
            out.push(*byte);
        } else {
            out.push(b'<');
            write_hex(out, &[*byte]);
            out.push(b'>');
        }
    }
}
