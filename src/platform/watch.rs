//! Waiting for one of many sockets.
//!
//! Linux is told of each socket once (epoll), so that waiting takes no longer for thousands than for one; elsewhere all
//! of them are handed over each time.

#[cfg(not(target_os = "linux"))]
pub use handed_over::Watch;
#[cfg(target_os = "linux")]
pub use told_once::Watch;

#[cfg(target_os = "linux")]
mod told_once {
    use std::io;
    use std::net::UdpSocket;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::buffer::spare_capacity;
    use rustix::event::{Timespec, epoll};

    /// How many sockets are told of at a time.
    const EVENTS: usize = 256;

    /// Sockets that are waited for together; each has a number of its own.
    pub struct Watch {
        epoll: OwnedFd,
        events: Vec<epoll::Event>,
    }

    impl Watch {
        /// A watch over no sockets yet.
        pub fn new() -> io::Result<Self> {
            let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
            Ok(Self { epoll, events: Vec::with_capacity(EVENTS) })
        }

        /// Watches this one too, until it is closed.
        pub fn add(&self, number: usize, socket: &UdpSocket) -> io::Result<()> {
            let number = epoll::EventData::new_u64(number as u64);
            Ok(epoll::add(&self.epoll, socket, number, epoll::EventFlags::IN)?)
        }

        /// Sleeps until one of the sockets, all of which were added, can be read or the time is over; the numbers of
        /// those that may be readable, in the order in which they became so, are then in `ready`.
        pub fn wait<'s>(
            &mut self,
            _sockets: impl Iterator<Item = (usize, &'s UdpSocket)>,
            time: Duration,
            ready: &mut Vec<usize>,
        ) -> io::Result<()> {
            ready.clear();
            let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
            let time = Timespec { tv_sec: seconds, tv_nsec: time.subsec_nanos().into() };
            match epoll::wait(&self.epoll, spare_capacity(&mut self.events), Some(&time)) {
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            ready.extend(self.events.drain(..).filter_map(|event| usize::try_from(event.data.u64()).ok()));
            Ok(())
        }
    }
}

// Built, and its test run, on Linux too.
#[cfg(any(not(target_os = "linux"), test))]
mod handed_over {
    use std::io;
    use std::net::UdpSocket;
    use std::time::Duration;

    use crate::platform::readable;

    /// Sockets that are waited for together; each has a number of its own.
    pub struct Watch;

    // As on Linux, where more can go wrong.
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)]
    impl Watch {
        /// A watch over no sockets yet.
        pub fn new() -> io::Result<Self> {
            Ok(Self)
        }

        /// Watches this one too, until it is closed.
        pub fn add(&self, _number: usize, _socket: &UdpSocket) -> io::Result<()> {
            Ok(())
        }

        /// Sleeps until one of the sockets, all of which were added, can be read or the time is over; the numbers of
        /// those that may be readable are then in `ready`.
        pub fn wait<'s>(
            &mut self,
            sockets: impl Iterator<Item = (usize, &'s UdpSocket)>,
            time: Duration,
            ready: &mut Vec<usize>,
        ) -> io::Result<()> {
            let (numbers, sockets): (Vec<_>, Vec<_>) = sockets.unzip();
            let readable = readable(sockets.into_iter(), time)?;
            ready.clear();
            ready.extend(numbers.into_iter().zip(readable).filter(|(_, is_ready)| *is_ready).map(|(number, _)| number));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::time::Duration;

    /// Which of three sockets have something, first none and then two of them.
    macro_rules! finds_those_that_have_something {
        ($watch:ty) => {{
            let sockets = [(); 3].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
            let mut watch = <$watch>::new().unwrap();
            for (number, socket) in sockets.iter().enumerate() {
                watch.add(number, socket).unwrap();
            }
            let mut ready = vec![7];
            watch.wait(sockets.iter().enumerate(), Duration::from_millis(1), &mut ready).unwrap();
            assert_eq!(ready, [0; 0]);
            for number in [1, 2] {
                sockets[0].send_to(b"uno", sockets[number].local_addr().unwrap()).unwrap();
            }
            watch.wait(sockets.iter().enumerate(), Duration::from_mins(1), &mut ready).unwrap();
            assert_eq!(ready, [1, 2]);
        }};
    }

    #[test]
    fn handed_over_each_time() {
        finds_those_that_have_something!(super::handed_over::Watch);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn told_once() {
        finds_those_that_have_something!(super::told_once::Watch);
    }
}
