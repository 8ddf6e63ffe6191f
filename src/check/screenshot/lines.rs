//! The lines of text in a picture, each cut out as black on white and in the size that tesseract reads best.
//!
//! A line of a packet list has one background and one colour of text: light on dark where it is selected or an error.
//! So what counts is not darkness but how far a pixel is from its line's background. Lines are found where brightness
//! jumps many times from left to right; between them it does not, whatever stands at the window's edges.

use std::ops::Range;

use image::imageops::{FilterType, resize};
use image::{GrayImage, Luma, RgbImage};

use super::median;
use super::tesseract::Word;

/// From which step on brightness jumps: the more JPEG has made of plain surfaces, the higher.
const JUMPS_BY: [i16; 3] = [28, 48, 72];
/// So many jumps are text; fewer are edges, scroll bars, and the map beside the list.
const JUMPS: usize = 12;
/// How far a surface is from a background, all three colours taken together: more than JPEG blurs around letters.
const SURFACE: u32 = 48;
/// How high lines are: less can't be read, more is no line.
const HEIGHTS: std::ops::RangeInclusive<u32> = 5..=100;
/// How high a line's letters are made.
const LETTERS: f32 = 30.0;
/// The most lines that are read in one picture; of one that has more none is.
pub(super) const MAX_LINES: usize = 400;
/// How many points a cut-out line may have, eight times what the smallest letters of an 8K screen take; wider ones are left
/// out. A file of a few KiB can be a picture ten million points wide.
const MAX_POINTS: u64 = 16 * 1024 * 1024;
/// How many points all of them may have together, which are all in memory at once: about the most that `MAX_LINES` of an 8K
/// screen have.
const MAX_ALL_POINTS: u64 = 256 * 1024 * 1024;
/// White around a line.
const MARGIN: u32 = 12;

/// One line, cut out of its picture.
pub struct Line {
    /// Where it is in the picture: its upper and lower end.
    pub top: u32,
    /// The first row of pixels below it.
    pub bottom: u32,
    /// Black on white, scaled, with a margin around.
    pub image: GrayImage,
    /// How many times larger than in the picture.
    pub scale: f32,
    /// Where the picture has no background from top to bottom: an edge, a scroll bar, the map beside the list.
    solid: Vec<bool>,
    /// Where the list ends, beside the map of it.
    end: u32,
}

impl Line {
    /// A place across the cut-out line, in the picture.
    pub fn across(&self, x: u32) -> u32 {
        (x.saturating_sub(MARGIN) as f32 / self.scale) as u32
    }

    /// A place across the picture, in the cut-out line.
    pub fn along(&self, x: u32) -> u32 {
        (x as f32 * self.scale) as u32 + MARGIN
    }

    /// How wide a letter is in the picture, on the average of a cell.
    pub fn letter(&self, cell: &[Word]) -> f32 {
        let (letters, width) = cell.iter().fold((0, 0), |(letters, width), word| {
            let ends =
                word.first().zip(word.last()).map_or(0, |(first, last)| last.area[2].saturating_sub(first.area[0]));
            (letters + word.len(), width + ends)
        });
        width as f32 / self.scale / letters.max(1) as f32
    }

    /// Whether there is an edge somewhere across the picture, or the picture ends there.
    pub fn has_edge(&self, mut places: Range<u32>) -> bool {
        places.any(|x| x >= self.end || self.solid.get(x as usize).copied().unwrap_or(true))
    }
}

/// The lines of a picture, from the top; where there are more than [`MAX_LINES`], one more than that.
pub fn find(picture: &RgbImage) -> Vec<Line> {
    let gray = image::imageops::grayscale(picture);
    // The lowest step is the best, unless a higher one makes many more lines of one height.
    let [low, middle, high] = JUMPS_BY.map(|jump| bands(&gray, jump));
    let better = |a: Vec<Band>, b: Vec<Band>| if regular(&b) * 4 > regular(&a) * 5 { b } else { a };
    let bands = better(better(low, middle), high);
    let typical = typical_height(&bands);
    let bands: Vec<Band> = bands.into_iter().flat_map(|band| split(&gray, band, typical)).take(MAX_LINES + 1).collect();
    let end = list_end(picture, &bands);
    let bands = within_bounds(bands, picture.width(), typical);
    bands.into_iter().map(|band| cut_out(picture, band, typical, end)).collect()
}

/// The bands that can be cut out without filling memory.
fn within_bounds(mut bands: Vec<Band>, width: u32, typical: u32) -> Vec<Band> {
    let mut left = MAX_ALL_POINTS;
    bands.retain(|band| {
        let points = points(width, *band, typical);
        let rest = left.checked_sub(points).filter(|_| points <= MAX_POINTS);
        left = rest.unwrap_or(left);
        rest.is_some()
    });
    bands
}

/// How many points a line has once it is cut out, but for the margin.
fn points(width: u32, (top, bottom): Band, typical: u32) -> u64 {
    let (height, scale) = (bottom - top, scale(bottom - top, typical));
    u64::from(scaled(width, scale)) * u64::from(scaled(height + 2 * room(height), scale))
}

/// Descenders and marks make few jumps; they stand in the space around.
fn room(height: u32) -> u32 {
    (height / 5).max(1)
}

/// How many times larger a line is cut out: one scale for all lines of about one size, so that their letters can be
/// compared.
fn scale(height: u32, typical: u32) -> f32 {
    let height = if height * 2 > typical && height * 2 < typical * 3 { typical } else { height };
    (LETTERS / height as f32).max(0.25)
}

fn scaled(length: u32, scale: f32) -> u32 {
    ((length as f32 * scale).round() as u32).max(1)
}

/// Where the list ends on the right. The map beside it has the colours of other rows, so it can be told from a row in
/// some of them only; where it begins, it begins for all.
fn list_end(picture: &RgbImage, bands: &[Band]) -> u32 {
    let mut ends: Vec<u32> = bands.iter().filter_map(|band| background_end(picture, *band)).collect();
    ends.sort_unstable();
    let same = |ends: &&[u32]| ends.len() >= 3;
    ends.chunk_by(|a, b| a.abs_diff(*b) <= 1).find(same).map_or(picture.width(), |ends| ends[0])
}

/// Where a line's background ends on the right, above its letters, for as wide as a map is. The
/// panes below the list end further to the left.
fn background_end(picture: &RgbImage, (top, bottom): Band) -> Option<u32> {
    let background = background(picture, top, bottom);
    let y = top.checked_sub(2)?;
    let far = |x: u32| distance(picture, x, y, background) > 12;
    let width = (bottom - top).max(8);
    let begins = |x: &u32| !far(x - 1) && (*x..(*x + width).min(picture.width())).all(far);
    let list = (picture.width() / 3 * 2..picture.width()).filter(|x| far(*x));
    // The line above has to be the same line's: its background, somewhere.
    (0..picture.width()).filter(|x| !far(*x)).nth(picture.width() as usize / 3)?;
    list.into_iter().find(begins)
}

fn distance(picture: &RgbImage, x: u32, y: u32, from: [u8; 3]) -> u32 {
    let pixel = picture.get_pixel(x, y).0;
    (0..3).map(|n| u32::from(pixel[n].abs_diff(from[n]))).sum()
}

/// Upper end, and the first row of pixels below.
type Band = (u32, u32);

/// How often brightness jumps along each row of pixels.
fn jumps(gray: &GrayImage, y: u32, jump: i16) -> usize {
    let row: Vec<i16> = (0..gray.width()).map(|x| i16::from(gray.get_pixel(x, y).0[0])).collect();
    // Two pixels apart: smooth scaling spreads an edge.
    row.windows(3).filter(|w| (w[2] - w[0]).abs() > jump && (w[1] - w[0]).abs() >= (w[2] - w[1]).abs() / 2).count() / 2
}

fn bands(gray: &GrayImage, jump: i16) -> Vec<Band> {
    let mut bands = Vec::new();
    let mut top = None;
    for y in 0..=gray.height() {
        let text = y < gray.height() && jumps(gray, y, jump) >= JUMPS;
        match (text, top) {
            (true, None) => top = Some(y),
            (false, Some(start)) => {
                bands.push((start, y));
                top = None;
            }
            _ => {}
        }
    }
    bands.retain(|(top, bottom)| bottom - top >= *HEIGHTS.start());
    bands
}

/// How many bands are about as high as most.
fn regular(bands: &[Band]) -> usize {
    let typical = typical_height(bands);
    bands.iter().filter(|(top, bottom)| (bottom - top).abs_diff(typical) * 5 <= typical).count()
}

/// The height that most lines have.
fn typical_height(bands: &[Band]) -> u32 {
    median(bands.iter().map(|(top, bottom)| bottom - top)).unwrap_or(1)
}

/// Cuts a band in which lines touch each other where it has fewest jumps.
fn split(gray: &GrayImage, (top, bottom): Band, typical: u32) -> Vec<Band> {
    let height = bottom - top;
    let lines = (height as f32 / (typical as f32 * 1.4)).round() as u32;
    if lines <= 1 || lines as usize > MAX_LINES {
        return if HEIGHTS.contains(&height) { vec![(top, bottom)] } else { Vec::new() };
    }
    let pitch = height / lines;
    let mut cuts = vec![top];
    for n in 1..lines {
        let near = top + n * pitch;
        let cut = (near.saturating_sub(pitch / 3)..near + pitch / 3).min_by_key(|y| jumps(gray, *y, JUMPS_BY[0]));
        cuts.push(cut.unwrap_or(near));
    }
    cuts.push(bottom);
    cuts.windows(2).map(|w| (w[0], w[1])).filter(|(a, b)| HEIGHTS.contains(&(b.saturating_sub(*a)))).collect()
}

fn cut_out(picture: &RgbImage, (top, bottom): Band, typical: u32, end: u32) -> Line {
    let room = room(bottom - top);
    let (from, to) = (top.saturating_sub(room), (bottom + room).min(picture.height()));
    let background = background(picture, top, bottom);
    let far = |x: u32, y: u32| distance(picture, x, y, background);
    let mut ink = GrayImage::from_pixel(picture.width(), to - from, Luma([0]));
    let text = text_distance(picture.width(), top, bottom, &far);
    let solid: Vec<bool> = (0..picture.width()).map(|x| (from..to).all(|y| far(x, y) > SURFACE)).collect();
    let surface = wide_runs(&solid, (bottom - top) as usize * 2);
    for (x, surface) in (0..).zip(&surface) {
        for y in from..to {
            let level = if *surface || x >= end { 0 } else { (far(x, y) * 255 / text).min(255) };
            ink.put_pixel(x, y - from, Luma([255 - level as u8]));
        }
    }
    let scale = scale(bottom - top, typical);
    let size = |length: u32| scaled(length, scale);
    let scaled = resize(&ink, size(ink.width()), size(ink.height()), FilterType::CatmullRom);
    let mut image = GrayImage::from_pixel(scaled.width() + 2 * MARGIN, scaled.height() + 2 * MARGIN, Luma([255]));
    image::imageops::replace(&mut image, &scaled, MARGIN.into(), MARGIN.into());
    Line { top, bottom, image, scale, solid, end }
}

/// The runs that are wider than `least`: the stem of a letter is no surface, even where it is as high as its line.
fn wide_runs(solid: &[bool], least: usize) -> Vec<bool> {
    solid.chunk_by(|a, b| a == b).flat_map(|run| std::iter::repeat_n(run[0] && run.len() > least, run.len())).collect()
}

/// The colour that most pixels of a line have, to a few bits.
fn background(picture: &RgbImage, top: u32, bottom: u32) -> [u8; 3] {
    let mut counts = vec![(0_u32, [0_u32; 3]); 4096];
    for y in top..bottom {
        for x in 0..picture.width() {
            let pixel = picture.get_pixel(x, y).0;
            let index = pixel.iter().fold(0, |index, c| index << 4 | usize::from(c >> 4));
            let (count, sums) = &mut counts[index];
            *count += 1;
            (0..3).for_each(|n| sums[n] += u32::from(pixel[n]));
        }
    }
    let (count, sums) = counts.into_iter().max_by_key(|(count, _)| *count).unwrap_or((1, [0; 3]));
    sums.map(|sum| (sum / count.max(1)) as u8)
}

/// How far text is from the background: what the farthest pixels are, but for a few.
fn text_distance(width: u32, top: u32, bottom: u32, far: &dyn Fn(u32, u32) -> u32) -> u32 {
    let mut distances: Vec<u32> = Vec::new();
    for x in 0..width {
        let column: Vec<u32> = (top..bottom).map(|y| far(x, y)).collect();
        // What is there from top to bottom is an edge or a surface.
        if column.iter().any(|distance| *distance <= SURFACE) {
            distances.extend(column.into_iter().filter(|distance| *distance > 60));
        }
    }
    distances.sort_unstable();
    distances.get(distances.len() * 9 / 10).copied().unwrap_or(255).max(60)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A line of strokes as dense as letters, seven points high.
    fn strokes(width: u32) -> RgbImage {
        let is_ink = |x: u32, y: u32| (3..10).contains(&y) && (x / 2).is_multiple_of(2);
        RgbImage::from_fn(width, 13, |x, y| Rgb(if is_ink(x, y) { [0; 3] } else { [255; 3] }))
    }

    #[test]
    fn a_line_that_no_screen_has_room_for_is_left_out() {
        assert_eq!(find(&strokes(1_000)).len(), 1);
        // It would be cut out 33 million points large.
        assert!(find(&strokes(200_000)).is_empty());
    }

    #[test]
    fn all_lines_together_are_bounded() {
        let bands: Vec<Band> = (0..400).map(|n| (n * 20, n * 20 + 16)).collect();
        assert_eq!(within_bounds(bands.clone(), 8_000, 16).len(), 400);
        let kept = within_bounds(bands, 60_000, 16);
        let all: u64 = kept.iter().map(|band| points(60_000, *band, 16)).sum();
        assert!((50..60).contains(&kept.len()) && all <= MAX_ALL_POINTS, "{} lines, {all} points", kept.len());
    }
}
