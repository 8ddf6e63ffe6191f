//! What holds for a whole capture, whichever view shows it: how many exchanges met which fate, what is not shown, and what
//! others counted of the same traffic.

use super::matcher::{Exchange, Held, Matcher};
use super::{Hidden, tally::Tally};
use crate::dissect::Endpoint;
use crate::time::Delta;

/// What stands under the exchanges, and beside a summary.
#[derive(Clone, Debug)]
pub struct Footer {
    /// How many exchanges met which fate.
    pub tally: Tally,
    /// A response later than this was late.
    pub timeout: Delta,
    /// What is not shown.
    pub hidden: Hidden,
    /// How many of the lost were sent by a service, and which: they may have been responses.
    pub lost_by_service: Option<(u64, Endpoint)>,
    /// How many of the lost were not waited for until their time was over, since too much was held back.
    pub given_up: u64,
    /// What others counted.
    pub account: Account,
}

impl Footer {
    /// Nothing yet.
    #[must_use]
    pub fn new(timeout: Delta) -> Self {
        let (tally, hidden, account) = (Tally::default(), Hidden::default(), Account::default());
        Self { tally, timeout, hidden, lost_by_service: None, given_up: 0, account }
    }

    /// Counts one exchange.
    pub(super) fn count<R: Held>(&mut self, exchange: &Exchange<R>, matcher: &Matcher<R>) {
        self.tally.add(exchange);
        self.given_up = matcher.given_up();
        if let Some(service) = matcher.lost_by_service(exchange) {
            self.lost_by_service.get_or_insert((0, service)).0 += 1;
        }
    }

    /// Whether there was nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tally.is_empty() && self.hidden.is_empty() && self.account == Account::default()
    }
}

/// What others counted of the same traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Frames that never got here, since whoever captured them had no room.
    pub dropped: u64,
    /// How many messages the client sent, and how many were answered, where the client is at hand.
    pub client: Option<(u64, u64)>,
}
