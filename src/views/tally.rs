//! Figures over exchanges: how many met which fate, and how long responses took.
//!
//! Constant size, whatever it counts. Jitter is RFC 3550's estimate (section 6.4.1, appendix A.8), over response times
//! instead of transit times, since both ends of an exchange are seen at one place.

use super::Status;
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
    /// Further responses.
    pub duplicate: u64,
    /// Responses that nothing asked for.
    pub unsolicited: u64,
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
    squares: f64,
    last: Delta,
    /// 16 times the jitter: the estimate moves by a 16th of each difference.
    jitter16: i64,
}

impl Tally {
    /// Counts one exchange.
    pub fn add(&mut self, status: Status, rtt: Option<Delta>) {
        *match status {
            Status::Answered => &mut self.answered,
            Status::Late => &mut self.late,
            Status::Unanswered => &mut self.unanswered,
            Status::Refused => &mut self.refused,
            Status::Duplicate => &mut self.duplicate,
            Status::Unsolicited => &mut self.unsolicited,
        } += 1;
        if let (Status::Answered | Status::Late, Some(rtt)) = (status, rtt) {
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
    #[allow(clippy::cast_precision_loss)] // a deviation needs no more than 52 bits
    pub fn add(&mut self, span: Delta) {
        if self.count == 0 {
            (self.min, self.max, self.last) = (span, span, span);
        }
        self.count += 1;
        self.min = self.min.min(span);
        self.max = self.max.max(span);
        self.sum += i128::from(span.0);
        self.squares += (span.0 as f64).powi(2);
        let difference = span.0.saturating_sub(self.last.0).saturating_abs();
        self.jitter16 = self.jitter16.saturating_add(difference).saturating_sub((self.jitter16.saturating_add(8)) >> 4);
        self.last = span;
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
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // as for `add`
    pub fn deviation(&self) -> Delta {
        let count = self.count.max(1) as f64;
        let mean = self.sum as f64 / count;
        Delta((self.squares / count - mean * mean).max(0.0).sqrt() as i64)
    }

    /// How much they vary from one to the next.
    #[must_use]
    pub fn jitter(&self) -> Delta {
        Delta(self.jitter16 >> 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_mean_deviation_and_jitter() {
        let mut times = Times::default();
        for span in [1_000, 3_000, 1_000, 3_000] {
            times.add(Delta(span));
        }
        assert_eq!((times.min, times.mean(), times.max), (Delta(1_000), Delta(2_000), Delta(3_000)));
        assert_eq!(times.deviation(), Delta(1_000));
        // three differences of 2000: 2000, then 2000 + 2000 - 125, then that + 2000 - 242; over 16
        assert_eq!(times.jitter(), Delta((3_875 + 2_000 - 242) / 16));
    }

    #[test]
    fn lost_are_the_refused_and_the_unanswered() {
        let mut tally = Tally::default();
        for status in [Status::Answered, Status::Late, Status::Unanswered, Status::Refused, Status::Duplicate] {
            tally.add(status, Some(Delta(1)));
        }
        assert_eq!(tally.requests(), 4);
        assert!((tally.lost_percent() - 50.0).abs() < f64::EPSILON);
        assert_eq!(Tally::default().lost_percent().to_bits(), 0.0_f64.to_bits());
    }
}
