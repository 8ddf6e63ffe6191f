//! The lab's UDP server: receives, says so, answers. Outlives whatever a client does.
//!
//! With [`Faults`] answers wait in an outbox that decides which of them are sent, and when.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::faults::{Faults, Log, Outbox};
use super::{Console, MAX_PAYLOAD, peer, shown};
use crate::platform::readable;

/// How long a receive may sleep before the server looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(100);

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
        Ok(Self { socket: UdpSocket::bind(address)?, answer })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Says where it listens.
    pub fn announce(&self, console: &mut Console<'_>) -> io::Result<()> {
        console.say(format_args!("Servidor UDP escuchando en {}", peer(self.address()?)))
    }

    /// Serves until `stop` is set, or until its socket or its console fails.
    pub fn run(&self, stop: &AtomicBool, console: &mut Console<'_>) -> io::Result<()> {
        self.socket.set_read_timeout(Some(LOOK_UP))?;
        let mut buffer = vec![0; MAX_PAYLOAD];
        while !stop.load(Ordering::Relaxed) {
            if let Some((payload, client)) = self.receive(&mut buffer, console)? {
                self.answer(payload, client, 1, console)?;
            }
        }
        Ok(())
    }

    /// The same with faults, and what came of it. What still waits when `stop` is set is not sent.
    pub fn run_with(&self, faults: Faults, stop: &AtomicBool, console: &mut Console<'_>) -> io::Result<Log> {
        self.socket.set_nonblocking(true)?;
        let mut outbox: Outbox<(Vec<u8>, SocketAddr)> = Outbox::new(faults);
        let mut buffer = vec![0; MAX_PAYLOAD];
        while !stop.load(Ordering::Relaxed) {
            while let Some(response) = outbox.pop(Instant::now()) {
                let (payload, client) = &response.content;
                if self.answer(payload, *client, response.copies, console)? {
                    outbox.sent(&response);
                }
            }
            let due = outbox.next_due().map_or(LOOK_UP, |due| due.saturating_duration_since(Instant::now()));
            readable(std::iter::once(&self.socket), due.min(LOOK_UP))?;
            if let Some((payload, client)) = self.receive(&mut buffer, console)? {
                let kept = if matches!(self.answer, Answer::Echo) { payload.to_vec() } else { Vec::new() };
                outbox.push(Instant::now(), (kept, client));
            }
        }
        Ok(outbox.log())
    }

    /// The next message, if one comes in time.
    fn receive<'b>(
        &self,
        buffer: &'b mut [u8],
        console: &mut Console<'_>,
    ) -> io::Result<Option<(&'b [u8], SocketAddr)>> {
        match self.socket.recv_from(buffer) {
            Ok((len, client)) => {
                let payload = buffer.get(..len).unwrap_or_default();
                console.say(format_args!("Mensaje recibido: {} de {}", shown(payload), peer(client)))?;
                Ok(Some((payload, client)))
            }
            Err(error) if is_transient(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Answers, so many times; says whether that could be done.
    fn answer(&self, payload: &[u8], client: SocketAddr, copies: u64, console: &mut Console<'_>) -> io::Result<bool> {
        let reply = match &self.answer {
            Answer::Text(text) => text.as_bytes(),
            Answer::Echo => payload,
        };
        match (0..copies).try_for_each(|_| self.socket.send_to(reply, client).map(drop)) {
            Ok(()) => console.say("Respuesta enviada al cliente").map(|()| true),
            Err(error) => {
                console.complain(format_args!("Error al enviar la respuesta: {error}"));
                Ok(false)
            }
        }
    }
}

/// Nothing came in time, or an earlier answer met a client that has gone, which says nothing about the next client.
fn is_transient(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted | TimedOut | WouldBlock)
}
