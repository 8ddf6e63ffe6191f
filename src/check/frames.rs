//! The frames of a capture that a report's rows may be: looked up while the capture goes by, and kept as text.
//!
//! A row may be misread anywhere, so it is looked for by its number, by its time and by what its Info names, each by
//! itself. What is kept is bounded by what the report shows, not by the capture.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;

use hashbrown::{DefaultHashBuilder, HashMap};

use super::clock::{Moment, Shown};
use super::{Claim, Column};
use crate::dissect::Dissection;
use crate::source::Frame;
use crate::time::{TimeColumn, Timestamp};
use crate::views::{Account, Row, View};

/// How many frames are kept for each thing that is looked for, and how many more for each row that looks for it.
const KEPT: usize = 64;
const KEPT_A_ROW: usize = 4;
/// How many frames the rows of a report are laid beside, all together, for one thing that is looked for in each, and how many
/// a row may be at least. Rows that say the same are each laid beside all frames that have it: a thousand rows, a million
/// times.
const MAX_PAIRS: usize = 1_000_000;
const MIN_CANDIDATES: usize = 64;
/// Which numbers of an Info column tell a frame: the ports come first.
const TELLING: usize = 2;

/// A frame as its row reads.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Its number.
    pub number: u64,
    /// When it was captured.
    pub moment: Moment,
    cells: [String; Column::COUNT],
    /// What Info says in the other pass, where that differs: Wireshark's window knows of later frames, tshark does not.
    other_info: Option<String>,
}

impl Decoded {
    /// The text of a column.
    #[must_use]
    pub fn text(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    /// All that a column may say.
    pub fn texts(&self, column: Column) -> impl Iterator<Item = &str> {
        let other = if column == Column::Info { self.other_info.as_deref() } else { None };
        std::iter::once(self.text(column)).chain(other)
    }
}

/// Something that a row says of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    /// Decimals, and the time since the first frame cut to so many.
    Time(u8, i64),
    /// The frame's length with all the numbers of Info, or with one of them.
    Content(u64),
}

#[derive(Default)]
struct Wanted {
    rows: usize,
    frames: Vec<u64>,
}

/// A view that keeps the frames that a report's rows may be.
#[derive(Default)]
pub struct Finder {
    keys: HashMap<Key, Wanted>,
    of_rows: Vec<Vec<Key>>,
    /// In how many decimals the report shows times.
    precisions: Vec<u8>,
    found: BTreeMap<u64, Decoded>,
    column: TimeColumn,
    hasher: DefaultHashBuilder,
    before: Option<Timestamp>,
    /// When the first frame was captured.
    pub start: Option<Timestamp>,
}

impl Finder {
    /// Looks for these rows.
    pub fn new<'c>(claims: impl Iterator<Item = &'c Claim>) -> Self {
        let mut finder = Self::default();
        let mut last = None;
        for claim in claims {
            let number = claim.text(Column::Number).parse().ok();
            let mut keys = Vec::new();
            keys.extend(number.map(Key::Number));
            // Should the number be misread, it may still be the one after the row before.
            let next = last.map(|last: u64| last.saturating_add(1));
            keys.extend(next.filter(|_| number != next).map(Key::Number));
            last = number.or(next);
            if let Some(shown) = Shown::parse(claim.text(Column::Time)) {
                keys.extend(finder.time_keys(shown, 0));
            }
            keys.extend(finder.content(claim.text(Column::Length), claim.text(Column::Info)));
            finder.want(keys);
        }
        finder
    }

    /// Begins another pass over the same capture.
    pub fn rewind(&mut self) {
        (self.column, self.before) = (TimeColumn::default(), None);
    }

    /// Looks for the times of the rows from place `first` on as they are on a clock that is off by so much, too.
    pub fn shift(&mut self, first: usize, claims: &[Claim], shift: i64) {
        for (row, claim) in (first..).zip(claims) {
            let Some(shown) = Shown::parse(claim.text(Column::Time)) else { continue };
            for key in self.time_keys(shown, shift) {
                self.keys.entry(key).or_default().rows += 1;
                self.of_rows[row].push(key);
            }
        }
    }

    /// The frames that a row may be, by its place in the report. Where they are too many, those near the frame of its own
    /// number, or as far into the capture as the row is into the report.
    pub fn candidates(&self, row: usize) -> impl Iterator<Item = &Decoded> {
        let most = (MAX_PAIRS / self.of_rows.len().max(1)).max(MIN_CANDIDATES);
        let keys = self.of_rows.get(row).map_or(&[][..], Vec::as_slice);
        let number = keys.iter().find_map(|key| if let Key::Number(number) = key { Some(*number) } else { None });
        let mut numbers: Vec<u64> = Vec::new();
        for key in keys {
            let frames = self.keys.get(key).map_or(&[][..], |wanted| &wanted.frames);
            let middle = number.map_or(frames.len() * row / self.of_rows.len().max(1), |number| {
                frames.partition_point(|frame| *frame < number)
            });
            let start = middle.saturating_sub(most / 2).min(frames.len().saturating_sub(most));
            numbers.extend(frames.iter().skip(start).take(most));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.found.get(&number))
    }

    /// A frame that was kept.
    #[must_use]
    pub fn frame(&self, number: u64) -> Option<&Decoded> {
        self.found.get(&number)
    }

    fn want(&mut self, keys: Vec<Key>) {
        for key in &keys {
            self.keys.entry(*key).or_default().rows += 1;
        }
        self.of_rows.push(keys);
    }

    fn time_keys(&mut self, shown: Shown, shift: i64) -> [Key; 3] {
        if !self.precisions.contains(&shown.digits) {
            self.precisions.push(shown.digits);
        }
        let unit = shown.nanos.saturating_sub(shift) / shown.unit();
        // What is rounded up may be one less, and so may be what is shifted; that may be one more, too.
        [unit, unit.saturating_sub(1), unit.saturating_add(1)].map(|unit| Key::Time(shown.digits, unit))
    }

    /// The keys of what a row holds: its length with all numbers of Info, and with each of the first.
    fn content(&self, length: &str, info: &str) -> Vec<Key> {
        let numbers: Vec<&str> = numbers(info).collect();
        let key = |parts: &[&str]| {
            let mut hasher = self.hasher.build_hasher();
            hasher.write(length.as_bytes());
            for part in parts {
                hasher.write_u8(0);
                hasher.write(part.as_bytes());
            }
            Key::Content(hasher.finish())
        };
        let telling = numbers.iter().take(TELLING).map(|number| key(&[number]));
        telling.chain([key(&numbers)]).collect()
    }

    fn keep(&mut self, key: Key, number: u64) -> bool {
        let Some(wanted) = self.keys.get_mut(&key) else { return false };
        // What was kept in one pass comes before what is kept for the first time in the next.
        if wanted.frames.binary_search(&number).is_ok() {
            return true;
        }
        let room = wanted.frames.len() < KEPT + KEPT_A_ROW * wanted.rows;
        if room {
            wanted.frames.push(number);
        }
        room
    }
}

/// The runs of digits in a text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

impl View for Finder {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        let relative = frame.time.since(*self.start.get_or_insert(frame.time));
        let time = self.column.next(frame.time, frame.time_digits);
        let since_before = frame.time.since(self.before.replace(frame.time).unwrap_or(frame.time));
        let row = Row::new(frame, time, dissection);
        let info = text(|out| row.info.write(out));
        let length = row.length.to_string();
        let mut wanted = self.keep(Key::Number(frame.number), frame.number);
        for digits in self.precisions.clone() {
            let unit = relative.0 / 10_i64.pow(9 - u32::from(digits.min(9)));
            wanted |= self.keep(Key::Time(digits, unit), frame.number);
        }
        for key in self.content(&length, &info) {
            wanted |= self.keep(key, frame.number);
        }
        if !wanted {
            return Ok(());
        }
        if let Some(known) = self.found.get_mut(&frame.number) {
            if known.text(Column::Info) != info {
                known.other_info = Some(info);
            }
            return Ok(());
        }
        let cells = [
            frame.number.to_string(),
            text(|out| row.time.write(out)),
            text(|out| row.src.write(out)),
            text(|out| row.dst.write(out)),
            text(|out| row.protocol.write(out)),
            length,
            info,
        ];
        let moment = Moment { time: frame.time, relative, since_before };
        self.found.insert(frame.number, Decoded { number: frame.number, moment, cells, other_info: None });
        Ok(())
    }

    fn passed_over(&mut self, _: &Frame<'_>) {}

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Account) -> io::Result<()> {
        Ok(())
    }
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}
