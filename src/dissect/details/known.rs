//! What the details of a frame need from the frames before it.
//!
//! Times, fragments, and the conversations seen, in bounded tables. It is kept apart from the dissector's own state, so that
//! views without details pay nothing for it.

use crate::bounded::Generations;
use crate::dissect::{Conversation, FiveTuple, ip};
use crate::time::{Delta, Timestamp};

/// The most conversations remembered of each transport protocol.
const MAX_STREAMS: usize = 65_536;

/// Two endpoints that talk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    /// Its number in the capture, from zero.
    pub index: u64,
    first: Timestamp,
    before: Timestamp,
    /// The sequence numbers that the lower endpoint, and the other, count from.
    bases: [Option<u32>; 2],
}

/// The conversations of a transport protocol.
pub(super) struct Streams {
    table: Generations<Conversation, Stream>,
    count: u64,
}

/// What is known.
pub(super) struct Known {
    pub fragments: ip::Fragments,
    pub udp: Streams,
    pub tcp: Streams,
    first: Option<Timestamp>,
    before: Option<Timestamp>,
    shown: Option<Timestamp>,
}

/// How long ago what a frame counts its time from was.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ages {
    pub first: Delta,
    pub before: Delta,
    pub shown: Delta,
}

impl Default for Known {
    fn default() -> Self {
        let streams = || Streams { table: Generations::new(MAX_STREAMS), count: 0 };
        let fragments = ip::Fragments::default();
        Self { fragments, udp: streams(), tcp: streams(), first: None, before: None, shown: None }
    }
}

impl Known {
    /// Takes the next frame's time.
    pub(super) fn next(&mut self, time: Timestamp) -> Ages {
        let ages = Ages {
            first: time.since(*self.first.get_or_insert(time)),
            before: time.since(self.before.unwrap_or(time)),
            shown: time.since(self.shown.unwrap_or(time)),
        };
        self.before = Some(time);
        ages
    }

    /// Takes note that the frame taken last is shown.
    pub(super) fn shown(&mut self) {
        self.shown = self.before;
    }
}

impl Streams {
    /// The conversation of this tuple, new or not.
    pub(super) fn stream(&mut self, tuple: FiveTuple, time: Timestamp) -> &mut Stream {
        let count = &mut self.count;
        self.table.entry(tuple.conversation(), || {
            let index = *count;
            *count = count.saturating_add(1);
            Stream { index, first: time, before: time, bases: [None; 2] }
        })
    }
}

impl Stream {
    /// Takes the time of its next frame: how long ago its first was, and the one before.
    pub(super) fn next(&mut self, time: Timestamp) -> (Delta, Delta) {
        let before = std::mem::replace(&mut self.before, time);
        (time.since(self.first), time.since(before))
    }

    /// Sequence and acknowledgment numbers, counted from the first seen, and what the latter, with its like, counts from; a SYN
    /// counts from itself.
    pub(super) fn relative(
        &mut self,
        tuple: FiveTuple,
        seq: u32,
        ack: Option<u32>,
        syn: bool,
    ) -> (u32, Option<u32>, u32) {
        let [low, high] = &mut self.bases;
        let (from, to) = if tuple.conversation().low == tuple.src { (low, high) } else { (high, low) };
        if syn && from.is_some_and(|base| base != seq) {
            *from = Some(seq);
            if ack.is_none() {
                *to = None; // the ports have a new connection
            }
        }
        let base = *from.get_or_insert(if syn { seq } else { seq.wrapping_sub(1) });
        let ack = ack.map(|ack| ack.wrapping_sub(*to.get_or_insert(ack.wrapping_sub(1))));
        (seq.wrapping_sub(base), ack, to.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::Endpoint;

    #[test]
    fn conversations_are_capped_and_one_that_was_forgotten_gets_another_number() {
        let mut streams = Known::default().udp;
        let tuple = |n: usize| {
            let end = |port| Endpoint { addr: u128::try_from(n).unwrap().to_be_bytes().into(), port };
            FiveTuple { src: end(50_000), dst: end(8080) }
        };
        let many = MAX_STREAMS + MAX_STREAMS / 2;
        for n in 0..many {
            assert_eq!(streams.stream(tuple(n), Timestamp(0)).index, n as u64);
            assert!(streams.table.len() <= MAX_STREAMS);
        }
        assert_eq!(streams.stream(tuple(many - 1), Timestamp(0)).index, many as u64 - 1);
        assert_eq!(streams.stream(tuple(0), Timestamp(0)).index, many as u64);
    }
}
