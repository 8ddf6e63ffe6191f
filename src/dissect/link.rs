//! Link layers: what stands before the network layer's packet, the addresses there, and the trailer behind it.
//!
//! One function a link type; a new one is one more arm in [`dissect`]. etherparse knows none of NULL, LOOP and SLL2, so
//! the headers are read here. Formats: the registry of link-layer header types at tcpdump.org, IEEE 802.3 and 802.1Q.

use super::payload::{Payload, Stop};
use super::protocol::Protocol;
use super::{Address, Coloring, Content, Context, Dissection, arp, ethertype, ip, loopback};
use crate::source::LinkType;

/// Up to this an Ethernet type is a length (802.3).
const MAX_LENGTH: u16 = 1500;
/// Below this, and above the longest length, it is neither.
const FIRST_ETHERTYPE: u16 = 0x0600;
/// Linux numbers what has no `EtherType` up to here.
const MAX_LINUX_PROTOCOL: u16 = 1536;
/// The shortest Ethernet frame, without its checksum: shorter ones are padded.
const MIN_FRAME_LEN: usize = 60;
/// Ethernet's frame check sequence.
const FCS_LEN: usize = 4;
/// Address and control bytes of PPP in HDLC framing.
const PPP: u16 = 0xff03;
/// How many headers one inside the other are read: Wireshark's limit for VLAN tags.
pub(super) const MAX_NESTED: u8 = 20;

/// How many link types that can't be read are named.
const MAX_UNREAD: usize = 8;

/// A frame, being read.
struct Link<'r, 'a> {
    context: &'r mut Context<'a>,
    row: &'r mut Dissection<'a>,
}

/// Reads a frame's link layer, and what it carries.
pub(super) fn dissect<'a>(
    link_type: LinkType,
    frame: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    let mut link = Link { context, row };
    match link_type {
        LinkType::ETHERNET => link.ethernet(frame, true),
        LinkType::NULL => link.null(frame),
        LinkType::LOOP => link.bsd_loop(frame),
        LinkType(12 | 14) | LinkType::RAW => link.raw(frame),
        LinkType::IPV4 => link.ip(frame),
        LinkType::IPV6 => link.ipv6(frame),
        LinkType::LINUX_SLL => link.sll(frame),
        LinkType::LINUX_SLL2 => link.sll2(frame),
        other => {
            let unread = &mut *link.context.unread;
            if unread.len() < MAX_UNREAD && !unread.contains(&other) {
                unread.push(other);
            }
            undissected(other, link.row);
            Ok(())
        }
    }
}

/// Reads an Ethernet frame that something else carries.
pub(super) fn ethernet<'a>(
    frame: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    Link { context, row }.bridged(frame, true)
}

/// A row for a link type that is not read here: as Wireshark shows it with the type's own dissector disabled, empty, and
/// with Wireshark's own number of the type where it has no dissector.
fn undissected(link_type: LinkType, row: &mut Dissection<'_>) {
    // In the numbers of the registry.
    #[rustfmt::skip]
    let wireshark_number = match link_type.0 {
        2 => 184, 8 => 3, 118 => 29, 121 => 32, 172 => 77, 173 => 78, 188 => 93, 190 => 109, 211 => 108, 213 => 111,
        214 => 105, 245 => 140, 287 => 211,
        3 | 6 | 7 | 9..=11 | 13 | 16 | 18 | 19 | 32 | 50 | 51 | 99 | 100 | 104..=107 | 109 | 112 | 114 | 117 | 119 | 122
        | 123 | 127..=131 | 133 | 135..=144 | 147..=163 | 165 | 167 | 169..=171 | 177..=181 | 183 | 184 | 186 | 187
        | 189 | 192 | 195..=197 | 199..=204 | 209 | 210 | 212 | 215 | 220 | 224..=227 | 230 | 231 | 235..=237
        | 239..=243 | 248..=256 | 258..=260 | 264 | 266 | 268 | 270..=275 | 279 | 280 | 283 | 288 | 290
        | 292..=295 => return,
        _ => 0,
    };
    row.show(Protocol::Unknown, format!("WTAP_ENCAP = {wireshark_number}"));
}

impl<'a> Link<'_, 'a> {
    /// destination 6, source 6, type or length 2; perhaps with a frame check sequence behind.
    fn ethernet(&mut self, frame: Payload<'a>, fcs: bool) -> Result<(), Stop> {
        self.row.protocol = Protocol::Ethernet;
        let dst: [u8; 6] = frame.array(0)?;
        self.row.dst = Address::Mac(dst);
        if dst[0] & 1 != 0 {
            self.row.meets(Coloring::Broadcast);
        }
        self.row.src = Address::Mac(frame.array(6)?);
        match frame.be16(12)? {
            len @ 1..=MAX_LENGTH => {
                let raw = frame.be16(14) == Ok(0xffff);
                self.row.info = if raw { "IEEE 802.3 Ethernet Raw " } else { "IEEE 802.3 Ethernet " }.into();
                self.ieee_802_3(len, raw, frame, 14, fcs)
            }
            neither if (MAX_LENGTH..FIRST_ETHERTYPE).contains(&neither) => {
                self.row.info = format!("Ethernet Unknown: Invalid length/type: 0x{neither:04x} ({neither})").into();
                Ok(())
            }
            ethertype => {
                self.row.info = "Ethernet II".into();
                self.ethertype(ethertype, frame, 14, fcs)
            }
        }
    }

    /// A payload with a length before it: LLC, or raw IPX; neither is read. What is left is a trailer.
    fn ieee_802_3(&mut self, len: u16, raw: bool, layer: Payload<'a>, at: usize, fcs: bool) -> Result<(), Stop> {
        let len = usize::from(len).min(layer.len().saturating_sub(at));
        if raw && len == 0 {
            self.row.info.stopped(Stop::Malformed);
        }
        self.trailer(layer.from(at.saturating_add(len))?, layer.len(), fcs)
    }

    /// What an `EtherType` announces, from `at` in the layer, and the trailer behind it.
    fn ethertype(&mut self, ethertype: u16, layer: Payload<'a>, at: usize, fcs: bool) -> Result<(), Stop> {
        let payload = layer.from(at)?;
        match self.network(ethertype, payload) {
            Some(Ok(())) => {}
            Some(Err(stop)) => {
                self.row.info.in_fragment(self.context.fragmented);
                self.row.info.stopped(stop);
            }
            None => {
                self.row.protocol = Protocol::EtherType(ethertype);
                if let Some(name) = ethertype::name(ethertype) {
                    self.row.info = name.into();
                }
            }
        }
        // A length that can't be read, or claims more than there is, leaves no trailer.
        let len = packet_len(ethertype, payload).unwrap_or(usize::MAX).min(payload.len());
        let end = at.saturating_add(len);
        if end < layer.captured().len() { self.trailer(layer.from(end)?, layer.len(), fcs) } else { Ok(()) }
    }

    /// The table of network layers by `EtherType`; `None` where the type is not in it.
    fn network(&mut self, ethertype: u16, payload: Payload<'a>) -> Option<Result<(), Stop>> {
        Some(match ethertype {
            ethertype::IPV4 => self.ipv4(payload),
            // Not IPv6 after all: then the type alone is shown.
            ethertype::IPV6 => match ip::ipv6(payload, self.context, self.row) {
                Ok(false) => return None,
                read => read.map(drop),
            },
            ethertype::ARP | ethertype::RARP => arp::dissect(payload, self.context, self.row),
            ethertype::VLAN | ethertype::QINQ => self.vlan(payload),
            ethertype::BRIDGED => self.bridged(payload, false),
            ethertype::LOOPBACK => loopback::dissect(payload, self.row),
            _ => return None,
        })
    }

    /// priority 3 bits, drop eligible 1 bit, identifier 12 bits; type or length 2.
    fn vlan(&mut self, layer: Payload<'a>) -> Result<(), Stop> {
        self.row.show(Protocol::Vlan, "");
        let tag = layer.be16(0)?;
        self.row.info = Content::Vlan(tag).into();
        if self.context.vlan == 0 {
            self.context.vlan = tag & 0xfff;
        }
        let ethertype = layer.be16(2)?;
        self.context.nested = self.context.nested.saturating_add(1);
        match ethertype {
            _ if self.context.nested > MAX_NESTED => Ok(()),
            len @ ..=MAX_LENGTH => self.ieee_802_3(len, layer.be16(4) == Ok(0xffff), layer, 4, false),
            ethertype => self.ethertype(ethertype, layer, 4, false),
        }
    }

    /// An Ethernet frame inside a frame.
    fn bridged(&mut self, frame: Payload<'a>, fcs: bool) -> Result<(), Stop> {
        self.context.nested = self.context.nested.saturating_add(1);
        if self.context.nested > MAX_NESTED { Ok(()) } else { self.ethernet(frame, fcs) }
    }

    /// What follows the packet in a layer of this length: padding to Ethernet's shortest frame, and, where the layer is
    /// long enough for it to be likely, a frame check sequence. Only its being there is checked.
    fn trailer(&self, trailer: Payload<'_>, layer_len: usize, fcs: bool) -> Result<(), Stop> {
        let packet_end = self.context.frame_len.saturating_sub(trailer.len());
        let mut padding =
            if self.context.frame_len < MIN_FRAME_LEN { 0 } else { MIN_FRAME_LEN.saturating_sub(packet_end) };
        for at in 0..padding {
            if trailer.u8(at)? != 0 {
                padding = 0; // padding is zeros
                break;
            }
        }
        let rest = trailer.from(padding)?;
        if fcs && layer_len >= MIN_FRAME_LEN.saturating_add(FCS_LEN) && rest.len() >= FCS_LEN {
            rest.be32(rest.captured().len().min(rest.len().saturating_sub(FCS_LEN)))?;
        }
        Ok(())
    }

    /// packet type 2, hardware type 2, address length 2, address 8, protocol 2.
    fn sll(&mut self, frame: Payload<'a>) -> Result<(), Stop> {
        let (packet_type, hardware) = (frame.be16(0)?, frame.be16(2)?);
        self.cooked(packet_type, hardware, frame, |link| {
            link.row.src = sll_address(frame.be16(4)?, frame, 6)?;
            Ok((frame.be16(14)?, 16))
        })
    }

    /// protocol 2, reserved 2, interface 4, hardware type 2, packet type 1, address length 1, address 8.
    fn sll2(&mut self, frame: Payload<'a>) -> Result<(), Stop> {
        // Wireshark 4.0 takes the packet type and the address length for one number of two bytes.
        let (packet_type, hardware) = (frame.be16(10)?, frame.be16(8)?);
        self.cooked(packet_type, hardware, frame, |link| {
            let protocol = frame.be16(0)?;
            link.row.src = sll_address(frame.u8(11)?.into(), frame, 12)?;
            Ok((protocol, 20))
        })
    }

    /// Either "cooked" header; `rest` reads the address, the protocol and where the payload begins.
    fn cooked(
        &mut self,
        packet_type: u16,
        hardware: u16,
        frame: Payload<'a>,
        rest: impl FnOnce(&mut Self) -> Result<(u16, usize), Stop>,
    ) -> Result<(), Stop> {
        const NETLINK: u16 = 824;
        const GRE: u16 = 778;
        const LINUX_ETHERNET: u16 = 3;
        if hardware == NETLINK {
            return Ok(());
        }
        self.row.show(Protocol::Sll, "");
        self.row.info = match packet_type {
            0 => "Unicast to us".into(),
            1 => "Broadcast".into(),
            2 => "Multicast".into(),
            3 => "Unicast to another host".into(),
            4 => "Sent by us".into(),
            other => format!("Unknown ({other})").into(),
        };
        let (protocol, at) = rest(self)?;
        let payload = frame.from(at)?;
        match (protocol, hardware) {
            (LINUX_ETHERNET, _) => self.bridged(payload, false),
            (..=MAX_LINUX_PROTOCOL, _) => Ok(()),
            (ethertype::IPV4, GRE) => self.ip(payload),
            (ethertype::IPV6 | ethertype::ARP | ethertype::BRIDGED, GRE) => {
                self.network(protocol, payload).unwrap_or(Ok(()))
            }
            (_, GRE) => Ok(()),
            _ => self.ethertype(protocol, frame, at, false),
        }
    }

    /// A four-byte address family in the byte order of whoever wrote it, or an `EtherType`.
    fn null(&mut self, frame: Payload<'a>) -> Result<(), Stop> {
        if frame.be16(0)? == PPP {
            return Ok(());
        }
        self.no_addresses("Null/Loopback");
        let word = u32::from_le_bytes(frame.array(0)?);
        // A family is small, which tells the byte order; IRIX writes one of two bytes, and two zeros.
        let family = match (word >> 16, word & 0xffff) {
            (0, low) if matches!(low, 0 | 0x100 | 0x200 | 0x300 | 0x400 | 0x500) => low >> 8,
            (0, low) => low,
            (high @ ..=5, _) => high,
            _ => word.swap_bytes(),
        };
        let payload = frame.from(4)?;
        match u16::try_from(family & 0xffff) {
            Ok(ethertype) if family > MAX_LENGTH.into() => self.network(ethertype, payload).unwrap_or(Ok(())),
            _ => self.family(family, payload),
        }
    }

    /// OpenBSD's: a four-byte address family in network order.
    fn bsd_loop(&mut self, frame: Payload<'a>) -> Result<(), Stop> {
        self.no_addresses("Null/Loopback");
        let family = frame.be32(0)?;
        self.family(family, frame.from(4)?)
    }

    /// Address families; that of IPv6 has a different number on each system. Wireshark 4.0 does not know the first two,
    /// but what a lab on Windows sends itself is such a frame, and should be read.
    fn family(&mut self, family: u32, payload: Payload<'a>) -> Result<(), Stop> {
        const LINUX: u32 = 10;
        const WINDOWS: u32 = 23;
        match family {
            2 => self.ip(payload),
            LINUX | WINDOWS | 24 | 28 | 30 => self.ipv6(payload),
            _ => Ok(()),
        }
    }

    /// An IP packet without any header, or what Linux ISDN drivers put before it.
    fn raw(&mut self, frame: Payload<'a>) -> Result<(), Stop> {
        self.no_addresses("Raw packet data");
        for at in [0, 6, 1] {
            if frame.be16(at)? == PPP {
                return Ok(());
            }
        }
        if frame.array(0) == Ok([0; 10]) {
            return self.ip(frame.from(10)?);
        }
        match frame.u8(0)? >> 4 {
            4 => self.ipv4(frame),
            6 => self.ipv6(frame),
            _ => Ok(()),
        }
    }

    fn no_addresses(&mut self, info: &'static str) {
        self.row.src = Address::NotApplicable;
        self.row.dst = Address::NotApplicable;
        self.row.show(Protocol::NotApplicable, info);
    }

    /// IP of either version.
    fn ip(&mut self, payload: Payload<'a>) -> Result<(), Stop> {
        ip::dissect(payload, self.context, self.row).map(drop)
    }

    fn ipv4(&mut self, payload: Payload<'a>) -> Result<(), Stop> {
        ip::ipv4(payload, self.context, self.row)
    }

    fn ipv6(&mut self, payload: Payload<'a>) -> Result<(), Stop> {
        ip::ipv6(payload, self.context, self.row).map(drop)
    }
}

/// The sender's address, where its length is that of IPv4 or of Ethernet.
fn sll_address(len: u16, frame: Payload<'_>, at: usize) -> Result<Address, Stop> {
    Ok(match len {
        4 => Address::Ip(std::net::Ipv4Addr::from(frame.array::<4>(at)?).into()),
        6 => Address::Mac(frame.array(at)?),
        _ => Address::None,
    })
}

/// How long the packet in an Ethernet payload says that it is.
pub(super) fn packet_len(ethertype: u16, payload: Payload<'_>) -> Result<usize, Stop> {
    match (ethertype, payload.u8(0)? >> 4) {
        (ethertype::IPV4, 4) => ip::ipv4_len(payload),
        (ethertype::IPV4 | ethertype::IPV6, 6) => ip::ipv6_len(payload),
        (ethertype::ARP | ethertype::RARP, _) => arp::packet_len(payload),
        _ => Ok(payload.len()),
    }
}
