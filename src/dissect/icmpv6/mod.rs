//! `ICMPv6` (RFC 4443): errors and echoes, and the messages of neighbour discovery (RFC 4861), multicast listeners
//! (RFC 2710, 3810), Mobile IPv6 and others that it carries.
//!
//! Neighbour discovery and multicast listener messages are sent by every machine by itself: those are noise.

pub(super) mod name;
mod neighbour;
mod rpl;

use super::address::write_ipv6;
use super::fields::Fields;
use super::icmp::echo::{self, Key, Other, Version};
use super::icmp::{self, EXTENDED_ECHO_CODES, HEADER_LEN, extension};
use super::ip::Packet;
use super::payload::{Payload, Stop};
use super::text::{write_format, write_number};
use super::{Coloring, Content, Context, Dissection, Noise, Protocol};

/// The shortest query of version 2 of multicast listener discovery; by what was captured of it, as in Wireshark.
const V2_QUERY_LEN: usize = 28;

const UNREACHABLE: u8 = 1;
const TOO_BIG: u8 = 2;
const TIME_EXCEEDED: u8 = 3;
const PARAMETER_PROBLEM: u8 = 4;
const ECHO_REQUEST: u8 = 128;
const ECHO_REPLY: u8 = 129;
const LISTENER_QUERY: u8 = 130;
const NEIGHBOUR_SOLICITATION: u8 = 135;
const NEIGHBOUR_ADVERTISEMENT: u8 = 136;
const RENUMBERING: u8 = 138;
const NODE_QUERY: u8 = 139;
const NODE_REPLY: u8 = 140;
const RPL: u8 = 155;
const EXTENDED_ECHO_REQUEST: u8 = 160;
const EXTENDED_ECHO_REPLY: u8 = 161;

/// A message, as its row shows it.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    kind: u8,
    code: Option<u8>,
    detail: Detail,
    /// The neighbour discovery options that could be read.
    options: &'a [u8],
}

/// What stands behind type and code.
#[derive(Clone, Copy, Debug)]
enum Detail {
    None,
    Echo {
        identifier: u16,
        sequence: u16,
        hop_limit: Option<u8>,
        other: Other,
    },
    /// The address that a neighbour solicitation or advertisement is about, and what the latter says of it.
    Target {
        target: [u8; 16],
        flags: u8,
    },
    /// What a fast handover message is (RFC 5568).
    Subtype(u8),
}

/// Reads a message.
pub(super) fn dissect<'a>(
    packet: &Packet<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    row.show(Protocol::Icmpv6, "");
    row.meets(Coloring::Icmp);
    let kind = packet.payload.u8(0)?;
    if matches!(kind, UNREACHABLE..=PARAMETER_PROBLEM) {
        row.meets(Coloring::IcmpErrors);
    }
    row.noise = matches!(kind, 130..=137 | 143).then_some(Noise::Icmpv6);
    let mut message = Message { kind, code: None, detail: Detail::None, options: &[] };
    let read = message.read(packet, context, row);
    row.show(Protocol::Icmpv6, Content::Icmpv6(message));
    read
}

impl<'a> Message<'a> {
    /// code 1, checksum 2, then by type.
    fn read(&mut self, packet: &Packet<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
        let bytes = packet.payload;
        let code = bytes.u8(1)?;
        self.code = Some(code);
        let checksum = bytes.be16(2)?;
        let mut fields = Fields::new(bytes, 4);
        match self.kind {
            UNREACHABLE | TIME_EXCEEDED => {
                let len = bytes.u8(4)?;
                bytes.be32(4)?;
                read_quoted(bytes, context, row)?;
                if len > 0 { extension::read(behind_quoted(bytes, len)?) } else { Ok(()) }
            }
            TOO_BIG | PARAMETER_PROBLEM => {
                bytes.be32(4)?;
                read_quoted(bytes, context, row)
            }
            ECHO_REQUEST | ECHO_REPLY => self.read_echo(packet, checksum, context),
            LISTENER_QUERY if bytes.captured().len() >= V2_QUERY_LEN => {
                fields.skip(&[2, 2, 16, 1, 1])?;
                let count = fields.be16()?;
                (0..count).try_for_each(|_| fields.skip(&[16]))
            }
            LISTENER_QUERY..=132 => fields.skip(&[2, 2, 16]),
            133 | 141 | 142 => self.read_options(fields, &[4], context),
            134 => self.read_options(fields, &[1, 1, 2, 4, 4], context),
            NEIGHBOUR_SOLICITATION | NEIGHBOUR_ADVERTISEMENT => {
                let [flags, ..] = bytes.array::<4>(4)?;
                self.detail = Detail::Target { target: bytes.array(8)?, flags };
                self.read_options(fields, &[4, 16], context)
            }
            137 => self.read_options(fields, &[4, 16, 16], context),
            RENUMBERING => renumbering(&mut fields, code),
            NODE_QUERY | NODE_REPLY => node_information(&mut fields, self.kind, code),
            143 => listener_report(&mut fields),
            144 | 146 | 151 => fields.skip(&[2, 2]),
            145 => {
                fields.skip(&[2, 2])?;
                while fields.at < bytes.captured().len() {
                    fields.skip(&[16])?;
                }
                Ok(())
            }
            147 => self.read_options(fields, &[2, -2], context),
            148 => self.read_options(fields, &[2, 2], context),
            149 => self.read_options(fields, &[2, 2, 2, 2], context),
            150 | 154 => {
                let subtype = bytes.u8(4)?;
                self.detail = Detail::Subtype(subtype);
                self.read_options(fields, if matches!(subtype, 2 | 3 | 5) { &[1, 1, 2] } else { &[1, -1, 2] }, context)
            }
            152 | 153 => Ok(()),
            RPL => rpl::read(&mut fields, code),
            156 => {
                let count = fields.u8()?;
                fields.skip(&[1, 2])?;
                (0..count).try_for_each(|_| fields.skip(&[8, 2, 2]))
            }
            157 | 158 => fields.skip(&[1, 1, 2, 8, 16]),
            159 => seeds(&mut fields, code),
            EXTENDED_ECHO_REQUEST => {
                fields.skip(&[2, 1, 1])?;
                extension::read(bytes.from(HEADER_LEN)?)
            }
            EXTENDED_ECHO_REPLY => fields.skip(&[2, 1, 1]),
            _ => fields.u8().map(drop),
        }
    }

    /// identifier 2, sequence number 2
    fn read_echo(&mut self, packet: &Packet<'_>, checksum: u16, context: &mut Context<'_>) -> Result<(), Stop> {
        let (identifier, sequence) = (packet.payload.be16(4)?, packet.payload.be16(6)?);
        let key = |checksum| Key::new(Version::Icmpv6, (packet.src, packet.dst), checksum, (identifier, sequence));
        let other = if context.quoted {
            Other::Unknown
        } else if self.kind == ECHO_REQUEST {
            context.echoes.request(key(echo::canonical(checksum)), context.frame, packet.dst)
        } else {
            context.echoes.reply(&key(echo::with_type_less(checksum, 0x0100)), context.frame)
        };
        let hop_limit = packet.src.is_ipv6().then_some(packet.hop_limit);
        self.detail = Detail::Echo { identifier, sequence, hop_limit, other };
        Ok(())
    }

    /// Fields of these widths, then neighbour discovery options.
    fn read_options(&mut self, mut fields: Fields<'a>, before: &[i8], context: &mut Context<'a>) -> Result<(), Stop> {
        fields.skip(before)?;
        let options = fields.payload.after(fields.at);
        let start = fields.at;
        let read = neighbour::read(&mut fields, context);
        self.options = options.truncated(fields.at.saturating_sub(start)).captured();
        read
    }

    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match name::of_type(self.kind) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => write_format(out, format_args!("Unknown ({})", self.kind)),
        }
        match self.code.and_then(|code| self.code_name(code).map(|name| (code, name))) {
            None => {}
            Some((_, "")) if self.kind == UNREACHABLE => write_in_brackets(out, "Unknown", 0),
            Some((code, name)) => write_in_brackets(out, name, code),
        }
        match self.detail {
            Detail::None => {}
            Detail::Echo { identifier, sequence, hop_limit, other } => {
                write_format(out, format_args!(" id=0x{identifier:04x}, seq={sequence}"));
                if let Some(hop_limit) = hop_limit {
                    out.extend_from_slice(b", hop limit=");
                    write_number(out, hop_limit);
                }
                other.write(out);
            }
            Detail::Target { target, flags } => self.write_target(out, target, flags),
            Detail::Subtype(subtype) => {
                write_in_brackets(out, name::of_handover(subtype).unwrap_or_default(), subtype);
            }
        }
        neighbour::write(self.options, out);
    }

    fn write_target(&self, out: &mut Vec<u8>, target: [u8; 16], flags: u8) {
        out.extend_from_slice(if self.kind == NEIGHBOUR_SOLICITATION { b" for " } else { b" " });
        write_ipv6(out, target.into());
        if self.kind == NEIGHBOUR_ADVERTISEMENT {
            let names = [(0x80, "rtr"), (0x40, "sol"), (0x20, "ovr")];
            let mut separator = " (";
            for (_, name) in names.iter().filter(|(bit, _)| flags & bit != 0) {
                out.extend_from_slice(separator.as_bytes());
                out.extend_from_slice(name.as_bytes());
                separator = ", ";
            }
            out.extend_from_slice(if separator == ", " { b")" } else { b" (none)" });
        }
    }

    /// Nothing where the type has no codes; empty where this one has no name.
    fn code_name(&self, code: u8) -> Option<&'static str> {
        let names: &[&str] = match self.kind {
            UNREACHABLE => &name::UNREACHABLE_CODES,
            TIME_EXCEEDED => &["hop limit exceeded in transit", "fragment reassembly time exceeded"],
            PARAMETER_PROBLEM => &name::PARAMETER_CODES,
            RENUMBERING if code == 255 => return Some("Sequence number reset"),
            RENUMBERING => &["Command", "Result"],
            NODE_QUERY => &name::NODE_QUERY_CODES,
            NODE_REPLY => &["Successful", "Refused", "Unknown query type"],
            RPL => return Some(name::of_rpl(code).unwrap_or_default()),
            EXTENDED_ECHO_REQUEST => EXTENDED_ECHO_CODES.get(..1).unwrap_or_default(),
            EXTENDED_ECHO_REPLY => &EXTENDED_ECHO_CODES,
            _ => return None,
        };
        Some(names.get(usize::from(code)).copied().unwrap_or_default())
    }
}

/// A name, or the number of what has none.
fn write_in_brackets(out: &mut Vec<u8>, name: &str, number: u8) {
    match name {
        "" => write_format(out, format_args!(" (Unknown ({number}))")),
        _ => write_format(out, format_args!(" ({name})")),
    }
}

/// The packet that an error quotes.
fn read_quoted<'a>(bytes: Payload<'a>, context: &mut Context<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    let quoted = bytes.from(HEADER_LEN)?;
    row.transport = icmp::lost(quoted);
    only_ipv6(quoted, context)
}

/// A quoted packet, as for ICMP; what is no IPv6 packet is only data.
fn only_ipv6<'a>(bytes: Payload<'a>, context: &mut Context<'a>) -> Result<(), Stop> {
    if bytes.u8(0)? >> 4 == 6 { icmp::read_quoted(bytes, context) } else { Ok(()) }
}

/// What follows a quoted packet of `len` times eight bytes. Wireshark takes the number for a signed one, and one below
/// zero then counts from the end of what was captured.
fn behind_quoted(bytes: Payload<'_>, len: u8) -> Result<Payload<'_>, Stop> {
    let at = isize::from(len.cast_signed()).wrapping_mul(8).wrapping_add_unsigned(HEADER_LEN);
    if at >= 0 {
        return bytes.from(at.unsigned_abs());
    }
    let len = bytes.bytes(0, at.unsigned_abs())?.len();
    bytes.from(bytes.captured().len().saturating_sub(len))
}

/// Router renumbering (RFC 2894).
fn renumbering(fields: &mut Fields<'_>, code: u8) -> Result<(), Stop> {
    fields.skip(&[4, 1, 1, 2, 4])?;
    match code {
        0 if fields.more() => {
            fields.skip(&[1, 1, 1, 1, 1, 1, 2, 16])?;
            while fields.more() {
                fields.skip(&[1, 1, 1, 1, 4, 4, 4, 16])?;
            }
        }
        1 => {
            while fields.more() {
                fields.skip(&[2, 1, 1, 4, 16])?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Node information (RFC 4620).
fn node_information(fields: &mut Fields<'_>, kind: u8, code: u8) -> Result<(), Stop> {
    let question = fields.be16()?;
    fields.skip(&[2, 8])?;
    if !fields.more() {
        return Ok(());
    }
    match (kind, code, question) {
        (NODE_QUERY, 0, _) => fields.skip(&[16])?,
        (NODE_QUERY, 1, _) => neighbour::domain_name(fields)?,
        (NODE_QUERY, 2, _) => fields.skip(&[4])?,
        (NODE_REPLY, _, 2) => {
            fields.skip(&[4])?;
            while fields.more() && fields.payload.u8(fields.at)? != 0 {
                neighbour::domain_name(fields)?;
            }
        }
        (NODE_REPLY, _, 3 | 4) => {
            while fields.more() {
                fields.skip(&[4, if question == 3 { 16 } else { 4 }])?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// reserved 2, number of records 2, records: type 1, length of auxiliary data in words 1, number of sources 2, group
/// 16, sources, auxiliary data. There are as many records as there is room for, whatever their number says.
fn listener_report(fields: &mut Fields<'_>) -> Result<(), Stop> {
    fields.skip(&[2, 2])?;
    while fields.more() {
        fields.skip(&[1])?;
        let auxiliary_len = fields.u8()?;
        let count = fields.be16()?;
        fields.skip(&[16])?;
        (0..count).try_for_each(|_| fields.skip(&[16]))?;
        fields.bytes(usize::from(auxiliary_len).wrapping_mul(4))?;
    }
    Ok(())
}

/// MPL's seeds (RFC 7731): sequence number 1, length of the messages 6 bits, kind of identifier 2 bits, identifier,
/// messages. What is too short for a seed is not read.
fn seeds(fields: &mut Fields<'_>, code: u8) -> Result<(), Stop> {
    if code != 0 {
        return fields.skip(&[1]);
    }
    let start = fields.at;
    let captured = fields.payload.captured().len();
    while captured.saturating_sub(fields.at) >= 2 {
        fields.skip(&[1])?;
        let lengths = fields.u8()?;
        let identifier_len = [0, 2, 8, 16].get(usize::from(lengths & 3)).copied().unwrap_or(0);
        let len = usize::from(lengths >> 2).saturating_add(identifier_len);
        if captured.saturating_sub(fields.at) < len {
            return Ok(());
        }
        fields.bytes(len)?;
    }
    if fields.at < captured {
        // Wireshark takes the length of what was read for that of what is left.
        fields.bytes(fields.at.saturating_sub(start))?;
    }
    Ok(())
}
