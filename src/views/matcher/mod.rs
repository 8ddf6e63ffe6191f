//! Pairs requests with responses: the oldest open request of the conversation that a response can belong to.
//!
//! Requests wait in one queue, in the order of their frames, and leave it in that order, each once its fate is known;
//! open requests of a conversation are chained through the queue, so that finding the oldest is one look-up. Where the
//! payload carries a transaction's identifier, each identifier is a conversation of its own. Time is the capture's.
//! What a row looks like is not known here: the queue carries whatever the caller wants to have back.

use std::collections::VecDeque;

use crate::bounded::Generations;
use crate::bytes::be16;
use crate::dissect::{Conversation, Datagram, Endpoint, Protocol, protocol};
use crate::time::{Delta, NANOS_PER_SEC, Timestamp};

/// The most exchanges held back; beyond it the oldest leaves, as unanswered where it is still open.
pub const MAX_PENDING: usize = 16_384;
/// The most conversations remembered; whichever has been silent longest is forgotten first.
pub const MAX_CONVERSATIONS: usize = 32_768;
/// How long a request stays open at least, to be found by a late response; and at least two timeouts.
const MIN_OPEN: Delta = Delta(60 * NANOS_PER_SEC);

/// What became of a request, or what a datagram without one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A response came in time.
    Answered,
    /// A response came after the timeout.
    Late,
    /// No response came.
    Unanswered,
    /// An ICMP error said that it could not be delivered.
    Refused,
    /// A further response to a request that has its response.
    Duplicate,
    /// A response that nothing asked for.
    Unsolicited,
}

/// A request with what came of it. `R` is what the caller keeps of a datagram.
#[derive(Clone, Debug)]
pub struct Exchange<R> {
    /// Its fate.
    pub status: Status,
    /// Who was asked, or who sent the response that nobody asked for.
    pub service: Endpoint,
    /// The request; none for what is unsolicited or a further response.
    pub request: Option<R>,
    /// The response, or the ICMP error.
    pub response: Option<R>,
    /// From request to response.
    pub rtt: Option<Delta>,
}

/// What a datagram was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A request, whose fate will show.
    Request,
    /// A response or an error, by what it makes of its exchange; with the response time where there is one.
    Response(Status, Option<Delta>),
    /// An error about something that is no open request.
    Unrelated,
}

/// The datagrams between two endpoints that can belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    conversation: Conversation,
    identifier: Option<u16>,
}

/// What is remembered of a key. Requests are known by their place in the queue since the start of the capture.
struct Thread {
    client: Endpoint,
    /// The first and the last of its open requests.
    open: Option<(u64, u64)>,
    answered: bool,
}

struct Slot<R> {
    exchange: Exchange<R>,
    key: Key,
    time: Timestamp,
    open: bool,
    /// The next open request of the same key.
    next: Option<u64>,
}

/// The exchanges held back, in the order of their requests.
struct Queue<R> {
    slots: VecDeque<Slot<R>>,
    /// How many have left.
    gone: u64,
}

/// Matches datagrams into exchanges.
pub struct Matcher<R> {
    port: Option<u16>,
    timeout: Delta,
    threads: Generations<Key, Thread>,
    queue: Queue<R>,
    now: Timestamp,
}

impl<R> Matcher<R> {
    /// A matcher; `port` names the service where the first sender is not the client.
    #[must_use]
    pub fn new(port: Option<u16>, timeout: Delta) -> Self {
        let queue = Queue { slots: VecDeque::new(), gone: 0 };
        Self { port, timeout, threads: Generations::new(MAX_CONVERSATIONS), queue, now: Timestamp::default() }
    }

    /// Takes a datagram; `row` is asked for only where the datagram is part of an exchange.
    pub fn datagram(&mut self, time: Timestamp, datagram: &Datagram<'_>, row: impl FnOnce() -> R) -> Role {
        self.now = time;
        let (tuple, overdue) = (datagram.tuple, self.overdue());
        let message = message(datagram);
        let key = Key { conversation: tuple.conversation(), identifier: message.map(|(id, _)| id) };
        let by_content = message.map(|(_, is_response)| !is_response).or_else(|| self.by_port(datagram));
        let thread = self.threads.entry(key, || Thread {
            client: if by_content == Some(false) { tuple.dst } else { tuple.src },
            open: None,
            answered: false,
        });
        if by_content.unwrap_or(thread.client == tuple.src) {
            thread.client = tuple.src;
            let place = self.queue.push(Slot::request(key, time, tuple.dst, row()));
            thread.append(place, &mut self.queue);
            return Role::Request;
        }
        if let Some(request) = thread.take_oldest(&mut self.queue, time, overdue) {
            thread.answered = true;
            return self
                .queue
                .settle(request, time, row(), |rtt| if rtt > self.timeout { Status::Late } else { Status::Answered });
        }
        let status = if thread.answered { Status::Duplicate } else { Status::Unsolicited };
        self.queue.push(Slot::stray(key, time, tuple.src, status, row()));
        Role::Response(status, None)
    }

    /// Takes an ICMP error that quotes a datagram.
    pub fn error(&mut self, time: Timestamp, quoted: &Datagram<'_>, row: impl FnOnce() -> R) -> Role {
        self.now = time;
        let overdue = self.overdue();
        let identifier = message(quoted).map(|(id, _)| id);
        let key = Key { conversation: quoted.tuple.conversation(), identifier };
        let thread = self.threads.find(&key).filter(|thread| thread.client == quoted.tuple.src);
        let request = thread.and_then(|thread| thread.take_oldest(&mut self.queue, time, overdue));
        match request {
            Some(request) => self.queue.settle(request, time, row(), |_| Status::Refused),
            None => Role::Unrelated,
        }
    }

    /// The next exchange, in the order of the requests, once its fate is known.
    pub fn pop(&mut self) -> Option<Exchange<R>> {
        let front = self.queue.slots.front()?;
        let expired = self.now.since(front.time) > MIN_OPEN.max(self.overdue());
        if front.open && !expired && self.queue.slots.len() <= MAX_PENDING {
            return None;
        }
        self.pop_rest()
    }

    /// The next exchange, when no more datagrams will come: what is still open is unanswered.
    pub fn pop_rest(&mut self) -> Option<Exchange<R>> {
        let slot = self.queue.slots.pop_front()?;
        if slot.open
            && let Some(thread) = self.threads.find(&slot.key)
            && let Some((first, last)) = thread.open
            && first == self.queue.gone
        {
            thread.open = slot.next.map(|next| (next, last));
        }
        self.queue.gone += 1;
        Some(slot.exchange)
    }

    /// Whether the service's port says that this is a request; `None` where it says nothing.
    fn by_port(&self, datagram: &Datagram<'_>) -> Option<bool> {
        let port = self.port?;
        match (datagram.tuple.src.port == port, datagram.tuple.dst.port == port) {
            (false, true) => Some(true),
            (true, false) => Some(false),
            _ => None,
        }
    }

    /// How old a request is that nobody waits for any more.
    fn overdue(&self) -> Delta {
        Delta(self.timeout.0.saturating_mul(2))
    }
}

impl Thread {
    /// Puts a request at the end of the chain of open ones.
    fn append<R>(&mut self, place: u64, queue: &mut Queue<R>) {
        let open = self.open;
        self.open = Some((open.map_or(place, |(first, _)| first), place));
        if let Some(slot) = open.and_then(|(_, last)| queue.slot(last)) {
            slot.next = Some(place);
        }
    }

    /// Takes the oldest open request off the chain. One that is `overdue` is given up, as unanswered, where the same
    /// port has asked again since: ports come round, and an answer now is far likelier meant for the newer request.
    fn take_oldest<R>(&mut self, queue: &mut Queue<R>, time: Timestamp, overdue: Delta) -> Option<u64> {
        loop {
            let (first, last) = self.open?;
            let slot = queue.slot(first);
            let next = slot.as_ref().and_then(|slot| slot.next);
            self.open = next.map(|next| (next, last));
            match slot {
                Some(slot) if next.is_some() && time.since(slot.time) > overdue => slot.open = false,
                _ => return Some(first),
            }
        }
    }
}

impl<R> Slot<R> {
    fn request(key: Key, time: Timestamp, service: Endpoint, row: R) -> Self {
        let exchange = Exchange { status: Status::Unanswered, service, request: Some(row), response: None, rtt: None };
        Self { exchange, key, time, open: true, next: None }
    }

    /// A response without a request.
    fn stray(key: Key, time: Timestamp, service: Endpoint, status: Status, row: R) -> Self {
        let exchange = Exchange { status, service, request: None, response: Some(row), rtt: None };
        Self { exchange, key, time, open: false, next: None }
    }
}

impl<R> Queue<R> {
    fn push(&mut self, slot: Slot<R>) -> u64 {
        self.slots.push_back(slot);
        self.gone + self.slots.len() as u64 - 1
    }

    fn slot(&mut self, place: u64) -> Option<&mut Slot<R>> {
        self.slots.get_mut(usize::try_from(place.checked_sub(self.gone)?).ok()?)
    }

    /// Closes an open request, with what came of it by the time that it took.
    fn settle(&mut self, request: u64, time: Timestamp, row: R, status: impl FnOnce(Delta) -> Status) -> Role {
        let Some(slot) = self.slot(request) else { return Role::Unrelated };
        let rtt = time.since(slot.time);
        let status = status(rtt);
        slot.open = false;
        slot.exchange.status = status;
        slot.exchange.response = Some(row);
        slot.exchange.rtt = Some(rtt);
        Role::Response(status, Some(rtt))
    }
}

/// The transaction identifier that DNS, mDNS, LLMNR and NBNS messages begin with, and whether this is a response.
fn message(datagram: &Datagram<'_>) -> Option<(u16, bool)> {
    let (application, _) = protocol::by_ports(datagram.tuple.src.port, datagram.tuple.dst.port);
    let has_identifier = matches!(application, Protocol::Dns | Protocol::Mdns | Protocol::Llmnr | Protocol::Nbns);
    if !has_identifier {
        return None;
    }
    Some((be16(datagram.payload, 0)?, be16(datagram.payload, 2)? & 0x8000 != 0))
}
