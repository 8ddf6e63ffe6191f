//! What of a PDF may be unpacked: `hayro` unpacks streams whole and believes sizes, so both are looked at before.
//!
//! Flate data is measured by unpacking it to nowhere; what other filters, or several, make of a stream is taken at its
//! worst (ISO 32000-2, 7.4). Knows nothing of pages.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{COLUMNS, DECODE_PARMS, DP, H, HEIGHT, W, WIDTH};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Stream};

use super::PdfError;

/// Of all streams together: `hayro` unpacks one at a time, but whole, and a KiB of Flate may hold a MiB.
pub(super) const MAX_UNPACKED_BYTES: u64 = 1 << 30;

pub(super) fn too_large(limit: u64, unit: &'static str) -> PdfError {
    PdfError::TooLarge { limit, unit }
}

/// Takes `amount` of what is left, or else fails.
pub(super) fn spend(left: &mut u64, amount: u64, error: PdfError) -> Result<(), PdfError> {
    *left = left.checked_sub(amount).ok_or(error)?;
    Ok(())
}

/// Checks every stream that can be seen from outside: `Pdf::new` already unpacks the tables of objects.
pub(super) fn check_packed(bytes: &[u8]) -> Result<(), PdfError> {
    const KEYWORD: &[u8] = b"stream";
    let mut left = MAX_UNPACKED_BYTES;
    for (at, _) in bytes.windows(KEYWORD.len()).enumerate().filter(|(_, word)| *word == KEYWORD) {
        let after = bytes.get(at.saturating_add(KEYWORD.len())..).unwrap_or_default();
        let len = inflated_len(after.trim_ascii_start(), left);
        spend_unpacked(&mut left, len)?;
    }
    Ok(())
}

/// Checks one stream by its filters: the measured length where Flate comes first, else the worst case.
pub(super) fn check_stream(stream: &Stream<'_>, left: &mut u64) -> Result<(), PdfError> {
    let raw = stream.raw_data();
    let filters = stream.filters();
    let (len, rest) = match filters.as_slice() {
        [Filter::FlateDecode, rest @ ..] | [Filter::Crypt, Filter::FlateDecode, rest @ ..] => {
            (inflated_len(&raw, *left), rest)
        }
        // The habit of ReportLab.
        [Filter::Ascii85Decode, Filter::FlateDecode, rest @ ..] => (inflated_len(&ascii85(&raw), *left), rest),
        all => (raw.len() as u64, all),
    };
    let worst = rest.iter().fold(len, |len, filter| {
        len.saturating_mul(match filter {
            Filter::FlateDecode => 1032,   // 258 bytes for 2 bits
            Filter::LzwDecode => 2560,     // 3838 bytes for 12 bits
            Filter::RunLengthDecode => 64, // 128 bytes for 2
            _ => 1,
        })
    });
    spend_unpacked(left, worst)
}

fn spend_unpacked(left: &mut u64, len: u64) -> Result<(), PdfError> {
    spend(left, len, too_large(MAX_UNPACKED_BYTES, "bytes-unpacked"))
}

/// How long Flate data becomes, up to just over the limit; as `hayro` does, without the zlib header where with it fails.
fn inflated_len(packed: &[u8], limit: u64) -> u64 {
    let limit = limit.saturating_add(1);
    let mut zlib = ZlibDecoder::new(packed);
    let whole = io::copy(&mut (&mut zlib).take(limit), &mut io::sink());
    if whole.is_ok() {
        return zlib.total_out();
    }
    let mut bare = DeflateDecoder::new(packed);
    // What comes before an error counts, since `hayro` keeps that too.
    let _ = io::copy(&mut (&mut bare).take(limit), &mut io::sink());
    zlib.total_out().max(bare.total_out())
}

/// Ascii85 (ISO 32000-2, 7.4.3) but for the last bytes, which are of no weight in a length.
fn ascii85(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let (mut word, mut digits) = (0_u32, 0_u8);
    for &byte in raw {
        match byte {
            b'~' => break,
            b'z' => bytes.extend([0; 4]),
            b'!'..=b'u' => {
                word = word.wrapping_mul(85).wrapping_add(u32::from(byte.wrapping_sub(b'!')));
                digits = digits.wrapping_add(1);
                if digits == 5 {
                    bytes.extend(word.to_be_bytes());
                    (word, digits) = (0, 0);
                }
            }
            _ => {}
        }
    }
    bytes
}

/// One side of an image; inline images have short keys.
pub(super) fn side(dict: &Dict<'_>, key: &[u8], short: &[u8]) -> u32 {
    dict.get(key).or_else(|| dict.get(short)).unwrap_or_default()
}

/// How many pixels decoding an image takes, if that can be told: JPEG 2000, JBIG2 and fax data say so themselves.
pub(super) fn pixels(stream: &Stream<'_>) -> Option<u64> {
    let dict = stream.dict();
    let (width, height) = (side(dict, WIDTH, W), side(dict, HEIGHT, H));
    let (raw, filters) = (stream.raw_data(), stream.filters());
    let (own_width, own_height) = match filters.last() {
        Some(Filter::JpxDecode) => {
            let image = hayro_jpeg2000::Image::new(&raw, &hayro_jpeg2000::DecodeSettings::default()).ok()?;
            (image.width(), image.height())
        }
        Some(Filter::Jbig2Decode) => {
            let settings = hayro_jbig2::DecodeSettings::default();
            let page = hayro_jbig2::Page::new_embedded(&raw, None, &settings).ok()?;
            (page.width(), page.height())
        }
        Some(Filter::CcittFaxDecode) => {
            let alone = || dict.get::<Dict<'_>>(DECODE_PARMS).or_else(|| dict.get(DP));
            let params = alone().or_else(|| dict.get::<Array<'_>>(DECODE_PARMS)?.iter::<Dict<'_>>().last());
            (params.and_then(|params| params.get(COLUMNS)).unwrap_or(1728), height)
        }
        _ => (width, height),
    };
    Some(u64::from(width.max(own_width)).saturating_mul(height.max(own_height).into()))
}
