//! A report of a capture, to be handed in: one file that holds everything and needs nothing else.
//!
//! Its sections and their order are here; `html` and `markdown` say what each looks like. The same capture with the same
//! options makes the same bytes: nothing of the hour, the machine or its user is in it, but the time zone. `material` is
//! gathered while the capture goes by (`course`, `spread`), `plot` draws it.

use jiff::tz::TimeZone;

pub mod course;
mod html;
mod markdown;
pub mod material;
mod plot;
pub mod spread;

pub use html::Html;
pub use markdown::Markdown;
pub use material::{Collector, Material};

use self::plot::{Arrow, Way, Window};
use super::cells::{self, COLUMNS, INFO, NUMERIC, TITLES};
use super::grid::{Cell, Markup};
use super::{Fate, footer_lines, hidden, ms, remarks, rows};
use crate::dissect::Coloring;
use crate::time::{Timestamp, seconds};
use crate::tr;
use crate::views::{Footer, Hidden, Row, Seen};

/// Slices of time below this are told apart by microseconds.
const TEN_MILLISECONDS: i64 = 10_000_000;
/// The most services whose figures are shown.
const MAX_SERVICES: usize = 20;
/// Bins of a distribution: of a few response times, and at most.
const MIN_BINS: usize = 8;
const MAX_BINS: usize = 16;

/// What a report says of its capture.
#[derive(Clone, Debug)]
pub struct About {
    /// What stands over it, if it was said.
    pub title: Option<String>,
    /// The capture's name.
    pub file: String,
    /// Its length, in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The command line that makes this report.
    pub command: String,
    /// Which frames there were.
    pub seen: Seen,
    /// What is wrong with the capture: then it was read up to there.
    pub damage: Option<String>,
}

/// What a format of reports has beside tables of cells.
pub trait Document: Markup {
    /// Begins it, under this title.
    fn open(&self, out: &mut Vec<u8>, title: &str);
    /// Begins a section; its name is for links.
    fn section(&self, out: &mut Vec<u8>, name: &str, title: &str);
    /// A paragraph.
    fn paragraph(&self, out: &mut Vec<u8>, text: &str);
    /// A paragraph that nobody may overlook.
    fn warning(&self, out: &mut Vec<u8>, text: &str);
    /// A table of what is said of the capture.
    fn facts(&self, out: &mut Vec<u8>, facts: &[(String, String)]);
    /// Begins and ends what may be long.
    fn long(&self, out: &mut Vec<u8>, begins: bool);
    /// Which colors the rows of the table have, and by which rules.
    fn legend(&self, out: &mut Vec<u8>, rules: &[Coloring]);
    /// Response times in the course of the capture.
    fn times(&self, out: &mut Vec<u8>, shown: &Shown<'_>);
    /// Their distribution.
    fn spread(&self, out: &mut Vec<u8>, shown: &Shown<'_>);
    /// Requests and responses in the course of the capture.
    fn timeline(&self, out: &mut Vec<u8>, shown: &Shown<'_>);
    /// The first exchanges as a ladder.
    fn ladder(&self, out: &mut Vec<u8>, arrows: &[Arrow]);
}

/// What plots are made of, and what they say in words.
pub struct Shown<'m> {
    material: &'m Material,
    /// When the capture begins.
    begin: Timestamp,
}

impl Shown<'_> {
    fn window(&self) -> Window {
        Window::new(self.begin, self.material.course.ends())
    }

    /// What the course says, in words.
    fn course_in_words(&self) -> String {
        let tally = &self.material.footer.tally;
        let fates = super::fates(&self.material.footer);
        if tally.rtt.is_empty() {
            return fates;
        }
        let [min, mean, max] = [tally.rtt.min, tally.rtt.mean(), tally.rtt.max].map(ms);
        format!("{fates}. {}", tr!("results-response-time", min = min, mean = mean, max = max))
    }

    /// Each bin as `from`, `to` and its count.
    fn bins(&self) -> Vec<spread::Bin> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // a dozen
        let fitting = (3.0 * (self.material.spread.count() as f64).sqrt()) as usize;
        self.material.spread.bins(fitting.clamp(MIN_BINS, MAX_BINS))
    }

    fn spread_in_words(&self) -> String {
        let words = |bin: &spread::Bin| format!("{} – {}: {}", spoken(bin.from), spoken(bin.to), bin.count);
        self.bins().iter().filter(|bin| bin.count > 0).map(words).collect::<Vec<_>>().join("; ")
    }
}

/// Writes the report.
pub fn write(document: &impl Document, out: &mut Vec<u8>, about: &About, material: &Material) {
    let title = about.title.clone().unwrap_or_else(|| tr!("report-title", file = about.file.as_str()));
    document.open(out, &title);
    if let Some(damage) = &about.damage {
        document.warning(out, &tr!("report-damaged", what = damage.as_str()));
    }
    document.facts(out, &facts(about));
    summary(document, out, material);
    exchanges(document, out, material);
    plots(document, out, about, material);
    document.section(out, "hidden", &tr!("report-hidden"));
    let what = &material.footer.hidden;
    document.paragraph(out, &if what.is_empty() { tr!("report-nothing-hidden") } else { hidden(what) });
    document.section(out, "method", &tr!("report-method"));
    method(document, out, material);
    document.end(out);
}

fn facts(about: &About) -> Vec<(String, String)> {
    let Seen { frames, passed_over, times } = about.seen;
    let mut facts = vec![
        (tr!("report-file"), about.file.clone()),
        ("SHA-256".to_owned(), about.sha256.clone()),
        (tr!("report-size"), tr!("report-bytes", count = about.bytes)),
        (tr!("report-frames"), frames.to_string()),
    ];
    if passed_over > 0 {
        facts.push((tr!("report-passed-over"), passed_over.to_string()));
    }
    if let Some((first, last)) = times {
        let span = seconds(last.since(first).0, 6);
        facts.push((tr!("report-begin"), moment(first)));
        facts.push((tr!("report-end"), moment(last)));
        facts.push((tr!("report-duration"), format!("{span} s")));
    }
    facts.push((tr!("report-program"), format!("loopshark {}", env!("CARGO_PKG_VERSION"))));
    facts.push((tr!("report-command"), about.command.clone()));
    facts
}

/// Date and time where the report is made, and how far that is from UTC.
fn moment(time: Timestamp) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(time.0))
        .map(|moment| moment.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S%.6f %:z").to_string())
        .unwrap_or_default()
}

fn summary(document: &impl Document, out: &mut Vec<u8>, material: &Material) {
    document.section(out, "summary", &tr!("report-summary"));
    if material.footer.tally.is_empty() {
        document.paragraph(out, &tr!("report-no-exchanges"));
        document.notes(out, &remarks(&material.footer).collect::<Vec<_>>());
        return;
    }
    // What was hidden has a section of its own.
    let footer = Footer { hidden: Hidden::default(), ..material.footer.clone() };
    document.notes(out, &footer_lines(&footer));
    for service in material.services.iter().take(MAX_SERVICES) {
        super::grid::service_table(document, out, service);
    }
    let more = material.services.len().saturating_sub(MAX_SERVICES);
    if more > 0 {
        document.paragraph(out, &tr!("report-more-services", count = more));
    }
}

fn exchanges(document: &impl Document, out: &mut Vec<u8>, material: &Material) {
    if material.exchanges.is_empty() {
        return;
    }
    document.section(out, "exchanges", &tr!("report-exchanges"));
    document.long(out, true);
    document.titles(out, &tr!("report-exchanges"), TITLES.into_iter().zip(NUMERIC));
    let mut rules = Vec::new();
    let mut text = Vec::new();
    for (row, fate) in material.exchanges.iter().cloned().flat_map(rows) {
        if row.coloring != Coloring::None && !rules.contains(&row.coloring) {
            rules.push(row.coloring);
        }
        cells_of(document, out, &mut text, &row, fate);
    }
    document.table_end(out);
    document.long(out, false);
    document.legend(out, &rules);
    let (answered, others) = material.left_out;
    if answered + others > 0 {
        let shown = material.exchanges.len();
        document.warning(out, &tr!("report-left-out", shown = shown, answered = answered, others = others));
    }
}

/// A row of the table.
fn cells_of(document: &impl Document, out: &mut Vec<u8>, text: &mut Vec<u8>, row: &Row<'_>, fate: Option<Fate>) {
    document.row(out, row.coloring);
    let mut n = 0;
    cells::each(row, fate, |write| {
        text.clear();
        write(text);
        let cell = if NUMERIC[n % COLUMNS] && n != INFO { Cell::Number(text) } else { Cell::Text(text) };
        document.cell(out, cell, n == 0);
        n += 1;
    });
    document.row_end(out);
}

fn plots(document: &impl Document, out: &mut Vec<u8>, about: &About, material: &Material) {
    let Some((begin, _)) = about.seen.times else { return };
    let shown = Shown { material, begin };
    if material.spread.count() > 0 {
        document.section(out, "times", &tr!("report-times"));
        document.times(out, &shown);
        document.section(out, "spread", &tr!("report-spread"));
        document.spread(out, &shown);
    }
    if material.course.count() > 0 {
        document.section(out, "timeline", &tr!("report-timeline"));
        document.timeline(out, &shown);
    }
    let arrows = plot::arrows(&material.exchanges);
    if !arrows.is_empty() {
        document.section(out, "ladder", &tr!("report-ladder"));
        document.ladder(out, &arrows);
    }
}

/// How rows were matched, in a few sentences.
fn method(document: &impl Document, out: &mut Vec<u8>, material: &Material) {
    let timeout = std::time::Duration::from_nanos(material.footer.timeout.0.unsigned_abs()).as_secs_f64();
    document.paragraph(out, &tr!("report-method-pairs"));
    document.paragraph(out, &tr!("report-method-fates", seconds = timeout));
    document.paragraph(out, &tr!("report-method-columns"));
}

/// What stands over a ladder's two sides: the addresses, where they are the same on every arrow.
fn names(arrows: &[Arrow]) -> [String; 2] {
    let ends = |arrow: &Arrow| match arrow.way {
        Way::There | Way::Lost => arrow.ends.clone(),
        Way::Back | Way::Error => (arrow.ends.1.clone(), arrow.ends.0.clone()),
    };
    let first = arrows.first().map(ends).unwrap_or_default();
    let with = |name: String, end: String, same: bool| if same { format!("{name} ({end})") } else { name };
    let client = arrows.iter().all(|arrow| ends(arrow).0 == first.0);
    let service = arrows.iter().all(|arrow| ends(arrow).1 == first.1);
    [with(tr!("report-client"), first.0, client), with(tr!("report-server"), first.1, service)]
}

/// An arrow in words.
fn rung_in_words(arrow: &Arrow) -> String {
    let Arrow { frame, time, info, fate, .. } = arrow;
    let fate = if fate.is_empty() { String::new() } else { format!(" ({fate})") };
    format!("{frame}: {time} {info}{fate}")
}

/// The course as a table, in `count` slices at most.
fn slices(document: &impl Document, out: &mut Vec<u8>, shown: &Shown<'_>, count: usize) {
    let titles = [
        tr!("report-from"),
        tr!("report-to"),
        tr!("report-requests"),
        tr!("report-answered"),
        tr!("report-lost"),
        tr!("report-refused"),
        tr!("report-fastest"),
        tr!("report-slowest"),
    ];
    document.titles(out, &tr!("report-times"), titles.iter().map(|title| (title.as_str(), true)));
    for (begin, width, slice) in shown.material.course.slices(count) {
        let end = Timestamp(begin.0.saturating_add(width.0));
        let [fastest, slowest] = slice.extremes().map_or([String::new(), String::new()], |(a, b)| [ms(a), ms(b)]);
        let counts = [slice.requests(), slice.answered, slice.lost, slice.refused].map(|count| count.to_string());
        let digits = if width.0 < TEN_MILLISECONDS { 6 } else { 3 };
        let ends = [begin, end].map(|time| format!("{} s", seconds(time.since(shown.begin).0, digits)));
        document.row(out, Coloring::None);
        for (n, cell) in ends.into_iter().chain(counts).chain([fastest, slowest]).enumerate() {
            document.cell(out, Cell::Number(cell.as_bytes()), n == 0);
        }
        document.row_end(out);
    }
    document.table_end(out);
}

/// A span of so many nanoseconds as people say it.
#[allow(clippy::cast_precision_loss)] // a round number
fn spoken(nanos: u64) -> String {
    plot::spoken(nanos as f64)
}
