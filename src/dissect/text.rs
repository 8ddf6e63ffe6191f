//! Text out of untrusted bytes: what a terminal would obey is written as an escape instead.
//!
//! Knows nothing of where the bytes stood.

/// Appends bytes as printable ASCII; anything else becomes a backslash and three octal digits, as in Wireshark.
pub(super) fn write_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b' '..=b'~' => out.push(byte),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => {
                let digit = |shift: u32| b'0' | ((byte.wrapping_shr(shift)) & 7);
                out.extend_from_slice(&[b'\\', digit(6), digit(3), digit(0)]);
            }
        }
    }
}

/// Appends a decimal number.
pub(super) fn write_number(out: &mut Vec<u8>, number: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
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
        super::write_escaped(&mut out, b"a\x1b[31m\x07\n\x9b\xc3\xa9");
        assert_eq!(out, br"a\033[31m\007\n\233\303\251");
    }
}
