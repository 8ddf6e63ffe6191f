//! The client as a load: so many requests wait for their responses at a time, and each response brings the next request.
//!
//! Every request that waits has a port of its own, and payloads say nothing of which request they belong to: so the port
//! must. A port whose request was answered rests while at least as many others are used as requests wait, by when a
//! server that answers twice has sent the second response; what comes to a resting port was asked by nobody. A port whose
//! request was not answered in time is closed, and not used again while late responses may come.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::client::{Client, Outcome, Ports, TOO_LATE, failure, is_refusal, is_silence};
use super::{Console, MAX_PAYLOAD};
use crate::platform::{Watch, allow_open};
use crate::tr;

/// How many ports there are for each request that waits; all but one of them rest.
const PORTS_EACH: usize = 4;
/// How many there are at least.
const MIN_PORTS: usize = 256;
/// How often the client looks whether it is to stop, and what waits for too long, at the least and at the most.
const LOOK_UP: Duration = Duration::from_millis(100);
const SHORTEST_CHECK: Duration = Duration::from_millis(1);
/// The longest response time that is told from longer ones, in nanoseconds: an hour.
const LONGEST: u64 = 3_600_000_000_000;
/// Response times are kept to so many digits.
const SIGNIFICANT_DIGITS: u8 = 3;

/// What came of a load.
#[derive(Clone, Debug)]
pub struct Report {
    /// What became of the messages.
    pub outcome: Outcome,
    /// Messages lost because nobody listened.
    pub refused: u64,
    /// Responses to nothing that still waited for one.
    pub unasked: u64,
    /// From the first message to the last response.
    pub took: Duration,
    /// Response times, in nanoseconds.
    times: Histogram<u64>,
}

/// A port, and when the message was sent that waits there for its response.
#[derive(Default)]
struct Port {
    /// None where a new one is to be opened.
    socket: Option<UdpSocket>,
    sent: Option<Instant>,
}

/// A load that is under way.
struct Load<'c> {
    client: &'c Client,
    watch: Watch,
    ports: Vec<Port>,
    most_ports: usize,
    /// The numbers of those that can be used, longest at rest first.
    resting: VecDeque<usize>,
    used: Ports,
    waiting: usize,
    started: Instant,
    buffer: Vec<u8>,
    report: Report,
}

impl Client {
    /// Sends `message`, `count` times or until `stop` is set, with at most `in_flight` waiting for a response.
    pub fn load(
        &self,
        message: &str,
        count: Option<u64>,
        in_flight: usize,
        stop: &AtomicBool,
        console: &mut Console<'_>,
    ) -> io::Result<Report> {
        let mut load = Load::new(self, in_flight, count)?;
        let mut ready = Vec::new();
        let check_every = (self.timeout / 8).clamp(SHORTEST_CHECK, LOOK_UP);
        let mut next_check = Instant::now() + check_every;
        while !stop.load(Ordering::Relaxed) {
            let mut can_send = true;
            let is_over = |load: &Load<'_>| count.is_some_and(|count| load.report.outcome.sent >= count);
            while can_send && load.waiting < in_flight && !is_over(&load) {
                can_send = load.send(message.as_bytes(), console)?;
            }
            console.show()?;
            if load.waiting == 0 && is_over(&load) {
                break;
            }
            // What can't send now is not asked again at once.
            let rest = if can_send { next_check } else { next_check.min(Instant::now() + SHORTEST_CHECK) };
            load.wait(rest, &mut ready)?;
            ready.iter().try_for_each(|number| load.receive(*number, console))?;
            if Instant::now() >= next_check {
                load.give_up(console)?;
                next_check = Instant::now() + check_every;
            }
        }
        console.show()?;
        // Stopped while they waited: those messages are neither answered nor lost.
        load.report.outcome.sent -= load.waiting as u64;
        Ok(load.report)
    }
}

impl<'c> Load<'c> {
    fn new(client: &'c Client, in_flight: usize, count: Option<u64>) -> io::Result<Self> {
        let count = count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
        let wanted = (in_flight * PORTS_EACH).max(MIN_PORTS).min(count);
        let most_ports = usize::try_from(allow_open(wanted as u64)).unwrap_or(wanted).min(wanted);
        if most_ports < wanted.min(2 * in_flight) {
            return Err(io::Error::other(tr!(
                "lab-few-sockets",
                messages = in_flight,
                wanted = wanted,
                most = most_ports,
                limit = wanted + 64,
            )));
        }
        let times = Histogram::new_with_bounds(1, LONGEST, SIGNIFICANT_DIGITS).map_err(io::Error::other)?;
        Ok(Self {
            client,
            watch: Watch::new()?,
            ports: Vec::new(),
            most_ports,
            resting: VecDeque::new(),
            used: Ports::default(),
            waiting: 0,
            started: Instant::now(),
            buffer: vec![0; MAX_PAYLOAD],
            report: Report { outcome: Outcome::default(), refused: 0, unasked: 0, took: Duration::ZERO, times },
        })
    }

    /// Sends a message from a new port as long as there may be more of them, else from the one that rested longest; says
    /// whether that could be done.
    fn send(&mut self, message: &[u8], console: &mut Console<'_>) -> io::Result<bool> {
        let rested = if self.ports.len() < self.most_ports { None } else { self.resting.pop_front() };
        let number = rested.unwrap_or_else(|| {
            self.ports.push(Port::default());
            self.ports.len() - 1
        });
        self.report.outcome.sent += 1;
        match self.socket(number).and_then(|socket| socket.send(message)) {
            Ok(_) => {
                self.ports[number].sent = Some(Instant::now());
                self.waiting += 1;
                console.sent();
                Ok(true)
            }
            Err(error) => {
                self.close(number);
                console.lost(format_args!("Error al enviar el mensaje: {error}"))?;
                Ok(false)
            }
        }
    }

    /// The socket of a port, which is opened if it is not.
    fn socket(&mut self, number: usize) -> io::Result<&UdpSocket> {
        match &mut self.ports[number].socket {
            Some(socket) => Ok(socket),
            none => {
                let socket = self.client.fresh_socket(&mut self.used)?;
                self.watch.add(number, &socket)?;
                Ok(none.insert(socket))
            }
        }
    }

    /// Closes a port, in whose place another is opened with the next message.
    fn close(&mut self, number: usize) {
        self.ports[number] = Port::default();
        self.resting.push_front(number);
    }

    /// Waits until a port has something, or for so long.
    fn wait(&mut self, until: Instant, ready: &mut Vec<usize>) -> io::Result<()> {
        let sockets = self.ports.iter().enumerate().filter_map(|(number, port)| Some((number, port.socket.as_ref()?)));
        self.watch.wait(sockets, until.saturating_duration_since(Instant::now()), ready)
    }

    /// Takes what a port has: the response, an error instead of it, or what nobody waits for.
    fn receive(&mut self, number: usize, console: &mut Console<'_>) -> io::Result<()> {
        let Port { socket: Some(socket), sent } = &mut self.ports[number] else { return Ok(()) };
        let received = socket.recv(&mut self.buffer);
        if received.as_ref().is_err_and(is_silence) {
            return Ok(());
        }
        let Some(sent) = sent.take() else {
            self.report.unasked += u64::from(received.is_ok());
            return Ok(());
        };
        self.waiting -= 1;
        self.resting.push_back(number);
        match received {
            Ok(len) => self.answered(sent.elapsed(), len, console),
            Err(error) => {
                self.report.refused += u64::from(is_refusal(&error));
                console.lost(failure(&error, self.client.server))
            }
        }
    }

    /// Counts a response that came after so long.
    fn answered(&mut self, time: Duration, len: usize, console: &mut Console<'_>) -> io::Result<()> {
        if time > self.client.timeout {
            return console.lost(TOO_LATE);
        }
        self.report.outcome.answered += 1;
        self.report.took = self.started.elapsed();
        self.report.times.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        console.response(&self.buffer[..len], self.client.server);
        Ok(())
    }

    /// Counts what waits for too long as lost.
    fn give_up(&mut self, console: &mut Console<'_>) -> io::Result<()> {
        let now = Instant::now();
        for number in 0..self.ports.len() {
            let sent = self.ports[number].sent;
            if sent.is_some_and(|sent| now.saturating_duration_since(sent) > self.client.timeout) {
                self.waiting -= 1;
                self.close(number);
                console.lost(TOO_LATE)?;
            }
        }
        Ok(())
    }
}

/// `1000 answered in 0.005 s, 200000/s; response time min 0.021 ms, mean 0.304 ms, p50 …`, and what was odd.
impl fmt::Display for Report {
    #[allow(clippy::cast_precision_loss)] // times and counts far below 2^52
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answered = self.outcome.answered;
        let seconds = self.took.as_secs_f64();
        let rate = if answered == 0 { 0.0 } else { answered as f64 / seconds };
        let (seconds, rate) = (format!("{seconds:.3}"), format!("{rate:.0}"));
        f.write_str(&tr!("lab-load", answered = answered, seconds = seconds, rate = rate))?;
        if answered > 0 {
            let [min, p50, p99, max] = [
                self.times.min(),
                self.times.value_at_quantile(0.5),
                self.times.value_at_quantile(0.99),
                self.times.max(),
            ]
            .map(|nanoseconds| format!("{:.3}", nanoseconds as f64 / 1e6));
            let mean = format!("{:.3}", self.times.mean() / 1e6);
            write!(f, "; {}", tr!("lab-load-times", min = min, mean = mean, p50 = p50, p99 = p99, max = max))?;
        }
        if self.refused > 0 {
            write!(f, "; {}", tr!("lab-load-refused", count = self.refused))?;
        }
        if self.unasked > 0 {
            write!(f, "; {}", tr!("lab-load-unasked", count = self.unasked))?;
        }
        Ok(())
    }
}
