//! Fragments of IP packets, kept until the packet is whole.
//!
//! Where fragments overlap, what stands earlier in the packet counts, as in Wireshark; that they contradict each other
//! is said. Everything kept is bounded: packets that have not seen a fragment for the longest time are given up first.
//! Knows nothing of headers.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::bounded::Generations;

/// The most packets waiting for fragments.
const MAX_PACKETS: usize = 256;
/// The most bytes kept of one of them: twice its longest, as every fragment may have been sent twice.
const MAX_BYTES: usize = 128 << 10;
/// The most fragments kept of one of them.
const MAX_PIECES: usize = 8192;
/// The most frames of a first pass that a second one knows about.
const MAX_KNOWN: usize = 1 << 20;

/// Which packet a fragment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::dissect) struct Key {
    pub src: IpAddr,
    pub dst: IpAddr,
    pub id: u32,
}

/// A fragment.
#[derive(Clone, Copy)]
pub(in crate::dissect) struct Piece<'a> {
    /// Where it belongs, in bytes.
    pub offset: u16,
    /// Whether it is not the last.
    pub more: bool,
    pub bytes: &'a [u8],
}

/// Fragments seen so far.
pub(in crate::dissect) struct Fragments {
    incomplete: Generations<Key, Incomplete>,
    whole: Whole,
    /// Frame of a fragment to the frame that completed its packet.
    completed_in: HashMap<u64, u64>,
}

/// A packet that has been put together.
#[derive(Default)]
pub(in crate::dissect) struct Whole {
    pub bytes: Vec<u8>,
    /// Whether its fragments contradict each other.
    pub is_illegal: bool,
    pieces: Vec<Kept>,
}

impl Whole {
    /// The frame, the offset and the length of each fragment, in the packet's order.
    pub(in crate::dissect) fn pieces(&self) -> impl Iterator<Item = (u64, usize, usize)> {
        self.pieces.iter().map(|kept| (kept.frame, kept.offset, kept.len))
    }
}

/// A packet of which something is missing.
#[derive(Default)]
struct Incomplete {
    /// Sorted by offset, those of the same offset by arrival.
    pieces: Vec<Kept>,
    bytes: Vec<u8>,
    /// The whole length, once a last fragment has come.
    len: Option<usize>,
    /// Whether last fragments disagree about it.
    is_ambiguous: bool,
}

/// Where a fragment's bytes belong, and where they are kept.
struct Kept {
    offset: usize,
    len: usize,
    at: usize,
    frame: u64,
}

impl Default for Fragments {
    fn default() -> Self {
        let incomplete = Generations::new(MAX_PACKETS);
        Self { incomplete, whole: Whole::default(), completed_in: HashMap::new() }
    }
}

impl Fragments {
    /// Takes in a fragment of this frame; says whether its packet is whole now.
    pub(in crate::dissect) fn add(&mut self, key: Key, piece: Piece<'_>, frame: u64) -> bool {
        let packet = self.incomplete.entry(key, Incomplete::default);
        packet.insert(piece, frame);
        if !packet.is_complete() {
            return false;
        }
        let Some(packet) = self.incomplete.remove(&key) else { return false };
        for kept in packet.pieces.iter().take(MAX_KNOWN.saturating_sub(self.completed_in.len())) {
            self.completed_in.insert(kept.frame, frame);
        }
        packet.put_together(&mut self.whole);
        true
    }

    /// The packet that was whole with the last fragment.
    pub(in crate::dissect) fn whole(&self) -> &Whole {
        &self.whole
    }

    /// The frame that completed the packet of this frame's fragment, where a pass before this one got that far.
    pub(in crate::dissect) fn completed_in(&self, frame: u64) -> Option<u64> {
        self.completed_in.get(&frame).copied()
    }

    /// As they are at the beginning of a second pass: with what the first one learnt, and without its leftovers.
    pub(in crate::dissect) fn for_second_pass(self) -> Self {
        Self { completed_in: self.completed_in, ..Self::default() }
    }
}

impl Incomplete {
    fn insert(&mut self, piece: Piece<'_>, frame: u64) {
        let (offset, len) = (usize::from(piece.offset), piece.bytes.len());
        let end = offset.saturating_add(len);
        if !piece.more {
            self.is_ambiguous |= self.len.is_some_and(|len| len != end);
            self.len.get_or_insert(end);
        }
        let at = self.bytes.len();
        if self.pieces.len() < MAX_PIECES && at.saturating_add(len) <= MAX_BYTES {
            let place = self.pieces.partition_point(|kept| kept.offset <= offset);
            self.pieces.insert(place, Kept { offset, len, at, frame });
            self.bytes.extend_from_slice(piece.bytes);
        }
    }

    fn is_complete(&self) -> bool {
        let contiguous = self.pieces.iter().fold(0, |end: usize, kept| {
            if kept.offset <= end { end.max(kept.offset.saturating_add(kept.len)) } else { end }
        });
        self.len.is_some_and(|len| contiguous >= len)
    }

    fn put_together(self, whole: &mut Whole) {
        let len = self.len.unwrap_or_default();
        whole.bytes.clear();
        whole.is_illegal = self.is_ambiguous;
        for kept in &self.pieces {
            let bytes = self.bytes.get(kept.at..).and_then(|bytes| bytes.get(..kept.len)).unwrap_or_default();
            // There is no gap before it, or it begins behind the end.
            let (known, new) = bytes.split_at(whole.bytes.len().saturating_sub(kept.offset).min(bytes.len()));
            let before = whole.bytes.get(kept.offset..).and_then(|before| before.get(..known.len()));
            let room = len.saturating_sub(whole.bytes.len());
            let end = kept.offset.saturating_add(kept.len);
            whole.is_illegal |= end > len || before.is_none_or(|before| before != known);
            whole.bytes.extend_from_slice(new.get(..room).unwrap_or(new));
        }
        whole.pieces = self.pieces;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        let addr = IpAddr::from([127, 0, 0, 1]);
        Key { src: addr, dst: addr, id: 7 }
    }

    /// Adds fragments given as offset, more, bytes; the packet, if they complete it with the last.
    fn put_together(pieces: &[(u16, bool, &[u8])]) -> Option<(Vec<u8>, bool)> {
        let mut fragments = Fragments::default();
        let mut complete = false;
        for (frame, &(offset, more, bytes)) in (1..).zip(pieces) {
            assert!(!complete, "whole before frame {frame}");
            complete = fragments.add(key(), Piece { offset, more, bytes }, frame);
        }
        complete.then(|| (fragments.whole().bytes.clone(), fragments.whole().is_illegal))
    }

    #[test]
    fn fragments_in_any_order_make_the_packet() {
        let whole = Some((b"abcdefghijkl".to_vec(), false));
        assert_eq!(put_together(&[(0, true, b"abcdefgh"), (8, false, b"ijkl")]), whole);
        assert_eq!(put_together(&[(8, false, b"ijkl"), (0, true, b"abcdefgh")]), whole);
        assert_eq!(put_together(&[(0, true, b"abcdefgh"), (0, true, b"abcdefgh"), (8, false, b"ijkl")]), whole);
        assert_eq!(put_together(&[(0, true, b"abcdefgh"), (16, false, b"ijkl")]), None);
    }

    #[test]
    fn fragments_that_contradict_each_other_are_illegal() {
        let conflict = put_together(&[(0, true, b"abcdefgh"), (0, true, b"aXcdefgh"), (8, false, b"ijkl")]);
        assert_eq!(conflict, Some((b"abcdefghijkl".to_vec(), true)));
        let beyond_the_end = put_together(&[(16, true, b"zzzzzzzz"), (8, false, b"ijkl"), (0, true, b"abcdefgh")]);
        assert_eq!(beyond_the_end, Some((b"abcdefghijkl".to_vec(), true)));
    }

    #[test]
    fn a_second_pass_knows_where_packets_became_whole() {
        let mut fragments = Fragments::default();
        assert!(!fragments.add(key(), Piece { offset: 0, more: true, bytes: b"abcdefgh" }, 4));
        assert_eq!(fragments.completed_in(4), None);
        assert!(fragments.add(key(), Piece { offset: 8, more: false, bytes: b"ijkl" }, 9));
        assert_eq!(fragments.for_second_pass().completed_in(4), Some(9));
    }

    fn key_of(id: u32) -> Key {
        Key { id, ..key() }
    }

    #[test]
    fn packets_that_wait_are_capped_and_the_one_that_waits_longest_is_given_up() {
        let mut fragments = Fragments::default();
        for id in 0..1_000 {
            assert!(!fragments.add(key_of(id), Piece { offset: 0, more: true, bytes: b"abcdefgh" }, id.into()));
            assert!(fragments.incomplete.len() <= MAX_PACKETS);
        }
        let last = Piece { offset: 8, more: false, bytes: b"ijkl" };
        assert!(!fragments.add(key_of(0), last, 1_000), "its first fragment is gone");
        assert!(fragments.add(key_of(999), last, 1_001));
    }

    #[test]
    fn a_second_pass_knows_of_no_more_frames_than_the_cap() {
        let mut fragments = Fragments::default();
        let frames = u64::try_from(MAX_KNOWN).unwrap() + 9;
        for frame in 1..=frames {
            assert!(fragments.add(key(), Piece { offset: 0, more: false, bytes: b"" }, frame));
        }
        assert_eq!(fragments.completed_in.len(), MAX_KNOWN);
        let second = fragments.for_second_pass();
        assert_eq!([1, frames].map(|frame| second.completed_in(frame)), [Some(1), None]);
    }

    #[test]
    fn no_packet_keeps_more_than_its_share() {
        let mut fragments = Fragments::default();
        for frame in 0..20_000 {
            fragments.add(key(), Piece { offset: 8, more: true, bytes: &[0; 1480] }, frame);
        }
        let packet = fragments.incomplete.find(&key()).unwrap();
        assert!(packet.bytes.len() <= MAX_BYTES && packet.pieces.len() <= MAX_PIECES);
    }
}
