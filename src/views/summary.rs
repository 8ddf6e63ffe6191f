//! The quality of the transmission, a service at a time: how much was asked, answered and lost, and how fast.
//!
//! A service is the endpoint that requests are sent to. The matching is the same as in the exchanges view. Exchanges are
//! counted in the order of their requests; only jitter goes by the order of the responses, as RFC 3550 has it.

use std::io;

use super::matcher::{Exchange, Matcher, Role, ServiceId, Status};
use super::quantiles::Quantiles;
use super::tally::{Jitter, Tally, Times};
use super::{Account, Footer, Options, Output, View};
use crate::dissect::{Dissection, Endpoint, Protocol, Transport};
use crate::source::Frame;
use crate::time::Timestamp;

/// The summary view.
pub struct Summary {
    options: Options,
    output: Box<dyn Output>,
    /// Of a datagram it keeps the frame's length.
    matcher: Matcher<u32>,
    /// By the matcher's numbers.
    services: Vec<ServiceSummary>,
    footer: Footer,
    shows_last: bool,
}

/// The figures of one service.
#[derive(Clone, Debug)]
pub struct ServiceSummary {
    /// The endpoint that requests were sent to.
    pub service: Endpoint,
    /// How many exchanges met which fate, and response times.
    pub tally: Tally,
    /// How response times are distributed.
    pub quantiles: Quantiles,
    /// How much response times vary.
    pub jitter: Jitter,
    /// From one request to the next.
    pub interval: Times,
    /// Bytes of all its frames, on the wire.
    pub bytes: u64,
    last_request: Option<Timestamp>,
}

impl ServiceSummary {
    /// Nothing yet.
    #[must_use]
    pub fn new(service: Endpoint) -> Self {
        Self {
            service,
            tally: Tally::default(),
            quantiles: Quantiles::default(),
            jitter: Jitter::default(),
            interval: Times::default(),
            bytes: 0,
            last_request: None,
        }
    }

    fn count(&mut self, exchange: &Exchange<u32>) {
        self.tally.add(exchange);
        if let Some(rtt) = exchange.response_time() {
            self.quantiles.add(rtt);
        }
        for length in [exchange.request, exchange.response].into_iter().flatten() {
            self.bytes += u64::from(length);
        }
        let is_request = exchange.request.is_some() && exchange.status != Status::Duplicate;
        if is_request && let Some(last) = self.last_request.replace(exchange.time) {
            self.interval.add(exchange.time.since(last));
        }
    }
}

impl Summary {
    /// A view that writes to this output.
    #[must_use]
    pub fn new(options: Options, output: Box<dyn Output>) -> Self {
        let matcher = Matcher::new(options.port, options.timeout);
        Self { options, output, matcher, services: Vec::new(), footer: Footer::new(options.timeout), shows_last: false }
    }

    /// The figures of this service, begun where there are none yet.
    fn service(&mut self, id: Option<ServiceId>) -> Option<&mut ServiceSummary> {
        let index = usize::from(id?.0);
        while self.services.len() <= index {
            let next = ServiceId(u16::try_from(self.services.len()).ok()?);
            self.services.push(ServiceSummary::new(self.matcher.service(next)?));
        }
        self.services.get_mut(index)
    }

    fn count(&mut self, exchange: &Exchange<u32>) {
        self.footer.count(exchange, &self.matcher);
        if let Some(service) = self.service(exchange.service) {
            return service.count(exchange);
        }
        for _ in [exchange.request, exchange.response].into_iter().flatten() {
            self.footer.hidden.protocol(Protocol::Udp);
        }
    }
}

impl View for Summary {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        if let Some(noise) = self.options.noise(&dissection) {
            self.footer.hidden.noise(noise);
            self.shows_last = false;
            return Ok(());
        }
        let role = match &dissection.transport {
            Transport::Udp(datagram) => self.matcher.datagram(frame.time, datagram, |_| frame.wire_len),
            Transport::UdpError { quoted } => self.matcher.error(frame.time, quoted, |_| frame.wire_len),
            Transport::Tcp(_) | Transport::None => Role::Unrelated,
        };
        self.shows_last = role != Role::Unrelated;
        match role {
            Role::Settled { status, rtt: Some(rtt), service } if status.is_answered() => {
                if let Some(service) = self.service(service) {
                    service.jitter.add(rtt);
                }
            }
            Role::Request | Role::Settled { .. } => {}
            Role::Unrelated => self.footer.hidden.protocol(dissection.protocol),
        }
        while let Some(exchange) = self.matcher.pop() {
            self.count(&exchange);
        }
        Ok(())
    }

    fn passed_over(&mut self, _frame: &Frame<'_>) {}

    fn shows_last(&self) -> bool {
        self.shows_last
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, account: &Account) -> io::Result<()> {
        while let Some(exchange) = self.matcher.pop_rest() {
            self.count(&exchange);
        }
        self.footer.account = *account;
        self.output.summary(&self.services, &self.footer)
    }
}
