//! The thread that takes frames from the kernel as soon as it has some, whatever those who look at them are busy with.
//!
//! The handle does not block, since a blocking read on a quiet device never returns on Linux: an empty one is polled.
//! When it is told to stop, it first takes what has come by then. An interface that is taken down is silent, as far as
//! libpcap is concerned, so that the system is asked now and then. Knows nothing of what the frames mean.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use pcap::{Active, Capture};

use super::SourceError;
use super::backlog::{Backlog, Batch, Counts};
use super::live::device_error;
use crate::platform::{self, Interface};
use crate::time::{NANOS_PER_SEC, Timestamp};
use crate::tr;

/// How many bytes are gathered before they are handed over, where more is there.
const BATCH_LEN: usize = 64 * 1024;
/// How long a poll may sleep before it is asked whether to stop.
const POLL: Duration = Duration::from_millis(50);
/// The longest tick of a kernel's timer, which ends the time that it may gather frames.
const TICK: Duration = Duration::from_millis(10);
/// How often the system is asked about the interface, where nothing comes.
const LOOK_UP: Duration = Duration::from_millis(500);

/// What the thread works with.
pub(super) struct Gatherer {
    pub capture: Capture<Active>,
    pub name: String,
    /// What people call it.
    pub title: String,
    pub backlog: Arc<Backlog>,
    /// Set by whoever wants it to stop.
    pub stop: Arc<AtomicBool>,
    /// How long the kernel may gather frames before it hands them over, and how many bytes of them at most.
    pub block_time: Duration,
    pub buffer_len: usize,
    /// How often the kernel counts a frame.
    pub times_counted: u64,
    /// What it has counted.
    pub counter: Counter,
}

impl Gatherer {
    /// Gathers until it is told to stop, nobody looks any more, or the device fails.
    pub fn run(mut self) {
        let result = self.gather();
        self.backlog.end(result);
    }

    fn gather(&mut self) -> Result<(), SourceError> {
        let mut batch = Batch::default();
        let mut ending: Option<Ending> = None;
        let mut interface = Watched::new(self.name.clone());
        loop {
            let taken = self.take_into(&mut batch);
            let is_idle = matches!(taken, Ok(None)) && batch.is_spent();
            let size = batch.size();
            // What came before a device failed was captured all the same, and its counters stay what they were.
            if let Ok(stat) = self.capture.stats() {
                self.counter.add(stat);
            }
            if !self.backlog.put(&mut batch, self.counter.counts(self.times_counted)) {
                return Ok(());
            }
            let last = taken.map_err(|error| interface.loss().unwrap_or_else(|| device_error(&self.title, &error)))?;
            if let Some(ending) = &mut ending {
                if is_idle || ending.is_reached(last, size, self.buffer_len) {
                    return Ok(());
                }
            } else if self.stop.load(Ordering::Relaxed) {
                ending = Some(Ending { at: now(), taken: 0 });
                // The kernel may be gathering a block still.
                std::thread::sleep(self.block_time.saturating_add(TICK).saturating_mul(2));
            } else if is_idle {
                platform::wait(&self.capture, POLL);
                interface.look()?;
            }
        }
    }

    /// Takes frames until there are none, or the batch is full; the time of the last, if there may be more.
    fn take_into(&mut self, batch: &mut Batch) -> Result<Option<Timestamp>, pcap::Error> {
        loop {
            match self.capture.next_packet() {
                Ok(packet) => {
                    let time = timestamp(packet.header);
                    batch.push(time, packet.header.len, packet.data);
                    if batch.size() >= BATCH_LEN {
                        return Ok(Some(time));
                    }
                }
                Err(pcap::Error::TimeoutExpired) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}

/// When to end: after all that came before somebody wanted it.
struct Ending {
    at: Timestamp,
    /// How many bytes came since.
    taken: usize,
}

impl Ending {
    /// Whether the last frame came later, or so much has come since that what was there before must be among it: a clock
    /// may have been set back.
    fn is_reached(&mut self, last: Option<Timestamp>, size: usize, buffer_len: usize) -> bool {
        self.taken = self.taken.saturating_add(size);
        last > Some(self.at) || self.taken > buffer_len
    }
}

/// An interface that may go down, or away.
struct Watched {
    name: String,
    /// None where the system knows no such interface from the beginning.
    looked: Option<Instant>,
}

impl Watched {
    fn new(name: String) -> Self {
        let is_up = platform::interface(&name) == Interface::Up;
        Self { name, looked: is_up.then(Instant::now) }
    }

    /// Fails where no more frames can come; asks the system not too often.
    fn look(&mut self) -> Result<(), SourceError> {
        if self.looked.is_none_or(|looked| looked.elapsed() < LOOK_UP) {
            return Ok(());
        }
        self.looked = Some(Instant::now());
        self.loss().map_or(Ok(()), Err)
    }

    /// Why no more frames can come, where that is so.
    fn loss(&self) -> Option<SourceError> {
        self.looked?;
        let advice = match platform::interface(&self.name) {
            Interface::Up => return None,
            Interface::Down => tr!("capture-went-down"),
            Interface::Missing => tr!("capture-went-away"),
        };
        Some(SourceError::Device { name: self.name.clone(), advice })
    }
}

/// The counters of libpcap have 32 bits, and begin anew when these are full.
#[derive(Default)]
pub(super) struct Counter {
    last: (u32, u32),
    total: (u64, u64),
}

impl Counter {
    /// One for what comes beyond these.
    pub fn beyond(stat: pcap::Stat) -> Self {
        Self { last: (stat.received, stat.dropped), total: (0, 0) }
    }

    fn add(&mut self, stat: pcap::Stat) {
        let more = |total: u64, now: u32, last: u32| total.saturating_add(now.wrapping_sub(last).into());
        self.total.0 = more(self.total.0, stat.received, self.last.0);
        self.total.1 = more(self.total.1, stat.dropped, self.last.1);
        self.last = (stat.received, stat.dropped);
    }

    fn counts(&self, times_counted: u64) -> Counts {
        let frames = |count: u64| count.div_ceil(times_counted.max(1));
        Counts { received: frames(self.total.0), dropped: frames(self.total.1) }
    }
}

fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_1970.as_nanos()).unwrap_or(i64::MAX))
}

/// The fields of a `timeval` are 32 bits wide on Windows.
#[allow(clippy::useless_conversion)]
fn timestamp(header: &pcap::PacketHeader) -> Timestamp {
    let seconds = i64::from(header.ts.tv_sec).saturating_mul(NANOS_PER_SEC);
    Timestamp(seconds.saturating_add(i64::from(header.ts.tv_usec).saturating_mul(1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(received: u32, dropped: u32) -> pcap::Stat {
        pcap::Stat { received, dropped, if_dropped: 0 }
    }

    #[test]
    fn counters_go_on_where_theirs_begin_anew() {
        let mut counter = Counter::default();
        counter.add(stat(6, 3));
        assert_eq!(counter.counts(2), Counts { received: 3, dropped: 2 });
        counter.add(stat(u32::MAX, 4));
        assert_eq!(counter.counts(1), Counts { received: 0xffff_ffff, dropped: 4 });
        counter.add(stat(1, 4));
        assert_eq!(counter.counts(1), Counts { received: 0x1_0000_0001, dropped: 4 });
        let mut counter = Counter::beyond(stat(6, 3));
        counter.add(stat(8, 4));
        assert_eq!(counter.counts(1), Counts { received: 2, dropped: 1 });
    }

    #[test]
    fn it_ends_after_what_came_before_even_if_the_clock_was_set_back() {
        let mut ending = Ending { at: Timestamp(1_000), taken: 0 };
        assert!(!ending.is_reached(None, 10, 100), "what comes may have come before");
        assert!(!ending.is_reached(Some(Timestamp(1_000)), 10, 100));
        assert!(ending.is_reached(Some(Timestamp(1_001)), 10, 100));
        let mut set_back = Ending { at: Timestamp(1_000), taken: 0 };
        assert!(!set_back.is_reached(Some(Timestamp(1)), 100, 100), "the buffer may have been full");
        assert!(set_back.is_reached(Some(Timestamp(2)), 1, 100), "it holds no more than that");
    }
}
