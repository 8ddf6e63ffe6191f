//! The Info column: what it needs, kept as values, and how it is written out.
//!
//! A dissection holds an [`Info`] and no text, so that rows nobody sees cost no formatting; whoever shows a row calls
//! [`Info::write`]. Text from the wire is escaped on its way out. Where a layer could not be read to its end, a note
//! behind the text says why, in Wireshark's words.

use std::borrow::Cow;

use super::payload::Stop;
use super::tcp::Segment;
use super::text::{write_format, write_text};
use super::{arp, dhcp, dns, icmp, icmpv6, igmp, ip, nbns, udp};

/// The most bytes that the column shows; Wireshark cuts off what follows.
pub(super) const MAX_LEN: usize = 4095;

/// What the Info column will say.
#[derive(Clone, Debug)]
pub struct Info<'a> {
    pub(super) content: Content<'a>,
    /// Why dissection ended early: once in the packet, and once more in what the link layer has behind it.
    stops: [Option<Stop>; 2],
    /// Whether the packet is a piece of a larger one, so that it's no wonder when it ends early.
    is_fragment: bool,
}

/// The column without notes.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// `Reservation Protocol (46)`
    Ip(ip::Note),
    /// `IPv6 hop-by-hop options , IPv6 routing`
    Ipv6(ip::Headers),
    /// `63337 → 8080 Len=17`
    Udp(udp::Header),
    /// `49789 → 1042 [PSH, ACK] Seq=13 Ack=5 Win=8410 Len=6`
    Tcp(Segment<'a>),
    /// `Standard query 0x0000 ANY host.local, "QM" question`
    Dns(dns::Message<'a>),
    /// `Echo (ping) reply    id=0x0001, seq=1/256, ttl=64 (request in 1)`
    Icmp(icmp::Message),
    /// `Neighbor Solicitation for fe80::1 from 02:00:00:00:00:01`
    Icmpv6(icmpv6::Message<'a>),
    /// `Membership Report group 239.1.2.3`
    Igmp(igmp::Message<'a>),
    /// `Who has 192.0.2.1? Tell 192.0.2.2`
    Arp(arp::Message<'a>),
    /// `Name query NB WORKGROUP<1d>`
    Nbns(nbns::Message<'a>),
    /// `DHCP Discover - Transaction ID 0x3d1d`
    Dhcp(dhcp::Message),
    /// `M-SEARCH * HTTP/1.1 `, from a first line.
    Ssdp(&'a [u8]),
    /// `PRI: 3  DEI: 0  ID: 42`, from a VLAN tag's control word.
    Vlan(u16),
    /// Text made here, written as it is.
    Text(Cow<'a, str>),
    /// A column that has been written before, with its notes.
    Written(&'a [u8]),
}

impl<'a> From<Content<'a>> for Info<'a> {
    fn from(content: Content<'a>) -> Self {
        Self { content, stops: [None; 2], is_fragment: false }
    }
}

impl From<udp::Header> for Info<'_> {
    fn from(header: udp::Header) -> Self {
        Content::Udp(header).into()
    }
}

impl<'a> From<&'a str> for Info<'a> {
    fn from(text: &'a str) -> Self {
        Content::Text(text.into()).into()
    }
}

impl From<String> for Info<'_> {
    fn from(text: String) -> Self {
        Content::Text(text.into()).into()
    }
}

impl<'a> Info<'a> {
    /// A column from what [`Info::write`] made of one.
    #[must_use]
    pub fn written(text: &'a [u8]) -> Self {
        Content::Written(text).into()
    }
}

impl<'a> Info<'a> {
    /// Notes whether the packet is a piece of a larger one.
    pub(super) fn in_fragment(&mut self, is_fragment: bool) {
        self.is_fragment |= is_fragment;
    }

    /// Notes that dissection ended here; more than two notes are not kept.
    pub(super) fn stopped(&mut self, stop: Stop) {
        if let Some(free) = self.stops.iter_mut().find(|noted| noted.is_none()) {
            *free = Some(stop);
        }
    }

    /// Reads what is not read before the column is written.
    pub(super) fn read(&self) -> Result<(), Stop> {
        self.content.write(&mut Vec::new())
    }

    /// Appends the column as Wireshark shows it.
    pub fn write(&self, out: &mut Vec<u8>) {
        let end = out.len().saturating_add(MAX_LEN);
        let unread = self.content.write(out).err();
        for stop in unread.into_iter().chain(self.stops.into_iter().flatten()) {
            let stop = match stop {
                Stop::Malformed | Stop::Contained if self.is_fragment => Stop::Fragment,
                _ => stop,
            };
            out.extend_from_slice(stop.note().as_bytes());
        }
        truncate(out, end);
    }

    /// The UDP header, where the column shows nothing else.
    #[must_use]
    pub fn plain_udp(&self) -> Option<udp::Header> {
        match self {
            Self { content: Content::Udp(header), stops: [None, None], .. } => Some(*header),
            _ => None,
        }
    }

    /// The segment, where the column shows nothing else.
    pub(super) fn plain_tcp(&self) -> Option<&Segment<'a>> {
        match self {
            Self { content: Content::Tcp(segment), stops: [None, None], .. } => Some(segment),
            _ => None,
        }
    }

    /// How many bytes of text of its own it holds: all of it, once it is written out.
    #[must_use]
    pub fn held(&self) -> usize {
        match &self.content {
            Content::Text(text) => text.len(),
            _ => 0,
        }
    }

    /// The same column without a hold on the frame, written out.
    #[must_use]
    pub fn to_static(&self) -> Info<'static> {
        let mut text = Vec::new();
        self.write(&mut text);
        String::from_utf8_lossy(&text).into_owned().into()
    }
}

/// Without what follows `end`, nor the half of a character before it, which Wireshark leaves there.
fn truncate(out: &mut Vec<u8>, mut end: usize) {
    while out.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end = end.saturating_sub(1);
    }
    out.truncate(end);
}

impl Content<'_> {
    /// Appends the text; what it could not be read to the end for is returned, and whatever could be read is there.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        match self {
            Self::Ip(note) => note.write(out),
            Self::Ipv6(headers) => headers.write(out),
            Self::Udp(header) => header.write(out),
            Self::Tcp(segment) => return segment.write(out),
            Self::Dns(message) => return message.write(out),
            Self::Icmp(message) => message.write(out),
            Self::Icmpv6(message) => message.write(out),
            Self::Igmp(message) => return message.write(out),
            Self::Arp(message) => message.write(out),
            Self::Nbns(message) => return message.write(out),
            Self::Dhcp(message) => message.write(out),
            Self::Ssdp(line) => {
                write_text(out, line);
                out.push(b' ');
            }
            Self::Vlan(tag) => {
                let (priority, drop_eligible, id) = (tag >> 13, (tag >> 12) & 1, tag & 0xfff);
                write_format(out, format_args!("PRI: {priority}  DEI: {drop_eligible}  ID: {id}"));
            }
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Written(text) => out.extend_from_slice(text),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_ends_with_a_whole_character() {
        let written = |text: String| {
            let mut out = b"before ".to_vec();
            Info::from(text).write(&mut out);
            String::from_utf8(out).unwrap().len() - "before ".len()
        };
        assert_eq!(written("x".repeat(5_000)), MAX_LEN);
        assert_eq!(written("é".repeat(3_000)), MAX_LEN - 1);
        assert_eq!(written(format!("x{}", "é".repeat(3_000))), MAX_LEN);
        assert_eq!(written(format!("x{}", "日".repeat(3_000))), MAX_LEN - 2);
        assert_eq!(written("x".to_owned()), 1);
    }
}
