//! Pieces of text that many layers write: numbers, bytes, ports.
//!
//! Text from the wire goes through [`write_text`], which is the whole program's.

use std::fmt::Arguments;
use std::io::Write as _;

pub(super) use crate::decimal::write_number;
pub(super) use crate::printable::write_text;

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
