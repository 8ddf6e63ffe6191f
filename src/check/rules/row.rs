//! A claim as the rules see it: its cells as values, as far as they can be read.
//!
//! A sign that was not read with certainty makes the value around it unknown, so that no rule speaks of what the
//! report may not say. Info is read as Wireshark writes it for UDP and TCP.

use std::net::IpAddr;

use super::Finding;
use crate::check::clock::Shown;
use crate::check::{Cell, Claim, Column};

/// Stands for a sign that could not be read.
pub const UNREAD: char = '\u{fffd}';

/// A row's cells as values.
#[derive(Debug)]
pub struct Row {
    /// Which of the claims it is, from 0.
    pub index: usize,
    /// What other rows call it.
    pub label: String,
    pub number: Option<u64>,
    pub time: Option<Shown>,
    pub time_text: String,
    pub source: String,
    pub destination: String,
    pub protocol: String,
    pub length: Option<u64>,
    pub info: String,
    /// What Info says, where it is UDP's or TCP's.
    pub ports: Option<Ports>,
}

/// An Info of UDP or TCP.
#[derive(Debug, Default)]
pub struct Ports {
    pub from: u64,
    pub to: u64,
    pub len: Option<u64>,
    pub seq: Option<u64>,
    /// Sequence numbers that flags take.
    pub flags_take: u64,
    pub reset: bool,
    /// Bytes of the TCP options that are named, without what fills them up.
    pub options: u64,
    /// Whether these are all.
    pub options_known: bool,
    /// Whether Wireshark remarks on the segment or datagram.
    pub remark: bool,
}

impl Row {
    pub fn read(index: usize, claim: &Claim) -> Self {
        let text = |column| claim.cell(column).map(certain).unwrap_or_default();
        let shown = claim.text(Column::Number).trim();
        let (info, whole) = claim.cell(Column::Info).map(info).unwrap_or_default();
        let protocol = text(Column::Protocol);
        let ported = matches!(protocol.as_str(), "UDP" | "TCP");
        Self {
            index,
            label: if shown.is_empty() { index.saturating_add(1).to_string() } else { shown.to_owned() },
            number: text(Column::Number).parse().ok(),
            time: Shown::parse(&text(Column::Time)),
            time_text: text(Column::Time),
            source: text(Column::Source),
            destination: text(Column::Destination),
            length: text(Column::Length).split(' ').next().and_then(|length| length.parse().ok()),
            ports: if ported { Ports::read(&info, whole) } else { None },
            protocol,
            info,
        }
    }

    pub fn finding(&self, column: Column, text: String) -> Finding {
        Finding { row: self.index, column, fits: false, text }
    }

    /// The ports and data of a plain UDP row.
    pub fn datagram(&self) -> Option<(&Ports, u64)> {
        let ports = self.ports.as_ref().filter(|ports| self.protocol == "UDP" && !ports.remark)?;
        Some((ports, ports.len?))
    }

    /// Whether nothing but this computer's own loopback carried it.
    pub fn is_loopback(&self) -> bool {
        let own = |text: &str| text == "localhost" || text.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        own(&self.source) && own(&self.destination)
    }

    /// Whether the other row is this one, shown a second time.
    pub fn is_shown_again(&self, other: &Self) -> bool {
        self.number == other.number && self.time == other.time && self.info == other.info
    }
}

/// A cell's text, with what was not read with certainty marked; a cell that is cut ends in such a mark.
fn certain(cell: &Cell) -> String {
    let mut unsure = cell.unsure.iter().copied();
    let marked = cell.text.chars().map(|c| if unsure.next() == Some(true) && c.is_alphanumeric() { UNREAD } else { c });
    let mut text: String = marked.collect::<String>().trim().to_owned();
    if cell.cut || text.ends_with('…') || text.ends_with("...") {
        text.push(UNREAD);
    }
    text
}

/// Info's text, and whether it is all of it.
fn info(cell: &Cell) -> (String, bool) {
    let mut text = certain(cell);
    // Len may stand in the next line; when it stands in this one, what follows can be prose.
    if !cell.tail.is_empty() && !text.contains("Len=") {
        text.push(' ');
        text.push_str(&cell.tail.join(" "));
    } else if text.ends_with(|c: char| c.is_ascii_digit())
        && cell.tail.first().is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_digit()))
    {
        text.push(UNREAD);
    }
    let whole = cell.tail.is_empty() && !text.contains(UNREAD);
    (text, whole)
}

impl Ports {
    fn read(info: &str, whole: bool) -> Option<Self> {
        let remarked = info.starts_with('[');
        let text = if remarked { info.split_once("] ")?.1 } else { info };
        let (from, rest) = leading_number(text.trim_start())?;
        // The arrow may be misread or lost.
        let rest = rest.trim_start().trim_start_matches(|c| "→➔➝–—-+=~>»*".contains(c)).trim_start();
        let (to, rest) = leading_number(rest)?;
        if !rest.is_empty() && !rest.starts_with(' ') {
            return None;
        }
        // Where the capture cut the frame, options may be missing.
        let options_known = whole && !rest.contains("[Packet size limited");
        let rest = without_note(rest);
        let mut ports = Self { from, to, remark: remarked, options_known, ..Self::default() };
        let (flags, fields) = rest.trim_start().strip_prefix('[').and_then(|r| r.split_once(']')).unwrap_or(("", rest));
        ports.flags(flags);
        ports.fields(fields);
        Some(ports)
    }

    fn flags(&mut self, flags: &str) {
        for flag in flags.split(", ").filter(|flag| !flag.is_empty()) {
            match flag {
                "SYN" | "FIN" => self.flags_take += 1,
                "RST" => self.reset = true,
                "ACK" | "PSH" | "URG" | "ECE" | "CWR" | "AE" => {}
                _ => self.remark = true, // BAD UDP LENGTH, or flags that were misread
            }
        }
    }

    fn fields(&mut self, fields: &str) {
        let mut edges = 0;
        for field in fields.split_whitespace() {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            match name {
                "Seq" => self.seq = number(value),
                "Len" => self.len = number(value),
                "Ack" | "Win" | "TSecr" | "Urg" | "SRE" => {}
                "MSS" => self.options += 4,
                "WS" => self.options += 3,
                "SACK_PERM" => self.options += 2,
                "TSval" => self.options += 10,
                "SLE" => edges += 8,
                _ => (self.options_known, self.remark) = (false, true),
            }
        }
        self.options += if edges > 0 { edges + 2 } else { 0 };
    }
}

/// What follows the ports without a note in brackets at its end that changes no length.
fn without_note(rest: &str) -> &str {
    let notes =
        ["[Packet size limited during capture]", "[TCP segment of a reassembled PDU]", "[TCP PDU reassembled in"];
    let at = notes.iter().filter_map(|note| rest.find(note)).min();
    at.and_then(|at| rest.get(..at)).unwrap_or(rest)
}

/// The number that a text begins with, and what follows it.
fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((number(digits)?, rest))
}

fn number(text: &str) -> Option<u64> {
    // A sign would be taken, too.
    if text.starts_with('+') { None } else { text.parse().ok() }
}
