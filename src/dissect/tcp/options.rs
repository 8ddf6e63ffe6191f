//! TCP's options (RFC 9293 section 3.1): what the Info column says of them, and what they tell of the conversation.
//!
//! [`read`] goes through them once, and whoever listens takes what it needs: when a segment is dissected the state of
//! its conversation does, when its row is shown the text does. A length that can't be right is skipped as in Wireshark,
//! a read past an option's end ends dissection.

use super::analysis::{ACK, SYN, at_most, before};
use crate::dissect::fields::Fields;
use crate::dissect::payload::{Payload, Stop};
use crate::dissect::text::write_number;

/// Whoever hears what options say.
pub(super) trait Listener {
    /// A number, to follow its name.
    fn field(&mut self, _name: &str, _value: u32) {}
    /// Text to follow what is there.
    fn text(&mut self, _text: &str) {}
    /// Text to stand before what is there.
    fn lead(&mut self, _text: &str) {}
    /// The shift of the sender's windows.
    fn shift(&mut self, _shift: u8) {}
    /// The accurate ECN option, of whatever length.
    fn accurate_ecn(&mut self) {}
    /// SCPS capabilities.
    fn scps(&mut self) {}
}

/// What options may depend on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    pub flags: u16,
    /// The acknowledgment number, as the row shows it.
    pub ack: u32,
    /// What the edges of selective acknowledgments count from.
    pub peer_base: u32,
    /// Whether the sender has offered SCPS capabilities before.
    pub scps: bool,
}

/// Appends what the Info column says.
pub(super) struct Text<'a> {
    pub out: &'a mut Vec<u8>,
    /// Where the text of this segment starts.
    pub start: usize,
}

/// The bandwidths of a Quick-Start response (RFC 4782), by their number.
const QUICK_START: [&str; 16] = [
    "0 bit/s",
    "80 Kbit/s",
    "160 Kbit/s",
    "320 Kbit/s",
    "640 Kbit/s",
    "1.28 Mbit/s",
    "2.56 Mbit/s",
    "5.12 Mbit/s",
    "10.24 Mbit/s",
    "20.48 Mbit/s",
    "40.96 Mbit/s",
    "81.92 Mbit/s",
    "163.84 Mbit/s",
    "327.68 Mbit/s",
    "655.36 Mbit/s",
    "1.31072 Gbit/s",
];

/// SCPS capabilities (CCSDS 714.0-B-2), by the bits that stand for them.
const SCPS: [(u8, &str); 6] =
    [(0x80, "BETS"), (0x40, "SNACK1"), (0x20, "SNACK2"), (0x10, "COMP"), (0x08, "NLTS"), (0x07, "RESERVED")];

impl Listener for Text<'_> {
    fn field(&mut self, name: &str, value: u32) {
        self.out.extend_from_slice(name.as_bytes());
        write_number(self.out, value);
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn lead(&mut self, text: &str) {
        self.out.splice(self.start..self.start, text.bytes());
    }
}

/// What one pass over the options remembers.
struct Reader<'l, L> {
    header: Header,
    to: &'l mut L,
    /// The first two selective acknowledgments, and how many there were, over all options of the segment.
    acked: [(u32, u32); 2],
    acked_count: usize,
    probe: Probe,
}

/// What Riverbed's probe options of one segment said.
#[derive(Default)]
struct Probe {
    kind: Option<u8>,
    flags: u8,
}

/// Reads the options, which are the `len` bytes at `at`.
pub(super) fn read(
    bytes: Payload<'_>,
    at: usize,
    len: usize,
    header: Header,
    to: &mut impl Listener,
) -> Result<(), Stop> {
    // What most segments have, and nothing else: two fillers and the timestamps.
    if let (12, Ok([1, 1, 8, 10, a, b, c, d, e, f, g, h])) = (len, bytes.array(at)) {
        to.field(" TSval=", u32::from_be_bytes([a, b, c, d]));
        to.field(" TSecr=", u32::from_be_bytes([e, f, g, h]));
        return Ok(());
    }
    let end = at.saturating_add(len);
    let mut reader = Reader { header, to, acked: Default::default(), acked_count: 0, probe: Probe::default() };
    let mut at = at;
    let mut ended = false;
    while at < end {
        let kind = bytes.u8(at)?;
        let rest = end.saturating_sub(at);
        if ended && kind != 0 {
            bytes.bytes(at, rest)?;
            break;
        }
        if kind <= 1 {
            ended |= kind == 0;
            at = at.saturating_add(1);
            continue;
        }
        if rest < 2 {
            break;
        }
        let len = bytes.u8(at.saturating_add(1))?.into();
        if len < 2 {
            break;
        }
        if len > rest {
            bytes.bytes(at, rest.saturating_sub(2))?;
            break;
        }
        reader.option(kind, bytes.subset(at, len)?)?;
        at = at.saturating_add(len);
    }
    reader.probe_result();
    Ok(())
}

impl<L: Listener> Reader<'_, L> {
    /// Reads one option, kind and length included.
    fn option(&mut self, kind: u8, option: Payload<'_>) -> Result<(), Stop> {
        match (kind, option.len()) {
            (2, 4) => self.to.field(" MSS=", option.be16(2)?.into()),
            (3, 3) => {
                // What exceeds 14 counts as 14 (RFC 7323 section 2.3).
                let shift = option.u8(2)?.min(14);
                self.to.field(" WS=", 1_u32.wrapping_shl(shift.into()));
                self.to.shift(shift);
            }
            (4, _) => self.to.text(" SACK_PERM"),
            (5, _) => return self.selective_acks(option),
            (6 | 7, 6) => self.to.field(" ECHO=", option.be32(2)?),
            (8, 10) => {
                let (value, echo) = (option.be32(2)?, option.be32(6)?);
                self.to.field(" TSval=", value);
                self.to.field(" TSecr=", echo);
            }
            (11..=13, 6) => self.to.field(" CC=", option.be32(2)?),
            (19, len) => {
                self.to.text(" MD5");
                if len == 18 {
                    option.bytes(2, 16)?;
                }
            }
            (20, _) => return self.scps(option),
            // Wireshark reads the acknowledgment number out of the option, which is too short for it.
            (21, 6) => Fields::new(option, 0).skip(&[4, 2, 6])?,
            (27, 8) => {
                let rate = usize::from(option.u8(2)? & 0x0f);
                self.to.text(" QSresp=");
                self.to.text(QUICK_START.get(rate).copied().unwrap_or_default());
                option.u8(3)?;
            }
            (28, 4) => self.to.field(" USER_TO=", (option.be16(2)? & 0x7fff).into()),
            (29, len) => {
                self.to.text("TCP AO");
                if len >= 4 {
                    Fields::new(option, 0).skip(&[3, 1])?;
                    option.bytes(4, len.saturating_sub(4))?;
                }
            }
            (34, len) => {
                option.bytes(2, len.saturating_sub(2))?;
                self.fast_open(len);
            }
            // Another protocol: probes before it are of another layer.
            (30, _) => self.probe = Probe::default(),
            (76, _) => return self.probe(option),
            (78, len) => {
                self.to.lead("TRPY, ");
                if len == 16 {
                    Fields::new(option, 0).skip(&[4, 4, 4, 2, 2])?;
                }
            }
            (0xac | 0xae, len @ (2 | 5 | 8 | 11)) => {
                return self.accurate_ecn(kind == 0xac, option, 2, len.saturating_sub(2));
            }
            (0xfd | 0xfe, _) => return self.experiment(option),
            // Known, and nothing is said of them; or of a length that can't be.
            (2 | 3 | 6 | 7 | 8 | 11..=13 | 21..=23 | 27 | 28 | 0xac | 0xae, _) => {}
            (_, len) => drop(option.bytes(2, len.saturating_sub(2))?),
        }
        Ok(())
    }

    /// Selective acknowledgments (RFC 2018): edges in pairs.
    fn selective_acks(&mut self, option: Payload<'_>) -> Result<(), Stop> {
        let edge = |at| option.be32(at).map(|edge| edge.wrapping_sub(self.header.peer_base));
        let mut at = 2_usize;
        while at.saturating_add(4) <= option.len() {
            let left = edge(at)?;
            if at.saturating_add(8) > option.len() {
                break;
            }
            let right = edge(at.saturating_add(4))?;
            self.to.field(" SLE=", left);
            self.to.field(" SRE=", right);
            if let Some(slot) = self.acked.get_mut(self.acked_count) {
                *slot = (left, right);
            }
            self.acked_count = self.acked_count.saturating_add(1);
            at = at.saturating_add(8);
        }
        if at < option.len() {
            option.bytes(at, option.len().saturating_sub(at).min(3))?;
        }
        // A first range that was acknowledged before, or lies in the second, reports a duplicate (RFC 2883), and
        // Wireshark reads it again: where there is none, that ends dissection.
        let [first, second] = self.acked;
        let duplicate = at_most(first.1, self.header.ack)
            || (self.acked_count > 1 && before(second.0, first.1) && at_most(first.1, second.1));
        if duplicate {
            option.be32(2)?;
            option.be32(6)?;
        }
        Ok(())
    }

    /// SCPS capabilities, or what extends them.
    fn scps(&mut self, option: Payload<'_>) -> Result<(), Stop> {
        if option.len() == 4 {
            let capabilities = option.u8(2)?;
            if capabilities != 0 {
                self.to.text(" SCPS[");
                let mut between = "";
                for (_, name) in SCPS.iter().filter(|(bits, _)| capabilities & bits != 0) {
                    self.to.text(between);
                    self.to.text(name);
                    between = ", ";
                }
                self.to.text("]");
            }
            let connection = option.u8(3)?;
            self.header.scps = true;
            self.to.scps();
            if connection != 0 {
                self.to.field(" Connection ID=", connection.into());
            }
            return Ok(());
        }
        let mut at = 2_usize;
        while self.header.scps && at < option.len() {
            let space = option.u8(at)?;
            let len = usize::from(option.u8(at.saturating_add(1))? >> 4).saturating_mul(2);
            at = at.saturating_add(2);
            option.bytes(at, len)?;
            self.to.field(" EXCAP=", space.into());
            at = at.saturating_add(len);
        }
        Ok(())
    }

    /// Fast Open (RFC 7413): `len` is two more than the cookie's.
    fn fast_open(&mut self, len: usize) {
        self.to.text(if len == 2 { " TFO=R" } else { " TFO=C" });
    }

    /// The counters of accurate ECN, as many as there are: the `len` bytes at `at`.
    fn accurate_ecn(&mut self, ect0_first: bool, option: Payload<'_>, at: usize, len: usize) -> Result<(), Stop> {
        let names = if ect0_first { [" EE0B=", " ECEB=", " EE1B="] } else { [" EE1B=", " ECEB=", " EE0B="] };
        if len == 0 {
            self.to.text(" AccECN");
        }
        for (name, offset) in names.into_iter().zip((0..len).step_by(3)) {
            let [a, b, c] = option.array(at.saturating_add(offset))?;
            self.to.field(name, u32::from_be_bytes([0, a, b, c]));
        }
        self.to.accurate_ecn();
        Ok(())
    }

    /// Experiments, told apart by an identifier (RFC 6994).
    fn experiment(&mut self, option: Payload<'_>) -> Result<(), Stop> {
        let len = option.len();
        if len < 4 {
            return Ok(());
        }
        match (option.be16(2)?, len) {
            (0x00ac, 4) => self.to.text(" TARR"),
            (0x00ac, 5) => self.to.field(" TARR=", (option.u8(4)? >> 1).into()),
            (id @ (0xacc0 | 0xacc1), 4 | 7 | 10 | 13) => {
                return self.accurate_ecn(id == 0xacc0, option, 4, len.saturating_sub(4));
            }
            (0x00ac | 0xacc0 | 0xacc1, _) => {}
            (0xf989, _) => {
                option.bytes(4, len.saturating_sub(4))?;
                self.fast_open(len.saturating_sub(2));
            }
            (id, _) => {
                option.bytes(4, len.saturating_sub(4))?;
                self.to.text(&format!(" ExID={id:X}"));
            }
        }
        Ok(())
    }

    /// Riverbed's probe, in its two versions.
    fn probe(&mut self, option: Payload<'_>) -> Result<(), Stop> {
        if option.len() < 3 {
            return Ok(());
        }
        let word = option.u8(2)?;
        let first_version = word & 1 != 0;
        match if first_version { word >> 4 } else { word >> 1 } {
            2 if first_version => {}
            kind @ 0..11 if first_version => {
                Fields::new(option, 0).skip(&[4, 4])?;
                match kind {
                    0 | 3 | 4 => {
                        option.bytes(0, 10)?;
                        self.probe.kind = Some(kind);
                    }
                    1 | 5 => {
                        Fields::new(option, 0).skip(if kind == 1 { &[12, 2] } else { &[12, 4, 2] })?;
                        self.to.lead("SA+, ");
                    }
                    _ => {}
                }
            }
            kind @ (6 | 8 | 9) => {
                let flags = option.u8(3)?;
                if kind == 6 {
                    self.probe.flags = flags;
                } else {
                    option.be32(4)?;
                }
                if kind != 9 && flags & 1 != 0 && self.header.flags & (SYN | ACK) == SYN | ACK {
                    self.to.lead("SA++, ");
                }
            }
            7 | 10 => drop(option.u8(3)?),
            _ => {}
        }
        Ok(())
    }

    /// What all probes of a segment say together.
    fn probe_result(&mut self) {
        match self.probe {
            Probe { kind: None, .. } => {}
            Probe { kind: Some(3), .. } => self.to.lead("S#, "),
            Probe { flags, .. } => self.to.lead(if flags & 4 != 0 { "S+*, " } else { "S+, " }),
        }
    }
}
