//! IPv4 (RFC 791): the header with its options, and fragments on their way to being whole.
//!
//! etherparse reads a good header; what it refuses is gone through field by field, to say what is wrong with it.

use std::net::{IpAddr, Ipv4Addr};

use etherparse::Ipv4HeaderSlice;

use super::fragments::{Key, Piece};
use super::{Note, Packet, carried};
use crate::dissect::fields::Fields;
use crate::dissect::payload::{Payload, Stop};
use crate::dissect::{Address, Coloring, Content, Context, Dissection, Protocol};

const MIN_HEADER_LEN: usize = 20;
const OPTION_END: u8 = 0;
const OPTION_NO_OPERATION: u8 = 1;
const OPTION_LOOSE_SOURCE_ROUTE: u8 = 131;
const OPTION_STRICT_SOURCE_ROUTE: u8 = 137;

/// Reads a packet, and what it carries.
pub(in crate::dissect) fn dissect<'a>(
    bytes: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    row.show(Protocol::Ipv4, "");
    let Ok(header) = Ipv4HeaderSlice::from_slice(bytes.captured()) else {
        return unreadable(bytes, context, row);
    };
    let header_len = header.slice().len();
    if has_bogus_len(header.total_len(), header_len, row) {
        return Ok(());
    }
    let mut packet = packet(bytes, header);
    row.src = Address::Ip(packet.src);
    let has_options = header_len > MIN_HEADER_LEN;
    if has_options && let Some(dst) = final_destination(bytes, header_len)? {
        packet.dst = dst.into();
    }
    row.dst = Address::Ip(packet.dst);
    check_ttl(packet.hop_limit, packet.protocol, row);
    if has_options {
        check_options(bytes, header_len)?;
    }
    let outer = std::mem::replace(&mut context.fragmented, false);
    if header.is_fragmenting_payload() {
        let Some(payload) = fragment(&packet, header, context, row) else {
            context.fragmented = outer;
            return Ok(());
        };
        packet.payload = payload;
    }
    let is_illegal = matches!(row.info.content, Content::Ip(Note::IllegalFragments));
    if !packet.payload.is_empty() && !carried(&packet, context, row)? && !is_illegal {
        row.info = Note::Protocol(packet.protocol).into();
    }
    row.info.in_fragment(context.fragmented);
    context.fragmented = outer;
    Ok(())
}

/// Takes note of a time to live that is odd for where the row says that the packet goes.
fn check_ttl(ttl: u8, protocol: u8, row: &mut Dissection<'_>) {
    if let Address::Ip(IpAddr::V4(dst)) = row.dst
        && is_odd_ttl(ttl, dst, protocol)
    {
        row.meets(Coloring::Ttl);
    }
}

/// Whether a packet is about to die, or was to stay in its network and comes from another. Routing protocols have rules
/// of their own.
#[inline]
pub(in crate::dissect) fn is_odd_ttl(ttl: u8, dst: Ipv4Addr, protocol: u8) -> bool {
    const OSPF: u8 = 89;
    const PIM: u8 = 103;
    const VRRP: u8 = 112;
    match dst.octets() {
        [224, 0, 0, 251] => false,
        [224, 0, 0, _] => ttl != 1 && protocol != VRRP,
        [224..=239, ..] => false,
        _ => ttl < 5 && !matches!(protocol, OSPF | PIM),
    }
}

/// How long a packet says that it is; a length that can't be is that of what is around it.
pub(in crate::dissect) fn packet_len(bytes: Payload<'_>) -> Result<usize, Stop> {
    let header_len = usize::from(bytes.u8(0)? & 15).wrapping_mul(4).max(MIN_HEADER_LEN);
    let len = usize::from(bytes.be16(2)?);
    Ok(if len >= header_len { len } else { bytes.len() })
}

/// What a good header says.
fn packet<'a>(bytes: Payload<'a>, header: Ipv4HeaderSlice<'a>) -> Packet<'a> {
    // A total length of zero is the mark of segmentation offload: then the packet is as long as its frame.
    let bytes = match header.total_len() {
        0 => bytes,
        len => bytes.truncated(len.into()),
    };
    Packet {
        src: header.source().into(),
        dst: header.destination().into(),
        id: header.identification(),
        hop_limit: header.ttl(),
        protocol: header.protocol().0,
        payload: bytes.after(header.slice().len()),
    }
}

/// The packet that an ICMP error quotes; a fragment but the first carries nothing that could be told.
pub(super) fn quoted(bytes: Payload<'_>) -> Result<Packet<'_>, Stop> {
    let header = Ipv4HeaderSlice::from_slice(bytes.captured()).map_err(|_| Stop::Malformed)?;
    if header.fragments_offset().value() > 0 { Err(Stop::Malformed) } else { Ok(packet(bytes, header)) }
}

/// Says why a header can't be read; the row keeps the addresses that are there.
fn unreadable<'a>(bytes: Payload<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    let first = bytes.u8(0)?;
    let header_len = usize::from(first & 15).wrapping_mul(4);
    if first >> 4 != 4 {
        row.show(Protocol::Ipv4, format!("Bogus IPv4 version ({}, must be 4)", first >> 4));
        if first >> 4 == 6 {
            super::ipv6(bytes, context, row)?;
        }
        return Ok(());
    }
    if header_len < MIN_HEADER_LEN {
        let text = format!("Bogus IP header length ({header_len}, must be at least {MIN_HEADER_LEN})");
        row.show(Protocol::Ipv4, text);
        return Ok(());
    }
    let total_len = bytes.be16(2)?;
    if has_bogus_len(total_len, header_len, row) {
        return Ok(());
    }
    let bytes = if total_len == 0 { bytes } else { bytes.truncated(total_len.into()) };
    Fields::new(bytes, 4).skip(&[2, 2, 1, 1, 2])?;
    row.src = Address::Ip(bytes.array::<4>(12)?.into());
    let dst = bytes.array::<4>(16)?;
    row.dst = Address::Ip(final_destination(bytes, header_len)?.unwrap_or(dst).into());
    check_ttl(bytes.u8(8)?, bytes.u8(9)?, row);
    bytes.bytes(MIN_HEADER_LEN, header_len.saturating_sub(MIN_HEADER_LEN)).map(drop)
}

fn has_bogus_len(total_len: u16, header_len: usize, row: &mut Dissection<'_>) -> bool {
    let bogus = total_len != 0 && usize::from(total_len) < header_len;
    if bogus {
        let text = format!("Bogus IP length ({total_len}, less than header length {header_len})");
        row.show(Protocol::Ipv4, text);
    }
    bogus
}

/// One option after the other: type, length, data. A bogus length ends them.
struct Options<'a> {
    bytes: Payload<'a>,
    at: usize,
    end: usize,
}

impl<'a> Options<'a> {
    fn new(bytes: Payload<'a>, header_len: usize) -> Self {
        Self { bytes, at: MIN_HEADER_LEN, end: header_len }
    }

    /// The next option that has a length; those of one byte are passed over.
    fn next(&mut self) -> Result<Option<(u8, Payload<'a>)>, Stop> {
        while self.at < self.end {
            let here = self.at;
            let left = self.end.saturating_sub(here);
            match self.bytes.u8(here)? {
                OPTION_END => break,
                OPTION_NO_OPERATION => self.at = here.saturating_add(1),
                _ if left < 2 => break,
                kind => {
                    let len = usize::from(self.bytes.u8(here.saturating_add(1))?);
                    if len < 2 || len > left {
                        break;
                    }
                    self.at = here.saturating_add(len);
                    return Ok(Some((kind, self.bytes.subset(here, len)?)));
                }
            }
        }
        Ok(None)
    }
}

/// Where a source route ends: what the header has as destination is only the next stop.
fn final_destination(bytes: Payload<'_>, header_len: usize) -> Result<Option<[u8; 4]>, Stop> {
    let mut options = Options::new(bytes, header_len);
    while let Some((kind, option)) = options.next()? {
        if matches!(kind, OPTION_LOOSE_SOURCE_ROUTE | OPTION_STRICT_SOURCE_ROUTE) {
            let here = options.at.saturating_sub(option.len());
            let pointer = usize::from(bytes.u8(here.saturating_add(2))?);
            let is_sound = pointer >= 4 && pointer % 4 == 0 && pointer <= option.len();
            return is_sound.then(|| bytes.array(options.at.saturating_sub(4))).transpose();
        }
    }
    Ok(None)
}

/// Looks whether the options can be read: each holds at least its fixed fields.
fn check_options(bytes: Payload<'_>, header_len: usize) -> Result<(), Stop> {
    let mut options = Options::new(bytes, header_len);
    while let Some((kind, option)) = options.next()? {
        option.bytes(0, min_option_len(kind, option)?)?;
    }
    Ok(())
}

/// Length of an option with its fixed fields, type and length included.
fn min_option_len(kind: u8, option: Payload<'_>) -> Result<usize, Stop> {
    Ok(match kind {
        // Record route, security, loose source route, extended security, strict source route.
        7 | 130 | OPTION_LOOSE_SOURCE_ROUTE | 133 | OPTION_STRICT_SOURCE_ROUTE => 3,
        // MTU probe and reply, timestamp, stream ID, router alert.
        11 | 12 | 68 | 136 | 148 => 4,
        // CIPSO: the domain, then tags of type 1, length 1, data.
        134 if option.len() == 7 => 8,
        134 => 6,
        // Traceroute.
        82 => 12,
        // Quick start, by its function.
        25 if matches!(option.u8(2)? >> 4, 0 | 8) => 8,
        25 => 3,
        _ => 2,
    })
}

/// Takes a fragment in; the payload that it completed, or what can be read of it by itself.
fn fragment<'a>(
    packet: &Packet<'a>,
    header: Ipv4HeaderSlice<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Option<Payload<'a>> {
    let offset = header.fragments_offset().value();
    let claimed = match header.total_len() {
        0 => packet.payload.len(),
        len => usize::from(len).saturating_sub(header.slice().len()),
    };
    let piece = packet.payload.bytes(0, claimed).ok().filter(|piece| !piece.is_empty());
    if let Some(bytes) = piece {
        let id = header.identification() ^ u16::from(packet.protocol) ^ vlan(packet, context);
        let key = Key { src: packet.src, dst: packet.dst, id: id.into() };
        let piece = Piece { offset: offset.wrapping_shl(3), more: header.more_fragments(), bytes };
        if let Some(whole) = context.reassembled(key, piece) {
            if whole.is_illegal {
                row.info = Note::IllegalFragments.into();
            }
            return Some(Payload::new(&whole.bytes, whole.bytes.len()));
        }
    } else if offset == 0 {
        // What was not captured whole can't be put together; the first piece is read for what it is.
        context.fragmented = header.more_fragments();
        return Some(packet.payload);
    }
    row.info = Note::Fragment {
        protocol: packet.protocol,
        offset: offset.wrapping_shl(3),
        id: header.identification(),
        reassembled_in: piece.and_then(|_| context.reassembled_in()),
    }
    .into();
    None
}

/// Private addresses may be in use once a VLAN, so there its number tells packets apart.
fn vlan(packet: &Packet<'_>, context: &Context<'_>) -> u16 {
    let is_local = |addr| matches!(addr, IpAddr::V4(addr) if addr.is_private() || addr.is_link_local());
    if is_local(packet.src) || is_local(packet.dst) { context.vlan } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_live_is_odd_by_where_the_packet_goes() {
        let odd = |ttl, dst: [u8; 4], protocol| is_odd_ttl(ttl, dst.into(), protocol);
        assert!(odd(4, [127, 0, 0, 1], 17) && !odd(5, [127, 0, 0, 1], 17));
        assert!(!odd(1, [10, 0, 0, 1], 89) && !odd(1, [10, 0, 0, 1], 103), "OSPF and PIM");
        assert!(odd(255, [224, 0, 0, 252], 17) && !odd(1, [224, 0, 0, 252], 17), "LLMNR is to stay in its network");
        assert!(!odd(255, [224, 0, 0, 251], 17), "MDNS");
        assert!(!odd(255, [224, 0, 0, 18], 112), "VRRP");
        assert!(!odd(1, [239, 255, 255, 250], 17), "a group that routers pass on");
    }
}
