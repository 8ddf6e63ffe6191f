//! From a frame's bytes to what a row says: link layer, then IP, then transport, then application.
//!
//! One file a protocol: `dissect` takes the bytes that the layer below left, says in the row what it found, and calls
//! the layer above. Nothing is copied and no text is made until a row is shown ([`Info::write`]). Bad bytes are data: a
//! layer that can't be read to its end returns a [`payload::Stop`], and the row keeps what was said by then.
//! Must not know where frames come from or who looks at them.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

pub mod address;
mod arp;
mod block;
pub mod coloring;
pub mod detached;
pub mod details;
mod dhcp;
pub mod dns;
mod ethertype;
mod fields;
mod icmp;
mod icmpv6;
mod igmp;
pub mod info;
mod ip;
mod link;
mod loopback;
mod nbns;
mod payload;
mod plain;
pub mod protocol;
mod ssdp;
pub mod tcp;
mod text;
mod udp;

pub use address::{Address, Conversation, Endpoint, FiveTuple};
pub use coloring::Coloring;
pub use detached::{Detached, Infos};
use info::Content;
pub use info::Info;
pub use protocol::{Noise, Protocol};
pub use udp::Header as UdpHeader;

use crate::source::{Frame, LinkType, Record};
use crate::time::Timestamp;
use icmp::echo::Echoes;
use payload::Payload;

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
    /// The rule that colors its row.
    pub coloring: Coloring,
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
    /// The application that its ports belong to.
    pub application: Protocol,
    /// The identification of the IPv4 packet that carried it; zero says nothing, and IPv6 has none.
    pub id: u16,
    /// Length of the payload, in bytes, by the UDP header.
    pub len: u32,
    /// The payload, as much of it as was captured.
    pub payload: &'a [u8],
}

/// Turns frames into dissections, and keeps what later frames need from earlier ones.
#[derive(Default)]
pub struct Dissector {
    tcp: tcp::Connections,
    fragments: ip::Fragments,
    echoes: Echoes,
    arp: arp::Owners,
    ssdp: ssdp::Requests,
    unread: Vec<LinkType>,
}

/// What the layers of one frame share, beside the row that they fill in.
struct Context<'d> {
    /// The frame's place in the capture.
    frame: u64,
    /// The frame's length on the wire.
    frame_len: usize,
    arp: &'d mut arp::Owners,
    ssdp: &'d mut ssdp::Requests,
    /// Link types that can't be read, each once.
    unread: &'d mut Vec<LinkType>,
    /// When it was captured.
    time: Timestamp,
    tcp: &'d mut tcp::Connections,
    echoes: &'d mut Echoes,
    /// Gone once it has lent a packet that was put together: then fragments inside that one stay fragments.
    fragments: Option<&'d mut ip::Fragments>,
    /// The first VLAN tag's number, or zero.
    vlan: u16,
    /// VLAN tags and Ethernet headers inside the first one, so far.
    nested: u8,
    /// Whether what is read is a piece of a packet that was not put together.
    fragmented: bool,
    /// Whether an ICMP error quotes what is read.
    quoted: bool,
    /// IP headers so far.
    depth: u8,
}

impl<'d> Context<'d> {
    /// Takes in a fragment; the packet that it completes.
    fn reassembled(&mut self, key: ip::Key, piece: ip::Piece<'_>) -> Option<&'d ip::Whole> {
        if !self.fragments.as_deref_mut()?.add(key, piece, self.frame) {
            return None;
        }
        let fragments: &'d ip::Fragments = self.fragments.take()?;
        Some(fragments.whole())
    }

    /// The frame that completes the packet of this frame's fragment, in a second pass.
    fn reassembled_in(&self) -> Option<u64> {
        self.fragments.as_deref()?.completed_in(self.frame)
    }
}

impl<'a> Dissection<'a> {
    /// A row that nothing is known of yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            src: Address::None,
            dst: Address::None,
            protocol: Protocol::None,
            info: "".into(),
            noise: None,
            coloring: Coloring::None,
            transport: Transport::None,
        }
    }

    /// Takes note that a coloring rule holds.
    fn meets(&mut self, rule: Coloring) {
        self.coloring = self.coloring.min(rule);
    }

    /// Sets the Protocol and Info columns; a layer above may set them again.
    fn show(&mut self, protocol: Protocol, info: impl Into<Info<'a>>) {
        self.protocol = protocol;
        self.info = info.into();
    }
}

impl Dissector {
    /// The dissector for a second pass over the same frames: it knows what comes later, as Wireshark's window does.
    #[must_use]
    pub fn second_pass(self) -> Self {
        Self {
            echoes: self.echoes.for_second_pass(),
            fragments: self.fragments.for_second_pass(),
            ssdp: self.ssdp,
            ..Self::default()
        }
    }

    /// The link types met so far whose frames can't be read, the first few of them.
    #[must_use]
    pub fn unread(&self) -> &[LinkType] {
        &self.unread
    }

    /// Dissects one frame.
    #[inline]
    pub fn dissect<'a>(&'a mut self, frame: &Frame<'a>) -> Dissection<'a> {
        plain::dissect(frame).unwrap_or_else(|| self.layers(frame))
    }

    /// Dissects one frame, layer by layer.
    fn layers<'a>(&'a mut self, frame: &Frame<'a>) -> Dissection<'a> {
        let mut row = Dissection::empty();
        match frame.record {
            Record::Frame => {}
            Record::Custom { enterprise, copied } => {
                row.show(Protocol::Pcapng, block::custom(enterprise, copied));
                return row;
            }
            Record::Other => {
                row.meets(Coloring::SystemEvent);
                return row;
            }
        }
        let payload = Payload::new(frame.data, frame.wire_len.try_into().unwrap_or(usize::MAX));
        let mut context = Context {
            frame: frame.number,
            frame_len: payload.len(),
            arp: &mut self.arp,
            ssdp: &mut self.ssdp,
            unread: &mut self.unread,
            time: frame.time,
            tcp: &mut self.tcp,
            echoes: &mut self.echoes,
            fragments: Some(&mut self.fragments),
            vlan: 0,
            nested: 0,
            fragmented: false,
            quoted: false,
            depth: 0,
        };
        let read = link::dissect(frame.link_type, payload, &mut context, &mut row);
        row.info.in_fragment(context.fragmented);
        if let Err(stop) = read {
            row.info.stopped(stop);
        }
        row
    }
}
