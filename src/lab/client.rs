//! The lab's UDP client: a message at a time, each from a fresh socket and so from a fresh port.
//!
//! Messages keep their rhythm whether or not responses come: sockets that still wait are looked at in between. A socket
//! is connected, so that the system tells it when nobody listens.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::console::peer;
use super::{Console, MAX_PAYLOAD};
use crate::platform::readable;
use crate::tr;

/// How long a receive may sleep before the client looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(100);
/// The most sockets that wait at a time; then the next message waits for the oldest.
const MAX_WAITING: usize = 256;
/// How many messages a port is not used again for.
const FRESH_FOR: usize = 8_192;
/// How many ports are tried before one that is not fresh will do.
const TRIES: usize = 64;
/// What is said when a response did not come in time.
pub(super) const TOO_LATE: &str = "Error en el cliente: no hubo respuesta a tiempo";

/// What to send, to whom, and how patiently.
pub struct Client {
    /// The server.
    pub server: SocketAddr,
    /// How long a response may take.
    pub timeout: Duration,
}

/// The ports used lately: what comes to a fresh one can't be meant for an earlier message.
#[derive(Default)]
pub(super) struct Ports {
    used: HashSet<u16>,
    /// Oldest first.
    order: VecDeque<u16>,
}

/// What became of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Messages that were sent, or should have been.
    pub sent: u64,
    /// Messages that were answered.
    pub answered: u64,
}

/// A socket that waits for its response. Those who wait do so in the order of their deadlines.
struct Waiting {
    socket: UdpSocket,
    deadline: Instant,
}

impl Outcome {
    /// Messages without a response.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.sent - self.answered
    }
}

/// `5 sent, 4 answered, 1 lost (20.0 %)`
impl fmt::Display for Outcome {
    #[allow(clippy::cast_precision_loss)] // a percentage of counts far below 2^52
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = format!("{:.1}", 100.0 * self.lost() as f64 / self.sent.max(1) as f64);
        let (sent, answered, lost) = (self.sent, self.answered, self.lost());
        f.write_str(&tr!("lab-outcome", sent = sent, answered = answered, lost = lost, percent = percent))
    }
}

impl Client {
    /// Sends `message` every `interval`, `count` times or until `stop` is set. With no interval, each message follows
    /// the response to the one before.
    pub fn run(
        &self,
        message: &str,
        count: Option<u64>,
        interval: Duration,
        stop: &AtomicBool,
        console: &mut Console<'_>,
    ) -> io::Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut waiting = VecDeque::new();
        let mut ports = Ports::default();
        let mut next = Instant::now();
        let may_wait = if interval.is_zero() { 0 } else { MAX_WAITING };
        while count.is_none_or(|count| outcome.sent < count) {
            outcome.answered += self.pause(&mut waiting, next, may_wait, stop, console)?;
            if stop.load(Ordering::Relaxed) {
                break;
            }
            waiting.extend(self.send(message.as_bytes(), &mut ports, console)?);
            outcome.sent += 1;
            // After a pause that was too long (a suspended machine) messages do not catch up in a burst.
            next = (next + interval).max(Instant::now());
        }
        outcome.answered += self.pause(&mut waiting, Instant::now(), 0, stop, console)?;
        // Stopped while it waited: that message is neither answered nor lost.
        outcome.sent -= if stop.load(Ordering::Relaxed) { waiting.len() as u64 } else { 0 };
        Ok(outcome)
    }

    /// Sends each of `lines` and waits for its answer, until there are no more or `stop` is set. The lines come from
    /// another thread, since whoever reads a terminal can't be called back.
    pub fn interactive(
        &self,
        lines: &Receiver<io::Result<Vec<u8>>>,
        stop: &AtomicBool,
        console: &mut Console<'_>,
    ) -> io::Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut ports = Ports::default();
        while !stop.load(Ordering::Relaxed) {
            let mut line = match lines.recv_timeout(LOOK_UP) {
                Ok(line) => line?,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            line.pop_if(|last| *last == b'\r');
            let mut waiting: VecDeque<_> = self.send(&line, &mut ports, console)?.into_iter().collect();
            outcome.sent += 1;
            outcome.answered += self.pause(&mut waiting, Instant::now(), 0, stop, console)?;
        }
        Ok(outcome)
    }

    /// Sends one message from a fresh port; `None` where that failed, which has been said then.
    fn send(&self, message: &[u8], ports: &mut Ports, console: &mut Console<'_>) -> io::Result<Option<Waiting>> {
        match self.fresh_socket(ports).and_then(|socket| socket.send(message).map(|_| socket)) {
            Ok(socket) => {
                console.sent();
                console.show()?;
                Ok(Some(Waiting { socket, deadline: Instant::now() + self.timeout }))
            }
            Err(error) => {
                console.lost(format_args!("Error al enviar el mensaje: {error}"))?;
                Ok(None)
            }
        }
    }

    /// A socket that does not block, connected to the server, at a port that was not used lately.
    pub(super) fn fresh_socket(&self, ports: &mut Ports) -> io::Result<UdpSocket> {
        let any: SocketAddr = match self.server {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        // What is not fresh stays bound until there is one, so that the system does not give it again.
        let mut stale = Vec::new();
        loop {
            let socket = UdpSocket::bind(any)?;
            let port = socket.local_addr()?.port();
            if ports.is_fresh(port) || stale.len() >= TRIES {
                ports.used(port);
                socket.connect(self.server)?;
                socket.set_nonblocking(true)?;
                return Ok(socket);
            }
            stale.push(socket);
        }
    }

    /// Listens until `next`, and as long as more sockets wait than may; says how many had their response.
    fn pause(
        &self,
        waiting: &mut VecDeque<Waiting>,
        next: Instant,
        may_wait: usize,
        stop: &AtomicBool,
        console: &mut Console<'_>,
    ) -> io::Result<u64> {
        let mut answered = 0;
        while !stop.load(Ordering::Relaxed) && (Instant::now() < next || waiting.len() > may_wait) {
            let until = if waiting.len() > may_wait { Instant::now() + LOOK_UP } else { next };
            answered += self.listen(waiting, until, console)?;
        }
        Ok(answered)
    }

    /// Listens on the waiting sockets until one of them has something, a deadline has come, or it is `until`; takes those
    /// that are done off the queue and says how many had their response.
    fn listen(&self, waiting: &mut VecDeque<Waiting>, until: Instant, console: &mut Console<'_>) -> io::Result<u64> {
        let wake = waiting.front().map_or(until, |oldest| oldest.deadline.min(until));
        let rest = wake.saturating_duration_since(Instant::now()).min(LOOK_UP);
        let ready = readable(waiting.iter().map(|waiting| &waiting.socket), rest)?;
        let now = Instant::now();
        let mut answered = 0;
        for (one, is_ready) in std::mem::take(waiting).into_iter().zip(ready) {
            if !is_ready && now < one.deadline {
                waiting.push_back(one);
                continue;
            }
            match one.receive(self.server, console)? {
                Received::Response => answered += 1,
                Received::Nothing if now < one.deadline => waiting.push_back(one),
                Received::Nothing => console.lost(TOO_LATE)?,
                Received::Error => {}
            }
        }
        Ok(answered)
    }
}

impl Ports {
    fn is_fresh(&self, port: u16) -> bool {
        !self.used.contains(&port)
    }

    fn used(&mut self, port: u16) {
        if !self.used.insert(port) {
            return;
        }
        self.order.push_back(port);
        if self.order.len() > FRESH_FOR
            && let Some(oldest) = self.order.pop_front()
        {
            self.used.remove(&oldest);
        }
    }
}

/// What a socket had to say.
enum Received {
    Response,
    Nothing,
    /// Which has been told.
    Error,
}

impl Waiting {
    fn receive(&self, server: SocketAddr, console: &mut Console<'_>) -> io::Result<Received> {
        let mut buffer = vec![0; MAX_PAYLOAD];
        match self.socket.recv(&mut buffer) {
            Ok(len) => {
                let payload = buffer.get(..len).unwrap_or(&buffer);
                console.response(payload, server);
                console.show()?;
                Ok(Received::Response)
            }
            Err(error) if is_silence(&error) => Ok(Received::Nothing),
            Err(error) => {
                console.lost(failure(&error, server))?;
                Ok(Received::Error)
            }
        }
    }
}

pub(super) fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

/// Whether the system says that nobody listens there.
pub(super) fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset)
}

/// What is said of an error that came in place of a response.
pub(super) fn failure(error: &io::Error, server: SocketAddr) -> String {
    let nobody = if is_refusal(error) { format!(": nadie escucha en {}", peer(server)) } else { String::new() };
    format!("Error en el cliente: {error}{nobody}")
}
