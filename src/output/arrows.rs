//! Rows for a console whose letters have no arrow: `->` stands for `→`, as wide as two letters are.
//!
//! Rows reach a writer whole (`sink`), so that no arrow comes in two pieces.

use std::io::{self, Write};

/// What is replaced, and by what.
pub(super) const ARROW: &str = "→";
pub(super) const SPELLED: &str = "->";

/// A writer that spells arrows.
#[derive(Debug)]
pub struct Spelled<W> {
    writer: W,
    line: Vec<u8>,
}

impl<W: Write> Spelled<W> {
    /// Writes to this writer.
    pub fn new(writer: W) -> Self {
        Self { writer, line: Vec::new() }
    }
}

impl<W: Write> Write for Spelled<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.clear();
        let mut rest = bytes;
        while let Some(at) = rest.windows(ARROW.len()).position(|window| window == ARROW.as_bytes()) {
            self.line.extend_from_slice(&rest[..at]);
            self.line.extend_from_slice(SPELLED.as_bytes());
            rest = &rest[at + ARROW.len()..];
        }
        self.line.extend_from_slice(rest);
        self.writer.write_all(&self.line)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arrow_is_spelled_and_nothing_else() {
        let mut out = Spelled::new(Vec::new());
        out.write_all("60205 → 8080 Len=17 ↔ é\n→→".as_bytes()).unwrap();
        out.write_all(b"plain\n").unwrap();
        assert_eq!(String::from_utf8(out.writer).unwrap(), "60205 -> 8080 Len=17 ↔ é\n->->plain\n");
    }
}
