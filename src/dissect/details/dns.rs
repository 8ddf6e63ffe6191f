//! DNS messages (RFC 1035), as DNS, mDNS (RFC 6762) and LLMNR (RFC 4795) send them: header, questions, records.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::tree::{Bits, Hex, Ip, Layer, Shown, Span, Tree};
use crate::dissect::dns::{MAX_STEPS, Name, types};
use crate::dissect::payload::Stop;
use crate::dissect::protocol::Protocol;

const HEADER_LEN: usize = 12;
const RESPONSE: u16 = 0x8000;
/// The most lines that one message may make: what a pointer can repeat has no other end.
const MAX_RECORDS: u32 = 4096;

/// A message that is being read.
struct Message<'a> {
    layer: Layer<'a>,
    at: usize,
    steps: u32,
    protocol: Protocol,
}

/// A record's own fields.
struct Record {
    kind: u16,
    /// Where its data begin, and how long they say that they are.
    at: usize,
    len: usize,
}

/// A message behind its length, as TCP carries it.
pub(super) fn message_with_length(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    let len = layer.be16(0)?;
    read(tree, layer.after(2), Protocol::Dns, Some((layer, len)))
}

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>, protocol: Protocol) -> Result<(), Stop> {
    read(tree, layer, protocol, None)
}

fn read(
    tree: &mut Tree<'_>,
    layer: Layer<'_>,
    protocol: Protocol,
    length: Option<(Layer<'_>, u16)>,
) -> Result<(), Stop> {
    let (short, name, title) = match protocol {
        Protocol::Mdns => ("mdns", "MDNS", "Multicast Domain Name System"),
        Protocol::Llmnr => ("llmnr", "LLMNR", "Link-local Multicast Name Resolution"),
        _ => ("dns", "DNS", "Domain Name System"),
    };
    tree.enter(short, name);
    let flags = layer.be16(2)?;
    let way = if flags & RESPONSE == 0 { "query" } else { "response" };
    let whole = length.map_or(layer, |(whole, _)| whole);
    tree.field(&whole, 0, whole.bytes.captured().len(), format_args!("{title} ({way})"));
    tree.under(|tree| {
        if let Some((whole, len)) = length {
            tree.field(&whole, 0, 2, format_args!("Length: {len}"));
        }
        tree.field(&layer, 0, 2, format_args!("Transaction ID: 0x{:04x}", layer.be16(0)?));
        flag_lines(tree, &layer, flags, protocol);
        let counts = [layer.be16(4)?, layer.be16(6)?, layer.be16(8)?, layer.be16(10)?];
        let names = if (flags >> 11) & 15 == 5 {
            ["Zones", "Prerequisites", "Updates", "Additional RRs"]
        } else {
            ["Questions", "Answer RRs", "Authority RRs", "Additional RRs"]
        };
        for ((at, name), count) in [4, 6, 8, 10].into_iter().zip(names).zip(counts) {
            tree.field(&layer, at, 2, format_args!("{name}: {count}"));
        }
        let mut message = Message { layer, at: HEADER_LEN, steps: MAX_STEPS, protocol };
        message.sections(tree, counts)
    })
}

fn flag_lines(tree: &mut Tree<'_>, layer: &Layer<'_>, flags: u16, protocol: Protocol) {
    let is_response = flags & RESPONSE != 0;
    let opcode = written(|out| types::write_opcode(out, (flags >> 11) & 15));
    let code = reply_code(flags & 15);
    let error = if is_response { format!(" response, {code}") } else { String::new() };
    tree.field(layer, 2, 2, format_args!("Flags: 0x{flags:04x} {opcode}{error}"));
    let bit = |mask: u32| Bits::of(flags, mask, 16);
    tree.under(|tree| {
        tree.flag(layer, 2, bit(0x8000), "Response", ["Message is a query", "Message is a response"]);
        tree.bits(layer, 2, bit(0x7800), format_args!("Opcode: {opcode} ({})", (flags >> 11) & 15));
        let truncated = ["Message is not truncated", "Message is truncated"];
        if protocol == Protocol::Llmnr {
            tree.flag(layer, 2, bit(0x0400), "Conflict", ["None", "Set"]);
            tree.flag(layer, 2, bit(0x0200), "Truncated", truncated);
            tree.flag(layer, 2, bit(0x0100), "Tentative", ["Not tentative", "Tentative"]);
        } else {
            if is_response {
                let words = ["Server is not an authority for domain", "Server is an authority for domain"];
                tree.flag(layer, 2, bit(0x0400), "Authoritative", words);
            }
            tree.flag(layer, 2, bit(0x0200), "Truncated", truncated);
            let desired = ["Don't do query recursively", "Do query recursively"];
            tree.flag(layer, 2, bit(0x0100), "Recursion desired", desired);
            if is_response {
                let available = ["Server can't do recursive queries", "Server can do recursive queries"];
                tree.flag(layer, 2, bit(0x0080), "Recursion available", available);
            }
            tree.flag(layer, 2, bit(0x0040), "Z", ["reserved (0)", "reserved - incorrect!"]);
            if is_response {
                let words = [
                    "Answer/authority portion was not authenticated by the server",
                    "Answer/authority portion was authenticated by the server",
                ];
                tree.flag(layer, 2, bit(0x0020), "Answer authenticated", words);
            } else if flags & 0x0020 != 0 {
                tree.flag(layer, 2, bit(0x0020), "AD bit", ["Not set", "Set"]);
            }
            tree.flag(layer, 2, bit(0x0010), "Non-authenticated data", ["Unacceptable", "Acceptable"]);
        }
        if is_response {
            tree.bits(layer, 2, bit(0x000f), format_args!("Reply code: {code} ({})", flags & 15));
        }
    });
}

fn reply_code(code: u16) -> String {
    if code == 0 { "No error".to_owned() } else { written(|out| types::write_reply_code(out, code)).trim().to_owned() }
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn type_name(kind: u16) -> String {
    written(|out| types::write_type(out, kind))
}

fn class_name(class: u16) -> String {
    match class {
        0 => "Reserved".to_owned(),
        1 => "IN".to_owned(),
        2 => "CS".to_owned(),
        3 => "CH".to_owned(),
        4 => "HS".to_owned(),
        254 => "none".to_owned(),
        255 => "ANY".to_owned(),
        other => format!("Unknown (0x{other:04x})"),
    }
}

impl Message<'_> {
    fn sections(
        &mut self,
        tree: &mut Tree<'_>,
        [questions, answers, authorities, additionals]: [u16; 4],
    ) -> Result<(), Stop> {
        let mut left = MAX_RECORDS;
        let names = ["Queries", "Answers", "Authoritative nameservers", "Additional records"];
        for (n, (name, count)) in names.into_iter().zip([questions, answers, authorities, additionals]).enumerate() {
            if count == 0 {
                continue;
            }
            let rest = self.layer.bytes.captured().len().saturating_sub(self.at);
            tree.field(&self.layer, self.at, rest.min(1), format_args!("{name}"));
            tree.under(|tree| {
                for _ in 0..count {
                    left = left.checked_sub(1).ok_or(Stop::Malformed)?;
                    if n == 0 { self.question(tree)? } else { self.record(tree)? }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Reads the name at `at`, and says how many bytes it takes up there.
    fn name_at(&mut self, at: usize) -> Result<(Name, usize), Stop> {
        let mut name = Name::default();
        let len = name.read(self.layer.bytes, at, &mut self.steps)?;
        Ok((name, len))
    }

    /// name, type 2, class 2
    fn question(&mut self, tree: &mut Tree<'_>) -> Result<(), Stop> {
        let start = self.at;
        let (name, name_len) = self.name_at(start)?;
        let at = start.saturating_add(name_len);
        let (kind, class) = (self.layer.be16(at)?, self.layer.be16(at.saturating_add(2))?);
        self.at = at.saturating_add(4);
        let (type_name, shown) = (type_name(kind), Shown(name.stored()));
        let is_mdns = self.protocol == Protocol::Mdns;
        let way = match (is_mdns, class >> 15) {
            (false, _) => "",
            (true, 0) => ", \"QM\" question",
            (true, _) => ", \"QU\" question",
        };
        let class_bits = if is_mdns { class & 0x7fff } else { class };
        let class_name = class_name(class_bits);
        let len = name_len.saturating_add(4);
        tree.field(&self.layer, start, len, format_args!("{shown}: type {type_name}, class {class_name}{way}"));
        let layer = self.layer;
        tree.under(|tree| {
            tree.field(&layer, start, name_len, format_args!("Name: {shown}"));
            let (len, labels) = lengths(name.stored());
            tree.note(format_args!("[Name Length: {len}]"));
            tree.note(format_args!("[Label Count: {labels}]"));
            tree.field(&layer, at, 2, format_args!("Type: {}", TypeWithNumber(kind)));
            let at = at.saturating_add(2);
            if is_mdns {
                tree.bits(
                    &layer,
                    at,
                    Bits::of(class, 0x7fff, 16),
                    format_args!("Class: {class_name} (0x{class_bits:04x})"),
                );
                tree.flag(&layer, at, Bits::of(class, 0x8000, 16), "\"QU\" question", ["False", "True"]);
            } else {
                tree.field(&layer, at, 2, format_args!("Class: {class_name} (0x{class:04x})"));
            }
        });
        Ok(())
    }

    /// name, type 2, class 2, time to live 4, length 2, data
    fn record(&mut self, tree: &mut Tree<'_>) -> Result<(), Stop> {
        let start = self.at;
        let (name, name_len) = self.name_at(start)?;
        let at = start.saturating_add(name_len);
        let (kind, class) = (self.layer.be16(at)?, self.layer.be16(at.saturating_add(2))?);
        let layer = self.layer;
        let len = usize::from(layer.be16(at.saturating_add(8))?);
        let record = Record { kind, at: at.saturating_add(10), len };
        self.at = record.at.saturating_add(len);
        let total = name_len.saturating_add(10).saturating_add(len);
        let shown = Shown(name.stored());
        if kind == 41 {
            return self.extension(tree, (start, name_len, total), &record, &shown);
        }
        let is_mdns = self.protocol == Protocol::Mdns;
        let class_bits = if is_mdns { class & 0x7fff } else { class };
        let (type_name, class_name) = (type_name(kind), class_name(class_bits));
        let flush = if is_mdns && class & 0x8000 != 0 { ", cache flush" } else { "" };
        let summary = self.summary(&record)?;
        tree.field(&layer, start, total, format_args!("{shown}: type {type_name}, class {class_name}{flush}{summary}"));
        tree.under(|tree| {
            tree.field(&layer, start, name_len, format_args!("Name: {shown}"));
            tree.field(&layer, at, 2, format_args!("Type: {}", TypeWithNumber(kind)));
            let class_at = at.saturating_add(2);
            if is_mdns {
                let text = format_args!("Class: {class_name} (0x{class_bits:04x})");
                tree.bits(&layer, class_at, Bits::of(class, 0x7fff, 16), text);
                tree.flag(&layer, class_at, Bits::of(class, 0x8000, 16), "Cache flush", ["False", "True"]);
            } else {
                tree.field(&layer, class_at, 2, format_args!("Class: {class_name} (0x{class:04x})"));
            }
            let ttl = layer.be32(at.saturating_add(4))?;
            tree.field(&layer, at.saturating_add(4), 4, format_args!("Time to live: {ttl} ({})", Span(ttl)));
            tree.field(&layer, at.saturating_add(8), 2, format_args!("Data length: {len}"));
            self.data(tree, &record)
        })
    }

    /// What a record's title says of its data.
    fn summary(&mut self, record: &Record) -> Result<String, Stop> {
        let (layer, at) = (self.layer, record.at);
        let mut name = |skip: usize| {
            let (name, _) = self.name_at(at.saturating_add(skip))?;
            Ok(Shown(name.stored()).to_string())
        };
        Ok(match record.kind {
            _ if record.len == 0 => String::new(),
            1 => format!(", addr {}", Ipv4Addr::from(layer.array::<4>(at)?)),
            28 => format!(", addr {}", Ip(Ipv6Addr::from(layer.array::<16>(at)?).into())),
            2 => format!(", ns {}", name(0)?),
            5 => format!(", cname {}", name(0)?),
            6 => format!(", mname {}", name(0)?),
            12 => format!(", {}", name(0)?),
            15 => format!(", preference {}, mx {}", layer.be16(at)?, name(2)?),
            33 => {
                let (priority, weight) = (layer.be16(at)?, layer.be16(at.saturating_add(2))?);
                let port = layer.be16(at.saturating_add(4))?;
                format!(", priority {priority}, weight {weight}, port {port}, target {}", name(6)?)
            }
            39 => format!(", dname {}", name(0)?),
            _ => String::new(),
        })
    }

    fn data(&mut self, tree: &mut Tree<'_>, record: &Record) -> Result<(), Stop> {
        let layer = self.layer;
        let &Record { kind, at, len } = record;
        match kind {
            _ if len == 0 => {}
            1 => {
                let addr = Ipv4Addr::from(layer.array::<4>(at)?);
                tree.field(&layer, at, 4, format_args!("Address: {addr}"));
            }
            28 => {
                let addr = Ip(Ipv6Addr::from(layer.array::<16>(at)?).into());
                tree.field(&layer, at, 16, format_args!("AAAA Address: {addr}"));
            }
            2 => drop(self.named(tree, at, "Name Server")?),
            5 => drop(self.named(tree, at, "CNAME")?),
            12 => drop(self.named(tree, at, "Domain Name")?),
            39 => drop(self.named(tree, at, "DNAME")?),
            6 => self.authority(tree, at)?,
            15 => {
                tree.field(&layer, at, 2, format_args!("Preference: {}", layer.be16(at)?));
                self.named(tree, at.saturating_add(2), "Mail Exchange")?;
            }
            16 => texts(tree, &layer, record)?,
            13 => host(tree, &layer, at)?,
            33 => self.service(tree, at)?,
            _ => {
                let bytes = layer.bytes(at, len)?;
                tree.field(&layer, at, len, format_args!("Data: {}", Hex(bytes)));
            }
        }
        Ok(())
    }

    /// A line with the name at `at`; where it ends.
    fn named(&mut self, tree: &mut Tree<'_>, at: usize, what: &str) -> Result<usize, Stop> {
        let (name, len) = self.name_at(at)?;
        tree.field(&self.layer, at, len, format_args!("{what}: {}", Shown(name.stored())));
        Ok(at.saturating_add(len))
    }

    /// SOA: name, mailbox, serial number 4, four times of 4
    fn authority(&mut self, tree: &mut Tree<'_>, at: usize) -> Result<(), Stop> {
        let at = self.named(tree, at, "Primary name server")?;
        let mut at = self.named(tree, at, "Responsible authority's mailbox")?;
        let layer = self.layer;
        tree.field(&layer, at, 4, format_args!("Serial Number: {}", layer.be32(at)?));
        for name in ["Refresh Interval", "Retry Interval", "Expire limit", "Minimum TTL"] {
            at = at.saturating_add(4);
            let secs = layer.be32(at)?;
            tree.field(&layer, at, 4, format_args!("{name}: {secs} ({})", Span(secs)));
        }
        Ok(())
    }

    /// SRV: priority 2, weight 2, port 2, name
    fn service(&mut self, tree: &mut Tree<'_>, at: usize) -> Result<(), Stop> {
        let layer = self.layer;
        for (n, name) in ["Priority", "Weight", "Port"].into_iter().enumerate() {
            let at = at.saturating_add(n.saturating_mul(2));
            tree.field(&layer, at, 2, format_args!("{name}: {}", layer.be16(at)?));
        }
        self.named(tree, at.saturating_add(6), "Target").map(drop)
    }

    /// OPT (RFC 6891), whose class and time to live mean something else.
    fn extension(
        &mut self,
        tree: &mut Tree<'_>,
        (start, name_len, total): (usize, usize, usize),
        record: &Record,
        name: &Shown<'_>,
    ) -> Result<(), Stop> {
        let (layer, is_mdns) = (self.layer, self.protocol == Protocol::Mdns);
        let at = start.saturating_add(name_len);
        tree.field(&layer, start, total, format_args!("{name}: type OPT"));
        tree.under(|tree| {
            tree.field(&layer, start, name_len, format_args!("Name: {name}"));
            tree.field(&layer, at, 2, format_args!("Type: {}", TypeWithNumber(41)));
            let class = at.saturating_add(2);
            let size = layer.be16(class)?;
            if is_mdns {
                let text = format_args!("UDP payload size: 0x{:04x}", size & 0x7fff);
                tree.bits(&layer, class, Bits::of(size, 0x7fff, 16), text);
                tree.flag(&layer, class, Bits::of(size, 0x8000, 16), "Cache flush", ["False", "True"]);
            } else {
                tree.field(&layer, class, 2, format_args!("UDP payload size: {size}"));
            }
            let code = at.saturating_add(4);
            tree.field(&layer, code, 1, format_args!("Higher bits in extended RCODE: 0x{:02x}", layer.u8(code)?));
            let version = at.saturating_add(5);
            tree.field(&layer, version, 1, format_args!("EDNS0 version: {}", layer.u8(version)?));
            let flags_at = at.saturating_add(6);
            let flags = layer.be16(flags_at)?;
            tree.field(&layer, flags_at, 2, format_args!("Z: 0x{flags:04x}"));
            tree.under(|tree| {
                let words = ["Cannot handle DNSSEC security RRs", "Accepts DNSSEC security RRs"];
                tree.flag(&layer, flags_at, Bits::of(flags, 0x8000, 16), "DO bit", words);
                let rest = format_args!("Reserved: 0x{:04x}", flags & 0x7fff);
                tree.bits(&layer, flags_at, Bits::of(flags, 0x7fff, 16), rest);
            });
            tree.field(&layer, at.saturating_add(8), 2, format_args!("Data length: {}", record.len));
            extension_options(tree, &layer, record)
        })
    }
}

/// Options of OPT: code 2, length 2, data.
fn extension_options(tree: &mut Tree<'_>, layer: &Layer<'_>, record: &Record) -> Result<(), Stop> {
    let end = record.at.saturating_add(record.len);
    let mut at = record.at;
    while at < end {
        let option = layer.after(at);
        let (code, len) = (option.be16(0)?, usize::from(option.be16(2)?));
        let name = match code {
            1 => "LLQ - Long-Lived Queries",
            2 => "UL - Update lease",
            3 => "NSID - Name Server Identifier",
            4 => "Owner (reserved)",
            8 => "CSUBNET - Client subnet",
            10 => "COOKIE",
            11 => "TCP Keepalive",
            12 => "PADDING",
            15 => "Extended DNS Error",
            _ => "Unknown",
        };
        tree.field(&option, 0, len.saturating_add(4), format_args!("Option: {name}"));
        tree.under(|tree| {
            tree.field(&option, 0, 2, format_args!("Option Code: {name} ({code})"));
            tree.field(&option, 2, 2, format_args!("Option Length: {len}"));
            let data = option.bytes(4, len)?;
            if len > 0 {
                tree.field(&option, 4, len, format_args!("Option Data: {}", Hex(data)));
            }
            Ok(())
        })?;
        at = at.saturating_add(len).saturating_add(4);
    }
    Ok(())
}

/// TXT: strings, each behind its length in one byte.
fn texts(tree: &mut Tree<'_>, layer: &Layer<'_>, record: &Record) -> Result<(), Stop> {
    let end = record.at.saturating_add(record.len);
    let mut at = record.at;
    while at < end {
        let len = usize::from(layer.u8(at)?);
        tree.field(layer, at, 1, format_args!("TXT Length: {len}"));
        let text = layer.bytes(at.saturating_add(1), len)?;
        tree.field(layer, at.saturating_add(1), len, format_args!("TXT: {}", Shown(text)));
        at = at.saturating_add(len).saturating_add(1);
    }
    Ok(())
}

/// HINFO: two strings.
fn host(tree: &mut Tree<'_>, layer: &Layer<'_>, mut at: usize) -> Result<(), Stop> {
    for what in ["CPU", "OS"] {
        let len = usize::from(layer.u8(at)?);
        tree.field(layer, at, 1, format_args!("{what} Length: {len}"));
        let text = layer.bytes(at.saturating_add(1), len)?;
        tree.field(layer, at.saturating_add(1), len, format_args!("{what}: {}", Shown(text)));
        at = at.saturating_add(len).saturating_add(1);
    }
    Ok(())
}

/// How long a name is as text, and of how many labels.
fn lengths(name: &[u8]) -> (usize, usize) {
    match name {
        b"<Root>" => (6, 1),
        _ => (name.len(), name.split(|byte| *byte == b'.').count()),
    }
}

/// A type with what it is for, and its number.
struct TypeWithNumber(u16);

impl std::fmt::Display for TypeWithNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = self.0;
        let meaning = match number {
            1 => "Host Address",
            2 => "authoritative Name Server",
            5 => "Canonical NAME for an alias",
            6 => "Start Of a zone of Authority",
            12 => "domain name PoinTeR",
            13 => "host information",
            15 => "Mail eXchange",
            16 => "Text strings",
            28 => "IPv6 Address",
            33 => "Server Selection",
            35 => "Naming Authority Pointer",
            39 => "Non-Terminal DNS Name Redirection",
            43 => "Delegation Signer",
            46 => "Resource Record Signature",
            47 => "Next Secure",
            48 => "DNSKEY",
            50 => "NSEC3",
            64 => "General Purpose Service Endpoints",
            65 => "HTTPS Specific Service Endpoints",
            255 => return write!(f, "* (A request for all records the server/cache has available) (255)"),
            _ => "",
        };
        match meaning {
            "" => write!(f, "{} ({number})", type_name(number)),
            meaning => write!(f, "{} ({meaning}) ({number})", type_name(number)),
        }
    }
}
