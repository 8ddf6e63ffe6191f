//! A report's picture: decoded, and cut into the lines that tesseract would be given; and what it may say of them.
//!
//! The first byte chooses: a file of any format; pixels, a byte each, gray or in colors, of a picture whose width the next
//! two bytes say; or what tesseract says of a picture with three lines, as letters or as text.
#![no_main]

use std::sync::LazyLock;

use image::{Rgb, RgbImage};
use libfuzzer_sys::fuzz_target;
use loopshark::check::screenshot::tesseract::{self, Letter, Word};
use loopshark::check::screenshot::{self, MAX_PIXELS, Screenshot};

/// What takes the sanitizer more than a moment is only decoded.
const MAX_CUT: u64 = 64 * 1024;

/// A picture of pixels, a byte each.
fn painted(width: u32, pixels: &[u8], paint: fn(u8) -> [u8; 3]) -> Option<RgbImage> {
    let width = width.clamp(1, u32::try_from(pixels.len()).ok()?.max(1));
    let height = u32::try_from(pixels.len()).ok()? / width;
    Some(RgbImage::from_fn(width, height, |x, y| {
        let at = usize::try_from(y * width + x).unwrap_or(usize::MAX);
        Rgb(paint(pixels.get(at).copied().unwrap_or(0)))
    }))
}

fn picture(kind: u8, input: &[u8]) -> Option<RgbImage> {
    if kind == 0 {
        return screenshot::decode(input).ok();
    }
    let (width, pixels) = input.split_first_chunk()?;
    let paint = if kind == 1 { |gray| [gray; 3] } else { |byte| [byte & 0xe0, byte << 3, byte << 6] };
    painted(u16::from_be_bytes(*width).into(), pixels, paint)
}

/// Lines of strokes, as dense as letters.
static STROKES: LazyLock<RgbImage> = LazyLock::new(|| {
    RgbImage::from_fn(320, 48, |x, y| if y % 16 < 10 && x / 2 % 2 == 0 { Rgb([0; 3]) } else { Rgb([255; 3]) })
});

/// What letters are read as.
const LETTERS: &[u8] = b"0123456789.:,-~=>|_()[]{}LenUDPMTCNoTimeSourceDestinationProtocolLengthInfo";

/// Letters of six bytes each: what it is, its box, and whether a word or a line ends behind it.
fn letters(input: &[u8]) -> Vec<Vec<Word>> {
    let mut lines = vec![vec![Word::new()]];
    for &[c, left, top, width, height, end] in input.as_chunks().0 {
        let c = LETTERS.get(usize::from(c)).map_or('\u{2192}', |c| char::from(*c));
        let (left, top) = (u32::from(left) * 4, u32::from(top) / 4);
        let area = [left, top, left + u32::from(width) / 4, top + u32::from(height) / 4];
        if let Some(word) = lines.last_mut().and_then(|line| line.last_mut()) {
            word.push(Letter { c, area });
        }
        match end % 16 {
            0 => lines.push(vec![Word::new()]),
            1..=3 => lines.last_mut().into_iter().for_each(|line| line.push(Word::new())),
            _ => {}
        }
    }
    lines
}

/// Makes rows of what was read, and reads them again by their looks, with a capture and without.
fn read(mut words: Vec<Vec<Word>>) {
    let ocr = |lines: &[&image::GrayImage]| {
        words.resize(lines.len(), Vec::new());
        Ok(words)
    };
    let mut screenshot = Screenshot::read_by(STROKES.clone(), ocr).expect("nothing is run");
    let _ = screenshot.tables();
    let row = ["1", "0.000000", "127.0.0.1", "127.0.0.1", "UDP", "49", "63337 \u{2192} 8080 Len=17"].map(str::to_owned);
    let known = vec![Some(row.clone()), None, Some(row)];
    screenshot.settle(&known);
    let rows: usize = screenshot.tables().iter().map(|table| table.claims.len()).sum();
    assert_eq!(rows, screenshot.places().count(), "each row has its place");
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else { return };
    let picture = match kind % 5 {
        3 => return read(letters(rest)),
        4 => return tesseract::pages(&String::from_utf8_lossy(rest)).map_or((), read),
        kind => picture(kind, rest),
    };
    let Some(picture) = picture else { return };
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    assert!(pixels <= MAX_PIXELS, "larger ones are refused");
    if pixels > MAX_CUT {
        return;
    }
    for line in screenshot::lines(&picture) {
        assert!(line.width() > 0 && line.height() > 0, "a line has letters");
    }
});
