//! ARP (RFC 826) and its relatives: RARP (RFC 903), DRARP (RFC 1931), Inverse ARP (RFC 2390) and MARS (RFC 2022).
//!
//! Says who asks and who answers, and where an IPv4 address is claimed by two machines. Always noise.

use std::net::Ipv4Addr;

use super::address::Address;
use super::payload::{Payload, Stop};
use super::text::{write_hex, write_number};
use super::{Content, Context, Dissection, Noise, Protocol};
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
    sender: Party<'a>,
    target: Party<'a>,
    operation: u16,
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

/// The two addresses of one side; empty where the row has no use for them.
#[derive(Clone, Copy, Debug, Default)]
struct Party<'a> {
    hardware: &'a [u8],
    protocol: &'a [u8],
    is_ethernet: bool,
    is_ipv4: bool,
}

/// hardware type 2, protocol type 2, address lengths 1 and 1, operation 2
#[derive(Clone, Copy)]
struct Header {
    hardware: u16,
    protocol: u16,
    hardware_len: usize,
    protocol_len: usize,
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
            hardware_len: bytes.u8(4)?.into(),
            protocol_len: bytes.u8(5)?.into(),
            operation: bytes.be16(6)?,
        })
    }

    fn packet_len(self) -> usize {
        let party_len = self.hardware_len.saturating_add(self.protocol_len);
        party_len.saturating_mul(2).saturating_add(HEADER_LEN)
    }
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
    let Header { hardware_len, protocol_len, operation, .. } = header;
    let sender_at = HEADER_LEN;
    let target_at = sender_at.saturating_add(hardware_len).saturating_add(protocol_len);
    // An address without bytes is there wherever it would be.
    let address = |at, len| if len == 0 { Ok(Default::default()) } else { bytes.bytes(at, len) };
    let hardware = |at| address(at, hardware_len);
    let protocol = |at: usize| address(at.saturating_add(hardware_len), protocol_len);
    let is_ethernet = matches!(header.hardware, 1 | 6) && hardware_len == 6;
    let is_ipv4 = matches!(header.protocol, 0x0800 | 0x00cc) && protocol_len == 4;
    let mut sender = Party { is_ethernet, is_ipv4, ..Party::default() };
    let mut target = sender;
    let (mut claim, mut duplicate) = (Claim::None, None);
    match operation {
        REQUEST | REPLY => {
            if is_ethernet && is_ipv4 {
                duplicate = find_duplicate(bytes, operation == REPLY, owners)?;
            }
            target.protocol = protocol(target_at)?;
            sender.protocol = protocol(sender_at)?;
            let target_unknown = bytes.array(target_at) == Ok([0; 6]);
            claim = match (operation, protocol_len > 0 && sender.protocol == target.protocol) {
                (REQUEST, true) if target_unknown => Claim::Announcement,
                (_, true) => Claim::Gratuitous,
                (REQUEST, false)
                    if target_unknown && bytes.array(HEADER_LEN.saturating_add(hardware_len))? == [0; 4] =>
                {
                    Claim::Probe
                }
                _ => Claim::None,
            };
            if operation == REPLY && claim == Claim::None {
                sender.hardware = hardware(sender_at)?;
            }
        }
        3 | 5 | 8 => {
            target.hardware = hardware(target_at)?;
            sender.hardware = hardware(sender_at)?;
        }
        4 | 6 => {
            target.hardware = hardware(target_at)?;
            target.protocol = protocol(target_at)?;
        }
        9 | 11..=23 => {
            sender.hardware = hardware(sender_at)?;
            sender.protocol = protocol(sender_at)?;
        }
        _ => {}
    }
    Ok(Message { sender, target, operation, claim, duplicate })
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
        let Self { sender, target, operation, claim, duplicate } = self;
        match (*operation, claim) {
            (REQUEST, Claim::Announcement) => target.write_protocol(out, "ARP Announcement for "),
            (REQUEST, Claim::Gratuitous) => {
                target.write_protocol(out, "Gratuitous ARP for ");
                out.extend_from_slice(b" (Request)");
            }
            (REQUEST, Claim::Probe) => {
                target.write_protocol(out, "Who has ");
                out.extend_from_slice(b"? (ARP Probe)");
            }
            (REQUEST, Claim::None) => {
                target.write_protocol(out, "Who has ");
                sender.write_protocol(out, "? Tell ");
            }
            (REPLY, Claim::None) => {
                sender.write_protocol(out, "");
                sender.write_hardware(out, " is at ");
            }
            (REPLY, _) => {
                sender.write_protocol(out, "Gratuitous ARP for ");
                out.extend_from_slice(b" (Reply)");
            }
            (3 | 5 | 8, _) => {
                target.write_hardware(out, "Who is ");
                sender.write_hardware(out, "? Tell ");
            }
            (4 | 6, _) => {
                target.write_hardware(out, "");
                target.write_protocol(out, " is at ");
            }
            (7, _) => out.extend_from_slice(b"DRARP Error"),
            (9, _) => {
                sender.write_hardware(out, "");
                sender.write_protocol(out, " is at ");
            }
            (10, _) => out.extend_from_slice(b"ARP NAK"),
            (11..=23, _) => {
                sender.write_hardware(out, multicast(*operation));
                sender.write_protocol(out, " at ");
            }
            (24 | 25, _) => {
                out.extend_from_slice(b"Experimental ");
                write_number(out, operation.saturating_sub(23));
                out.extend_from_slice(b" ( opcode ");
                write_number(out, *operation);
                out.extend_from_slice(b" )");
            }
            (0 | 0xffff, _) => {
                out.extend_from_slice(b"Reserved opcode ");
                write_number(out, *operation);
            }
            _ => {
                out.extend_from_slice(b"Unknown ARP opcode 0x");
                write_hex(out, &operation.to_be_bytes());
            }
        }
        if let Some(addr) = duplicate {
            out.extend_from_slice(b" (duplicate use of ");
            Address::Ip((*addr).into()).write(out);
            out.extend_from_slice(b" detected!)");
        }
    }
}

/// The messages of MARS and MAPOS, up to the sender.
fn multicast(operation: u16) -> &'static str {
    match operation {
        11 => "MARS request from ",
        12 => "MARS MULTI request from ",
        13 => "MARS MSERV request from ",
        14 => "MARS JOIN request from ",
        15 => "MARS LEAVE from ",
        16 => "MARS NAK from ",
        17 => "MARS UNSERV request from ",
        18 => "MARS SJOIN request from ",
        19 => "MARS SLEAVE from ",
        20 => "MARS grouplist request from ",
        21 => "MARS grouplist reply from ",
        22 => "MARS redirect map from ",
        _ => "MAPOS UNARP request from ",
    }
}

impl Party<'_> {
    fn write_hardware(&self, out: &mut Vec<u8>, before: &str) {
        out.extend_from_slice(before.as_bytes());
        match self.hardware.first_chunk() {
            Some(mac) if self.is_ethernet => Address::Mac(*mac).write(out),
            _ => write_other(out, self.hardware),
        }
    }

    fn write_protocol(&self, out: &mut Vec<u8>, before: &str) {
        out.extend_from_slice(before.as_bytes());
        match self.protocol.first_chunk::<4>() {
            Some(addr) if self.is_ipv4 => Address::Ip(Ipv4Addr::from(*addr).into()).write(out),
            _ => write_other(out, self.protocol),
        }
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
