//! From a frame's bytes to what a row says: link layer, then IP, then transport, then application.
//!
//! One file a protocol, each a function from checked bytes to values; nothing is copied and no text is made here until
//! a row is shown ([`Info::write`]). Bad bytes are data: a layer that can't be read leaves the row at the layer below.
//! Must not know where frames come from or who looks at them.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use std::net::IpAddr;

pub mod address;
mod arp;
pub mod dns;
mod icmp;
mod icmpv6;
mod igmp;
pub mod info;
mod ip;
mod link;
pub mod protocol;
pub mod tcp;
mod text;
mod udp;

pub use address::{Address, Conversation, Endpoint, FiveTuple};
pub use info::Info;
pub use protocol::{Noise, Protocol};

use crate::source::Frame;
use ip::Packet;

/// What a frame turned out to be.
#[derive(Clone, Debug)]
pub struct Dissection<'a> {
    /// The Source column.
    pub src: Address,
    /// The Destination column.
    pub dst: Address,
    /// The Protocol column.
    pub protocol: Protocol,
    /// The Info column, not yet written out.
    pub info: Info<'a>,
    /// Background traffic that it belongs to, if any.
    pub noise: Option<Noise>,
    /// The transport layer, where there is one.
    pub transport: Transport<'a>,
}

/// The transport layer of a frame.
#[derive(Clone, Copy, Debug)]
pub enum Transport<'a> {
    /// None, or none that could be read.
    None,
    /// A whole UDP header.
    Udp(Datagram<'a>),
    /// A whole TCP header.
    Tcp(FiveTuple),
    /// An ICMP or `ICMPv6` error that quotes a UDP datagram.
    UdpError {
        /// The datagram that could not be delivered, as much of it as is quoted.
        quoted: Datagram<'a>,
    },
}

/// A UDP datagram (RFC 768).
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// Addresses and ports, as sent.
    pub tuple: FiveTuple,
    /// Length of the payload, in bytes, by the UDP header.
    pub len: u16,
    /// The payload, as much of it as was captured.
    pub payload: &'a [u8],
}

/// Turns frames into dissections, and keeps what later frames need from earlier ones.
#[derive(Default)]
pub struct Dissector {
    tcp: tcp::Conversations,
}

impl<'a> Dissection<'a> {
    /// A row of which no more is known than its protocol and a text.
    fn bare(protocol: Protocol, info: Info<'a>) -> Self {
        Self { src: Address::None, dst: Address::None, protocol, info, noise: None, transport: Transport::None }
    }
}

impl Dissector {
    /// Dissects one frame.
    pub fn dissect<'a>(&mut self, frame: &Frame<'a>) -> Dissection<'a> {
        let link = link::strip(frame.link_type, frame.data);
        let mut dissection = match link.network {
            link::Network::Ip(bytes) => self.ip(bytes),
            link::Network::Arp(bytes) => arp::dissect(bytes),
            link::Network::Other(protocol, info) => Dissection::bare(protocol, info),
        };
        if dissection.src == Address::None {
            (dissection.src, dissection.dst) = (link.src, link.dst);
        }
        dissection
    }

    fn ip<'a>(&mut self, bytes: &'a [u8]) -> Dissection<'a> {
        let Some(packet) = ip::packet(bytes) else {
            return Dissection::bare(Protocol::Unknown, Info::Text("not an IP packet".into()));
        };
        let mut dissection = if packet.is_fragment() { ip::fragment(&packet) } else { self.transport(&packet) };
        dissection.src = Address::Ip(packet.src);
        dissection.dst = Address::Ip(packet.dst);
        dissection
    }

    /// The table of transport protocols: IP protocol number to the file that reads it.
    fn transport<'a>(&mut self, packet: &Packet<'a>) -> Dissection<'a> {
        let read = match (packet.protocol, packet.src) {
            (1, IpAddr::V4(_)) => icmp::dissect(packet),
            (2, IpAddr::V4(_)) => igmp::dissect(packet),
            (6, _) => tcp::dissect(packet, &mut self.tcp),
            (17, _) => udp::dissect(packet),
            (58, IpAddr::V6(_)) => icmpv6::dissect(packet),
            _ => None,
        };
        read.unwrap_or_else(|| ip::undissected(packet))
    }
}
