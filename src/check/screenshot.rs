//! A picture of Wireshark's packet list, or of any table like it, to claimed rows.
//!
//! Lines are found and cut out here, read by tesseract, and read again by what the picture's letters look like among
//! each other. What is no row (menus, the panes below, a page around) is passed over: a heading says which words of a
//! line belong to which column, else their order does. Must not know captures; what they have comes as text.

// Places in a picture of at most 64 million points are exact in either type, and none is negative.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]

use std::io::Cursor;

use image::imageops::{FilterType, crop_imm, replace, resize};
use image::{GrayImage, ImageReader, Luma, RgbImage};

use super::columns::Column;
use super::compare::{self, Agreement, pairs};
use super::transcript::split::by_words;
use super::{Cell, Claim, Table};

mod glyphs;
mod lines;
pub mod tesseract;

use crate::tr;
use glyphs::{Glyph, Reading};
use lines::Line;
pub use tesseract::OcrError;
use tesseract::{Letter, Word};

/// Larger pictures are refused before they are decoded: no screen has so many points.
pub const MAX_PIXELS: u64 = 64 * 1024 * 1024;
/// How many times larger a cell is made that is read again, as a fraction.
type Size = (u32, u32);
const SIZES: [Size; 2] = [(4, 3), (3, 4)];
/// The white around it.
const EDGE: u32 = 16;
/// How many letters wide a gap is that is no space between words.
const GAP: u64 = 4;
/// A row of which less is to be seen, in percent of the others' height, is cut in half by the list's edge.
const HALF: u32 = 78;

/// Why a picture can't be read.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is none, or broken.
    #[error("{}", tr!("check-picture", cause = .0.to_string()))]
    Image(#[from] image::ImageError),
    /// It has too many points.
    #[error("{}", tr!("check-picture-too-large", width = *.0, height = *.1))]
    TooLarge(u32, u32),
    /// Its text can't be read.
    #[error(transparent)]
    Ocr(#[from] OcrError),
}

/// A picture, read.
pub struct Screenshot {
    /// The picture itself.
    pub picture: RgbImage,
    lines: Vec<Line>,
    rows: Vec<Row>,
    tables: Vec<usize>,
}

/// The columns that a heading names, from the left, with where they begin in the picture; none for a column that is not
/// Wireshark's own.
type Heading = Vec<(Option<Column>, u32)>;

/// A row, with its letters where they stand.
struct Row {
    line: usize,
    cells: [Vec<Word>; Column::COUNT],
    /// Which letters of a cell are not certain.
    unsure: [Vec<bool>; Column::COUNT],
    cut: [bool; Column::COUNT],
    /// Which cells are read otherwise each time.
    doubtful: [bool; Column::COUNT],
    /// From where to where in the picture each column goes, as far as that is known.
    columns: [Option<(u32, u32)>; Column::COUNT],
}

/// Decodes a picture.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(image::ImageError::IoError);
    let (width, height) = reader()?.into_dimensions()?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge(width, height));
    }
    Ok(reader()?.decode()?.into_rgb8())
}

/// The lines of a picture as tesseract is given them, from the top.
#[must_use]
pub fn lines(picture: &RgbImage) -> Vec<GrayImage> {
    lines::find(picture).into_iter().map(|line| line.image).collect()
}

impl Screenshot {
    /// Reads a picture.
    pub fn read(picture: RgbImage) -> Result<Self, OcrError> {
        Self::read_by(picture, tesseract::read)
    }

    /// Reads a picture by whatever makes words of its lines, a list for each.
    pub fn read_by(
        picture: RgbImage,
        ocr: impl FnOnce(&[&GrayImage]) -> Result<Vec<Vec<Word>>, OcrError>,
    ) -> Result<Self, OcrError> {
        let lines = lines::find(&picture);
        if lines.len() > lines::MAX_LINES {
            return Err(OcrError::TooManyLines);
        }
        let images: Vec<_> = lines.iter().map(|line| &line.image).collect();
        let words: Vec<_> = ocr(&images)?.into_iter().zip(&images).map(|(words, image)| inside(words, image)).collect();
        let mut screenshot = Self { picture, lines, rows: Vec::new(), tables: Vec::new() };
        screenshot.find_rows(&words);
        screenshot.settle(&[]);
        Ok(screenshot)
    }

    /// The tables in the picture, as it is read by now.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let mut ends = self.tables.iter().skip(1).copied().chain([self.rows.len()]);
        self.tables
            .iter()
            .map(|start| &self.rows[*start..ends.next().unwrap_or(self.rows.len())])
            .map(|rows| Table { claims: rows.iter().map(Row::claim).collect() })
            .collect()
    }

    /// Upper and lower end of each row in the picture.
    pub fn places(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.rows.iter().map(|row| (self.lines[row.line].top, self.lines[row.line].bottom))
    }

    /// Reads again, knowing what the capture has in each row; nothing is known of rows beyond the end.
    pub fn settle(&mut self, decoded: &[Option<[String; Column::COUNT]>]) {
        let mut readings = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            let line = &self.lines[row.line].image;
            let decoded = decoded.get(n).and_then(Option::as_ref);
            for (column, cell) in row.cells.iter().enumerate() {
                let known = decoded.map_or_else(Vec::new, |decoded| pairs(&cell_of(cell), &decoded[column]));
                readings.extend(cell.iter().flatten().enumerate().map(|(n, letter)| Reading {
                    glyph: Glyph::new(line, letter),
                    read: letter.c,
                    decoded: known.get(n).copied().flatten(),
                }));
            }
        }
        let mut verdicts = glyphs::settle(&readings).into_iter().zip(&readings);
        let step = step(self.rows.iter().flat_map(|row| &row.cells));
        for (n, row) in self.rows.iter_mut().enumerate() {
            let is_known = decoded.get(n).is_some_and(Option::is_some);
            for ((cell, unsure), doubtful) in row.cells.iter_mut().zip(&mut row.unsure).zip(row.doubtful) {
                unsure.clear();
                for word in cell.iter_mut() {
                    let crowded = crowded(word, step);
                    let gaps = gaps(word, step);
                    let mut keep = Vec::new();
                    for (n, letter) in word.iter_mut().enumerate() {
                        let Some((verdict, reading)) = verdicts.next() else { break };
                        letter.c = verdict.c;
                        // A letter too many that has no room was never there.
                        keep.push(!(is_known && reading.decoded.is_none() && crowded[n]));
                        if keep[n] {
                            unsure.push(verdict.unsure || gaps[n] || doubtful);
                        }
                    }
                    let mut keep = keep.into_iter();
                    word.retain(|_| keep.next().unwrap_or(true));
                }
                cell.retain(|word| !word.is_empty());
            }
        }
    }

    /// Reads cells again that are not what the capture has: each by itself and larger, since what stands around letters
    /// sways how they are read. The better reading stays; how its letters look is for [`Self::settle`] to say.
    pub fn read_again(&mut self, decoded: &[Option<[String; Column::COUNT]>]) -> Result<(), OcrError> {
        for size in SIZES {
            self.read_in_size(size, decoded)?;
        }
        Ok(())
    }

    fn read_in_size(&mut self, size: Size, decoded: &[Option<[String; Column::COUNT]>]) -> Result<(), OcrError> {
        let mut doubtful = Vec::new();
        for (n, (row, decoded)) in self.rows.iter().zip(decoded).enumerate() {
            let claim = row.claim();
            for column in Column::ALL {
                let is_doubtful = |decoded: &[String; Column::COUNT]| {
                    let shown = claim.cell(column).cloned().unwrap_or_default();
                    let agreement = compare::cell(column, &shown, &decoded[column as usize]);
                    // What is cut can't be more than near.
                    agreement == Agreement::Differs || (agreement == Agreement::Near && !shown.cut)
                };
                if decoded.as_ref().is_some_and(is_doubtful)
                    && let place = row.columns[column as usize].or_else(|| self.extent(column))
                    && let Some((left, image)) = cut_out(&self.lines[row.line], place, size)
                {
                    doubtful.push((n, column, left, image));
                }
            }
        }
        let images: Vec<_> = doubtful.iter().map(|(.., image)| image).collect();
        for ((n, column, left, image), words) in doubtful.iter().zip(tesseract::read(&images)?) {
            let words = placed(&merged(&inside(words, image)), *left, size);
            let row = &mut self.rows[*n];
            let Some(decoded) = decoded[*n].as_ref().map(|decoded| &decoded[*column as usize]) else { continue };
            let seen = |cell: Cell| Cell { seen: true, cut: row.cut[*column as usize], ..cell };
            let agreement = |words: &[Word]| compare::cell(*column, &seen(cell_of(words)), decoded);
            let before = &row.cells[*column as usize];
            if !words.is_empty() && (before.is_empty() || agreement(&words) < agreement(before)) {
                row.cells[*column as usize] = words;
            } else if letters_of(&words).ne(letters_of(before)) {
                row.doubtful[*column as usize] = true;
            }
        }
        Ok(())
    }

    /// From where to where in the picture the letters of a column go.
    fn extent(&self, column: Column) -> Option<(u32, u32)> {
        let ends = self.rows.iter().flat_map(|row| {
            let line = &self.lines[row.line];
            row.cells[column as usize]
                .iter()
                .flatten()
                .map(|letter| (line.across(letter.area[0]), line.across(letter.area[2])))
        });
        let (left, right) = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        Some((left.saturating_sub(3), right + 4))
    }

    /// Makes rows of the lines' words.
    fn find_rows(&mut self, words: &[Vec<Word>]) {
        let mut heading: Option<Heading> = None;
        let mut fresh = true;
        let mut heights = Vec::new();
        for (n, words) in words.iter().enumerate() {
            let words = merged(words);
            if let Some(found) = headings(&words, &self.lines[n]) {
                heading = Some(found);
                fresh = true;
                continue;
            }
            let Some(mut cells) = row(&words, heading.as_ref(), &self.lines[n]) else { continue };
            for column in [Column::Number, Column::Time, Column::Length] {
                without_marks(&mut cells[column as usize]);
            }
            cells[Column::Info as usize] = until_gap(&cells[Column::Info as usize]);
            if std::mem::take(&mut fresh) {
                self.tables.push(self.rows.len());
            }
            heights.push(self.lines[n].bottom - self.lines[n].top);
            let cut = self.cuts(n, &cells, heading.as_ref());
            self.rows.push(Row {
                line: n,
                cells,
                unsure: Default::default(),
                cut,
                doubtful: [false; Column::COUNT],
                columns: bounds(heading.as_ref()),
            });
        }
        let typical = median(heights.iter().copied()).unwrap_or(0);
        if heights.last().is_some_and(|last| last * 100 < typical * HALF) {
            self.rows.pop();
            self.tables.retain(|start| *start < self.rows.len());
        }
    }

    /// Which cells end where their column does: the rest may be cut off. What is always short is not cut.
    fn cuts(
        &self,
        line: usize,
        cells: &[Vec<Word>; Column::COUNT],
        heading: Option<&Heading>,
    ) -> [bool; Column::COUNT] {
        let line = &self.lines[line];
        Column::ALL.map(|column| {
            let cell = &cells[column as usize];
            let Some(last) = cell.last().and_then(|word| word.last()) else { return false };
            let room = line.across(last.area[2]) + 1..line.across(last.area[2]) + 2 + (line.letter(cell) * 1.6) as u32;
            let meets_next = || heading.is_some_and(|heading| heading.iter().any(|(_, left)| room.contains(left)));
            match column {
                Column::Info => line.has_edge(room.clone()) || meets_next(),
                Column::Source | Column::Destination => cell_of(cell).text.contains(':') && meets_next(),
                _ => false,
            }
        })
    }
}

impl Row {
    fn claim(&self) -> Claim {
        let mut claim = Claim::default();
        for column in Column::ALL {
            let words = &self.cells[column as usize];
            if !words.is_empty() {
                let mut cell = if column == Column::Time { time_of(words) } else { cell_of(words) };
                // Spaces are letters of the text, and always certain.
                let mut unsure = self.unsure[column as usize].iter().copied();
                cell.unsure = cell.text.chars().map(|c| c != ' ' && unsure.next().unwrap_or(false)).collect();
                (cell.cut, cell.seen) = (self.cut[column as usize], true);
                *claim.cell_mut(column) = Some(cell);
            }
        }
        claim
    }
}

fn text(word: &Word) -> String {
    word.iter().map(|letter| letter.c).collect()
}

/// Letters and digits; marks are read differently each time.
fn letters_of(words: &[Word]) -> impl Iterator<Item = char> + '_ {
    words.iter().flatten().map(|letter| letter.c).filter(|c| c.is_alphanumeric())
}

fn cell_of(words: &[Word]) -> Cell {
    Cell::from(words.iter().map(text).collect::<Vec<_>>().join(" ").as_str())
}

/// A time, whose words are one but for a date before it.
fn time_of(words: &[Word]) -> Cell {
    let words = words.iter().map(text).filter(|word| word.contains(|c: char| c.is_alphanumeric() || c == '.'));
    let joined = words.fold(String::new(), |time, word| {
        let gap = if time.contains('-') && word.contains(':') { " " } else { "" };
        time + gap + &word
    });
    Cell::from(joined.as_str())
}

/// Words with their letters inside of what they were read from, whatever the reader says of their places.
fn inside(mut words: Vec<Word>, image: &GrayImage) -> Vec<Word> {
    let (width, height) = image.dimensions();
    for letter in words.iter_mut().flatten() {
        let [left, top, right, bottom] = letter.area;
        let (right, bottom) = (right.min(width), bottom.min(height));
        letter.area = [left.min(right), top.min(bottom), right, bottom];
    }
    words
}

/// Words with an arrow that was read as two letters made one again.
fn merged(words: &[Word]) -> Vec<Word> {
    let merge = |word: &Word| {
        let mut merged = Word::new();
        for letter in word {
            match merged.last_mut() {
                Some(before) if "-~=".contains(before.c) && letter.c == '>' => {
                    before.c = '→';
                    before.area[2] = before.area[2].max(letter.area[2]);
                }
                _ => merged.push(letter.clone()),
            }
        }
        merged
    };
    words.iter().map(merge).filter(|word| !word.is_empty()).collect()
}

/// A cell, larger and with white around it, and where in its line it begins; none where its place is not known.
fn cut_out(line: &Line, place: Option<(u32, u32)>, size: Size) -> Option<(u32, GrayImage)> {
    let (left, right) = place.map(|(left, right)| (line.along(left), line.along(right)))?;
    let width = right.min(line.image.width()).checked_sub(left).filter(|width| *width > 0)?;
    let cell = crop_imm(&line.image, left, 0, width, line.image.height()).to_image();
    let sized = |length: u32| length * size.0 / size.1;
    let cell = resize(&cell, sized(width).max(1), sized(cell.height()).max(1), FilterType::CatmullRom);
    let mut image = GrayImage::from_pixel(cell.width() + 2 * EDGE, cell.height() + 2 * EDGE, Luma([255]));
    replace(&mut image, &cell, EDGE.into(), EDGE.into());
    Some((left, image))
}

/// Words of a cell that was cut out, where they stand in their line.
fn placed(words: &[Word], left: u32, size: Size) -> Vec<Word> {
    let back = |at: u32| at.saturating_sub(EDGE) * size.1 / size.0;
    let place = |[l, t, r, b]: [u32; 4]| [back(l) + left, back(t), back(r) + left, back(b)];
    let letter = |letter: &Letter| Letter { c: letter.c, area: place(letter.area) };
    words.iter().map(|word| word.iter().map(letter).collect()).collect()
}

/// From where to where each column goes, by the heading.
fn bounds(heading: Option<&Heading>) -> [Option<(u32, u32)>; Column::COUNT] {
    let heading = heading.map_or(&[][..], Vec::as_slice);
    Column::ALL.map(|column| {
        let place = heading.iter().position(|(known, _)| *known == Some(column))?;
        let right = heading.get(place + 1).map_or(u32::MAX / 64, |(_, left)| *left);
        Some((heading[place].1.saturating_sub(2), right))
    })
}

/// The columns that a line names, if it names three or more.
fn headings(words: &[Word], line: &Line) -> Option<Heading> {
    let mut found = Heading::new();
    // A line between headings may be read as a letter.
    let pieces = words.iter().flat_map(|word| word.split(|letter| "|_—-[]{}()".contains(letter.c)));
    for piece in pieces {
        let name: String = piece.iter().map(|letter| letter.c).collect();
        let column = Column::by_heading(&name);
        let is_new = column.map_or(name.len() > 2, |column| found.iter().all(|(known, _)| *known != Some(column)));
        if let Some(first) = piece.first().filter(|_| is_new) {
            found.push((column, line.across(first.area[0])));
        }
    }
    (found.iter().flat_map(|(column, _)| column).count() >= 3).then_some(found)
}

/// The cells of the row that a line is, if it is one: by place or by order, whichever fits best.
fn row(words: &[Word], heading: Option<&Heading>, line: &Line) -> Option<[Vec<Word>; Column::COUNT]> {
    let order: Vec<Option<Column>> = heading.into_iter().flatten().map(|(column, _)| *column).collect();
    let by_place = heading.map(|heading| by_place(words, heading, line));
    let by_heading = by_order(words, &order);
    // A heading may have been misread.
    let by_custom = by_order(words, &Column::ALL.map(Some));
    [by_custom, by_heading, by_place].into_iter().flatten().max_by_key(likeness).filter(|cells| likeness(cells) >= 8)
}

/// How much cells are like those of their columns.
fn likeness(cells: &[Vec<Word>; Column::COUNT]) -> u32 {
    let of = |column: Column| column.likeness(&cell_of(&cells[column as usize]).text);
    Column::ALL.into_iter().map(of).sum()
}

/// Each letter in the column whose heading begins before its middle: what stands close together may be two cells.
fn by_place(words: &[Word], heading: &Heading, line: &Line) -> [Vec<Word>; Column::COUNT] {
    let column_of = |letter: &Letter| {
        let place =
            heading.iter().filter(|(_, left)| *left <= line.across(middle(letter))).max_by_key(|(_, left)| *left);
        place.or(heading.first()).and_then(|(column, _)| *column)
    };
    let mut cells: [Vec<Word>; Column::COUNT] = Default::default();
    for piece in words.iter().flat_map(|word| word.chunk_by(|a, b| column_of(a) == column_of(b))) {
        if let Some(column) = column_of(&piece[0]) {
            cells[column as usize].push(piece.to_vec());
        }
    }
    // The line that joins request and response stands before the number.
    let number = &mut cells[Column::Number as usize];
    if number.len() > 1 {
        number.drain(..number.len() - 1);
    }
    cells
}

/// The cells by the order of the columns, whatever stands before the first.
fn by_order(words: &[Word], order: &[Option<Column>]) -> Option<[Vec<Word>; Column::COUNT]> {
    let texts: Vec<String> = words.iter().map(text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let marks = texts.iter().take_while(|text| !text.contains(|c: char| c.is_ascii_digit())).count();
    let texts = texts.get(marks..)?;
    let mut cells: [Vec<Word>; Column::COUNT] = Default::default();
    for (column, taken) in by_words(texts, Some(order))? {
        let start = marks + (taken.as_ptr() as usize - texts.as_ptr() as usize) / size_of::<&str>();
        cells[column as usize] = words.get(start..start + taken.len())?.to_vec();
    }
    Some(cells)
}

/// Takes what is neither digit nor sign off the beginning of a number: a line beside it.
fn without_marks(words: &mut Vec<Word>) {
    if let Some(first) = words.first_mut() {
        let marks = first.iter().take_while(|letter| !letter.c.is_alphanumeric() && letter.c != '-').count();
        first.drain(..marks);
    }
    words.retain(|word| !word.is_empty());
}

/// Words up to the first wide gap: what follows Info is the map or the scroll bar beside the list.
fn until_gap(words: &[Word]) -> Vec<Word> {
    let ends = words.iter().map(|word| (word[0].area[0], word[word.len() - 1].area[2]));
    let ends: Vec<(u64, u64)> = ends.map(|(left, right)| (left.into(), right.into())).collect();
    let letters: u64 = words.iter().map(|word| word.len() as u64).sum();
    // Letters need not stand from left to right.
    let width: u64 = ends.iter().map(|(left, right)| right.saturating_sub(*left)).sum();
    let gap =
        ends.windows(2).position(|pair| pair[1].0.saturating_sub(pair[0].1).saturating_mul(letters) > GAP * width);
    words[..gap.map_or(words.len(), |last| last + 1)].to_vec()
}

/// How far it is from the middle of a letter to that of the next, mostly: packet lists are set in one width.
fn step<'a>(cells: impl Iterator<Item = &'a Vec<Word>>) -> u32 {
    let pairs = cells.flatten().flat_map(|word| word.windows(2));
    median(pairs.map(|pair| middle(&pair[1]).saturating_sub(middle(&pair[0])))).unwrap_or(1).max(1)
}

/// What half of the values are less than.
fn median(values: impl Iterator<Item = u32>) -> Option<u32> {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Which letters of a word have more room than a letter takes: another may have been lost there.
fn gaps(word: &Word, step: u32) -> Vec<bool> {
    let next = |n: usize| word.get(n + 1).map_or(0, |next| middle(next).saturating_sub(middle(&word[n])));
    let wide = |letter: &Letter| (letter.area[2] - letter.area[0]) * 10 > step * 15;
    word.iter().enumerate().map(|(n, letter)| next(n) * 10 > step * 17 || wide(letter)).collect()
}

/// Which letters of a word stand where there is no room for one: between or upon their neighbours.
fn crowded(word: &Word, step: u32) -> Vec<bool> {
    let near = |a: &Letter, b: &Letter| middle(a).abs_diff(middle(b)) * 100 < step * 72;
    (0..word.len())
        .map(|n| {
            n.checked_sub(1).is_some_and(|before| near(&word[before], &word[n]))
                || word.get(n + 1).is_some_and(|next| near(&word[n], next))
        })
        .collect()
}

fn middle(letter: &Letter) -> u32 {
    u32::midpoint(letter.area[0], letter.area[2])
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn letters_may_be_said_to_stand_anywhere() {
        let is_ink = |x: u32, y: u32| (3..10).contains(&y) && (x / 2).is_multiple_of(2);
        let picture = RgbImage::from_fn(300, 13, |x, y| Rgb(if is_ink(x, y) { [0; 3] } else { [255; 3] }));
        let places: [fn(u32) -> [u32; 4]; 3] = [
            |n| [20 * n, 12, 20 * n + 10, 30],
            // From right to left.
            |n| [2_000 - 20 * n, 12, 2_010 - 20 * n, 30],
            // Outside.
            |n| [u32::MAX - n, 0, u32::MAX, u32::MAX],
        ];
        for place in places {
            let row = "1 0.000000 127.0.0.1 127.0.0.1 UDP 49 63337 → 8080 Len=17";
            let letter = |(n, c)| Letter { c, area: place(n) };
            let letters: Vec<Letter> = (0..).zip(row.chars()).map(letter).collect();
            let words = letters.split(|letter| letter.c == ' ').map(<[Letter]>::to_vec).collect();
            let mut read = Screenshot::read_by(picture.clone(), |_| Ok(vec![words])).unwrap();
            read.settle(&[Some(Column::ALL.map(|_| "63337 → 8080 Len=17".to_owned()))]);
            let tables = read.tables();
            assert_eq!(tables.iter().map(|table| table.claims.len()).collect::<Vec<_>>(), [1]);
        }
    }
}
