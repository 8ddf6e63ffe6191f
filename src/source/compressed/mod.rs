//! Compressed captures: gzip, Zstandard and LZ4, told by their first bytes and decompressed while they are read.
//!
//! A file is members one after the other, each in a format of its own: gzip calls them so, the others say frames. They
//! are read in order, and what says of itself that it may be skipped is skipped. Nothing is held but what a format's
//! window asks for, which is capped. Where it breaks off, everything before has been handed out. Knows no captures.
//! Formats: RFC 1952, RFC 8878, `lz4_Frame_format.md` of the LZ4 project; one file each.

use std::fmt;
use std::io::{self, Read};

use super::buffer::{Window, resting};
use crate::bytes::chunk;
use crate::tr;

mod gzip;
mod lz4;
mod zstandard;

/// The first bytes of a part that every reader skips, in Zstandard and in LZ4; its low half byte says nothing.
const SKIPPABLE: u32 = 0x184d_2a50;

/// How many members that hold nothing are read in one go: whoever reads a file of millions may want to stop.
const MAX_EMPTY: u32 = 1_024;

/// A format of compressed files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstandard,
    /// The frame format, not that of old kernels.
    Lz4,
}

/// What some bytes begin.
#[derive(Clone, Copy)]
enum Begins {
    Member(Compression),
    Skippable,
}

impl Compression {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "Zstandard",
            Self::Lz4 => "LZ4",
        }
    }
}

fn begins(bytes: &[u8]) -> Option<Begins> {
    let magic = chunk(bytes, 0);
    match magic? {
        [0x1f, 0x8b, _, _] => Some(Begins::Member(Compression::Gzip)),
        [0x28, 0xb5, 0x2f, 0xfd] => Some(Begins::Member(Compression::Zstandard)),
        [0x04, 0x22, 0x4d, 0x18] => Some(Begins::Member(Compression::Lz4)),
        other => (u32::from_le_bytes(other) & !0xf == SKIPPABLE).then_some(Begins::Skippable),
    }
}

/// The format whose first bytes these are. What can be skipped belongs to two of them, and mostly to Zstandard.
pub(super) fn compression(bytes: &[u8]) -> Option<Compression> {
    Some(match begins(bytes)? {
        Begins::Member(compression) => compression,
        Begins::Skippable => Compression::Zstandard,
    })
}

/// Why a compressed stream can't be read on, and how far it was read.
#[derive(Debug, thiserror::Error)]
#[error("byte {offset}: {fault}")]
pub(super) struct Broken {
    pub compression: Compression,
    /// In the compressed stream.
    pub offset: u64,
    pub fault: Fault,
}

/// What is wrong with a member.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The stream ends inside it.
    #[error("cut short")]
    Cut,
    /// It says something that can't be, or that is not read.
    #[error("{0}")]
    Damaged(String),
    /// The stream could not be read.
    #[error(transparent)]
    Read(#[from] io::Error),
}

/// The compressed bytes, and how reading them went: decoders have errors of their own.
pub(super) struct Feed<R> {
    window: Window<R>,
    met_end: bool,
    failure: Option<io::Error>,
}

impl<R: Read> Feed<R> {
    /// At least one byte, or none at the end.
    fn peek(&mut self, need: usize) -> io::Result<&[u8]> {
        self.met_end |= !self.window.fill(need)?;
        Ok(self.window.peek())
    }

    /// What a decoder's error stands for.
    fn fault(&mut self, error: &impl fmt::Display) -> Fault {
        match self.failure.take() {
            Some(cause) => Fault::Read(cause),
            None if self.met_end => Fault::Cut,
            None => Fault::Damaged(error.to_string()),
        }
    }
}

impl<R: Read> Read for Feed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        match self.peek(1).map(<[u8]>::len) {
            Ok(0) => Ok(0),
            Ok(some) => {
                let bytes = self.window.take(some.min(into.len()));
                let len = bytes.len();
                into.get_mut(..len).unwrap_or_default().copy_from_slice(bytes);
                Ok(len)
            }
            Err(error) => {
                let kind = error.kind();
                self.failure = Some(error);
                Err(kind.into())
            }
        }
    }
}

/// A member being decompressed, which has the feed until its end.
trait Member<R> {
    /// Its next bytes; none at its end.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Fault>;
    fn feed(&self) -> &Feed<R>;
    fn into_feed(self: Box<Self>) -> Feed<R>;
}

/// The decompressed bytes of a stream.
pub(super) struct Decompressed<R> {
    state: State<R>,
    /// Of the member that is, or was last, read.
    compression: Compression,
    /// How many members have ended since there was something.
    ended: u32,
}

enum State<R> {
    Between(Feed<R>),
    Inside(Box<dyn Member<R>>),
    Ended,
}

impl<R: Read + 'static> Decompressed<R> {
    /// A stream of which the window has taken nothing yet.
    pub fn new(window: Window<R>, compression: Compression) -> Self {
        Self { state: State::Between(Feed { window, met_end: false, failure: None }), compression, ended: 0 }
    }

    /// What was wrong, and where.
    fn broken(&self, offset: u64, fault: Fault) -> io::Error {
        match fault {
            Fault::Read(cause) => cause,
            fault => io::Error::other(Broken { compression: self.compression, offset, fault }),
        }
    }

    /// Begins the next member, if there is one.
    fn begin(&mut self, mut feed: Feed<R>) -> io::Result<State<R>> {
        loop {
            if skip_padding(&mut feed)? {
                return Ok(State::Ended);
            }
            let offset = feed.window.offset();
            let begins = begins(feed.peek(4)?);
            match begins {
                Some(Begins::Member(compression)) => {
                    self.compression = compression;
                    let member: Result<Box<dyn Member<R>>, Fault> = match compression {
                        Compression::Gzip => Ok(Box::new(gzip::Gzip::new(feed))),
                        Compression::Zstandard => zstandard::Zstandard::open(feed).map(|member| Box::new(member) as _),
                        Compression::Lz4 => Ok(Box::new(lz4::Lz4::new(feed))),
                    };
                    return member.map(State::Inside).map_err(|fault| self.broken(offset, fault));
                }
                Some(Begins::Skippable) if skip(&mut feed)? => {}
                Some(Begins::Skippable) => return Err(self.broken(feed.window.offset(), Fault::Cut)),
                None if feed.met_end => return Err(self.broken(offset, Fault::Cut)),
                None => {
                    return Err(self.broken(offset, Fault::Damaged(tr!("files-no-part"))));
                }
            }
        }
    }
}

/// Passes over zeros, which tapes and disks leave behind a file; whether that was all.
fn skip_padding<R: Read>(feed: &mut Feed<R>) -> io::Result<bool> {
    loop {
        let bytes = feed.peek(1)?;
        let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
        let (is_end, is_padding) = (bytes.is_empty(), zeros == bytes.len());
        feed.window.take(zeros);
        if is_end || !is_padding {
            return Ok(is_end);
        }
    }
}

/// Passes over what says that it can be skipped; false where the stream ends inside it.
fn skip<R: Read>(feed: &mut Feed<R>) -> io::Result<bool> {
    let Some(len) = chunk(feed.peek(8)?, 4).map(u32::from_le_bytes) else { return Ok(false) };
    feed.window.take(8);
    let mut rest = len as usize;
    while rest > 0 {
        let some = feed.peek(1)?.len().min(rest);
        if some == 0 {
            return Ok(false);
        }
        feed.window.take(some);
        rest = rest.saturating_sub(some);
    }
    Ok(true)
}

impl<R: Read + 'static> Read for Decompressed<R> {
    /// After an error there is nothing more, unless it only says that nothing came of many members.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.ended > MAX_EMPTY {
                self.ended = 0;
                return Err(resting());
            }
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(0),
                State::Between(feed) => self.begin(feed)?,
                State::Inside(mut member) => match member.read(into) {
                    Ok(0) => {
                        self.ended = self.ended.saturating_add(1);
                        State::Between(member.into_feed())
                    }
                    Ok(len) => {
                        self.state = State::Inside(member);
                        self.ended = 0;
                        return Ok(len);
                    }
                    Err(fault) => return Err(self.broken(member.feed().window.offset(), fault)),
                },
            };
        }
    }
}
