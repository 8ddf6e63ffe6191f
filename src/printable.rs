//! What may be shown as it is, and how all else is written: the one rule for text out of captures and reports, names of
//! files, interfaces and programs, and words of other programs, wherever it goes.
//!
//! Nothing moves a cursor, begins a new line, turns the direction of writing or hides. What would is written as an escape,
//! as in Wireshark's rows: a letter or three octal digits for ASCII, the hexadecimal number of any other character. What
//! was escaped once stays as it is. Knows no format: what a format has a use for is `output/escape.rs`'s.
//! Sources: `format_text` in Wireshark's `wsutil/str_util.c`; Unicode's general categories, UAX #44.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use std::io::Write as _;

/// The text that these bytes are, with nothing in it that a terminal would obey.
#[must_use]
pub fn printable(bytes: impl AsRef<[u8]>) -> String {
    let mut out = Vec::new();
    write_utf8(&mut out, bytes.as_ref());
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends text from the wire as Wireshark does, which reads the oldest UTF-8: up to six bytes a character, and as many as
/// it likes. What is no character becomes U+FFFD.
pub(crate) fn write_text(out: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        match first {
            b' '..=b'~' => out.push(first),
            0x80.. => {
                let character = take_number(first, &mut bytes).and_then(char::from_u32);
                write_wide(out, character.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            control => write_control(out, control),
        }
    }
}

/// Appends text in UTF-8, read as browsers and Node read it: each piece that is none becomes one U+FFFD.
pub(crate) fn write_utf8(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return out.extend_from_slice(bytes);
    }
    each(bytes, |character| write_character(out, character));
}

/// Each character of a text in UTF-8, U+FFFD in the place of what is none.
pub(crate) fn each(bytes: &[u8], mut take: impl FnMut(char)) {
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(&mut take);
        if !chunk.invalid().is_empty() {
            take(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Appends a character, or the escape in its place.
pub(crate) fn write_character(out: &mut Vec<u8>, character: char) {
    match u8::try_from(character) {
        Ok(control @ (..b' ' | 0x7f)) => write_control(out, control),
        _ => write_wide(out, character),
    }
}

/// The same for one of several bytes, whose escape is always a number.
fn write_wide(out: &mut Vec<u8>, character: char) {
    if is_printable(character) {
        return out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    let number = u32::from(character);
    // Writing into a Vec cannot fail.
    let _ = if number <= 0xffff { write!(out, "\\u{number:04X}") } else { write!(out, "\\U{number:08X}") };
}

fn write_control(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        0x07 => b'a',
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0b => b'v',
        0x0c => b'f',
        b'\r' => b'r',
        _ => return write_octal(out, byte),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn write_octal(out: &mut Vec<u8>, byte: u8) {
    let digit = |shift: u32| b'0' | ((byte.wrapping_shr(shift)) & 7);
    out.extend_from_slice(&[b'\\', digit(6), digit(3), digit(0)]);
}

/// Takes the bytes that follow the first of a character off `rest`, up to the six of the oldest UTF-8, and returns the
/// character's number; `None` where they are not as many as the first byte says. A number may have more bytes than it
/// needs.
fn take_number(first: u8, rest: &mut &[u8]) -> Option<u32> {
    let ones = first.leading_ones();
    let following = ones.checked_sub(1).filter(|following| (1..=5).contains(following))?;
    let mut number = u32::from(first & 0x7f_u8.wrapping_shr(ones));
    for _ in 0..following {
        let (&byte, after) = rest.split_first().filter(|(byte, _)| **byte & 0xc0 == 0x80)?;
        number = number.wrapping_shl(6) | u32::from(byte & 0x3f);
        *rest = after;
    }
    Some(number)
}

/// Whether the character is neither control nor format, and assigned; nor one that ends a line, which Wireshark lets
/// through.
#[inline]
pub(crate) fn is_printable(character: char) -> bool {
    // ASCII, arrows and operators are in every row.
    matches!(character, ' '..='~' | '\u{2190}'..='\u{22ff}') || is_rare_and_printable(character)
}

/// The standard library's notion of it leaves out spaces and private characters, too, and those that join the one before
/// unless there is one.
fn is_rare_and_printable(character: char) -> bool {
    match character {
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}' => true,
        '\u{2028}' | '\u{2029}' => false,
        _ if character.is_control() => false,
        _ if character.is_whitespace() => true,
        _ => {
            character.escape_debug().len() == 1
                || String::from_iter(['a', character]).escape_debug().nth(1) == Some(character)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        write_text(&mut out, bytes);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_a_terminal_obeys_comes_through() {
        assert_eq!(shown(b"a\x1b[31m\x07\n\x9b\xc2\x9b"), "a\\033[31m\\a\\n\u{fffd}\\u009B");
        assert_eq!(printable(b"a\x1b[31m\x07\n\x9b\xc2\x9b"), "a\\033[31m\\a\\n\u{fffd}\\u009B");
    }

    #[test]
    fn characters_are_kept_where_they_can_be_printed() {
        let kept = "小 é e\u{301} \u{301} \u{2003} \u{e000} \u{10fffd} 😀 → ≠";
        assert_eq!((shown(kept.as_bytes()).as_str(), printable(kept).as_str()), (kept, kept));
        assert_eq!(shown("\u{9b}\u{ad}\u{202e}\u{200c}\u{e0001}".as_bytes()), r"\u009B\u00AD\u202E\u200C\U000E0001");
        assert_eq!(shown(b"\x1b\x07\x7f\n"), r"\033\a\177\n");
        assert_eq!(shown(b"\xc3a\xff\xe2\x82"), "\u{fffd}a\u{fffd}\u{fffd}");
        assert_eq!(shown(b"\xc1\x81\xc0\x9b"), r"A\u001B");
    }

    #[test]
    fn what_ends_a_line_turns_it_or_hides_in_it_is_told_by_its_number() {
        let hidden = "\u{85}\u{2028}\u{2029}\u{200b}\u{feff}\u{61c}\u{200e}\u{200f}\u{202a}\u{2066}\u{2069}";
        let told = r"\u0085\u2028\u2029\u200B\uFEFF\u061C\u200E\u200F\u202A\u2066\u2069";
        assert_eq!((shown(hidden.as_bytes()).as_str(), printable(hidden).as_str()), (told, told));
    }

    #[test]
    fn pieces_that_are_no_utf_8_are_counted_as_elsewhere() {
        let odd = b"a\xc3\xf0\x9f\x98 ~\xff";
        assert_eq!(printable(odd), String::from_utf8_lossy(odd));
    }

    proptest! {
        #[test]
        fn any_bytes_become_printable_text_that_stays_as_it_is(
            bytes in prop_oneof![any::<Vec<u8>>(), any::<String>().prop_map(String::into_bytes)],
        ) {
            for text in [shown(&bytes), printable(&bytes)] {
                prop_assert!(text.chars().all(is_printable), "{text:?}");
                prop_assert_eq!(printable(&text), text);
            }
        }
    }
}
