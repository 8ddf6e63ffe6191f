//! The thread that takes frames from the kernel as soon as it has some, whatever those who look at them are busy with.
//!
//! The handle does not block, since a blocking read on a quiet device never returns on Linux: an empty one is polled.
//! When it is told to stop, it first takes what has come by then. Knows nothing of what the frames mean.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use pcap::{Active, Capture};

use super::backlog::{Backlog, Batch, Counts};
use super::live::device_error;
use crate::platform;
use crate::time::{NANOS_PER_SEC, Timestamp};

/// How many bytes are gathered before they are handed over, where more is there.
const BATCH_LEN: usize = 64 * 1024;
/// How long a poll may sleep before it is asked whether to stop.
const POLL: Duration = Duration::from_millis(50);

/// What the thread works with.
pub(super) struct Gatherer {
    pub capture: Capture<Active>,
    pub name: String,
    pub backlog: Arc<Backlog>,
    /// Set by whoever wants it to stop.
    pub stop: Arc<AtomicBool>,
    /// How long the kernel may gather frames before it hands them over.
    pub block_time: Duration,
    /// How often the kernel counts a frame.
    pub times_counted: u64,
}

impl Gatherer {
    /// Gathers until it is told to stop, nobody looks any more, or the device fails.
    pub fn run(mut self) {
        let result = self.gather().map_err(|error| device_error(&self.name, &error));
        self.backlog.end(result);
    }

    fn gather(&mut self) -> Result<(), pcap::Error> {
        let mut batch = Batch::default();
        let mut counter = Counter::default();
        let mut ending = None;
        loop {
            let last = self.take_into(&mut batch)?;
            let is_idle = last.is_none() && batch.is_spent();
            if !self.backlog.put(&mut batch, counter.count(self.capture.stats()?, self.times_counted)) {
                return Ok(());
            }
            if ending.is_none() && self.stop.load(Ordering::Relaxed) {
                ending = Some(now());
                // The kernel may be gathering a block still.
                std::thread::sleep(self.block_time.saturating_mul(2));
            } else if ending.is_some_and(|ending| is_idle || last > Some(ending)) {
                return Ok(());
            } else if is_idle {
                platform::wait(&self.capture, POLL);
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

/// The counters of libpcap have 32 bits, and begin anew when these are full.
#[derive(Default)]
struct Counter {
    last: (u32, u32),
    total: (u64, u64),
}

impl Counter {
    fn count(&mut self, stat: pcap::Stat, times_counted: u64) -> Counts {
        let more = |total: u64, now: u32, last: u32| total.saturating_add(now.wrapping_sub(last).into());
        self.total.0 = more(self.total.0, stat.received, self.last.0);
        self.total.1 = more(self.total.1, stat.dropped, self.last.1);
        self.last = (stat.received, stat.dropped);
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
        assert_eq!(counter.count(stat(6, 3), 2), Counts { received: 3, dropped: 2 });
        assert_eq!(counter.count(stat(u32::MAX, 4), 1), Counts { received: 0xffff_ffff, dropped: 4 });
        assert_eq!(counter.count(stat(1, 4), 1), Counts { received: 0x1_0000_0001, dropped: 4 });
    }
}
