//! What two endpoints say to each other: who asks, and which of its requests are still open.
//!
//! Requests of a thread are chained through the queue in their order. Normally the oldest open one gets the next
//! response. One that nobody waits for any more, since it is long overdue and its client has asked again, is passed
//! over: ports come round, and losses would push every later response onto the wrong request. But if more responses
//! come than that leaves requests for, and not merely one of them twice, the service was slow and nothing was lost: then
//! the responses go back to where they belong, the oldest request first.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;

use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;

use super::Status;
use super::queue::{Place, Queue, Slot};
use crate::dissect::{Endpoint, FiveTuple};
use crate::time::{Delta, NANOS_PER_SEC, Timestamp};

/// The most exchanges that have left and whose threads are remembered all the same; the oldest is forgotten first.
pub const MAX_REMEMBERED: usize = 32_768;
/// The most requests passed over, or looked through for the one that an ICMP error quotes.
const MAX_STEPS: u8 = 64;
/// A response this close behind another is the same one, sent twice, rather than one for a request that was lost.
const AT_ONCE: Delta = Delta(NANOS_PER_SEC / 100);
/// Where requests to a group of receivers go: who of them will answer is not known.
const ANYONE: Endpoint = Endpoint { addr: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port: 0 };

/// Which thread a datagram belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Who asks, or the endpoint that sorts first where that is to be found out.
    first: Endpoint,
    second: Endpoint,
    identifier: Option<u16>,
    is_directed: bool,
}

/// A thread, by its place in the arena, counted from 1: so that none at all takes no more room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ThreadId(NonZeroU32);

/// How old a request may be, now.
#[derive(Clone, Copy)]
pub(super) struct Age {
    pub now: Timestamp,
    /// When nobody waits for it any more, if it was sent again.
    pub overdue: Delta,
    /// When it is not answered any more, by whatever comes.
    pub expired: Delta,
}

/// What is remembered of a thread.
pub(super) struct Thread {
    key: Key,
    /// Whether the key's first endpoint is the one that asks.
    first_asks: bool,
    /// Whether a request of it ever had its response.
    pub answered: bool,
    last_response: Timestamp,
    /// The oldest open request that is not passed over, and the newest request of all.
    oldest: Place,
    newest: Place,
    passed_over: PassedOver,
    /// How many exchanges of it are held back or remembered.
    uses: u32,
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

/// A thread in the index, with its hash, so that the index grows without a look at a million threads.
struct Entry {
    hash: u32,
    id: ThreadId,
}

/// All threads that are in use.
pub(super) struct Threads {
    arena: Slab<Thread>,
    index: HashTable<Entry>,
    hasher: DefaultHashBuilder,
    /// The threads of the exchanges that left last.
    remembered: VecDeque<ThreadId>,
    /// Whether anyone has asked a group.
    any_group: bool,
}

impl ThreadId {
    /// Exchanges held back and remembered are far fewer than numbers of 32 bits.
    fn new(index: usize) -> Self {
        Self(u32::try_from(index).ok().and_then(|index| NonZeroU32::MIN.checked_add(index)).unwrap_or(NonZeroU32::MAX))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
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

/// In as few words as hold it.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.first.hash(state);
        self.second.hash(state);
        let identifier = self.identifier.map_or(1 << 16, u32::from);
        state.write_u32((identifier << 1) | u32::from(self.is_directed));
    }
}

impl Key {
    /// For a datagram of unknown direction.
    pub fn between(tuple: FiveTuple) -> Self {
        let conversation = tuple.conversation();
        Self { first: conversation.low, second: conversation.high, identifier: None, is_directed: false }
    }

    /// For requests from `client` to `service`, and their responses.
    pub fn directed(client: Endpoint, service: Endpoint, identifier: Option<u16>) -> Self {
        Self { first: client, second: service, identifier, is_directed: true }
    }

    /// For requests from `client` to a group, whoever responds.
    pub fn group(client: Endpoint, identifier: Option<u16>) -> Self {
        Self::directed(client, ANYONE, identifier)
    }
}

impl Threads {
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.arena.len()
    }

    /// None yet.
    pub fn new() -> Self {
        Self {
            arena: Slab::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            remembered: VecDeque::new(),
            any_group: false,
        }
    }

    /// The thread of this key, if there is one.
    pub fn find(&self, key: &Key) -> Option<ThreadId> {
        let hash = self.hash(key);
        let is_it =
            |entry: &Entry| entry.hash == hash && self.thread(entry.id).is_some_and(|thread| thread.key == *key);
        self.index.find(wide(hash), is_it).map(|entry| entry.id)
    }

    /// The thread of the requests that this endpoint has sent to a group, if there is one.
    pub fn find_group(&self, client: Endpoint, identifier: Option<u16>) -> Option<ThreadId> {
        if self.any_group { self.find(&Key::group(client, identifier)) } else { None }
    }

    /// Makes the thread of a key that has none yet; it is `client` who asks.
    pub fn insert(&mut self, key: Key, client: Endpoint) -> ThreadId {
        self.any_group |= key.second == ANYONE;
        let hash = self.hash(&key);
        let id = ThreadId::new(self.arena.insert(Thread::new(key, client)));
        self.index.insert_unique(wide(hash), Entry { hash, id }, |entry| wide(entry.hash));
        id
    }

    /// A thread.
    pub fn thread(&self, id: ThreadId) -> Option<&Thread> {
        self.arena.get(id.index())
    }

    /// A thread.
    pub fn thread_mut(&mut self, id: ThreadId) -> Option<&mut Thread> {
        self.arena.get_mut(id.index())
    }

    /// Takes note of one more exchange of this thread.
    pub fn begin(&mut self, id: ThreadId) -> Option<&mut Thread> {
        let thread = self.thread_mut(id)?;
        thread.uses += 1;
        Some(thread)
    }

    /// Takes note that an exchange of this thread has left the queue.
    pub fn leave(&mut self, id: ThreadId) {
        if self.remembered.len() >= MAX_REMEMBERED
            && let Some(oldest) = self.remembered.pop_front()
        {
            self.forget(oldest);
        }
        self.remembered.push_back(id);
    }

    #[allow(clippy::cast_possible_truncation)] // half of it is as good
    fn hash(&self, key: &Key) -> u32 {
        self.hasher.hash_one(key) as u32
    }

    fn forget(&mut self, id: ThreadId) {
        let Some(thread) = self.arena.get_mut(id.index()) else { return };
        thread.uses -= 1;
        if thread.uses > 0 {
            return;
        }
        let key = self.arena.remove(id.index()).key;
        let hash = self.hash(&key);
        if let Ok(entry) = self.index.find_entry(wide(hash), |entry| entry.id == id) {
            entry.remove();
        }
    }
}

/// The hash that the index goes by: one of 32 bits tells its places apart, and the few bits beside them.
fn wide(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Thread {
    fn new(key: Key, client: Endpoint) -> Self {
        Self {
            key,
            first_asks: key.first == client,
            answered: false,
            last_response: Timestamp::default(),
            oldest: Place::NONE,
            newest: Place::NONE,
            passed_over: PassedOver::NOTHING,
            uses: 0,
        }
    }

    /// Who asks.
    pub fn client(&self) -> Endpoint {
        if self.first_asks { self.key.first } else { self.key.second }
    }

    /// From who asks to who is asked; none where that is a group.
    pub fn ends(&self) -> Option<FiveTuple> {
        let (src, dst) =
            if self.first_asks { (self.key.first, self.key.second) } else { (self.key.second, self.key.first) };
        (self.key.second != ANYONE).then_some(FiveTuple { src, dst })
    }

    /// Puts a new request at the end of the chain. What was passed over until now is lost for good.
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

    /// The request that a response at `now` belongs to. It leaves the chain, and is to be settled.
    pub fn take<R>(&mut self, id: ThreadId, queue: &mut Queue<R>, age: Age) -> Option<Place> {
        loop {
            let place = self.oldest.some()?;
            let Some(slot) = queue.slot(place, id) else {
                self.oldest = Place::NONE;
                return None;
            };
            self.oldest = slot.next;
            if !slot.is_open() || age.is_expired(slot.time) {
                continue;
            }
            let is_overdue = age.is_overdue(slot.time) && slot.next != Place::NONE;
            if !is_overdue || !self.passed_over.push(place, slot.next) {
                self.passed_over.credited = self.passed_over.credited.saturating_add(1);
                self.last_response = age.now;
                return Some(place);
            }
        }
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
        let PassedOver { from, to, count, credited, .. } =
            std::mem::replace(&mut self.passed_over, PassedOver::REFUTED);
        let is_sent_twice = count == 1 && now.since(self.last_response) <= AT_ONCE;
        if count == 0 || credited > MAX_STEPS || is_sent_twice {
            return None;
        }
        let (mut open, mut answered) = (from, to);
        for _ in 0..credited {
            answered = next(answered, id, queue, |slot| slot.response.is_some() && slot.status != Status::Refused)?;
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
            let Some(slot) = queue.slot(place, id) else { break };
            if slot.is_open() && slot.ip_id == ip_id && ip_id != 0 {
                return Some(place);
            }
            if slot.is_open() && (slot.ip_id == 0 || ip_id == 0) {
                return self.take(id, queue, age);
            }
            place = slot.next;
        }
        None
    }

    /// Takes note that a request has left the queue, open or refused, and so perhaps is still on the chain.
    pub fn unchain(&mut self, place: Place, next: Place) {
        for chained in [&mut self.oldest, &mut self.passed_over.from] {
            if *chained == place {
                *chained = next;
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
}
