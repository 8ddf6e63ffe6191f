//! A second reading: the letters of one picture, compared with each other.
//!
//! Tesseract knows all the world's fonts and so no single one: with a dot in its zero it becomes 6, 8 or 9 now and then.
//! But a screenshot has one font, and a letter looks nearly the same wherever it stands. So a letter that was read as one
//! thing and looks like another is what it looks like. Which letters are which, the majority says: of what was read and,
//! where the row's frame is known, of what the capture has there. One edited digit is outvoted by its own look.

use hashbrown::HashMap;
use image::GrayImage;
use image::imageops::{FilterType, crop_imm, resize};

use super::tesseract::Letter;

/// The size that letters are compared in.
const WIDTH: u32 = 12;
const HEIGHT: u32 = 18;
/// With how many of a kind a letter is compared.
const MAX_OF_A_KIND: usize = 48;
/// A kind of which fewer are known is known by chance.
const ENOUGH: usize = 2;
/// How much less than like the kind that was read a letter must look like what the capture has to be that, in percent;
/// and the other way round, where the capture speaks against it.
const CLEARLY: u32 = 90;
const CLEARLY_AGAINST: u32 = 80;
/// The same, where nothing else speaks against the first reading.
const VERY_CLEARLY: u32 = 55;

/// How different letters of one kind look at most, and letters of two kinds at least.
const ALIKE: u32 = 45;
const UNLIKE: u32 = 60;

/// A letter's look.
pub struct Glyph {
    /// Grey levels of the letter's box, all boxes in one size.
    levels: Vec<u8>,
    /// How high and wide the box is.
    size: (u32, u32),
}

/// One letter, to be read again.
pub struct Reading {
    /// What it looks like.
    pub glyph: Glyph,
    /// What it was read as.
    pub read: char,
    /// What the capture has there, where that is known.
    pub decoded: Option<char>,
}

/// What a letter is, and whether that is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub c: char,
    pub unsure: bool,
}

impl Glyph {
    /// Cuts a letter out of its line.
    pub fn new(line: &GrayImage, letter: &Letter) -> Self {
        let [left, top, right, bottom] = letter.area;
        let size = (right.saturating_sub(left).max(1), bottom.saturating_sub(top).max(1));
        let cut = crop_imm(line, left, top, size.0, size.1).to_image();
        // Signs without height or width, such as points, would be blown up to anything.
        let levels = if cut.width() == 0 || cut.height() == 0 {
            vec![255; (WIDTH * HEIGHT) as usize]
        } else {
            resize(&cut, WIDTH, HEIGHT, FilterType::Triangle).into_raw()
        };
        Self { levels, size }
    }

    /// How different two letters look: the mean of what their points differ, and of what their boxes do.
    fn distance(&self, other: &Self) -> u32 {
        let levels: u32 = self.levels.iter().zip(&other.levels).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        let sides = self.size.0.abs_diff(other.size.0) + self.size.1.abs_diff(other.size.1);
        1 + levels / (WIDTH * HEIGHT) + 2 * sides
    }
}

/// Reads letters again, each by what the others look like.
pub fn settle(readings: &[Reading]) -> Vec<Verdict> {
    let kinds = kinds(readings);
    readings.iter().enumerate().map(|(n, reading)| settled(n, reading, &kinds, readings)).collect()
}

/// The letters that are known for what they are, by kind.
fn kinds(readings: &[Reading]) -> HashMap<char, Vec<usize>> {
    let mut agreed: HashMap<char, Vec<usize>> = HashMap::new();
    let mut claimed: HashMap<char, Vec<usize>> = HashMap::new();
    for (n, reading) in readings.iter().enumerate() {
        let decoded = reading.decoded.unwrap_or(reading.read);
        if decoded == reading.read {
            agreed.entry(decoded).or_default().push(n);
        }
        claimed.entry(decoded).or_default().push(n);
    }
    // What is never read right, such as an arrow, is known from the capture alone.
    for (c, letters) in claimed {
        if agreed.get(&c).is_none_or(|agreed| agreed.len() < ENOUGH) {
            agreed.insert(c, letters);
        }
    }
    for letters in agreed.values_mut() {
        let step = letters.len().div_ceil(MAX_OF_A_KIND);
        *letters = letters.iter().step_by(step).copied().collect();
    }
    agreed
}

fn settled(n: usize, reading: &Reading, kinds: &HashMap<char, Vec<usize>>, readings: &[Reading]) -> Verdict {
    let distance = |c: char| distance(n, &reading.glyph, kinds.get(&c)?, readings);
    let sure = |c| Verdict { c, unsure: false };
    match reading.decoded {
        Some(decoded) if decoded != reading.read => match (distance(decoded), distance(reading.read)) {
            (Some(is), Some(read)) if is * 100 < read * CLEARLY => sure(decoded),
            (Some(is), Some(read)) if read * 100 < is * CLEARLY_AGAINST => sure(reading.read),
            // Nothing else in the picture is what it was read as: what it looks like is left.
            (Some(is), None) if is < ALIKE => sure(decoded),
            (Some(is), None) if is > UNLIKE => sure(reading.read),
            _ => Verdict { c: reading.read, unsure: true },
        },
        _ if reading.read.is_ascii_digit() => {
            let Some(own) = distance(reading.read) else { return sure(reading.read) };
            let others = ('0'..='9').filter(|c| *c != reading.read);
            let nearest = others.filter_map(|c| Some((distance(c)?, c))).min();
            match nearest {
                Some((other, c)) if other * 100 < own * VERY_CLEARLY => sure(c),
                _ => sure(reading.read),
            }
        }
        _ => sure(reading.read),
    }
}

/// How different a letter is from the nearer ones of a kind, the few nearest being left out: they may be no better.
fn distance(n: usize, glyph: &Glyph, kind: &[usize], readings: &[Reading]) -> Option<u32> {
    let others = kind.iter().filter(|other| **other != n);
    let mut distances: Vec<u32> = others.map(|other| glyph.distance(&readings[*other].glyph)).collect();
    if distances.len() < ENOUGH {
        return None;
    }
    let quarter = distances.len() / 4;
    Some(*distances.select_nth_unstable(quarter).1)
}
