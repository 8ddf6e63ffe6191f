//! What became of requests in the course of a capture, in as much memory for an hour as for a second.
//!
//! Up to [`MAX_EXACT`] requests are kept as they are. Of more there are [`MAX_SLICES`] slices of time at most, each with its
//! counts, its fastest and its slowest response: where time outgrows them, two become one. So every extreme stays, and
//! every slice with a loss has one. Knows nothing of drawing.

use crate::time::{Delta, Timestamp};
use crate::views::Status;

/// The most requests that are kept one by one.
pub const MAX_EXACT: usize = 1_000;
/// The most slices; even, since they are joined two by two.
pub const MAX_SLICES: u16 = 512;
/// How long a slice is in the beginning, in nanoseconds.
const FIRST_WIDTH: i64 = 1_000;

/// A request, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When it was sent.
    pub at: Timestamp,
    /// Its fate.
    pub status: Status,
    /// How long the response took, where there was one.
    pub rtt: Option<Delta>,
}

/// What happened in a slice of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Requests with a response, late or not.
    pub answered: u64,
    /// Requests without one.
    pub lost: u64,
    /// Requests that an error came for.
    pub refused: u64,
    fastest: Option<Point>,
    slowest: Option<Point>,
    first_lost: Option<Point>,
    first_refused: Option<Point>,
}

/// The requests of a capture, in the order of time.
#[derive(Debug)]
pub struct Course {
    exact: Vec<Point>,
    count: u64,
    slices: Vec<Slice>,
    begin: Timestamp,
    width: i64,
    /// The first request, and the last response or request.
    ends: (Timestamp, Timestamp),
}

impl Default for Course {
    fn default() -> Self {
        Self {
            exact: Vec::new(),
            count: 0,
            slices: Vec::new(),
            begin: Timestamp(0),
            width: FIRST_WIDTH,
            ends: <_>::default(),
        }
    }
}

impl Course {
    /// Takes one more.
    pub fn add(&mut self, point: Point) {
        if self.count == 0 {
            self.begin = point.at;
            self.ends = (point.at, point.at);
        }
        let last = point.rtt.map_or(point.at, |rtt| Timestamp(point.at.0.saturating_add(rtt.0)));
        self.ends = (self.ends.0.min(point.at), self.ends.1.max(last));
        self.count += 1;
        if self.exact.len() < MAX_EXACT {
            self.exact.push(point);
        }
        let since = point.at.since(self.begin).0.max(0);
        while since / self.width >= i64::from(MAX_SLICES) {
            self.join();
        }
        let place = usize::try_from(since / self.width).unwrap_or(0);
        if self.slices.len() <= place {
            self.slices.resize(place + 1, Slice::default());
        }
        self.slices[place].add(point);
    }

    /// Makes slices twice as long.
    fn join(&mut self) {
        self.width = self.width.saturating_mul(2);
        self.slices = self.slices.chunks(2).map(Slice::of).collect();
    }

    /// How many requests there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// When the first request was sent, and when the last response came or the last request was sent.
    #[must_use]
    pub fn ends(&self) -> (Timestamp, Timestamp) {
        self.ends
    }

    /// Whether every request is among the points.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.count <= MAX_EXACT as u64
    }

    /// The requests, or those that stand for them.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        let exact = self.is_exact().then_some(&self.exact).into_iter().flatten().copied();
        let slices = (!self.is_exact()).then_some(&self.slices).into_iter().flatten();
        exact.chain(slices.flat_map(Slice::points))
    }

    /// The course in `count` slices at most, each with when it begins and how long it is.
    #[must_use]
    pub fn slices(&self, count: usize) -> Vec<(Timestamp, Delta, Slice)> {
        let together = self.slices.len().div_ceil(count).max(1);
        let width = self.width.saturating_mul(i64::try_from(together).unwrap_or(i64::MAX));
        let begins = (0..).map(|n: i64| Timestamp(self.begin.0.saturating_add(width.saturating_mul(n))));
        begins.zip(self.slices.chunks(together)).map(|(begin, part)| (begin, Delta(width), Slice::of(part))).collect()
    }
}

impl Slice {
    fn of(parts: &[Self]) -> Self {
        let mut whole = Self::default();
        for part in parts {
            whole.answered += part.answered;
            whole.lost += part.lost;
            whole.refused += part.refused;
            for point in part.points() {
                whole.mark(point);
            }
        }
        whole
    }

    fn add(&mut self, point: Point) {
        *match point.status {
            Status::Refused => &mut self.refused,
            status if status.is_answered() => &mut self.answered,
            _ => &mut self.lost,
        } += 1;
        self.mark(point);
    }

    fn mark(&mut self, point: Point) {
        match point.status {
            Status::Refused => _ = self.first_refused.get_or_insert(point),
            status if status.is_answered() => {
                if self.fastest.is_none_or(|fastest| point.rtt < fastest.rtt) {
                    self.fastest = Some(point);
                }
                if self.slowest.is_none_or(|slowest| point.rtt > slowest.rtt) {
                    self.slowest = Some(point);
                }
            }
            _ => _ = self.first_lost.get_or_insert(point),
        }
    }

    /// Those that stand for all in it.
    fn points(&self) -> impl Iterator<Item = Point> + use<> {
        let slowest = self.slowest.filter(|_| self.slowest != self.fastest);
        [self.fastest, slowest, self.first_lost, self.first_refused].into_iter().flatten()
    }

    /// The fastest and the slowest response in it.
    #[must_use]
    pub fn extremes(&self) -> Option<(Delta, Delta)> {
        Some((self.fastest?.rtt?, self.slowest?.rtt?))
    }

    /// How many requests.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.answered + self.lost + self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: i64, rtt: Option<i64>) -> Point {
        let status = if rtt.is_some() { Status::Answered } else { Status::Unanswered };
        Point { at: Timestamp(at), status, rtt: rtt.map(Delta) }
    }

    fn course(points: impl IntoIterator<Item = Point>) -> Course {
        let mut course = Course::default();
        points.into_iter().for_each(|point| course.add(point));
        course
    }

    #[test]
    fn a_few_requests_are_kept_as_they_are() {
        let few = [point(5, Some(3)), point(7_000_000_000, None), point(6, Some(4))];
        assert_eq!(course(few).points().collect::<Vec<_>>(), few);
        assert_eq!(Course::default().points().count(), 0);
        assert!(Course::default().slices(10).is_empty());
    }

    #[test]
    fn of_many_the_extremes_and_the_losses_stay() {
        let many = course((0..100_000).map(|n| match n {
            70_001 => point(n * 10_000_000, None),
            30_000 => point(n * 10_000_000, Some(9_999_999)),
            _ => point(n * 10_000_000, Some(1_000_000 + n % 7)),
        }));
        assert!(!many.is_exact() && many.points().count() <= 4 * usize::from(MAX_SLICES));
        assert!(many.points().any(|point| point.at == Timestamp(700_010_000_000) && point.rtt.is_none()));
        assert!(many.points().any(|point| point.rtt == Some(Delta(9_999_999))));
        let slices = many.slices(10);
        assert!(slices.len() <= 10);
        assert_eq!(slices.iter().map(|(.., slice)| slice.requests()).sum::<u64>(), 100_000);
        assert_eq!(slices.iter().map(|(.., slice)| slice.lost).sum::<u64>(), 1);
    }

    #[test]
    fn clocks_gone_wrong_are_taken() {
        let absurd = course([point(0, Some(1)), point(i64::MAX, None), point(i64::MIN, Some(-5))]);
        assert!(absurd.count() == 3 && absurd.slices(100).len() <= 100);
    }
}
