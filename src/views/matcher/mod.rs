//! Pairs requests with responses: per conversation, the oldest open request that the response can belong to.
//!
//! Requests wait in one queue, in the order of their frames, and leave it in that order, each once its fate is known
//! (`queue`). What two endpoints say to each other, and in which direction they ask, is a thread (`threads`), with its
//! requests (`chain`); where the payload carries a transaction's identifier, each identifier is a thread of its own.
//! `pairing` brings the two together, `copies` tells a datagram that was captured twice from a new one, `services` says
//! who is asked.
//! Time is the capture's. What a row looks like is not known here: the queue carries whatever the caller wants back.

mod chain;
mod copies;
mod pairing;
mod queue;
mod services;
mod threads;

pub use pairing::Matcher;
pub use queue::{Held, MAX_HELD, MAX_PENDING};
pub use services::{MAX_SERVICES, ServiceId};
pub use threads::MAX_REMEMBERED;

use crate::dissect::FiveTuple;
use crate::time::{Delta, Timestamp};

/// What became of a request, or what a datagram without one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A response came in time.
    Answered,
    /// A response came after the timeout.
    Late,
    /// No response came.
    Unanswered,
    /// An ICMP error said that it could not be delivered.
    Refused,
    /// Another copy of a request, or a further response to one that has its response.
    Duplicate,
    /// A response that nothing asked for.
    Unsolicited,
}

/// A request with what came of it. `R` is what the caller keeps of a datagram.
#[derive(Clone, Debug)]
pub struct Exchange<R> {
    /// Its fate.
    pub status: Status,
    /// When the request was captured, or whatever there is instead of one.
    pub time: Timestamp,
    /// From who asks to who is asked; none where the two rows do not share their endpoints.
    pub ends: Option<FiveTuple>,
    /// Who was asked, or who sent the response that nobody asked for; none where there are too many to tell apart.
    pub service: Option<ServiceId>,
    /// The request; none for what is unsolicited or a further response.
    pub request: Option<R>,
    /// The response, or the ICMP error.
    pub response: Option<R>,
    /// From request to response.
    pub rtt: Option<Delta>,
    /// Whether the response came after that to a later request of the same service (RFC 4737).
    pub reordered: bool,
}

/// What a datagram was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A request, whose fate will show.
    Request,
    /// What ends an exchange, or is one without a request to wait for.
    Settled {
        /// The exchange's fate.
        status: Status,
        /// The response time, where there is one.
        rtt: Option<Delta>,
        /// Who was asked.
        service: Option<ServiceId>,
    },
    /// An error about something that is no open request.
    Unrelated,
}

impl Status {
    /// Whether the service responded to the request, in time or not.
    #[must_use]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Answered | Self::Late)
    }
}

impl<R: Held> Exchange<R> {
    /// How many bytes its rows take outside of it.
    pub fn held(&self) -> usize {
        [&self.request, &self.response].into_iter().flatten().map(Held::held).sum()
    }
}

impl<R> Exchange<R> {
    /// How long the service took, where it answered.
    #[must_use]
    pub fn response_time(&self) -> Option<Delta> {
        self.rtt.filter(|_| self.status.is_answered())
    }

    /// The same exchange with its rows made into something else; `make` is told from where to where a row was sent.
    pub fn map<S>(self, mut make: impl FnMut(R, Option<FiveTuple>) -> S) -> Exchange<S> {
        let Self { status, time, ends, service, request, response, rtt, reordered } = self;
        let request = request.map(|row| make(row, ends));
        let response = response.map(|row| make(row, ends.map(FiveTuple::reversed)));
        Exchange { status, time, ends, service, request, response, rtt, reordered }
    }
}
