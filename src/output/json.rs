//! JSON that shows as what it is: a document may end up on a terminal, so that what can't be printed is written by number,
//! which JSON has for every character, and reads back as what it was.
//!
//! `serde_json` itself does so with the control characters of ASCII only. Format: RFC 8259, section 7.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::printable::is_printable;

/// Writes a document, without a line's end.
pub(super) fn write(out: &mut impl Write, document: &impl Serialize) -> io::Result<()> {
    document.serialize(&mut Serializer::with_formatter(out, Printable))?;
    Ok(())
}

/// The formatter.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((place, character)) = rest.char_indices().find(|(_, character)| !is_printable(*character)) {
            writer.write_all(&rest.as_bytes()[..place])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[place + character.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, &text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_can_t_be_printed_is_written_by_number() {
        assert_eq!(written("a\"\x1b\n\x7f\u{9b}\u{202e}é→"), r#""a\"\u001b\n\u007f\u009b\u202eé→""#);
        assert_eq!(written("\u{e0001}😀"), r#""\udb40\udc01😀""#);
    }

    proptest! {
        #[test]
        fn any_text_is_printable_and_reads_back_as_what_it_was(text: String) {
            let written = written(&text);
            prop_assert!(written.chars().all(is_printable), "{written:?}");
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
