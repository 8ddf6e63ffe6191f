//! Where frames come from: saved captures and live devices, behind one trait.
//!
//! A source hands out one [`Frame`] at a time, lent from its own buffer, numbered from 1 as Wireshark numbers them. It
//! knows files, devices and their formats, and nothing of what the bytes of a frame mean. Errors name the capture, the
//! byte offset and what is wrong; every whole frame before the damage has been handed out by then.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use crate::tr;
use std::fs::File;
use std::io;

#[cfg(feature = "live")]
mod backlog;
pub mod bpf;
mod buffer;
pub mod compressed;
#[cfg(feature = "live")]
pub mod devices;
mod fields;
pub mod file;
pub mod frame;
#[cfg(feature = "live")]
mod gather;
#[cfg(feature = "live")]
pub mod live;
pub mod merge;
mod pcap;
mod pcapng;
mod place;
mod remarks;
pub mod save;

pub use compressed::Compression;
pub use frame::{Comments, Frame, LinkType, Record};
pub use remarks::Remarks;

use crate::platform::Denial;
use crate::platform::library::LibraryError;
use crate::platform::system::{Family, HERE};

/// The longest frame that is read, in bytes: Wireshark's own limit for the link types known here.
pub const MAX_FRAME_LEN: usize = 262_144;

/// What a source has to say when it is asked for the next frame.
#[derive(Debug)]
pub enum Event<'a> {
    /// The next frame.
    Frame(Frame<'a>),
    /// Nothing now; ask again. Live sources and pipes say this.
    Idle,
    /// No more frames will come.
    End,
}

/// Something that frames come from.
pub trait Source {
    /// The next frame, which borrows the source's buffer until the next call. After an error there is nothing more.
    fn next_event(&mut self) -> Result<Event<'_>, SourceError>;

    /// After [`Event::Idle`], sleeps until there may be something, for a few hundredths of a second at most.
    fn wait(&mut self) {}

    /// The files that it reads, whose positions say how far; none for a pipe.
    fn files(&self) -> Vec<&File> {
        Vec::new()
    }

    /// What somebody wrote about what has been read so far.
    fn remarks(&self) -> Remarks {
        Remarks::default()
    }
}

/// Why frames can't be had. Each names the capture or device, and says what to do where there is something to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum SourceError {
    #[error("{name}: {}", open_advice(cause))]
    Open { name: String, cause: io::Error },
    #[error("{name}: {}", tr!("files-directory"))]
    Directory { name: String },
    #[error("{name}: {}", tr!("files-empty"))]
    Empty { name: String },
    #[error("{name}: {}{}", tr!("files-not-a-capture", begins = begins.to_string()), unread_advice(begins))]
    NotACapture { name: String, begins: Beginning },
    #[error("{name}: {}", no_capture_within(*compression, begins.as_ref()))]
    NoCaptureWithin { name: String, compression: Compression, begins: Option<Beginning> },
    #[error("{name}: {}", tr!("files-cut", offset = at(*offset, *within), what = *what, need = *need, have = *have))]
    Cut { name: String, offset: u64, within: Option<Compression>, what: &'static str, need: u64, have: u64 },
    #[error("{name}: {}", tr!("files-damaged", offset = at(*offset, *within), what = what.as_str()))]
    Damaged { name: String, offset: u64, within: Option<Compression>, what: String },
    #[error("{name}: {}", tr!("files-compressed-cut", offset = *offset, compression = compression.name()))]
    CompressedCut { name: String, compression: Compression, offset: u64 },
    #[error("{name}: {}", undecompressed(*compression, *offset, what))]
    Undecompressed { name: String, compression: Compression, offset: u64, what: String },
    #[error("{name}: {}", tr!("files-read", offset = at(*offset, *within), cause = cause.to_string()))]
    Read { name: String, offset: u64, within: Option<Compression>, cause: io::Error },
    #[error("{name}: {advice}")]
    Device { name: String, advice: String },
    #[error("{name}: {denial}")]
    Denied { name: String, denial: Denial },
    #[error("{}", tr!("errors-filter", expression = expression.as_str(), reason = reason.as_str()))]
    Filter { expression: String, reason: String },
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error("{}", tr!("errors-no-libpcap", what = *what))]
    NoLibpcap { what: &'static str },
}

/// The first bytes of something that is not a capture, shown as text where they are text, else in hex.
#[derive(Debug)]
pub struct Beginning(pub [u8; 4]);

impl std::fmt::Display for Beginning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.iter().all(|b| (b' '..=b'~').contains(b)) {
            f.write_str(&tr!("files-begins-text", text = String::from_utf8_lossy(&self.0)))
        } else {
            f.write_str(&tr!("files-begins-bytes", bytes = format!("{:08x}", u32::from_be_bytes(self.0))))
        }
    }
}

/// An offset in the file, or in what the file decompresses to.
fn at(offset: u64, within: Option<Compression>) -> String {
    match within {
        None => offset.to_string(),
        Some(compression) => tr!("files-within", offset = offset, compression = compression.name()),
    }
}

fn no_capture_within(compression: Compression, begins: Option<&Beginning>) -> String {
    let compression = compression.name();
    match begins {
        None => tr!("files-no-capture", compression = compression),
        Some(begins) => tr!("files-no-capture-but", compression = compression, begins = begins.to_string()),
    }
}

fn undecompressed(compression: Compression, offset: u64, what: &str) -> String {
    tr!("files-compressed-damaged", compression = compression.name(), offset = offset, what = what)
}

fn open_advice(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => tr!("errors-no-file"),
        io::ErrorKind::PermissionDenied => {
            let command = if HERE == Family::Windows { "icacls" } else { "ls -l" };
            tr!("errors-no-permission", command = command)
        }
        _ => error.to_string(),
    }
}

/// How to read what is compressed in a way that is not read here.
fn unread_advice(begins: &Beginning) -> String {
    let (kind, command) = match begins.0 {
        [0xfd, b'7', b'z', b'X'] => ("xz", "xz -dc"),
        [b'B', b'Z', b'h', _] => ("bzip2", "bzip2 -dc"),
        [b'P', b'K', 3, 4] => ("ZIP", "unzip -p"),
        [b'7', b'z', 0xbc, 0xaf] => ("7z", "7z e -so"),
        [0x02, 0x21, 0x4c, 0x18] => ("LZ4 (legacy)", "lz4 -dc"),
        _ => return String::new(),
    };
    format!("; {}", tr!("files-unread", kind = kind, command = command))
}
