//! Which frame each row shows, and how the table counts: its numbers and its times may not be the capture's.
//!
//! A row is laid beside every frame that it may be, and what agrees is counted: number, time, content. First only what
//! is strong by itself decides how the table counts (a part of a capture may have been saved and numbered anew, times
//! may be of the clock); with that, each row takes the frame that fits it best, and none takes what a better one has.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use super::clock::{Clock, DAY, Moment, Origin, Shown};
use super::compare::{self, Agreement, Asked};
use super::frames::{Decoded, Finder};
use super::{Cell, Claim, Column};
use crate::time::{NANOS_PER_SEC, seconds};
use crate::tr;

/// How a table's numbers follow the capture's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// As the capture's, but for a constant.
    Shifted(i64),
    /// From row to row, whatever the frames.
    Own,
}

/// How a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// Its numbers.
    pub numbering: Numbering,
    /// Its times.
    pub clock: Clock,
}

/// What time zones differ by.
const ZONE_STEP: i64 = 15 * 60 * NANOS_PER_SEC;
/// From when on a number of seconds is one since 1970: no capture is as long.
const EPOCH_LIKE: i64 = 100_000_000 * NANOS_PER_SEC;
/// From which score on a row is a frame's.
const ENOUGH: u32 = 9;

/// A row beside a frame: what agrees.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    row: usize,
    frame: u64,
    /// Ports and lengths, and all else that a row says but for number and time: 0 to 8.
    content: u32,
    /// Whether the content is one that other frames hardly have.
    telling: bool,
}

/// The frames of the rows of one table, and how it counts.
pub struct Assignment {
    /// The frame of each row.
    pub frames: Vec<Option<u64>>,
    /// How the table counts.
    pub counting: Counting,
}

/// Assigns frames to the rows of a table; `first` is the place of its first row among all that are looked for.
#[must_use]
pub fn assign(claims: &[Claim], first: usize, finder: &Finder) -> Assignment {
    let pairs = pairs(claims, first, finder);
    let counting = counting(claims, &pairs, finder);
    let mut assignment = Assignment { frames: best(claims, &pairs, counting, finder), counting };
    // Where times count from row to row, the frames have to be known first.
    assignment.counting.clock = clock(claims, &assignment.frames, counting.clock, finder);
    assignment.counting.numbering = numbering(claims, &assignment.frames);
    assignment
}

/// By how much the table's times are off, as far as that can be seen before its rows are found.
#[must_use]
pub fn shift(claims: &[Claim], first: usize, finder: &Finder) -> Option<i64> {
    match counting(claims, &pairs(claims, first, finder), finder).clock {
        Clock::Shifted(shift) if shift != 0 => Some(shift),
        _ => None,
    }
}

fn pairs(claims: &[Claim], first: usize, finder: &Finder) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (row, claim) in claims.iter().enumerate() {
        let filled = |column| claim.cell(column).filter(|cell| !cell.text.is_empty());
        let info = filled(Column::Info).map(|cell| Asked::new(Column::Info, cell));
        let words = claim.cell(Column::Info).map(Words::of);
        for decoded in finder.candidates(first + row) {
            let content = content(claim, words.as_ref(), decoded);
            let telling = agreement(claim, Column::Length, decoded) == Some(Agreement::Same)
                && info.as_ref().is_some_and(|info| decoded.texts(Column::Info).any(|text| info.is(text)));
            pairs.push(Pair { row, frame: decoded.number, content, telling });
        }
    }
    pairs
}

/// How a row's cell compares with a frame's; none where the row has no such cell.
#[must_use]
pub fn agreement(claim: &Claim, column: Column, decoded: &Decoded) -> Option<Agreement> {
    let cell = claim.cell(column).filter(|cell| !cell.text.is_empty())?;
    decoded.texts(column).map(|text| compare::cell(column, cell, text)).min()
}

/// How much of what a row says a frame has, its number and time apart: 0 to 8.
fn content(claim: &Claim, info: Option<&Words<'_>>, decoded: &Decoded) -> u32 {
    let of = |(column, worth)| match agreement(claim, column, decoded) {
        Some(Agreement::Same | Agreement::Near) => worth,
        _ => 0,
    };
    let worth = [(Column::Source, 1), (Column::Destination, 1), (Column::Protocol, 1), (Column::Length, 2)];
    worth.into_iter().map(of).sum::<u32>() + info.map_or(0, |info| info.content(decoded.text(Column::Info)))
}

/// What an Info column says, word by word.
struct Words<'c> {
    cell: &'c Cell,
    shown: HashSet<&'c str>,
}

impl<'c> Words<'c> {
    fn of(cell: &'c Cell) -> Self {
        Self { cell, shown: telling(&cell.text).collect() }
    }

    /// How much of it a frame has: 0 to 3, by the words that both have.
    fn content(&self, decoded: &str) -> u32 {
        let (mut all, mut both) = (0, 0);
        for word in telling(decoded) {
            all += 1;
            both += usize::from(self.shown.contains(word));
        }
        if all == 0 {
            return 3 * u32::from(compare::cell(Column::Info, self.cell, decoded) < Agreement::Differs);
        }
        u32::try_from(3 * both / all).unwrap_or(0)
    }
}

/// The words that tell one text from another.
fn telling(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| word.contains(|c: char| c.is_ascii_digit()))
}

fn shown_number(claim: &Claim) -> Option<i64> {
    claim.text(Column::Number).parse().ok()
}

fn shown_time(claim: &Claim) -> Option<Shown> {
    Shown::parse(claim.text(Column::Time))
}

/// How the table counts, by the pairs whose content tells them.
fn counting(claims: &[Claim], pairs: &[Pair], finder: &Finder) -> Counting {
    let mut numbers: BTreeMap<i64, usize> = BTreeMap::new();
    let mut times: BTreeMap<i64, usize> = BTreeMap::new();
    let mut times_of_rows = HashSet::new();
    for pair in pairs.iter().filter(|pair| pair.telling) {
        let (claim, Some(decoded)) = (&claims[pair.row], finder.frame(pair.frame)) else { continue };
        if let (Some(number), Ok(frame)) = (shown_number(claim), i64::try_from(pair.frame)) {
            *numbers.entry(number.saturating_sub(frame)).or_default() += 1;
        }
        if let Some(shown) = shown_time(claim) {
            let shift = shown.shift(decoded.moment);
            // Each row has one vote for a shift, however many frames of its content there are.
            if times_of_rows.insert((pair.row, shift)) {
                *times.entry(shift).or_default() += 1;
            }
        }
    }
    Counting { numbering: Numbering::Shifted(agreed(&numbers)), clock: Clock::Shifted(agreed(&times)) }
}

/// The shift that two rows and more agree on, and more than on none.
fn agreed(votes: &BTreeMap<i64, usize>) -> i64 {
    let plain = votes.get(&0).copied().unwrap_or(0);
    mode(votes).filter(|(_, agree)| *agree >= 2 && *agree > plain).map_or(0, |(shift, _)| shift)
}

/// What has most votes, and how many.
fn mode(votes: &BTreeMap<i64, usize>) -> Option<(i64, usize)> {
    votes.iter().map(|(value, votes)| (*value, *votes)).max_by_key(|(value, votes)| (*votes, *value == 0))
}

/// The frame of each row: the best pairs first.
fn best(claims: &[Claim], pairs: &[Pair], counting: Counting, finder: &Finder) -> Vec<Option<u64>> {
    let times: Vec<Option<Shown>> = claims.iter().map(shown_time).collect();
    let mut scored: Vec<(u32, &Pair)> =
        pairs.iter().map(|pair| (score(claims, times[pair.row], pair, counting, finder), pair)).collect();
    // Among equals the first row takes the first frame.
    scored.sort_by_key(|(score, pair)| (std::cmp::Reverse(*score), pair.row, pair.frame));
    let mut frames = vec![None; claims.len()];
    let mut taken = HashSet::new();
    for (score, pair) in scored {
        if score >= ENOUGH && frames[pair.row].is_none() && taken.insert(pair.frame) {
            frames[pair.row] = Some(pair.frame);
        }
    }
    by_neighbours(claims, pairs, &mut frames, &mut taken);
    frames
}

/// What agrees, weighed: 4 for the number, 6 for the time, 8 for the content.
fn score(claims: &[Claim], time: Option<Shown>, pair: &Pair, counting: Counting, finder: &Finder) -> u32 {
    let claim = &claims[pair.row];
    let Some(decoded) = finder.frame(pair.frame) else { return 0 };
    let number = match counting.numbering {
        Numbering::Shifted(shift) => numbered(claim, pair.frame, shift),
        Numbering::Own => false,
    };
    let time = time.is_some_and(|shown| shown.agrees(counting.clock, decoded.moment, None));
    let telling = if pair.telling { 2 } else { 0 };
    // A number alone is any frame's; content alone may be many a frame's.
    let anchored = time || number || pair.telling;
    let sum = 4 * u32::from(number) + 6 * u32::from(time) + pair.content + telling;
    if anchored { sum.saturating_sub(if number && !time && !pair.telling { 6 } else { 0 }) } else { 0 }
}

fn numbered(claim: &Claim, frame: u64, shift: i64) -> bool {
    matches!((shown_number(claim), i64::try_from(frame)), (Some(number), Ok(frame)) if number.saturating_sub(shift) == frame)
}

/// A row whose number is a frame's, between rows that stand for the frames around it, is that frame, whatever else it says.
fn by_neighbours(claims: &[Claim], pairs: &[Pair], frames: &mut [Option<u64>], taken: &mut HashSet<u64>) {
    let found = frames.iter().flatten().count();
    for row in 0..frames.len() {
        if frames[row].is_some() || found * 2 < frames.len() {
            continue;
        }
        let before = frames[..row].iter().rev().flatten().next().copied();
        let after = frames[row + 1..].iter().flatten().next().copied();
        let between = |frame: u64| {
            before.is_none_or(|before| before < frame)
                && after.is_none_or(|after| frame < after)
                && (before.is_some() || after.is_some())
        };
        let only = match (before, after) {
            (Some(before), Some(after)) if before + 2 == after => Some(before + 1),
            _ => None,
        };
        let fits =
            |pair: &&Pair| between(pair.frame) && (numbered(&claims[row], pair.frame, 0) || only == Some(pair.frame));
        let of_row = &pairs[pairs.partition_point(|pair| pair.row < row)..];
        if let Some(pair) = of_row.iter().take_while(|pair| pair.row == row).find(fits)
            && taken.insert(pair.frame)
        {
            frames[row] = Some(pair.frame);
        }
    }
}

/// What the times of the rows found agree with most; the capture's own way where nothing agrees with half of them.
fn clock(claims: &[Claim], frames: &[Option<u64>], shifted: Clock, finder: &Finder) -> Clock {
    let rows: Vec<(Shown, Moment)> = claims
        .iter()
        .zip(frames)
        .filter_map(|(claim, frame)| Some((shown_time(claim)?, finder.frame((*frame)?)?.moment)))
        .collect();
    let count = |clock| {
        let before = [None].into_iter().chain(rows.iter().map(|(_, moment)| Some(moment.time)));
        rows.iter()
            .zip(before)
            .filter(|((shown, moment), before)| {
                shown.agrees(clock, *moment, before.map(|before| moment.time.since(before)))
            })
            .count()
    };
    let clocks = [Clock::Shifted(0), shifted, Clock::SinceBefore, Clock::SinceRow];
    let (agree, best) = clocks
        .into_iter()
        .map(|clock| (count(clock), clock))
        .rev()
        .max_by_key(|(agree, _)| *agree)
        .unwrap_or((0, shifted));
    if agree * 2 > rows.len() && possible(best, &rows, finder) { best } else { Clock::Shifted(0) }
}

/// Whether a clock is one: a time of day is off by a time zone, and no more.
fn possible(clock: Clock, rows: &[(Shown, Moment)], finder: &Finder) -> bool {
    let (Clock::Shifted(shift), Some(start)) = (clock, finder.start) else { return true };
    let unit = rows.iter().map(|(shown, _)| shown.unit()).max().unwrap_or(1);
    let off = |apart: i64, step: i64| {
        let off = apart.rem_euclid(step);
        off.min(step - off) <= unit.saturating_mul(2)
    };
    let apart = shift.saturating_sub(start.0);
    match rows.first().map(|(shown, _)| shown.origin) {
        Some(Origin::Epoch) => off(apart, ZONE_STEP) && apart.abs() <= DAY,
        Some(Origin::Midnight) => off(apart, ZONE_STEP),
        Some(Origin::Some) | None => true,
    }
}

/// How the numbers of the rows found follow those of their frames.
fn numbering(claims: &[Claim], frames: &[Option<u64>]) -> Numbering {
    let numbers: Vec<Option<i64>> = claims.iter().map(shown_number).collect();
    let mut shifts: BTreeMap<i64, usize> = BTreeMap::new();
    for (number, frame) in numbers.iter().zip(frames) {
        if let (Some(number), Some(Ok(frame))) = (number, frame.map(i64::try_from)) {
            *shifts.entry(number.saturating_sub(frame)).or_default() += 1;
        }
    }
    let steps =
        numbers.windows(2).filter(|pair| matches!(pair, [Some(a), Some(b)] if a.checked_add(1) == Some(*b))).count();
    let contiguous = numbers.len() > 2 && steps + 1 == numbers.len();
    let (shift, agree) = mode(&shifts).unwrap_or((0, 0));
    let found = shifts.values().sum::<usize>();
    let plain = shifts.get(&0).copied().unwrap_or(0);
    match () {
        () if contiguous && shifts.len() > 1 && agree + 1 < found => Numbering::Own,
        // Where two rows have the capture's own numbers, all should.
        () if plain >= 2 => Numbering::Shifted(0),
        () => Numbering::Shifted(shift),
    }
}

/// What is to be known of a table whose numbers or times are not the capture's own.
pub fn remarks(claims: &[Claim], assignment: &Assignment) -> Vec<String> {
    let mut remarks = Vec::new();
    let found = || assignment.frames.iter().flatten();
    let (Some(first), Some(last)) = (found().min(), found().max()) else { return remarks };
    match assignment.counting.numbering {
        Numbering::Shifted(0) => {}
        _ if claims.iter().all(|claim| shown_number(claim).is_none()) => {}
        Numbering::Shifted(_) => {
            remarks.push(tr!("check-numbered-anew", first = *first, last = *last));
        }
        Numbering::Own => {
            remarks.push(tr!("check-numbered-own", count = found().count(), first = *first, last = *last));
        }
    }
    if let Clock::Shifted(shift) = assignment.counting.clock
        && shift != 0
        && claims.iter().filter_map(shown_time).any(|shown| shown.origin == Origin::Some && shown.nanos < EPOCH_LIKE)
    {
        remarks.push(tr!("check-other-origin", seconds = seconds(shift, 6)));
    }
    remarks
}
