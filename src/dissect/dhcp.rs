//! BOOTP (RFC 951) and DHCP (RFC 2131): what is asked or answered, in which transaction.
//!
//! The options are walked twice, as in Wireshark: first for the kind of message, then for what is wrong in them, which
//! is only noted. An option's contents are looked at only where that could go wrong.

use super::payload::{Payload, Stop};
use super::text::write_format;
use super::{Address, Content, Dissection, FiveTuple, Protocol, arp, dns};

/// The port of servers that only tell what to boot from.
const PROXY_PORT: u16 = 4011;
/// Where the hardware address, the server's name, the boot file's name and the options begin.
const HARDWARE: usize = 28;
const SERVER_NAME: usize = 44;
const FILE_NAME: usize = 108;
const OPTIONS: usize = 236;
/// Length of the vendor's area where it does not begin with the magic.
const VENDOR_LEN: usize = 64;
const MAGIC: u32 = 0x6382_5363;
const PAD: u8 = 0;
const OVERLOAD: u8 = 52;
const MESSAGE_TYPE: u8 = 53;
const END: u8 = 255;

/// What the Info column says.
#[derive(Clone, Copy, Debug)]
pub enum Message {
    /// `Boot Request from 02:00:00:00:00:01 (02:00:00:00:00:01)`
    Request([u8; 6]),
    /// `DHCP Discover - Transaction ID 0x3d1d`
    Dhcp {
        /// Option 53.
        kind: u8,
        /// The transaction's identifier.
        id: u32,
        /// Whether it went to or from the proxy's port.
        proxy: bool,
    },
}

/// Reads a message; false where it is none.
pub(super) fn dissect<'a>(bytes: Payload<'a>, tuple: FiveTuple, row: &mut Dissection<'a>) -> Result<bool, Stop> {
    let proxy = tuple.src.port == PROXY_PORT || tuple.dst.port == PROXY_PORT;
    let has_magic = bytes.be32(OPTIONS) == Ok(MAGIC);
    if proxy && !has_magic {
        return Ok(false);
    }
    row.show(Protocol::Bootp, "");
    let [operation, hardware, hardware_len] = [bytes.u8(0)?, bytes.u8(1)?, bytes.u8(2)?];
    let is_ethernet = arp::is_ethernet(hardware.into(), hardware_len);
    let hardware_len = hardware_len.into();
    row.info = match operation {
        1 if is_ethernet => Content::Dhcp(Message::Request(bytes.array(HARDWARE)?)).into(),
        1 => other_request(bytes, hardware_len)?.into(),
        2 => "Boot Reply".into(),
        other => format!("Unknown BOOTP message type ({other})").into(),
    };
    let options = OPTIONS.saturating_add(if has_magic { 4 } else { VENDOR_LEN });
    let found = first_pass(bytes, options)?;
    if let Some(kind) = found.kind {
        row.show(Protocol::Dhcp, Content::Dhcp(Message::Dhcp { kind, id: bytes.be32(4)?, proxy }));
    }
    fixed_fields(bytes, hardware_len, is_ethernet, found.overload)?;
    if !has_magic {
        bytes.bytes(OPTIONS, VENDOR_LEN)?;
    }
    let end = second_pass(bytes, options, bytes.len(), found.overload)?;
    bytes.bytes(end, bytes.len().saturating_sub(end))?;
    Ok(true)
}

/// A request of hardware that is not Ethernet's.
fn other_request(bytes: Payload<'_>, hardware_len: usize) -> Result<String, Stop> {
    let mut text = b"Boot Request from ".to_vec();
    arp::write_other(&mut text, bytes.bytes(HARDWARE.min(bytes.captured().len()), hardware_len)?);
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What the first pass looks for.
#[derive(Default)]
struct Found {
    kind: Option<u8>,
    overload: u8,
}

/// Reads the options' codes and lengths, and two of them.
fn first_pass(bytes: Payload<'_>, mut at: usize) -> Result<Found, Stop> {
    let mut found = Found::default();
    while at < bytes.len() {
        let code = bytes.u8(at)?;
        let value = at.saturating_add(2);
        at = match code {
            PAD => after_padding(bytes, at, bytes.len())?,
            END => break,
            _ => match bytes.u8(at.saturating_add(1)) {
                Err(_) => at.saturating_add(1),
                Ok(len) => {
                    if bytes.bytes(value, len.into()).is_ok() {
                        match code {
                            OVERLOAD => found.overload = bytes.u8(value)?,
                            MESSAGE_TYPE => found.kind = Some(bytes.u8(value)?),
                            _ => {}
                        }
                    }
                    value.saturating_add(len.into())
                }
            },
        };
    }
    Ok(found)
}

fn after_padding(bytes: Payload<'_>, mut at: usize, end: usize) -> Result<usize, Stop> {
    at = at.saturating_add(1);
    while at < end && bytes.u8(at)? == PAD {
        at = at.saturating_add(1);
    }
    Ok(at)
}

/// The fields before the options are there.
fn fixed_fields(bytes: Payload<'_>, hardware_len: usize, is_ethernet: bool, overload: u8) -> Result<(), Stop> {
    bytes.bytes(0, HARDWARE)?;
    if let 1..=16 = hardware_len {
        bytes.bytes(HARDWARE, if is_ethernet { 16 } else { hardware_len })?;
        if hardware_len < 16 {
            bytes.bytes(HARDWARE, 16)?;
        }
    }
    for (flag, name, next) in [(2, SERVER_NAME, FILE_NAME), (1, FILE_NAME, OPTIONS)] {
        if overload & flag == 0 && bytes.u8(name)? != 0 {
            bytes.bytes(name, next.saturating_sub(name))?;
        }
    }
    Ok(())
}

/// Reads the options; says where they end.
fn second_pass(bytes: Payload<'_>, mut at: usize, end: usize, mut overload: u8) -> Result<usize, Stop> {
    while at < end {
        let value = at.saturating_add(2);
        at = match bytes.u8(at)? {
            PAD => after_padding(bytes, at, end)?,
            END => return Ok(at.saturating_add(1)),
            code => {
                let len = usize::from(bytes.u8(at.saturating_add(1))?);
                bytes.bytes(value, len)?;
                contents(code, bytes.subset(value, len)?)?;
                if code == OVERLOAD && matches!(overload, 1..=3) {
                    overloaded(bytes, bytes.u8(value)?)?;
                    overload = 0;
                }
                value.saturating_add(len)
            }
        };
    }
    Ok(at)
}

/// Reads the options in the fields of names.
fn overloaded(bytes: Payload<'_>, overload: u8) -> Result<(), Stop> {
    for (flag, name, next) in [(2, SERVER_NAME, FILE_NAME), (1, FILE_NAME, OPTIONS)] {
        if overload & flag != 0 {
            second_pass(bytes, name, next, 0)?;
        }
    }
    Ok(())
}

/// Reads what Wireshark reads of an option without asking first whether it is there.
fn contents(code: u8, value: Payload<'_>) -> Result<(), Stop> {
    /// A client identifier with a DUID (RFC 4361), and its kinds: link layer with time, enterprise, link layer.
    const DUID: u8 = 255;
    /// A client's full name (RFC 4702), and the flag for DNS's encoding of it.
    const FULL_NAME: u8 = 81;
    const NAME_ENCODED: u8 = 4;
    match code {
        MESSAGE_TYPE | 79 => drop(value.u8(0)?),
        61 if value.u8(0) == Ok(DUID) && !matches!(value.len(), 7 | 17) => {
            value.bytes(1, 4)?;
            let (kind, len) = (value.be16(5)?, value.len());
            match kind {
                1 if len >= 8 => drop(value.bytes(7, 6)?),
                2 if len >= 6 => drop(value.bytes(7, 4)?),
                3 if len >= 4 => drop(value.bytes(7, 2)?),
                _ => {}
            }
        }
        FULL_NAME if value.len() > 3 && value.u8(0)? & NAME_ENCODED != 0 => encoded_name(value.from(3)?)?,
        94 if value.u8(0)? == 1 => drop(value.bytes(1, 2)?),
        124 if value.len() != 1 => {
            let mut at: usize = 0;
            while value.len().saturating_sub(at) >= 5 {
                let data = at.saturating_add(5);
                let len = usize::from(value.u8(at.saturating_add(4))?);
                value.bytes(data, len)?;
                at = data.saturating_add(len);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Reads a name in DNS's encoding, which may end where the option does.
fn encoded_name(name: Payload<'_>) -> Result<(), Stop> {
    let mut at: usize = 0;
    while at < name.len() {
        let label = match name.u8(at)? {
            0 => return Ok(()),
            len @ 1..=0x3f => usize::from(len),
            _ => return dns::Name::default().read(name, 0, &mut { dns::MAX_STEPS }).map(drop),
        };
        at = at.saturating_add(1);
        name.octets(at, label)?;
        at = at.saturating_add(label);
    }
    Ok(())
}

impl Message {
    /// Appends the text.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Request(mac) => {
                out.extend_from_slice(b"Boot Request from ");
                Address::Mac(mac).write(out);
                out.extend_from_slice(b" (");
                Address::Mac(mac).write(out);
                out.push(b')');
            }
            Self::Dhcp { kind, id, proxy } => {
                let before = if proxy { "proxy" } else { "" };
                match name(kind) {
                    Some(name) => write_format(out, format_args!("{before}DHCP {name:8}")),
                    None => write_format(out, format_args!("{before}DHCP Unknown Message Type (0x{kind:02x})")),
                }
                write_format(out, format_args!(" - Transaction ID 0x{id:x}"));
            }
        }
    }
}

/// The message types (RFC 2132, 3203, 4388, 6926, 7724).
pub(super) fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "Discover",
        2 => "Offer",
        3 => "Request",
        4 => "Decline",
        5 => "ACK",
        6 => "NAK",
        7 => "Release",
        8 => "Inform",
        9 => "Force Renew",
        10 => "Lease query",
        11 => "Lease Unassigned",
        12 => "Lease Unknown",
        13 => "Lease Active",
        14 => "Bulk Lease Query",
        15 => "Lease Query Done",
        16 => "Active LeaseQuery",
        17 => "Lease Query Status",
        18 => "TLS",
        _ => return None,
    })
}
