//! What holds for exchanges whatever is sent: any number of clients, services, errors and clocks that jump.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use loopshark::dissect::Dissector;
use loopshark::source::{Comments, Frame, LinkType, Record};
use loopshark::time::{Delta, TimeFormat, Timestamp};
use loopshark::views::{
    Account, Exchange, Exchanges, Footer, Hidden, Kept, Options, Output, Row, ServiceSummary, Status, Summary, View,
};
use proptest::prelude::*;

use crate::captures::{port_unreachable, udp4_between};

const MICRO: i64 = 1_000;
const TIMEOUT: Delta = Delta(500_000 * MICRO);
const SERVICE: ([u8; 4], u16) = ([10, 0, 0, 1], 8080);
const DNS: ([u8; 4], u16) = ([10, 0, 0, 1], 53);
const GROUP: ([u8; 4], u16) = ([239, 1, 2, 3], 8080);

/// Something that is sent, by one of a few clients or to it.
#[derive(Clone, Debug)]
struct Sent {
    client: u8,
    what: What,
    /// Identification, so small that copies are common.
    id: u16,
    /// From the one before, in microseconds; sometimes back.
    pause: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Request,
    Response,
    Refusal,
    Query(u8),
    Reply(u8),
    ToGroup,
    FromAnyone,
    Mdns,
    Tcp,
}

impl Sent {
    fn packet(&self) -> Vec<u8> {
        let client = ([10, 0, 1, self.client], 50_000);
        let dns = |id, flags| [0, id, flags, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        match self.what {
            What::Request => udp4_between(client, SERVICE, self.id, b"Mando paquete UDP"),
            What::Response => udp4_between(SERVICE, client, self.id, b"Mensaje recibido correctamente"),
            What::Refusal => port_unreachable(&udp4_between(client, SERVICE, self.id, b"Mando paquete UDP")),
            What::Query(id) => udp4_between(client, DNS, self.id, &dns(id, 0)),
            What::Reply(id) => udp4_between(DNS, client, self.id, &dns(id, 0x80)),
            What::ToGroup => udp4_between(client, GROUP, self.id, b"quien?"),
            What::FromAnyone => udp4_between(([10, 0, 2, 2], 8080), client, self.id, b"yo"),
            What::Mdns => udp4_between(client, ([224, 0, 0, 251], 5353), self.id, &dns(0, 0)),
            What::Tcp => {
                let mut packet = udp4_between(client, SERVICE, self.id, &[0; 12]);
                packet[9] = 6;
                packet
            }
        }
    }

    fn is_udp(&self) -> bool {
        !matches!(self.what, What::Refusal | What::Tcp)
    }

    fn is_request(&self) -> bool {
        matches!(self.what, What::Request | What::Query(_) | What::ToGroup)
    }
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        6 => Just(What::Request),
        6 => Just(What::Response),
        2 => Just(What::Refusal),
        2 => (0_u8..3).prop_map(What::Query),
        2 => (0_u8..3).prop_map(What::Reply),
        1 => Just(What::ToGroup),
        1 => Just(What::FromAnyone),
        1 => Just(What::Mdns),
        1 => Just(What::Tcp),
    ]
}

fn sent(clients: std::ops::Range<u8>) -> impl Strategy<Value = Sent> {
    let pause = prop_oneof![8 => 0_i64..1_000, 4 => 0_i64..400_000, 2 => 0_i64..3_000_000, 1 => -50_000_i64..0];
    (clients, what(), 0_u16..4, pause).prop_map(|(client, what, id, pause)| Sent { client, what, id, pause })
}

fn conversations() -> impl Strategy<Value = Vec<Sent>> {
    prop::collection::vec(sent(0..3), 0..80)
}

/// An exchange by its frames: fate, request, response, response time.
type Found = (Status, Option<u64>, Option<u64>, Option<Delta>);

/// What the views hand over.
#[derive(Clone, Default)]
struct Collected {
    exchanges: Rc<RefCell<Vec<Found>>>,
    footer: Rc<RefCell<Option<Footer>>>,
    services: Rc<RefCell<Vec<ServiceSummary>>>,
}

impl Output for Collected {
    fn packet(&mut self, _: &Row<'_>) -> io::Result<()> {
        Ok(())
    }

    fn packets_end(&mut self, _: &Hidden) -> io::Result<()> {
        Ok(())
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        let exchange = exchange.map(Kept::into_row);
        let number = |row: &Option<Row<'_>>| row.as_ref().map(|row| row.number);
        let (request, response) = (number(&exchange.request), number(&exchange.response));
        self.exchanges.borrow_mut().push((exchange.status, request, response, exchange.rtt));
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

/// The times of what is sent, in nanoseconds.
fn times(sent: &[Sent]) -> Vec<i64> {
    let mut now = 1_700_000_000_000_000_000;
    sent.iter()
        .map(|sent| {
            now += sent.pause * MICRO;
            now
        })
        .collect()
}

/// Shows packets with their times to both views.
fn collected(packets: &[(Vec<u8>, i64)]) -> Collected {
    let collected = Collected::default();
    // DNS and mDNS say themselves who asks.
    let options = Options { all: false, port: Some(8080), timeout: TIMEOUT, time: TimeFormat::Relative };
    let mut exchanges = Exchanges::new(options, Box::new(collected.clone()));
    let mut summary = Summary::new(options, Box::new(collected.clone()));
    let mut dissector = Dissector::default();
    for (number, (data, time)) in (1..).zip(packets) {
        let frame = Frame {
            number,
            time: Timestamp(*time),
            time_digits: Some(9),
            record: Record::Frame,
            wire_len: u32::try_from(data.len()).unwrap(),
            link_type: LinkType::RAW,
            data,
            comments: Comments::default(),
        };
        let dissection = dissector.dissect(&frame);
        exchanges.frame(&frame, dissection.clone()).unwrap();
        summary.frame(&frame, dissection).unwrap();
    }
    exchanges.finish(&Account::default()).unwrap();
    summary.finish(&Account::default()).unwrap();
    collected
}

fn shown(sent: &[Sent]) -> Collected {
    collected(&sent.iter().map(Sent::packet).zip(times(sent)).collect::<Vec<_>>())
}

#[test]
fn views_agree_on_what_time_an_error_about_nothing_says_it_is() {
    let sent = |client, what, pause| Sent { client, what, id: 1, pause };
    let collected = shown(&[
        sent(0, What::Request, 0),
        sent(1, What::Refusal, 200_000_000),
        sent(1, What::Refusal, 0),
        sent(0, What::Response, -199_000_000),
    ]);
    let services = collected.services.borrow();
    let tallies = [collected.footer.borrow().as_ref().unwrap().tally, services[0].tally];
    let fates = tallies.map(|tally| (tally.answered, tally.unanswered, tally.unsolicited));
    assert_eq!(fates, [(0, 1, 1); 2], "nobody waits for a response after a minute");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_datagram_is_in_one_exchange_or_hidden(sent in conversations()) {
        let collected = shown(&sent);
        let exchanges = collected.exchanges.borrow();
        let mut frames: Vec<_> = exchanges.iter().flat_map(|found| [found.1, found.2]).flatten().collect();
        frames.sort_unstable();
        let expected = (1..).zip(&sent).filter(|(_, sent)| sent.is_udp() && sent.what != What::Mdns);
        let expected: Vec<u64> = expected.map(|(frame, _)| frame).collect();
        let errors = |frame: &u64| usize::try_from(frame - 1).is_ok_and(|at| sent[at].what == What::Refusal);
        let (refusals, datagrams): (Vec<_>, Vec<_>) = frames.into_iter().partition(errors);
        prop_assert_eq!(datagrams, expected);
        // What is in no exchange is counted: noise, TCP, and errors about nothing.
        let footer = collected.footer.borrow().clone().unwrap();
        let count = |what| sent.iter().filter(|sent| sent.what == what).count() as u64;
        prop_assert_eq!(footer.hidden.noise_total(), count(What::Mdns));
        let hidden = format!("{} ", footer.hidden);
        let unrelated = count(What::Refusal) - refusals.len() as u64;
        prop_assert!(unrelated == 0 || hidden.contains(&format!("{unrelated} ICMP")), "{}", hidden);
    }

    #[test]
    fn the_fates_are_the_requests(sent in conversations()) {
        let collected = shown(&sent);
        let requests = sent.iter().filter(|sent| sent.is_request()).count() as u64;
        let exchanges = collected.exchanges.borrow();
        let copies = exchanges.iter().filter(|found| found.0 == Status::Duplicate && found.1.is_some()).count() as u64;
        let tally = collected.footer.borrow().clone().unwrap().tally;
        prop_assert_eq!(tally.answered + tally.late + tally.unanswered + tally.refused, requests - copies);
        prop_assert_eq!(tally.requests(), requests - copies);
        // The summary tells the same, a service at a time.
        let services = collected.services.borrow();
        let sum = |count: fn(&ServiceSummary) -> u64| services.iter().map(count).sum::<u64>();
        prop_assert_eq!(sum(|service| service.tally.requests()), tally.requests());
        prop_assert_eq!(sum(|service| service.tally.answered + service.tally.late), tally.answered + tally.late);
        prop_assert_eq!(sum(|service| service.tally.duplicate), tally.duplicate);
        prop_assert_eq!(sum(|service| service.tally.reordered), tally.reordered);
    }

    #[test]
    fn no_response_precedes_its_request(sent in conversations()) {
        let times = times(&sent);
        let back = times.iter().scan(i64::MIN, |latest, time| {
            *latest = (*latest).max(*time);
            Some(*latest - time)
        });
        let reordering = back.max().unwrap_or(0);
        for (status, request, response, rtt) in shown(&sent).exchanges.borrow().iter() {
            let (Some(request), Some(response), Some(rtt)) = (request, response, rtt) else { continue };
            prop_assert!(response > request && rtt.0 >= -reordering, "{status:?} {request} {response} {rtt:?}");
            prop_assert_eq!(*status == Status::Late, *status != Status::Refused && *rtt > TIMEOUT);
        }
    }

    #[test]
    fn requests_come_in_their_order(sent in conversations()) {
        let collected = shown(&sent);
        let exchanges = collected.exchanges.borrow();
        let first: Vec<_> = exchanges.iter().map(|found| found.1.or(found.2)).collect();
        prop_assert!(first.is_sorted(), "{first:?}");
    }

    #[test]
    fn unrelated_conversations_change_nothing(
        alone in prop::collection::vec(sent(0..1), 0..40),
        others in prop::collection::vec(sent(1..4), 0..40),
        places in prop::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        // The others' packets at random places between, with the time of what they stand behind.
        let packets: Vec<_> = alone.iter().map(Sent::packet).zip(times(&alone)).collect();
        let mut mixed: Vec<_> = packets.iter().cloned().zip(0..).map(|(packet, n)| (packet, Some(n))).collect();
        for (other, place) in others.iter().zip(places) {
            let at = place.index(mixed.len() + 1);
            let time = mixed.get(at.saturating_sub(1)).or(mixed.first()).map_or(0, |((_, time), _)| *time);
            mixed.insert(at, ((other.packet(), time), None));
        }
        let numbers: Vec<Option<u64>> = mixed.iter().map(|(_, n)| n.map(|n: u64| n + 1)).collect();
        let mixed: Vec<_> = mixed.into_iter().map(|(packet, _)| packet).collect();
        let alone_number = |frame: u64| numbers[usize::try_from(frame - 1).unwrap()];
        let of_alone: Vec<Found> = collected(&mixed).exchanges.borrow().iter()
            .filter(|found| found.1.or(found.2).is_some_and(|frame| alone_number(frame).is_some()))
            .map(|(status, request, response, rtt)| {
                (*status, request.and_then(alone_number), response.and_then(alone_number), *rtt)
            })
            .collect();
        prop_assert_eq!(of_alone, collected(&packets).exchanges.borrow().clone());
    }
}
