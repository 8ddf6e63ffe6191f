//! IPv6 (RFC 8200): the header, and the chain of extension headers down to what the packet carries.
//!
//! The chain is walked here one header at a time, since etherparse's lax iterator reads past the end of a cut packet.
//! Source routes and home addresses replace the addresses of the header, as in Wireshark.

use std::net::{IpAddr, Ipv6Addr};

use etherparse::Ipv6HeaderSlice;

use super::fragments::{Key, Piece, Whole};
use super::{Note, Packet, carried};
use crate::dissect::fields::Fields;
use crate::dissect::payload::{Payload, Stop};
use crate::dissect::text::write_format;
use crate::dissect::{Address, Content, Context, Dissection, Protocol};

const HEADER_LEN: usize = 40;
const FRAGMENT_HEADER_LEN: usize = 8;
pub(super) const HOP_BY_HOP: u8 = 0;
pub(super) const ROUTING: u8 = 43;
pub(super) const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
const NO_NEXT_HEADER: u8 = 59;
pub(super) const DESTINATION_OPTIONS: u8 = 60;
const MOBILITY: u8 = 135;
const SHIM6: u8 = 140;

const OPTION_PAD1: u8 = 0;
const OPTION_HOME_ADDRESS: u8 = 0xc9;
const OPTION_JUMBO: u8 = 0xc2;

/// The extension headers that a row names, those after the last fragment header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers {
    fragment: Option<FragmentHeader>,
    /// Two bits a header, the first one in the lowest; zero ends them.
    kinds: u64,
    has_bogus_len: bool,
    /// Whether the fragments that made the packet contradict each other.
    is_illegal: bool,
}

#[derive(Clone, Copy, Debug)]
struct FragmentHeader {
    offset: u16,
    more: bool,
    id: u32,
    next: u8,
}

/// Reads a packet, and what it carries; says whether it is one.
pub(in crate::dissect) fn dissect<'a>(
    bytes: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<bool, Stop> {
    row.show(Protocol::Ipv6, "");
    let version = bytes.u8(0)? >> 4;
    if version != 6 {
        row.show(Protocol::Ipv6, format!("Bogus IPv6 version ({version}, must be 6)"));
        return Ok(false);
    }
    if bytes.len() < HEADER_LEN {
        row.show(Protocol::Ipv6, format!("Invalid IPv6 header ({} bytes, need exactly 40)", bytes.len()));
    }
    let Ok(header) = Ipv6HeaderSlice::from_slice(bytes.captured()) else {
        Fields::new(bytes, 0).skip(&[4, 2, 1, 1])?;
        row.src = Address::Ip(bytes.array::<16>(8)?.into());
        row.dst = Address::Ip(bytes.array::<16>(24)?.into());
        return Ok(true);
    };
    let mut packet = Packet {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        id: 0,
        hop_limit: header.hop_limit(),
        protocol: header.next_header().0,
        payload: bytes.after(HEADER_LEN),
    };
    (row.src, row.dst) = (Address::Ip(packet.src), Address::Ip(packet.dst));
    let len = payload_len(header.payload_length(), packet.protocol, packet.payload);
    let headers = Headers { has_bogus_len: len == 0 && packet.protocol == HOP_BY_HOP, ..Headers::default() };
    packet.payload = packet.payload.truncated(len);
    let outer = context.fragmented;
    chain(packet, headers, header.payload_length().into(), context, row)?;
    context.fragmented = outer;
    Ok(true)
}

/// How long a packet says that it is.
pub(in crate::dissect) fn packet_len(bytes: Payload<'_>) -> Result<usize, Stop> {
    let payload_len = payload_len(bytes.be16(4)?, bytes.u8(6)?, bytes.after(HEADER_LEN));
    Ok(HEADER_LEN.saturating_add(payload_len))
}

/// The payload's length: as the header says it, or, where that is zero, as a jumbogram's option does.
fn payload_len(claimed: u16, next: u8, payload: Payload<'_>) -> usize {
    match (claimed, next) {
        (0, HOP_BY_HOP) => jumbo_len(payload).unwrap_or(0),
        _ => claimed.into(),
    }
}

/// Extension headers that IPv4 carries, and what follows them.
pub(super) fn headers<'a>(packet: Packet<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    chain(packet, Headers::default(), 0, context, row)
}

/// One header after the other, down to what the packet carries. `left` is what the packet's header leaves for those that
/// have not been read yet, in bytes; in IPv4 nothing, and so fragments there are not put together.
fn chain<'a>(
    mut packet: Packet<'a>,
    mut headers: Headers,
    mut left: usize,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    loop {
        let header = packet.payload;
        let header_len = match packet.protocol {
            HOP_BY_HOP | DESTINATION_OPTIONS => {
                headers.push(packet.protocol);
                row.info = Content::Ipv6(headers).into();
                options(&mut packet, row)?
            }
            ROUTING => {
                headers.push(ROUTING);
                row.info = Content::Ipv6(headers).into();
                routing(&mut packet, row)?
            }
            FRAGMENT => {
                let fragment = fragment_header(header)?;
                headers = Headers { fragment: Some(fragment), ..Headers::default() };
                row.info = Content::Ipv6(headers).into();
                let len = left.saturating_sub(FRAGMENT_HEADER_LEN);
                if len > 0 && (fragment.offset > 0 || fragment.more) {
                    context.fragmented = true;
                    let Some(whole) = reassembled(&packet, fragment, len, context) else { return Ok(()) };
                    context.fragmented = false;
                    if whole.is_illegal {
                        headers = Headers { is_illegal: true, ..Headers::default() };
                        row.info = Content::Ipv6(headers).into();
                    }
                    let payload = Payload::new(&whole.bytes, whole.bytes.len());
                    packet = Packet { protocol: fragment.next, payload, ..packet };
                    left = 0;
                    continue;
                }
                packet.protocol = fragment.next;
                FRAGMENT_HEADER_LEN
            }
            // Their dissectors are none of those that rows are compared with.
            AUTHENTICATION | MOBILITY | SHIM6 => return Ok(()),
            NO_NEXT_HEADER => {
                row.info = "IPv6 no next header".into();
                return Ok(());
            }
            _ => break,
        };
        packet.payload = header.from(header_len)?;
        left = left.saturating_sub(header_len);
    }
    if !carried(&packet, context, row)? {
        row.info = Note::Unknown(packet.protocol).into();
    }
    row.info.in_fragment(context.fragmented);
    Ok(())
}

/// next header 1, length 1 (in 8 bytes, without the first 8).
fn extension(packet: &mut Packet<'_>) -> Result<usize, Stop> {
    let [next, len] = packet.payload.array(0)?;
    packet.protocol = next;
    Ok(usize::from(len).wrapping_add(1).wrapping_mul(8))
}

/// Options, each of type 1, length 1, data. A home address (RFC 6275) is where the packet really comes from.
fn options(packet: &mut Packet<'_>, row: &mut Dissection<'_>) -> Result<usize, Stop> {
    let bytes = packet.payload;
    let header_len = extension(packet)?;
    let mut at = 2;
    while at < header_len {
        let [kind, len] = bytes.array(at)?;
        if kind == OPTION_PAD1 {
            at = at.saturating_add(1);
            continue;
        }
        let data = at.saturating_add(2);
        if kind == OPTION_HOME_ADDRESS {
            packet.src = bytes.array::<16>(data)?.into();
            row.src = Address::Ip(packet.src);
        }
        // A length that is too short for the option's fields does not shorten them.
        let len = fields_len(kind, data, len.into(), bytes)?;
        bytes.bytes(data, len)?;
        at = data.saturating_add(len);
    }
    Ok(header_len)
}

/// How far an option at `at` reaches: as far as it claims, or as its fields do where that is further.
fn fields_len(option: u8, at: usize, claimed: usize, bytes: Payload<'_>) -> Result<usize, Stop> {
    let fields = match option {
        0x04 => 1,                                        // tunnel encapsulation limit (RFC 2473)
        0x05 | 0x31 => 2,                                 // router alert (RFC 2711), in-situ OAM (RFC 9486)
        0xee => 3,                                        // depth-first forwarding (RFC 6971)
        0x30 | 0x41 | 0x63 | OPTION_JUMBO => 4,           // path MTU (RFC 9268), TPF, RPL (RFC 9008)
        0x26 if matches!(bytes.u8(at)? >> 4, 0 | 8) => 6, // quick start (RFC 4782)
        0x0f => 10,                                       // performance and diagnostic metrics (RFC 8250)
        OPTION_HOME_ADDRESS => 16,
        // CALIPSO (RFC 5570): domain 4, length of the bitmap 1 (in words), level 1, checksum 2, bitmap.
        0x07 => usize::from(bytes.u8(at.saturating_add(4))?).wrapping_mul(4).wrapping_add(8),
        // MPL (RFC 7731): flags 1 with the seed's length, sequence 1, seed.
        0x6d => match bytes.u8(at)? >> 6 {
            0 => 2,
            1 => 4,
            2 => 10,
            _ => 18,
        },
        _ => 0,
    };
    Ok(claimed.max(fields))
}

/// The length that a jumbogram's option (RFC 2675) gives the payload.
fn jumbo_len(bytes: Payload<'_>) -> Option<usize> {
    let end = usize::from(bytes.u8(1).ok()?).wrapping_add(1).wrapping_mul(8);
    let mut at: usize = 2;
    while at < end {
        let option: [u8; 6] = bytes.array(at).ok()?;
        match option {
            [OPTION_PAD1, ..] => at = at.wrapping_add(1),
            [OPTION_JUMBO, 4, len @ ..] => {
                return usize::try_from(u32::from_be_bytes(len)).ok().filter(|len| *len > usize::from(u16::MAX));
            }
            [_, len, ..] => at = at.wrapping_add(usize::from(len)).wrapping_add(2),
        }
    }
    None
}

/// type 1, segments left 1, then by type. While segments are left, the last address of the route is the destination.
fn routing(packet: &mut Packet<'_>, row: &mut Dissection<'_>) -> Result<usize, Stop> {
    let bytes = packet.payload;
    let header_len = extension(packet)?;
    let [kind, left] = bytes.array(2)?;
    let data_len = header_len.wrapping_sub(4);
    let data = bytes.subset(4, data_len)?;
    let addr = |n: usize| data.array::<16>(n.wrapping_mul(16).wrapping_add(4)).map(Ipv6Addr::from);
    let mut last = None;
    let dst = match kind {
        // Source route (RFC 2460) and home address (RFC 6275).
        0 => {
            for n in 0..header_len.wrapping_sub(8) / 16 {
                last = Some(addr(n)?);
            }
            last
        }
        2 => Some(addr(0)?),
        // Segment routing (RFC 8754): last entry 1, flags 1, tag 2; the route stands there from its end.
        4 => {
            let count = usize::from(data.u8(0)?).wrapping_add(1);
            data.be32(0)?;
            redirect(packet, row, Some(addr(0)?).filter(|_| left > 0));
            for n in 0..count {
                addr(n)?;
            }
            None
        }
        3 => {
            let mut last = None;
            let read = match (packet.src, packet.dst) {
                (IpAddr::V6(_), IpAddr::V6(dst)) => compressed_route(data, dst, &mut last),
                _ => Ok(()),
            };
            redirect(packet, row, last.filter(|_| left > 0));
            read?;
            None
        }
        5 => compact_route(data, 2, left.into()).map(|()| None)?,
        6 => compact_route(data, 4, left.into()).map(|()| None)?,
        _ => {
            bytes.bytes(4, data_len)?;
            None
        }
    };
    redirect(packet, row, dst.filter(|_| left > 0));
    Ok(header_len)
}

/// A route of RPL (RFC 6554): how many bytes addresses lack that are the destination's 4 bits, and the last one's 4
/// bits, padding 4 bits, reserved 20 bits, addresses. `last` is the last one that could be read.
fn compressed_route(data: Payload<'_>, dst: Ipv6Addr, last: &mut Option<Ipv6Addr>) -> Result<(), Stop> {
    let [lacking, padding, _, _] = data.array(0)?;
    let (len, last_len) = (16_u8.wrapping_sub(lacking >> 4), 16_u8.wrapping_sub(lacking & 15));
    let all = data.len().saturating_sub(4);
    // Wireshark reckons how many there are before it reads them, and rounds towards zero.
    let behind_first =
        i64::try_from(all).unwrap_or(0).wrapping_sub((padding >> 4).into()).wrapping_sub(last_len.into());
    let count = if all == 0 { 0 } else { behind_first.checked_div(len.into()).unwrap_or(0).saturating_add(1) };
    let mut at = 4;
    for n in 1..=count {
        let len = usize::from(if n == count { last_len } else { len });
        let mut addr = dst.octets();
        addr.iter_mut().rev().zip(data.bytes(at, len)?.iter().rev()).for_each(|(to, from)| *to = *from);
        *last = Some(addr.into());
        at = at.saturating_add(len);
    }
    Ok(())
}

/// A compact route: identifiers of segments, each `width` bytes long, up to one of zero. Wireshark looks at the one that
/// is next first, and where none is zero, for one more than there are.
fn compact_route(data: Payload<'_>, width: usize, left: usize) -> Result<(), Stop> {
    data.bytes(left.wrapping_mul(width), width)?;
    let mut at = 0;
    while data.bytes(at, width)?.iter().any(|byte| *byte != 0) {
        at = at.saturating_add(width);
    }
    Ok(())
}

/// Takes note of where an IPv6 packet goes in the end.
fn redirect(packet: &mut Packet<'_>, row: &mut Dissection<'_>, dst: Option<Ipv6Addr>) {
    if let (Some(dst), IpAddr::V6(_)) = (dst, packet.dst) {
        packet.dst = dst.into();
        row.dst = Address::Ip(packet.dst);
    }
}

/// next header 1, reserved 1, offset and flags 2, identification 4.
fn fragment_header(bytes: Payload<'_>) -> Result<FragmentHeader, Stop> {
    let next = bytes.u8(0)?;
    let offset = bytes.be16(2)?;
    Ok(FragmentHeader { offset: offset & 0xfff8, more: offset & 1 != 0, id: bytes.be32(4)?, next })
}

/// Takes a fragment in; what it completed.
fn reassembled<'a>(
    packet: &Packet<'a>,
    header: FragmentHeader,
    len: usize,
    context: &mut Context<'a>,
) -> Option<&'a Whole> {
    let bytes = packet.payload.bytes(FRAGMENT_HEADER_LEN, len).ok()?;
    let key = Key { src: packet.src, dst: packet.dst, id: header.id };
    context.reassembled(key, Piece { offset: header.offset, more: header.more, bytes })
}

/// The packet that an ICMP error quotes, down to what it carries.
pub(super) fn quoted(bytes: Payload<'_>) -> Result<Packet<'_>, Stop> {
    let mut packet = Packet {
        src: bytes.array::<16>(8)?.into(),
        dst: bytes.array::<16>(24)?.into(),
        id: 0,
        hop_limit: bytes.u8(7)?,
        protocol: bytes.u8(6)?,
        payload: bytes.after(HEADER_LEN).truncated(bytes.be16(4)?.into()),
    };
    loop {
        let header = packet.payload;
        let len = match packet.protocol {
            HOP_BY_HOP | DESTINATION_OPTIONS | ROUTING => extension(&mut packet)?,
            FRAGMENT => {
                let fragment = fragment_header(header)?;
                if fragment.offset > 0 {
                    return Err(Stop::Malformed);
                }
                packet.protocol = fragment.next;
                FRAGMENT_HEADER_LEN
            }
            _ => return Ok(packet),
        };
        packet.payload = header.from(len)?;
    }
}

impl Headers {
    /// The most headers that are named.
    const MAX: u32 = 32;

    fn push(&mut self, header: u8) {
        let named = Self::MAX.saturating_sub(self.kinds.leading_zeros() / 2);
        if named < Self::MAX {
            let kind = match header {
                HOP_BY_HOP => 1,
                ROUTING => 2,
                _ => 3,
            };
            self.kinds |= u64::wrapping_shl(kind, named.wrapping_mul(2));
        }
    }

    /// Appends the text.
    pub(in crate::dissect) fn write(self, out: &mut Vec<u8>) {
        let start = out.len();
        if self.has_bogus_len {
            out.extend_from_slice(b"Invalid IPv6 payload length");
        }
        if self.is_illegal {
            out.extend_from_slice(b"[Illegal IPv6 fragments]");
        }
        if let Some(FragmentHeader { offset, more, id, next }) = self.fragment {
            let more = if more { 'y' } else { 'n' };
            let text = format_args!("off={offset} more={more} ident=0x{id:08x} nxt={next}");
            write_format(out, format_args!("IPv6 fragment ({text})"));
        }
        let mut kinds = self.kinds;
        while kinds != 0 {
            if out.len() > start {
                out.extend_from_slice(b" , ");
            }
            out.extend_from_slice(match kinds & 3 {
                1 => b"IPv6 hop-by-hop options",
                2 => b"IPv6 routing",
                _ => b"IPv6 destination options",
            });
            kinds >>= 2;
        }
    }
}
