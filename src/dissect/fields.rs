//! Fields of a payload, read one after another, many of them for no more than whether they are there.
//!
//! Each is checked by itself, since the first one that is missing decides what is said of the packet. Knows no protocol.

use super::payload::{Payload, Stop};

/// A place in a payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub payload: Payload<'a>,
    pub at: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(payload: Payload<'a>, at: usize) -> Self {
        Self { payload, at }
    }

    /// Whether the packet goes on here, captured or not.
    pub(super) fn more(&self) -> bool {
        self.at < self.payload.len()
    }

    /// Steps over fields of these widths, each of which has to be there; zero is a place that has to be there. A
    /// negative width is stepped over without a look: so Wireshark passes over flags and fillers.
    pub(super) fn skip(&mut self, widths: &[i8]) -> Result<(), Stop> {
        widths.iter().try_for_each(|&width| {
            let len = usize::from(width.unsigned_abs());
            if width >= 0 {
                return self.bytes(len).map(drop);
            }
            self.pass(len);
            Ok(())
        })
    }

    /// Steps over bytes without a look.
    pub(super) fn pass(&mut self, len: usize) {
        self.at = self.at.saturating_add(len);
    }

    /// The next `len` bytes.
    pub(super) fn bytes(&mut self, len: usize) -> Result<&'a [u8], Stop> {
        let bytes = self.payload.bytes(self.at, len)?;
        self.pass(len);
        Ok(bytes)
    }

    /// Steps over `len` bytes of which only the start has to be there.
    pub(super) fn filler(&mut self, len: usize) -> Result<(), Stop> {
        self.payload.bytes(self.at, 0)?;
        self.pass(len);
        Ok(())
    }

    /// Steps over what is left of `len` bytes after `taken` of them; malformed where more was taken. One byte more,
    /// though, makes Wireshark ask for anything at all, and step back.
    pub(super) fn rest(&mut self, len: usize, taken: usize) -> Result<(), Stop> {
        match len.checked_sub(taken) {
            Some(left) => self.bytes(left).map(drop),
            None if taken == len.saturating_add(1) => {
                self.payload.u8(self.at)?;
                self.at = self.at.saturating_sub(1);
                Ok(())
            }
            None => Err(Stop::Malformed),
        }
    }

    /// Steps to `end`, over bytes that have to be there; nothing where that is behind.
    pub(super) fn up_to(&mut self, end: usize) -> Result<(), Stop> {
        if self.at < end { self.bytes(end.saturating_sub(self.at)).map(drop) } else { Ok(()) }
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let bytes = self.payload.array(self.at)?;
        self.pass(N);
        Ok(bytes)
    }

    /// The next byte.
    pub(super) fn u8(&mut self) -> Result<u8, Stop> {
        self.array().map(|[byte]| byte)
    }

    /// The next 16 bits, in network order.
    pub(super) fn be16(&mut self) -> Result<u16, Stop> {
        self.array().map(u16::from_be_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_field_that_is_missing_decides() {
        let read = |widths: &[i8]| Fields::new(Payload::new(&[0; 4], 6), 0).skip(widths);
        assert_eq!(read(&[2, 2, 0, -9]), Ok(()));
        assert_eq!(read(&[2, 3, 9]), Err(Stop::Cut));
        assert_eq!(read(&[-5, 0]), Err(Stop::Cut));
        assert_eq!(read(&[-5, 9]), Err(Stop::Cut));
        assert_eq!(read(&[-4, 9]), Err(Stop::Malformed));
    }
}
