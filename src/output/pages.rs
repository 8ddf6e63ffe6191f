//! Frames one by one as text: details, dumps and explanations, an empty line behind each, as tshark prints them.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::notice_hidden;
use super::sink::Sink;
use crate::dissect::details::dump::write_dump;
use crate::views::{Hidden, Pages};

/// Frames as text.
pub struct TextPages(Sink, usize);

/// The widest that a paragraph gets, in columns: longer lines are hard to read.
const MAX_WIDTH: usize = 80;
/// What stands before a paragraph, and, as spaces, before its other lines.
const BULLET: &str = "  » ";

impl TextPages {
    /// Frames to this writer, on a screen that is so wide.
    #[must_use]
    pub fn new(writer: Box<dyn Write>, screen: Option<usize>) -> Self {
        Self(Sink::new(writer), screen.unwrap_or(MAX_WIDTH).min(MAX_WIDTH))
    }

    /// A paragraph, in lines that fit.
    fn paragraph(&mut self, text: &str) -> io::Result<()> {
        let mut line = BULLET.to_owned();
        let mut is_empty = true;
        for word in text.split_whitespace() {
            if !is_empty && line.width() + 1 + word.width() > self.1 {
                self.0.text_line(&line)?;
                line = " ".repeat(BULLET.width());
                is_empty = true;
            }
            line.push_str(if is_empty { "" } else { " " });
            line.push_str(word);
            is_empty = false;
        }
        self.0.text_line(&line)
    }
}

impl Pages for TextPages {
    fn details(&mut self, lines: &[u8]) -> io::Result<()> {
        self.0.buffer.extend_from_slice(lines);
        self.0.line()
    }

    fn dump(&mut self, sources: &[(&str, &[u8])]) -> io::Result<()> {
        for (name, bytes) in sources {
            if sources.len() > 1 {
                let plural = if bytes.len() == 1 { "" } else { "s" };
                writeln!(self.0.buffer, "{name} ({} byte{plural}):", bytes.len())?;
            }
            write_dump(&mut self.0.buffer, bytes);
        }
        self.0.line()
    }

    fn explanation(&mut self, paragraphs: &[String]) -> io::Result<()> {
        if paragraphs.is_empty() {
            return Ok(());
        }
        for paragraph in paragraphs {
            self.paragraph(paragraph)?;
        }
        self.0.line()
    }

    fn end(&mut self, hidden: &Hidden) -> io::Result<()> {
        notice_hidden(hidden);
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
