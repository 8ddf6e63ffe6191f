//! Time stamps, the spans between them, and Wireshark's Time column in every `-t` format.
//!
//! Everything is whole nanoseconds in an `i64` (years 1677 to 2262), so that differences are exact and small; what a
//! capture claims beyond that range is held at its ends. Must not know where a time stamp came from: how a file counts
//! (ticks, offsets) is `source`'s business.

use std::io::Write as _;
use std::sync::OnceLock;

use jiff::tz::TimeZone;

use crate::decimal::{write_fraction, write_number};

/// Nanoseconds in a second.
pub const NANOS_PER_SEC: i64 = 1_000_000_000;

/// A moment: nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

/// A span between two moments, in nanoseconds; negative where time went backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delta(pub i64);

impl Timestamp {
    /// The span from `earlier` to this moment.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> Delta {
        Delta(self.0.saturating_sub(earlier.0))
    }
}

/// What the Time column shows: the letters of tshark's `-t`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeFormat {
    /// `r`: seconds since the first frame.
    #[default]
    Relative,
    /// `a`: local time of day.
    Absolute,
    /// `ad`: local date and time.
    AbsoluteDate,
    /// `d`: seconds since the frame before.
    Delta,
    /// `dd`: seconds since the row shown before.
    DeltaDisplayed,
    /// `e`: seconds since 1970.
    Epoch,
    /// `u`: UTC time of day.
    Utc,
    /// `ud`: UTC date and time.
    UtcDate,
}

/// One value of the Time column, ready to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeCell {
    /// What the format counts, in nanoseconds: since the first frame, or 1970, or the frame before.
    pub nanos: i64,
    /// How that is written.
    pub style: TimeStyle,
}

/// How a value of the Time column is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeStyle {
    /// Decimals; none where there is no time.
    digits: Option<u8>,
    format: TimeFormat,
}

impl TimeCell {
    /// Appends the cell as Wireshark shows it, with as many decimals as the capture's clock had; nothing without a time.
    pub fn write(self, out: &mut Vec<u8>) {
        let Some(digits) = self.style.digits else {
            return;
        };
        match self.style.format {
            TimeFormat::Absolute => self.write_civil(out, digits, "%H:%M:%S", local_zone()),
            TimeFormat::AbsoluteDate => self.write_civil(out, digits, "%Y-%m-%d %H:%M:%S", local_zone()),
            TimeFormat::Utc => self.write_civil(out, digits, "%H:%M:%S", &TimeZone::UTC),
            TimeFormat::UtcDate => self.write_civil(out, digits, "%Y-%m-%d %H:%M:%S", &TimeZone::UTC),
            _ => write_seconds(out, self.nanos, digits),
        }
    }

    /// Appends the column's time, or span, as seconds with nine decimals, whatever the format.
    pub fn write_nanos(self, out: &mut Vec<u8>) {
        write_seconds(out, self.nanos, 9);
    }

    fn write_civil(self, out: &mut Vec<u8>, digits: u8, format: &str, zone: &TimeZone) {
        let Ok(moment) = jiff::Timestamp::from_nanosecond(i128::from(self.nanos)) else {
            return; // i64 nanoseconds lie well inside jiff's years -9999 to 9999
        };
        // Writing into a Vec cannot fail, and these formats ask for nothing that a zoned time lacks.
        let _ = write!(out, "{}", moment.to_zoned(zone.clone()).strftime(format));
        write_fraction(out, self.nanos.rem_euclid(NANOS_PER_SEC).unsigned_abs(), digits);
    }
}

/// The time zone of this machine, as it is when it is first asked for.
fn local_zone() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(TimeZone::system)
}

/// Finds out the time zone of this machine, for a process that may soon open no file any more.
pub fn know_local_zone() {
    local_zone();
}

/// The state that the Time column needs from row to row.
#[derive(Debug, Default)]
pub struct TimeColumn {
    format: TimeFormat,
    first: Option<Timestamp>,
    before: Option<Timestamp>,
    shown: Option<Timestamp>,
}

impl TimeColumn {
    /// A column in this format, before the first frame.
    #[must_use]
    pub fn new(format: TimeFormat) -> Self {
        Self { format, ..Self::default() }
    }

    /// Takes the next frame's time, to be called once for every frame, and says what the column shows for it.
    pub fn next(&mut self, time: Timestamp, digits: Option<u8>) -> TimeCell {
        let first = *self.first.get_or_insert(time);
        let nanos = match self.format {
            TimeFormat::Relative => time.since(first).0,
            TimeFormat::Delta => time.since(self.before.unwrap_or(time)).0,
            TimeFormat::DeltaDisplayed => time.since(self.shown.unwrap_or(time)).0,
            _ => time.0,
        };
        self.before = Some(time);
        TimeCell { nanos, style: TimeStyle { digits, format: self.format } }
    }

    /// Takes note that the row of the frame taken last is shown.
    pub fn shown(&mut self) {
        self.shown = self.before;
    }
}

/// Appends seconds with `digits` decimals (0 to 9), cut, not rounded, as Wireshark does.
pub fn write_seconds(out: &mut Vec<u8>, nanos: i64, digits: u8) {
    if nanos < 0 {
        out.push(b'-');
    }
    let nanos = nanos.unsigned_abs();
    let per_sec = NANOS_PER_SEC.unsigned_abs();
    write_number(out, nanos / per_sec);
    write_fraction(out, nanos % per_sec, digits);
}

/// Appends a span as a person reads it: milliseconds to the microsecond, without the unit.
pub fn write_millis(out: &mut Vec<u8>, delta: Delta) {
    // 1000 times the seconds are the milliseconds; what leaves the range is a capture with absurd clocks.
    write_seconds(out, delta.0.saturating_mul(1000), 3);
}

/// A span as [`write_millis`] writes it.
#[must_use]
pub fn millis(delta: Delta) -> String {
    written(|out| write_millis(out, delta))
}

/// Seconds with `digits` decimals, as [`write_seconds`] writes them.
#[must_use]
pub fn seconds(nanos: i64, digits: u8) -> String {
    written(|out| write_seconds(out, nanos, digits))
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::with_capacity(16);
    write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_cut_to_the_digits_of_the_clock() {
        assert_eq!(seconds(12_878_387_999, 6), "12.878387");
        assert_eq!(seconds(12_878_387_999, 9), "12.878387999");
        assert_eq!(seconds(-1_500, 6), "-0.000001");
        assert_eq!(seconds(7_000_000_000, 0), "7");
        assert_eq!(seconds(i64::MIN, 9), "-9223372036.854775808");
    }

    #[test]
    fn the_column_counts_from_the_frame_that_its_format_names() {
        let times = [10, 12, 17].map(|s| Timestamp(s * NANOS_PER_SEC));
        let column = |format| {
            let mut column = TimeColumn::new(format);
            let mut cells = Vec::new();
            for (n, time) in times.into_iter().enumerate() {
                let mut text = Vec::new();
                column.next(time, Some(0)).write(&mut text);
                cells.push(String::from_utf8(text).unwrap());
                if n != 1 {
                    column.shown();
                }
            }
            cells
        };
        assert_eq!(column(TimeFormat::Relative), ["0", "2", "7"]);
        assert_eq!(column(TimeFormat::Delta), ["0", "2", "5"]);
        assert_eq!(column(TimeFormat::DeltaDisplayed), ["0", "2", "7"]);
        assert_eq!(column(TimeFormat::Epoch), ["10", "12", "17"]);
        assert_eq!(column(TimeFormat::UtcDate)[2], "1970-01-01 00:00:17");
    }

    #[test]
    fn milliseconds_keep_the_microseconds() {
        assert_eq!(millis(Delta(1_571_999)), "1.571");
        assert_eq!(millis(Delta(-2_000_000_000)), "-2000.000");
    }
}
