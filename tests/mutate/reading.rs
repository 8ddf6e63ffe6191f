//! A capture read exactly as the program reads it, from the opener to the rows, and judged: rows against whole frames.
//!
//! Each way of looking at a capture is a step, so that time and memory can be measured of each by itself.

use std::io::{self, Cursor, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use loopshark::dissect::Dissector;
use loopshark::output::{Grid, Html, JsonLines, Markdown, Relay, Separated, Table, Text, TextPages, notices};
use loopshark::pump::{Pump, PumpError};
use loopshark::source::SourceError;
use loopshark::source::file::CaptureFile;
use loopshark::time::{Delta, TimeFormat};
use loopshark::views::{
    Account, Beside, Details, Exchange, Exchanges, Footer, Hidden, Kept, Options, Output, Packets, Pages, Parts, Row,
    ServiceSummary, Status, Summary, Unseen, View,
};

use super::walk::{End, Walk};

/// The name that errors have to give.
const NAME: &str = "mutated.pcap";

/// One way of looking at a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A row a frame, written on a second thread.
    Packets,
    /// Requests with responses, in the format of this number.
    Exchanges(u64),
    /// The figures, reckoned on a second thread.
    Summary,
    /// Fields, bytes and explanations, after a first pass or without.
    Details { two_passes: bool },
}

/// The steps for the mutation of this number: the slow ones for a share of them.
pub fn steps(number: u64) -> Vec<Step> {
    let mut steps = vec![Step::Packets, Step::Exchanges(number % 7), Step::Summary];
    if number.is_multiple_of(4) {
        steps.push(Step::Details { two_passes: number.is_multiple_of(8) });
    }
    steps
}

/// What a step counts: frames in rows, and frames that were left out.
#[derive(Default)]
struct Counts {
    shown: AtomicU64,
    hidden: AtomicU64,
    lines: AtomicU64,
}

/// Takes one step; says what is wrong with how it went, if anything is.
pub fn take(step: Step, capture: &Arc<[u8]>, expected: &Walk) -> Result<(), String> {
    let counts = Arc::new(Counts::default());
    notices::hold();
    let ended = read(step, capture, &counts);
    if let Some(odd) = notices::take().iter().find(|line| line.chars().any(char::is_control)) {
        return Err(format!("unclear: {odd:?}"));
    }
    check_end(&ended, expected)?;
    let (shown, hidden, lines) = (counts.shown.load(Relaxed), counts.hidden.load(Relaxed), counts.lines.load(Relaxed));
    let whole = expected.frames.len() as u64;
    match step {
        _ if matches!(ended, Err(Failed::NotOpened(_))) => Ok(()),
        _ if expected.end == End::Unknown => Ok(()),
        Step::Packets if lines != whole => Err(format!("{lines} lines of {whole} whole frames")),
        _ if shown + hidden != whole => Err(format!("{shown} shown and {hidden} hidden of {whole} whole frames")),
        _ => Ok(()),
    }
}

/// Why a capture was not read to its end.
enum Failed {
    NotOpened(SourceError),
    Broken(SourceError),
    Other(String),
}

fn check_end(ended: &Result<(), Failed>, expected: &Walk) -> Result<(), String> {
    let error = match ended {
        Err(Failed::Other(what)) => return Err(what.clone()),
        Err(Failed::NotOpened(error) | Failed::Broken(error)) => Some(error),
        Ok(()) => None,
    };
    if let Some(said) = error.map(ToString::to_string) {
        let is_sentence = said.starts_with(&format!("{NAME}: ")) && said.len() > NAME.len() + 10;
        if !is_sentence || said.chars().any(char::is_control) || said.len() > 300 {
            return Err(format!("unclear: {said:?}"));
        }
    }
    let end = match (ended, error) {
        (Err(Failed::NotOpened(_)), _) => End::NoCapture,
        (_, Some(SourceError::Cut { offset, .. } | SourceError::Damaged { offset, .. })) => End::Broken(*offset),
        (_, Some(_)) => End::Unknown,
        (_, None) => End::Whole,
    };
    if expected.end == End::Unknown || end == expected.end {
        return Ok(());
    }
    let said = error.map_or_else(|| "no error".to_owned(), ToString::to_string);
    Err(format!("ends {end:?}, not {:?}: {said}", expected.end))
}

fn read(step: Step, capture: &Arc<[u8]>, counts: &Arc<Counts>) -> Result<(), Failed> {
    let open = || {
        let opened = CaptureFile::from_reader(Box::new(Cursor::new(Arc::clone(capture))), NAME);
        opened.map_err(Failed::NotOpened)
    };
    let mut source = open()?;
    let mut dissector = Dissector::default();
    let never = AtomicBool::new(false);
    let mut pump = Pump {
        filter: None,
        save: None,
        prompt: true,
        count: None,
        stop: &never,
        watch: &mut |_| ControlFlow::Continue(()),
    };
    if step == (Step::Details { two_passes: true }) {
        let _ = pump.run(&mut open()?, &mut dissector, &mut Unseen);
        dissector = dissector.second_pass();
    }
    let mut view = view(step, counts).map_err(|error| Failed::Other(error.to_string()))?;
    let ran = pump.run(&mut source, &mut dissector, view.as_mut());
    match pump.finish(ran, view.as_mut(), &Account::default()) {
        Ok(_) => Ok(()),
        Err(PumpError::Source(error)) => Err(Failed::Broken(error)),
        Err(error) => Err(Failed::Other(error.to_string())),
    }
}

fn view(step: Step, counts: &Arc<Counts>) -> io::Result<Box<dyn View>> {
    let all = Options { all: true, port: None, timeout: Delta(5_000_000_000), time: TimeFormat::Relative };
    let lines = Lines(Arc::clone(counts));
    let beside = Arc::clone(counts);
    let relayed = move |format: u64| Relay::start(move || Box::new(Counting(output(format, lines), beside)));
    Ok(match step {
        Step::Packets => Box::new(Packets::new(all, Box::new(relayed(1)?))),
        Step::Exchanges(format) => {
            let all = Options { all: format % 2 == 0, ..all };
            Box::new(Exchanges::new(all, Box::new(relayed(format)?)))
        }
        Step::Summary => {
            let counts = Arc::clone(counts);
            Box::new(Beside::start(move || {
                let output = output(0, Lines(Arc::clone(&counts)));
                Box::new(Summary::new(Options { all: false, ..all }, Box::new(Counting(output, counts))))
            })?)
        }
        Step::Details { .. } => {
            let pages = TextPages::new(Box::new(Lines(Arc::clone(counts))), None);
            let parts = Parts { details: true, dump: true, explain: true };
            Box::new(Details::new(all, parts, Box::new(CountingPages(pages, Arc::clone(counts)))))
        }
    })
}

fn output(format: u64, lines: Lines) -> Box<dyn Output> {
    let writer = Box::new(lines);
    match format {
        0 => Box::new(Table::new(writer, Some(100))),
        1 => Box::new(Text::new(writer)),
        2 => Box::new(JsonLines::new(writer)),
        3 => Box::new(Grid::new(Separated::CSV, writer)),
        4 => Box::new(Grid::new(Separated::TSV, writer)),
        5 => Box::new(Grid::new(Markdown, writer)),
        _ => Box::new(Grid::new(Html, writer)),
    }
}

/// Counts lines, and forgets them. They are whole ones each time, text, and nothing that a terminal obeys.
struct Lines(Arc<Counts>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_harmless =
            |text: &str| !text.chars().any(|character| character.is_control() && !"\n\t".contains(character));
        if !std::str::from_utf8(bytes).is_ok_and(is_harmless) {
            return Err(io::Error::other("what is written is not harmless text"));
        }
        let lines = bytes.split(|&byte| byte == b'\n').count() - 1;
        self.0.lines.fetch_add(lines as u64, Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A format, and how many frames are in what it is given.
struct Counting(Box<dyn Output>, Arc<Counts>);

impl Counting {
    fn shown(&self, frames: u64) {
        self.1.shown.fetch_add(frames, Relaxed);
    }

    fn hidden(&self, hidden: &Hidden) {
        self.1.hidden.fetch_add(hidden.total(), Relaxed);
    }
}

impl Output for Counting {
    fn packet(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.shown(1);
        self.0.packet(row)
    }

    fn packets_end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.hidden(hidden);
        self.0.packets_end(hidden)
    }

    fn exchange(&mut self, exchange: Exchange<Kept>) -> io::Result<()> {
        self.shown(u64::from(exchange.request.is_some()) + u64::from(exchange.response.is_some()));
        self.0.exchange(exchange)
    }

    fn exchange_row(&mut self, row: &Row<'_>, fate: Option<(Status, Option<Delta>)>) -> io::Result<()> {
        self.shown(1);
        self.0.exchange_row(row, fate)
    }

    fn exchanges_end(&mut self, footer: &Footer) -> io::Result<()> {
        self.hidden(&footer.hidden);
        self.0.exchanges_end(footer)
    }

    fn summary(&mut self, services: &[ServiceSummary], footer: &Footer) -> io::Result<()> {
        self.hidden(&footer.hidden);
        for ServiceSummary { tally, .. } in services {
            let pairs = tally.answered + tally.late + tally.refused;
            self.shown(2 * pairs + tally.unanswered + tally.duplicate + tally.unsolicited);
        }
        self.0.summary(services, footer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Frames as text, counted.
struct CountingPages(TextPages, Arc<Counts>);

impl Pages for CountingPages {
    fn details(&mut self, lines: &[u8]) -> io::Result<()> {
        self.1.shown.fetch_add(1, Relaxed);
        self.0.details(lines)
    }

    fn dump(&mut self, sources: &[(&str, &[u8])]) -> io::Result<()> {
        self.0.dump(sources)
    }

    fn explanation(&mut self, paragraphs: &[String]) -> io::Result<()> {
        self.0.explanation(paragraphs)
    }

    fn end(&mut self, hidden: &Hidden) -> io::Result<()> {
        self.1.hidden.fetch_add(hidden.total(), Relaxed);
        self.0.end(hidden)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
