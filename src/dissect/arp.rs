//! ARP (RFC 826) and its relatives: RARP (RFC 903), DRARP (RFC 1931), Inverse ARP (RFC 2390) and MARS (RFC 2022).
//!
//! Says who asks and who answers, and where an IPv4 address is claimed by two machines. Always noise.

use std::net::Ipv4Addr;

use super::address::{write_ipv4, write_octets};
use super::payload::{Payload, Stop};
use super::text::{write_format, write_hex};
use super::{Coloring, Content, Context, Dissection, Noise, Protocol, ethertype};
use crate::bounded::Generations;

/// The most IPv4 addresses whose owners are remembered.
const MAX_OWNERS: usize = 16_384;
/// Length of the header; four addresses follow.
const HEADER_LEN: usize = 8;
/// The bytes of an address that are shown, where it is neither Ethernet's nor IPv4's.
const MAX_SHOWN: usize = 36;
/// ATM's hardware type has a format of its own (RFC 2225), which is not read.
const ATM: u16 = 19;
const REQUEST: u16 = 1;
const REPLY: u16 = 2;

/// Which machine has used which IPv4 address.
pub(super) struct Owners(Generations<Ipv4Addr, [u8; 6]>);

/// A message whose addresses, as far as its row shows them, are whole.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    bytes: &'a [u8],
    header: Header,
    claim: Claim,
    duplicate: Option<Ipv4Addr>,
}

/// What a request or reply says of its sender's own address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// Nothing: it is about another one.
    None,
    /// It has it (RFC 5944).
    Gratuitous,
    /// It is going to use it (RFC 5227).
    Announcement,
    /// It would like to use it (RFC 5227).
    Probe,
}

/// The addresses of a message, in their order.
#[derive(Clone, Copy)]
enum Part {
    SenderHardware,
    SenderProtocol,
    TargetHardware,
    TargetProtocol,
}

/// hardware type 2, protocol type 2, address lengths 1 and 1, operation 2
#[derive(Clone, Copy, Debug)]
struct Header {
    hardware: u16,
    protocol: u16,
    hardware_len: u8,
    protocol_len: u8,
    operation: u16,
}

impl Default for Owners {
    fn default() -> Self {
        Self(Generations::new(MAX_OWNERS))
    }
}

impl Owners {
    /// Takes note of who uses an address; true where another machine did.
    fn conflict(&mut self, protocol: [u8; 4], hardware: [u8; 6]) -> bool {
        *self.0.entry(protocol.into(), || hardware) != hardware
    }
}

impl Header {
    fn read(bytes: Payload<'_>) -> Result<Self, Stop> {
        Ok(Self {
            hardware: bytes.be16(0)?,
            protocol: bytes.be16(2)?,
            hardware_len: bytes.u8(4)?,
            protocol_len: bytes.u8(5)?,
            operation: bytes.be16(6)?,
        })
    }

    fn packet_len(self) -> usize {
        let (at, len) = self.place(Part::TargetProtocol);
        at.saturating_add(len)
    }

    /// Where an address begins, and its length.
    fn place(self, part: Part) -> (usize, usize) {
        let (hardware, protocol) = (usize::from(self.hardware_len), usize::from(self.protocol_len));
        let target = HEADER_LEN.saturating_add(hardware).saturating_add(protocol);
        match part {
            Part::SenderHardware => (HEADER_LEN, hardware),
            Part::SenderProtocol => (HEADER_LEN.saturating_add(hardware), protocol),
            Part::TargetHardware => (target, hardware),
            Part::TargetProtocol => (target.saturating_add(hardware), protocol),
        }
    }

    fn has_ethernet(self) -> bool {
        is_ethernet(self.hardware, self.hardware_len)
    }

    fn has_ipv4(self) -> bool {
        matches!(self.protocol, ethertype::IPV4 | 0x00cc) && self.protocol_len == 4
    }
}

/// Whether hardware addresses are Ethernet's.
pub(super) fn is_ethernet(hardware: u16, len: u8) -> bool {
    matches!(hardware, 1 | 6) && len == 6
}

/// How long a packet says that it is.
pub(super) fn packet_len(bytes: Payload<'_>) -> Result<usize, Stop> {
    match Header::read(bytes)? {
        Header { hardware: ATM, .. } => Ok(bytes.len()),
        header => Ok(header.packet_len()),
    }
}

/// Reads a packet.
pub(super) fn dissect<'a>(bytes: Payload<'a>, context: &mut Context<'_>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Arp, "");
    row.noise = Some(Noise::Arp);
    if bytes.be16(0)? == ATM {
        return Ok(());
    }
    row.meets(Coloring::Arp);
    let header = Header::read(bytes)?;
    if header.packet_len() > bytes.len() {
        return Err(Stop::Malformed);
    }
    row.protocol = match header.operation {
        3 | 4 => Protocol::Rarp,
        5..=7 => Protocol::Drarp,
        8 | 9 => Protocol::InverseArp,
        11..=22 => Protocol::Mars,
        23 => Protocol::Mapos,
        _ => Protocol::Arp,
    };
    row.info = Content::Arp(message(bytes.truncated(header.packet_len()), header, context.arp)?).into();
    Ok(())
}

/// Reads the addresses that the operation's row shows.
fn message<'a>(bytes: Payload<'a>, header: Header, owners: &mut Owners) -> Result<Message<'a>, Stop> {
    use Part::{SenderHardware, SenderProtocol, TargetHardware, TargetProtocol};

    // An address without bytes is there wherever it would be.
    let address = |part| match header.place(part) {
        (_, 0) => Ok(Default::default()),
        (at, len) => bytes.bytes(at, len),
    };
    let (mut claim, mut duplicate) = (Claim::None, None);
    match header.operation {
        operation @ (REQUEST | REPLY) => {
            if header.has_ethernet() && header.has_ipv4() {
                duplicate = find_duplicate(bytes, operation == REPLY, owners)?;
            }
            let (target, sender) = (address(TargetProtocol)?, address(SenderProtocol)?);
            let target_unknown = bytes.array(header.place(TargetHardware).0) == Ok([0; 6]);
            claim = match (operation, header.protocol_len > 0 && sender == target) {
                (REQUEST, true) if target_unknown => Claim::Announcement,
                (_, true) => Claim::Gratuitous,
                (REQUEST, false) if target_unknown && bytes.array(header.place(SenderProtocol).0)? == [0; 4] => {
                    Claim::Probe
                }
                _ => Claim::None,
            };
            if operation == REPLY && claim == Claim::None {
                address(SenderHardware)?;
            }
        }
        3 | 5 | 8 => [TargetHardware, SenderHardware].into_iter().try_for_each(|part| address(part).map(drop))?,
        4 | 6 => [TargetHardware, TargetProtocol].into_iter().try_for_each(|part| address(part).map(drop))?,
        9 | 11..=23 => [SenderHardware, SenderProtocol].into_iter().try_for_each(|part| address(part).map(drop))?,
        _ => {}
    }
    Ok(Message { bytes: bytes.captured(), header, claim, duplicate })
}

/// The address, if any, that a machine uses which another one has used before.
fn find_duplicate(bytes: Payload<'_>, is_reply: bool, owners: &mut Owners) -> Result<Option<Ipv4Addr>, Stop> {
    let counts = |hardware: [u8; 6], protocol| hardware[0] & 1 == 0 && hardware != [0; 6] && protocol != [0; 4];
    let (protocol, hardware) = (bytes.array(14)?, bytes.array(8)?);
    let sender = counts(hardware, protocol).then(|| (protocol, owners.conflict(protocol, hardware)));
    let (protocol, hardware) = (bytes.array(24)?, bytes.array(18)?);
    // In a request the target's hardware address means nothing. The last one looked at decides.
    let last = if is_reply && counts(hardware, protocol) {
        match sender {
            Some((same, conflict)) if same == protocol => Some((same, conflict)),
            _ => Some((protocol, owners.conflict(protocol, hardware))),
        }
    } else {
        sender
    };
    Ok(last.filter(|found| found.1).map(|found| found.0.into()))
}

impl Message<'_> {
    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        use Part::{SenderHardware, SenderProtocol, TargetHardware, TargetProtocol};

        let operation = self.header.operation;
        let parts: &[(&str, Part)] = match (operation, self.claim) {
            (REQUEST, Claim::Announcement) => &[("ARP Announcement for ", TargetProtocol)],
            (REQUEST, Claim::Gratuitous) => &[("Gratuitous ARP for ", TargetProtocol)],
            (REQUEST, Claim::Probe) => &[("Who has ", TargetProtocol)],
            (REQUEST, Claim::None) => &[("Who has ", TargetProtocol), ("? Tell ", SenderProtocol)],
            (REPLY, Claim::None) => &[("", SenderProtocol), (" is at ", SenderHardware)],
            (REPLY, _) => &[("Gratuitous ARP for ", SenderProtocol)],
            (3 | 5 | 8, _) => &[("Who is ", TargetHardware), ("? Tell ", SenderHardware)],
            (4 | 6, _) => &[("", TargetHardware), (" is at ", TargetProtocol)],
            (9, _) => &[("", SenderHardware), (" is at ", SenderProtocol)],
            (11..=23, _) => &[(" from ", SenderHardware), (" at ", SenderProtocol)],
            _ => &[],
        };
        if let 11..=23 = operation {
            out.extend_from_slice(multicast(operation).as_bytes());
        }
        for (before, part) in parts {
            out.extend_from_slice(before.as_bytes());
            self.write_address(out, *part);
        }
        match (operation, self.claim) {
            (REQUEST, Claim::Gratuitous) => out.extend_from_slice(b" (Request)"),
            (REQUEST, Claim::Probe) => out.extend_from_slice(b"? (ARP Probe)"),
            (REPLY, claim) if claim != Claim::None => out.extend_from_slice(b" (Reply)"),
            (7, _) => out.extend_from_slice(b"DRARP Error"),
            (10, _) => out.extend_from_slice(b"ARP NAK"),
            (24 | 25, _) => {
                let number = operation.saturating_sub(23);
                write_format(out, format_args!("Experimental {number} ( opcode {operation} )"));
            }
            (0 | 0xffff, _) => write_format(out, format_args!("Reserved opcode {operation}")),
            (26.., _) => write_format(out, format_args!("Unknown ARP opcode 0x{operation:04x}")),
            _ => {}
        }
        if let Some(addr) = self.duplicate {
            out.extend_from_slice(b" (duplicate use of ");
            write_ipv4(out, addr);
            out.extend_from_slice(b" detected!)");
        }
    }

    fn write_address(&self, out: &mut Vec<u8>, part: Part) {
        let (at, len) = self.header.place(part);
        let address = self.bytes.get(at..at.saturating_add(len)).unwrap_or_default();
        match (part, address) {
            (Part::SenderHardware | Part::TargetHardware, _) if self.header.has_ethernet() => {
                write_octets(out, address);
            }
            (Part::SenderProtocol | Part::TargetProtocol, &[a, b, c, d]) if self.header.has_ipv4() => {
                write_ipv4(out, Ipv4Addr::new(a, b, c, d));
            }
            _ => write_other(out, address),
        }
    }
}

/// The messages of MARS and MAPOS.
fn multicast(operation: u16) -> &'static str {
    match operation {
        11 => "MARS request",
        12 => "MARS MULTI request",
        13 => "MARS MSERV request",
        14 => "MARS JOIN request",
        15 => "MARS LEAVE",
        16 => "MARS NAK",
        17 => "MARS UNSERV request",
        18 => "MARS SJOIN request",
        19 => "MARS SLEAVE",
        20 => "MARS grouplist request",
        21 => "MARS grouplist reply",
        22 => "MARS redirect map",
        _ => "MAPOS UNARP request",
    }
}

/// Appends an address of a kind that has no form of its own.
pub(super) fn write_other(out: &mut Vec<u8>, address: &[u8]) {
    match address.get(..MAX_SHOWN) {
        _ if address.is_empty() => out.extend_from_slice(b"<No address>"),
        Some(start) if address.len() > MAX_SHOWN => {
            write_hex(out, start);
            out.extend_from_slice("…".as_bytes());
        }
        _ => write_hex(out, address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_capped_and_those_met_last_are_known() {
        let mut owners = Owners::default();
        let (one, other) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
        for address in 0..3 * MAX_OWNERS {
            assert!(!owners.conflict(u32::try_from(address).unwrap().to_be_bytes(), one));
            assert!(owners.0.len() <= MAX_OWNERS);
        }
        assert!(owners.conflict(u32::try_from(3 * MAX_OWNERS - 1).unwrap().to_be_bytes(), other));
        assert!(!owners.conflict([0; 4], other), "forgotten, so nobody's");
    }
}
