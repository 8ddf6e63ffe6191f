//! The service's address: who holds it, whether the lab's message is answered there, and whether `localhost` leads to it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::{Duration, Instant};

use super::{Check, Finding, Verdict};
use crate::lab::{ADDRESS, MESSAGE};
use crate::platform::system::{Family, HERE};
use crate::platform::{Bound, Holder, Remedy, bound_to};
use crate::tr;

/// How long the service has to answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// No datagram is longer.
const MAX_ANSWER: usize = 65_535;
/// Ports are tried up to so far behind the service's own.
const NEARBY: u16 = 20;

/// What there is at an address.
#[derive(Clone, Debug)]
struct Facts {
    asked: SocketAddr,
    /// Why it can't be bound, where it can't.
    refusal: Option<io::ErrorKind>,
    /// What the service there says to the lab's message.
    answer: Answer,
    /// All sockets with that port, where the system tells.
    bound: Vec<Bound>,
    /// A port nearby that is free.
    free: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Bytes(usize, Duration),
    Silence,
    /// Nobody listens there.
    Nobody,
}

pub(super) fn findings(asked: SocketAddr) -> Vec<Finding> {
    let facts = look(asked);
    vec![service(&facts), localhost(&resolved(), &facts)]
}

fn look(asked: SocketAddr) -> Facts {
    let refusal = UdpSocket::bind(asked).err().map(|error| error.kind());
    // Windows lets an address be bound beside a socket that is bound to all of them.
    let answer =
        if refusal == Some(io::ErrorKind::AddrInUse) || HERE == Family::Windows { ask(asked) } else { Answer::Nobody };
    let is_free = |port: &u16| UdpSocket::bind((asked.ip(), *port)).is_ok();
    let free = (asked.port().saturating_add(1)..=asked.port().saturating_add(NEARBY)).find(is_free);
    Facts { asked, refusal, answer, bound: bound_to(asked.port()).unwrap_or_default(), free }
}

/// Sends the lab's message, and waits for what comes of it.
fn ask(service: SocketAddr) -> Answer {
    let asked = || -> io::Result<Answer> {
        let socket = UdpSocket::bind((unspecified(service.ip()), 0))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.connect(reachable(service))?;
        let sent = Instant::now();
        socket.send(MESSAGE.as_bytes())?;
        let len = socket.recv(&mut vec![0; MAX_ANSWER])?;
        Ok(Answer::Bytes(len, sent.elapsed()))
    };
    asked().unwrap_or_else(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => Answer::Nobody,
        _ => Answer::Silence,
    })
}

fn unspecified(like: IpAddr) -> IpAddr {
    if like.is_ipv6() { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() }
}

/// Where a client of this machine reaches a service that is bound there.
fn reachable(service: SocketAddr) -> SocketAddr {
    match service.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), service.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), service.port()),
        _ => service,
    }
}

fn service(facts: &Facts) -> Finding {
    let finding = |verdict, found| Finding::new(Check::Service, verdict, found);
    let asked = facts.asked.to_string();
    match facts.refusal {
        // That nothing answers on an address that could be bound says nothing.
        None if !matches!(facts.answer, Answer::Bytes(..)) => free(facts),
        None | Some(io::ErrorKind::AddrInUse) => in_use(facts),
        Some(io::ErrorKind::AddrNotAvailable) => {
            let lab = Remedy::command(tr!("doctor-service-lab"), format!("loopshark doctor --bind {ADDRESS}"));
            finding(Verdict::Advice, tr!("doctor-service-no-address", address = asked)).with([lab])
        }
        Some(io::ErrorKind::PermissionDenied) => {
            let found = tr!("doctor-service-port-denied", address = asked);
            finding(Verdict::Advice, found).with(other_port(facts))
        }
        Some(other) => {
            let found = tr!("doctor-service-refused", address = asked, reason = other.to_string());
            finding(Verdict::Advice, found).with(other_port(facts))
        }
    }
}

/// Nobody listens there; perhaps somebody does at another address with that port.
fn free(facts: &Facts) -> Finding {
    let asked = facts.asked.to_string();
    let elsewhere = facts.bound.iter().find(|bound| bound.address.ip() != facts.asked.ip());
    if let Some(bound) = elsewhere {
        let found = tr!(
            "doctor-service-elsewhere",
            address = asked,
            other = bound.address.to_string(),
            holder = held(bound.holder.as_ref())
        );
        let there = reachable(bound.address);
        let ask = Remedy::command(tr!("doctor-service-ask-there"), format!("loopshark client --server '{there}'"));
        return Finding::new(Check::Service, Verdict::Advice, found).with([ask]);
    }
    if facts.asked.ip().is_unspecified() {
        return Finding::new(Check::Service, Verdict::Advice, tr!("doctor-service-open", address = asked))
            .with([loopback_instead(facts)]);
    }
    Finding::new(Check::Service, Verdict::Fine, tr!("doctor-service-free", address = asked))
}

/// Who holds an address, in words.
#[must_use]
pub fn holder_of(address: SocketAddr) -> String {
    let bound = bound_to(address.port()).unwrap_or_default();
    held(holding(address, &bound).and_then(|bound| bound.holder.as_ref()))
}

/// The socket that keeps others from an address.
fn holding(address: SocketAddr, bound: &[Bound]) -> Option<&Bound> {
    bound.iter().find(|bound| bound.address.ip() == address.ip() || bound.address.ip().is_unspecified())
}

fn in_use(facts: &Facts) -> Finding {
    let bound = holding(facts.asked, &facts.bound);
    let (address, holder) = (facts.asked.to_string(), held(bound.and_then(|bound| bound.holder.as_ref())));
    let (verdict, found) = match facts.answer {
        Answer::Bytes(bytes, time) => {
            let millis = format!("{:.1}", time.as_secs_f64() * 1000.0);
            let found =
                tr!("doctor-service-answers", address = address, holder = holder, bytes = bytes, millis = millis);
            (Verdict::Fine, found)
        }
        Answer::Silence | Answer::Nobody => {
            (Verdict::Advice, tr!("doctor-service-silent", address = address, holder = holder))
        }
    };
    let open = bound.filter(|bound| bound.address.ip().is_unspecified());
    if let (Some(open), Verdict::Fine) = (open, verdict) {
        let found = tr!("doctor-service-answers-open", found = found, address = open.address.to_string());
        return Finding::new(Check::Service, Verdict::Advice, found).with([loopback_instead(facts)]);
    }
    let unknown = bound.is_none_or(|bound| bound.holder.is_none());
    let who = unknown.then(|| Remedy::command(tr!("doctor-service-who"), who(facts.asked.port())));
    Finding::new(Check::Service, verdict, found).with(who).with(other_port(facts))
}

/// What tells who holds a port.
fn who(port: u16) -> String {
    match HERE {
        Family::Windows => format!("Get-Process -Id (Get-NetUDPEndpoint -LocalPort {port}).OwningProcess"),
        Family::Linux => format!("sudo ss -ulpn 'sport = :{port}'"),
        Family::MacOs | Family::Other => format!("sudo lsof -nP -iUDP:{port}"),
    }
}

fn other_port(facts: &Facts) -> Option<Remedy> {
    let other = SocketAddr::new(facts.asked.ip(), facts.free?);
    Some(Remedy::command(tr!("doctor-service-other-port"), format!("loopshark lab --bind '{other}'")))
}

fn loopback_instead(facts: &Facts) -> Remedy {
    let address = reachable(SocketAddr::new(unspecified(facts.asked.ip()), facts.asked.port()));
    Remedy::command(tr!("doctor-service-loopback-instead"), format!("loopshark server --bind '{address}'"))
}

/// Who holds a socket, in words.
fn held(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| tr!("doctor-service-someone"), |Holder { program, pid }| format!("{program} ({pid})"))
}

/// What `localhost` means here, first the address that most programs take.
fn resolved() -> Vec<IpAddr> {
    let addresses = ("localhost", 0).to_socket_addrs().into_iter().flatten();
    let mut addresses: Vec<_> = addresses.map(|address| address.ip()).collect();
    addresses.dedup();
    addresses
}

/// Whether who asks `localhost` asks the service.
fn localhost(addresses: &[IpAddr], facts: &Facts) -> Finding {
    let finding = |verdict, found| Finding::new(Check::Localhost, verdict, found);
    let listed = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let Some(first) = addresses.first() else {
        let hosts =
            Remedy::command(tr!("doctor-localhost-hosts"), "echo '127.0.0.1 localhost' | sudo tee -a /etc/hosts");
        return finding(Verdict::Advice, tr!("doctor-localhost-unknown")).with([hosts]);
    };
    let service = reachable(facts.asked).ip();
    let same_kind = first.is_ipv6() == service.is_ipv6();
    if !first.is_loopback() {
        return finding(Verdict::Advice, tr!("doctor-localhost-elsewhere", addresses = listed));
    }
    // A socket bound to all IPv6 addresses is commonly asked over IPv4, too.
    let both = facts.bound.iter().any(|bound| bound.address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    if same_kind || both || !service.is_loopback() {
        return finding(Verdict::Fine, tr!("doctor-localhost-leads-there", addresses = listed));
    }
    let found = tr!("doctor-localhost-misleads", addresses = listed, service = service.to_string());
    let write = Remedy::text(tr!("doctor-localhost-write", service = service.to_string()));
    finding(Verdict::Advice, found).with([write])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(asked: &str) -> Facts {
        let asked = asked.parse().unwrap();
        Facts { asked, refusal: None, answer: Answer::Nobody, bound: Vec::new(), free: Some(8081) }
    }

    fn held_by(asked: &str, bound: &str, answer: Answer) -> Facts {
        let holder = Some(Holder { program: "node".to_owned(), pid: 4711 });
        let bound = vec![Bound { address: bound.parse().unwrap(), holder }];
        Facts { refusal: Some(io::ErrorKind::AddrInUse), answer, bound, ..at(asked) }
    }

    fn told(finding: &Finding) -> (Verdict, Option<&str>) {
        (finding.verdict, finding.remedies.first().and_then(|remedy| remedy.command.as_deref()))
    }

    const ANSWERED: Answer = Answer::Bytes(30, Duration::from_micros(120));

    #[test]
    fn a_free_address_is_fine() {
        assert_eq!(told(&service(&at("127.0.0.1:8080"))), (Verdict::Fine, None));
    }

    #[test]
    fn a_service_that_answers_is_fine_and_the_lab_has_another_port() {
        let finding = service(&held_by("127.0.0.1:8080", "127.0.0.1:8080", ANSWERED));
        assert_eq!(told(&finding), (Verdict::Fine, Some("loopshark lab --bind '127.0.0.1:8081'")));
        assert_eq!(finding.found, "127.0.0.1:8080 is held by node (4711), which answers with 30 bytes in 0.1 ms");
    }

    #[test]
    fn a_service_that_is_silent_may_be_another_one() {
        let facts = held_by("127.0.0.1:8080", "127.0.0.1:8080", Answer::Silence);
        assert_eq!(told(&service(&facts)), (Verdict::Advice, Some("loopshark lab --bind '127.0.0.1:8081'")));
        let unknown = Facts { bound: Vec::new(), ..facts };
        assert_eq!(told(&service(&unknown)).1, Some(who(8080).as_str()));
    }

    #[test]
    fn a_service_that_is_open_to_the_network_is_told_so() {
        let facts = held_by("127.0.0.1:8080", "0.0.0.0:8080", ANSWERED);
        assert_eq!(told(&service(&facts)), (Verdict::Advice, Some("loopshark server --bind '127.0.0.1:8080'")));
        let asked = at("[::]:8080");
        assert_eq!(told(&service(&asked)), (Verdict::Advice, Some("loopshark server --bind '[::1]:8080'")));
    }

    #[test]
    fn a_service_at_the_other_loopback_address_is_pointed_out_both_ways_round() {
        let facts = Facts { refusal: None, ..held_by("127.0.0.1:8080", "[::1]:8080", Answer::Nobody) };
        assert_eq!(told(&service(&facts)), (Verdict::Advice, Some("loopshark client --server '[::1]:8080'")));
        let facts = Facts { refusal: None, ..held_by("[::1]:8080", "127.0.0.1:8080", Answer::Nobody) };
        assert_eq!(told(&service(&facts)), (Verdict::Advice, Some("loopshark client --server '127.0.0.1:8080'")));
    }

    #[test]
    fn an_address_that_can_t_be_bound_is_advice_and_not_the_end_of_captures() {
        for kind in [io::ErrorKind::AddrNotAvailable, io::ErrorKind::PermissionDenied, io::ErrorKind::Other] {
            let facts = Facts { refusal: Some(kind), ..at("192.0.2.7:80") };
            assert_eq!(service(&facts).verdict, Verdict::Advice, "{kind}");
        }
    }

    #[test]
    fn localhost_may_lead_to_the_service_or_past_it() {
        let (v4, v6): (IpAddr, IpAddr) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
        let told = |addresses: &[IpAddr], asked: &str| localhost(addresses, &at(asked)).verdict;
        assert_eq!(told(&[v4, v6], "127.0.0.1:8080"), Verdict::Fine);
        assert_eq!(told(&[v6, v4], "127.0.0.1:8080"), Verdict::Advice);
        assert_eq!(told(&[v4], "[::1]:8080"), Verdict::Advice);
        assert_eq!(told(&[v6], "[::]:8080"), Verdict::Fine);
        assert_eq!(told(&[v6], "192.0.2.7:8080"), Verdict::Fine);
        assert_eq!(told(&["192.0.2.7".parse().unwrap()], "127.0.0.1:8080"), Verdict::Advice);
        assert_eq!(told(&[], "127.0.0.1:8080"), Verdict::Advice);
        let both = held_by("127.0.0.1:8080", "[::]:8080", ANSWERED);
        assert_eq!(localhost(&[v6, v4], &both).verdict, Verdict::Fine);
    }
}
