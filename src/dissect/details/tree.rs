//! The lines of a frame's details: where each field stands in the frame, and its text, indented as deep as it lies.
//!
//! A line is `   4-23  │     Time to Live: 128`: first and last byte, counted from zero (an `r` before the number says that
//! they count in the reassembled packet), a rule, the text. What is worked out rather than read has no place. Knows no
//! protocol.

use std::fmt::{self, Arguments, Display, Formatter};
use std::io::Write as _;

use super::facts::{Facts, Part};
use super::known::Known;
use crate::dissect::payload::{Payload, Stop};
use crate::dissect::text::{write_format, write_text};
use crate::source::Frame;

/// Between a line's place and its text.
const RULE: &str = "│ ";
/// The most bytes of a field that are shown as such: Wireshark's limit.
const MAX_SHOWN: usize = 36;

/// A layer's bytes, and where they stand in the frame, or in the packet that was put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer<'a> {
    pub bytes: Payload<'a>,
    /// Where they begin.
    pub start: usize,
    /// Whether that counts in a packet that was put together.
    pub reassembled: bool,
}

impl<'a> Layer<'a> {
    pub(super) fn new(bytes: Payload<'a>, reassembled: bool) -> Self {
        Self { bytes, start: 0, reassembled }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn u8(&self, at: usize) -> Result<u8, Stop> {
        self.bytes.u8(at)
    }

    pub(super) fn be16(&self, at: usize) -> Result<u16, Stop> {
        self.bytes.be16(at)
    }

    pub(super) fn be32(&self, at: usize) -> Result<u32, Stop> {
        self.bytes.be32(at)
    }

    pub(super) fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Stop> {
        self.bytes.array(at)
    }

    pub(super) fn bytes(&self, at: usize, len: usize) -> Result<&'a [u8], Stop> {
        self.bytes.bytes(at, len)
    }

    /// Without its first `len` bytes.
    pub(super) fn after(self, len: usize) -> Self {
        Self { bytes: self.bytes.after(len), start: self.start.saturating_add(len), ..self }
    }

    /// Without what follows `len` bytes.
    pub(super) fn truncated(self, len: usize) -> Self {
        Self { bytes: self.bytes.truncated(len), ..self }
    }

    /// `len` bytes from `at` on, which may claim too much.
    pub(super) fn subset(self, at: usize, len: usize) -> Result<Self, Stop> {
        Ok(Self { bytes: self.bytes.subset(at, len)?, start: self.start.saturating_add(at), ..self })
    }
}

/// What is being written, and what the layers of one frame share.
pub(super) struct Tree<'t> {
    pub out: Vec<u8>,
    depth: usize,
    pub known: &'t mut Known,
    pub frame: &'t Frame<'t>,
    /// The protocols in the frame, by their short names.
    pub protocols: Vec<&'static str>,
    /// The protocol that is being read, as notes about it name it.
    pub current: &'static str,
    pub facts: Facts,
    /// Packets that were put together: what they are called, and their bytes.
    pub sources: Vec<(&'static str, Vec<u8>)>,
    /// The first VLAN tag's number, or zero.
    pub vlan: u16,
    /// Headers inside each other that may go on forever, so far.
    pub nested: u8,
    /// Whether what is read is a piece of a packet that was not put together.
    pub fragmented: bool,
    /// Whether an ICMP error quotes what is read.
    pub quoted: bool,
    /// Whether payload that nobody reads is also shown as a dump.
    pub dumps_data: bool,
}

impl<'t> Tree<'t> {
    pub(super) fn new(frame: &'t Frame<'t>, known: &'t mut Known, dumps_data: bool) -> Self {
        Self {
            out: Vec::new(),
            depth: 0,
            known,
            frame,
            protocols: Vec::new(),
            current: "",
            facts: Facts::default(),
            sources: Vec::new(),
            vlan: 0,
            nested: 0,
            fragmented: false,
            quoted: false,
            dumps_data,
        }
    }

    /// Takes note of a protocol: its short name, and the one that notes name it by.
    pub(super) fn enter(&mut self, short: &'static str, name: &'static str) {
        self.protocols.push(short);
        self.current = name;
    }

    /// Takes note of a stretch of the frame.
    pub(super) fn part(&mut self, part: Part, len: usize) {
        if !self.quoted && !self.facts.is_complete {
            self.facts.parts.push((part, len));
        }
    }

    /// A line for `len` bytes from `at` on.
    pub(super) fn field(&mut self, layer: &Layer<'_>, at: usize, len: usize, text: Arguments<'_>) {
        let first = layer.start.saturating_add(at);
        let source = if layer.reassembled { "r" } else { "" };
        let (start, end) = match len {
            0 => (String::new(), String::new()),
            1 => (format!("{source}{first}"), String::new()),
            _ => (format!("{source}{first}"), format!("-{}", first.saturating_add(len.saturating_sub(1)))),
        };
        write_format(&mut self.out, format_args!("{start:>4}{end:<6}"));
        self.text(text);
    }

    /// A line for something that was worked out.
    pub(super) fn note(&mut self, text: Arguments<'_>) {
        write_format(&mut self.out, format_args!("{:10}", ""));
        self.text(text);
    }

    /// A line for some bits of a field that is `width` bits wide.
    pub(super) fn bits(&mut self, layer: &Layer<'_>, at: usize, bits: Bits, text: Arguments<'_>) {
        self.field(layer, at, bits.width.div_ceil(8) as usize, format_args!("{bits} = {text}"));
    }

    /// A flag: the bit, and one of two words for it.
    pub(super) fn flag(&mut self, layer: &Layer<'_>, at: usize, bits: Bits, name: &str, words: [&str; 2]) {
        let [unset, set] = words;
        let word = if bits.is_set() { set } else { unset };
        self.bits(layer, at, bits, format_args!("{name}: {word}"));
    }

    /// What lies a step deeper.
    pub(super) fn under<R>(&mut self, lines: impl FnOnce(&mut Self) -> R) -> R {
        self.depth = self.depth.saturating_add(1);
        let result = lines(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    /// What stands at the left margin, however deep the layers around it.
    pub(super) fn at_margin<R>(&mut self, lines: impl FnOnce(&mut Self) -> R) -> R {
        let depth = std::mem::take(&mut self.depth);
        let result = lines(self);
        self.depth = depth;
        result
    }

    /// An empty line of the dump inside, or one of its rows.
    pub(super) fn dump_line(&mut self, place: Option<(&Layer<'_>, usize, usize)>, row: &[u8]) {
        match place {
            Some((layer, at, len)) => {
                let depth = std::mem::take(&mut self.depth);
                self.field(layer, at, len, format_args!("{}", String::from_utf8_lossy(row)));
                self.depth = depth;
            }
            None => write_format(&mut self.out, format_args!("{:10}│\n", "")),
        }
    }

    /// What Wireshark adds where something is remarkable.
    pub(super) fn expert(&mut self, severity: &str, group: &str, text: Arguments<'_>) {
        self.under(|tree| {
            tree.note(format_args!("[Expert Info ({severity}/{group}): {text}]"));
            tree.under(|tree| {
                tree.note(format_args!("[{text}]"));
                tree.note(format_args!("[Severity level: {severity}]"));
                tree.note(format_args!("[Group: {group}]"));
            });
        });
    }

    /// Says where reading ended, and why.
    pub(super) fn stopped(&mut self, stop: Stop) {
        let name = self.current;
        self.depth = 0;
        match stop {
            Stop::Cut => self.note(format_args!("[Packet size limited during capture: {name} truncated]")),
            Stop::Malformed | Stop::Contained if self.fragmented => {
                self.note(format_args!("[Unreassembled Packet: {name}]"));
            }
            Stop::Fragment => self.note(format_args!("[Unreassembled Packet: {name}]")),
            Stop::Contained => {
                let why = "length of contained item exceeds length of containing item";
                self.note(format_args!("[Malformed Packet: {name}: {why}]"));
                self.expert("Error", "Malformed", format_args!("Malformed Packet ({why})"));
            }
            Stop::Malformed | Stop::Overlap => {
                self.note(format_args!("[Malformed Packet: {name}]"));
                self.expert("Error", "Malformed", format_args!("Malformed Packet (Exception occurred)"));
            }
        }
    }

    fn text(&mut self, text: Arguments<'_>) {
        write_format(&mut self.out, format_args!("{RULE}{:1$}", "", self.depth.saturating_mul(4)));
        let start = self.out.len();
        // Writing into a Vec cannot fail.
        drop(self.out.write_fmt(text));
        // A line is one line, whatever it was made of.
        self.out.iter_mut().skip(start).filter(|byte| **byte < b' ').for_each(|byte| *byte = b'.');
        self.out.push(b'\n');
    }
}

/// Some bits of a field, displayed as `.... ..1.`.
#[derive(Clone, Copy)]
pub(super) struct Bits {
    pub value: u32,
    pub mask: u32,
    pub width: u32,
}

impl Bits {
    pub(super) fn of(value: impl Into<u32>, mask: u32, width: u32) -> Self {
        Self { value: value.into(), mask, width }
    }

    /// Whether one of them is set.
    pub(super) fn is_set(self) -> bool {
        self.value & self.mask != 0
    }

    /// The number that they make.
    pub(super) fn number(self) -> u32 {
        (self.value & self.mask).wrapping_shr(self.mask.trailing_zeros())
    }
}

impl Display for Bits {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for n in (0..self.width).rev() {
            let bit = 1_u32.wrapping_shl(n);
            f.write_str(match (self.mask & bit, self.value & bit) {
                (0, _) => ".",
                (_, 0) => "0",
                _ => "1",
            })?;
            if n % 4 == 0 && n > 0 {
                f.write_str(" ")?;
            }
        }
        Ok(())
    }
}

/// Names, each after a comma.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut list = String::new();
    for name in names {
        list.push_str(", ");
        list.push_str(name);
    }
    list
}

/// Text from the wire, escaped.
pub(super) struct Shown<'a>(pub &'a [u8]);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut out = Vec::with_capacity(self.0.len());
        write_text(&mut out, self.0);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

/// Bytes as hexadecimal digits, no more than Wireshark shows.
pub(super) struct Hex<'a>(pub &'a [u8]);

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().take(MAX_SHOWN).try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(if self.0.len() > MAX_SHOWN { "…" } else { "" })
    }
}

/// A link-layer address.
pub(super) struct Mac(pub [u8; 6]);

impl Display for Mac {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, octet) in self.0.into_iter().enumerate() {
            write!(f, "{}{octet:02x}", if n > 0 { ":" } else { "" })?;
        }
        Ok(())
    }
}

/// An IP address, as rows show it.
pub(super) struct Ip(pub std::net::IpAddr);

impl Display for Ip {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut out = Vec::new();
        crate::dissect::Address::Ip(self.0).write(&mut out);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

/// Seconds in words: `2 minutes, 5 seconds`.
pub(super) struct Span(pub u32);

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let secs = self.0;
        let parts =
            [(secs / 86400, "day"), (secs / 3600 % 24, "hour"), (secs / 60 % 60, "minute"), (secs % 60, "second")];
        let mut comma = "";
        for (count, unit) in parts.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{comma}{count} {unit}{}", if count == 1 { "" } else { "s" })?;
            comma = ", ";
        }
        f.write_str(if secs == 0 { "0 seconds" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(write: impl FnOnce(&mut Tree<'_>)) -> String {
        let frame = Frame {
            number: 1,
            time: crate::time::Timestamp(0),
            time_digits: None,
            record: crate::source::Record::Frame,
            wire_len: 4,
            link_type: crate::source::LinkType::NULL,
            data: &[],
            comments: crate::source::Comments::default(),
        };
        let mut known = Known::default();
        let mut tree = Tree::new(&frame, &mut known, false);
        write(&mut tree);
        String::from_utf8(tree.out).unwrap()
    }

    #[test]
    fn a_line_says_where_its_bytes_stand() {
        let shown = lines(|tree| {
            let layer = Layer::new(Payload::whole(&[1, 2, 3, 4]), false).after(2);
            tree.field(&layer, 0, 2, format_args!("Both"));
            tree.under(|tree| tree.field(&layer, 1, 1, format_args!("Second")));
            tree.note(format_args!("[Worked out]"));
            tree.field(&Layer { reassembled: true, ..layer }, 0, 2, format_args!("Elsewhere"));
        });
        let expected = "   2-3    │ Both\n   3      │     Second\n          │ [Worked out]\n  r2-3    │ Elsewhere\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn text_from_the_wire_can_t_break_out_of_its_line() {
        let layer = Layer::new(Payload::whole(&[1]), false);
        let shown = lines(|tree| tree.field(&layer, 0, 1, format_args!("{}\n", Shown(b"a\x1b[31m\nb"))));
        assert_eq!(shown, "   0      │ a\\033[31m\\nb.\n");
    }

    #[test]
    fn bits_and_spans_read_as_in_wireshark() {
        assert_eq!(Bits::of(0x45_u8, 0xf0, 8).to_string(), "0100 ....");
        assert_eq!(Bits::of(0x18_u8, 0x010, 12).to_string(), ".... ...1 ....");
        assert_eq!(Bits::of(0x8180_u16, 0x7800, 16).number(), 0);
        assert_eq!(Span(120).to_string(), "2 minutes");
        assert_eq!(Span(90_061).to_string(), "1 day, 1 hour, 1 minute, 1 second");
        assert_eq!(Span(0).to_string(), "0 seconds");
        assert_eq!(Hex(&[0xab; 36]).to_string().len(), 72);
        assert!(Hex(&[0xab; 37]).to_string().ends_with("ab…"));
    }
}
