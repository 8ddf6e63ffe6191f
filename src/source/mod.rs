//! Where frames come from: saved captures and live devices, behind one trait.
//!
//! A source hands out one [`Frame`] at a time, lent from its own buffer, numbered from 1 as Wireshark numbers them. It
//! knows files, devices and their formats, and nothing of what the bytes of a frame mean. Errors name the capture, the
//! byte offset and what is wrong; every whole frame before the damage has been handed out by then.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use std::io;

#[cfg(feature = "live")]
mod backlog;
pub mod bpf;
mod buffer;
mod fields;
pub mod file;
pub mod frame;
#[cfg(feature = "live")]
mod gather;
#[cfg(feature = "live")]
pub mod live;
mod pcap;
mod pcapng;
mod place;
pub mod save;

pub use frame::{Frame, LinkType, Record};

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
}

/// Why frames can't be had. Each names the capture or device, and says what to do where there is something to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum SourceError {
    #[error("{name}: {}", open_advice(cause))]
    Open { name: String, cause: io::Error },
    #[error("{name}: is a directory; name a capture file in it")]
    Directory { name: String },
    #[error("{name}: is empty, not a capture; was the capture stopped before its first packet was written?")]
    Empty { name: String },
    #[error("{name}: is not a capture (neither pcap nor pcapng): it begins with {begins}{}", compressed_advice(begins))]
    NotACapture { name: String, begins: Beginning },
    #[error("{name}: cut short at byte {offset}: {what} needs {need} bytes, {have} are left")]
    Cut { name: String, offset: u64, what: &'static str, need: u64, have: u64 },
    #[error("{name}: damaged at byte {offset}: {what}; what follows can't be read")]
    Damaged { name: String, offset: u64, what: String },
    #[error("{name}: reading failed at byte {offset}: {cause}")]
    Read { name: String, offset: u64, cause: io::Error },
    #[error("{name}: {advice}")]
    Device { name: String, advice: String },
    #[error("bad capture filter `{expression}`: {reason}; pcap-filter(7) has the syntax, for example `udp port 8080`")]
    Filter { expression: String, reason: String },
    #[error("this build has no libpcap: {what} needs it; build with the default features")]
    NoLibpcap { what: &'static str },
}

/// The first bytes of something that is not a capture, shown as text where they are text, else in hex.
#[derive(Debug)]
pub struct Beginning(pub [u8; 4]);

impl std::fmt::Display for Beginning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.iter().all(|b| (b' '..=b'~').contains(b)) {
            write!(f, "the text `{}`", String::from_utf8_lossy(&self.0))
        } else {
            write!(f, "the bytes {:08x}", u32::from_be_bytes(self.0))
        }
    }
}

fn open_advice(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it; try `ls -l` on it".to_owned(),
        _ => error.to_string(),
    }
}

fn compressed_advice(begins: &Beginning) -> &'static str {
    match begins.0 {
        [0x1f, 0x8b, ..] => "; it is gzip: `gunzip -c FILE | loopshark read -`",
        [0x28, 0xb5, 0x2f, 0xfd] => "; it is Zstandard: `zstd -dc FILE | loopshark read -`",
        [0x04, 0x22, 0x4d, 0x18] => "; it is LZ4: `lz4 -dc FILE | loopshark read -`",
        _ => "",
    }
}
