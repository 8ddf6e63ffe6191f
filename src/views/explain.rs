//! What a learner may ask about a frame: where every byte of it comes from, why its lengths differ, what its checksums say,
//! what its ports are for.
//!
//! The arithmetic is for each frame; what holds in general is said once, at the first frame where it applies, with that
//! frame's numbers. Knows what a frame adds up to ([`Facts`]), none of its bytes.

use std::collections::HashSet;

use crate::dissect::details::facts::{Facts, Part, Udp};
use crate::dissect::protocol;
use crate::source::Frame;
use crate::tr;

/// From here on Linux lends ports to those who ask for none; other systems begin later.
const FIRST_EPHEMERAL: u16 = 32_768;

/// Explains frames, one after the other.
pub(super) struct Explainer {
    service: Option<u16>,
    told: HashSet<Topic>,
}

/// What is said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Topic {
    Places,
    Link(&'static str),
    Lengths,
    Checksum(Checksum),
    IpChecksum,
    Ports,
    Unreachable,
    Fragments,
    Tcp,
    Ipv6,
}

/// What a UDP checksum turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Checksum {
    /// None was computed, which only IPv4 allows.
    Absent,
    /// The one for these bytes.
    Right,
    /// The sum over the addresses and the length alone.
    Unfinished,
    /// Another one.
    Wrong,
}

impl Explainer {
    /// For a service on this port, where that is known.
    pub(super) fn new(service: Option<u16>) -> Self {
        Self { service, told: HashSet::new() }
    }

    /// The paragraphs about a frame.
    pub(super) fn paragraphs(&mut self, frame: &Frame<'_>, facts: &Facts) -> Vec<String> {
        let mut said = Vec::new();
        let sum = sum(frame, facts);
        if sum.is_some() && self.told.insert(Topic::Places) {
            said.push(tr!("details-places"));
        }
        said.extend(sum);
        for (part, _) in &facts.parts {
            self.part(*part, &mut said);
        }
        if facts.is_fragment && self.told.insert(Topic::Fragments) {
            said.push(tr!("details-fragments"));
        }
        if let Some(udp) = facts.udp.as_ref().filter(|_| !facts.is_fragment) {
            self.lengths(frame, facts, udp, &mut said);
        }
        if facts.ip_checksum == Some(0) && self.told.insert(Topic::IpChecksum) {
            said.push(tr!("details-ip-checksum"));
        }
        if let Some(udp) = &facts.udp {
            self.checksum(facts, udp, &mut said);
            self.ports(udp, &mut said);
        }
        if let Some((src, dst)) = facts.unreachable {
            said.push(tr!("details-unreachable", src = src.to_string(), dst = dst.to_string()));
            if self.told.insert(Topic::Unreachable) {
                said.push(tr!("details-unreachable-why"));
            }
        }
        said
    }

    /// What there is to say once of a kind of header.
    fn part(&mut self, part: Part, said: &mut Vec<String>) {
        let topic = match part {
            Part::Link(name) => Topic::Link(name),
            Part::Ipv6 => Topic::Ipv6,
            Part::Tcp => Topic::Tcp,
            _ => return,
        };
        if !self.told.insert(topic) {
            return;
        }
        said.push(match topic {
            Topic::Link("NULL" | "LOOP") => tr!("details-link-null"),
            Topic::Link("Ethernet") => tr!("details-link-ethernet"),
            Topic::Link(_) => tr!("details-link-cooked"),
            Topic::Ipv6 => tr!("details-ipv6"),
            _ => tr!("details-tcp"),
        });
    }

    fn lengths(&mut self, frame: &Frame<'_>, facts: &Facts, udp: &Udp, said: &mut Vec<String>) {
        let before: usize = facts.parts.iter().take_while(|(part, _)| *part != Part::Payload).map(|(_, len)| len).sum();
        if udp.length < 8 || !self.told.insert(Topic::Lengths) {
            return;
        }
        said.push(tr!(
            "details-lengths",
            length = frame.wire_len.to_string(),
            len = (udp.length - 8).to_string(),
            headers = before.to_string(),
            udp = udp.length.to_string(),
        ));
    }

    fn checksum(&mut self, facts: &Facts, udp: &Udp, said: &mut Vec<String>) {
        let Some(kind) = kind(udp) else { return };
        if !self.told.insert(Topic::Checksum(kind)) {
            return;
        }
        let sum = format!("0x{:04x}", udp.checksum);
        let right = format!("0x{:04x}", udp.computed.unwrap_or_default());
        said.push(match kind {
            Checksum::Absent => tr!("details-checksum-absent"),
            Checksum::Right => tr!("details-checksum-right", sum = sum),
            Checksum::Unfinished if facts.is_loopback => tr!("details-checksum-loopback", sum = sum, right = right),
            Checksum::Unfinished => tr!("details-checksum-unfinished", sum = sum, right = right),
            Checksum::Wrong => tr!("details-checksum-wrong", sum = sum, right = right),
        });
    }

    fn ports(&mut self, udp: &Udp, said: &mut Vec<String>) {
        if self.told.insert(Topic::Ports) {
            said.push(tr!("details-ports"));
        }
        let (src, dst) = (udp.src.1, udp.dst.1);
        let [from, to] = [src, dst].map(|port| port.to_string());
        said.extend(match self.service_of(src, dst) {
            Some(service) if service == dst => Some(tr!("details-ports-request", src = from, dst = to)),
            Some(_) => Some(tr!("details-ports-response", src = from, dst = to)),
            None => None,
        });
    }

    /// Which of two ports is the service's: the one that was said, or that an application has, or that is none of those
    /// which systems lend.
    fn service_of(&self, src: u16, dst: u16) -> Option<u16> {
        if src == dst {
            return None;
        }
        let is_service = |port: &u16| self.service == Some(*port);
        let is_lent = |port: u16| port >= FIRST_EPHEMERAL;
        let known = [src, dst].into_iter().find(is_service);
        let lent = match (is_lent(src), is_lent(dst)) {
            (true, false) => Some(dst),
            (false, true) => Some(src),
            _ => None,
        };
        known.or_else(|| [src, dst].into_iter().find(|port| protocol::is_known(*port))).or(lent)
    }
}

/// How a frame's length adds up; nothing where not all of it is known.
fn sum(frame: &Frame<'_>, facts: &Facts) -> Option<String> {
    let total: usize = facts.parts.iter().map(|(_, len)| len).sum();
    if facts.parts.is_empty() || u32::try_from(total) != Ok(frame.wire_len) {
        return None;
    }
    let mut start = 0;
    let parts: Vec<_> = facts
        .parts
        .iter()
        .map(|(part, len)| {
            let place = match len {
                0 | 1 => start.to_string(),
                _ => format!("{start}-{}", start + len - 1),
            };
            start += len;
            format!("{len} {} ({place})", name(*part))
        })
        .collect();
    let (number, length) = (frame.number.to_string(), frame.wire_len.to_string());
    Some(tr!("details-sum", number = number, length = length, parts = parts.join(" + ")))
}

fn name(part: Part) -> String {
    match part {
        Part::Link(name) | Part::Icmp(name) | Part::Message(name) => name.to_owned(),
        Part::Vlan => "802.1Q".to_owned(),
        Part::Ipv4 => "IPv4".to_owned(),
        Part::Ipv6 => "IPv6".to_owned(),
        Part::Extension => tr!("details-part-extension"),
        Part::Udp => "UDP".to_owned(),
        Part::Tcp => "TCP".to_owned(),
        Part::Payload => tr!("details-part-payload"),
        Part::Fragment => tr!("details-part-fragment"),
        Part::Trailer => tr!("details-part-trailer"),
    }
}

/// What the checksum is; nothing where that can't be told, since the datagram is not all there.
fn kind(udp: &Udp) -> Option<Checksum> {
    let computed = udp.computed?;
    Some(match udp.checksum {
        0 => Checksum::Absent,
        sum if sum == computed => Checksum::Right,
        sum if sum == udp.pseudo => Checksum::Unfinished,
        _ => Checksum::Wrong,
    })
}
