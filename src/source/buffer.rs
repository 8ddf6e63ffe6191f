//! The bytes of a stream, read in large pieces and lent in small ones.
//!
//! A record is asked for with [`Window::fill`] and taken with [`Window::take`]; the window grows to the largest record
//! asked for and no further, and counts the bytes taken, so that errors can say where. A window over a pipe says so
//! before a read that may sleep ([`Resting`]), so that whoever watches can be shown what there is. Knows no capture format.

use std::error::Error;
use std::io::{self, Read};

/// What one read asks of the stream, in bytes: as fast here as a map of the file, and it works on pipes.
const READ_LEN: usize = 256 * 1024;

/// A reader with its unread bytes in one slice.
pub struct Window<R> {
    reader: R,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    taken: u64,
    pauses: Pauses,
}

/// Whether a read may sleep.
#[derive(Clone, Copy)]
pub enum Pauses {
    /// No: a file.
    Never,
    /// Yes, unless this says that something is there.
    Unless(fn() -> bool),
    /// It was said so already: the next read is done.
    Told(fn() -> bool),
}

/// The next read may sleep, or nothing came of many. It is no failure: filling the window again reads.
#[derive(Debug, thiserror::Error)]
#[error("nothing is there yet")]
pub struct Resting;

/// The error that says so.
pub fn resting() -> io::Error {
    io::Error::new(io::ErrorKind::WouldBlock, Resting)
}

/// Whether an error only says that the next read may sleep.
pub fn is_resting(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock && error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<Resting>)
}

impl<R: Read> Window<R> {
    /// An empty window over the reader.
    pub fn new(reader: R) -> Self {
        Self { reader, bytes: vec![0; READ_LEN], start: 0, end: 0, taken: 0, pauses: Pauses::Never }
    }

    /// The same window, which says before a read that it may sleep.
    pub fn pausing(self, pauses: Pauses) -> Self {
        Self { pauses, ..self }
    }

    /// The bytes read and not taken yet.
    pub fn peek(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// How far the stream has been taken, in bytes from its start.
    pub fn offset(&self) -> u64 {
        self.taken
    }

    /// Reads until at least `need` bytes can be peeked at; false where the stream ends before.
    pub fn fill(&mut self, need: usize) -> io::Result<bool> {
        while self.peek().len() < need {
            if self.read_more(need)? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes `len` bytes, or as many as are there.
    pub fn take(&mut self, len: usize) -> &[u8] {
        let from = self.start;
        self.start = from.saturating_add(len).min(self.end);
        self.taken = self.taken.saturating_add(self.start.saturating_sub(from) as u64);
        self.bytes.get(from..self.start).unwrap_or_default()
    }

    fn read_more(&mut self, need: usize) -> io::Result<usize> {
        self.pause()?;
        self.bytes.copy_within(self.start..self.end, 0);
        self.end = self.end.saturating_sub(self.start);
        self.start = 0;
        if self.bytes.len() < need {
            self.bytes.resize(need, 0);
        }
        let read = loop {
            let free = self.bytes.get_mut(self.end..).unwrap_or_default();
            match self.reader.read(free) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                answer => break answer?,
            }
        };
        self.end = self.end.saturating_add(read);
        Ok(read)
    }
}

impl<R> Window<R> {
    fn pause(&mut self) -> io::Result<()> {
        match self.pauses {
            Pauses::Never => Ok(()),
            Pauses::Told(is_ready) => {
                self.pauses = Pauses::Unless(is_ready);
                Ok(())
            }
            Pauses::Unless(is_ready) if is_ready() => Ok(()),
            Pauses::Unless(is_ready) => {
                self.pauses = Pauses::Told(is_ready);
                Err(resting())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a call, as the slowest pipe would.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let some = self.0.len().min(1).min(into.len());
            into[..some].copy_from_slice(&self.0[..some]);
            self.0 = &self.0[some..];
            Ok(some)
        }
    }

    #[test]
    fn fills_across_short_reads_and_counts_what_is_taken() {
        let mut window = Window::new(Drip(b"abcdef"));
        assert!(window.fill(4).unwrap());
        assert_eq!(window.take(4), b"abcd");
        assert!(!window.fill(3).unwrap());
        assert_eq!(window.peek(), b"ef");
        assert_eq!(window.take(9), b"ef");
        assert_eq!(window.offset(), 6);
    }

    #[test]
    fn grows_for_a_record_larger_than_one_read() {
        let long = vec![7; READ_LEN * 2 + 1];
        let mut window = Window::new(&long[..]);
        assert!(window.fill(long.len()).unwrap());
        assert_eq!(window.take(long.len()), &long[..]);
    }

    #[test]
    fn a_pipe_rests_once_before_each_read_that_may_sleep_and_loses_nothing() {
        let mut window = Window::new(Drip(b"abc")).pausing(Pauses::Unless(|| false));
        for _ in 0..3 {
            assert!(is_resting(&window.fill(3).unwrap_err()));
        }
        assert!(window.fill(3).unwrap());
        let mut ready = Window::new(Drip(b"abc")).pausing(Pauses::Unless(|| true));
        assert!(ready.fill(3).unwrap());
        assert_eq!((window.take(3), ready.take(3)), (b"abc".as_slice(), b"abc".as_slice()));
    }
}
