//! A report's picture with its rows marked by their verdicts.

use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, ImageResult, Rgb, RgbImage};

use super::Verdict;

/// How wide the mark at the row's left end is.
const MARK: u32 = 6;
/// How much of a mark's colour lies over the row, in percent.
const TINT: u16 = 28;

/// Marks rows, given by their upper and lower ends: green what matches, amber what is near, red the rest.
#[must_use]
pub fn marked(picture: &RgbImage, rows: &[((u32, u32), Verdict)]) -> RgbImage {
    let mut marked = picture.clone();
    for ((top, bottom), verdict) in rows {
        let color = color(*verdict);
        for y in top.saturating_sub(1)..(bottom + 1).min(picture.height()) {
            for x in 0..picture.width() {
                let pixel = marked.get_pixel_mut(x, y);
                *pixel = if x < MARK { Rgb(color) } else { tinted(*pixel, color) };
            }
        }
    }
    marked
}

fn color(verdict: Verdict) -> [u8; 3] {
    match verdict {
        Verdict::Match => [0x2e, 0xa0, 0x43],
        Verdict::Near => [0xf2, 0xa9, 0x00],
        Verdict::Differs | Verdict::Absent | Verdict::Unreadable => [0xe5, 0x1c, 0x23],
    }
}

fn tinted(pixel: Rgb<u8>, color: [u8; 3]) -> Rgb<u8> {
    let mix = |n: usize| (u16::from(pixel.0[n]) * (100 - TINT) + u16::from(color[n]) * TINT) / 100;
    Rgb([0, 1, 2].map(|n| u8::try_from(mix(n)).unwrap_or(u8::MAX)))
}

/// The picture as a file, of the format that its name stands for.
pub fn encoded(picture: &RgbImage, path: &Path) -> ImageResult<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::from_path(path)?)?;
    Ok(file.into_inner())
}
