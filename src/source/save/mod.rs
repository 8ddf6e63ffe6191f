//! Writing frames to a saved capture, classic pcap or pcapng, as the file's name says.
//!
//! Frames go out as they came in: link type, lengths, time and its precision unchanged. A pcap file has one link type and
//! one precision, those of its first frame; pcapng has as many as there are, and comments. Knows nothing of what frames
//! mean.
//!
//! Records are put together in memory and written as whole ones. Where they can't be (a full disk), the file ends with the
//! last that fits, and the frames from there on are counted.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::frame::{Frame, LinkType};
use crate::platform;
use crate::tr;

mod pcap;
mod pcapng;

/// How many bytes are held back before they are written: about what the kernel hands over at a time in a flood.
const BUFFER_LEN: usize = 256 * 1024;

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
    out: File,
    /// Where each frame ends that is not written yet, in the writer's bytes.
    ends: Vec<usize>,
    /// How many frames, and bytes, are in the file.
    saved: (u64, u64),
    failure: Option<Failure>,
}

/// Why nothing more is written, and how many frames that concerns.
struct Failure {
    kind: io::ErrorKind,
    cause: String,
    lost: u64,
}

enum Writer {
    Pcap(pcap::PcapFile),
    Pcapng(pcapng::PcapngFile),
}

/// Why a capture file can't be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", shown(path))]
pub struct SaveError {
    path: PathBuf,
    why: Why,
}

/// What keeps a frame, or a file, from being written.
#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("{}", tr!("files-save", cause = .0.to_string()))]
    Io(#[from] io::Error),
    #[error("{}", tr!("files-save-lost", cause = cause.as_str(), saved = *saved, lost = *lost))]
    Lost { kind: io::ErrorKind, cause: String, saved: u64, lost: u64 },
    #[error("{}", tr!("files-second-link-type", number = *number, first = name(*first), second = name(*second)))]
    SecondLinkType { number: u64, first: LinkType, second: LinkType },
    #[error("{}", tr!("files-finer-time", number = *number))]
    FinerTime { number: u64 },
    #[error("{}", tr!("files-no-comments"))]
    NoComments,
    #[error("{}", tr!("files-compressed-out"))]
    Compressed,
}

fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn shown(path: &Path) -> String {
    if is_stdout(path) { tr!("files-standard-output") } else { path.display().to_string() }
}

fn name(link_type: LinkType) -> String {
    format!("{} ({})", link_type.0, link_type.name())
}

impl SaveFile {
    /// Creates the file, or takes standard output for `-`. Where the link type of all frames is known, a file without any
    /// has it, too.
    pub fn create(path: &Path, form: Form, link_type: Option<LinkType>) -> Result<Self, SaveError> {
        let wrap = |why: Why| SaveError::new(path, why);
        let out = if is_stdout(path) {
            if io::stdout().is_terminal() {
                let cause = io::Error::other(tr!("files-save-terminal"));
                return Err(wrap(cause.into()));
            }
            platform::stdout_file().map_err(|cause| wrap(cause.into()))?
        } else {
            platform::create(path).map_err(|cause| wrap(cause.into()))?
        };
        let writer = match form {
            Form::Pcap => Writer::Pcap(pcap::PcapFile::new(link_type)),
            Form::Pcapng => Writer::Pcapng(pcapng::PcapngFile::new(link_type).map_err(wrap)?),
        };
        Ok(Self { writer, path: path.to_owned(), out, ends: Vec::new(), saved: (0, 0), failure: None })
    }

    /// Appends a frame, with its comments and one more, where there is one and the format has comments. Once that has
    /// failed, frames are counted only, and [`SaveFile::finish`] says how many.
    pub fn write(&mut self, frame: &Frame<'_>, comment: Option<&str>) -> Result<(), SaveError> {
        if let Some(failure) = &mut self.failure {
            failure.lost = failure.lost.saturating_add(1);
            return Ok(());
        }
        let pushed = match &mut self.writer {
            Writer::Pcap(file) => file.push(frame),
            Writer::Pcapng(file) => file.push(frame, comment),
        };
        pushed.map_err(|why| SaveError::new(&self.path, why))?;
        let len = self.writer.bytes().len();
        self.ends.push(len);
        if len >= BUFFER_LEN { self.spill() } else { Ok(()) }
    }

    /// Hands everything written so far to the system; also a file without frames has its header then.
    pub fn flush(&mut self) -> Result<(), SaveError> {
        if self.failure.is_some() {
            return Ok(());
        }
        if let Writer::Pcap(file) = &mut self.writer {
            file.begin().map_err(|why| SaveError::new(&self.path, why))?;
        }
        if self.writer.bytes().is_empty() { Ok(()) } else { self.spill() }
    }

    /// The same when no frames will come any more; says how many are not in the file, where something failed.
    pub fn finish(&mut self) -> Result<(), SaveError> {
        let flushed = self.flush();
        let Some(Failure { kind, cause, lost }) = &self.failure else { return flushed };
        let why = Why::Lost { kind: *kind, cause: cause.clone(), saved: self.saved.0, lost: *lost };
        Err(SaveError::new(&self.path, why))
    }

    /// Writes what was put together. Where that fails, what is in the file stays a capture: nothing stands behind the
    /// last whole frame.
    fn spill(&mut self) -> Result<(), SaveError> {
        let bytes = self.writer.bytes();
        let (len, written) = write(&mut self.out, bytes);
        bytes.clear();
        let whole = self.ends.partition_point(|end| *end <= len);
        let before = self.saved.1;
        let kept = if written.is_ok() { len } else { self.ends.iter().take(whole).next_back().copied().unwrap_or(0) };
        self.saved = (self.saved.0.saturating_add(whole as u64), before.saturating_add(kept as u64));
        let lost = self.ends.len().saturating_sub(whole) as u64;
        self.ends.clear();
        let Err(cause) = written else { return Ok(()) };
        if !is_stdout(&self.path) {
            // What has no length to set, a device or a pipe, keeps what it has.
            let _ = self.out.set_len(self.saved.1);
        }
        let kind = if platform::is_closed_pipe(&cause) { io::ErrorKind::BrokenPipe } else { cause.kind() };
        self.failure = Some(Failure { kind, cause: cause.to_string(), lost });
        Err(SaveError::new(&self.path, cause.into()))
    }
}

impl Writer {
    /// What is not written yet.
    fn bytes(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Pcap(file) => &mut file.bytes,
            Self::Pcapng(file) => file.bytes(),
        }
    }
}

/// Writes these bytes to a file; says how many it took.
fn write(out: &mut File, bytes: &[u8]) -> (usize, io::Result<()>) {
    let mut left = bytes;
    let taken = |left: &[u8]| bytes.len().saturating_sub(left.len());
    while !left.is_empty() {
        match out.write(left) {
            Ok(0) => return (taken(left), Err(io::ErrorKind::WriteZero.into())),
            Ok(len) => left = left.get(len..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (taken(left), Err(error)),
        }
    }
    (bytes.len(), Ok(()))
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
        match &self.why {
            Why::Io(cause) => platform::is_closed_pipe(cause),
            Why::Lost { kind, .. } => *kind == io::ErrorKind::BrokenPipe,
            _ => false,
        }
    }

    /// Whether only the file has come to its end, so that what would be in it can be shown all the same; standard output
    /// shows nothing else.
    #[must_use]
    pub fn spares_the_view(&self) -> bool {
        matches!(&self.why, Why::Io(_)) && !is_stdout(&self.path)
    }
}
