//! The lab's UDP client: a message at a time, each from a fresh socket and so from a fresh port.
//!
//! Messages keep their rhythm whether or not responses come: sockets that still wait are looked at in between. A socket
//! is connected, so that the system tells it when nobody listens.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::{Console, MAX_PAYLOAD, peer, shown};

/// How long a receive may sleep before the client looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(100);
/// The same while more than one socket waits.
const TAKE_TURNS: Duration = Duration::from_millis(5);
/// The most sockets that wait at a time; then the next message waits for the oldest.
const MAX_WAITING: usize = 256;

/// What to send, to whom, and how patiently.
pub struct Client {
    /// The server.
    pub server: SocketAddr,
    /// How long a response may take.
    pub timeout: Duration,
}

/// What became of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Messages that were sent, or should have been.
    pub sent: u64,
    /// Messages that were answered.
    pub answered: u64,
}

/// A socket that waits for its response.
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
        let mut next = Instant::now();
        let may_wait = if interval.is_zero() { 0 } else { MAX_WAITING };
        while count.is_none_or(|count| outcome.sent < count) {
            outcome.answered += pause(&mut waiting, next, may_wait, stop, console)?;
            if stop.load(Ordering::Relaxed) {
                break;
            }
            waiting.extend(self.send(message.as_bytes(), console)?);
            outcome.sent += 1;
            // After a pause that was too long (a suspended machine) messages do not catch up in a burst.
            next = (next + interval).max(Instant::now());
        }
        outcome.answered += pause(&mut waiting, Instant::now(), 0, stop, console)?;
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
        while !stop.load(Ordering::Relaxed) {
            let mut line = match lines.recv_timeout(LOOK_UP) {
                Ok(line) => line?,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            line.pop_if(|last| *last == b'\r');
            let mut waiting: VecDeque<_> = self.send(&line, console)?.into_iter().collect();
            outcome.sent += 1;
            outcome.answered += pause(&mut waiting, Instant::now(), 0, stop, console)?;
        }
        Ok(outcome)
    }

    /// Sends one message from a fresh port; `None` where that failed, which has been said then.
    fn send(&self, message: &[u8], console: &mut Console<'_>) -> io::Result<Option<Waiting>> {
        match self.fresh_socket().and_then(|socket| socket.send(message).map(|_| socket)) {
            Ok(socket) => {
                console.say("Mensaje UDP enviado")?;
                Ok(Some(Waiting { socket, deadline: Instant::now() + self.timeout }))
            }
            Err(error) => {
                console.complain(format_args!("Error al enviar el mensaje: {error}"));
                Ok(None)
            }
        }
    }

    fn fresh_socket(&self) -> io::Result<UdpSocket> {
        let any: SocketAddr = match self.server {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = UdpSocket::bind(any)?;
        socket.connect(self.server)?;
        Ok(socket)
    }
}

/// Listens until `next`, and as long as more sockets wait than may; says how many had their response.
fn pause(
    waiting: &mut VecDeque<Waiting>,
    next: Instant,
    may_wait: usize,
    stop: &AtomicBool,
    console: &mut Console<'_>,
) -> io::Result<u64> {
    let mut answered = 0;
    while !stop.load(Ordering::Relaxed) && (Instant::now() < next || waiting.len() > may_wait) {
        let until = if waiting.len() > may_wait { Instant::now() + LOOK_UP } else { next };
        answered += listen(waiting, until, console)?;
    }
    Ok(answered)
}

/// Listens on the waiting sockets, for one turn each and not beyond `until`; takes those that are done off the queue
/// and says how many had their response.
fn listen(waiting: &mut VecDeque<Waiting>, until: Instant, console: &mut Console<'_>) -> io::Result<u64> {
    let Some(oldest) = waiting.pop_front() else {
        let rest = until.saturating_duration_since(Instant::now());
        std::thread::sleep(rest.min(LOOK_UP));
        return Ok(0);
    };
    let turn = if waiting.is_empty() { LOOK_UP } else { TAKE_TURNS };
    let rest = until.min(oldest.deadline).saturating_duration_since(Instant::now());
    // A read timeout of zero would mean for ever.
    oldest.socket.set_read_timeout(Some(rest.min(turn).max(Duration::from_micros(100))))?;
    let mut buffer = vec![0; MAX_PAYLOAD];
    match oldest.socket.recv_from(&mut buffer) {
        Ok((len, server)) => {
            let payload = buffer.get(..len).unwrap_or(&buffer);
            console.say(format_args!("Respuesta del servidor: {} de {}", shown(payload), peer(server)))?;
            return Ok(1);
        }
        Err(error) if is_silence(&error) && Instant::now() < oldest.deadline => waiting.push_back(oldest),
        Err(error) if is_silence(&error) => console.complain("Error en el cliente: no hubo respuesta a tiempo"),
        Err(error) => console.complain(format_args!("Error en el cliente: {error}{}", advice(&error, &oldest))),
    }
    Ok(0)
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

fn advice(error: &io::Error, waiting: &Waiting) -> String {
    let refused = matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset);
    match waiting.socket.peer_addr() {
        Ok(server) if refused => format!(": nadie escucha en {}", peer(server)),
        _ => String::new(),
    }
}
