//! Decimal numbers and short texts, appended to a row: a handful of them a frame.
//!
//! A short text travels in an array of fixed size with its length beside it. The array is appended whole and what is too
//! much of it is taken off again, since a copy of known size is a store, and one of unknown size a call. Knows nothing of
//! what the numbers count.

/// Numbers below this have at most [`EIGHT`] digits.
const LIMIT: u64 = 100_000_000;
const EIGHT: usize = 8;
/// `0` in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Appends the first `len` bytes of `text`.
#[inline]
pub fn append<const N: usize>(out: &mut Vec<u8>, text: &[u8; N], len: usize) {
    let end = out.len().saturating_add(len.min(N));
    out.extend_from_slice(text);
    out.truncate(end);
}

/// Appends a number.
#[inline]
pub fn write_number(out: &mut Vec<u8>, number: impl Into<u64>) {
    let number = number.into();
    if number >= LIMIT {
        return out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }
    let digits = digits(number);
    // The last digit is there whatever it is.
    let zeros = (digits.trailing_zeros() / 8).min(7);
    append(out, &((digits | ZEROS) >> (8 * zeros)).to_le_bytes(), EIGHT - zeros as usize);
}

/// Appends a point and the first `count` of the nine digits of a fraction, in billionths; nothing of no digits.
#[inline]
pub fn write_fraction(out: &mut Vec<u8>, billionths: u64, count: u8) {
    if count == 0 {
        return;
    }
    let first = u128::from(digits(billionths / 10 % LIMIT) | ZEROS);
    let last = u128::from(billionths % 10) | 0x30;
    append(out, &(u128::from(b'.') | (first << 8) | (last << 72)).to_le_bytes(), 1 + usize::from(count.min(9)));
}

/// The eight digits of a number below [`LIMIT`], the first in the lowest byte. Halves, quarters and eighths of the word
/// are divided side by side: a quotient stays where its dividend was, the remainder goes above it.
#[inline]
fn digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    // 10486 / 2^20 is a hundredth, and 103 / 2^10 a tenth, as exactly as numbers below 10,000 and below 100 need it.
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - tens * 10) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b"<".to_vec();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_what_the_standard_library_makes_of_them() {
        let around_powers = (0..20).flat_map(|n| {
            let power = 10_u64.pow(n);
            [power - 1, power, power + 1, power.wrapping_mul(7), power.wrapping_mul(9)]
        });
        for number in around_powers.chain(0..=10_100).chain([99_999_999, u64::MAX]) {
            assert_eq!(written(|out| write_number(out, number)), format!("<{number}"));
        }
    }

    #[test]
    fn fractions_have_the_digits_asked_for() {
        for (billionths, count, text) in [
            (0, 9, "<.000000000"),
            (123_456_789, 9, "<.123456789"),
            (999_999_999, 6, "<.999999"),
            (1_000, 6, "<.000001"),
            (1, 1, "<.0"),
            (5, 0, "<"),
        ] {
            assert_eq!(written(|out| write_fraction(out, billionths, count)), text);
        }
    }

    #[test]
    fn text_is_cut_to_its_length() {
        assert_eq!(written(|out| append(out, b"abcdefgh", 3)), "<abc");
        assert_eq!(written(|out| append(out, b"ab", 9)), "<ab");
    }
}
