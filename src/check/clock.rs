//! The Time column as reports show it, in any of Wireshark's formats and with any number of decimals, as a value.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::time::{Delta, NANOS_PER_SEC, Timestamp};

/// Nanoseconds in a day.
pub const DAY: i64 = 86_400 * NANOS_PER_SEC;

/// A time as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Nanoseconds since whatever the column counts from.
    pub nanos: i64,
    /// How many decimals it has; nine at most.
    pub digits: u8,
    /// What it counts from.
    pub origin: Origin,
}

/// What a time counts from, as far as it can be seen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A number of seconds: since the first frame, the one before, or 1970.
    Some,
    /// A time of day: midnight, somewhere.
    Midnight,
    /// A date and a time: 1970, somewhere.
    Epoch,
}

/// What a table's Time column turns out to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Time since the first frame, moved by so many nanoseconds.
    Shifted(i64),
    /// Time since the frame before.
    SinceBefore,
    /// Time since the row before.
    SinceRow,
}

/// A frame's times.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// When it was captured.
    pub time: Timestamp,
    /// Since the first frame.
    pub relative: Delta,
    /// Since the frame before.
    pub since_before: Delta,
}

impl Shown {
    /// Reads a cell.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('Z').trim_end_matches(['s', ' ']);
        if text.contains(':') {
            return Self::parse_civil(text);
        }
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let negative = whole.starts_with('-');
        let whole: i64 = whole.parse().ok()?;
        let (fraction, digits) = nanos_of(fraction)?;
        let nanos = whole.checked_mul(NANOS_PER_SEC)?;
        let nanos = if negative { nanos.checked_sub(fraction)? } else { nanos.checked_add(fraction)? };
        Some(Self { nanos, digits, origin: Origin::Some })
    }

    fn parse_civil(text: &str) -> Option<Self> {
        let text = text.replace(',', ".").replace('/', "-");
        let (date, time) = text.split_once([' ', 'T']).map_or((None, text.as_str()), |(date, time)| (Some(date), time));
        let digits = time.split_once('.').map_or(0, |(_, fraction)| fraction.len().min(9));
        let time: Time = time.parse().ok()?;
        let (origin, date) = match date {
            None => (Origin::Midnight, Date::constant(1970, 1, 1)),
            Some(date) => (Origin::Epoch, date.parse().ok()?),
        };
        let moment = DateTime::from_parts(date, time).to_zoned(TimeZone::UTC).ok()?.timestamp();
        let nanos = i64::try_from(moment.as_nanosecond()).ok()?;
        Some(Self { nanos, digits: u8::try_from(digits).ok()?, origin })
    }

    /// Nanoseconds of its last decimal.
    #[must_use]
    pub fn unit(self) -> i64 {
        10_i64.pow(9 - u32::from(self.digits.min(9)))
    }

    /// Whether `nanos`, cut or rounded to as many decimals, is shown so.
    #[must_use]
    pub fn shows(self, nanos: i64) -> bool {
        let (unit, shown) = (self.unit(), self.nanos / self.unit());
        let cut = nanos / unit;
        cut == shown || (nanos.saturating_add(unit / 2)).div_euclid(unit) == shown
    }

    /// How far the column is from the time since the first frame, if this is the frame.
    #[must_use]
    pub fn shift(self, moment: Moment) -> i64 {
        let unit = self.unit();
        let shift = (self.nanos / unit).saturating_sub(moment.relative.0 / unit).saturating_mul(unit);
        if self.origin == Origin::Midnight { shift.rem_euclid(DAY) } else { shift }
    }

    /// Whether this is how `clock` shows a frame; `row_before` is the time since the row before.
    #[must_use]
    pub fn agrees(self, clock: Clock, moment: Moment, row_before: Option<Delta>) -> bool {
        match clock {
            Clock::Shifted(shift) => {
                let nanos = moment.relative.0.saturating_add(shift);
                // A shift is known no better than to a decimal.
                let near =
                    |nanos: i64| self.shows(nanos) || (shift != 0 && self.shows(nanos.saturating_add(self.unit())));
                near(nanos) || (self.origin == Origin::Midnight && near(nanos.rem_euclid(DAY)))
            }
            Clock::SinceBefore => self.shows(moment.since_before.0),
            Clock::SinceRow => row_before.is_none_or(|delta| self.shows(delta.0)),
        }
    }
}

/// The nanoseconds that decimals are, and how many decimals there are.
fn nanos_of(fraction: &str) -> Option<(i64, u8)> {
    let digits = fraction.len().min(9);
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos: i64 = if digits == 0 { 0 } else { fraction.get(..digits)?.parse().ok()? };
    Some((nanos * 10_i64.pow(9 - u32::try_from(digits).ok()?), u8::try_from(digits).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_values_whatever_their_decimals() {
        let shown = |text: &str| Shown::parse(text).unwrap();
        assert!(shown("12.878387").shows(12_878_387_000));
        assert!(shown("12.878").shows(12_878_387_000), "cut");
        assert!(shown("12.88").shows(12_878_387_000), "rounded");
        assert!(shown("12,878387000").shows(12_878_387_000), "a decimal comma");
        assert!(!shown("12.878386").shows(12_878_387_000));
        assert!(shown("-0.000001").shows(-1_000));
        assert_eq!(shown("1970-01-01 00:00:12.5").nanos, 12_500_000_000);
        assert_eq!(shown("00:00:12.5").origin, Origin::Midnight);
        assert_eq!(Shown::parse("12.8a8"), None);
        assert_eq!(Shown::parse(""), None);
        assert_eq!(Shown::parse("99999999999999999999.1"), None);
    }
}
