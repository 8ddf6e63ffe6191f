//! The same datagram, captured twice: on its way out and in (device `any`, some drivers), or delivered twice.
//!
//! A copy has the same endpoints, the same IPv4 identification and the same payload as the datagram before it, and comes
//! within a moment; whoever sends the same text again uses another identification. Where there is none (zero, IPv6)
//! nothing tells copies from repetitions, and each datagram counts.
//! What was seen lately stands in a table of fixed size, a few places for each value of the hash; the oldest of them
//! gives way. The hash is keyed at random, since captures come from strangers.

use std::hash::BuildHasher as _;

use hashbrown::DefaultHashBuilder;

use crate::dissect::Datagram;
use crate::time::Timestamp;

/// How far copies are apart at most, in units of 2^20 ns, 0.1 s: an identification comes again after 65,536 datagrams.
const WINDOW: u64 = 96;
/// How many places a hash has, and how many hashes are told apart: half a megabyte.
const WAYS: usize = 4;
const SETS: usize = 1 << SET_BITS;
const SET_BITS: u32 = 14;
/// Makes the upper bits of a hash depend on all of them (the golden ratio, odd): as they come, under one key in thirty,
/// identifications that follow each other fall on so few of the hashes that copies are lost.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A datagram: the upper 40 bits of its hash, and below them when it was captured, in units of 2^20 ns, which come round
/// after five hours. Zeros need no memory.
type Seen = u64;
const TIME_BITS: u32 = 24;

/// What was seen lately.
#[derive(Default)]
pub(super) struct Copies {
    hasher: DefaultHashBuilder,
    /// Newest first in each; empty until the first datagram that can have a copy.
    sets: Vec<[Seen; WAYS]>,
}

impl Copies {
    /// Takes note of a datagram; says whether it is a copy of one before.
    pub fn is_copy(&mut self, time: Timestamp, datagram: &Datagram<'_>) -> bool {
        if datagram.id == 0 {
            return false;
        }
        if self.sets.is_empty() {
            self.sets = vec![[0; WAYS]; SETS];
        }
        let hash = self.hasher.hash_one((datagram.tuple, datagram.id, datagram.len, datagram.payload));
        #[allow(clippy::cast_possible_truncation)] // the upper bits tell the set
        let Some(set) = self.sets.get_mut((hash.wrapping_mul(SPREAD) >> (u64::BITS - SET_BITS)) as usize) else {
            return false;
        };
        let now = time.0.cast_unsigned() >> 20 & ((1 << TIME_BITS) - 1);
        let seen = hash >> TIME_BITS << TIME_BITS | now;
        if let Some(before) = set.iter_mut().find(|before| **before >> TIME_BITS == seen >> TIME_BITS) {
            return is_near(std::mem::replace(before, seen), seen);
        }
        set.rotate_right(1);
        set[0] = seen;
        false
    }
}

/// Whether two moments are close, whichever came first.
fn is_near(one: Seen, other: Seen) -> bool {
    let apart = one.wrapping_sub(other) & ((1 << TIME_BITS) - 1);
    apart.min((1 << TIME_BITS) - apart) <= WINDOW
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::{Endpoint, FiveTuple, Protocol};

    const MILLI: i64 = 1_000_000;

    fn datagram(id: u16, payload: &[u8]) -> Datagram<'_> {
        let end = |port| Endpoint { addr: [127, 0, 0, 1].into(), port };
        let tuple = FiveTuple { src: end(50_000), dst: end(8080) };
        Datagram { tuple, application: Protocol::Udp, id, len: u32::try_from(payload.len()).unwrap(), payload }
    }

    #[test]
    fn identification_payload_and_moment_tell_a_copy() {
        let mut copies = Copies::default();
        let mut seen = |at, id, payload| copies.is_copy(Timestamp(at), &datagram(id, payload));
        assert!(!seen(0, 7, b"uno"));
        assert!(seen(MILLI, 7, b"uno"));
        assert!(!seen(MILLI, 8, b"uno"));
        assert!(!seen(MILLI, 7, b"dos"));
        assert!(seen(90 * MILLI, 7, b"uno"));
        assert!(!seen(200 * MILLI, 7, b"uno"));
        assert!(seen(199 * MILLI, 7, b"uno"), "clocks step back");
    }

    #[test]
    fn without_an_identification_nothing_is_a_copy() {
        let mut copies = Copies::default();
        assert!(!copies.is_copy(Timestamp(0), &datagram(0, b"uno")));
        assert!(!copies.is_copy(Timestamp(0), &datagram(0, b"uno")));
    }

    /// Under every key: each hasher has another.
    #[test]
    fn copies_are_found_thousands_of_datagrams_later() {
        for _ in 0..100 {
            let mut copies = Copies::default();
            let mut found = || (1..=10_000).filter(|id| copies.is_copy(Timestamp(0), &datagram(*id, b""))).count();
            assert_eq!(found(), 0);
            // Those of a place that more than four fall on: 36 of them are to be expected, give or take 15.
            assert!(found() > 9_800, "only a few have given way");
        }
    }
}
