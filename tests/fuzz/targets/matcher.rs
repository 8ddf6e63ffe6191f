//! Exchanges: datagrams and ICMP errors between few endpoints, copies, fragments, and times that step back.
//!
//! What is sent goes through the dissector to the matcher, and what comes out is held to what goes for any capture: each
//! datagram is in one exchange, a response belongs to one request, and every request has a fate. The views over the same
//! frames must count the same.
#![no_main]

use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::rc::Rc;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use loopshark::dissect::{Dissector, Transport};
use loopshark::source::{Frame, LinkType};
use loopshark::time::{Delta, Timestamp};
use loopshark::views::matcher::{MAX_PENDING, Matcher, Role};
use loopshark::views::{
    Account, Exchange, Exchanges, Footer, Hidden, Kept, Options, Output, Overview, Row, ServiceSummary, Status, View,
};
use loopshark_fuzz::packets::{self, ICMP, ICMPV6, UDP};
use loopshark_fuzz::{frame, options};

/// More than this says nothing new.
const MAX_SENT: usize = 1_000;
const TIMEOUT: Delta = Delta(500_000_000);
/// 8080 is the service that `--port` may name; the others say themselves who asks, or nobody does.
const PORTS: [u16; 6] = [8080, 53, 5353, 137, 8081, 50_001];

#[derive(Arbitrary, Debug)]
struct Input {
    /// Whether `--port` is given.
    names_port: bool,
    sent: Vec<Sent>,
}

#[derive(Arbitrary, Debug)]
struct Sent {
    what: What,
    /// Since the one before, in microseconds; a few are far.
    pause: Pause,
}

#[derive(Arbitrary, Debug)]
enum Pause {
    None,
    Micros(u16),
    Millis(u16),
    Back(u16),
    Seconds(i16),
    Any(i64),
}

#[derive(Arbitrary, Debug)]
enum What {
    Datagram(Datagram),
    /// One that was sent before, again.
    Copy(u8),
    /// One that was sent before, answered: its ends swapped.
    Answer(u8, Content),
    /// An ICMP error that quotes so much of one that was sent before.
    Error {
        of: u8,
        quoted: u8,
    },
    /// A piece of one that was sent before: its first half, or its second.
    Piece {
        of: u8,
        second: bool,
    },
    Tcp(u8),
}

#[derive(Arbitrary, Clone, Debug)]
struct Datagram {
    /// Two bits each: client, its port, the service; and which way it goes, and IPv6.
    ends: u16,
    /// Small, so that copies are common.
    id: u8,
    content: Content,
}

#[derive(Arbitrary, Clone, Debug)]
enum Content {
    Text(u8),
    Message { id: u8, response: bool },
    Nothing,
}

/// A datagram as it is sent.
#[derive(Clone)]
struct Packet {
    src: (IpAddr, u16),
    dst: (IpAddr, u16),
    id: u16,
    payload: Vec<u8>,
}

impl Content {
    fn bytes(&self) -> Vec<u8> {
        match *self {
            Self::Text(length) => b"Mando paquete UDP ".repeat(usize::from(length) % 8),
            Self::Message { id, response } => [0, id % 4, u8::from(response) << 7, 0, 0, 0, 0, 0, 0, 0, 0, 0].to_vec(),
            Self::Nothing => Vec::new(),
        }
    }
}

impl Datagram {
    fn packet(&self) -> Packet {
        let bits = |at: u16| u8::try_from(self.ends >> at & 3).unwrap_or(0);
        let is_v6 = self.ends >> 15 == 1;
        let address = |last: u8| match (is_v6, last) {
            (false, 255) => [10, 0, 0, 255].into(),
            (false, 254) => [224, 0, 0, 251].into(),
            (false, last) => IpAddr::from([10, 0, 0, last]),
            (true, 254..) => Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb).into(),
            (true, last) => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, last.into()).into(),
        };
        let client = (address(10 + bits(0)), 50_000 + u16::from(bits(2)));
        let host = [1, 2, 254, 255][usize::from(bits(4))];
        let service = (address(host), PORTS[usize::from(self.ends >> 6 & 7) % PORTS.len()]);
        let (src, dst) = if self.ends >> 14 & 1 == 1 { (service, client) } else { (client, service) };
        Packet { src, dst, id: u16::from(self.id % 8), payload: self.content.bytes() }
    }
}

impl Packet {
    fn udp(&self) -> Vec<u8> {
        packets::udp(self.src.1, self.dst.1, &self.payload)
    }

    fn bytes(&self) -> Vec<u8> {
        packets::ip(self.src.0, self.dst.0, UDP, self.id, 0, &self.udp())
    }

    /// One half of it; IPv6 has its fragments elsewhere, so there it is whole.
    fn piece(&self, second: bool) -> Vec<u8> {
        let whole = self.udp();
        let half = (whole.len() / 2).next_multiple_of(8).min(whole.len());
        if half == whole.len() || self.src.0.is_ipv6() {
            return self.bytes();
        }
        let (fragment, part) =
            if second { (u16::try_from(half / 8).unwrap_or(0), &whole[half..]) } else { (0x2000, &whole[..half]) };
        packets::ip(self.src.0, self.dst.0, UDP, self.id, fragment, part)
    }

    /// What its receiver's system says of it: nobody is at that port.
    fn error(&self, quoted: u8) -> Vec<u8> {
        let whole = self.bytes();
        let quote = &whole[..whole.len().min(20 + usize::from(quoted))];
        let (protocol, kind) = if self.src.0.is_ipv4() { (ICMP, [3, 3]) } else { (ICMPV6, [1, 4]) };
        let message = [&kind[..], &[0; 6], quote].concat();
        packets::ip(self.dst.0, self.src.0, protocol, 0, 0, &message)
    }
}

impl Pause {
    fn nanos(&self) -> i64 {
        match *self {
            Self::None => 0,
            Self::Micros(count) => i64::from(count) * 1_000,
            Self::Millis(count) => i64::from(count) * 1_000_000,
            Self::Back(count) => -i64::from(count) * 10_000,
            Self::Seconds(count) => i64::from(count) * 1_000_000_000,
            Self::Any(nanos) => nanos,
        }
    }
}

/// The bytes of what is sent, each with its time.
fn packets(sent: &[Sent]) -> Vec<(Vec<u8>, i64)> {
    let mut before: Vec<Packet> = Vec::new();
    let mut now = 1_700_000_000_000_000_000_i64;
    let mut made = Vec::with_capacity(sent.len());
    for Sent { what, pause } in sent {
        now = now.saturating_add(pause.nanos());
        // The latest are the likeliest.
        let earlier = |back: u8| before.len().checked_sub(1 + usize::from(back)).map(|at| before[at].clone());
        let (new, bytes) = match what {
            What::Datagram(datagram) => (Some(datagram.packet()), None),
            What::Copy(of) => (earlier(*of), None),
            What::Answer(of, content) => {
                let answer =
                    |one: Packet| Packet { src: one.dst, dst: one.src, payload: content.bytes(), id: one.id + 1 };
                (earlier(*of).map(answer), None)
            }
            What::Error { of, quoted } => (None, earlier(*of).map(|one| one.error(*quoted))),
            What::Piece { of, second } => (None, earlier(*of).map(|one| one.piece(*second))),
            What::Tcp(of) => {
                let segment = packets::Segment { src: 50_000, dst: 8080, flags: 0x10, ..Default::default() };
                let tcp = packets::tcp(&segment, &[], &[]);
                (None, earlier(*of).map(|one| packets::ip(one.src.0, one.dst.0, packets::TCP, 0, 0, &tcp)))
            }
        };
        if let Some(bytes) = bytes.or_else(|| new.as_ref().map(Packet::bytes)) {
            made.push((bytes, now));
        }
        before.extend(new);
    }
    made
}

/// What came of the frames, and whether each is where it belongs.
#[derive(Default)]
struct Ledger {
    /// Frames that the matcher took, in their order.
    taken: Vec<u32>,
    requests: u64,
    exchanges: Vec<Exchange<u32>>,
}

impl Ledger {
    fn check(mut self) {
        let firsts: Vec<_> = self.exchanges.iter().map(|exchange| exchange.request.or(exchange.response)).collect();
        assert!(firsts.is_sorted(), "exchanges come in the order of their requests");
        let ends = |exchange: &Exchange<u32>| [exchange.request, exchange.response];
        let mut found: Vec<u32> = self.exchanges.iter().flat_map(ends).flatten().collect();
        found.sort_unstable();
        self.taken.sort_unstable();
        assert_eq!(found, self.taken, "each frame is in one exchange");
        let fates = self.exchanges.iter().filter(|exchange| !is_beside(exchange.status)).count();
        assert_eq!(u64::try_from(fates), Ok(self.requests), "each request has one fate");
        self.exchanges.iter().for_each(check);
    }
}

/// Whether an exchange is beside the requests and their fates.
fn is_beside(status: Status) -> bool {
    matches!(status, Status::Duplicate | Status::Unsolicited)
}

fn check(exchange: &Exchange<u32>) {
    let Exchange { status, request, response, rtt, .. } = exchange;
    let has = (request.is_some(), response.is_some());
    match status {
        Status::Answered | Status::Late => {
            assert_eq!(has, (true, true), "{exchange:?}");
            assert_eq!(*status == Status::Late, rtt.is_some_and(|rtt| rtt > TIMEOUT), "{exchange:?}");
        }
        Status::Refused => assert_eq!(has, (true, true), "{exchange:?}"),
        Status::Unanswered => assert_eq!(has, (true, false), "{exchange:?}"),
        Status::Duplicate => assert!(has.0 != has.1, "{exchange:?}"),
        Status::Unsolicited => assert_eq!(has, (false, true), "{exchange:?}"),
    }
    assert_eq!(rtt.is_some(), has == (true, true), "{exchange:?}");
    assert!(response.is_none() || request.is_none() || request < response, "{exchange:?}");
    assert!(!exchange.reordered || status.is_answered(), "{exchange:?}");
}

/// What the views hand over.
#[derive(Clone, Default)]
struct Counted {
    footer: Rc<RefCell<Option<Footer>>>,
    services: Rc<RefCell<Vec<ServiceSummary>>>,
}

impl Output for Counted {
    fn packet(&mut self, _: &Row<'_>) -> io::Result<()> {
        Ok(())
    }

    fn packets_end(&mut self, _: &Hidden) -> io::Result<()> {
        Ok(())
    }

    fn exchange(&mut self, _: Exchange<Kept>) -> io::Result<()> {
        Ok(())
    }

    fn exchange_row(&mut self, _: &Row<'_>, _: Option<(Status, Option<Delta>)>) -> io::Result<()> {
        Ok(())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        *self.footer.borrow_mut() = Some(footer.clone());
        Ok(())
    }

    fn summary(&mut self, services: &[ServiceSummary], _: &Footer) -> io::Result<()> {
        *self.services.borrow_mut() = services.to_vec();
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Matches the frames, and checks what comes out.
fn matched(frames: &[Frame<'_>], options: Options) -> Ledger {
    let mut matcher = Matcher::new(options.port, TIMEOUT);
    let mut dissector = Dissector::default();
    let mut ledger = Ledger::default();
    for frame in frames {
        let number = u32::try_from(frame.number).expect("an input is no longer than that");
        let keep = |_| number;
        let role = match &dissector.dissect(frame).transport {
            Transport::Udp(datagram) => matcher.datagram(Timestamp(frame.time.0), datagram, keep),
            Transport::UdpError { quoted } => matcher.error(frame.time, quoted, keep),
            Transport::Tcp(_) | Transport::None => Role::Unrelated,
        };
        ledger.requests += u64::from(role == Role::Request);
        ledger.taken.extend((role != Role::Unrelated).then_some(number));
        ledger.exchanges.extend(std::iter::from_fn(|| matcher.pop()));
        assert!(
            ledger.taken.len() - ledger.exchanges.len().min(ledger.taken.len()) <= MAX_PENDING,
            "what is held back"
        );
    }
    ledger.exchanges.extend(std::iter::from_fn(|| matcher.pop_rest()));
    assert!(matcher.pop().is_none(), "the rest is all");
    ledger
}

/// Counts the frames through the views.
fn counted(frames: &[Frame<'_>], options: Options) -> Counted {
    let counted = Counted::default();
    let mut view = Overview::new(options, Box::new(counted.clone()), Box::new(counted.clone()));
    let mut live = Exchanges::new(options, Box::new(Counted::default())).live();
    let mut dissector = Dissector::default();
    for frame in frames {
        let dissection = dissector.dissect(frame);
        live.frame(frame, dissection.clone()).expect("nothing is written");
        view.frame(frame, dissection).expect("nothing is written");
    }
    live.finish(&Account::default()).expect("nothing is written");
    view.finish(&Account::default()).expect("nothing is written");
    counted
}

fuzz_target!(|input: Input| {
    let packets = packets(&input.sent[..input.sent.len().min(MAX_SENT)]);
    let frames: Vec<_> = (1..)
        .zip(&packets)
        .map(|(number, (bytes, time))| {
            let wire_len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            frame(number, *time, LinkType::RAW, wire_len, bytes)
        })
        .collect();
    let options = Options { port: input.names_port.then_some(PORTS[0]), timeout: TIMEOUT, ..options() };
    let ledger = matched(&frames, options);
    let counted = counted(&frames, options);
    let tally = counted.footer.borrow().as_ref().map(|footer| footer.tally).expect("there is a footer");
    let count = |status| ledger.exchanges.iter().filter(|exchange| exchange.status == status).count() as u64;
    assert_eq!(tally.answered, count(Status::Answered), "answered");
    assert_eq!(tally.late, count(Status::Late), "late");
    assert_eq!(tally.unanswered, count(Status::Unanswered), "lost");
    assert_eq!(tally.refused, count(Status::Refused), "refused");
    assert_eq!(tally.duplicate, count(Status::Duplicate), "duplicate");
    assert_eq!(tally.unsolicited, count(Status::Unsolicited), "unsolicited");
    let services = counted.services.borrow();
    let sum = |of: fn(&ServiceSummary) -> u64| services.iter().map(of).sum::<u64>();
    assert_eq!(sum(|service| service.tally.requests()), tally.requests(), "requests of all services");
    assert_eq!(sum(|service| service.tally.answered), tally.answered, "answered of all services");
    assert_eq!(sum(|service| service.tally.duplicate), tally.duplicate, "duplicates of all services");
    assert_eq!(sum(|service| service.tally.reordered), tally.reordered, "reordered of all services");
    ledger.check();
});
