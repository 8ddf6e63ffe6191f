//! The requests of one thread, chained through the queue in their order, and which of them a response or an error is for.
//!
//! Normally the oldest open one gets the next response. One that nobody waits for any more, since it is long overdue and
//! its client has asked again, is passed over: ports come round, and one loss would push every later response onto the
//! wrong request. But if more responses come than that leaves requests for, and not merely one of them twice, the service
//! was slow and nothing was lost: then the responses go back to where they belong, the oldest request first.

use super::Status;
use super::queue::{Place, Queue, Slot};
use super::threads::ThreadId;
use crate::time::{Delta, NANOS_PER_SEC, Timestamp};

/// The most requests passed over, or looked through for the one that an ICMP error quotes.
const MAX_STEPS: u8 = 64;
/// A response this close behind another is the same one, sent twice, rather than one for a request that was lost.
const AT_ONCE: Delta = Delta(NANOS_PER_SEC / 100);

/// How old a request may be, now.
#[derive(Clone, Copy)]
pub(super) struct Age {
    pub now: Timestamp,
    /// When nobody waits for it any more, if it was sent again.
    pub overdue: Delta,
    /// When it is not answered any more, by whatever comes.
    pub expired: Delta,
}

/// The requests of a thread.
pub(super) struct Chain {
    /// The oldest open one that is not passed over, or one before it; and the newest of all.
    oldest: Place,
    newest: Place,
    passed_over: PassedOver,
}

/// The requests passed over since the last request was sent.
#[derive(Clone, Copy)]
struct PassedOver {
    /// The first of them, the first one behind them, and how many there are.
    from: Place,
    to: Place,
    count: u8,
    /// How many responses have been credited since.
    credited: u8,
    /// Whether they turned out to be answered after all, so that nothing is passed over now.
    refuted: bool,
}

impl Age {
    fn is_overdue(self, request: Timestamp) -> bool {
        self.now.since(request) > self.overdue
    }

    /// Whether a request is too old, or from another age.
    pub fn is_expired(self, request: Timestamp) -> bool {
        self.now.since(request).0.saturating_abs() > self.expired.0
    }
}

impl Chain {
    /// No requests yet.
    pub const EMPTY: Self = Self { oldest: Place::NONE, newest: Place::NONE, passed_over: PassedOver::NOTHING };

    /// Puts a new request at the end. What was passed over until now is lost for good.
    pub fn append<R>(&mut self, id: ThreadId, place: Place, queue: &mut Queue<R>) {
        if let Some(newest) = queue.slot(self.newest, id) {
            newest.next = place;
        }
        self.newest = place;
        if self.oldest == Place::NONE {
            self.oldest = place;
        }
        self.passed_over = PassedOver::NOTHING;
    }

    /// The request that a response belongs to. It leaves the chain, and is to be settled.
    pub fn take<R>(&mut self, id: ThreadId, queue: &mut Queue<R>, age: Age) -> Option<Place> {
        let place = self.take_oldest(id, queue, age)?;
        self.passed_over.credited = self.passed_over.credited.saturating_add(1);
        Some(place)
    }

    /// Gives the responses that were credited past overdue requests to these instead, the oldest first: there are more
    /// responses than open requests at `now`. Says which request gets the response that showed it.
    pub fn take_back<R>(
        &mut self,
        id: ThreadId,
        queue: &mut Queue<R>,
        now: Timestamp,
        status: impl Fn(Delta) -> Status,
    ) -> Option<Place> {
        let passed_over = std::mem::replace(&mut self.passed_over, PassedOver::REFUTED);
        let last = passed_over.last_response(id, queue)?;
        if passed_over.count == 1 && now.since(last) <= AT_ONCE {
            return None;
        }
        let (mut open, mut answered) = (passed_over.from, passed_over.to);
        for _ in 0..passed_over.credited {
            answered = next(answered, id, queue, |slot| slot.status.is_answered())?;
            let slot = queue.slot(answered, id)?;
            answered = slot.next;
            let (row, time) = slot.reopen()?;
            open = next(open, id, queue, Slot::is_open)?;
            let slot = queue.slot(open, id)?;
            slot.settle(row, time, &status);
            open = slot.next;
        }
        let place = next(open, id, queue, Slot::is_open)?;
        self.oldest = queue.slot(place, id)?.next;
        Some(place)
    }

    /// The open request whose packet had this identification. Where it says nothing, the one that waits longest.
    pub fn take_quoted<R>(&mut self, id: ThreadId, queue: &mut Queue<R>, ip_id: u16, age: Age) -> Option<Place> {
        // Refused ones stay on the chain until somebody comes by.
        self.oldest = next(self.oldest, id, queue, Slot::is_open).unwrap_or(Place::NONE);
        let mut place = if self.passed_over.count > 0 { self.passed_over.from } else { self.oldest };
        for _ in 0..MAX_STEPS {
            let slot = queue.slot(place, id)?;
            if slot.is_open() && slot.ip_id == ip_id && ip_id != 0 {
                return Some(place);
            }
            if slot.is_open() && (slot.ip_id == 0 || ip_id == 0) {
                return self.take_oldest(id, queue, age);
            }
            place = slot.next;
        }
        None
    }

    /// Takes note that a request has left the queue, open or refused, and so perhaps is still here.
    pub fn unchain(&mut self, place: Place, next: Place) {
        for chained in [&mut self.oldest, &mut self.passed_over.from] {
            if *chained == place {
                *chained = next;
            }
        }
    }

    /// The oldest open request that is not passed over, off the chain.
    fn take_oldest<R>(&mut self, id: ThreadId, queue: &mut Queue<R>, age: Age) -> Option<Place> {
        loop {
            let place = self.oldest;
            let slot = queue.slot(place, id)?;
            self.oldest = slot.next;
            if !slot.is_open() || age.is_expired(slot.time) {
                continue;
            }
            let is_overdue = age.is_overdue(slot.time) && slot.next != Place::NONE;
            if !is_overdue || !self.passed_over.push(place, slot.next) {
                return Some(place);
            }
        }
    }
}

/// The first request from here on of which this holds.
fn next<R>(mut place: Place, id: ThreadId, queue: &mut Queue<R>, holds: impl Fn(&Slot<R>) -> bool) -> Option<Place> {
    loop {
        let slot = queue.slot(place, id)?;
        if holds(slot) {
            return Some(place);
        }
        place = slot.next;
    }
}

impl PassedOver {
    const NOTHING: Self = Self { from: Place::NONE, to: Place::NONE, count: 0, credited: 0, refuted: false };
    const REFUTED: Self = Self { refuted: true, ..Self::NOTHING };

    /// Passes over a request, where that may be done.
    fn push(&mut self, place: Place, next: Place) -> bool {
        if self.refuted || self.count >= MAX_STEPS || (self.count > 0 && self.credited > 0) {
            return false;
        }
        if self.count == 0 {
            (self.from, self.credited) = (place, 0);
        }
        self.to = next;
        self.count += 1;
        true
    }

    /// When the last of the responses came that were credited past them; none where there are too many to move.
    fn last_response<R>(self, id: ThreadId, queue: &mut Queue<R>) -> Option<Timestamp> {
        let (mut last, mut place) = (None, self.to);
        if self.count == 0 || self.credited > MAX_STEPS {
            return None;
        }
        for _ in 0..self.credited {
            place = next(place, id, queue, |slot| slot.status.is_answered())?;
            let slot = queue.slot(place, id)?;
            (last, place) = (Some(slot.response_time()), slot.next);
        }
        last
    }
}
