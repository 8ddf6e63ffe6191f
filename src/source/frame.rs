//! A frame as it was captured: its bytes, and what the capture says about them.
//!
//! Must not know how captures are stored or what the bytes mean. Link types are the numbers of the registry at
//! tcpdump.org (LINKTYPE values, as saved in files).

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
}
