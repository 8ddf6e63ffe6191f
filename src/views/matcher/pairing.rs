//! The matching itself: what each datagram is, and which exchange it begins or ends.

use std::net::IpAddr;

use super::chain::Age;
use super::copies::Copies;
use super::queue::{Held, Place, Queue, Slot};
use super::services::Services;
use super::threads::{Key, Missing, Thread, ThreadId, Threads};
use super::{Exchange, Role, ServiceId, Status};
use crate::bytes::be16;
use crate::dissect::{Datagram, Endpoint, FiveTuple, Protocol};
use crate::time::{Delta, NANOS_PER_SEC, Timestamp};

/// How long a request stays open at least, to be found by a late response; and at least two timeouts.
const MIN_OPEN: Delta = Delta(60 * NANOS_PER_SEC);
/// How many exchanges are looked through for the request that an ICMP error quotes too little of.
const MAX_LOOKED_THROUGH: usize = 1_024;

/// Matches datagrams into exchanges.
pub struct Matcher<R> {
    port: Option<u16>,
    timeout: Delta,
    threads: Threads,
    queue: Queue<R>,
    copies: Copies,
    services: Services,
    /// When the frame before was captured, and this one.
    before: Timestamp,
    now: Timestamp,
    /// How many open requests have left before their time, since too much was held back.
    given_up: u64,
}

/// What a message says of itself: its transaction, and whether it is a request.
#[derive(Clone, Copy)]
struct Message {
    identifier: u16,
    asks: bool,
}

/// Which way a datagram goes, and the thread that it belongs to.
enum Way {
    /// From who asks, again.
    Request(ThreadId),
    /// From who asks, for the first time.
    FirstRequest(Missing),
    /// To who asked, or so it looks: there may be no thread of such requests.
    Response(Option<ThreadId>),
}

impl<R: Held> Matcher<R> {
    /// A matcher; `port` names the service where the first sender is not the client.
    #[must_use]
    pub fn new(port: Option<u16>, timeout: Delta) -> Self {
        Self {
            port,
            timeout,
            threads: Threads::new(),
            queue: Queue::new(),
            copies: Copies::default(),
            services: Services::default(),
            before: Timestamp::default(),
            now: Timestamp::default(),
            given_up: 0,
        }
    }

    /// Takes a datagram. `row` is asked for what the caller keeps of it, and told whether the exchange knows its
    /// endpoints (`Exchange::ends`).
    pub fn datagram(&mut self, time: Timestamp, datagram: &Datagram<'_>, row: impl FnOnce(bool) -> R) -> Role {
        self.tick(time);
        let is_copy = self.copies.is_copy(time, datagram);
        let message = message(datagram);
        let id = match self.way(datagram.tuple, message) {
            Way::Request(id) => id,
            Way::FirstRequest(missing) => self.threads.insert(missing, datagram.tuple.src),
            Way::Response(own) => {
                return self.response(own, datagram.tuple, message.map(|message| message.identifier), is_copy, row);
            }
        };
        self.request(id, datagram, is_copy, row)
    }

    /// Takes an ICMP error that quotes a datagram.
    pub fn error(&mut self, time: Timestamp, quoted: &Datagram<'_>, row: impl FnOnce(bool) -> R) -> Role {
        self.tick(time);
        let message = message(quoted);
        let found = match self.way(quoted.tuple, message) {
            Way::Request(id) => self.take_quoted(id, quoted.id).map(|request| (id, request)),
            Way::FirstRequest(_) | Way::Response(_) if message.is_none() => self.look_through(quoted),
            Way::FirstRequest(_) | Way::Response(_) => None,
        };
        match found {
            Some((id, request)) => self.settle(id, request, row(false), |_| Status::Refused),
            None => Role::Unrelated,
        }
    }

    /// The next exchange, in the order of the requests, once its fate is known.
    pub fn pop(&mut self) -> Option<Exchange<R>> {
        let front = self.queue.front()?;
        if front.is_open() && !self.is_expired(front.time) {
            if !self.queue.is_overfull() {
                return None;
            }
            self.given_up += 1;
        }
        let (place, slot) = self.queue.pop()?;
        if let Some(id) = slot.thread
            && let Some(thread) = self.threads.thread_mut(id)
        {
            thread.chain.unchain(place, slot.next);
        }
        let thread = slot.thread;
        let exchange = self.exchange(slot);
        if let Some(id) = thread {
            self.threads.leave(id);
        }
        Some(exchange)
    }

    /// The next exchange, when no more datagrams will come: what is still open is unanswered.
    pub fn pop_rest(&mut self) -> Option<Exchange<R>> {
        let (_, slot) = self.queue.pop()?;
        Some(self.exchange(slot))
    }

    /// What becomes of an exchange that has left the queue.
    fn exchange(&self, slot: Slot<R>) -> Exchange<R> {
        let ends = slot.thread.and_then(|id| self.threads.thread(id)).and_then(Thread::ends);
        let rtt = (slot.request.is_some() && slot.response.is_some()).then_some(slot.rtt);
        let Slot { status, time, service, request, response, reordered, .. } = slot;
        Exchange { status, time, ends, service, request, response, rtt, reordered }
    }

    /// The service that a lost request came from, if others ask it: then it may have been a response, to a request
    /// from before the capture began.
    #[must_use]
    pub fn lost_by_service(&self, exchange: &Exchange<R>) -> Option<Endpoint> {
        let sender = exchange.ends.filter(|_| exchange.status == Status::Unanswered && self.port.is_none())?.src;
        self.services.is_asked(sender).then_some(sender)
    }

    /// How many open requests have left before their time, since too much was held back.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Where a service is.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<Endpoint> {
        self.services.endpoint(id)
    }

    fn tick(&mut self, time: Timestamp) {
        self.before = std::mem::replace(&mut self.now, time);
    }

    /// How old requests may be, at this time.
    fn age(&self, now: Timestamp) -> Age {
        let overdue = Delta(self.timeout.0.saturating_mul(2));
        Age { now, overdue, expired: MIN_OPEN.max(overdue) }
    }

    /// Whether a request need not be waited for: by two frames, since one alone may have a time from nowhere.
    fn is_expired(&self, request: Timestamp) -> bool {
        [self.before, self.now].into_iter().all(|now| self.age(now).is_expired(request))
    }

    /// Which way a datagram goes: its content says so, or the service's port, or who was the first to send.
    fn way(&self, tuple: FiveTuple, message: Option<Message>) -> Way {
        let FiveTuple { src, dst } = tuple;
        let identifier = message.map(|message| message.identifier);
        let found = match message.map(|message| message.asks).or_else(|| self.by_port(tuple)) {
            Some(false) => return Way::Response(self.threads.find(&Key::directed(dst, src, identifier))),
            Some(true) if is_group(dst.addr) => self.threads.find_or_missing(Key::group(src, identifier)),
            Some(true) => self.threads.find_or_missing(Key::directed(src, dst, identifier)),
            None => match self.threads.find_or_missing(Key::between(tuple)) {
                Ok(id) if self.threads.thread(id).is_some_and(|thread| thread.client() != src) => {
                    return Way::Response(Some(id));
                }
                Err(_) if is_group(dst.addr) => self.threads.find_or_missing(Key::group(src, None)),
                Err(_) if self.threads.find_group(dst, None).is_some() => return Way::Response(None),
                found => found,
            },
        };
        found.map_or_else(Way::FirstRequest, Way::Request)
    }

    /// Whether the service's port says that this is a request; `None` where it says nothing.
    fn by_port(&self, tuple: FiveTuple) -> Option<bool> {
        let port = self.port?;
        match (tuple.src.port == port, tuple.dst.port == port) {
            (false, true) => Some(true),
            (true, false) => Some(false),
            _ => None,
        }
    }

    fn request(&mut self, id: ThreadId, datagram: &Datagram<'_>, is_copy: bool, row: impl FnOnce(bool) -> R) -> Role {
        let service = self.services.id(datagram.tuple.dst);
        let row = row(self.knows_ends(id));
        let Some(thread) = self.threads.begin(id) else { return Role::Unrelated };
        if is_copy {
            let status = Status::Duplicate;
            self.queue.push(Slot::settled((Some(row), None), self.now, Some(id), service, status));
            return Role::Settled { status, rtt: None, service };
        }
        let place = self.queue.push(Slot::request(row, self.now, id, service, datagram.id));
        thread.chain.append(id, place, &mut self.queue);
        Role::Request
    }

    /// A response to a request of its own conversation, or else to one that went to a group.
    fn response(
        &mut self,
        own: Option<ThreadId>,
        tuple: FiveTuple,
        identifier: Option<u16>,
        is_copy: bool,
        row: impl FnOnce(bool) -> R,
    ) -> Role {
        // A response to a group, as of mDNS, is its sender's own: Wireshark goes by the conversation, too.
        let asked = if is_group(tuple.dst.addr) { tuple.src } else { tuple.dst };
        let of_group = self.threads.find_group(asked, identifier);
        if !is_copy {
            for id in [own, of_group].into_iter().flatten() {
                if let Some(request) = self.take(id) {
                    let (timeout, row) = (self.timeout, row(Some(id) == own && self.knows_ends(id)));
                    return self.settle(id, request, row, |rtt| in_time(rtt, timeout));
                }
            }
        }
        let was_answered = |id: ThreadId| self.threads.thread(id).is_some_and(|thread| thread.answered);
        let is_further = is_copy || [own, of_group].into_iter().flatten().any(was_answered);
        let status = if is_further { Status::Duplicate } else { Status::Unsolicited };
        let service = self.services.id(tuple.src);
        if let Some(id) = own {
            self.threads.begin(id);
        }
        let row = row(own.is_some_and(|id| self.knows_ends(id)));
        self.queue.push(Slot::settled((None, Some(row)), self.now, own, service, status));
        Role::Settled { status, rtt: None, service }
    }

    fn knows_ends(&self, id: ThreadId) -> bool {
        self.threads.thread(id).and_then(Thread::ends).is_some()
    }

    /// The request of this thread that a response belongs to, off the chain.
    fn take(&mut self, id: ThreadId) -> Option<Place> {
        let (age, timeout) = (self.age(self.now), self.timeout);
        let thread = self.threads.thread_mut(id)?;
        if let Some(request) = thread.chain.take(id, &mut self.queue, age) {
            return Some(request);
        }
        let request = thread.chain.take_back(id, &mut self.queue, age.now, |rtt| in_time(rtt, timeout))?;
        let service = self.queue.slot(request, id)?.service;
        self.services.reset(service, self.queue.count(request));
        Some(request)
    }

    fn take_quoted(&mut self, id: ThreadId, ip_id: u16) -> Option<Place> {
        let age = self.age(self.now);
        self.threads.thread_mut(id)?.chain.take_quoted(id, &mut self.queue, ip_id, age)
    }

    /// Ends an exchange with its response, or with an error.
    fn settle(&mut self, id: ThreadId, request: Place, row: R, status: impl FnOnce(Delta) -> Status) -> Role {
        let count = self.queue.count(request);
        self.queue.hold(&row);
        let Some(slot) = self.queue.slot(request, id) else { return Role::Unrelated };
        let (status, rtt) = slot.settle(row, self.now, status);
        let service = slot.service;
        if status.is_answered() {
            slot.reordered = self.services.answered(service, count);
            if let Some(thread) = self.threads.thread_mut(id) {
                thread.answered = true;
            }
        }
        Role::Settled { status, rtt: Some(rtt), service }
    }

    /// An open request to the same service from the same client: some systems quote ports and no identifier.
    fn look_through(&self, quoted: &Datagram<'_>) -> Option<(ThreadId, Place)> {
        if !has_identifier(quoted) {
            return None;
        }
        self.queue.newest_first().take(MAX_LOOKED_THROUGH).find_map(|(place, slot)| {
            let id = slot.thread.filter(|_| slot.is_open())?;
            let is_quoted = slot.ip_id == quoted.id || slot.ip_id == 0 || quoted.id == 0;
            (is_quoted && self.threads.thread(id)?.ends() == Some(quoted.tuple)).then_some((id, place))
        })
    }
}

fn in_time(rtt: Delta, timeout: Delta) -> Status {
    if rtt > timeout { Status::Late } else { Status::Answered }
}

/// Whether an address stands for many receivers, each of which may answer with its own. How wide a network is can't be
/// seen from its traffic, but nearly all broadcast addresses end in 255.
fn is_group(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(addr) => addr.is_multicast() || addr.octets()[3] == 255,
        IpAddr::V6(addr) => addr.is_multicast(),
    }
}

fn has_identifier(datagram: &Datagram<'_>) -> bool {
    matches!(datagram.application, Protocol::Dns | Protocol::Mdns | Protocol::Llmnr | Protocol::Nbns)
}

/// What DNS, mDNS, LLMNR and NBNS messages begin with.
fn message(datagram: &Datagram<'_>) -> Option<Message> {
    if !has_identifier(datagram) {
        return None;
    }
    let (identifier, flags) = (be16(datagram.payload, 0)?, be16(datagram.payload, 2)?);
    Some(Message { identifier, asks: flags & 0x8000 == 0 })
}

#[cfg(test)]
mod tests {
    use super::super::queue::{MAX_HELD, MAX_PENDING};
    use super::*;
    use crate::views::row::Kept;

    const SERVICE: Endpoint = Endpoint { addr: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), port: 8080 };

    /// The n-th client of many.
    fn client(n: u32) -> Endpoint {
        let addr = IpAddr::V4((0x0a00_0000 + n).into());
        Endpoint { addr, port: 50_000 }
    }

    fn datagram(src: Endpoint, dst: Endpoint) -> Datagram<'static> {
        let application = Protocol::Udp;
        Datagram { tuple: FiveTuple { src, dst }, application, id: 0, len: 17, payload: b"Mando paquete UDP" }
    }

    #[test]
    fn open_requests_are_capped_and_the_oldest_leave_as_unanswered() {
        let many = u32::try_from(MAX_PENDING).unwrap();
        let mut matcher = Matcher::new(None, Delta(NANOS_PER_SEC));
        let mut left = Vec::new();
        for n in 0..many + 3 {
            assert_eq!(matcher.datagram(Timestamp(0), &datagram(client(n), SERVICE), |_| n), Role::Request);
            left.extend(std::iter::from_fn(|| matcher.pop()).map(|exchange| (exchange.status, exchange.request)));
        }
        assert_eq!(left, [0, 1, 2].map(|n| (Status::Unanswered, Some(n))));
        assert_eq!(matcher.given_up(), 3);
        // Their responses find nothing, and are not credited to other requests; all others are found.
        for n in 0..many + 3 {
            let role = matcher.datagram(Timestamp(1), &datagram(SERVICE, client(n)), |_| n);
            let Role::Settled { status, .. } = role else { panic!("{role:?}") };
            assert_eq!(status, if n < 3 { Status::Unsolicited } else { Status::Answered }, "{n}");
        }
        assert_eq!(std::iter::from_fn(|| matcher.pop()).count(), MAX_PENDING + 3);
        assert!(matcher.threads.len() <= super::super::MAX_REMEMBERED);
    }

    #[test]
    fn an_error_that_quotes_no_identifier_is_looked_for_among_the_newest_only() {
        let asked =
            |n: u32| Datagram { application: Protocol::Dns, payload: &[0, 7, 1, 0], ..datagram(client(n), SERVICE) };
        let mut matcher = Matcher::new(None, Delta(NANOS_PER_SEC));
        let many = u32::try_from(MAX_LOOKED_THROUGH).unwrap() + 1;
        for n in 0..many {
            assert_eq!(matcher.datagram(Timestamp(0), &asked(n), |_| n), Role::Request);
        }
        let mut refused =
            |n| matcher.error(Timestamp(1), &Datagram { payload: &[], ..asked(n) }, |_| n) != Role::Unrelated;
        assert_eq!([0, 1, many - 1].map(&mut refused), [false, true, true]);
    }

    /// A row that says to be large.
    struct Large;

    const ROW: usize = 1 << 20;

    impl Held for Large {
        fn held(&self) -> usize {
            ROW
        }
    }

    #[test]
    fn rows_that_wait_are_capped_by_what_they_hold_too_responses_among_them() {
        let pairs = u32::try_from(MAX_HELD / ROW / 2).unwrap();
        let mut matcher = Matcher::new(None, Delta(NANOS_PER_SEC));
        matcher.datagram(Timestamp(0), &datagram(client(0), SERVICE), |_| Large);
        // It keeps the others from leaving until there is no room for two rows more.
        for n in 1..=pairs {
            assert!(matcher.pop().is_none(), "{n}");
            matcher.datagram(Timestamp(0), &datagram(client(n), SERVICE), |_| Large);
            matcher.datagram(Timestamp(0), &datagram(SERVICE, client(n)), |_| Large);
        }
        let left: Vec<_> = std::iter::from_fn(|| matcher.pop()).map(|exchange| exchange.status).collect();
        assert_eq!((left[0], left.len()), (Status::Unanswered, 1 + pairs as usize));
        assert!(left[1..].iter().all(|status| *status == Status::Answered));
        assert_eq!(matcher.given_up(), 1);
        // There is room again for as much as before.
        matcher.datagram(Timestamp(0), &datagram(client(0), SERVICE), |_| Large);
        assert!(matcher.pop().is_none());
    }

    #[test]
    fn what_waits_by_the_million_is_small() {
        const { assert!(size_of::<Slot<Kept>>() <= 128 && size_of::<Thread>() <= 72) }
    }
}
