//! `NetBIOS` name service messages (RFC 1002): DNS's form, with names in an encoding of their own.
//!
//! A name's 16 bytes are written as 32 letters, the last byte being its type.

use super::address::write_ipv4;
use super::dns::{MAX_STEPS, Name};
use super::payload::{Payload, Stop};
use super::text::{write_hex, write_number, write_text};
use super::{Content, Dissection, Protocol};

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
pub(super) fn dissect<'a>(bytes: Payload<'a>, row: &mut Dissection<'a>) -> bool {
    row.show(Protocol::Nbns, Content::Nbns(Message(bytes)));
    true
}

impl Message<'_> {
    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        self.0.be16(0)?;
        let flags = self.0.be16(2)?;
        let operation = (flags >> 11) & 15;
        out.extend_from_slice(match operation {
            0 => b"Name query",
            5 => b"Registration",
            6 => b"Release",
            WAIT => b"Wait for acknowledgment",
            8 => b"Refresh",
            9 => b"Refresh (alternate opcode)",
            15 => b"Multi-homed registration",
            _ => b"Unknown operation (",
        });
        if !matches!(operation, 0 | 5..=9 | 15) {
            write_number(out, operation);
            out.push(b')');
        }
        let is_response = flags & RESPONSE != 0;
        if is_response {
            out.extend_from_slice(b" response");
            out.extend_from_slice(match flags & 15 {
                0 => b"",
                1 => b", Request was invalidly formatted",
                2 => b", Server failure",
                3 => b", Requested name does not exist",
                4 => b", Request is not implemented",
                5 => b", Request was refused",
                6 => b", Name is owned by another node",
                7 => b", Name is in conflict",
                _ => b", Unknown error",
            });
        }
        let [questions, answers, others] =
            [self.0.be16(4)?, self.0.be16(6)?, self.0.be16(8)?.saturating_add(self.0.be16(10)?)];
        let full = out.len().saturating_add(MAX_SHOWN);
        let (mut name, mut at, mut steps) = (Name::default(), HEADER_LEN, MAX_STEPS);
        for _ in 0..questions {
            let kind = self.name_and_type(&mut name, &mut at, &mut steps)?;
            // A response's row leaves the questions out.
            if !is_response && out.len() < full {
                out.push(b' ');
                out.extend_from_slice(type_name(kind));
                out.push(b' ');
                write_name(out, name.stored());
            }
        }
        for n in 0..answers.saturating_add(others) {
            let kind = self.name_and_type(&mut name, &mut at, &mut steps)?;
            self.0.be32(at)?;
            let len = usize::from(self.0.be16(at.saturating_add(4))?);
            let data = at.saturating_add(6);
            if is_response && n < answers && out.len() < full {
                self.write_answer(operation, kind, data, out)?;
            }
            at = self.after_data(operation, kind, data, len)?;
        }
        Ok(())
    }

    /// An answer's type, and the first address of a name: flags 2, address 4.
    fn write_answer(&self, operation: u16, kind: u16, data: usize, out: &mut Vec<u8>) -> Result<(), Stop> {
        if kind != NB {
            out.push(b' ');
            out.extend_from_slice(type_name(kind));
        } else if operation != WAIT {
            let addr: [u8; 4] = self.0.array(data.saturating_add(2))?;
            out.extend_from_slice(b" NB ");
            write_ipv4(out, addr.into());
        }
        Ok(())
    }

    /// Reads an answer's fields as far as its length goes, and says where they end.
    fn after_data(&self, operation: u16, kind: u16, at: usize, len: usize) -> Result<usize, Stop> {
        /// Unit identifier, jumpers, test result, and the statistics.
        const STATISTICS: [usize; 18] = [6, 1, 1, 2, 2, 2, 2, 2, 2, 4, 4, 2, 2, 2, 2, 2, 2, 2];
        match kind {
            NB if operation == WAIT => self.after_fields(at, len, [2].into_iter().cycle()),
            NB => self.after_fields(at, len, [2, 4].into_iter().cycle()),
            NBSTAT if len == 0 => Ok(at),
            NBSTAT => {
                // The names are passed over unread.
                const NAME_LEN: usize = NETBIOS_NAME_LEN + 2;
                let count = usize::from(self.0.u8(at)?);
                let at = at.saturating_add(1);
                let names = count.min(len.checked_div(NAME_LEN).unwrap_or(0));
                let names_len = names.saturating_mul(NAME_LEN);
                let (at, len) = (at.saturating_add(names_len), len.saturating_sub(names_len));
                if names == count {
                    self.after_fields(at, len, STATISTICS.into_iter())
                } else {
                    let rest = if len < NETBIOS_NAME_LEN { 0 } else { NETBIOS_NAME_LEN };
                    self.after_fields(at.saturating_add(rest), len.saturating_sub(rest), [usize::MAX].into_iter())
                }
            }
            _ => Ok(at.saturating_add(len)),
        }
    }

    /// Reads fields of these lengths, up to the first that is longer than what is left, and says where they end.
    fn after_fields(&self, mut at: usize, mut len: usize, fields: impl Iterator<Item = usize>) -> Result<usize, Stop> {
        for field in fields {
            let Some(left) = len.checked_sub(field) else {
                self.0.bytes(at, len)?;
                break;
            };
            self.0.bytes(at, field)?;
            at = at.saturating_add(field);
            len = left;
            if len == 0 {
                break;
            }
        }
        Ok(at)
    }

    /// A name; what is returned is its type. Its class, too, has to be there.
    fn name_and_type(&self, name: &mut Name, at: &mut usize, steps: &mut u32) -> Result<u16, Stop> {
        let len = name.read(self.0, *at, steps)?;
        let kind = at.saturating_add(len);
        *at = kind.saturating_add(4);
        let read = self.0.be16(kind)?;
        self.0.be16(kind.saturating_add(2))?;
        Ok(read)
    }
}

fn type_name(kind: u16) -> &'static [u8] {
    match kind {
        NB => b"NB",
        NBSTAT => b"NBSTAT",
        _ => b"Unknown",
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
