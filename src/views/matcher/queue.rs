//! The exchanges held back, in the order of their requests.
//!
//! An exchange is known by its [`Place`] in the whole capture, which stays the same while those before it leave. Many
//! may wait behind one open request, so that a slot is small: places and threads are numbers of 32 bits.

use std::collections::VecDeque;

use super::threads::ThreadId;
use super::{ServiceId, Status};
use crate::time::{Delta, Timestamp};

/// The most exchanges held back; beyond it the oldest leaves, as unanswered where it is still open. With the one that
/// is too many they fill a queue whose room doubles, and do not double it once more.
pub const MAX_PENDING: usize = (1 << 20) - 1;
/// The most bytes that rows held back take outside of the queue, mostly texts: a name of a few bytes can stand for
/// thousands. Beyond it the oldest exchange leaves, too.
pub const MAX_HELD: usize = 128 << 20;

/// What is kept of a datagram while its exchange is held back.
pub trait Held {
    /// How many bytes it takes outside of itself.
    fn held(&self) -> usize;
}

/// A number takes none.
impl Held for u32 {
    fn held(&self) -> usize {
        0
    }
}

/// Where an exchange stands in the capture; comes round after four billion of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    /// No place: whoever looks there finds nothing of their own.
    pub const NONE: Self = Self(u32::MAX);

    /// Of the exchange that has so many before it.
    #[allow(clippy::cast_possible_truncation)] // it comes round
    fn behind(count: u64) -> Self {
        Self(count as u32)
    }
}

/// An exchange that is held back.
pub(super) struct Slot<R> {
    pub request: Option<R>,
    pub response: Option<R>,
    /// When the request was captured, or whatever there is instead of one.
    pub time: Timestamp,
    /// From request to response, once there is one.
    pub rtt: Delta,
    /// Who it is between; none for a response that belongs to no conversation.
    pub thread: Option<ThreadId>,
    /// The next request of the same thread.
    pub next: Place,
    pub service: Option<ServiceId>,
    /// The request's IPv4 identification, or zero.
    pub ip_id: u16,
    pub status: Status,
    pub reordered: bool,
}

/// The queue.
pub(super) struct Queue<R> {
    slots: VecDeque<Slot<R>>,
    /// How many bytes their rows take.
    held: usize,
    /// How many have left.
    gone: u64,
}

impl<R: Held> Queue<R> {
    /// Appends an exchange; says where it stands.
    pub fn push(&mut self, slot: Slot<R>) -> Place {
        self.held += slot.held();
        self.slots.push_back(slot);
        Place::behind(self.gone + self.slots.len() as u64 - 1)
    }

    /// Takes note of a row that one of the exchanges is given.
    pub fn hold(&mut self, row: &R) {
        self.held += row.held();
    }

    /// Whether there are more exchanges, or more bytes, than may be held back.
    pub fn is_overfull(&self) -> bool {
        self.slots.len() > MAX_PENDING || self.held > MAX_HELD
    }

    /// Takes the oldest exchange out, with its place.
    pub fn pop(&mut self) -> Option<(Place, Slot<R>)> {
        let slot = self.slots.pop_front()?;
        let place = Place::behind(self.gone);
        self.gone += 1;
        self.held = self.held.saturating_sub(slot.held());
        Some((place, slot))
    }
}

impl<R> Queue<R> {
    /// An empty queue.
    pub fn new() -> Self {
        Self { slots: VecDeque::new(), held: 0, gone: 0 }
    }

    /// The exchange at this place, if it has not left and is this thread's.
    pub fn slot(&mut self, place: Place, thread: ThreadId) -> Option<&mut Slot<R>> {
        let index = self.index(place);
        self.slots.get_mut(index).filter(|slot| slot.thread == Some(thread))
    }

    /// The place among all exchanges of the capture, without coming round.
    pub fn count(&self, place: Place) -> u64 {
        self.gone + self.index(place) as u64
    }

    /// The exchanges from the newest on, with their places.
    pub fn newest_first(&self) -> impl Iterator<Item = (Place, &Slot<R>)> {
        let gone = self.gone;
        self.slots.iter().enumerate().rev().map(move |(index, slot)| (Place::behind(gone + index as u64), slot))
    }

    /// The exchange that leaves next.
    pub fn front(&self) -> Option<&Slot<R>> {
        self.slots.front()
    }

    /// The difference between two places counts, however often they came round.
    fn index(&self, place: Place) -> usize {
        place.0.wrapping_sub(Place::behind(self.gone).0) as usize
    }
}

impl<R: Held> Slot<R> {
    fn held(&self) -> usize {
        [&self.request, &self.response].into_iter().flatten().map(Held::held).sum()
    }
}

impl<R> Slot<R> {
    /// A request that waits.
    pub fn request(row: R, time: Timestamp, thread: ThreadId, service: Option<ServiceId>, ip_id: u16) -> Self {
        Self { thread: Some(thread), ip_id, ..Self::new(Some(row), None, time, service, Status::Unanswered) }
    }

    /// What waits for nothing: a copy, or a response without a request.
    pub fn settled(
        (request, response): (Option<R>, Option<R>),
        time: Timestamp,
        thread: Option<ThreadId>,
        service: Option<ServiceId>,
        status: Status,
    ) -> Self {
        Self { thread, ..Self::new(request, response, time, service, status) }
    }

    fn new(
        request: Option<R>,
        response: Option<R>,
        time: Timestamp,
        service: Option<ServiceId>,
        status: Status,
    ) -> Self {
        let (thread, next, ip_id) = (None, Place::NONE, 0);
        let (rtt, reordered) = (Delta(0), false);
        Self { request, response, time, rtt, thread, next, service, ip_id, status, reordered }
    }

    /// Whether it is a request that still waits for its response.
    pub fn is_open(&self) -> bool {
        self.status == Status::Unanswered
    }

    /// When the response came.
    pub fn response_time(&self) -> Timestamp {
        Timestamp(self.time.0.saturating_add(self.rtt.0))
    }

    /// Gives an open request its response, which came at this time.
    pub fn settle(&mut self, row: R, time: Timestamp, status: impl FnOnce(Delta) -> Status) -> (Status, Delta) {
        self.rtt = time.since(self.time);
        self.status = status(self.rtt);
        self.response = Some(row);
        (self.status, self.rtt)
    }

    /// Takes the response away again, with the time when it came: the request is open as before.
    pub fn reopen(&mut self) -> Option<(R, Timestamp)> {
        let (row, time) = (self.response.take()?, self.response_time());
        (self.status, self.reordered) = (Status::Unanswered, false);
        Some((row, time))
    }
}
