//! Live devices, through libpcap (Npcap on Windows).
//!
//! Settings are those that lost nothing at 250,000 packets a second on Linux's `lo`: not immediate, a large buffer, not
//! promiscuous. Frames are taken by a thread of their own ([`gather`](super::gather)) and wait in memory for their turn;
//! when none does, that is [`Event::Idle`]. What the rights and the waiting look like on each system is `platform`'s.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use pcap::{Active, Capture, Device};

use super::backlog::{Backlog, Batch, Taken};
use super::devices::title;
use super::frame::{Comments, Frame, LinkType, Record};
use super::gather::{Counter, Gatherer};
use super::{Event, MAX_FRAME_LEN, Source, SourceError};
use crate::platform;

/// The kernel's buffer, in bytes.
const BUFFER_LEN: i32 = 16 * 1024 * 1024;
/// How long the kernel may gather packets, in milliseconds: when a person watches, and else.
const WATCHED_TIMEOUT_MS: u16 = 1;
const UNWATCHED_TIMEOUT_MS: u16 = 10;
/// How long a wait may be before the caller has its turn.
const WAIT: Duration = Duration::from_millis(50);

/// A device that is open, and the kernel gathers its frames; nobody takes them yet.
pub struct OpenDevice {
    capture: Capture<Active>,
    name: String,
    title: String,
    block_time: Duration,
    times_counted: u64,
    counter: Counter,
}

/// A device that is being captured on.
pub struct LiveCapture {
    link_type: LinkType,
    number: u64,
    batch: Batch,
    backlog: Arc<Backlog>,
    gatherer: Option<JoinHandle<()>>,
}

/// What the capture's counters say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Frames that were handed out.
    pub captured: u64,
    /// Frames that passed the filter in the kernel, dropped ones among them.
    pub received: u64,
    /// Frames that the kernel dropped because its buffer was full. On Linux's loopback half of what it counted, rounded
    /// up.
    pub dropped: u64,
}

impl OpenDevice {
    /// Opens the device, the only thing that takes a right. `watched` trades a little work for promptness.
    pub fn open(device: Device, watched: bool) -> Result<Self, SourceError> {
        let (name, title) = (device.name.clone(), title(&device).to_owned());
        let times_counted = if device.flags.is_loopback() && platform::COUNTED_TWICE { 2 } else { 1 };
        let block_ms = if watched { WATCHED_TIMEOUT_MS } else { UNWATCHED_TIMEOUT_MS };
        let failed = |error: pcap::Error| device_error(&title, &error);
        let capture = Capture::from_device(device)
            .map_err(failed)?
            .promisc(false)
            .timeout(block_ms.into())
            .buffer_size(BUFFER_LEN)
            .snaplen(i32::try_from(MAX_FRAME_LEN).unwrap_or(i32::MAX))
            .open()
            .and_then(Capture::setnonblock)
            .map_err(failed)?;
        let (block_time, counter) = (Duration::from_millis(block_ms.into()), Counter::default());
        Ok(Self { capture, name, title, block_time, times_counted, counter })
    }

    /// Has the kernel keep only frames that pass this capture filter, and count only those from now on.
    pub fn filter(&mut self, expression: &str) -> Result<(), SourceError> {
        let failed = |error| SourceError::Filter { expression: expression.to_owned(), reason: reason(&error) };
        self.capture.filter(expression, true).map_err(failed)?;
        self.counter = self.capture.stats().map(Counter::beyond).unwrap_or_default();
        Ok(())
    }

    /// What people call the device.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The link type of its frames.
    #[must_use]
    pub fn link_type(&self) -> LinkType {
        LinkType::from_dlt(self.capture.get_datalink().0)
    }

    /// Takes frames from here on. Once `stop` is set, the capture ends by itself, after what has come by then.
    pub fn start(self, stop: Arc<AtomicBool>) -> Result<LiveCapture, SourceError> {
        let link_type = self.link_type();
        let Self { capture, name, title, block_time, times_counted, counter } = self;
        let backlog = Arc::new(Backlog::default());
        let failed = {
            let name = title.clone();
            |error: io::Error| SourceError::Device { name, advice: platform::no_thread(&error).to_string() }
        };
        let buffer_len = usize::try_from(BUFFER_LEN).unwrap_or(usize::MAX);
        let backlog_too = Arc::clone(&backlog);
        let gatherer = Gatherer {
            capture,
            name,
            title,
            backlog: backlog_too,
            stop,
            block_time,
            buffer_len,
            times_counted,
            counter,
        };
        let gatherer = thread::Builder::new().name("capture".to_owned()).spawn(|| gatherer.run()).map_err(failed)?;
        Ok(LiveCapture { link_type, number: 0, batch: Batch::default(), backlog, gatherer: Some(gatherer) })
    }
}

impl LiveCapture {
    /// Ends the capture, and says what its counters said then.
    pub fn close(&mut self) -> Counters {
        self.backlog.close();
        if let Some(gatherer) = self.gatherer.take() {
            gatherer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        let counts = self.backlog.counts();
        // What came between the opening and the filter, and passes it, is captured without having been counted.
        let received = counts.received.max(self.number);
        Counters { captured: self.number, received, dropped: counts.dropped }
    }
}

impl Source for LiveCapture {
    fn next_event(&mut self) -> Result<Event<'_>, SourceError> {
        if self.batch.is_spent() {
            match self.backlog.take(&mut self.batch)? {
                Taken::Frames => {}
                Taken::Nothing => return Ok(Event::Idle),
                Taken::End => return Ok(Event::End),
            }
        }
        let Some((head, data)) = self.batch.next() else { return Ok(Event::Idle) };
        self.number = self.number.saturating_add(1);
        Ok(Event::Frame(Frame {
            number: self.number,
            time: head.time,
            time_digits: Some(6),
            record: Record::Frame,
            wire_len: head.wire_len,
            link_type: self.link_type,
            data,
            comments: Comments::default(),
        }))
    }

    fn wait(&mut self) {
        self.backlog.wait(WAIT);
    }
}

/// libpcap's own words.
pub(super) fn reason(error: &pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn device_error(name: &str, error: &pcap::Error) -> SourceError {
    let text = reason(error);
    // Windows says it in its own language, with its number.
    let denied = ["ermission", "not permitted", "denied", "(5)"].iter().any(|word| text.contains(word));
    let name = name.to_owned();
    if denied {
        return SourceError::Denied { name, denial: platform::denial() };
    }
    SourceError::Device { name, advice: text.replace('\n', " ") }
}
