//! Lines of text out of the characters of a page, which a PDF places one by one and in any order.
//!
//! Characters on one baseline are a line; what stands far apart on it is two table cells, set at about their place
//! across the page, so that a row with an empty cell keeps its columns. Knows of PDF only the place of a glyph, a
//! matrix from thousandths of the font's size to the page (ISO 32000-2, 9.4.4).

use std::iter;

use hayro_interpret::kurbo::Affine;

use super::bounds::{spend, too_large};
use super::{MAX_TEXT_BYTES, PdfError};

/// The least gap that is a space, in sizes of the font: kerning stays below, the narrowest space of a font above.
const WORD_GAP: f32 = 0.15;
/// The least gap that parts table cells: above the widest space of a justified line.
const CELL_GAP: f32 = 1.0;
/// No line of print has as many characters; beyond, columns are not aligned.
const MAX_COLUMN: f32 = 512.0;

/// A character on its page, turned so that its line runs to the right and lines follow downwards.
pub(super) struct Letter {
    sign: char,
    /// Quarter turns of its line, clockwise.
    turn: u8,
    start: f32,
    end: f32,
    baseline: f32,
    size: f32,
}

impl Letter {
    /// The characters of a glyph, which share its width.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // places on a page, far from exact anyway
    pub(super) fn spread(text: &str, place: Affine, advance: f64) -> impl Iterator<Item = Self> {
        let [right, down, slant_right, slant_down, x, y] = place.as_coeffs();
        let (turn, start, baseline) = match (right.abs() >= down.abs(), right >= 0.0, down >= 0.0) {
            (true, true, _) => (0, x, y),
            (false, _, true) => (1, y, -x),
            (true, false, _) => (2, -x, -y),
            (false, _, false) => (3, -y, x),
        };
        let width = right.hypot(down) * advance / text.chars().count().max(1) as f64;
        // Glyph space is a thousandth of the font's size.
        let size = (slant_right.hypot(slant_down) * 1000.0) as f32;
        text.chars()
            .enumerate()
            .map(move |(nth, sign)| {
                let start = start + width * nth as f64;
                let (end, start) = ((start + width) as f32, start as f32);
                Self { sign, turn, start, end, baseline: baseline as f32, size }
            })
            .filter(|letter| letter.start.is_finite() && letter.end.is_finite() && letter.baseline.is_finite())
            .filter(|letter| letter.size.is_finite())
    }
}

/// What lines of a page have in common.
struct Measure {
    /// Where the leftmost starts.
    margin: f32,
    /// The width of the middle one of its characters by width.
    pitch: f32,
    /// Whether it has spaces for characters: then a gap without one is between table cells. TeX has none.
    spaced: bool,
}

/// The lines of a page, by baseline; for text along its sides, after those upright.
pub(super) fn lines(letters: &mut [Letter]) -> Result<String, PdfError> {
    letters.sort_by(|a, b| a.turn.cmp(&b.turn).then(a.baseline.total_cmp(&b.baseline)));
    let mut text = String::new();
    for side in letters.chunk_by_mut(|a, b| a.turn == b.turn) {
        let measure = Measure::of(side);
        let mut rest = side;
        while let Some(first) = rest.first() {
            let (baseline, size) = (first.baseline, first.size);
            // So far may sub- and superscripts be off the line.
            let on_line = |letter: &&Letter| letter.baseline - baseline <= 0.4 * letter.size.max(size);
            let len = rest.iter().take_while(on_line).count().max(1);
            let (line, below) = rest.split_at_mut(len);
            line.sort_by(|a, b| a.start.total_cmp(&b.start));
            measure.write(line, &mut text);
            spend(&mut (MAX_TEXT_BYTES as u64), text.len() as u64, too_large(MAX_TEXT_BYTES as u64, "bytes-of-text"))?;
            rest = below;
        }
    }
    Ok(text)
}

impl Measure {
    fn of(letters: &[Letter]) -> Self {
        let is_space = |letter: &&Letter| letter.sign.is_whitespace();
        let mut widths: Vec<f32> =
            letters.iter().filter(|letter| !is_space(letter)).map(|letter| letter.end - letter.start).collect();
        widths.sort_by(f32::total_cmp);
        Self {
            margin: letters.iter().map(|letter| letter.start).fold(f32::INFINITY, f32::min),
            pitch: widths.get(widths.len() / 2).copied().unwrap_or_default(),
            spaced: letters.iter().any(|letter| is_space(&letter)),
        }
    }

    /// Appends one line, whose letters are in order.
    fn write(&self, line: &[Letter], text: &mut String) {
        // Drawn twice at one place, for an outline or for bold, is there once.
        let same = |a: &Letter, b: &Letter| a.sign == b.sign && b.start - a.start < 0.1 * b.size;
        let (mut last, mut spaces, mut column): (Option<&Letter>, u32, usize) = (None, 0, 0);
        for letter in line.chunk_by(same).filter_map(<[_]>::first) {
            if letter.sign.is_whitespace() || letter.sign.is_control() {
                spaces = spaces.saturating_add(1);
                continue;
            }
            let blanks = match last {
                None => self.column(letter.start),
                Some(last) if self.is_cell_apart(last, letter, spaces) => {
                    self.column(letter.start).saturating_sub(column).max(2)
                }
                Some(last) => usize::from(spaces > 0 || letter.start - last.end > WORD_GAP * letter.size),
            };
            text.extend(iter::repeat_n(' ', blanks));
            text.push(letter.sign);
            column = column.saturating_add(blanks).saturating_add(1);
            (last, spaces) = (Some(letter), 0);
        }
        if last.is_some() {
            text.push('\n');
        }
    }

    fn is_cell_apart(&self, last: &Letter, letter: &Letter, spaces: u32) -> bool {
        let gap = letter.start - last.end;
        let narrowest = if self.spaced && spaces == 0 { WORD_GAP } else { CELL_GAP };
        spaces > 1 || gap > narrowest * letter.size
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within 0 and 512
    fn column(&self, start: f32) -> usize {
        ((start - self.margin) / self.pitch).round().clamp(0.0, MAX_COLUMN) as usize
    }
}
