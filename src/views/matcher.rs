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

/// Matches datagrams into exchanges.
pub struct Matcher<R> {
    port: Option<u16>,
    timeout: Delta,
    threads: Generations<Key, Thread>,
    queue: VecDeque<Slot<R>>,
    /// How many exchanges have left the queue.
    gone: u64,
    now: Timestamp,
}

impl<R> Matcher<R> {
    /// A matcher; `port` names the service where the first sender is not the client.
    #[must_use]
    pub fn new(port: Option<u16>, timeout: Delta) -> Self {
        let threads = Generations::new(MAX_CONVERSATIONS);
        Self { port, timeout, threads, queue: VecDeque::new(), gone: 0, now: Timestamp::default() }
    }

    /// Takes a datagram; `row` is asked for only where the datagram is part of an exchange.
    pub fn datagram(&mut self, time: Timestamp, datagram: &Datagram<'_>, row: impl FnOnce() -> R) -> Role {
        self.now = time;
        let tuple = datagram.tuple;
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
            self.request(key, time, tuple.dst, row());
            Role::Request
        } else {
            self.response(key, time, tuple.src, row())
        }
    }

    /// Takes an ICMP error that quotes a datagram.
    pub fn error(&mut self, time: Timestamp, quoted: &Datagram<'_>, row: impl FnOnce() -> R) -> Role {
        self.now = time;
        let identifier = message(quoted).map(|(id, _)| id);
        let key = Key { conversation: quoted.tuple.conversation(), identifier };
        let of_request = self.threads.find(&key).is_some_and(|thread| thread.client == quoted.tuple.src);
        if !of_request {
            return Role::Unrelated;
        }
        let Some(request) = self.take_oldest(key) else { return Role::Unrelated };
        let rtt = self.settle(request, Status::Refused, time, row());
        Role::Response(Status::Refused, rtt)
    }

    /// The next exchange, in the order of the requests, once its fate is known.
    pub fn pop(&mut self) -> Option<Exchange<R>> {
        let front = self.queue.front()?;
        let expired = self.now.since(front.time) > MIN_OPEN.max(self.overdue());
        if front.open && !expired && self.queue.len() <= MAX_PENDING {
            return None;
        }
        self.pop_front()
    }

    /// The next exchange, when no more datagrams will come: what is still open is unanswered.
    pub fn pop_rest(&mut self) -> Option<Exchange<R>> {
        self.pop_front()
    }

    fn pop_front(&mut self) -> Option<Exchange<R>> {
        let slot = self.queue.pop_front()?;
        if slot.open {
            let place = self.gone;
            if let Some(thread) = self.threads.find(&slot.key)
                && let Some((first, last)) = thread.open
                && first == place
            {
                thread.open = slot.next.map(|next| (next, last));
            }
        }
        self.gone += 1;
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

    fn request(&mut self, key: Key, time: Timestamp, service: Endpoint, row: R) {
        let exchange = Exchange { status: Status::Unanswered, service, request: Some(row), response: None, rtt: None };
        let place = self.push(Slot { exchange, key, time, open: true, next: None });
        let Some(thread) = self.threads.find(&key) else { return };
        let open = thread.open;
        thread.open = Some((open.map_or(place, |(first, _)| first), place));
        if let Some((_, last)) = open
            && let Some(slot) = self.slot(last)
        {
            slot.next = Some(place);
        }
    }

    fn response(&mut self, key: Key, time: Timestamp, service: Endpoint, row: R) -> Role {
        self.give_up_overdue(key, time);
        if let Some(request) = self.take_oldest(key) {
            let timeout = self.timeout;
            let late = self.slot(request).is_some_and(|slot| time.since(slot.time) > timeout);
            let status = if late { Status::Late } else { Status::Answered };
            let rtt = self.settle(request, status, time, row);
            if let Some(thread) = self.threads.find(&key) {
                thread.answered = true;
            }
            return Role::Response(status, rtt);
        }
        let answered = self.threads.find(&key).is_some_and(|thread| thread.answered);
        let status = if answered { Status::Duplicate } else { Status::Unsolicited };
        let exchange = Exchange { status, service, request: None, response: Some(row), rtt: None };
        self.push(Slot { exchange, key, time, open: false, next: None });
        Role::Response(status, None)
    }

    /// Closes an open request.
    fn settle(&mut self, request: u64, status: Status, time: Timestamp, row: R) -> Option<Delta> {
        let slot = self.slot(request)?;
        let rtt = time.since(slot.time);
        slot.open = false;
        slot.exchange.status = status;
        slot.exchange.response = Some(row);
        slot.exchange.rtt = Some(rtt);
        Some(rtt)
    }

    /// Closes, as unanswered, requests that are two timeouts old where the same port has asked again since: ports come
    /// round, and a response now is far likelier meant for the newer request.
    fn give_up_overdue(&mut self, key: Key, time: Timestamp) {
        let limit = self.overdue();
        while let Some((first, last)) = self.threads.find(&key).and_then(|thread| thread.open)
            && first != last
            && let Some(slot) = self.slot(first)
            && time.since(slot.time) > limit
        {
            slot.open = false;
            self.take_oldest(key);
        }
    }

    /// How old a request is that nobody waits for any more.
    fn overdue(&self) -> Delta {
        Delta(self.timeout.0.saturating_mul(2))
    }

    /// Takes the oldest open request of a key off its chain.
    fn take_oldest(&mut self, key: Key) -> Option<u64> {
        let (first, last) = self.threads.find(&key)?.open?;
        let next = self.slot(first).and_then(|slot| slot.next);
        let thread = self.threads.find(&key)?;
        thread.open = next.map(|next| (next, last));
        Some(first)
    }

    fn push(&mut self, slot: Slot<R>) -> u64 {
        self.queue.push_back(slot);
        self.gone + self.queue.len() as u64 - 1
    }

    fn slot(&mut self, place: u64) -> Option<&mut Slot<R>> {
        self.queue.get_mut(usize::try_from(place.checked_sub(self.gone)?).ok()?)
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
