//! Faults on purpose: which responses of a server are lost, late, doubled or out of order, and when each is sent.
//!
//! The n-th request meets the same fate in every run with the same seed. Time is the caller's, so that nothing here
//! waits. Knows no sockets.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fmt;
use std::time::{Duration, Instant};

use crate::tr;
use oorandom::Rand64;

/// The most responses that wait to be sent; beyond it the one that is due first goes at once.
const MAX_WAITING: usize = 65_536;
/// A response that is held back waits for the one behind it, four times as long as the last two requests were apart.
const HOLD: u32 = 4;
const SHORTEST_HOLD: Duration = Duration::from_millis(20);
const LONGEST_HOLD: Duration = Duration::from_secs(4);

/// What is to go wrong, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// How many of the responses are never sent, in percent.
    pub loss: f64,
    /// How long every response waits.
    pub delay: Duration,
    /// How much longer or shorter than that, at most.
    pub jitter: Duration,
    /// How many of them are sent twice, in percent.
    pub duplicate: f64,
    /// How many of them are sent after the one behind them, in percent.
    pub reorder: f64,
    /// What decides which.
    pub seed: u64,
}

/// What a server did, by its own account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Requests received.
    pub received: u64,
    /// Requests answered, however often.
    pub answered: u64,
    /// Responses sent once more.
    pub duplicated: u64,
    /// Requests answered after a later one.
    pub reordered: u64,
}

/// A response that waits to be sent: its request's number, and what it says to whom.
pub(super) struct Response<T> {
    request: u64,
    /// How often it is sent: once, or twice.
    pub copies: u64,
    /// The caller's.
    pub content: T,
}

/// The responses of a server on their way through its faults.
pub(super) struct Outbox<T> {
    faults: Faults,
    random: Rand64,
    log: Log,
    /// When the last request came, and how long after the one before.
    rhythm: (Option<Instant>, Duration),
    /// The latest request that was answered.
    furthest: u64,
    waiting: BinaryHeap<Reverse<Due<T>>>,
    /// Held back until one behind them is sent, or until a moment at last.
    held: VecDeque<(Instant, Response<T>)>,
}

/// Ordered by when it is due, then by its request.
struct Due<T>(Instant, Response<T>);

impl Faults {
    /// Whether nothing is to go wrong.
    #[must_use]
    pub fn is_none(&self) -> bool {
        Self { seed: 0, ..*self } == Self::default()
    }
}

/// `loss 20 %, delay 5ms ± 3ms, duplicate 5 %, reorder 2 %, seed 7`
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { loss, delay, jitter, duplicate, reorder, seed } = self;
        f.write_str(&tr!(
            "lab-faults",
            loss = *loss,
            delay = format!("{delay:?}"),
            jitter = format!("{jitter:?}"),
            duplicate = *duplicate,
            reorder = *reorder,
            seed = *seed,
        ))
    }
}

impl Log {
    /// Requests that were not answered.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.received - self.answered
    }
}

/// `10 received, 8 answered, 2 lost, 1 duplicated, 1 reordered`
impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { received, answered, duplicated, reordered } = *self;
        f.write_str(&tr!(
            "lab-log",
            received = received,
            answered = answered,
            lost = self.lost(),
            duplicated = duplicated,
            reordered = reordered,
        ))
    }
}

impl<T> Outbox<T> {
    pub fn new(faults: Faults) -> Self {
        Self {
            faults,
            random: Rand64::new(faults.seed.into()),
            log: Log::default(),
            // The lab's rhythm, until there is another.
            rhythm: (None, Duration::from_secs(1)),
            furthest: 0,
            waiting: BinaryHeap::new(),
            held: VecDeque::new(),
        }
    }

    /// What was done so far.
    pub fn log(&self) -> Log {
        self.log
    }

    /// Takes the response to the next request.
    pub fn push(&mut self, now: Instant, content: T) {
        self.log.received += 1;
        if let Some(last) = self.rhythm.0.replace(now) {
            self.rhythm.1 = now.saturating_duration_since(last);
        }
        // Always as many numbers, so that one fault does not move the others.
        let [loss, duplicate, reorder, jitter] = std::array::from_fn(|_| self.random.rand_float() * 100.0);
        if loss < self.faults.loss {
            return;
        }
        let copies = if duplicate < self.faults.duplicate { 2 } else { 1 };
        let response = Response { request: self.log.received, copies, content };
        let due = now + self.delay(jitter);
        if reorder < self.faults.reorder {
            let hold = (self.rhythm.1 * HOLD).clamp(SHORTEST_HOLD, LONGEST_HOLD);
            self.held.push_back((due + hold, response));
        } else {
            self.waiting.push(Reverse(Due(due, response)));
        }
    }

    /// The delay with so many percent of its jitter, from the shortest to the longest.
    fn delay(&self, jitter: f64) -> Duration {
        (self.faults.delay + self.faults.jitter.mul_f64(jitter / 50.0)).saturating_sub(self.faults.jitter)
    }

    /// The next response to send, if one is due now.
    pub fn pop(&mut self, now: Instant) -> Option<Response<T>> {
        let is_full = self.waiting.len() + self.held.len() > MAX_WAITING;
        // Behind a later one that has just been sent, or at the end of its patience.
        let furthest = self.furthest;
        let is_due = |(until, held): &mut (Instant, Response<T>)| held.request < furthest || *until <= now || is_full;
        if let Some((_, held)) = self.held.pop_front_if(is_due) {
            return Some(held);
        }
        let is_due = self.waiting.peek().is_some_and(|Reverse(Due(due, _))| *due <= now || is_full);
        if is_due { self.waiting.pop().map(|Reverse(Due(_, response))| response) } else { None }
    }

    /// When the next response will be due, if any waits.
    pub fn next_due(&self) -> Option<Instant> {
        let waiting = self.waiting.peek().map(|Reverse(Due(due, _))| *due);
        waiting.into_iter().chain(self.held.front().map(|(until, _)| *until)).min()
    }

    /// Takes note that a response has been sent.
    pub fn sent(&mut self, response: &Response<T>) {
        self.log.answered += 1;
        self.log.duplicated += response.copies - 1;
        self.log.reordered += u64::from(response.request < self.furthest);
        self.furthest = self.furthest.max(response.request);
    }
}

impl<T> Due<T> {
    fn order(&self) -> (Instant, u64) {
        (self.0, self.1.request)
    }
}

impl<T> PartialEq for Due<T> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl<T> Eq for Due<T> {}

impl<T> PartialOrd for Due<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Due<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    /// Sends a request every millisecond, and everything as soon as it is due; which requests are answered when, in
    /// milliseconds.
    fn run(faults: Faults, requests: u32) -> (Vec<(u32, u32)>, Log) {
        let start = Instant::now();
        let mut outbox = Outbox::new(faults);
        let mut answered = Vec::new();
        for at in 0..requests + 10_000 {
            let now = start + MILLI * at;
            if at < requests {
                outbox.push(now, at);
            }
            while let Some(response) = outbox.pop(now) {
                answered.extend((0..response.copies).map(|_| (response.content, at)));
                outbox.sent(&response);
            }
        }
        assert_eq!(outbox.next_due(), None);
        (answered, outbox.log())
    }

    #[test]
    fn without_faults_everything_is_answered_at_once() {
        let (answered, log) = run(Faults::default(), 5);
        assert_eq!(answered, (0..5).map(|n| (n, n)).collect::<Vec<_>>());
        assert_eq!(log, Log { received: 5, answered: 5, ..Log::default() });
        assert!(Faults { seed: 7, ..Faults::default() }.is_none());
    }

    #[test]
    fn the_same_seed_brings_the_same_faults_and_each_as_often_as_asked_for() {
        let faults = Faults { loss: 20.0, duplicate: 5.0, reorder: 2.0, seed: 7, ..Faults::default() };
        let (answered, log) = run(faults, 10_000);
        assert_eq!((answered.clone(), log), run(faults, 10_000));
        assert_ne!(log, run(Faults { seed: 8, ..faults }, 10_000).1);
        assert_eq!(answered.len() as u64, log.answered + log.duplicated);
        assert!((1_900..2_100).contains(&log.lost()), "{log}");
        assert!((350..450).contains(&log.duplicated) && (120..200).contains(&log.reordered), "{log}");
        // One fault does not move another.
        let (lost_alone, _) = run(Faults { loss: 20.0, seed: 7, ..Faults::default() }, 10_000);
        let numbers = |answered: &[(u32, u32)]| {
            let mut numbers: Vec<_> = answered.iter().map(|(n, _)| *n).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        assert_eq!(numbers(&answered), numbers(&lost_alone));
    }

    #[test]
    fn delays_are_as_long_as_asked_for_more_or_less() {
        let faults = Faults { delay: 50 * MILLI, jitter: 30 * MILLI, seed: 1, ..Faults::default() };
        let (answered, log) = run(faults, 1_000);
        let times: Vec<_> = answered.iter().map(|(n, at)| at - n).collect();
        assert!(times.iter().all(|time| (20..=81).contains(time)));
        assert!(times.iter().any(|time| *time < 30) && times.iter().any(|time| *time > 70));
        assert_eq!(log.answered, 1_000);
        assert!(log.reordered > 500, "jitter wider than the interval reorders: {log}");
    }

    #[test]
    fn what_is_held_back_is_sent_behind_the_next_or_at_last() {
        let faults = Faults { reorder: 100.0, ..Faults::default() };
        let start = Instant::now();
        let mut outbox = Outbox::new(faults);
        outbox.push(start, "uno");
        assert!(outbox.pop(start).is_none());
        let last = outbox.next_due().unwrap();
        assert_eq!(last - start, LONGEST_HOLD);
        let held = outbox.pop(last).unwrap();
        outbox.sent(&held);
        assert_eq!((held.content, outbox.log().reordered), ("uno", 0));
        let (_, log) = run(Faults { reorder: 50.0, ..faults }, 100);
        assert!(log.answered == 100 && log.reordered > 30, "{log}");
    }

    #[test]
    fn no_more_wait_than_the_cap() {
        let mut outbox = Outbox::new(Faults { delay: Duration::from_mins(1), ..Faults::default() });
        let now = Instant::now();
        (0..=MAX_WAITING).for_each(|n| outbox.push(now, n));
        assert_eq!(outbox.pop(now).map(|response| response.content), Some(0));
        assert!(outbox.pop(now).is_none());
    }

    #[test]
    fn faults_and_log_read_well() {
        let faults = Faults { loss: 20.0, delay: 5 * MILLI, jitter: 3 * MILLI, duplicate: 5.0, reorder: 2.0, seed: 7 };
        assert_eq!(faults.to_string(), "loss 20 %, delay 5ms ± 3ms, duplicate 5 %, reorder 2 %, seed 7");
        let log = Log { received: 10, answered: 8, duplicated: 1, reordered: 1 };
        assert_eq!(log.to_string(), "10 received, 8 answered, 2 lost, 1 duplicated, 1 reordered");
    }
}
