//! Saved captures: opens a file or standard input and reads it by its first bytes, never by its name.
//!
//! Streams only: nothing seeks, so files and pipes are read alike, in one pass and with the memory of one window. The
//! formats are in `pcap` and `pcapng`; this file knows which one it is, and how to say where it broke.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::buffer::Window;
use super::pcap::{self, Records};
use super::pcapng::Blocks;
use super::place::Place;
use super::{Beginning, Event, Source, SourceError};
use crate::bytes::chunk;
use crate::tr;

/// The first bytes of every pcapng file: the type of the section header block, the same in both byte orders.
const PCAPNG_MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

/// A saved capture, being read.
pub struct CaptureFile {
    window: Window<Box<dyn Read>>,
    format: Format,
    place: Place,
    ended: bool,
    /// Whether more may take its time: a pipe. Before a read that may sleep, whoever watches gets what there is.
    may_wait: bool,
    rested: bool,
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
            return Ok(Self { may_wait: true, ..stdin });
        }
        let name = path.display().to_string();
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?.is_dir(), file)));
        match opened {
            Ok((true, _)) => Err(SourceError::Directory { name }),
            Ok((false, file)) => Self::from_reader(Box::new(file), &name),
            Err(cause) => Err(SourceError::Open { name, cause }),
        }
    }

    /// Reads a capture from any stream; `name` is what errors call it.
    pub fn from_reader(reader: Box<dyn Read>, name: &str) -> Result<Self, SourceError> {
        let mut window = Window::new(reader);
        let place = Place { name: name.to_owned() };
        place.fill(&mut window, pcap::FILE_HEADER_LEN)?;
        let format = format(&mut window, &place)?;
        Ok(Self { window, format, place, ended: false, may_wait: false, rested: false })
    }
}

impl Source for CaptureFile {
    fn next_event(&mut self) -> Result<Event<'_>, SourceError> {
        if self.ended {
            return Ok(Event::End);
        }
        if self.may_wait && !self.rested && self.window.peek().is_empty() {
            self.rested = true;
            return Ok(Event::Idle);
        }
        self.rested = false;
        let event = match &mut self.format {
            Format::Pcap(records) => records.next_event(&mut self.window, &self.place),
            Format::Pcapng(blocks) => blocks.next_event(&mut self.window, &self.place),
        };
        self.ended = !matches!(event, Ok(Event::Frame(_)));
        event
    }
}

/// Which format the first bytes are in.
fn format(window: &mut Window<Box<dyn Read>>, place: &Place) -> Result<Format, SourceError> {
    let Some(magic) = chunk(window.peek(), 0) else {
        return Err(if window.peek().is_empty() {
            SourceError::Empty { name: place.name.clone() }
        } else {
            place.cut(window, "file-header", pcap::FILE_HEADER_LEN)
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
        SourceError::NotACapture { name: place.name.clone(), begins: Beginning(magic) }
    })
}
