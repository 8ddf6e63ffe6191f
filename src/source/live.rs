//! Live devices, through libpcap (Npcap on Windows).
//!
//! Settings are those that lost nothing at 250,000 packets a second on Linux's `lo`: not immediate, a large buffer, not
//! promiscuous. The handle does not block, since a blocking read on a quiet device never returns on Linux: an empty one
//! is reported as [`Event::Idle`] and polled in [`Source::wait`]. What the rights and the waiting look like on each system is `platform`'s.

use std::time::Duration;

use pcap::{Active, Capture, Device};

use super::frame::{Frame, LinkType, Record};
use super::{Event, MAX_FRAME_LEN, Source, SourceError};
use crate::platform;
use crate::time::{NANOS_PER_SEC, Timestamp};

/// The kernel's buffer, in bytes.
const BUFFER_LEN: i32 = 16 * 1024 * 1024;
/// How long the kernel may gather packets, in milliseconds: when a person watches, and else.
const WATCHED_TIMEOUT_MS: i32 = 1;
const UNWATCHED_TIMEOUT_MS: i32 = 10;
/// How long a poll may sleep before the caller has its turn.
const POLL: Duration = Duration::from_millis(50);

/// A device that is being captured on.
pub struct LiveCapture {
    capture: Capture<Active>,
    name: String,
    link_type: LinkType,
    loopback: bool,
    number: u64,
}

/// What the capture's counters say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Frames that were handed out.
    pub captured: u64,
    /// Frames that passed the filter in the kernel.
    pub received: u64,
    /// Frames that the kernel dropped because its buffer was full.
    pub dropped: u64,
}

/// The devices that can be captured on.
pub fn devices() -> Result<Vec<Device>, SourceError> {
    Device::list().map_err(|error| device_error("interfaces", &error))
}

/// The device with this name or this number in the list, or the loopback device.
pub fn find_device(wanted: Option<&str>) -> Result<Device, SourceError> {
    let Some(wanted) = wanted else {
        let loopback = devices()?.into_iter().find(|device| device.flags.is_loopback());
        return loopback.ok_or_else(|| SourceError::Device {
            name: "loopback".to_owned(),
            advice: "there is no loopback interface here; `loopshark interfaces` lists what there is, `-i` names one"
                .to_owned(),
        });
    };
    let list = devices()?;
    let by_number = || list.get(wanted.parse::<usize>().ok()?.checked_sub(1)?);
    list.iter().find(|device| device.name == wanted).or_else(by_number).cloned().ok_or_else(|| {
        let names: Vec<_> = list.iter().map(|device| device.name.as_str()).collect();
        SourceError::Device {
            name: wanted.to_owned(),
            advice: format!("no such interface; there are {}", names.join(", ")),
        }
    })
}

impl LiveCapture {
    /// Opens the device; frames are gathered from here on. `watched` trades a little work for promptness.
    pub fn open(device: Device, filter: Option<&str>, watched: bool) -> Result<Self, SourceError> {
        let name = device.name.clone();
        let loopback = device.flags.is_loopback();
        let failed = |error: pcap::Error| device_error(&name, &error);
        let mut capture = Capture::from_device(device)
            .map_err(failed)?
            .promisc(false)
            .immediate_mode(false)
            .timeout(if watched { WATCHED_TIMEOUT_MS } else { UNWATCHED_TIMEOUT_MS })
            .buffer_size(BUFFER_LEN)
            .snaplen(i32::try_from(MAX_FRAME_LEN).unwrap_or(i32::MAX))
            .open()
            .and_then(Capture::setnonblock)
            .map_err(failed)?;
        if let Some(expression) = filter {
            capture
                .filter(expression, true)
                .map_err(|error| SourceError::Filter { expression: expression.to_owned(), reason: reason(&error) })?;
        }
        let link_type = LinkType::from_dlt(capture.get_datalink().0);
        Ok(Self { capture, name, link_type, loopback, number: 0 })
    }

    /// The device's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The link type of its frames.
    #[must_use]
    pub fn link_type(&self) -> LinkType {
        self.link_type
    }

    /// What the counters say now.
    pub fn counters(&mut self) -> Result<Counters, SourceError> {
        let stat = self.capture.stats().map_err(|error| device_error(&self.name, &error))?;
        let times = if self.loopback && platform::COUNTED_TWICE { 2 } else { 1 };
        let packets = |count: u32| u64::from(count.div_ceil(times));
        Ok(Counters { captured: self.number, received: packets(stat.received), dropped: packets(stat.dropped) })
    }
}

impl Source for LiveCapture {
    fn next_event(&mut self) -> Result<Event<'_>, SourceError> {
        match self.capture.next_packet() {
            Ok(packet) => {
                self.number = self.number.saturating_add(1);
                Ok(Event::Frame(Frame {
                    number: self.number,
                    time: timestamp(packet.header),
                    time_digits: Some(6),
                    record: Record::Frame,
                    wire_len: packet.header.len,
                    link_type: self.link_type,
                    data: packet.data,
                }))
            }
            Err(pcap::Error::TimeoutExpired) => Ok(Event::Idle),
            Err(error) => Err(device_error(&self.name, &error)),
        }
    }

    fn wait(&mut self) {
        platform::wait(&self.capture, POLL);
    }
}

/// libpcap's own words.
pub(super) fn reason(error: &pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(text) => text.clone(),
        other => other.to_string(),
    }
}

fn device_error(name: &str, error: &pcap::Error) -> SourceError {
    let text = reason(error);
    let denied = ["ermission", "not permitted", "Access is denied"].iter().any(|word| text.contains(word));
    let advice = if denied { platform::permission_advice() } else { text.replace('\n', " ") };
    SourceError::Device { name: name.to_owned(), advice }
}

/// The fields of a `timeval` are 32 bits wide on Windows.
#[allow(clippy::useless_conversion)]
fn timestamp(header: &pcap::PacketHeader) -> Timestamp {
    let seconds = i64::from(header.ts.tv_sec).saturating_mul(NANOS_PER_SEC);
    Timestamp(seconds.saturating_add(i64::from(header.ts.tv_usec).saturating_mul(1_000)))
}
