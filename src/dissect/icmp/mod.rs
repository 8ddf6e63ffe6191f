//! ICMP (RFC 792): echoes, what could not be delivered and whose packet that was, and its other messages.
//!
//! An error quotes the packet's IP header and at least eight bytes more: enough for UDP's ports. The quoted packet is
//! read by the same code as any other, into a row of its own that nobody sees.

pub(super) mod echo;
pub(super) mod extension;

use super::fields::Fields;
use super::ip::{self, Packet};
use super::payload::{Payload, Stop};
use super::text::{write_format, write_number};
use super::udp::HEADER_LEN as UDP_HEADER_LEN;
use super::{Coloring, Content, Context, Datagram, Dissection, Protocol, Transport, protocol};
use echo::{Key, Other, Version};

/// Length of an ICMP error's header; the quoted packet follows.
pub(super) const HEADER_LEN: usize = 8;
/// UDP's IP protocol number.
const UDP: u8 = 17;
/// The shortest field that a type's name is written in.
const NAME_WIDTH: usize = 20;
/// Quoted packets are at least this long where extensions follow that say nothing of its length.
const QUOTED_LEN: usize = 128;

const ECHO_REPLY: u8 = 0;
const UNREACHABLE: u8 = 3;
const SOURCE_QUENCH: u8 = 4;
const REDIRECT: u8 = 5;
const ECHO_REQUEST: u8 = 8;
const ROUTER_ADVERTISEMENT: u8 = 9;
const TIME_EXCEEDED: u8 = 11;
const PARAMETER_PROBLEM: u8 = 12;
const EXTENDED_ECHO_REQUEST: u8 = 42;
const EXTENDED_ECHO_REPLY: u8 = 43;

/// A message, as its row shows it.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    kind: u8,
    code: u8,
    echo: Option<Echo>,
}

/// What echoes, and all other requests and replies, say of themselves.
#[derive(Clone, Copy, Debug)]
struct Echo {
    identifier: u16,
    sequence: u16,
    ttl: Option<u8>,
    other: Other,
}

/// The names of a type and its code: none where the type has no codes, empty where this one has no name.
pub(super) fn names(kind: u8, code: u8) -> (&'static str, Option<&'static str>) {
    let message = Message { kind, code, echo: None };
    (message.name(), message.code_name())
}

/// Reads a message.
pub(super) fn dissect<'a>(
    packet: &Packet<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    row.show(Protocol::Icmp, "");
    let [kind, code, ..] = packet.payload.array::<6>(0)?;
    let is_error = matches!(kind, UNREACHABLE..=REDIRECT | TIME_EXCEEDED);
    row.meets(if is_error { Coloring::IcmpErrors } else { Coloring::Icmp });
    let mut message = Message { kind, code, echo: None };
    let read = message.read(packet, context, row);
    row.show(Protocol::Icmp, Content::Icmp(message));
    read
}

impl Message {
    fn read<'a>(
        &mut self,
        packet: &Packet<'a>,
        context: &mut Context<'a>,
        row: &mut Dissection<'a>,
    ) -> Result<(), Stop> {
        let bytes = packet.payload;
        match self.kind {
            ECHO_REPLY | ECHO_REQUEST => self.read_echo(packet, context),
            13 | 14 => {
                self.read_request(packet)?;
                Fields::new(bytes, 8).skip(&[4, 4, 4])
            }
            15 | 16 => self.read_request(packet),
            17 | 18 => {
                self.read_request(packet)?;
                bytes.be32(8).map(drop)
            }
            UNREACHABLE | SOURCE_QUENCH | REDIRECT | TIME_EXCEEDED | PARAMETER_PROBLEM => {
                self.read_error(bytes, context, row)
            }
            ROUTER_ADVERTISEMENT => routers(bytes),
            EXTENDED_ECHO_REQUEST => {
                Fields::new(bytes, 4).skip(&[2, 1, 1])?;
                extension::read(bytes.from(HEADER_LEN)?)
            }
            EXTENDED_ECHO_REPLY => Fields::new(bytes, 4).skip(&[2, 1, 1]),
            _ => Ok(()),
        }
    }

    /// identifier 2, sequence number 2
    fn read_request(&mut self, packet: &Packet<'_>) -> Result<(), Stop> {
        let (identifier, sequence) = (packet.payload.be16(4)?, packet.payload.be16(6)?);
        let ttl = packet.src.is_ipv4().then_some(packet.hop_limit);
        self.echo = Some(Echo { identifier, sequence, ttl, other: Other::Unknown });
        Ok(())
    }

    fn read_echo(&mut self, packet: &Packet<'_>, context: &mut Context<'_>) -> Result<(), Stop> {
        self.read_request(packet)?;
        let checksum = packet.payload.be16(2)?;
        let Some(echo) = self.echo.as_mut().filter(|_| !context.quoted) else { return Ok(()) };
        let key =
            |checksum| Key::new(Version::Icmp, (packet.src, packet.dst), checksum, (echo.identifier, echo.sequence));
        if self.kind == ECHO_REQUEST {
            let key = key(echo::with_type_less(checksum, 0x0800));
            echo.other = context.echoes.request(key, context.frame, packet.dst);
        } else {
            echo.other = context.echoes.reply(&key(echo::canonical(checksum)), context.frame);
        }
        Ok(())
    }

    /// unused 1, length of the quoted packet 1, unused 2; or the gateway of a redirect 4
    fn read_error<'a>(
        &self,
        bytes: Payload<'a>,
        context: &mut Context<'a>,
        row: &mut Dissection<'a>,
    ) -> Result<(), Stop> {
        // What could be delivered, but on a longer way, is not lost.
        let is_lost = self.kind != REDIRECT;
        if self.kind != SOURCE_QUENCH {
            bytes.be32(4)?;
        }
        let len = usize::from(bytes.u8(5)?).wrapping_mul(4);
        let rest = bytes.from(HEADER_LEN)?;
        let header_len = || rest.u8(0).map(|first| usize::from(first & 15).wrapping_mul(4));
        let original = if !is_lost {
            rest.truncated(header_len()?.saturating_add(8))
        } else if len > 0 && rest.len() > len && usize::from(rest.be16(2)?) > len {
            rest.truncated(header_len()?.saturating_add(len))
        } else {
            rest
        };
        if is_lost {
            row.transport = lost(original);
        }
        read_quoted(original, context)?;
        if rest.len() > QUOTED_LEN && usize::from(rest.be16(2)?) <= QUOTED_LEN {
            extension::read(rest.from(if len > 0 { len } else { QUOTED_LEN })?)?;
        }
        Ok(())
    }

    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let name = self.name();
        write_format(out, format_args!("{name:NAME_WIDTH$}"));
        if let Some(code) = self.code_name() {
            match code {
                "" => write_format(out, format_args!(" (Unknown code: {})", self.code)),
                named => write_format(out, format_args!(" ({named})")),
            }
        }
        if let Some(echo) = self.echo {
            let little = echo.sequence.swap_bytes();
            write_format(out, format_args!(" id=0x{:04x}, seq={}/{little}", echo.identifier, echo.sequence));
            if let Some(ttl) = echo.ttl {
                out.extend_from_slice(b", ttl=");
                write_number(out, ttl);
            }
            echo.other.write(out);
        }
    }

    fn name(&self) -> &'static str {
        match (self.kind, self.code) {
            (ROUTER_ADVERTISEMENT, 0 | 16) => "Mobile IP Advertisement",
            (ECHO_REPLY, _) => "Echo (ping) reply",
            (1 | 2, _) => "Reserved",
            (UNREACHABLE, _) => "Destination unreachable",
            (SOURCE_QUENCH, _) => "Source quench (flow control)",
            (REDIRECT, _) => "Redirect",
            (6, _) => "Alternate host address",
            (ECHO_REQUEST, _) => "Echo (ping) request",
            (ROUTER_ADVERTISEMENT, _) => "Router advertisement",
            (10, _) => "Router solicitation",
            (TIME_EXCEEDED, _) => "Time-to-live exceeded",
            (PARAMETER_PROBLEM, _) => "Parameter problem",
            (13, _) => "Timestamp request",
            (14, _) => "Timestamp reply",
            (15, _) => "Information request",
            (16, _) => "Information reply",
            (17, _) => "Address mask request",
            (18, _) => "Address mask reply",
            (19, _) => "Reserved (for security)",
            (30, _) => "Traceroute",
            (31, _) => "Datagram Conversion Error",
            (32, _) => "Mobile Host Redirect",
            (33, _) => "IPv6 Where-Are-You",
            (34, _) => "IPv6 I-Am-Here",
            (35, _) => "Mobile Registration Request",
            (36, _) => "Mobile Registration Reply",
            (37, _) => "Domain Name Request",
            (38, _) => "Domain Name Reply",
            (39, _) => "SKIP",
            (40, _) => "Photuris",
            (41, _) => "Experimental mobility protocols",
            (EXTENDED_ECHO_REQUEST, _) => "Extended Echo request",
            (EXTENDED_ECHO_REPLY, _) => "Extended Echo reply",
            _ => "Unknown ICMP (obsolete or malformed?)",
        }
    }

    /// Nothing where the type has no codes; empty where this one has no name.
    fn code_name(&self) -> Option<&'static str> {
        let names: &[&str] = match self.kind {
            UNREACHABLE => &[
                "Network unreachable",
                "Host unreachable",
                "Protocol unreachable",
                "Port unreachable",
                "Fragmentation needed",
                "Source route failed",
                "Destination network unknown",
                "Destination host unknown",
                "Source host isolated",
                "Network administratively prohibited",
                "Host administratively prohibited",
                "Network unreachable for TOS",
                "Host unreachable for TOS",
                "Communication administratively filtered",
                "Host precedence violation",
                "Precedence cutoff in effect",
            ],
            REDIRECT => &[
                "Redirect for network",
                "Redirect for host",
                "Redirect for TOS and network",
                "Redirect for TOS and host",
            ],
            6 => &["Alternate address for host"],
            ROUTER_ADVERTISEMENT if self.code == 16 => return Some("Does not route common traffic"),
            ROUTER_ADVERTISEMENT => &["Normal router advertisement"],
            TIME_EXCEEDED => &["Time to live exceeded in transit", "Fragment reassembly time exceeded"],
            PARAMETER_PROBLEM => &["Pointer indicates the error", "Required option missing", "Bad length"],
            40 => &[
                "Bad SPI",
                "Authentication Failed",
                "Decompression Failed",
                "Decryption Failed",
                "Need Authentication",
                "Need Authorization",
            ],
            EXTENDED_ECHO_REQUEST => &EXTENDED_ECHO_CODES[..1],
            EXTENDED_ECHO_REPLY => &EXTENDED_ECHO_CODES,
            _ => return None,
        };
        Some(names.get(usize::from(self.code)).unwrap_or(&""))
    }
}

/// What replies to extended echo requests say (RFC 8335); a request has only the first.
pub(super) const EXTENDED_ECHO_CODES: [&str; 5] =
    ["No error", "Malformed Query", "No Such Interface", "No Such Table Entry", "Multiple Interfaces Satisfy Query"];

/// number of addresses 1, size of each in words 1, lifetime 2, addresses: address 4, preference 4
fn routers(bytes: Payload<'_>) -> Result<(), Stop> {
    let mut fields = Fields::new(bytes, 4);
    let count = fields.u8()?;
    let size = fields.u8()?;
    fields.skip(&[2])?;
    if size == 2 { (0..count).try_for_each(|_| fields.skip(&[4, 4])) } else { bytes.from(HEADER_LEN).map(drop) }
}

/// Reads the packet that an error quotes, for whether the capture ends inside. Anything else that is wrong with the
/// packet is for its own row to say.
pub(super) fn read_quoted<'a>(bytes: Payload<'a>, context: &mut Context<'a>) -> Result<(), Stop> {
    let mut row = Dissection::empty();
    let outer = std::mem::replace(&mut context.quoted, true);
    let read = ip::dissect(bytes, context, &mut row);
    context.quoted = outer;
    match read {
        Ok(_) if bytes.is_cut() => row.info.read(),
        Ok(_) => Ok(()),
        Err(stop) => Err(stop),
    }
    .or_else(|stop| if stop == Stop::Cut { Err(stop) } else { Ok(()) })
}

/// The datagram that an error quotes, where it is UDP.
pub(super) fn lost(quoted: Payload<'_>) -> Transport<'_> {
    let read = || {
        let packet = ip::quoted(quoted)?;
        let bytes = packet.payload;
        let (src, dst) = (bytes.be16(0)?, bytes.be16(2)?);
        let (tuple, application) = (packet.tuple(src, dst), protocol::by_ports(src, dst).0);
        let len = bytes.be16(4)?.saturating_sub(UDP_HEADER_LEN).into();
        let payload = bytes.from(UDP_HEADER_LEN.into())?.captured();
        let quoted = Datagram { tuple, application, id: packet.id, len, payload };
        Ok::<_, Stop>(if packet.protocol == UDP { Transport::UdpError { quoted } } else { Transport::None })
    };
    read().unwrap_or(Transport::None)
}
