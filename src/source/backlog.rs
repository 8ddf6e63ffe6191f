//! Frames that wait between the thread that takes them from the kernel and whoever looks at them.
//!
//! The kernel's buffer has few blocks, and each may be handed over with a single frame in it. Here frames lie close
//! together, so that none is lost while a terminal or a disk stands still. What waits is bounded by [`MAX_WAITING`]:
//! beyond that, frames stay in the kernel's buffer, and the kernel drops and counts what has no room there. Knows nothing
//! of devices.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::SourceError;
use crate::time::Timestamp;

/// How many bytes may wait, what is kept of each frame beside its bytes among them: two seconds of a flood of 250,000
/// small frames a second, hours of a lab.
pub(super) const MAX_WAITING: usize = 32 * 1024 * 1024;
/// The largest room that is kept for the next frames once these have gone: so many of them, and so many bytes.
const MAX_KEPT: (usize, usize) = (32 * 1024, 1024 * 1024);

/// What is known of a frame beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub time: Timestamp,
    pub wire_len: u32,
    /// How many bytes were captured.
    pub len: usize,
}

/// Frames, one after the other, the first of which may have gone already.
#[derive(Debug, Default)]
pub(super) struct Batch {
    heads: Vec<Head>,
    bytes: Vec<u8>,
    /// Of `heads` and of `bytes`, how many have gone.
    gone: (usize, usize),
}

impl Batch {
    pub fn push(&mut self, time: Timestamp, wire_len: u32, data: &[u8]) {
        self.heads.push(Head { time, wire_len, len: data.len() });
        self.bytes.extend_from_slice(data);
    }

    /// The next frame, which goes with that.
    pub fn next(&mut self) -> Option<(Head, &[u8])> {
        let (heads, bytes) = self.gone;
        let head = *self.heads.get(heads)?;
        let end = bytes.saturating_add(head.len);
        self.gone = (heads.saturating_add(1), end);
        Some((head, self.bytes.get(bytes..end)?))
    }

    /// Whether all have gone, or there were none.
    pub fn is_spent(&self) -> bool {
        self.gone.0 >= self.heads.len()
    }

    /// How much room the frames take, in bytes, gone ones too.
    pub fn size(&self) -> usize {
        self.heads.len().saturating_mul(size_of::<Head>()).saturating_add(self.bytes.len())
    }

    /// Makes room for others, and gives back what is more than usual.
    fn clear(&mut self) {
        self.heads.clear();
        self.bytes.clear();
        self.gone = (0, 0);
        self.heads.shrink_to(MAX_KEPT.0);
        self.bytes.shrink_to(MAX_KEPT.1);
    }

    /// Takes over all frames of another, of which none has gone.
    fn append(&mut self, other: &mut Self) {
        self.heads.append(&mut other.heads);
        self.bytes.append(&mut other.bytes);
    }
}

/// How many frames the kernel counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub received: u64,
    pub dropped: u64,
}

/// What the two sides share.
#[derive(Default)]
pub(super) struct Backlog {
    state: Mutex<State>,
    /// Frames have come, or gone: only one side can be waiting at a time.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Batch,
    counts: Counts,
    /// How the source ended.
    ended: Option<Result<(), SourceError>>,
    /// Nobody looks any more.
    closed: bool,
}

/// What there was to take.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Frames,
    /// Nothing yet.
    Nothing,
    /// And nothing more will come.
    End,
}

impl Backlog {
    /// Adds these frames, once there is room, and leaves the batch empty; whether anybody looks.
    pub fn put(&self, batch: &mut Batch, counts: Counts) -> bool {
        let is_full = |state: &mut State| state.waiting.size() >= MAX_WAITING && !state.closed;
        let mut state = self.changed.wait_while(self.state(), is_full).unwrap_or_else(PoisonError::into_inner);
        state.counts = counts;
        if state.waiting.is_spent() {
            std::mem::swap(&mut state.waiting, batch);
        } else {
            state.waiting.append(batch);
        }
        let is_open = !state.closed;
        drop(state);
        self.changed.notify_one();
        batch.clear();
        is_open
    }

    /// Says that no more frames will come, and why.
    pub fn end(&self, result: Result<(), SourceError>) {
        self.state().ended = Some(result);
        self.changed.notify_one();
    }

    /// Takes all that waits, in place of a batch that is spent.
    pub fn take(&self, spent: &mut Batch) -> Result<Taken, SourceError> {
        spent.clear();
        let mut state = self.state();
        if state.waiting.is_spent() {
            return state.ended.take().map_or(Ok(Taken::Nothing), |ended| ended.map(|()| Taken::End));
        }
        std::mem::swap(&mut state.waiting, spent);
        drop(state);
        self.changed.notify_one();
        Ok(Taken::Frames)
    }

    /// Sleeps until something waits, or the time is over.
    pub fn wait(&self, time: Duration) {
        let has_nothing = |state: &mut State| state.waiting.is_spent() && state.ended.is_none();
        drop(self.changed.wait_timeout_while(self.state(), time, has_nothing));
    }

    /// Says that nobody looks any more.
    pub fn close(&self) {
        self.state().closed = true;
        self.changed.notify_one();
    }

    /// What was counted up to the frames that came last.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// A thread that broke down leaves nothing half done here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn batch(frames: &[&[u8]]) -> Batch {
        let mut batch = Batch::default();
        for (n, data) in (0..).zip(frames) {
            batch.push(Timestamp(n), 60, data);
        }
        batch
    }

    #[test]
    fn frames_come_out_as_they_went_in() {
        let (backlog, counts) = (Backlog::default(), Counts { received: 3, dropped: 1 });
        let mut taken = Batch::default();
        assert_eq!(backlog.take(&mut taken).unwrap(), Taken::Nothing);
        for frames in [[b"uno".as_slice(), b""].as_slice(), &[b"tres"]] {
            let mut batch = batch(frames);
            assert!(backlog.put(&mut batch, counts));
            assert!(batch.is_spent(), "ready for more");
        }
        backlog.end(Ok(()));
        assert_eq!(backlog.take(&mut taken).unwrap(), Taken::Frames);
        let head = |n, len| Head { time: Timestamp(n), wire_len: 60, len };
        assert_eq!(taken.next(), Some((head(0, 3), b"uno".as_slice())));
        assert_eq!(taken.next(), Some((head(1, 0), b"".as_slice())));
        assert_eq!(taken.next(), Some((head(0, 4), b"tres".as_slice())));
        assert!(taken.is_spent() && taken.next().is_none());
        assert_eq!(backlog.take(&mut taken).unwrap(), Taken::End);
        assert_eq!(backlog.counts(), counts);
    }

    #[test]
    fn what_went_wrong_comes_after_the_frames() {
        let (backlog, mut taken) = (Backlog::default(), Batch::default());
        backlog.put(&mut batch(&[b"uno"]), Counts::default());
        backlog.end(Err(SourceError::NoLibpcap { what: "this" }));
        assert_eq!(backlog.take(&mut taken).unwrap(), Taken::Frames);
        assert!(backlog.take(&mut taken).is_err());
    }

    #[test]
    fn who_has_more_than_may_wait_waits_itself() {
        let (backlog, mut taken) = (Backlog::default(), Batch::default());
        let mut large = batch(&[&vec![0; MAX_WAITING]]);
        thread::scope(|scope| {
            backlog.put(&mut large, Counts::default());
            let second = scope.spawn(|| backlog.put(&mut batch(&[b"dos"]), Counts::default()));
            assert_eq!(backlog.take(&mut taken).unwrap(), Taken::Frames);
            assert_eq!(taken.next().unwrap().1.len(), MAX_WAITING);
            assert!(second.join().unwrap());
            backlog.wait(Duration::MAX);
            assert_eq!(backlog.take(&mut taken).unwrap(), Taken::Frames);
            assert_eq!(taken.next().unwrap().1, b"dos");
            assert!(taken.bytes.capacity() <= MAX_KEPT.1, "the large room was given back");
        });
    }

    #[test]
    fn nobody_waits_for_who_has_gone() {
        let backlog = Backlog::default();
        assert!(backlog.put(&mut batch(&[&vec![0; MAX_WAITING]]), Counts::default()));
        backlog.close();
        assert!(!backlog.put(&mut batch(&[b"dos"]), Counts::default()));
    }
}
