//! The quality of the transmission, a service at a time: how much was asked, answered and lost, and how fast.
//!
//! A service is the endpoint that requests are sent to. The matching is the same as in the exchanges view.

use std::io;

use hashbrown::HashMap;

use super::matcher::{Exchange, Matcher, Role};
use super::tally::{Tally, Times};
use super::{Hidden, Options, Output, View};
use crate::dissect::{Dissection, Endpoint, Transport};
use crate::source::Frame;
use crate::time::Timestamp;

/// The most services told apart; the exchanges of any further one are counted together as hidden UDP.
pub const MAX_SERVICES: usize = 4_096;

/// The summary view.
pub struct Summary {
    options: Options,
    output: Box<dyn Output>,
    matcher: Matcher<Seen>,
    services: HashMap<Endpoint, ServiceSummary>,
    hidden: Hidden,
}

/// What the summary keeps of a datagram.
#[derive(Clone, Copy)]
struct Seen {
    time: Timestamp,
    length: u32,
}

/// The figures of one service.
#[derive(Clone, Debug)]
pub struct ServiceSummary {
    /// The endpoint that requests were sent to.
    pub service: Endpoint,
    /// How many exchanges met which fate, and response times.
    pub tally: Tally,
    /// From one request to the next.
    pub interval: Times,
    /// Bytes of all its frames, on the wire.
    pub bytes: u64,
    /// Its place in the order of first requests.
    order: usize,
    last_request: Option<Timestamp>,
}

impl Summary {
    /// A view that writes to this output.
    #[must_use]
    pub fn new(options: Options, output: Box<dyn Output>) -> Self {
        let matcher = Matcher::new(options.port, options.timeout);
        Self { options, output, matcher, services: HashMap::new(), hidden: Hidden::default() }
    }

    fn count(&mut self, exchange: &Exchange<Seen>) {
        let order = self.services.len();
        if order >= MAX_SERVICES && !self.services.contains_key(&exchange.service) {
            self.hidden.protocol(crate::dissect::Protocol::Udp);
            return;
        }
        let service = self.services.entry(exchange.service).or_insert_with(|| ServiceSummary {
            service: exchange.service,
            tally: Tally::default(),
            interval: Times::default(),
            bytes: 0,
            order,
            last_request: None,
        });
        service.tally.add(exchange.status, exchange.rtt);
        for seen in [exchange.request, exchange.response].into_iter().flatten() {
            service.bytes += u64::from(seen.length);
        }
        if let Some(request) = exchange.request
            && let Some(last) = service.last_request.replace(request.time)
        {
            service.interval.add(request.time.since(last));
        }
    }
}

impl View for Summary {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        if let Some(noise) = self.options.noise(&dissection) {
            self.hidden.noise(noise);
            return Ok(());
        }
        let seen = Seen { time: frame.time, length: frame.wire_len };
        let role = match &dissection.transport {
            Transport::Udp(datagram) => self.matcher.datagram(frame.time, datagram, || seen),
            Transport::UdpError { quoted } => self.matcher.error(frame.time, quoted, || seen),
            Transport::Tcp(_) | Transport::None => Role::Unrelated,
        };
        if role == Role::Unrelated {
            self.hidden.protocol(dissection.protocol);
        }
        while let Some(exchange) = self.matcher.pop() {
            self.count(&exchange);
        }
        Ok(())
    }

    fn passed_over(&mut self, _frame: &Frame<'_>) {}

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        while let Some(exchange) = self.matcher.pop_rest() {
            self.count(&exchange);
        }
        let mut services: Vec<_> = std::mem::take(&mut self.services).into_values().collect();
        services.sort_by_key(|service| service.order);
        self.output.summary(&services, &self.hidden)
    }
}
