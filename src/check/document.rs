//! A report as a file: what it is, by its first bytes, and the tables and pictures in it.

use std::io::Read;
use std::path::Path;

use super::screenshot::{self, OcrError, PictureError, Screenshot};
use super::{Table, transcript};
use crate::tr;

/// A report that is longer is none.
const MAX_LEN: u64 = 256 * 1024 * 1024;

/// What a report holds, in its order.
pub enum Section {
    /// Tables that are text.
    Text(Vec<Table>),
    /// A picture with tables.
    Picture(Box<Screenshot>),
}

impl Section {
    /// How many rows its tables have.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Text(tables) => tables.iter().map(|table| table.claims.len()).sum(),
            Self::Picture(screenshot) => screenshot.places().count(),
        }
    }
}

/// Why a report can't be checked.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum ReportError {
    #[error("{name}: {cause}")]
    Open { name: String, cause: std::io::Error },
    #[error("{name}: {}", tr!("check-directory"))]
    Directory { name: String },
    #[error("{name}: {}", tr!("check-empty"))]
    Empty { name: String },
    #[error("{name}: {}", tr!("check-too-long", limit = MAX_LEN / 1024 / 1024))]
    TooLong { name: String },
    #[error("{name}: {}", tr!("check-unknown", kind = *kind))]
    Unknown { name: String, kind: &'static str },
    #[error("{name}: {cause}")]
    Picture { name: String, cause: PictureError },
    #[error("{name}: {cause}")]
    Pdf { name: String, cause: super::pdf::PdfError },
    #[error("{name}: {}", tr!("check-too-many-rows", limit = super::MAX_ROWS))]
    TooManyRows { name: String },
    #[error("{name}: {}", tr!("check-no-rows"))]
    NoRows { name: String },
}

/// The first bytes of a file, or standard input for `-`.
pub fn bytes(path: &Path) -> Result<Vec<u8>, ReportError> {
    let name = || path.display().to_string();
    let open = |cause| ReportError::Open { name: name(), cause };
    let reader: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        // Before it is opened: Windows opens no folder, and would say that access to it is denied.
        if path.is_dir() {
            return Err(ReportError::Directory { name: name() });
        }
        Box::new(std::fs::File::open(path).map_err(open)?)
    };
    let mut bytes = Vec::new();
    reader.take(MAX_LEN + 1).read_to_end(&mut bytes).map_err(open)?;
    match bytes.len() as u64 {
        0 => Err(ReportError::Empty { name: name() }),
        len if len > MAX_LEN => Err(ReportError::TooLong { name: name() }),
        _ => Ok(bytes),
    }
}

/// Reads a report: what stands in it, in order.
pub fn read(path: &Path) -> Result<Vec<Section>, ReportError> {
    let bytes = bytes(path)?;
    let name = path.display().to_string();
    let sections = sections(&bytes, &name)?;
    // What is not read is not silently fine.
    if sections.iter().any(|section| section.rows() > super::MAX_ROWS) {
        return Err(ReportError::TooManyRows { name });
    }
    if sections.iter().any(|section| section.rows() > 0) { Ok(sections) } else { Err(ReportError::NoRows { name }) }
}

fn sections(bytes: &[u8], name: &str) -> Result<Vec<Section>, ReportError> {
    let picture = |cause| ReportError::Picture { name: name.to_owned(), cause };
    if bytes.starts_with(b"%PDF-") {
        return pdf(bytes, name);
    }
    if image::guess_format(bytes).is_ok_and(|format| format.reading_enabled()) {
        let decoded = screenshot::decode(bytes).map_err(picture)?;
        let read = Screenshot::read(decoded).map_err(|error| picture(error.into()))?;
        return Ok(vec![Section::Picture(Box::new(read))]);
    }
    let text = text(bytes).ok_or_else(|| ReportError::Unknown { name: name.to_owned(), kind: kind(bytes) })?;
    Ok(vec![Section::Text(transcript::read(&text))])
}

fn pdf(bytes: &[u8], name: &str) -> Result<Vec<Section>, ReportError> {
    let pages = super::pdf::read(bytes).map_err(|cause| ReportError::Pdf { name: name.to_owned(), cause })?;
    let mut sections = Vec::new();
    // A table may go on on the next page.
    let text: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
    sections.push(Section::Text(transcript::read(&text.join("\n"))));
    for picture in pages.into_iter().flat_map(|page| page.pictures) {
        match Screenshot::read(picture) {
            Ok(read) => sections.push(Section::Picture(Box::new(read))),
            Err(cause @ OcrError::Missing) if matches!(&sections[..], [Section::Text(tables)] if !tables.is_empty()) => {
                crate::output::notice(tr!("check-pictures-left-out", name = name, cause = cause.to_string()));
                break;
            }
            Err(cause) => return Err(ReportError::Picture { name: name.to_owned(), cause: cause.into() }),
        }
    }
    Ok(sections)
}

/// The text that bytes are: UTF-8, or UTF-16 where a mark says so; none where they are no text.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect();
        Some(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ if bytes.contains(&0) => None,
        _ => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// What a file that can't be read may be, by its name in the message `check-unknown`.
fn kind(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'P', b'K', 3, 4, ..] => "word-processor",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "old-word",
        _ => "other",
    }
}
