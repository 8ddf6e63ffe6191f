//! A writer behind one reused buffer: rows are put together in memory and handed on in large pieces.

use std::io::{self, Write};

/// How many bytes are held back before they are written.
const SPILL: usize = 64 * 1024;

/// The buffer and the writer.
pub(super) struct Sink {
    /// What is held back; append to it, then call [`Sink::line`] or [`Sink::spill`].
    pub buffer: Vec<u8>,
    writer: Box<dyn Write>,
}

impl Sink {
    pub fn new(writer: Box<dyn Write>) -> Self {
        Self { buffer: Vec::with_capacity(2 * SPILL), writer }
    }

    /// Ends a line.
    pub fn line(&mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        self.spill()
    }

    /// Appends a line.
    pub fn text_line(&mut self, text: &str) -> io::Result<()> {
        self.buffer.extend_from_slice(text.as_bytes());
        self.line()
    }

    /// Writes, where enough is held back.
    pub fn spill(&mut self) -> io::Result<()> {
        if self.buffer.len() >= SPILL { self.write() } else { Ok(()) }
    }

    /// Writes all that is held back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.write()?;
        self.writer.flush()
    }

    fn write(&mut self) -> io::Result<()> {
        let written = self.writer.write_all(&self.buffer);
        self.buffer.clear();
        written
    }
}
