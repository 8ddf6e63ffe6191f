//! Writing frames to a saved capture: classic pcap with microseconds, as tcpdump writes it.
//!
//! Frames go out as they came in, link type and lengths unchanged; a file has one link type. Knows nothing of what the
//! frames mean. Format: draft-ietf-opsawg-pcap.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use pcap_file::pcap::{PcapHeader, PcapWriteError, PcapWriter, RawPcapPacket};
use pcap_file::{DataLink, Endianness};

use super::MAX_FRAME_LEN;
use super::frame::{Frame, LinkType};
use crate::time::NANOS_PER_SEC;
use crate::tr;

/// How many bytes are held back before they are written: about what the kernel hands over at a time in a flood.
const BUFFER_LEN: usize = 256 * 1024;

/// A capture file being written.
pub struct SaveFile {
    writer: PcapWriter<BufWriter<Box<dyn Write + Send>>>,
    path: PathBuf,
}

/// Why a capture file can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", path.display(), tr!("files-save", cause = cause.to_string()))]
pub struct SaveError {
    path: PathBuf,
    cause: io::Error,
}

impl SaveFile {
    /// Creates the file, or takes standard output for `-`, and writes the header.
    pub fn create(path: &Path, link_type: LinkType) -> Result<Self, SaveError> {
        let wrap = |cause| SaveError { path: path.to_owned(), cause };
        let out: Box<dyn Write + Send> = if path.as_os_str() == "-" {
            if io::stdout().is_terminal() {
                return Err(wrap(io::Error::other(tr!("files-save-terminal"))));
            }
            Box::new(io::stdout())
        } else {
            Box::new(File::create(path).map_err(wrap)?)
        };
        let header = PcapHeader {
            datalink: DataLink::from(u32::from(link_type.0)),
            snaplen: u32::try_from(MAX_FRAME_LEN).unwrap_or(u32::MAX),
            endianness: Endianness::native(),
            ..PcapHeader::default()
        };
        let writer = PcapWriter::with_header(BufWriter::with_capacity(BUFFER_LEN, out), header)
            .map_err(|error| wrap(cause(error)))?;
        Ok(Self { writer, path: path.to_owned() })
    }

    /// Appends a frame.
    pub fn write(&mut self, frame: &Frame<'_>) -> Result<(), SaveError> {
        let micros = frame.time.0.div_euclid(1_000);
        let per_sec = NANOS_PER_SEC.wrapping_div(1_000);
        let packet = RawPcapPacket {
            ts_sec: u32::try_from(micros.div_euclid(per_sec)).unwrap_or(0),
            ts_frac: u32::try_from(micros.rem_euclid(per_sec)).unwrap_or(0),
            incl_len: u32::try_from(frame.data.len()).unwrap_or(u32::MAX),
            orig_len: frame.wire_len,
            data: Cow::Borrowed(frame.data),
        };
        let written = self.writer.write_raw_packet(&packet);
        written.map(drop).map_err(|error| self.failed(error))
    }

    /// Hands everything written so far to the system.
    pub fn flush(&mut self) -> Result<(), SaveError> {
        self.writer.flush().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: PcapWriteError) -> SaveError {
        SaveError { path: self.path.clone(), cause: cause(error) }
    }
}

impl SaveError {
    /// Whether whoever read standard output has closed it.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        self.cause.kind() == io::ErrorKind::BrokenPipe
    }
}

fn cause(error: PcapWriteError) -> io::Error {
    match error {
        PcapWriteError::Io(source) | PcapWriteError::FieldWriteFailed(_, source) => source,
        PcapWriteError::Validation(what) => io::Error::other(what),
    }
}
