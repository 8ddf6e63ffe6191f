//! Fixed-width fields in either byte order, as capture files hold them.
//!
//! Reads past the end say `None`. Knows byte orders and nothing of the formats.

use pcap_file::Endianness;

use crate::bytes::chunk;

/// Bytes together with the order in which their fields were written.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The order that the writer's machine used.
    pub order: Endianness,
}

impl Fields<'_> {
    /// 16 bits at byte offset `at`.
    pub fn u16(self, at: usize) -> Option<u16> {
        let field = chunk(self.bytes, at)?;
        Some(if self.order.is_big() { u16::from_be_bytes(field) } else { u16::from_le_bytes(field) })
    }

    /// 32 bits at byte offset `at`.
    pub fn u32(self, at: usize) -> Option<u32> {
        let field = chunk(self.bytes, at)?;
        Some(if self.order.is_big() { u32::from_be_bytes(field) } else { u32::from_le_bytes(field) })
    }

    /// 64 bits at byte offset `at`.
    pub fn u64(self, at: usize) -> Option<u64> {
        let field = chunk(self.bytes, at)?;
        Some(if self.order.is_big() { u64::from_be_bytes(field) } else { u64::from_le_bytes(field) })
    }
}
