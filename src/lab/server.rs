//! The lab's UDP server: receives, says so, answers. Outlives whatever a client does.
//!
//! With [`Faults`] answers wait in an outbox that decides which of them are sent, and when.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Console;
use super::faults::{Faults, Log, Outbox};
use crate::platform::{self, Burst, make_room, readable};

/// How long a receive may sleep before the server looks whether it is to stop, and how long a response may wait for room.
const LOOK_UP: Duration = Duration::from_millis(100);
/// How much may wait to be received, in bytes, if the system allows. Linux takes it twice and counts each of the lab's
/// messages as 768 bytes: 10,900 of them, or 554 where `net.core.rmem_max` is what it is out of the box.
const RECEIVE_BUFFER: usize = 4 << 20;

/// A server whose socket is bound.
pub struct Server {
    socket: UdpSocket,
    answer: Answer,
}

/// What the server answers with.
pub enum Answer {
    /// The same text to everyone.
    Text(String),
    /// What was received.
    Echo,
}

impl Server {
    /// Binds the socket; from here on nothing that is sent to it is refused.
    pub fn bind(address: SocketAddr, answer: Answer) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        make_room(&socket, RECEIVE_BUFFER);
        Ok(Self { socket, answer })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Says where it listens.
    pub fn announce(&self, console: &mut Console<'_>) -> io::Result<()> {
        console.listening(self.address()?)
    }

    /// Serves until `stop` is set, or until its socket or its console fails.
    pub fn run(&self, stop: &AtomicBool, console: &mut Console<'_>) -> io::Result<()> {
        self.socket.set_read_timeout(Some(LOOK_UP))?;
        self.socket.set_write_timeout(Some(LOOK_UP))?;
        let mut burst = Burst::default();
        while !stop.load(Ordering::Relaxed) {
            let received = self.receive(&mut burst)?;
            self.answer(&burst, received, console)?;
            console.show()?;
        }
        Ok(())
    }

    /// The same with faults, and what came of it. What still waits when `stop` is set is not sent.
    pub fn run_with(&self, faults: Faults, stop: &AtomicBool, console: &mut Console<'_>) -> io::Result<Log> {
        self.socket.set_write_timeout(Some(LOOK_UP))?;
        self.socket.set_nonblocking(true)?;
        let mut outbox: Outbox<(Vec<u8>, SocketAddr)> = Outbox::new(faults);
        let mut burst = Burst::default();
        while !stop.load(Ordering::Relaxed) {
            while let Some(response) = outbox.pop(Instant::now()) {
                let (payload, client) = &response.content;
                if self.answer_late(payload, *client, response.copies, console)? {
                    outbox.sent(&response);
                }
            }
            console.show()?;
            let due = outbox.next_due().map_or(LOOK_UP, |due| due.saturating_duration_since(Instant::now()));
            readable(std::iter::once(&self.socket), due.min(LOOK_UP))?;
            self.receive(&mut burst)?;
            for (payload, client) in burst.datagrams() {
                console.received(payload, client);
                let kept = if matches!(self.answer, Answer::Echo) { payload.to_vec() } else { Vec::new() };
                outbox.push(Instant::now(), (kept, client));
            }
            console.show()?;
        }
        Ok(outbox.log())
    }

    /// The next messages, if any come in time; says how many.
    fn receive(&self, burst: &mut Burst) -> io::Result<usize> {
        match burst.receive(&self.socket) {
            Err(error) if is_transient(&error) => Ok(0),
            received => received,
        }
    }

    /// Answers every message of a burst, or complains about it.
    fn answer(&self, burst: &Burst, received: usize, console: &mut Console<'_>) -> io::Result<()> {
        let mut done = 0;
        while done < received {
            let answered = burst.answer(&self.socket, done, self.reply());
            let these = burst.datagrams().skip(done).take(*answered.as_ref().unwrap_or(&1));
            for (payload, client) in these {
                done += 1;
                console.received(payload, client);
                match &answered {
                    Ok(_) => console.answered(),
                    Err(error) => complain(error, console)?,
                }
            }
        }
        Ok(())
    }

    /// Answers a message that was received before, so many times; says whether that could be done.
    fn answer_late(
        &self,
        payload: &[u8],
        client: SocketAddr,
        copies: u64,
        console: &mut Console<'_>,
    ) -> io::Result<bool> {
        let reply = self.reply().unwrap_or(payload);
        let answered = (0..copies).try_for_each(|_| self.send_late(reply, client));
        match &answered {
            Ok(()) => console.answered(),
            Err(error) => complain(error, console)?,
        }
        Ok(answered.is_ok())
    }

    /// Sends a response; waits for a moment where there is no room for it.
    fn send_late(&self, reply: &[u8], client: SocketAddr) -> io::Result<()> {
        match self.socket.send_to(reply, client) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.socket.set_nonblocking(false)?;
                let sent = self.socket.send_to(reply, client);
                self.socket.set_nonblocking(true)?;
                sent.map(drop)
            }
            sent => sent.map(drop),
        }
    }

    /// What everyone is answered with, unless that is what they sent.
    fn reply(&self) -> Option<&[u8]> {
        match &self.answer {
            Answer::Text(text) => Some(text.as_bytes()),
            Answer::Echo => None,
        }
    }
}

fn complain(error: &io::Error, console: &mut Console<'_>) -> io::Result<()> {
    console.complain(format_args!("Error al enviar la respuesta: {error}"))
}

/// Nothing came in time, or an earlier answer met a client that has gone, which says nothing about the next client.
fn is_transient(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted | TimedOut | WouldBlock)
        || platform::tells_of_expiry(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::system::{Family, HERE};

    #[test]
    fn what_the_system_says_of_clients_that_have_gone_ends_no_server() {
        for kind in [io::ErrorKind::ConnectionRefused, io::ErrorKind::ConnectionReset, io::ErrorKind::TimedOut] {
            assert!(is_transient(&kind.into()), "{kind}");
        }
        // WSAECONNRESET, after an ICMP port unreachable, and WSAENETRESET, after a time exceeded.
        for number in [10_054, 10_052] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(is_transient(&error), HERE == Family::Windows, "{error}");
        }
        assert!(!is_transient(&io::ErrorKind::PermissionDenied.into()));
    }
}
