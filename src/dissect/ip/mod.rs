//! IP: the packet that both versions carry, and the table of what it holds.
//!
//! The headers are read in `v4` and `v6`, fragments are put together in `fragments`. Knows the transport protocols only
//! by number.

mod fragments;
pub(super) mod protocols;
mod v4;
mod v6;

pub(super) use fragments::{Fragments, Key, Piece, Whole};
pub(super) use v4::{dissect as ipv4, is_odd_ttl, packet_len as ipv4_len};
pub use v6::Headers;
pub(super) use v6::{dissect as ipv6, packet_len as ipv6_len};

use std::net::IpAddr;

use super::payload::{Payload, Stop};
use super::protocol::Protocol;
use super::text::write_format;
use super::{Content, Context, Dissection, Endpoint, FiveTuple, icmp, icmpv6, igmp, link, tcp, udp};

/// The most IP headers inside each other; what is deeper is not looked at.
const MAX_DEPTH: u8 = 64;

/// What an IP packet carries, of either version.
#[derive(Clone, Copy)]
pub(super) struct Packet<'a> {
    pub src: IpAddr,
    pub dst: IpAddr,
    /// Identification; zero in IPv6.
    pub id: u16,
    /// Time to live, or hop limit.
    pub hop_limit: u8,
    /// The payload's protocol, after any extension headers.
    pub protocol: u8,
    /// What follows the headers: as long as the header says, or as what is around it where the header claims more.
    pub payload: Payload<'a>,
}

/// What the Info column says where no more is known of a packet than its headers.
#[derive(Clone, Copy, Debug)]
pub enum Note {
    /// `Reservation Protocol (46)`
    Protocol(u8),
    /// `Unknown IP Protocol: OSPF IGP (89)`
    Unknown(u8),
    /// `Fragmented IP protocol (proto=UDP 17, off=0, ID=1234) [Reassembled in #5]`
    Fragment {
        /// What the fragments carry.
        protocol: u8,
        /// Offset in the whole payload, in bytes.
        offset: u16,
        /// The packet's identification.
        id: u16,
        /// The frame that completed the packet, known in a second pass.
        reassembled_in: Option<u64>,
    },
    /// `[Illegal IPv4 fragments]`
    IllegalFragments,
}

impl Packet<'_> {
    /// The packet's addresses with these ports.
    pub(super) fn tuple(&self, src: u16, dst: u16) -> FiveTuple {
        FiveTuple { src: Endpoint { addr: self.src, port: src }, dst: Endpoint { addr: self.dst, port: dst } }
    }
}

impl Note {
    /// Appends the text.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Protocol(protocol) => {
                write_format(out, format_args!("{} ({protocol})", protocols::name(protocol)));
            }
            Self::Unknown(protocol) => {
                write_format(out, format_args!("Unknown IP Protocol: {} ({protocol})", protocols::name(protocol)));
            }
            Self::IllegalFragments => out.extend_from_slice(b"[Illegal IPv4 fragments]"),
            Self::Fragment { protocol, offset, id, reassembled_in } => {
                let name = protocols::name(protocol);
                let what = format_args!("proto={name} {protocol}, off={offset}, ID={id:04x}");
                write_format(out, format_args!("Fragmented IP protocol ({what})"));
                if let Some(frame) = reassembled_in {
                    write_format(out, format_args!(" [Reassembled in #{frame}]"));
                }
            }
        }
    }
}

/// Reads an IP packet of whichever version its first half byte says.
pub(super) fn dissect<'a>(
    bytes: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<bool, Stop> {
    match bytes.u8(0)? >> 4 {
        4 => ipv4(bytes, context, row).map(|()| true),
        6 => ipv6(bytes, context, row),
        version => {
            row.show(Protocol::Ip, format!("Bogus IP version ({version})"));
            Ok(true)
        }
    }
}

/// The table of what IP carries; says whether the number is there and the bytes were accepted.
fn carried<'a>(packet: &Packet<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<bool, Stop> {
    let bytes = packet.payload;
    context.depth = context.depth.saturating_add(1);
    if context.depth > MAX_DEPTH {
        return Ok(true);
    }
    match packet.protocol {
        v6::HOP_BY_HOP | v6::ROUTING | v6::FRAGMENT | v6::DESTINATION_OPTIONS => v6::headers(*packet, context, row)?,
        1 => icmp::dissect(packet, context, row)?,
        2 => igmp::dissect(packet, row)?,
        4 => return dissect(bytes, context, row),
        6 => tcp::dissect(packet, context, row)?,
        17 => udp::dissect(packet, context, row)?,
        41 => return ipv6(bytes, context, row),
        58 => icmpv6::dissect(packet, context, row)?,
        143 => link::ethernet(bytes, context, row)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The packet that an ICMP error quotes: its headers and what is there of the payload, without a look at that.
pub(super) fn quoted(bytes: Payload<'_>) -> Result<Packet<'_>, Stop> {
    match bytes.u8(0)? >> 4 {
        4 => v4::quoted(bytes),
        6 => v6::quoted(bytes),
        _ => Err(Stop::Malformed),
    }
}

impl From<Note> for super::Info<'_> {
    fn from(note: Note) -> Self {
        Content::Ip(note).into()
    }
}
