//! DNS messages (RFC 1035), as DNS, mDNS (RFC 6762) and LLMNR (RFC 4795) send them, whatever carries them.
//!
//! Every section is shown in its order, down to the record that can't be read. Effort is bounded by what a row can
//! hold and by [`MAX_STEPS`], so that names which point at each other cost no more than a moment.

mod data;
mod layout;
mod name;
pub(super) mod types;

use super::fields::Fields;
use super::info::MAX_LEN;
use super::payload::{Payload, Stop};
use super::protocol::Protocol;
use super::text::write_format;
use super::{Content, Dissection};
pub(super) use name::Name;

/// Length of a message's header; the questions follow.
const HEADER_LEN: usize = 12;
/// The most labels, pointers and list items read for one row; beyond it a message counts as malformed.
pub(super) const MAX_STEPS: u32 = 4_194_304;
/// The bit of a class that asks for an answer by unicast, or announces that older records are void (RFC 6762).
const TOP_BIT: u16 = 0x8000;
const RESPONSE: u16 = 0x8000;
/// The opcode of stateful operations (RFC 8490), whose messages hold no records.
const STATEFUL: u16 = 6;

/// A message, unread.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    protocol: Protocol,
    payload: Payload<'a>,
}

/// A place in a message that is being read and shown.
struct Reader<'a, 'o> {
    fields: Fields<'a>,
    out: &'o mut Vec<u8>,
    /// The name read last.
    name: Name,
    steps: u32,
    record: Record,
}

/// What reading a record's data has to know.
#[derive(Default)]
struct Record {
    /// Where its name stands.
    owner: usize,
    /// Where its data end, by their length.
    end: usize,
    /// How much of the row stays where the next read fails.
    kept: usize,
}

/// Shows a message.
pub(super) fn dissect<'a>(protocol: Protocol, message: Payload<'a>, row: &mut Dissection<'a>) {
    row.show(protocol, Content::Dns(Message::new(protocol, message)));
}

/// Shows a datagram from any port, if its header looks like that of a DNS query or response.
pub(super) fn guess<'a>(datagram: Payload<'a>, row: &mut Dissection<'a>) -> Result<bool, Stop> {
    let is_dns = is_likely(datagram)?;
    if is_dns {
        dissect(Protocol::Dns, datagram, row);
    }
    Ok(is_dns)
}

/// Whether a datagram's header looks like that of a DNS query or response.
pub(super) fn is_likely(datagram: Payload<'_>) -> Result<bool, Stop> {
    if !may_be(datagram)? {
        return Ok(false);
    }
    let flags = datagram.be16(2)?;
    let (questions, answers, authorities) = (datagram.be16(4)?, datagram.be16(6)?, datagram.be16(8)?);
    let plausible = if flags & RESPONSE == 0 {
        (questions, answers, authorities) == (1, 0, 0)
    } else {
        questions <= 1 && answers <= 100 && authorities <= 10
    };
    Ok(plausible && datagram.be16(10)? <= 10)
}

/// Whether a datagram from any port could be one that [`guess`] shows: quickly said, and now and then in vain.
#[inline]
pub(super) fn may_be(datagram: Payload<'_>) -> Result<bool, Stop> {
    Ok(datagram.len() > HEADER_LEN && opcode(datagram.be16(2)?) == 0)
}

fn opcode(flags: u16) -> u16 {
    (flags >> 11) & 15
}

impl<'a> Message<'a> {
    /// A message, from its identifier on and without the length that stands before it in TCP.
    pub(super) fn new(protocol: Protocol, payload: Payload<'a>) -> Self {
        Self { protocol, payload }
    }

    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        let message = self.payload;
        let start = out.len();
        let (id, flags) = (message.be16(0)?, message.be16(2)?);
        types::write_opcode(out, opcode(flags));
        let response = if flags & RESPONSE == 0 { "" } else { " response" };
        write_format(out, format_args!("{response} 0x{id:04x}"));
        if flags & RESPONSE != 0 {
            types::write_reply_code(out, flags & 15);
        }
        let questions = message.be16(4)?;
        let records = [message.be16(6)?, message.be16(8)?, message.be16(10)?];
        let fields = Fields::new(message, HEADER_LEN);
        let mut reader = Reader { fields, out, name: Name::default(), steps: MAX_STEPS, record: Record::default() };
        let is_full = |reader: &Reader<'_, '_>| reader.out.len().saturating_sub(start) >= MAX_LEN;
        if opcode(flags) == STATEFUL && questions == 0 && records == [0; 3] {
            reader.operations()?;
        }
        let has_top_bit = self.protocol == Protocol::Mdns;
        for _ in 0..questions {
            reader.question(has_top_bit)?;
            if is_full(&reader) {
                return Ok(());
            }
        }
        for _ in records.into_iter().flat_map(|count| 0..count) {
            reader.record(has_top_bit)?;
            if is_full(&reader) {
                return Ok(());
            }
        }
        reader.surplus()
    }
}

impl Reader<'_, '_> {
    /// name, type 2, class 2.
    fn question(&mut self, has_top_bit: bool) -> Result<(), Stop> {
        self.take_name()?;
        let (kind, class) = (self.fields.be16()?, self.fields.be16()?);
        self.out.push(b' ');
        types::write_type(self.out, kind);
        self.out.push(b' ');
        self.name.write(self.out);
        if has_top_bit {
            let way = if class & TOP_BIT == 0 { "M" } else { "U" };
            write_format(self.out, format_args!(", \"Q{way}\" question"));
        }
        Ok(())
    }

    /// name, type 2, class 2, time to live 4, length 2, data.
    fn record(&mut self, has_top_bit: bool) -> Result<(), Stop> {
        let owner = self.fields.at;
        self.take_name()?;
        let (kind, class) = (self.fields.be16()?, self.fields.be16()?);
        self.fields.pass(4);
        let len = self.fields.be16()?;
        self.out.push(b' ');
        types::write_type(self.out, kind);
        if has_top_bit && class & TOP_BIT != 0 {
            self.out.extend_from_slice(b", cache flush");
        }
        let end = self.fields.at.saturating_add(len.into());
        if len > 0 {
            self.record = Record { owner, end, kept: self.out.len() };
            self.data(kind)?;
        }
        self.fields.at = end;
        Ok(())
    }

    /// Reads over stateful operations, none of which is shown, but one of which is missed: type 2, length 2, data.
    fn operations(&mut self) -> Result<(), Stop> {
        self.fields.payload.u8(self.fields.at)?;
        while self.remaining() >= 4 {
            // The length is asked for first.
            let len = self.fields.payload.be16(self.fields.at.saturating_add(2))?;
            let kind = self.fields.be16()?;
            self.fields.pass(2);
            match kind {
                1 => self.fields.skip(&[4, 4])?,
                2 => self.fields.skip(&[4])?,
                _ => drop(self.fields.bytes(len.into())?),
            }
        }
        Ok(())
    }

    /// Reads over what follows the last record.
    fn surplus(&mut self) -> Result<(), Stop> {
        match self.remaining() {
            0 => Ok(()),
            len => self.fields.bytes(len).map(drop),
        }
    }

    /// How many bytes follow on the wire; none where what was captured ends before.
    fn remaining(&self) -> usize {
        let is_captured = self.fields.at <= self.fields.payload.captured().len();
        if is_captured { self.fields.payload.len().saturating_sub(self.fields.at) } else { 0 }
    }

    /// Reads the name here, into `self.name`.
    fn take_name(&mut self) -> Result<(), Stop> {
        let len = self.name.read(self.fields.payload, self.fields.at, &mut self.steps)?;
        self.fields.pass(len);
        Ok(())
    }

    /// Counts a step of a list whose length the message does not bound.
    fn step(&mut self) -> Result<(), Stop> {
        self.steps = self.steps.checked_sub(1).ok_or(Stop::Malformed)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        let message = Message { protocol: Protocol::Mdns, payload: Payload::new(bytes, 0) };
        if let Err(stop) = message.write(&mut out) {
            out.extend_from_slice(stop.note().as_bytes());
        }
        String::from_utf8(out).unwrap()
    }

    #[rustfmt::skip]
    const RESPONSE: &[u8] = &[
        0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0, // response, two answers
        4, b'h', 0x1b, b's', b't', 0,          // a name with an escape
        0, 10, 0x80, 1, 0, 0, 0, 120, 0, 1, 0, // NULL, cache flush, 120 s, a byte
        0xc0, 12,
        0, 13, 0, 1, 0, 0, 0, 120, 0, 4,       // HINFO
        1, 0x07, 1, 0x9b,                      // a bell, and what begins an escape in 8 bits
    ];

    #[test]
    fn nothing_a_terminal_obeys_comes_through_where_wireshark_writes_bytes_as_they_are() {
        let row = "Standard query response 0x0000 NULL, cache flush h\\033st HINFO \\a \u{fffd}";
        assert_eq!(shown(RESPONSE), row);
    }

    #[test]
    fn every_cut_is_shown_without_a_panic() {
        for len in 0..RESPONSE.len() {
            assert!(shown(&RESPONSE[..len]).ends_with("[Malformed Packet]"), "cut at {len}");
        }
    }

    #[test]
    fn names_that_would_take_too_many_steps_end_the_message() {
        // Five questions with one name: thousands of labels, and a pointer back to the first.
        let mut query = vec![0, 7, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0];
        query.extend([1, b'a'].repeat(8000));
        query.extend([0xc0, 12, 0, 1, 0, 1]);
        query.extend([0xc0, 12, 0, 1, 0, 1].repeat(4));
        let looped = r#" A <Name contains a pointer that loops>, "QM" question"#;
        assert_eq!(shown(&query), format!("Standard query 0x0007{}[Malformed Packet]", looped.repeat(2)));
    }
}
