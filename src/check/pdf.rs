//! The text and the embedded pictures of a PDF report, page by page.
//!
//! `hayro` interprets the pages (ISO 32000-2) and hands glyphs and images to a [`Device`]; here glyphs become lines and
//! images become RGB as large as they are stored. The file is a stranger's: `hayro` bounds neither what a stream
//! unpacks to nor how long a page takes, so this does, and does it in a thread of its own, where a panic of `hayro`'s
//! is an error here. Knows nothing of reports, tables or screenshots.

use std::collections::HashSet;
use std::iter;
use std::ops::Mul;
use std::panic;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    BITS_PER_COMPONENT, COLORSPACE, DECODE, H, HEIGHT, ICC_BASED, MASK, N, SMASK, W, WIDTH,
};
use hayro_interpret::hayro_syntax::object::stream::ImageDecodeParams;
use hayro_interpret::hayro_syntax::object::{Array, Name, Object, Stream};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, LumaData, RasterImage, SoftMask, TransformExt, interpret_page,
};
use image::RgbImage;

use crate::tr;
use bounds::{MAX_UNPACKED_BYTES, check_packed, check_stream, pixels, side, spend, too_large};
use lines::{Letter, lines};

mod bounds;
mod lines;

/// Room for a hundred screenshots as large as a 4K screen; it is copied once, for the thread.
const MAX_FILE_BYTES: usize = 256 << 20;
/// Ten times a long thesis chapter; a lab report has 3 to 30.
const MAX_PAGES: usize = 500;
/// A report shows a few dozen; more are icons of a web page printed.
const MAX_PICTURES: usize = 200;
/// Twice a screen of 8K, or an A4 page scanned at 800 dpi.
const MAX_PICTURE_PIXELS: u64 = 64 << 20;
/// Of all pictures together, which are all in memory at once: 768 MiB.
const MAX_PIXELS: u64 = 256 << 20;
/// Of all pages together: 5000 pages of print.
const MAX_TEXT_BYTES: usize = 16 << 20;
/// Smaller than one row of a packet list: a logo, a bullet, a rule.
const MIN_PICTURE: (u32, u32) = (64, 32);
/// A form drawn ten times by a form drawn ten times, and so on 50 deep, has no end; a report takes a second.
const MAX_TIME: Duration = Duration::from_mins(1);
/// `hayro` parses objects 512 levels deep and draws 50, more than a thread's usual 2 MiB need hold.
const STACK_BYTES: usize = 32 << 20;
/// What the thread is called that reads.
pub const THREAD: &str = "pdf";

/// What one page of a PDF holds, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its lines, top to bottom; table cells stand two or more spaces apart, at about their place across the page.
    pub text: String,
    /// Its images, as large as they are stored, over white where transparent. One drawn again counts once, in the
    /// whole file; masks, images under 64 × 32 pixels and such as cannot be decoded are left out.
    pub pictures: Vec<RgbImage>,
}

/// Why a PDF is not read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PdfError {
    /// It opens with a password or a certificate only.
    #[error("{}", tr!("check-pdf-encrypted"))]
    Encrypted,
    /// It is no PDF, or too broken to find a page in.
    #[error("{}", tr!("check-pdf-damaged", what = *what))]
    Damaged {
        /// What is wrong with it, by its name in the message.
        what: &'static str,
    },
    /// It passes a bound that no report comes near.
    #[error("{}", tr!("check-pdf-too-large", limit = *limit, unit = *unit))]
    TooLarge {
        /// The bound.
        limit: u64,
        /// Of what, by its name in the message.
        unit: &'static str,
    },
}

/// Has panics of the thread that reads pass without a word from now on: [`read`] makes an error of them.
pub fn hush_panics() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(THREAD) {
            hook(panic);
        }
    }));
}

/// Reads the pages of a PDF, in at most a minute.
pub fn read(bytes: &[u8]) -> Result<Vec<Page>, PdfError> {
    spend(&mut (MAX_FILE_BYTES as u64), bytes.len() as u64, too_large(MAX_FILE_BYTES as u64, "bytes"))?;
    let bytes = bytes.to_vec();
    let (sender, receiver) = mpsc::channel();
    let reader = thread::Builder::new().name(THREAD.into()).stack_size(STACK_BYTES);
    reader
        // The receiver is gone where the time is up: then nobody wants the answer.
        .spawn(move || drop(sender.send(read_pages(bytes))))
        .map_err(|_| PdfError::Damaged { what: "no-thread" })?;
    receiver.recv_timeout(MAX_TIME).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(too_large(MAX_TIME.as_secs(), "seconds")),
        RecvTimeoutError::Disconnected => Err(PdfError::Damaged { what: "breaks-reader" }),
    })
}

fn read_pages(bytes: Vec<u8>) -> Result<Vec<Page>, PdfError> {
    check_packed(&bytes)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => {
            PdfError::Encrypted
        }
        LoadPdfError::Decryption(_) => PdfError::Damaged { what: "encryption" },
        LoadPdfError::Invalid => PdfError::Damaged { what: "no-pages" },
    })?;
    spend(&mut (MAX_PAGES as u64), pdf.pages().len() as u64, too_large(MAX_PAGES as u64, "pages"))?;
    let mut unpacked = MAX_UNPACKED_BYTES;
    for object in pdf.objects() {
        if let Object::Stream(stream) = object {
            check_stream(&stream, &mut unpacked)?;
        }
    }
    let cache = InterpreterCache::new();
    let mut collector = Collector::new();
    pdf.pages().iter().map(|page| collector.page(page, &pdf, &cache)).collect()
}

/// Takes what a page draws.
struct Collector {
    letters: Vec<Letter>,
    pictures: Vec<(Point, RgbImage)>,
    seen: HashSet<u128>,
    text_left: u64,
    pictures_left: u64,
    pixels_left: u64,
    unpacked_left: u64,
    /// What went wrong first; a device cannot stop its interpreter, so all after it is ignored.
    fault: Option<PdfError>,
}

impl Collector {
    fn new() -> Self {
        Self {
            letters: Vec::new(),
            pictures: Vec::new(),
            seen: HashSet::new(),
            text_left: MAX_TEXT_BYTES as u64,
            pictures_left: MAX_PICTURES as u64,
            pixels_left: MAX_PIXELS,
            unpacked_left: MAX_UNPACKED_BYTES,
            fault: None,
        }
    }

    fn page<'a>(
        &mut self,
        page: &hayro_interpret::hayro_syntax::page::Page<'a>,
        pdf: &'a Pdf,
        cache: &InterpreterCache<'a>,
    ) -> Result<Page, PdfError> {
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, width.into(), height.into());
        let upright = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(upright, area, cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, self);
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let text = lines(&mut self.letters)?;
        self.letters.clear();
        self.pictures.sort_by(|(a, _), (b, _)| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        Ok(Page { text, pictures: self.pictures.drain(..).map(|(_, picture)| picture).collect() })
    }

    fn add_glyph(&mut self, glyph: &Glyph<'_>, place: Affine) -> Result<(), PdfError> {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(text)) => text,
            None => char::REPLACEMENT_CHARACTER.to_string(),
        };
        spend(&mut self.text_left, text.len() as u64, too_large(MAX_TEXT_BYTES as u64, "bytes-of-text"))?;
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        self.letters.extend(Letter::spread(&text, place, advance.unwrap_or_default().into()));
        Ok(())
    }

    fn add_picture(&mut self, image: &RasterImage<'_>, place: Affine) -> Result<(), PdfError> {
        let (stream, dict) = (image.stream(), image.stream().dict());
        let (width, height) = (side(dict, WIDTH, W), side(dict, HEIGHT, H));
        if width < MIN_PICTURE.0 || height < MIN_PICTURE.1 || !self.seen.insert(image.cache_key()) {
            return Ok(());
        }
        let masks = [SMASK, MASK].into_iter().filter_map(|key| dict.get::<Stream<'_>>(key));
        let all = iter::once(pixels(stream)).chain(masks.map(|mask| pixels(&mask)));
        let Some(pixels) = all.reduce(|most, one| Some(most?.max(one?))).flatten() else { return Ok(()) };
        spend(&mut { MAX_PICTURE_PIXELS }, pixels, too_large(MAX_PICTURE_PIXELS, "pixels-in-a-picture"))?;
        spend(&mut self.pixels_left, pixels, too_large(MAX_PIXELS, "pixels"))?;
        spend(&mut self.pictures_left, 1, too_large(MAX_PICTURES as u64, "pictures"))?;
        if dict.obj_id().is_none() {
            // An inline image is no object, so it has not been checked among them.
            check_stream(stream, &mut self.unpacked_left)?;
        }
        let corners = place.transform_rect_bbox(Rect::new(0.0, 0.0, width.into(), height.into()));
        image.with_rgba(
            |image, alpha| {
                let picture = over_white(image, alpha, stored_rgb(stream, width, height));
                self.pictures.extend(picture.map(|picture| (corners.origin(), picture)));
            },
            None,
        );
        Ok(())
    }

    /// Runs a step unless one has failed.
    fn attempt(&mut self, step: impl FnOnce(&mut Self) -> Result<(), PdfError>) {
        if self.fault.is_none() {
            self.fault = step(self).err();
        }
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let place = props.transform.mul(glyph.transform());
            self.attempt(|this| this.add_glyph(glyph, place));
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if let Image::Raster(raster) = image {
            self.attempt(|this| this.add_picture(&raster, props.transform));
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The samples of an RGB image with a colour profile, as stored. `hayro` would convert them, which moves each by some
/// levels even from sRGB, while whoever reads a screenshot from a PNG takes them as they are.
fn stored_rgb(stream: &Stream<'_>, width: u32, height: u32) -> Option<Vec<u8>> {
    let dict = stream.dict();
    let space = dict.get::<Array<'_>>(COLORSPACE)?;
    let is_based = space.iter::<Name<'_>>().next()?.as_ref() == ICC_BASED;
    let parts = space.iter::<Object<'_>>().nth(1)?.into_stream()?.dict().get::<u8>(N)?;
    let plain = dict.get::<u8>(BITS_PER_COMPONENT) == Some(8) && !dict.contains_key(DECODE);
    let params =
        ImageDecodeParams { bpc: Some(8), num_components: Some(3), width, height, ..ImageDecodeParams::default() };
    (is_based && parts == 3 && plain).then(|| stream.decoded_image(&params).ok())?.map(|decoded| decoded.data.into())
}

fn over_white(image: ImageData, alpha: Option<LumaData>, stored: Option<Vec<u8>>) -> Option<RgbImage> {
    let (width, height) = (image.width(), image.height());
    let mut rgb = match image {
        ImageData::Rgb(rgb) => stored.filter(|stored| stored.len() == rgb.data.len()).unwrap_or(rgb.data),
        ImageData::Luma(luma) => luma.data.iter().flat_map(|&gray| [gray; 3]).collect(),
    };
    if let Some(alpha) = alpha.filter(|alpha| (alpha.width, alpha.height) == (width, height)) {
        for (pixel, opaque) in rgb.chunks_exact_mut(3).zip(alpha.data) {
            for part in pixel {
                let ink = u16::from(u8::MAX.wrapping_sub(*part)).wrapping_mul(opaque.into());
                *part = u8::MAX.wrapping_sub(u8::try_from(ink / 255).unwrap_or(u8::MAX));
            }
        }
    }
    RgbImage::from_raw(width, height, rgb)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;

    /// Objects 1 to n with their table and trailer (ISO 32000-2, 7.5); the first is the catalog.
    fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
        let (mut file, mut table) = (b"%PDF-1.7\n".to_vec(), String::new());
        for (number, object) in objects.iter().enumerate() {
            table.extend([format!("{:010} 00000 n ", file.len()).as_str(), "\n"]);
            writeln!(file, "{} 0 obj", number + 1).unwrap();
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let (start, size) = (file.len(), objects.len() + 1);
        write!(file, "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\n")
            .unwrap();
        write!(file, "startxref\n{start}\n%%EOF\n").unwrap();
        file
    }

    fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
        [format!("<<{dict}/Length {}>>stream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
    }

    /// A page of 600 by 800 that draws `content`, with Helvetica as /F and objects from 5 on as /X5 to /X8.
    fn page(content: &str, others: Vec<Vec<u8>>) -> Vec<u8> {
        let mut objects = vec![
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<\
              /Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>\
              /XObject<</X5 5 0 R/X6 6 0 R/X7 7 0 R/X8 8 0 R>>>>>>"
                .to_vec(),
            stream("", content.as_bytes()),
        ];
        objects.extend(others);
        pdf(&objects, "")
    }

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn image(width: u32, height: u32, more: &str, data: &[u8]) -> Vec<u8> {
        let dict = format!("/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/Filter/FlateDecode{more}");
        stream(&dict, &deflated(data))
    }

    fn text(content: &str) -> String {
        read(&page(content, vec![])).unwrap().remove(0).text
    }

    #[test]
    fn table_cells_stand_apart_and_words_do_not() {
        // Rows bottom up, to see them put in order; the last with an empty cell.
        let content = "BT /F 10 Tf 1 0 0 1 50 676 Tm (3)Tj 200 0 Td (Len=18)Tj ET \
                       BT /F 10 Tf 1 0 0 1 50 688 Tm (2)Tj 100 0 Td (127.0.0.1)Tj 100 0 Td (Len=18)Tj ET \
                       BT /F 10 Tf 1 0 0 1 50 700 Tm (No.)Tj 100 0 Td (Source)Tj 100 0 Td (The info \\351)Tj ET";
        let text = text(content);
        let rows: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
            .collect();
        assert_eq!(rows, [vec!["No.", "Source", "The info é"], vec!["2", "127.0.0.1", "Len=18"], vec!["3", "Len=18"]]);
        let at: Vec<_> = text.lines().map(|line| line.find("Len")).collect();
        assert_eq!(at[1], at[2], "the empty cell keeps its place");
    }

    #[test]
    fn gaps_are_spaces_where_a_page_has_none() {
        // As TeX sets them: thousandths of the size, -333 between words, 20 for kerning.
        assert_eq!(text("BT /F 10 Tf 50 700 Td [(no)-333(sp)20(aces)-1200(cell)]TJ ET"), "no spaces  cell\n");
    }

    #[test]
    fn text_along_a_side_is_lines_too_and_outlines_count_once() {
        let content = "BT /F 10 Tf 2 Tr 0 1 -1 0 300 100 Tm (up the side)Tj ET BT /F 10 Tf 50 700 Td (level)Tj ET";
        assert_eq!(text(content), "level\nup the side\n");
    }

    #[test]
    fn pictures_come_as_stored_once_each_from_top_to_bottom() {
        let rgb: Vec<u8> = (0..64_u32 * 32 * 3).map(|n| (n * 7 % 251) as u8).collect();
        let gray: Vec<u8> = (0..64_u32 * 40).map(|n| (n % 256) as u8).collect();
        let others = vec![
            image(64, 32, "/ColorSpace/DeviceRGB", &rgb),
            image(64, 40, "/ColorSpace/DeviceGray", &gray),
            image(63, 40, "/ColorSpace/DeviceGray", &gray), // too small
            image(64, 32, "/ImageMask true/BitsPerComponent 1", &gray),
        ];
        let content = "q 9 0 0 9 0 0 cm /X5 Do Q q 300 0 0 300 0 400 cm /X6 Do /X7 Do /X8 Do Q /X5 Do";
        let pictures = read(&page(content, others)).unwrap().remove(0).pictures;
        assert_eq!(pictures.iter().map(RgbImage::dimensions).collect::<Vec<_>>(), [(64, 40), (64, 32)]);
        assert_eq!(pictures[1].as_raw(), &rgb);
        assert!(pictures[0].pixels().zip(&gray).all(|(pixel, gray)| pixel.0 == [*gray; 3]));
    }

    #[test]
    fn what_is_transparent_is_white() {
        let alpha: Vec<u8> = [255, 0].repeat(64 * 16);
        let others = vec![
            image(64, 32, "/ColorSpace/DeviceRGB/SMask 6 0 R", &[10; 64 * 32 * 3]),
            image(64, 32, "/ColorSpace/DeviceGray", &alpha),
        ];
        let pictures = read(&page("/X5 Do", others)).unwrap().remove(0).pictures;
        assert_eq!(pictures[0].as_raw()[..6], [10, 10, 10, 255, 255, 255]);
    }

    #[test]
    fn a_password_is_told_from_damage() {
        let page = page("", vec![]);
        assert_eq!(read(&page).unwrap().len(), 1);
        // No empty password leads to this /U (7.6.4.4).
        let encrypt = format!("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{0}>/U<{0}>>>/ID[<00><00>]", "a5".repeat(32));
        let objects = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Count 0/Kids[]>>".to_vec()];
        assert_eq!(read(&pdf(&objects, &encrypt)).unwrap_err(), PdfError::Encrypted);
        assert!(matches!(read(b"%PDF-1.7 and no more"), Err(PdfError::Damaged { .. })));
    }

    #[test]
    fn what_would_fill_memory_or_time_is_refused() {
        let twice = stream("/Filter[/FlateDecode/FlateDecode]", &deflated(&vec![0; 2 << 20]));
        let unpacked = |error| matches!(error, PdfError::TooLarge { unit: "bytes-unpacked", .. });
        assert!(unpacked(read(&page("", vec![twice])).unwrap_err()));
        let vast = image(60_000, 60_000, "/ColorSpace/DeviceGray", &[0; 64]);
        let mask = image(64, 32, "/ColorSpace/DeviceRGB/SMask 6 0 R", &[10; 64 * 32 * 3]);
        for others in [vec![vast.clone()], vec![mask, vast]] {
            let error = read(&page("/X5 Do", others)).unwrap_err();
            assert_eq!(error, too_large(MAX_PICTURE_PIXELS, "pixels-in-a-picture"));
        }
        let kids = "3 0 R ".repeat(MAX_PAGES + 1);
        let pages = format!("<</Type/Pages/Count 501/Kids[{}]>>", kids.replace("3 0 R", "<</Type/Page>>"));
        let objects = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), pages.into_bytes()];
        assert_eq!(read(&pdf(&objects, "")).unwrap_err(), too_large(MAX_PAGES as u64, "pages"));
        let itself = stream("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X5 5 0 R>>>>", b"/X5 Do");
        assert_eq!(read(&page("/X5 Do", vec![itself])).unwrap().len(), 1);
    }

    #[test]
    fn every_prefix_is_pages_or_an_error() {
        let whole =
            page("BT /F 10 Tf 50 700 Td (text)Tj ET /X5 Do", vec![image(64, 32, "/ColorSpace/DeviceRGB", &[9; 6144])]);
        for len in 0..whole.len() {
            assert_ne!(read(&whole[..len]).err(), Some(PdfError::Damaged { what: "breaks-reader" }));
        }
    }
}
