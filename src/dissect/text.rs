//! Text out of untrusted bytes: what a terminal would obey is written as an escape instead.
//!
//! Knows nothing of where the bytes stood.

use std::fmt::Arguments;
use std::io::Write as _;

pub(super) use crate::decimal::write_number;

/// Appends text in UTF-8. What can't be printed becomes an escape, as in Wireshark: a letter or three octal digits for
/// ASCII, the hexadecimal number of any other character. What is no character becomes U+FFFD.
pub(super) fn write_text(out: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        match first {
            b' '..=b'~' => out.push(first),
            0x80.. => {
                let number = take_number(first, &mut bytes);
                write_character(out, number);
            }
            control => write_control(out, control),
        }
    }
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

fn write_character(out: &mut Vec<u8>, number: Option<u32>) {
    let character = number.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
    if is_printable(character) {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    } else if character <= '\u{ffff}' {
        write_format(out, format_args!("\\u{:04X}", u32::from(character)));
    } else {
        write_format(out, format_args!("\\U{:08X}", u32::from(character)));
    }
}

/// Whether the character is neither control nor format, and assigned. The standard library's notion of it leaves out
/// spaces and private characters, too, and those that join the one before unless there is one.
fn is_printable(character: char) -> bool {
    match character {
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}' => true,
        _ if character.is_control() => false,
        _ if character.is_ascii() || character.is_whitespace() => true,
        _ => {
            character.escape_debug().len() == 1
                || String::from_iter(['a', character]).escape_debug().nth(1) == Some(character)
        }
    }
}

/// The text that these bytes are, with nothing in it that a terminal would obey.
#[must_use]
pub fn printable(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    write_text(&mut out, bytes);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends what `format_args!` makes.
pub(super) fn write_format(out: &mut Vec<u8>, text: Arguments<'_>) {
    // Writing into a Vec cannot fail.
    drop(out.write_fmt(text));
}

/// Appends bytes as hexadecimal digits.
pub(super) fn write_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        write_format(out, format_args!("{byte:02x}"));
    }
}

/// Appends `src → dst`.
pub(super) fn write_ports(out: &mut Vec<u8>, src: u16, dst: u16) {
    write_number(out, src);
    out.extend_from_slice(" → ".as_bytes());
    write_number(out, dst);
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_a_terminal_obeys_comes_through() {
        let mut out = Vec::new();
        super::write_text(&mut out, b"a\x1b[31m\x07\n\x9b\xc2\x9b");
        assert_eq!(out, "a\\033[31m\\a\\n\u{fffd}\\u009B".as_bytes());
    }

    #[test]
    fn characters_are_kept_where_they_can_be_printed() {
        let shown = |bytes: &[u8]| {
            let mut out = Vec::new();
            super::write_text(&mut out, bytes);
            String::from_utf8(out).unwrap()
        };
        let kept = "小 é e\u{301} \u{301} \u{2003} \u{e000} \u{10fffd} 😀";
        assert_eq!(shown(kept.as_bytes()), kept);
        assert_eq!(shown("\u{9b}\u{ad}\u{202e}\u{200c}\u{e0001}".as_bytes()), r"\u009B\u00AD\u202E\u200C\U000E0001");
        assert_eq!(shown(b"\x1b\x07\x7f\n"), r"\033\a\177\n");
        assert_eq!(shown(b"\xc3a\xff\xe2\x82"), "\u{fffd}a\u{fffd}\u{fffd}");
        assert_eq!(shown(b"\xc1\x81\xc0\x9b"), r"A\u001B");
    }
}
