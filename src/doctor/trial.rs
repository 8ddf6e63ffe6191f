//! The proof: an adapter is opened, one datagram is sent from a fresh port to itself, and must be captured.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::adapter::Trial;
use crate::source::devices::Device;
use crate::source::live::OpenDevice;
use crate::source::{Event, Source as _, SourceError};

/// How long the datagram may take.
const PATIENCE: Duration = Duration::from_secs(2);
const PAYLOAD: &[u8] = b"loopshark doctor";

/// Tries this device, with a datagram of the kind of address that the service has.
pub(super) fn run(device: Device, service: IpAddr) -> Trial {
    try_it(device, service).unwrap_or_else(|error| match error {
        TrialError::Capture(SourceError::Denied { denial, .. }) => Trial::Denied(denial),
        TrialError::Capture(error) => Trial::Failed(error.to_string()),
        TrialError::Socket(error) => Trial::Failed(error.to_string()),
    })
}

#[derive(Debug, thiserror::Error)]
enum TrialError {
    #[error(transparent)]
    Capture(#[from] SourceError),
    #[error(transparent)]
    Socket(#[from] std::io::Error),
}

fn try_it(device: Device, service: IpAddr) -> Result<Trial, TrialError> {
    let loopback = device.flags.is_loopback();
    let myself: IpAddr = if service.is_ipv6() { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
    let socket = UdpSocket::bind((myself, 0))?;
    let address = socket.local_addr()?;
    let filter = format!("udp port {}", address.port());
    let mut device = OpenDevice::open(device, true)?;
    device.filter(&filter)?;
    let mut capture = device.start(Arc::new(AtomicBool::new(false)))?;
    if !loopback {
        return Ok(Trial::Opened);
    }
    let sent = Instant::now();
    socket.send_to(PAYLOAD, address)?;
    while sent.elapsed() < PATIENCE {
        match capture.next_event()? {
            Event::Frame(frame) if frame.data.ends_with(PAYLOAD) => return Ok(Trial::Seen(sent.elapsed())),
            Event::Frame(_) => {}
            Event::Idle => capture.wait(),
            Event::End => break,
        }
    }
    Ok(Trial::Unseen(PATIENCE))
}
