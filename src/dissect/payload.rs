//! The bytes of one layer: those that were captured, and how many there were on the wire.
//!
//! Every read says why it can't be done: the capture ends there ([`Stop::Cut`]), or the packet does. Wireshark words
//! the two differently behind the Info column, and so a read past the end has to know three lengths, from the shortest
//! to the longest: captured, contained (what the layers below hold) and reported (what this layer's header claims).
//! Knows no protocol.

/// The bytes of one layer.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    captured: &'a [u8],
    contained: usize,
    reported: usize,
}

/// Why a layer could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The snaplen cut the frame before that.
    Cut,
    /// The packet itself ends before that.
    Malformed,
    /// A length inside claims more than what is around it holds.
    Contained,
    /// The packet ends before that because it is a piece of one that was not put together.
    Fragment,
    /// Data comes again that was put together with other data and read before.
    Overlap,
}

impl Stop {
    /// What Wireshark adds to the Info column.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Cut => "[Packet size limited during capture]",
            Self::Malformed => "[Malformed Packet]",
            Self::Fragment => "[BoundErrorUnreassembled Packet]",
            Self::Overlap => "[Reassembly error, protocol TCP: New fragment overlaps old data (retransmission?)]",
            Self::Contained => "[Malformed Packet: length of contained item exceeds length of containing item]",
        }
    }
}

impl<'a> Payload<'a> {
    /// Captured bytes of something that was `reported` bytes long, or at least as long as what was captured.
    pub(super) fn new(captured: &'a [u8], reported: usize) -> Self {
        let reported = reported.max(captured.len());
        Self { captured, contained: reported, reported }
    }

    /// Bytes that were captured to the last.
    pub(super) fn whole(captured: &'a [u8]) -> Self {
        Self::new(captured, captured.len())
    }

    /// The captured bytes.
    #[must_use]
    pub fn captured(&self) -> &'a [u8] {
        self.captured
    }

    /// Its length on the wire, in bytes, whatever was captured of it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.reported
    }

    /// Whether there was nothing on the wire.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reported == 0
    }

    /// Whether less was captured than there was on the wire.
    pub(super) fn is_cut(&self) -> bool {
        self.captured.len() < self.reported
    }

    /// What follows the first `len` bytes; nothing where there are no more.
    pub(super) fn after(self, len: usize) -> Self {
        let reported = self.reported.saturating_sub(len);
        Self {
            captured: self.captured.get(len..).unwrap_or_default(),
            contained: self.contained.saturating_sub(len),
            reported,
        }
    }

    /// What follows the first `at` bytes.
    pub(super) fn from(&self, at: usize) -> Result<Self, Stop> {
        self.subset(at, self.reported.saturating_sub(at))
    }

    /// `len` bytes from `at` on, as many as there are; their length stays `len` even where it claims too much.
    pub(super) fn subset(&self, at: usize, len: usize) -> Result<Self, Stop> {
        let rest = self.captured.get(at..).ok_or_else(|| self.stop(at))?;
        Ok(Self {
            captured: rest.get(..len).unwrap_or(rest),
            contained: self.contained.saturating_sub(at).min(len),
            reported: len,
        })
    }

    /// The same bytes without those after `len`; a length that claims more than there is changes nothing.
    pub(super) fn truncated(self, len: usize) -> Self {
        Self {
            captured: self.captured.get(..len).unwrap_or(self.captured),
            contained: self.contained.min(len),
            reported: self.reported.min(len),
        }
    }

    /// The `N` bytes at `at`.
    pub(super) fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Stop> {
        let rest = self.captured.get(at..).and_then(|rest| rest.first_chunk());
        rest.copied().ok_or_else(|| self.stop(at.saturating_add(N)))
    }

    /// The `len` bytes at `at`, looked for as a whole: a start past the end says more than where they would end.
    pub(super) fn bytes(&self, at: usize, len: usize) -> Result<&'a [u8], Stop> {
        let rest = self.captured.get(at..).ok_or_else(|| self.stop(at))?;
        rest.get(..len).ok_or_else(|| self.stop(at.saturating_add(len)))
    }

    /// The `len` bytes at `at`, looked for one by one: what stops it is the first that is not there.
    pub(super) fn octets(&self, at: usize, len: usize) -> Result<&'a [u8], Stop> {
        let first_missing = self.captured.len().max(at).saturating_add(1);
        self.captured.get(at..at.saturating_add(len)).ok_or_else(|| self.stop(first_missing))
    }

    /// The byte at `at`.
    pub(super) fn u8(&self, at: usize) -> Result<u8, Stop> {
        self.array(at).map(|[byte]| byte)
    }

    /// 16 bits at `at`, in network order.
    pub(super) fn be16(&self, at: usize) -> Result<u16, Stop> {
        self.array(at).map(u16::from_be_bytes)
    }

    /// 32 bits at `at`, in network order.
    pub(super) fn be32(&self, at: usize) -> Result<u32, Stop> {
        self.array(at).map(u32::from_be_bytes)
    }

    /// Why the bytes before `end` are not all there; only for an `end` past what was captured.
    fn stop(&self, end: usize) -> Stop {
        if end <= self.contained {
            Stop::Cut
        } else if end <= self.reported {
            Stop::Contained
        } else {
            Stop::Malformed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_past_the_end_says_which_end_it_was() {
        let frame = Payload::new(&[1, 2, 3, 4], 6);
        assert_eq!(frame.be16(2), Ok(0x0304));
        assert_eq!(frame.be16(3), Err(Stop::Cut));
        assert_eq!(frame.be32(4), Err(Stop::Malformed));
        assert_eq!(frame.be16(usize::MAX), Err(Stop::Malformed));
        assert_eq!(frame.bytes(5, 9), Err(Stop::Cut));
        assert_eq!(frame.bytes(4, 9), Err(Stop::Malformed));
        assert_eq!(frame.octets(3, 9), Err(Stop::Cut));
        assert_eq!(frame.octets(6, 9), Err(Stop::Malformed));
    }

    #[test]
    fn a_subset_remembers_what_is_around_it() {
        let frame = Payload::new(&[1, 2, 3, 4], 6);
        let claimed = frame.subset(1, 9).unwrap();
        assert_eq!((claimed.captured(), claimed.len()), (&[2, 3, 4][..], 9));
        assert_eq!(claimed.u8(4), Err(Stop::Cut));
        assert_eq!(claimed.u8(5), Err(Stop::Contained));
        assert_eq!(claimed.u8(9), Err(Stop::Malformed));
        assert_eq!(frame.subset(7, 1).unwrap_err(), Stop::Malformed);
        assert_eq!(frame.truncated(2).u8(2), Err(Stop::Malformed));
        assert_eq!(frame.from(4).unwrap().captured(), b"");
    }
}
