//! A frame as it was captured: its bytes, and what the capture says about them.
//!
//! Must not know how captures are stored or what the bytes mean. Link types are the numbers of the registry at
//! tcpdump.org (LINKTYPE values, as saved in files).

use crate::bytes::chunk;
use crate::time::Timestamp;

/// One captured frame: link layer bytes and capture metadata.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its place in the capture, from 1, as in Wireshark's No. column.
    pub number: u64,
    /// When it was captured; what has no time reads as 1970.
    pub time: Timestamp,
    /// Decimals that the capture's clock had: 6 for microseconds, 9 for nanoseconds; none where it has no time.
    pub time_digits: Option<u8>,
    /// What the capture keeps there.
    pub record: Record,
    /// Its length on the wire, in bytes; the snaplen may have cut `data` shorter.
    pub wire_len: u32,
    /// What its first header is.
    pub link_type: LinkType,
    /// The captured bytes.
    pub data: &'a [u8],
    /// What somebody wrote about it.
    pub comments: Comments<'a>,
}

/// The comments that a capture has of a frame, in the options of its block (pcapng, section 3.5). They are looked for
/// when they are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Comments<'a> {
    /// All options of the block, comments or not.
    pub options: &'a [u8],
    /// Whether numbers in it are written with their big end first.
    pub big_endian: bool,
}

impl<'a> Comments<'a> {
    /// Whether there can't be any: said at once, of nearly all frames.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.options.is_empty()
    }

    /// The comments in their order; options that are damaged end them.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.options;
        std::iter::from_fn(move || {
            loop {
                let (code, len) = (self.u16(rest, 0)?, self.u16(rest, 2)?);
                let (value, behind) = rest.get(4..)?.split_at_checked(usize::from(len))?;
                rest = behind
                    .get(usize::from(len).next_multiple_of(4).saturating_sub(usize::from(len))..)
                    .unwrap_or_default();
                match code {
                    0 => return None,
                    Self::COMMENT => return Some(value),
                    _ => {}
                }
            }
        })
    }

    /// The option's code.
    pub const COMMENT: u16 = 1;

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let field = chunk(bytes, at)?;
        Some(if self.big_endian { u16::from_be_bytes(field) } else { u16::from_le_bytes(field) })
    }
}

/// What a capture can hold beside frames, and number like them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// A frame.
    #[default]
    Frame,
    /// A block of somebody's own.
    Custom {
        /// Whose: a number of the registry of private enterprises.
        enterprise: u32,
        /// Whether it may be copied where nothing is known of it.
        copied: bool,
    },
    /// An entry of a journal, or a system call.
    Other,
}

/// A link-layer header type, by its number in capture files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback, family word in the writer's byte order: Npcap's loopback adapter, macOS `lo0`.
    pub const NULL: Self = Self(0);
    /// Ethernet: Linux `lo`.
    pub const ETHERNET: Self = Self(1);
    /// BSD loopback, family word in network byte order.
    pub const LOOP: Self = Self(108);
    /// Raw IP, version from its first half byte.
    pub const RAW: Self = Self(101);
    /// Linux "cooked" capture: device `any`.
    pub const LINUX_SLL: Self = Self(113);
    /// Raw IPv4.
    pub const IPV4: Self = Self(228);
    /// Raw IPv6.
    pub const IPV6: Self = Self(229);
    /// Linux "cooked" capture, version 2: device `any` since libpcap 1.10.
    pub const LINUX_SLL2: Self = Self(276);

    /// From a file header's word, whose upper half holds FCS bits and the like.
    #[must_use]
    pub fn from_header(word: u32) -> Self {
        Self((word & 0xffff) as u16)
    }

    /// From a live handle's DLT, which equals the file's number but for raw IP, whose number differs by system.
    #[must_use]
    pub fn from_dlt(dlt: i32) -> Self {
        match dlt {
            12 | 14 => Self::RAW,
            other => u16::try_from(other).map_or(Self(u16::MAX), Self),
        }
    }

    /// The DLT that libpcap knows it by, on every system but OpenBSD.
    #[must_use]
    pub fn dlt(self) -> i32 {
        match self {
            Self::RAW | Self(14) => 12,
            other => other.0.into(),
        }
    }

    /// The registry's name, or `Unknown`.
    #[must_use]
    pub fn name(self) -> String {
        match pcap_file::DataLink::from(u32::from(self.0)) {
            pcap_file::DataLink::Unknown(_) => "Unknown".to_owned(),
            known => format!("{known:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_types_drop_fcs_bits_and_know_their_names() {
        assert_eq!(LinkType::from_header(0x1400_0001), LinkType::ETHERNET);
        assert_eq!(LinkType::from_dlt(12), LinkType::RAW);
        assert_eq!(LinkType::RAW.dlt(), 12);
        assert_eq!(LinkType(105).name(), "IEEE802_11");
        assert_eq!(LinkType(60_000).name(), "Unknown");
    }

    #[test]
    fn comments_are_found_among_options_and_damage_ends_them() {
        #[rustfmt::skip]
        let mut options = vec![
            2, 0, 4, 0, 0, 0, 0, 1,             // flags
            1, 0, 3, 0, b'u', b'n', b'o', 0,    // a comment and its padding
            1, 0, 2, 0, 0xff, b'x', 0, 0,       // one that is no text
            0, 0, 0, 0,                         // the end
            1, 0, 4, 0, b'n', b'o', b'n', b'e',
        ];
        let comments = |options: &[u8]| -> Vec<Vec<u8>> {
            Comments { options, big_endian: false }.iter().map(<[u8]>::to_vec).collect()
        };
        assert_eq!(comments(&options), [b"uno".to_vec(), vec![0xff, b'x']]);
        options.truncate(21);
        assert_eq!(comments(&options), [b"uno".to_vec()]);
        assert!(comments(&[]).is_empty());
    }
}
