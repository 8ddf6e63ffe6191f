//! JSON lines: one object a line, for programs. The keys and their order are the contract of `docs/json.md`.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::sink::Sink;
use super::{PERCENTS, notice, notice_footer, notice_hidden};
use crate::time::{self, Delta};
use crate::views::{Exchange, Footer, Hidden, Kept, Output, Row, ServiceSummary, Status};

/// The JSON lines format.
pub struct JsonLines {
    sink: Sink,
    /// The texts of two rows, until they are escaped.
    texts: [Vec<u8>; 2],
}

/// A frame, as packets and both sides of an exchange show it.
#[derive(Serialize)]
struct Packet<'c> {
    frame: u64,
    time: Cow<'c, str>,
    src: Cow<'c, str>,
    srcport: Option<u16>,
    dst: Cow<'c, str>,
    dstport: Option<u16>,
    protocol: Cow<'c, str>,
    length: u32,
    len: Option<u32>,
    info: Cow<'c, str>,
}

#[derive(Serialize)]
struct Pair<'c> {
    status: &'static str,
    request: Option<Packet<'c>>,
    response: Option<Packet<'c>>,
    rtt: Option<String>,
}

#[derive(Serialize)]
struct Figures {
    service: String,
    requests: u64,
    answered: u64,
    lost: u64,
    lost_percent: f64,
    refused: u64,
    late: u64,
    duplicate: u64,
    unsolicited: u64,
    reordered: u64,
    rtt_min: Option<String>,
    rtt_mean: Option<String>,
    rtt_p50: Option<String>,
    rtt_p95: Option<String>,
    rtt_p99: Option<String>,
    rtt_max: Option<String>,
    jitter: Option<String>,
    interval_mean: Option<String>,
    interval_deviation: Option<String>,
    bytes: u64,
}

impl JsonLines {
    /// Writes to this writer.
    #[must_use]
    pub fn new(writer: Box<dyn Write>) -> Self {
        Self { sink: Sink::new(writer), texts: <[Vec<u8>; 2]>::default() }
    }
}

impl Sink {
    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.buffer, object)?;
        self.line()
    }
}

impl Output for JsonLines {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.sink.object(&packet(row, &mut self.texts[0]))
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.flush()?;
        notice_hidden(hidden);
        Ok(())
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        let exchange = exchange.map(Kept::into_row);
        let [request, response] = &mut self.texts;
        self.sink.object(&Pair {
            status: status(exchange.status),
            request: exchange.request.as_ref().map(|row| packet(row, request)),
            response: exchange.response.as_ref().map(|row| packet(row, response)),
            rtt: exchange.rtt.map(seconds),
        })
    }

    /// An object a line can't be given in halves: programs get exchanges once their fate is known.
    fn exchange_row(&mut self, _row: &Row<'_>, _fate: Option<(Status, Option<Delta>)>) -> io::Result<()> {
        Ok(())
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.flush()?;
        super::footer_lines(footer).iter().for_each(notice);
        Ok(())
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        for summary in services {
            self.sink.object(&service(summary))?;
        }
        self.flush()?;
        notice_footer(footer);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Answered => "answered",
        Status::Late => "late",
        Status::Unanswered => "unanswered",
        Status::Refused => "refused",
        Status::Duplicate => "duplicate",
        Status::Unsolicited => "unsolicited",
    }
}

/// The row as an object, which borrows what it writes into `text`.
fn packet<'t>(row: &Row<'_>, text: &'t mut Vec<u8>) -> Packet<'t> {
    text.clear();
    let mut end_of = |write: &dyn Fn(&mut Vec<u8>)| {
        write(text);
        text.len()
    };
    let ends = [
        end_of(&|out| row.time.write_nanos(out)),
        end_of(&|out| row.src.write(out)),
        end_of(&|out| row.dst.write(out)),
        end_of(&|out| row.protocol.write(out)),
        end_of(&|out| row.info.write(out)),
    ];
    let mut start = 0;
    let cells = ends.map(|end| String::from_utf8_lossy(&text[std::mem::replace(&mut start, end)..end]));
    let [time, src, dst, protocol, info] = cells;
    let (srcport, dstport) = (row.ports.map(|ports| ports.0), row.ports.map(|ports| ports.1));
    let (frame, length, len) = (row.number, row.length, row.len);
    Packet { frame, time, src, srcport, dst, dstport, protocol, length, len, info }
}

fn service(summary: &ServiceSummary) -> Figures {
    let tally = &summary.tally;
    let rtt = (!tally.rtt.is_empty()).then_some(tally.rtt);
    let quantiles = rtt.map(|_| summary.quantiles.at(PERCENTS));
    let interval = (!summary.interval.is_empty()).then_some(summary.interval);
    Figures {
        service: summary.service.to_string(),
        requests: tally.requests(),
        answered: tally.answered,
        lost: tally.unanswered + tally.refused,
        lost_percent: tally.lost_percent(),
        refused: tally.refused,
        late: tally.late,
        duplicate: tally.duplicate,
        unsolicited: tally.unsolicited,
        reordered: tally.reordered,
        rtt_min: rtt.map(|rtt| seconds(rtt.min)),
        rtt_mean: rtt.map(|rtt| seconds(rtt.mean())),
        rtt_p50: quantiles.map(|[p50, _, _]| seconds(p50)),
        rtt_p95: quantiles.map(|[_, p95, _]| seconds(p95)),
        rtt_p99: quantiles.map(|[_, _, p99]| seconds(p99)),
        rtt_max: rtt.map(|rtt| seconds(rtt.max)),
        jitter: rtt.map(|_| seconds(summary.jitter.value())),
        interval_mean: interval.map(|interval| seconds(interval.mean())),
        interval_deviation: interval.map(|interval| seconds(interval.deviation())),
        bytes: summary.bytes,
    }
}

/// Decimal seconds with nine digits.
fn seconds(delta: Delta) -> String {
    time::seconds(delta.0, 9)
}
