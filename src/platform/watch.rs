//! Waiting for one of many sockets.
//!
//! Linux is told of each socket once (epoll), so that waiting takes no longer for thousands than for one; elsewhere all
//! of them are handed over each time.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

/// Sockets that are waited for together; each has a number of its own.
#[cfg(target_os = "linux")]
pub struct Watch {
    epoll: std::os::fd::OwnedFd,
    events: Vec<rustix::event::epoll::Event>,
}

#[cfg(target_os = "linux")]
impl Watch {
    /// How many sockets are told of at a time.
    const EVENTS: usize = 256;

    /// A watch over no sockets yet.
    pub fn new() -> io::Result<Self> {
        use rustix::event::epoll::{CreateFlags, create};
        Ok(Self { epoll: create(CreateFlags::CLOEXEC)?, events: Vec::with_capacity(Self::EVENTS) })
    }

    /// Watches this one too, until it is closed.
    pub fn add(&self, number: usize, socket: &UdpSocket) -> io::Result<()> {
        use rustix::event::epoll::{EventData, EventFlags, add};
        Ok(add(&self.epoll, socket, EventData::new_u64(number as u64), EventFlags::IN)?)
    }

    /// Sleeps until one of the sockets, all of which were added, can be read or the time is over; the numbers of those
    /// that may be readable, in the order in which they became so, are then in `ready`.
    pub fn wait<'s>(
        &mut self,
        _sockets: impl Iterator<Item = (usize, &'s UdpSocket)>,
        time: Duration,
        ready: &mut Vec<usize>,
    ) -> io::Result<()> {
        use rustix::event::{Timespec, epoll};
        ready.clear();
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let time = Timespec { tv_sec: seconds, tv_nsec: time.subsec_nanos().into() };
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut self.events), Some(&time)) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        ready.extend(self.events.drain(..).filter_map(|event| usize::try_from(event.data.u64()).ok()));
        Ok(())
    }
}

/// Sockets that are waited for together; each has a number of its own.
#[cfg(not(target_os = "linux"))]
pub struct Watch;

#[cfg(not(target_os = "linux"))]
impl Watch {
    /// A watch over no sockets yet.
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Watches this one too, until it is closed.
    pub fn add(&self, _number: usize, _socket: &UdpSocket) -> io::Result<()> {
        Ok(())
    }

    /// Sleeps until one of the sockets, all of which were added, can be read or the time is over; the numbers of those
    /// that may be readable are then in `ready`.
    pub fn wait<'s>(
        &mut self,
        sockets: impl Iterator<Item = (usize, &'s UdpSocket)>,
        time: Duration,
        ready: &mut Vec<usize>,
    ) -> io::Result<()> {
        let (numbers, sockets): (Vec<_>, Vec<_>) = sockets.unzip();
        let readable = super::readable(sockets.into_iter(), time)?;
        ready.clear();
        ready.extend(numbers.into_iter().zip(readable).filter(|(_, is_ready)| *is_ready).map(|(number, _)| number));
        Ok(())
    }
}
