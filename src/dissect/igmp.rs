//! IGMP versions 0 to 3 (RFC 988, 1112, 2236, 3376) and multicast traceroute; other protocols that share its number are
//! named only. Always noise.
//!
//! Nothing but the version is read before a row is shown.

use super::address::write_ipv4;
use super::fields::Fields;
use super::ip::Packet;
use super::payload::{Payload, Stop};
use super::text::{write_format, write_number};
use super::{Coloring, Content, Dissection, Noise, Protocol};

/// The shortest query of version 3.
const V3_QUERY_LEN: usize = 12;
/// Length of what all traceroute messages begin with, and of each block behind it.
const TRACE_HEADER_LEN: usize = 24;
const TRACE_BLOCK_LEN: usize = 32;

const QUERY: u8 = 0x11;
const LEAVE: u8 = 0x17;
const TRACE_RESPONSE: u8 = 0x1e;

/// A message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    bytes: Payload<'a>,
    kind: u8,
    form: Form,
}

/// How a message is laid out.
#[derive(Clone, Copy, Debug)]
enum Form {
    V0,
    V1,
    V2,
    V3Query,
    V3Report,
    Trace,
    Unknown,
}

/// Reads a message.
pub(super) fn dissect<'a>(packet: &Packet<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    let bytes = packet.payload;
    let kind = bytes.u8(0)?;
    row.noise = Some(Noise::Igmp);
    let form = match kind {
        0x00..=0x0f => Form::V0,
        QUERY if bytes.len() >= V3_QUERY_LEN => Form::V3Query,
        QUERY if bytes.u8(1)? == 0 => Form::V1,
        0x12 => Form::V1,
        QUERY | 0x16 | LEAVE => Form::V2,
        0x22 => Form::V3Report,
        TRACE_RESPONSE | 0x1f => Form::Trace,
        _ => Form::Unknown,
    };
    let protocol = match form {
        Form::V0 => Protocol::Igmpv0,
        Form::V1 => Protocol::Igmpv1,
        Form::V2 => Protocol::Igmpv2,
        Form::V3Query | Form::V3Report => Protocol::Igmpv3,
        Form::Trace | Form::Unknown => Protocol::Igmp,
    };
    row.meets(Coloring::Routing);
    row.show(protocol, Content::Igmp(Message { bytes, kind, form }));
    Ok(())
}

impl Message<'_> {
    /// Appends the Info column.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        match name(self.kind) {
            None => write_format(out, format_args!("Unknown Type:0x{:02x}", self.kind)),
            Some(_) if matches!(self.form, Form::Trace) => self.write_trace_name(out),
            Some(name) => out.extend_from_slice(name.as_bytes()),
        }
        let mut fields = Fields::new(self.bytes, 1);
        match self.form {
            Form::V0 => fields.skip(&[1, 2, 4, 4, 8]),
            Form::V1 => fields.skip(&[1, 2, 4]),
            Form::V2 => self.write_v2(out),
            Form::V3Query => self.write_v3_query(out),
            Form::V3Report => self.write_v3_report(out),
            Form::Trace => self.trace(),
            Form::Unknown => fields.u8().map(drop),
        }
    }

    /// response time 1, checksum 2, group 4
    fn write_v2(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        Fields::new(self.bytes, 1).skip(&[1, 2])?;
        let group: [u8; 4] = self.bytes.array(4)?;
        if group == [0; 4] {
            out.extend_from_slice(b", general");
            return Ok(());
        }
        out.extend_from_slice(match self.kind {
            LEAVE => b" ",
            QUERY => b", specific for group ",
            _ => b" group ",
        });
        write_ipv4(out, group.into());
        Ok(())
    }

    /// response time 1, checksum 2, group 4, flags 1, interval 1, number of sources 2, sources
    fn write_v3_query(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        let count = self.bytes.be16(10)?;
        let group: [u8; 4] = self.bytes.array(4)?;
        if group == [0; 4] {
            out.extend_from_slice(b", general");
        } else {
            out.extend_from_slice(b", specific for group ");
            write_ipv4(out, group.into());
        }
        if count > 0 {
            out.extend_from_slice(if count > 1 { b", sources {" } else { b", source {" });
        }
        write_sources(&mut Fields::new(self.bytes, V3_QUERY_LEN), count, out)
    }

    /// reserved 1, checksum 2, reserved 2, number of records 2, records
    fn write_v3_report(&self, out: &mut Vec<u8>) -> Result<(), Stop> {
        let mut fields = Fields::new(self.bytes, 1);
        fields.skip(&[1, 2, 2])?;
        let count = fields.be16()?;
        if count == 0 {
            out.extend_from_slice(b" - General query");
        }
        (0..count).try_for_each(|_| write_record(&mut fields, out))
    }

    fn write_trace_name(&self, out: &mut Vec<u8>) {
        let blocks = self.bytes.len().saturating_sub(TRACE_HEADER_LEN).wrapping_div(TRACE_BLOCK_LEN);
        if self.kind == TRACE_RESPONSE {
            out.extend_from_slice(b"Traceroute Response, ");
            write_number(out, blocks as u64);
            out.extend_from_slice(if blocks == 1 { b" block" } else { b" blocks" });
        } else if self.bytes.len() == TRACE_HEADER_LEN {
            out.extend_from_slice(b"Traceroute Query");
        } else {
            out.extend_from_slice(b"Traceroute Request");
        }
    }

    fn trace(&self) -> Result<(), Stop> {
        let mut fields = Fields::new(self.bytes, 1);
        fields.skip(&[1, 2, 4, 4, 4, 4, 1, 3])?;
        while self.bytes.len().saturating_sub(fields.at) >= TRACE_BLOCK_LEN {
            fields.bytes(TRACE_BLOCK_LEN)?;
        }
        Ok(())
    }
}

/// The name of a message's type.
pub(super) fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0x01 => "Create Group Request",
        0x02 => "Create Group Reply",
        0x03 => "Join Group Request",
        0x04 => "Join Group Reply",
        0x05 => "Leave Group Request",
        0x06 => "Leave Group Reply",
        0x07 => "Confirm Group Request",
        0x08 => "Confirm Group Reply",
        QUERY => "Membership Query",
        0x12 | 0x16 | 0x22 => "Membership Report",
        0x13 => "DVMRP Protocol",
        0x14 => "PIM Routing Message",
        LEAVE => "Leave Group",
        TRACE_RESPONSE => "Traceroute Response",
        0x1f => "Traceroute Query or Request",
        _ => return None,
    })
}

/// type 1, length of auxiliary data in words 1, number of sources 2, group 4, sources, auxiliary data
fn write_record(fields: &mut Fields<'_>, out: &mut Vec<u8>) -> Result<(), Stop> {
    let kind = fields.u8()?;
    let auxiliary_len = fields.u8()?;
    let count = fields.be16()?;
    let group: [u8; 4] = fields.array()?;
    let (before, after) = match (kind, count) {
        (1 | 3, 0) => (" / Leave group ", ""),
        (1 | 3, 1) => (" / Join group ", " for source {"),
        (1 | 3, _) => (" / Join group ", " for sources in {"),
        (2 | 4, 0) => (" / Join group ", " for any sources"),
        (2 | 4, 1) => (" / Join group ", ", for source not {"),
        (2 | 4, _) => (" / Join group ", ", for sources not in {"),
        (5, 0) => (" / Group ", ", ALLOW_NEW_SOURCES but no source specified (?)"),
        (5, 1) => (" / Group ", ", new source {"),
        (5, _) => (" / Group ", ", new sources {"),
        (6, 0) => (" / Group ", ", BLOCK_OLD_SOURCES but no source specified (?)"),
        (6, 1) => (" / Group ", ", block source {"),
        (6, _) => (" / Group ", ", block sources {"),
        (_, 0) => (" / Group ", ", unknown record type (?)"),
        _ => (" / Group ", ", unknown record type (?), sources {"),
    };
    out.extend_from_slice(before.as_bytes());
    write_ipv4(out, group.into());
    out.extend_from_slice(after.as_bytes());
    write_sources(fields, count, out)?;
    fields.bytes(usize::from(auxiliary_len).wrapping_mul(4)).map(drop)
}

fn write_sources(fields: &mut Fields<'_>, count: u16, out: &mut Vec<u8>) -> Result<(), Stop> {
    for left in (0..count).rev() {
        write_ipv4(out, fields.array()?.into());
        out.extend_from_slice(if left > 0 { b", " } else { b"}" });
    }
    Ok(())
}
