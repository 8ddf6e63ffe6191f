//! Datagrams a burst at a time: received together, answered together.
//!
//! On Linux that is one call of the kernel for up to [`BURST`] datagrams, `recvmmsg` and `sendmmsg`; elsewhere a burst is
//! one datagram. Knows nothing of what is in them.

#[cfg(not(target_os = "linux"))]
pub use plain::Burst;
#[cfg(target_os = "linux")]
pub use several::Burst;

/// Room for the payload of a datagram, in bytes: no UDP length can say more. The cache line above 64 KiB keeps the
/// beginnings of the payloads, which is all that most have, in different sets of the processor's cache.
const ROOM: usize = (1 << 16) + 64;

#[cfg(target_os = "linux")]
mod several {
    use std::array::from_fn;
    use std::io::{self, IoSlice, IoSliceMut};
    use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
    use std::os::fd::AsRawFd as _;

    use arrayvec::ArrayVec;
    use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg};
    use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny, sendmmsg};

    use super::ROOM;

    /// The most datagrams in a burst. Room for the largest payload of each is 4 MiB, of which the system provides only
    /// what is used.
    const BURST: usize = 64;

    /// The datagrams of a burst, and room for the next.
    pub struct Burst {
        headers: MultiHeaders<SockaddrStorage>,
        payloads: Vec<u8>,
        /// Payload length and sender.
        received: Vec<(usize, SocketAddr)>,
    }

    impl Default for Burst {
        fn default() -> Self {
            Self {
                headers: MultiHeaders::preallocate(BURST, None),
                payloads: vec![0; ROOM * BURST],
                received: Vec::with_capacity(BURST),
            }
        }
    }

    impl Burst {
        /// Waits for a datagram as long as the socket does, takes what has come by then in place of the burst before,
        /// and says how many that are.
        pub fn receive(&mut self, socket: &UdpSocket) -> io::Result<usize> {
            self.received.clear();
            let mut rooms = self.payloads.chunks_exact_mut(ROOM);
            let mut room: [_; BURST] = from_fn(|_| [IoSliceMut::new(rooms.next().unwrap_or_default())]);
            let flags = MsgFlags::MSG_WAITFORONE;
            let received = recvmmsg(socket.as_raw_fd(), &mut self.headers, &mut room, flags, None)?;
            self.received.extend(received.map(|message| (message.bytes, sender(message.address))));
            Ok(self.received.len())
        }

        /// The datagrams, as they came.
        pub fn datagrams(&self) -> impl Iterator<Item = (&[u8], SocketAddr)> {
            let payloads = self.payloads.chunks_exact(ROOM);
            self.received.iter().zip(payloads).map(|((len, from), room)| (room.get(..*len).unwrap_or(room), *from))
        }

        /// Answers the datagrams from the `first` on, each with `reply` or with its own payload, and says how many
        /// could be answered. An error is about the first of them.
        pub fn answer(&self, socket: &UdpSocket, first: usize, reply: Option<&[u8]>) -> io::Result<usize> {
            let to: ArrayVec<_, BURST> =
                self.received.iter().skip(first).map(|(_, from)| SocketAddrAny::from(*from)).collect();
            let payloads: ArrayVec<_, BURST> =
                self.datagrams().skip(first).map(|(payload, _)| [IoSlice::new(reply.unwrap_or(payload))]).collect();
            let mut controls: ArrayVec<_, BURST> = to.iter().map(|_| SendAncillaryBuffer::default()).collect();
            let mut messages: ArrayVec<_, BURST> = to
                .iter()
                .zip(&payloads)
                .zip(&mut controls)
                .map(|((to, payload), control)| MMsgHdr::new_with_addr(to, payload, control))
                .collect();
            match sendmmsg(socket, &mut messages, SendFlags::empty()) {
                Ok(0) => Err(io::ErrorKind::WriteZero.into()),
                sent => Ok(sent?),
            }
        }
    }

    /// Whoever sends over UDP has an address of one of these families.
    fn sender(address: Option<SockaddrStorage>) -> SocketAddr {
        let v4 = |address: &SockaddrStorage| address.as_sockaddr_in().map(|v4| SocketAddr::V4((*v4).into()));
        let v6 = |address: &SockaddrStorage| address.as_sockaddr_in6().map(|v6| SocketAddr::V6((*v6).into()));
        let unspecified = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        address.and_then(|address| v4(&address).or_else(|| v6(&address))).unwrap_or(unspecified)
    }
}

// Built, and its tests run, on Linux too.
#[cfg(any(not(target_os = "linux"), test))]
mod plain {
    use std::io;
    use std::net::{SocketAddr, UdpSocket};

    use super::ROOM;

    /// The datagram that came last, and room for the next.
    pub struct Burst {
        payload: Vec<u8>,
        /// Payload length and sender.
        received: Option<(usize, SocketAddr)>,
    }

    impl Default for Burst {
        fn default() -> Self {
            Self { payload: vec![0; ROOM], received: None }
        }
    }

    impl Burst {
        /// Waits for a datagram as long as the socket does, and takes it in place of the one before.
        pub fn receive(&mut self, socket: &UdpSocket) -> io::Result<usize> {
            self.received = None;
            self.received = Some(socket.recv_from(&mut self.payload)?);
            Ok(1)
        }

        /// The datagram.
        pub fn datagrams(&self) -> impl Iterator<Item = (&[u8], SocketAddr)> {
            let payload = &self.payload;
            self.received.iter().map(move |(len, from)| (payload.get(..*len).unwrap_or(payload), *from))
        }

        /// Answers the datagram with `reply` or with its own payload.
        pub fn answer(&self, socket: &UdpSocket, first: usize, reply: Option<&[u8]>) -> io::Result<usize> {
            self.datagrams()
                .skip(first)
                .try_for_each(|(payload, from)| socket.send_to(reply.unwrap_or(payload), from).map(drop))?;
            Ok(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::time::Duration;

    /// What it takes of three datagrams, the last as large as they come, and who is answered with what.
    macro_rules! takes_all_and_answers_all {
        ($burst:ty, $at_a_time:expr) => {{
            let server = UdpSocket::bind("127.0.0.1:0").unwrap();
            let client = UdpSocket::bind("127.0.0.1:0").unwrap();
            for socket in [&server, &client] {
                socket.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
            }
            client.connect(server.local_addr().unwrap()).unwrap();
            let from = client.local_addr().unwrap();
            let payloads = [b"uno".to_vec(), Vec::new(), vec![b'x'; 65_507]];
            let mut burst = <$burst>::default();
            assert!(burst.receive(&server).is_err());
            assert_eq!(burst.datagrams().count(), 0);
            for reply in [None, Some("dos".as_bytes())] {
                for payload in &payloads {
                    client.send(payload).unwrap();
                }
                for payloads in payloads.chunks($at_a_time) {
                    assert_eq!(burst.receive(&server).unwrap(), payloads.len());
                    let expected: Vec<_> = payloads.iter().map(|payload| (payload.as_slice(), from)).collect();
                    assert!(burst.datagrams().collect::<Vec<_>>() == expected);
                    assert_eq!(burst.answer(&server, 0, reply).unwrap(), payloads.len());
                    for payload in payloads {
                        let mut buffer = vec![0; 65_535];
                        let len = client.recv(&mut buffer).unwrap();
                        assert!(buffer[..len] == *reply.unwrap_or(payload));
                    }
                }
            }
        }};
    }

    #[test]
    fn a_burst_is_one_datagram() {
        takes_all_and_answers_all!(super::plain::Burst, 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_burst_is_all_that_has_come() {
        takes_all_and_answers_all!(super::several::Burst, 3);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_error_is_about_the_first_that_could_not_be_answered() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..3 {
            client.send_to(b"uno", server.local_addr().unwrap()).unwrap();
        }
        let mut burst = super::Burst::default();
        assert_eq!(burst.receive(&server).unwrap(), 3);
        let too_long = vec![0; 65_508];
        assert!(burst.answer(&server, 1, Some(&too_long)).is_err());
        assert_eq!(burst.answer(&server, 1, None).unwrap(), 2);
    }
}
