//! Writing frames to a saved capture, classic pcap or pcapng, as the file's name says.
//!
//! Frames go out as they came in: link type, lengths, time and its precision unchanged. A pcap file has one link type and
//! one precision, those of its first frame; pcapng has as many as there are, and comments. Knows nothing of what frames
//! mean.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::frame::{Frame, LinkType};
use crate::platform;
use crate::tr;

mod pcap;
mod pcapng;

/// How many bytes are held back before they are written: about what the kernel hands over at a time in a flood.
const BUFFER_LEN: usize = 256 * 1024;

/// Where a capture is written to.
type Out = BufWriter<Box<dyn Write + Send>>;

/// A format of saved captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Classic pcap.
    Pcap,
    /// pcapng.
    Pcapng,
}

impl Form {
    /// The format that a name stands for; standard output is pcap, unless `comments` are to be written.
    pub fn of(path: &Path, comments: bool) -> Result<Self, SaveError> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let failed = |why| Err(SaveError::new(path, why));
        match extension.as_str() {
            "gz" | "zst" | "lz4" | "xz" | "bz2" => failed(Why::Compressed),
            "pcapng" | "ntar" => Ok(Self::Pcapng),
            _ if !comments => Ok(Self::Pcap),
            _ if path.as_os_str() == "-" => Ok(Self::Pcapng),
            _ => failed(Why::NoComments),
        }
    }
}

/// A capture file being written.
pub struct SaveFile {
    writer: Writer,
    path: PathBuf,
}

enum Writer {
    Pcap(pcap::PcapFile),
    Pcapng(pcapng::PcapngFile),
}

/// Why a capture file can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct SaveError {
    path: PathBuf,
    why: Why,
}

/// What keeps a frame, or a file, from being written.
#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("{}", tr!("files-save", cause = .0.to_string()))]
    Io(#[from] io::Error),
    #[error("{}", tr!("files-second-link-type", number = *number, first = name(*first), second = name(*second)))]
    SecondLinkType { number: u64, first: LinkType, second: LinkType },
    #[error("{}", tr!("files-finer-time", number = *number))]
    FinerTime { number: u64 },
    #[error("{}", tr!("files-no-comments"))]
    NoComments,
    #[error("{}", tr!("files-compressed-out"))]
    Compressed,
}

fn name(link_type: LinkType) -> String {
    format!("{} ({})", link_type.0, link_type.name())
}

impl SaveFile {
    /// Creates the file, or takes standard output for `-`. Where the link type of all frames is known, a file without any
    /// has it, too.
    pub fn create(path: &Path, form: Form, link_type: Option<LinkType>) -> Result<Self, SaveError> {
        let wrap = |why: Why| SaveError::new(path, why);
        let out: Box<dyn Write + Send> = if path.as_os_str() == "-" {
            if io::stdout().is_terminal() {
                let cause = io::Error::other(tr!("files-save-terminal"));
                return Err(wrap(cause.into()));
            }
            Box::new(io::stdout())
        } else {
            Box::new(platform::create(path).map_err(|cause| wrap(cause.into()))?)
        };
        let out = BufWriter::with_capacity(BUFFER_LEN, out);
        let writer = match form {
            Form::Pcap => Writer::Pcap(pcap::PcapFile::new(out, link_type)),
            Form::Pcapng => Writer::Pcapng(pcapng::PcapngFile::create(out, link_type).map_err(wrap)?),
        };
        Ok(Self { writer, path: path.to_owned() })
    }

    /// Appends a frame, with its comments and one more, where there is one and the format has comments.
    pub fn write(&mut self, frame: &Frame<'_>, comment: Option<&str>) -> Result<(), SaveError> {
        let written = match &mut self.writer {
            Writer::Pcap(file) => file.write(frame),
            Writer::Pcapng(file) => file.write(frame, comment),
        };
        written.map_err(|why| SaveError::new(&self.path, why))
    }

    /// Hands everything written so far to the system; also a file without frames has its header then.
    pub fn flush(&mut self) -> Result<(), SaveError> {
        let flushed = match &mut self.writer {
            Writer::Pcap(file) => file.flush(),
            Writer::Pcapng(file) => file.flush(),
        };
        flushed.map_err(|why| SaveError::new(&self.path, why))
    }
}

impl SaveError {
    fn new(path: &Path, why: Why) -> Self {
        Self { path: path.to_owned(), why }
    }

    /// Whether there is no right to write there.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        matches!(&self.why, Why::Io(cause) if cause.kind() == io::ErrorKind::PermissionDenied)
    }

    /// Whether whoever read standard output has closed it.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.why, Why::Io(cause) if cause.kind() == io::ErrorKind::BrokenPipe)
    }
}
