//! A frame's layers, field by field, in Wireshark's words, with the place of each field.
//!
//! One file a family of protocols: each walks the bytes by itself and hands lines to the [`tree`], as far as the bytes
//! go; what follows is the note that says why they ended. Names come from the tables of the files around. Text from the wire is
//! escaped. This is no hot path: it may allocate, but nothing that a capture could let grow.

mod apps;
mod arp;
mod dhcp;
mod dns;
pub mod dump;
pub mod facts;
mod icmp;
mod icmpv6;
mod igmp;
mod ip;
mod ipv6;
mod known;
mod link;
mod nbns;
mod tcp;
mod tree;
mod udp;
mod words;

pub use facts::Facts;

use super::payload::Payload;
use crate::source::{Frame, LinkType, Record};
use crate::time::{NANOS_PER_SEC, Timestamp, seconds};
use facts::Part;
use known::{Ages, Known};
use tree::{Layer, Tree};

/// Reads frames for their details, one after the other.
#[derive(Default)]
pub struct Reader {
    known: Known,
}

/// The details of one frame.
pub struct Details {
    /// Its lines, each with its place before it.
    pub lines: Vec<u8>,
    /// What was put together out of this frame and others: what it is called, and its bytes.
    pub sources: Vec<(&'static str, Vec<u8>)>,
    /// What its bytes add up to.
    pub facts: Facts,
}

impl Reader {
    /// Reads the next frame; `dumps_data` says whether payload that nobody reads is dumped inside.
    pub fn read(&mut self, frame: &Frame<'_>, dumps_data: bool) -> Details {
        let ages = self.known.next(frame.time);
        let mut tree = Tree::new(frame, &mut self.known, dumps_data);
        if frame.record == Record::Frame {
            let bytes = Payload::new(frame.data, frame.wire_len.try_into().unwrap_or(usize::MAX));
            if let Err(stop) = link::frame(&mut tree, frame.link_type, Layer::new(bytes, false)) {
                let name = if matches!(stop, super::payload::Stop::Cut) { "" } else { "_ws.malformed" };
                tree.protocols.extend(Some(name).filter(|name| !name.is_empty()));
                tree.stopped(stop);
            }
        }
        if tree.facts.trailer > 0 {
            tree.facts.parts.push((Part::Trailer, tree.facts.trailer));
        }
        let body = std::mem::take(&mut tree.out);
        summary(&mut tree, &ages);
        tree.out.extend_from_slice(&body);
        Details { lines: tree.out, sources: tree.sources, facts: tree.facts }
    }

    /// Takes note that the frame read last is shown.
    pub fn shown(&mut self) {
        self.known.shown();
    }
}

/// What the capture says of the frame.
fn summary(tree: &mut Tree<'_>, ages: &Ages) {
    let frame = tree.frame;
    let layer = Layer::new(Payload::whole(frame.data), false);
    let (wire, captured) = (u64::from(frame.wire_len), frame.data.len() as u64);
    let counted = |len: u64| format!("{len} byte{} ", if len == 1 { "" } else { "s" });
    let bits = |len: u64| format!("({} bits)", len.saturating_mul(8));
    let title = format!(
        "Frame {}: {}on wire {}, {}captured {}",
        frame.number,
        counted(wire),
        bits(wire),
        counted(captured),
        bits(captured)
    );
    tree.field(&layer, 0, frame.data.len(), format_args!("{title}"));
    tree.under(|tree| {
        if let Some(name) = encapsulation(frame.link_type) {
            tree.note(format_args!("Encapsulation type: {name}"));
        }
        if frame.time_digits.is_some() {
            tree.note(format_args!("Arrival Time: {} UTC", arrival(frame.time)));
            tree.note(format_args!("[Time shift for this packet: 0.000000000 seconds]"));
            tree.note(format_args!("Epoch Time: {} seconds", seconds(frame.time.0, 9)));
            tree.note(format_args!("[Time delta from previous captured frame: {} seconds]", seconds(ages.before.0, 9)));
            tree.note(format_args!("[Time delta from previous displayed frame: {} seconds]", seconds(ages.shown.0, 9)));
            tree.note(format_args!("[Time since reference or first frame: {} seconds]", seconds(ages.first.0, 9)));
        }
        tree.note(format_args!("Frame Number: {}", frame.number));
        tree.note(format_args!("Frame Length: {}{}", counted(wire), bits(wire)));
        tree.note(format_args!("Capture Length: {}{}", counted(captured), bits(captured)));
        tree.note(format_args!("[Frame is marked: False]"));
        tree.note(format_args!("[Frame is ignored: False]"));
        let protocols = tree.protocols.join(":");
        tree.note(format_args!("[Protocols in frame: {protocols}]"));
    });
}

/// Day and time in UTC, to the nanosecond.
fn arrival(time: Timestamp) -> String {
    let moment = jiff::Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
    let moment = moment.to_zoned(jiff::tz::TimeZone::UTC);
    let nanos = time.0.rem_euclid(NANOS_PER_SEC);
    format!("{}.{nanos:09}", moment.strftime("%b %e, %Y %H:%M:%S"))
}

/// Wireshark's name and number of a link type.
fn encapsulation(link_type: LinkType) -> Option<&'static str> {
    Some(match link_type {
        LinkType::ETHERNET => "Ethernet (1)",
        LinkType(12 | 14) | LinkType::RAW => "Raw IP (7)",
        LinkType::NULL => "NULL/Loopback (15)",
        LinkType::LOOP => "OpenBSD loopback (70)",
        LinkType::LINUX_SLL => "Linux cooked-mode capture v1 (25)",
        LinkType::IPV4 => "Raw IPv4 (129)",
        LinkType::IPV6 => "Raw IPv6 (130)",
        LinkType::LINUX_SLL2 => "Linux cooked-mode capture v2 (210)",
        _ => return None,
    })
}
