//! Names: labels, pointers to earlier names (RFC 1035) and bit labels (RFC 2673), as Wireshark reads them.
//!
//! Wireshark follows a pointer wherever it leads, and counts how many it followed; a name is read into a buffer of
//! fixed length, and what does not fit is replaced as a whole. Knows nothing of records.

use super::{Payload, Stop};
use crate::dissect::text::write_text;

/// The longest name shown, in bytes.
const MAX_LEN: usize = 255;
/// The most pointers followed in one name.
const MAX_POINTERS: u32 = 255;

/// A name that was read.
pub(in crate::dissect) struct Name {
    bytes: [u8; MAX_LEN],
    len: usize,
    /// How many bytes count: Wireshark forgets to count bit labels, and cuts the name as much shorter.
    counted: usize,
}

impl Default for Name {
    fn default() -> Self {
        Self { bytes: [0; MAX_LEN], len: 0, counted: 0 }
    }
}

impl Name {
    /// Reads the name at `start` and returns how many bytes it takes up there.
    pub(in crate::dissect) fn read(
        &mut self,
        message: Payload<'_>,
        start: usize,
        steps: &mut u32,
    ) -> Result<usize, Stop> {
        let used = self.walk(message, start, steps)?;
        if used <= 2 && self.stored().first().is_none_or(|&byte| byte == 0) {
            self.replace("<Root>");
        } else if used < 2 || (used > 2 && self.counted == 0) {
            return Err(Stop::Malformed);
        }
        Ok(used)
    }

    fn walk(&mut self, message: Payload<'_>, start: usize, steps: &mut u32) -> Result<usize, Stop> {
        (self.len, self.counted) = (0, 0);
        // The first label takes up one byte more than it shows, for the end of the text.
        let mut room = MAX_LEN;
        let mut used = None;
        let mut pointers: u32 = 0;
        let mut at = start;
        loop {
            *steps = steps.checked_sub(1).ok_or(Stop::Malformed)?;
            let head = message.u8(at)?;
            at = at.saturating_add(1);
            match head {
                0 => break,
                1..=0x3f if room == 0 => {
                    let (end, labels) = past_labels(message.captured(), at.saturating_add(head.into()));
                    at = end;
                    *steps = steps.checked_sub(labels).ok_or(Stop::Malformed)?;
                }
                1..=0x3f => {
                    if self.len == 0 {
                        room = room.saturating_sub(1);
                    } else {
                        self.label(b".", &mut room);
                    }
                    // Bytes that find no room are not even looked for.
                    self.label(message.octets(at, room.min(head.into()))?, &mut room);
                    at = at.saturating_add(head.into());
                }
                0x41 => at = self.bits(message, at, &mut room)?,
                0x40..=0x7f => {
                    self.replace("<Unknown extended label>");
                    return at.checked_sub(start).filter(|&used| used > 0).ok_or(Stop::Malformed);
                }
                0x80..=0xbf => return Err(Stop::Malformed),
                0xc0.. => {
                    let target = usize::from(u16::from_be_bytes([head & 0x3f, message.u8(at)?]));
                    at = at.saturating_add(1);
                    pointers = pointers.saturating_add(1);
                    let used = *used.get_or_insert(at.saturating_sub(start));
                    if target == at.saturating_add(2) || pointers > MAX_POINTERS {
                        self.replace("<Name contains a pointer that loops>");
                        return Ok(used);
                    }
                    at = target;
                }
            }
        }
        if room == 0 {
            self.replace("<Name too long>");
        }
        Ok(used.unwrap_or(at.saturating_sub(start)))
    }

    /// A bit label: the number of bits (0 stands for none, but takes a byte), and the bytes that hold them.
    fn bits(&mut self, message: Payload<'_>, at: usize, room: &mut usize) -> Result<usize, Stop> {
        let count = message.u8(at)?;
        let at = at.saturating_add(1);
        let end = at.saturating_add(count.div_ceil(8).max(1).into());
        self.part(b"\\[x", room);
        let mut places = at..end;
        // Once there is no room, bytes are not even looked for.
        while *room > 0
            && let Some(place) = places.next()
        {
            self.part(format!("{:02x}", message.u8(place)?).as_bytes(), room);
        }
        if *room > 0 {
            self.part(format!("/{count}]").as_bytes(), room);
        }
        Ok(end)
    }

    /// Appends to a label, as much as there is room for.
    fn label(&mut self, bytes: &[u8], room: &mut usize) {
        let bytes = bytes.get(..*room).unwrap_or(bytes);
        self.store(bytes);
        self.counted = self.counted.saturating_add(bytes.len());
        *room = room.saturating_sub(bytes.len());
    }

    /// Appends a part of a bit label, as a whole or not at all: then nothing more has room.
    fn part(&mut self, text: &[u8], room: &mut usize) {
        let left = room.checked_sub(text.len());
        if left.is_some() {
            self.store(text);
        }
        *room = left.unwrap_or(0);
    }

    fn store(&mut self, bytes: &[u8]) {
        let end = self.len.saturating_add(bytes.len());
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(bytes);
            self.len = end;
        }
    }

    fn replace(&mut self, text: &str) {
        (self.len, self.counted) = (0, text.len());
        self.store(text.as_bytes());
    }

    /// Its bytes, as they are.
    pub(in crate::dissect) fn stored(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Appends the name.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        write_text(out, self.stored().get(..self.counted).unwrap_or(self.stored()));
    }

    /// Appends the name as far as a zero byte, as Wireshark shows owners.
    pub(super) fn write_to_zero(&self, out: &mut Vec<u8>) {
        write_text(out, self.stored().split(|&byte| byte == 0).next().unwrap_or_default());
    }
}

/// Where plain labels end that begin at `at`, and how many there are. A name that has no room left shows nothing more, and
/// its end may be far: a message can make names of thirty thousand labels of itself.
fn past_labels(message: &[u8], mut at: usize) -> (usize, u32) {
    let mut labels: u32 = 0;
    while let Some(head @ 1..=0x3f) = message.get(at) {
        at = at.saturating_add(usize::from(*head)).saturating_add(1);
        labels = labels.saturating_add(1);
    }
    (at, labels)
}
