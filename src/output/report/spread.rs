//! How response times are distributed, from the shortest to the longest by about equal factors.
//!
//! There are ten steps to each power of ten, from 100 ns to 1,000 s, whatever there is to count, and all begin at round
//! numbers; a drawing takes several of them together. What is shorter or longer counts in the first or the last.

use crate::time::Delta;

const PER_DECADE: usize = 10;
const DECADES: usize = 10;
const STEPS: usize = PER_DECADE * DECADES;
/// Where the steps of a power of ten begin, in tenths of it.
const TENTHS: [u64; PER_DECADE] = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];
/// Which of them begin a bin, where there is room for so many.
const LEVELS: [&[usize]; 4] = [&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[0, 3, 5, 7], &[0, 3, 7], &[0]];

/// Counts by how long they took.
#[derive(Clone, Debug)]
pub struct Spread {
    steps: [u64; STEPS],
    count: u64,
}

/// So many of at least `from` and below `to`, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// Where it begins.
    pub from: u64,
    /// Where the next begins.
    pub to: u64,
    /// How many.
    pub count: u64,
}

impl Default for Spread {
    fn default() -> Self {
        Self { steps: [0; STEPS], count: 0 }
    }
}

impl Spread {
    /// Takes one more.
    pub fn add(&mut self, span: Delta) {
        let nanos = u64::try_from(span.0).unwrap_or(0);
        let decade = nanos.checked_ilog10().map_or(0, |power| (power as usize).saturating_sub(2)).min(DECADES - 1);
        let first = decade * PER_DECADE;
        let within = (first + 1..first + PER_DECADE).take_while(|step| edge(*step) <= nanos).count();
        self.steps[first + within] += 1;
        self.count += 1;
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// `most` bins, or as few as can be, from the first that is not empty to the last.
    #[must_use]
    pub fn bins(&self, most: usize) -> Vec<Bin> {
        let mut bins = Vec::new();
        for level in LEVELS {
            bins = self.bins_of(level);
            if bins.len() <= most {
                break;
            }
        }
        bins
    }

    fn bins_of(&self, level: &[usize]) -> Vec<Bin> {
        let begins: Vec<usize> = (0..STEPS).filter(|step| level.contains(&(step % PER_DECADE))).collect();
        let ends = begins.iter().skip(1).copied().chain([STEPS]);
        let bins: Vec<Bin> = begins
            .iter()
            .zip(ends)
            .map(|(begin, end)| Bin { from: edge(*begin), to: edge(end), count: self.steps[*begin..end].iter().sum() })
            .collect();
        let first = bins.iter().position(|bin| bin.count > 0).unwrap_or(bins.len());
        let last = bins.iter().rposition(|bin| bin.count > 0).map_or(first, |last| last + 1);
        bins[first..last].to_vec()
    }
}

/// Where a step begins, in nanoseconds.
fn edge(step: usize) -> u64 {
    let power = u32::try_from(step / PER_DECADE).unwrap_or(0) + 1;
    TENTHS[step % PER_DECADE] * 10_u64.pow(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_all_and_grow_with_what_they_have_to_hold() {
        let mut spread = Spread::default();
        assert!(spread.bins(20).is_empty());
        for span in [180_000, 691_000, 767_000, 1_571_000, 10_128_000] {
            spread.add(Delta(span));
        }
        let bins = spread.bins(12);
        assert!(bins.len() <= 12 && bins.iter().map(|bin| bin.count).sum::<u64>() == 5, "{bins:?}");
        assert_eq!(bins.first(), Some(&Bin { from: 100_000, to: 200_000, count: 1 }));
        assert_eq!(bins.last(), Some(&Bin { from: 10_000_000, to: 20_000_000, count: 1 }));
        spread.add(Delta(i64::MAX));
        spread.add(Delta(i64::MIN));
        let bins = spread.bins(12);
        assert!(bins.len() <= 12 && bins.iter().map(|bin| bin.count).sum::<u64>() == 7, "{bins:?}");
    }

    #[test]
    fn a_round_time_is_the_first_of_its_bin() {
        for (span, from) in [(1_000_000, 1_000_000), (999_999, 800_000), (100, 100), (10_000_000_000, 10_000_000_000)] {
            let mut spread = Spread::default();
            spread.add(Delta(span));
            assert_eq!(spread.bins(5)[0].from, from, "{span}");
        }
    }
}
