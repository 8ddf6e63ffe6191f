//! What keeps a capture from working here, and what to do about it: a finding for each thing that is looked at.
//!
//! ```text
//! platform, source, sockets ──what there is──▶ a function a check ──▶ Findings ──▶ output
//! ```
//!
//! Each check is a pure function from what was found to a [`Finding`], tested with literal values on every system; what
//! is found out is beside it, or in `platform` where systems differ. Only [`Verdict::Trouble`] means that a capture
//! would not work. Nothing is changed on the machine; the service gets one message of the lab's.

use std::net::SocketAddr;

use crate::platform::Remedy;

mod adapter;
mod library;
mod npcap;
mod service;
mod surroundings;
#[cfg(feature = "live")]
mod trial;

pub use service::holder_of;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// What that means for a capture.
    pub verdict: Verdict,
    /// What was found, in one sentence.
    pub found: String,
    /// What to do, the best first.
    pub remedies: Vec<Remedy>,
}

/// What is looked at, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The library that captures.
    Library,
    /// Npcap's driver.
    Driver,
    /// The adapter.
    Adapter,
    /// The right to capture on it.
    Right,
    /// Whether a datagram that is sent is captured.
    Trial,
    /// The service's address.
    Service,
    /// The name `localhost`.
    Localhost,
    /// Whose loopback adapter it is.
    Place,
    /// The program that reads pictures.
    Tesseract,
}

impl Check {
    /// Its name, the same in every language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Library => "libpcap",
            Self::Driver => "driver",
            Self::Adapter => "adapter",
            Self::Right => "right",
            Self::Trial => "trial",
            Self::Service => "service",
            Self::Localhost => "localhost",
            Self::Place => "place",
            Self::Tesseract => "tesseract",
        }
    }
}

/// What a finding means for a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Fine,
    /// It works, and something is to be known.
    Advice,
    /// It does not work.
    Trouble,
    /// There is nothing to look at.
    Inapplicable,
}

impl Verdict {
    /// Its name, the same in every language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Advice => "advice",
            Self::Trouble => "trouble",
            Self::Inapplicable => "inapplicable",
        }
    }
}

impl Finding {
    fn new(check: Check, verdict: Verdict, found: String) -> Self {
        Self { check, verdict, found, remedies: Vec::new() }
    }

    fn with(mut self, remedies: impl IntoIterator<Item = Remedy>) -> Self {
        self.remedies.extend(remedies);
        self
    }
}

/// What is to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The adapter, by its name or number; the loopback adapter unless given.
    pub interface: Option<&'a str>,
    /// Where the service listens, or would.
    pub service: SocketAddr,
}

/// Looks at everything.
#[must_use]
pub fn examine(question: Question<'_>) -> Vec<Finding> {
    let mut findings = library::findings();
    findings.extend(adapter::findings(question));
    findings.extend(service::findings(question.service));
    findings.extend(surroundings::findings());
    findings
}

/// Whether a capture would work.
#[must_use]
pub fn may_capture(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.verdict != Verdict::Trouble)
}
