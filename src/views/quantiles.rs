//! How spans are distributed: which of them so many percent do not exceed.
//!
//! Up to [`MAX_EXACT`] spans are kept as they are, and a quantile is one of them (the nearest rank). More of them go into
//! a histogram of three significant digits, whose size does not depend on how many there are.

use hdrhistogram::Histogram;

use crate::time::Delta;

/// The most spans that are kept one by one.
pub const MAX_EXACT: usize = 10_000;
const SIGNIFICANT_DIGITS: u8 = 3;
/// The longest span in a histogram, in nanoseconds: 146 years.
const LONGEST: u64 = i64::MAX.unsigned_abs() / 2;

/// A distribution of spans.
#[derive(Clone, Debug)]
pub enum Quantiles {
    /// All of them, as they came.
    Exact(Vec<Delta>),
    /// How many there are of each length, in nanoseconds; negative ones count as zero.
    Histogram(Histogram<u64>),
}

impl Default for Quantiles {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

impl Quantiles {
    /// Takes one more.
    pub fn add(&mut self, span: Delta) {
        if let Self::Exact(spans) = self {
            if spans.len() < MAX_EXACT {
                return spans.push(span);
            }
            // Only a number of digits above 5 is refused.
            let Ok(mut histogram) = Histogram::new(SIGNIFICANT_DIGITS) else { return };
            spans.drain(..).for_each(|span| record(&mut histogram, span));
            *self = Self::Histogram(histogram);
        }
        if let Self::Histogram(histogram) = self {
            record(histogram, span);
        }
    }

    /// What so many percent of them do not exceed, for each of `percents`, from 1 to 100; zero of none.
    #[must_use]
    pub fn at<const N: usize>(&self, percents: [u8; N]) -> [Delta; N] {
        match self {
            Self::Exact(spans) => {
                let mut sorted = spans.clone();
                sorted.sort_unstable();
                percents.map(|percent| {
                    let rank = (sorted.len() * usize::from(percent)).div_ceil(100);
                    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
                })
            }
            Self::Histogram(histogram) => percents.map(|percent| {
                let value = histogram.value_at_quantile(f64::from(percent) / 100.0);
                Delta(i64::try_from(histogram.median_equivalent(value)).unwrap_or(i64::MAX))
            }),
        }
    }
}

/// Records a span; the histogram grows as it has to.
fn record(histogram: &mut Histogram<u64>, span: Delta) {
    let nanos = u64::try_from(span.0).unwrap_or(0);
    // The largest value that it can grow to is the only one it refuses to exceed.
    let _ = histogram.record(nanos.min(LONGEST));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(spans: impl IntoIterator<Item = i64>) -> Quantiles {
        let mut quantiles = Quantiles::default();
        spans.into_iter().for_each(|span| quantiles.add(Delta(span)));
        quantiles
    }

    #[test]
    fn a_histogram_grows_with_the_longest_span_and_has_an_end() {
        let size = |longest: i64| match of((0..=MAX_EXACT).map(|_| longest)) {
            Quantiles::Exact(_) => panic!("more than are kept one by one"),
            Quantiles::Histogram(histogram) => histogram.distinct_values() * size_of::<u64>(),
        };
        assert!(size(60_000_000_000) <= 256 * 1024, "a minute, as long as a request is open");
        assert!(size(i64::MAX) <= 512 * 1024);
    }

    #[test]
    fn a_few_spans_have_quantiles_among_them() {
        assert_eq!(of([]).at([50]), [Delta(0)]);
        assert_eq!(of([7]).at([1, 50, 100]), [Delta(7); 3]);
        assert_eq!(of([40, 10, 30, 20]).at([50, 75, 76]), [20, 30, 40].map(Delta));
        let thousands = of((1..=10_000).rev().map(|n| n * 1_234_567));
        assert_eq!(thousands.at([50, 95, 99]), [5_000, 9_500, 9_900].map(|n| Delta(n * 1_234_567)));
    }

    #[test]
    fn many_spans_have_them_within_a_thousandth() {
        let many = of((1..=1_000_000).map(|n| n * 54_321));
        let Quantiles::Histogram(histogram) = &many else { panic!("a histogram") };
        assert!(histogram.len() == 1_000_000 && histogram.distinct_values() < 64 * 1024);
        for (percent, found) in [1, 50, 95, 99, 100].into_iter().zip(many.at([1, 50, 95, 99, 100])) {
            let exact = i64::from(percent) * 10_000 * 54_321;
            assert!((found.0 - exact).abs() <= exact / 1000, "{percent} %: {found:?} is not {exact}");
        }
    }

    #[test]
    fn spans_of_clocks_gone_wrong_are_taken() {
        let mut many = of([i64::MIN, i64::MAX]);
        assert_eq!(many.at([1, 100]), [Delta(i64::MIN), Delta(i64::MAX)]);
        (0..MAX_EXACT).for_each(|_| many.add(Delta(-1)));
        assert_eq!(many.at([50]), [Delta(0)]);
    }
}
