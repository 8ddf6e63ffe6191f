//! Checked reads of fixed-width fields from untrusted bytes.
//!
//! Every read says `None` past the end instead of panicking; who reads decides what a missing field means.
//! Knows no format: offsets and meaning belong to the callers.

/// Big-endian (network order) 16 bits at byte offset `at`.
#[must_use]
pub fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    chunk(bytes, at).map(u16::from_be_bytes)
}

/// Big-endian (network order) 32 bits at byte offset `at`.
#[must_use]
pub fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    chunk(bytes, at).map(u32::from_be_bytes)
}

/// The `N` bytes that begin at byte offset `at`.
#[must_use]
pub fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_inside_and_refuses_past_the_end() {
        let bytes = [1, 2, 3, 4, 5];
        assert_eq!(be16(&bytes, 3), Some(0x0405));
        assert_eq!(be16(&bytes, 4), None);
        assert_eq!(be32(&bytes, 1), Some(0x0203_0405));
        assert_eq!(be32(&bytes, usize::MAX), None);
    }
}
