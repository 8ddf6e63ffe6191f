//! The verdict on each row of a report, with the cells that it rests on.

use super::assign::{Assignment, Counting, Numbering, agreement};
use super::clock::{Clock, Shown};
use super::compare::{self, Agreement, PROTOCOLS};
use super::frames::{Decoded, Finder};
use super::{Cell, Claim, Column};
use crate::time::{Delta, Timestamp, seconds};

/// What a row turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same as in the capture.
    Match,
    /// The same but for what OCR and typing confuse.
    Near,
    /// A cell contradicts the capture; without one, a rule.
    Differs,
    /// The capture has no such frame.
    Absent,
    /// Not enough of the row can be read to say.
    Unreadable,
}

impl Verdict {
    /// All of them, in the order of a summary.
    pub const ALL: [Self; 5] = [Self::Match, Self::Near, Self::Differs, Self::Absent, Self::Unreadable];

    /// Its word where programs read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Near => "near",
            Self::Differs => "differs",
            Self::Absent => "absent",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A cell that is not quite what the capture has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Whose cell.
    pub column: Column,
    /// What the report shows.
    pub shown: String,
    /// What the capture has; none without a capture.
    pub decoded: Option<String>,
    /// Whether only what OCR and typing confuse is otherwise.
    pub near: bool,
}

/// A row with its verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The row.
    pub claim: Claim,
    /// Its frame, where there is one.
    pub frame: Option<u64>,
    /// The verdict.
    pub verdict: Verdict,
    /// The cells that deviate, near ones included.
    pub cells: Vec<Deviation>,
}

/// What the capture has in each column of a frame, as a table shows it that counts so. The time of the row before is
/// needed where times count from it.
#[must_use]
pub fn expected(
    decoded: &Decoded,
    counting: Counting,
    before: Option<Timestamp>,
    claim: &Claim,
) -> [String; Column::COUNT] {
    Column::ALL.map(|column| match (column, counting.numbering) {
        (Column::Number, Numbering::Shifted(shift)) => decoded.number.saturating_add_signed(shift).to_string(),
        (Column::Number, Numbering::Own) => claim.text(Column::Number).to_owned(),
        (Column::Time, _) => time(decoded, counting.clock, before, claim.text(Column::Time)),
        _ => decoded.text(column).to_owned(),
    })
}

fn time(decoded: &Decoded, clock: Clock, before: Option<Timestamp>, shown: &str) -> String {
    let moment = decoded.moment;
    let nanos = match clock {
        Clock::Shifted(0) => return decoded.text(Column::Time).to_owned(),
        // A time of day has no better text than the one that agrees with it.
        Clock::Shifted(_) if Shown::parse(shown).is_some_and(|shown| shown.agrees(clock, moment, None)) => {
            return shown.to_owned();
        }
        Clock::Shifted(shift) => moment.relative.0.saturating_add(shift),
        Clock::SinceBefore => moment.since_before.0,
        Clock::SinceRow => before.map_or(Delta(0), |before| moment.time.since(before)).0,
    };
    let digits = decoded.text(Column::Time).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    seconds(nanos, u8::try_from(digits).unwrap_or(9))
}

/// What the capture has in each row that was found.
#[must_use]
pub fn known(claims: &[Claim], assignment: &Assignment, finder: &Finder) -> Vec<Option<[String; Column::COUNT]>> {
    let mut before = None;
    let rows = claims.iter().zip(&assignment.frames);
    rows.map(|(claim, frame)| {
        let decoded = finder.frame((*frame)?)?;
        let expected = expected(decoded, assignment.counting, before, claim);
        before = Some(decoded.moment.time);
        Some(expected)
    })
    .collect()
}

/// Judges the rows of one table.
#[must_use]
pub fn judge(claims: &[Claim], assignment: &Assignment, finder: &Finder) -> Vec<Judged> {
    let mut before = None;
    let mut judged = Vec::with_capacity(claims.len());
    for (claim, frame) in claims.iter().zip(&assignment.frames) {
        let Some(decoded) = frame.and_then(|frame| finder.frame(frame)) else {
            judged.push(unfound(claim));
            continue;
        };
        judged.push(row(claim, decoded, assignment.counting, before));
        before = Some(decoded.moment.time);
    }
    judged
}

fn unfound(claim: &Claim) -> Judged {
    let number = claim.text(Column::Number).parse::<u64>().is_ok();
    let time = Shown::parse(claim.text(Column::Time)).is_some();
    let content = claim.text(Column::Info).contains(|c: char| c.is_ascii_digit());
    let readable = [number, time, content].into_iter().filter(|part| *part).count() >= 2;
    let verdict = if readable { Verdict::Absent } else { Verdict::Unreadable };
    Judged { claim: claim.clone(), frame: None, verdict, cells: Vec::new() }
}

fn row(claim: &Claim, decoded: &Decoded, counting: Counting, before: Option<Timestamp>) -> Judged {
    let expected = expected(decoded, counting, before, claim);
    let unknown = is_unknown(claim.cell(Column::Protocol), decoded.text(Column::Protocol));
    let mut worst = Agreement::Same;
    let mut cells = Vec::new();
    for column in Column::ALL {
        let Some(cell) = claim.cell(column).filter(|cell| !cell.text.is_empty()) else { continue };
        let agreement = match column {
            // What loopshark does not dissect it can't contradict.
            Column::Protocol | Column::Info if unknown => Agreement::Same,
            Column::Time => time_agreement(cell, decoded, counting.clock, before, &expected[column as usize]),
            Column::Number => compare::cell(column, cell, &expected[column as usize]),
            _ => agreement(claim, column, decoded).unwrap_or(Agreement::Same),
        };
        if agreement != Agreement::Same {
            let decoded = Some(expected[column as usize].clone());
            let near = agreement == Agreement::Near;
            cells.push(Deviation { column, shown: cell.text.clone(), decoded, near });
        }
        worst = worst.max(agreement);
    }
    let verdict = match worst {
        Agreement::Same => Verdict::Match,
        Agreement::Near => Verdict::Near,
        Agreement::Differs => Verdict::Differs,
    };
    Judged { claim: claim.clone(), frame: Some(decoded.number), verdict, cells }
}

fn time_agreement(
    cell: &Cell,
    decoded: &Decoded,
    clock: Clock,
    before: Option<Timestamp>,
    expected: &str,
) -> Agreement {
    let since_row = before.map(|before| decoded.moment.time.since(before));
    match Shown::parse(&cell.text) {
        Some(shown) if shown.agrees(clock, decoded.moment, since_row) => Agreement::Same,
        // What was read from a picture is a time, even where a point in it was not.
        _ => compare::cell(Column::Time, cell, expected).max(if cell.seen { Agreement::Same } else { Agreement::Near }),
    }
}

/// Whether a report names a protocol that is not dissected here, where the capture has its transport.
fn is_unknown(shown: Option<&Cell>, decoded: &str) -> bool {
    let Some(shown) = shown.filter(|_| matches!(decoded, "TCP" | "UDP")) else { return false };
    let like = |name: &str| {
        name.len() == shown.text.len() && compare::cell(Column::Protocol, shown, name) < Agreement::Differs
    };
    !PROTOCOLS.iter().any(|name| like(name)) && Column::Protocol.likeness(&shown.text) > 0
}
