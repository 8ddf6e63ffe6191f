//! Saved captures: opens a file or standard input and reads it by its first bytes, never by its name.
//!
//! Streams only: nothing seeks, so files and pipes are read alike, in one pass and with the memory of one window, or of
//! two where they are compressed. The formats are in `pcap`, `pcapng` and `compressed`; this file knows which one it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::buffer::{Pauses, Window, is_resting};
use super::compressed::{Decompressed, compression};
use super::frame::LinkType;
use super::pcap::{self, Records};
use super::pcapng::Blocks;
use super::place::Place;
use super::remarks::Remarks;
use super::{Beginning, Event, Source, SourceError};
use crate::bytes::chunk;
use crate::{platform, tr};

/// The first bytes of every pcapng file: the type of the section header block, the same in both byte orders.
const PCAPNG_MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

/// A saved capture, being read.
pub struct CaptureFile {
    window: Window<Box<dyn Read>>,
    format: Format,
    place: Place,
    /// The file, to ask how far it has been read.
    file: Option<File>,
    ended: bool,
}

enum Format {
    Pcap(Records),
    Pcapng(Blocks),
}

impl CaptureFile {
    /// Opens the file at `path`, or standard input for `-`.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        if path.as_os_str() == "-" {
            let stdin = Self::from_reader(Box::new(io::stdin().lock()), &tr!("files-standard-input"))?;
            return Ok(stdin.pausing(platform::stdin_is_ready));
        }
        let name = path.display().to_string();
        // Of pipes and devices, Windows tells nothing.
        let opened = File::open(path).map(|file| (file.metadata().ok(), file));
        match opened {
            Ok((Some(metadata), _)) if metadata.is_dir() => Err(SourceError::Directory { name }),
            Ok((metadata, file)) => {
                let same = file.try_clone().ok();
                let opened = Self::from_reader(Box::new(file), &name)?;
                let is_file = metadata.is_some_and(|metadata| metadata.is_file());
                Ok(if is_file { Self { file: same, ..opened } } else { opened.pausing(|| false) })
            }
            // Windows opens no folder, and would say that access to it is denied.
            Err(_) if path.is_dir() => Err(SourceError::Directory { name }),
            Err(cause) => Err(SourceError::Open { name, cause }),
        }
    }

    /// Reads a capture from any stream; `name` is what errors call it.
    pub fn from_reader(reader: Box<dyn Read>, name: &str) -> Result<Self, SourceError> {
        let mut window = Window::new(reader);
        let mut place = Place { name: name.to_owned(), compression: None };
        place.fill(&mut window, pcap::FILE_HEADER_LEN)?;
        if let Some(compression) = compression(window.peek()) {
            place.compression = Some(compression);
            let decompressed: Box<dyn Read> = Box::new(Decompressed::new(window, compression));
            window = Window::new(decompressed);
            // What makes nothing yet is read on, until it makes something or ends.
            while let Err(error) = place.fill(&mut window, pcap::FILE_HEADER_LEN) {
                match error {
                    SourceError::Read { cause, .. } if is_resting(&cause) => {}
                    error => return Err(error),
                }
            }
        }
        let format = format(&mut window, &place)?;
        Ok(Self { window, format, place, file: None, ended: false })
    }

    /// Whether there is a capture in the file, as far as its beginning tells: one that is damaged is one, too.
    #[must_use]
    pub fn is_at(path: &Path) -> bool {
        // Of what can be read but once, nothing is to be taken.
        let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
        is_file && {
            use SourceError::{CompressedCut, Cut, Undecompressed};
            // What is compressed is no report either.
            matches!(Self::open(path), Ok(_) | Err(Cut { .. } | CompressedCut { .. } | Undecompressed { .. }))
        }
    }

    /// The link type of its frames, or of the first of them, where it is known by now.
    #[must_use]
    pub fn link_type(&self) -> Option<LinkType> {
        match &self.format {
            Format::Pcap(records) => Some(records.link_type()),
            Format::Pcapng(blocks) => blocks.link_type(),
        }
    }

    /// The same, but more may take its time: before a read that may sleep, whoever watches gets what there is. Of a
    /// compressed stream it can't be said what of it is needed for the next bytes.
    fn pausing(self, is_ready: fn() -> bool) -> Self {
        let is_ready = if self.place.compression.is_some() { || false } else { is_ready };
        Self { window: self.window.pausing(Pauses::Unless(is_ready)), ..self }
    }
}

impl Source for CaptureFile {
    fn next_event(&mut self) -> Result<Event<'_>, SourceError> {
        if self.ended {
            return Ok(Event::End);
        }
        let event = match &mut self.format {
            Format::Pcap(records) => records.next_event(&mut self.window, &self.place),
            Format::Pcapng(blocks) => blocks.next_event(&mut self.window, &self.place),
        };
        match event {
            Ok(Event::Frame(_) | Event::Idle) => event,
            // Nothing was taken yet, so that it can be asked again.
            Err(SourceError::Read { cause, .. }) if is_resting(&cause) => Ok(Event::Idle),
            end => {
                self.ended = true;
                end
            }
        }
    }

    fn files(&self) -> Vec<&File> {
        self.file.iter().collect()
    }

    fn remarks(&self) -> Remarks {
        match &self.format {
            Format::Pcap(_) => Remarks::default(),
            Format::Pcapng(blocks) => blocks.remarks().clone(),
        }
    }
}

/// Which format the first bytes are in.
fn format(window: &mut Window<Box<dyn Read>>, place: &Place) -> Result<Format, SourceError> {
    let begin = window.peek();
    let Some(magic) = chunk(begin, 0) else {
        return Err(match (place.compression, begin.is_empty()) {
            (Some(_), _) => no_capture(place, None),
            (None, true) => SourceError::Empty { name: place.name.clone() },
            (None, false) => place.cut(window, "file-header", pcap::FILE_HEADER_LEN),
        });
    };
    if magic == PCAPNG_MAGIC {
        return Ok(Format::Pcapng(Blocks::new()));
    }
    if let Some(records) = Records::open(window) {
        return Ok(Format::Pcap(records));
    }
    let is_pcap = matches!(magic, [0xa1, 0xb2, ..] | [.., 0xb2, 0xa1]);
    Err(if is_pcap && window.peek().len() < pcap::FILE_HEADER_LEN {
        place.cut(window, "file-header", pcap::FILE_HEADER_LEN)
    } else {
        no_capture(place, Some(Beginning(magic)))
    })
}

fn no_capture(place: &Place, begins: Option<Beginning>) -> SourceError {
    let name = place.name.clone();
    match (place.compression, begins) {
        (None, Some(begins)) => SourceError::NotACapture { name, begins },
        (None, None) => SourceError::Empty { name },
        (Some(compression), begins) => SourceError::NoCaptureWithin { name, compression, begins },
    }
}
