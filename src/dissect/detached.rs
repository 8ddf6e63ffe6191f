//! Info columns that have to outlive their frames: as few bytes as they need, side by side.
//!
//! A plain datagram's header needs none, a segment its own header, and all others are written out. They come back in the
//! order in which they went in.

use super::info::{Content, Info};
use super::tcp::Segment;
use super::udp;

/// Columns that wait.
#[derive(Default)]
pub struct Infos {
    bytes: Vec<u8>,
    segments: Vec<Segment<'static>>,
}

/// What is kept of a column elsewhere than in [`Infos`].
#[derive(Clone, Copy, Debug)]
pub enum Detached {
    /// All of a plain datagram.
    Udp(udp::Header),
    /// The length of a segment's header.
    Tcp(usize),
    /// The length of the text.
    Text(usize),
}

/// Columns on their way back.
pub struct Attaching<'i> {
    bytes: &'i [u8],
    segments: std::vec::Drain<'i, Segment<'static>>,
}

impl Infos {
    /// Takes a column in.
    #[inline]
    pub fn push(&mut self, info: &Info<'_>) -> Detached {
        if let Some(header) = info.plain_udp() {
            return Detached::Udp(header);
        }
        if let Some((segment, header)) = info.plain_tcp().and_then(Segment::detach) {
            self.segments.push(segment);
            self.bytes.extend_from_slice(header);
            return Detached::Tcp(header.len());
        }
        let start = self.bytes.len();
        info.write(&mut self.bytes);
        Detached::Text(self.bytes.len().saturating_sub(start))
    }

    /// How many bytes are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether no bytes are kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Lends the columns, from the first on.
    pub fn attach(&mut self) -> Attaching<'_> {
        Attaching { bytes: &self.bytes, segments: self.segments.drain(..) }
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.segments.clear();
    }
}

impl<'i> Attaching<'i> {
    /// The next column.
    #[inline]
    pub fn next(&mut self, detached: Detached) -> Info<'i> {
        match detached {
            Detached::Udp(header) => header.into(),
            Detached::Text(len) => Info::written(self.take(len)),
            Detached::Tcp(len) => {
                let header = self.take(len);
                self.segments.next().map_or_else(|| "".into(), |segment| Content::Tcp(segment.attach(header)).into())
            }
        }
    }

    fn take(&mut self, len: usize) -> &'i [u8] {
        let (taken, rest) = self.bytes.split_at_checked(len).unwrap_or((self.bytes, &[]));
        self.bytes = rest;
        taken
    }
}
