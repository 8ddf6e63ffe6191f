//! Bytes as a dump: an offset, sixteen bytes in hexadecimal, and the letters that they are, in tshark's columns.

use std::io::Write as _;

/// Bytes in a row.
const ROW: usize = 16;

/// The rows of a dump, each with the place where its bytes begin, and how many these are.
pub(super) fn rows(bytes: &[u8]) -> impl Iterator<Item = (usize, usize, Vec<u8>)> {
    let digits = digits(bytes.len());
    bytes.chunks(ROW).zip((0_usize..).step_by(ROW)).map(move |(chunk, at)| (at, chunk.len(), row(at, digits, chunk)))
}

/// Appends a dump; a row ends with the last letter.
pub fn write_dump(out: &mut Vec<u8>, bytes: &[u8]) {
    for (_, _, row) in rows(bytes) {
        out.extend_from_slice(&row);
        out.push(b'\n');
    }
}

/// As many digits as the last offset needs, and at least four.
fn digits(len: usize) -> usize {
    let last = len.saturating_sub(1);
    if last == 0 { 4 } else { (last.ilog2() / 4).saturating_add(1).max(4) as usize }
}

fn row(at: usize, digits: usize, bytes: &[u8]) -> Vec<u8> {
    let mut row = Vec::with_capacity(80);
    // Writing into a Vec cannot fail.
    drop(write!(row, "{at:0digits$x} "));
    for byte in bytes {
        drop(write!(row, " {byte:02x}"));
    }
    let gap = ROW.saturating_sub(bytes.len()).saturating_mul(3).saturating_add(3);
    row.resize(row.len().saturating_add(gap), b' ');
    row.extend(bytes.iter().map(|byte| if matches!(byte, b' '..=b'~') { *byte } else { b'.' }));
    row
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_are_those_of_tshark() {
        let mut out = Vec::new();
        super::write_dump(&mut out, b"Mando paquete UDP\x1b");
        let rows = "0000  4d 61 6e 64 6f 20 70 61 71 75 65 74 65 20 55 44   Mando paquete UD\n\
                    0010  50 1b                                             P.\n";
        assert_eq!(String::from_utf8(out).unwrap(), rows);
    }

    #[test]
    fn offsets_have_as_many_digits_as_the_last_of_them_needs() {
        assert_eq!([0, 1, 0x1_0000, 0x1_0001, 0x10_0001].map(super::digits), [4, 4, 4, 5, 6]);
    }
}
