//! The figures of a service, by name: the same in every format.
//!
//! People get them with their units; in a spreadsheet the unit stands in the title, so that cells are numbers.

use std::fmt;
use std::net::Ipv4Addr;

use super::{PERCENTS, ms};
use crate::dissect::Endpoint;
use crate::time::{Delta, millis};
use crate::tr;
use crate::views::ServiceSummary;

/// How many figures there are.
const FIGURES: usize = 18;

/// A figure.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    Count(u64),
    /// So many, and in percent.
    Share(u64, f64),
    /// Nothing where there is none to be had: without a response, say.
    Span(Option<Delta>),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Share(count, percent) => write!(f, "{count} ({percent:.1} %)"),
            Self::Span(span) => f.write_str(&span.map(ms).unwrap_or_default()),
        }
    }
}

impl Figure {
    /// As numbers, each with what its title says behind the figure's name.
    pub fn numbers(self) -> impl Iterator<Item = (&'static str, String)> {
        let (first, second) = match self {
            Self::Count(count) => (("", count.to_string()), None),
            Self::Share(count, percent) => (("", count.to_string()), Some((" %", format!("{percent:.1}")))),
            Self::Span(span) => ((" ms", span.map(millis).unwrap_or_default()), None),
        };
        [first].into_iter().chain(second)
    }
}

/// All figures of a service.
pub(super) fn all(summary: &ServiceSummary) -> [(String, Figure); FIGURES] {
    let tally = &summary.tally;
    let rtt = (!tally.rtt.is_empty()).then_some(tally.rtt);
    let response_time = |which: &'static str| tr!("results-figure-response-time", which = which);
    let quantile = |n: usize| rtt.map(|_| summary.quantiles.at(PERCENTS)[n]);
    let interval = (!summary.interval.is_empty()).then_some(summary.interval);
    [
        (tr!("results-figure-requests"), Figure::Count(tally.requests())),
        (tr!("results-figure-answered"), Figure::Count(tally.answered)),
        (tr!("results-figure-lost"), Figure::Share(tally.unanswered + tally.refused, tally.lost_percent())),
        (tr!("results-figure-refused"), Figure::Count(tally.refused)),
        (tr!("results-figure-late"), Figure::Count(tally.late)),
        (tr!("results-figure-duplicate"), Figure::Count(tally.duplicate)),
        (tr!("results-figure-unsolicited"), Figure::Count(tally.unsolicited)),
        (tr!("results-figure-reordered"), Figure::Count(tally.reordered)),
        (response_time("min"), Figure::Span(rtt.map(|rtt| rtt.min))),
        (response_time("mean"), Figure::Span(rtt.map(|rtt| rtt.mean()))),
        (response_time("p50"), Figure::Span(quantile(0))),
        (response_time("p95"), Figure::Span(quantile(1))),
        (response_time("p99"), Figure::Span(quantile(2))),
        (response_time("max"), Figure::Span(rtt.map(|rtt| rtt.max))),
        (tr!("results-figure-jitter"), Figure::Span(rtt.map(|_| summary.jitter.value()))),
        (tr!("results-figure-interval-mean"), Figure::Span(interval.map(|interval| interval.mean()))),
        (tr!("results-figure-interval-deviation"), Figure::Span(interval.map(|interval| interval.deviation()))),
        (tr!("results-figure-bytes"), Figure::Count(summary.bytes)),
    ]
}

/// What stands over the numbers of all figures.
pub(super) fn titles() -> Vec<String> {
    let nothing = ServiceSummary::new(Endpoint { addr: Ipv4Addr::UNSPECIFIED.into(), port: 0 });
    let of =
        |(name, figure): (String, Figure)| figure.numbers().map(move |(unit, _)| format!("{name}{unit}")).collect();
    all(&nothing).into_iter().flat_map(|figure| -> Vec<_> { of(figure) }).collect()
}

/// Those that there are, as people read them.
pub(super) fn shown(summary: &ServiceSummary) -> impl Iterator<Item = (String, String)> {
    let is_there = |figure: &(_, Figure)| !matches!(figure.1, Figure::Span(None));
    all(summary).into_iter().filter(is_there).map(|(name, figure)| (name, figure.to_string()))
}
