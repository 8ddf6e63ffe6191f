//! DNS messages (RFC 1035), as DNS, mDNS (RFC 6762) and LLMNR (RFC 4795) send them: questions and simple answers.
//!
//! Names are read with bounded effort: pointers may only lead backwards, and a name ends at its longest legal length.
//! A message that breaks off is shown as far as it goes.

use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::payload::{Payload, Stop};
use super::protocol::Protocol;
use super::text::write_escaped;
use crate::bytes::{be16, chunk};

/// Length of a message's header; the questions follow.
const HEADER_LEN: usize = 12;
/// The most questions and answers written into one row.
const MAX_RECORDS: u16 = 64;
/// The longest name, in bytes.
const MAX_NAME_LEN: usize = 255;

/// A message whose header is whole.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    protocol: Protocol,
    bytes: &'a [u8],
    id: u16,
    flags: u16,
}

/// A place in a message that is being read.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Message<'a> {
    /// Reads the header; `None` where it was not captured whole.
    #[must_use]
    pub fn new(protocol: Protocol, payload: Payload<'a>) -> Option<Self> {
        let bytes = payload.captured();
        bytes.get(..HEADER_LEN)?;
        Some(Self { protocol, bytes, id: be16(bytes, 0)?, flags: be16(bytes, 2)? })
    }

    /// The transaction's identifier.
    #[must_use]
    pub fn id(&self) -> u16 {
        self.id
    }

    /// Whether it answers another message.
    #[must_use]
    pub fn is_response(&self) -> bool {
        self.flags & 0x8000 != 0
    }

    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        out.extend_from_slice(match (self.flags >> 11) & 15 {
            0 => b"Standard query",
            1 => b"Inverse query",
            2 => b"Server status request",
            4 => b"Zone change notification",
            5 => b"Dynamic update",
            _ => b"Unknown operation",
        });
        let response = if self.is_response() { " response" } else { "" };
        // Writing into a Vec cannot fail.
        drop(write!(out, "{response} 0x{:04x}", self.id));
        if self.is_response() {
            self.write_reply_code(out);
        }
        let mut cursor = Cursor { bytes: self.bytes, at: HEADER_LEN };
        let written = self.write_questions(&mut cursor, out).and_then(|()| self.write_answers(&mut cursor, out));
        written.ok_or(Stop::Malformed)
    }

    fn write_reply_code(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(match self.flags & 15 {
            0 => b"",
            1 => b" Format error",
            2 => b" Server failure",
            3 => b" No such name",
            4 => b" Not implemented",
            5 => b" Refused",
            _ => b" Error",
        });
    }

    fn count(&self, at: usize) -> u16 {
        be16(self.bytes, at).unwrap_or(0).min(MAX_RECORDS)
    }

    /// name, type 2, class 2, whose highest bit asks an mDNS responder for a unicast answer.
    fn write_questions(&self, cursor: &mut Cursor<'_>, out: &mut Vec<u8>) -> Option<()> {
        for _ in 0..self.count(4) {
            let name = cursor.name()?;
            let kind = cursor.u16()?;
            let class = cursor.u16()?;
            out.push(b' ');
            write_kind(out, kind);
            out.push(b' ');
            write_escaped(out, &name);
            if self.protocol == Protocol::Mdns {
                let answer = if class & 0x8000 == 0 { "M" } else { "U" };
                drop(write!(out, ", \"Q{answer}\" question"));
            }
        }
        Some(())
    }

    /// name, type 2, class 2, time to live 4, length 2, data.
    fn write_answers(&self, cursor: &mut Cursor<'_>, out: &mut Vec<u8>) -> Option<()> {
        for _ in 0..self.count(6) {
            cursor.name()?;
            let kind = cursor.u16()?;
            let class = cursor.u16()?;
            cursor.skip(4)?;
            let len = cursor.u16()?.into();
            let flush = self.protocol == Protocol::Mdns && class & 0x8000 != 0;
            out.push(b' ');
            write_kind(out, kind);
            out.extend_from_slice(if flush { b", cache flush" } else { b"" });
            let data = Cursor { bytes: self.bytes, at: cursor.at };
            cursor.skip(len)?;
            data.write_value(kind, out)?;
        }
        Some(())
    }
}

impl Cursor<'_> {
    fn skip(&mut self, len: usize) -> Option<()> {
        self.at = self.at.checked_add(len).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    fn u16(&mut self) -> Option<u16> {
        let value = be16(self.bytes, self.at)?;
        self.skip(2)?;
        Some(value)
    }

    /// A name with dots between its labels; `<Root>` for the empty one.
    fn name(&mut self) -> Option<Vec<u8>> {
        let mut name = Vec::new();
        let mut at = self.at;
        let mut end = None;
        loop {
            let len = usize::from(*self.bytes.get(at)?);
            let next = at.checked_add(1)?;
            match len {
                0 => {
                    self.at = end.unwrap_or(next);
                    return Some(if name.is_empty() { b"<Root>".to_vec() } else { name });
                }
                1..=63 => {
                    if !name.is_empty() {
                        name.push(b'.');
                    }
                    name.extend_from_slice(self.bytes.get(next..next.checked_add(len)?)?);
                    at = next.checked_add(len)?;
                }
                192.. => {
                    let target = usize::from(be16(self.bytes, at)? & 0x3fff);
                    end = end.or(at.checked_add(2));
                    at = Some(target).filter(|target| *target < at)?;
                }
                _ => return None,
            }
            if name.len() > MAX_NAME_LEN {
                return None;
            }
        }
    }

    fn write_value(mut self, kind: u16, out: &mut Vec<u8>) -> Option<()> {
        match kind {
            1 => drop(write!(out, " {}", Ipv4Addr::from(chunk::<4>(self.bytes, self.at)?))),
            28 => drop(write!(out, " {}", Ipv6Addr::from(chunk::<16>(self.bytes, self.at)?))),
            2 | 5 | 12 => {
                let name = self.name()?;
                out.push(b' ');
                write_escaped(out, &name);
            }
            _ => {}
        }
        Some(())
    }
}

fn write_kind(out: &mut Vec<u8>, kind: u16) {
    out.extend_from_slice(match kind {
        1 => b"A",
        2 => b"NS",
        5 => b"CNAME",
        6 => b"SOA",
        12 => b"PTR",
        15 => b"MX",
        16 => b"TXT",
        28 => b"AAAA",
        33 => b"SRV",
        41 => b"OPT",
        47 => b"NSEC",
        65 => b"HTTPS",
        255 => b"ANY",
        _ => return drop(write!(out, "Unknown ({kind})")),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(protocol: Protocol, bytes: &[u8]) -> String {
        let mut out = Vec::new();
        let message = Message::new(protocol, Payload::new(bytes, 0)).unwrap();
        if let Err(stop) = message.write(&mut out) {
            out.extend_from_slice(stop.note().as_bytes());
        }
        String::from_utf8(out).unwrap()
    }

    #[rustfmt::skip]
    const RESPONSE: &[u8] = &[
        0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0,          // response, one answer
        4, b'h', 0x1b, b's', b't', 5, b'l', b'o', b'c', b'a', b'l', 0,
        0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 10, 0, 0, 7, // A, cache flush, 120 s, 10.0.0.7
    ];

    #[test]
    fn answers_show_their_type_and_value() {
        assert_eq!(shown(Protocol::Mdns, RESPONSE), "Standard query response 0x0000 A, cache flush 10.0.0.7");
    }

    #[test]
    fn names_are_escaped() {
        let mut query = RESPONSE.to_vec();
        query[2] = 0;
        query[5] = 1;
        query[7] = 0;
        assert_eq!(shown(Protocol::Llmnr, &query), r"Standard query 0x0000 A h\033st.local");
    }

    #[test]
    fn a_pointer_to_itself_ends() {
        let query = [0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1];
        assert_eq!(shown(Protocol::Dns, &query), "Standard query 0x0007[Malformed Packet]");
    }

    #[test]
    fn every_cut_is_shown_without_a_panic() {
        for len in HEADER_LEN..RESPONSE.len() {
            assert!(shown(Protocol::Mdns, &RESPONSE[..len]).ends_with("[Malformed Packet]"), "cut at {len}");
        }
    }
}
