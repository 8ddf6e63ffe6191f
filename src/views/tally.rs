//! Figures over exchanges: how many met which fate, and how long responses took.
//!
//! Constant size, whatever it counts. Sums are exact, since a deviation is a small difference between large ones.

use super::{Exchange, Status};
use crate::time::Delta;

/// Counts by fate, with the response times of those answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Requests with a response in time.
    pub answered: u64,
    /// Requests with a response after the timeout.
    pub late: u64,
    /// Requests without a response.
    pub unanswered: u64,
    /// Requests that an ICMP error quotes.
    pub refused: u64,
    /// Copies of requests, and further responses.
    pub duplicate: u64,
    /// Responses that nothing asked for.
    pub unsolicited: u64,
    /// Requests whose response came after that to a later one, among answered and late.
    pub reordered: u64,
    /// Response times, of answered and late.
    pub rtt: Times,
}

/// A row of spans.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    count: u64,
    /// The shortest.
    pub min: Delta,
    /// The longest.
    pub max: Delta,
    sum: i128,
    /// Of the squares; saturates, where clocks have gone wrong.
    squares: u128,
}

/// How much spans vary from one to the next: the estimate of RFC 3550 (section 6.4.1, appendix A.8), with response
/// times in place of transit times, since both ends of an exchange are seen at one place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jitter {
    last: Option<Delta>,
    /// 16 times the jitter: the estimate moves by a 16th of each difference.
    sixteenfold: i64,
}

impl Tally {
    /// Counts one exchange.
    pub fn add<R>(&mut self, exchange: &Exchange<R>) {
        *match exchange.status {
            Status::Answered => &mut self.answered,
            Status::Late => &mut self.late,
            Status::Unanswered => &mut self.unanswered,
            Status::Refused => &mut self.refused,
            Status::Duplicate => &mut self.duplicate,
            Status::Unsolicited => &mut self.unsolicited,
        } += 1;
        self.reordered += u64::from(exchange.reordered);
        if let Some(rtt) = exchange.response_time() {
            self.rtt.add(rtt);
        }
    }

    /// Whether there was not even a stray response.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests() + self.duplicate + self.unsolicited == 0
    }

    /// How many requests there were.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.answered + self.late + self.unanswered + self.refused
    }

    /// Requests that got no response, refused ones among them, in percent of all.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // a percentage of counts far below 2^52
    pub fn lost_percent(&self) -> f64 {
        let lost = self.unanswered + self.refused;
        100.0 * lost as f64 / self.requests().max(1) as f64
    }
}

impl Times {
    /// Takes one more.
    pub fn add(&mut self, span: Delta) {
        if self.count == 0 {
            (self.min, self.max) = (span, span);
        }
        self.count += 1;
        self.min = self.min.min(span);
        self.max = self.max.max(span);
        self.sum += i128::from(span.0);
        let size = u128::from(span.0.unsigned_abs());
        self.squares = self.squares.saturating_add(size * size);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Their mean, 0 of none.
    #[must_use]
    pub fn mean(&self) -> Delta {
        let mean = self.sum / i128::from(self.count.max(1));
        Delta(i64::try_from(mean).unwrap_or(i64::MAX))
    }

    /// Their standard deviation.
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // exact until the difference is taken
    pub fn deviation(&self) -> Delta {
        let count = u128::from(self.count.max(1));
        let sum = self.sum.unsigned_abs();
        // Without the square of the sum, which may be too large: sum * sum / count, in two parts.
        let (mean, rest) = (sum / count, sum % count);
        let of_the_mean = mean.saturating_mul(sum).saturating_add(rest * mean + rest * rest / count);
        let variance = self.squares.saturating_sub(of_the_mean) as f64 / count as f64;
        Delta(variance.sqrt() as i64)
    }
}

impl Jitter {
    /// Takes one more, in the order of their arrival.
    pub fn add(&mut self, span: Delta) {
        let difference = self.last.map_or(0, |last| span.0.saturating_sub(last.0).saturating_abs());
        let moved = self.sixteenfold.saturating_add(difference);
        self.sixteenfold = moved.saturating_sub((self.sixteenfold.saturating_add(8)) >> 4);
        self.last = Some(span);
    }

    /// The estimate now.
    #[must_use]
    pub fn value(&self) -> Delta {
        Delta(self.sixteenfold >> 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn times(spans: impl IntoIterator<Item = i64>) -> Times {
        let mut times = Times::default();
        spans.into_iter().for_each(|span| times.add(Delta(span)));
        times
    }

    #[test]
    fn times_have_mean_and_deviation() {
        let times = times([1_000, 3_000, 1_000, 3_000]);
        assert_eq!((times.min, times.mean(), times.max), (Delta(1_000), Delta(2_000), Delta(3_000)));
        assert_eq!(times.deviation(), Delta(1_000));
    }

    #[test]
    fn a_deviation_of_a_microsecond_is_seen_in_intervals_of_an_hour() {
        const HOUR: i64 = 3_600_000_000_000;
        assert_eq!(times((0..10_000).map(|n| HOUR + n % 2 * 2_000)).deviation(), Delta(1_000));
        assert_eq!(times([i64::MAX, i64::MIN, i64::MAX]).min, Delta(i64::MIN));
        assert!(times([i64::MIN; 9]).deviation() >= Delta(0), "whatever the clocks say");
    }

    #[test]
    fn jitter_is_as_in_rfc_3550() {
        let mut jitter = Jitter::default();
        for span in [1_000, 3_000, 1_000, 3_000] {
            jitter.add(Delta(span));
        }
        // three differences of 2000: 2000, then 2000 + 2000 - 125, then that + 2000 - 242; over 16
        assert_eq!(jitter.value(), Delta((3_875 + 2_000 - 242) / 16));
    }

    #[test]
    fn lost_are_the_refused_and_the_unanswered() {
        let mut tally = Tally::default();
        for status in [Status::Answered, Status::Late, Status::Unanswered, Status::Refused, Status::Duplicate] {
            let (time, request, response, rtt) = (Timestamp(0), Some(()), Some(()), Some(Delta(1)));
            tally.add(&Exchange { status, time, ends: None, service: None, request, response, rtt, reordered: false });
        }
        assert_eq!(tally.requests(), 4);
        assert!((tally.lost_percent() - 50.0).abs() < f64::EPSILON);
        assert_eq!(Tally::default().lost_percent().to_bits(), 0.0_f64.to_bits());
    }
}
