//! What two endpoints say to each other, and who of them asks: found by a key, kept while exchanges of it are held back or
//! have left lately.
//!
//! A million requests may be open, each of a thread of its own, so that threads lie side by side in an arena and the index
//! beside it holds their numbers. The hash is keyed at random, since captures come from strangers.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;

use hashbrown::{DefaultHashBuilder, HashTable};
use slab::Slab;

use super::chain::Chain;
use crate::dissect::{Endpoint, FiveTuple};

/// The most exchanges that have left and whose threads are remembered all the same; the oldest is forgotten first.
pub const MAX_REMEMBERED: usize = 32_768;
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

/// A key that has no thread, and its hash.
pub(super) struct Missing {
    key: Key,
    hash: u32,
}

/// What is remembered of a thread.
pub(super) struct Thread {
    key: Key,
    /// Whether the key's first endpoint is the one that asks.
    first_asks: bool,
    /// Whether a request of it ever had its response.
    pub answered: bool,
    /// Its requests.
    pub chain: Chain,
    /// How many exchanges of it are held back or remembered.
    uses: u32,
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
        self.find_hashed(key, self.hash(key))
    }

    /// The thread of this key, or what it takes to make it.
    pub fn find_or_missing(&self, key: Key) -> Result<ThreadId, Missing> {
        let hash = self.hash(&key);
        self.find_hashed(&key, hash).ok_or(Missing { key, hash })
    }

    fn find_hashed(&self, key: &Key, hash: u32) -> Option<ThreadId> {
        let is_it =
            |entry: &Entry| entry.hash == hash && self.thread(entry.id).is_some_and(|thread| thread.key == *key);
        self.index.find(wide(hash), is_it).map(|entry| entry.id)
    }

    /// The thread of the requests that this endpoint has sent to a group, if there is one.
    pub fn find_group(&self, client: Endpoint, identifier: Option<u16>) -> Option<ThreadId> {
        if self.any_group { self.find(&Key::group(client, identifier)) } else { None }
    }

    /// Makes the thread of a key that has none yet; it is `client` who asks.
    pub fn insert(&mut self, Missing { key, hash }: Missing, client: Endpoint) -> ThreadId {
        self.any_group |= key.second == ANYONE;
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
        Self { key, first_asks: key.first == client, answered: false, chain: Chain::EMPTY, uses: 0 }
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
}
