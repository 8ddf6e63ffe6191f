//! How records are written: one file a format, all of them behind the trait [`Output`](crate::views::Output) and over
//! any writer.
//!
//! Formats know records and nothing of where these came from. Results go to the writer; remarks about them, such as
//! what was hidden where the format has no place for it, go to standard error ([`notice`]).

use std::sync::LazyLock;
use std::time::Duration;

mod arrows;
mod cells;
pub mod comment;
mod escape;
mod figures;
pub mod findings;
pub mod grid;
pub mod html;
mod json;
pub mod jsonl;
pub mod markdown;
pub mod notices;
mod pages;
pub mod paint;
pub mod relay;
pub mod report;
mod separated;
mod sink;
pub mod table;
pub mod text;
pub mod verdicts;

pub use arrows::Spelled;
pub use grid::Grid;
pub use html::Html;
pub use jsonl::JsonLines;
pub use markdown::Markdown;
pub use notices::notice;
pub use pages::TextPages;
pub use paint::Paint;
pub use relay::Relay;
pub use separated::Separated;
pub use table::Table;
pub use text::Text;

use crate::time::{Delta, millis, write_millis};
use crate::tr;
use crate::views::{Exchange, Footer, Hidden, Kept, Row, Status};

/// The quantiles of response times that a summary shows, in percent.
const PERCENTS: [u8; 3] = [50, 95, 99];

/// Says what was hidden, where something was.
fn notice_hidden(hidden: &Hidden) {
    if !hidden.is_empty() {
        notice(self::hidden(hidden));
    }
}

/// What is known of the exchange that a row belongs to.
type Fate = (Status, Option<Delta>);

/// The word for each fate, in the order of [`Status`]; rows come by the million, so it is looked up once. Words are
/// ASCII, as wide as they are long.
static FATES: LazyLock<[String; 6]> = LazyLock::new(|| {
    [
        String::new(),
        tr!("results-fate-late"),
        tr!("results-fate-lost"),
        tr!("results-fate-refused"),
        tr!("results-fate-duplicate"),
        tr!("results-fate-unsolicited"),
    ]
});

/// Appends what stands beside a row in the exchanges view: a response time in milliseconds, or a word.
fn write_fate(out: &mut Vec<u8>, (status, rtt): Fate, unit: &str) {
    if let (Status::Answered | Status::Late, Some(rtt)) = (status, rtt) {
        write_millis(out, rtt);
        out.extend_from_slice(unit.as_bytes());
    }
    if status == Status::Answered {
        return;
    }
    if status == Status::Late && rtt.is_some() {
        out.push(b' ');
    }
    out.extend_from_slice(fate_word(status).as_bytes());
}

/// The word for a fate; none for the usual one.
fn fate_word(status: Status) -> &'static str {
    let place = match status {
        Status::Answered => 0,
        Status::Late => 1,
        Status::Unanswered => 2,
        Status::Refused => 3,
        Status::Duplicate => 4,
        Status::Unsolicited => 5,
    };
    &FATES[place]
}

/// The rows of an exchange, request first; its fate stands beside the last.
fn rows(exchange: Exchange<Kept>) -> impl Iterator<Item = (Row<'static>, Option<Fate>)> {
    let fate = Some((exchange.status, exchange.rtt));
    let exchange = exchange.map(Kept::into_row);
    let request_fate = if exchange.response.is_some() { None } else { fate };
    let request = exchange.request.map(|row| (row, request_fate));
    request.into_iter().chain(exchange.response.map(|row| (row, fate)))
}

/// The lines under the exchanges, for people; none where there was nothing at all.
fn footer_lines(footer: &Footer) -> Vec<String> {
    if footer.is_empty() {
        return Vec::new();
    }
    let tally = &footer.tally;
    let mut lines = vec![fates(footer)];
    if !tally.rtt.is_empty() {
        let [min, mean, max] = [tally.rtt.min, tally.rtt.mean(), tally.rtt.max].map(ms);
        lines.push(tr!("results-response-time", min = min, mean = mean, max = max));
    }
    if !footer.hidden.is_empty() {
        lines.push(hidden(&footer.hidden));
    }
    lines.extend(remarks(footer));
    lines
}

/// How many exchanges met which fate.
fn fates(footer: &Footer) -> String {
    let tally = &footer.tally;
    let mut counts = vec![
        tr!("results-answered", count = tally.answered + tally.late),
        tr!("results-lost", count = tally.unanswered),
        tr!("results-refused", count = tally.refused),
    ];
    if tally.late > 0 {
        let seconds = Duration::from_nanos(footer.timeout.0.unsigned_abs()).as_secs_f64();
        counts.push(tr!("results-late", count = tally.late, seconds = seconds));
    }
    if tally.duplicate > 0 {
        counts.push(tr!("results-duplicate", count = tally.duplicate));
    }
    if tally.unsolicited > 0 {
        counts.push(tr!("results-unsolicited", count = tally.unsolicited));
    }
    if tally.reordered > 0 {
        counts.push(tr!("results-reordered", count = tally.reordered));
    }
    let exchanges = tr!("results-exchanges", count = tally.requests());
    tr!("results-footer", exchanges = exchanges, counts = counts.join(", "))
}

/// What was hidden, as a line.
fn hidden(hidden: &Hidden) -> String {
    tr!("results-hidden", what = hidden.to_string())
}

/// What may be otherwise than the figures say.
fn remarks(footer: &Footer) -> impl Iterator<Item = String> {
    let backwards = footer.lost_by_service.map(|(count, service)| {
        let port = service.port.to_string();
        tr!("results-backwards", count = count, service = service.to_string(), port = port)
    });
    let rtt = &footer.tally.rtt;
    let set_back = (!rtt.is_empty() && rtt.min < Delta(0)).then(|| tr!("results-set-back"));
    let given_up = (footer.given_up > 0).then(|| tr!("results-given-up", count = footer.given_up));
    backwards.into_iter().chain(set_back).chain(given_up).chain(disagreement(footer))
}

/// Where others counted something else than the capture shows.
fn disagreement(footer: &Footer) -> Option<String> {
    let Footer { tally, account, .. } = footer;
    let (requests, shown) = (tally.requests(), tally.answered);
    let dropped = (account.dropped > 0).then(|| tr!("results-dropped", count = account.dropped));
    match account.client.filter(|counted| *counted != (requests, shown)) {
        Some((sent, answered)) => {
            let client =
                tr!("results-client-says", sent = sent, answered = answered, requests = requests, shown = shown);
            Some([Some(client), dropped].into_iter().flatten().collect::<Vec<_>>().join(": "))
        }
        None => dropped.map(|dropped| tr!("results-dropped-and-lost", dropped = dropped)),
    }
}

/// What stands beside the figures of a summary, on standard error.
fn notice_footer(footer: &Footer) {
    notice_hidden(&footer.hidden);
    remarks(footer).for_each(notice);
}

/// A span with its unit.
fn ms(delta: Delta) -> String {
    format!("{} ms", millis(delta))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::views::Account;

    fn last_line(account: Account) -> Option<String> {
        let mut footer = Footer { account, ..Footer::new(Delta(1)) };
        (footer.tally.answered, footer.tally.unanswered) = (3, 1);
        footer_lines(&footer).into_iter().nth(1)
    }

    #[test]
    fn fates_are_as_wide_as_they_are_long() {
        let fates = ["late", "lost", "refused", "duplicate", "unsolicited"];
        for (name, lang) in fates.iter().flat_map(|name| [(name, Lang::English), (name, Lang::Spanish)]) {
            let word = lang.message(&format!("results-fate-{name}"), &[]);
            assert!(word.is_ascii(), "{word}");
        }
        assert_eq!(fate_word(Status::Unsolicited), "unsolicited");
        assert_eq!(fate_word(Status::Late), "late");
    }

    #[test]
    fn the_footer_says_which_requests_were_given_up_early() {
        let mut footer = Footer { given_up: 2, ..Footer::new(Delta(1)) };
        footer.tally.unanswered = 5;
        let said = "2 of the lost were given up early, as too much was waiting: they may have been answered";
        assert_eq!(footer_lines(&footer).into_iter().nth(1).as_deref(), Some(said));
    }

    #[test]
    fn the_footer_says_where_others_counted_something_else() {
        let of = |dropped, client| last_line(Account { dropped, client });
        assert_eq!(of(0, None), None);
        assert_eq!(of(0, Some((4, 3))), None);
        let dropped = "1 frame was dropped by the kernel: what shows as lost may only not have been captured";
        assert_eq!(of(1, None).as_deref(), Some(dropped));
        assert_eq!(of(1, Some((4, 3))).as_deref(), Some(dropped), "both may be missing the same");
        let client = "the client sent 5 and had 5 answered, the capture shows 4 requests and 3 answered in time";
        assert_eq!(of(0, Some((5, 5))).as_deref(), Some(client));
        let both = format!("{client}: 3 frames were dropped by the kernel");
        assert_eq!(of(3, Some((5, 5))), Some(both));
    }
}
