//! Addresses as rows show them, and the pairs of endpoints that traffic runs between.
//!
//! An [`Endpoint`] is an address with a port; a [`FiveTuple`] is two of them in the direction of sending (the fifth
//! being the protocol, which the caller knows); a [`Conversation`] is the same pair without the direction.

use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::decimal::append;

/// What the Source and Destination columns hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Nothing: the link layer has no addresses.
    None,
    /// Nothing, and the link layer says so.
    NotApplicable,
    /// An IP address.
    Ip(IpAddr),
    /// A link-layer address.
    Mac([u8; 6]),
}

/// An IP address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// The address.
    pub addr: IpAddr,
    /// The UDP or TCP port.
    pub port: u16,
}

/// Where a datagram or segment comes from and goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FiveTuple {
    /// The sender.
    pub src: Endpoint,
    /// The receiver.
    pub dst: Endpoint,
}

/// Two endpoints that talk, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conversation {
    /// The endpoint that sorts first.
    pub low: Endpoint,
    /// The other one.
    pub high: Endpoint,
}

impl From<IpAddr> for Address {
    fn from(addr: IpAddr) -> Self {
        Self::Ip(addr)
    }
}

impl Address {
    /// Its last four bytes, in which most addresses differ.
    #[must_use]
    #[inline]
    pub fn bits(self) -> u32 {
        match self {
            Self::None | Self::NotApplicable => 0,
            Self::Ip(IpAddr::V4(addr)) => addr.to_bits(),
            #[allow(clippy::cast_possible_truncation)] // as meant
            Self::Ip(IpAddr::V6(addr)) => addr.to_bits() as u32,
            Self::Mac([_, _, last @ ..]) => u32::from_be_bytes(last),
        }
    }

    /// Appends the address as Wireshark shows it.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::None => {}
            Self::NotApplicable => out.extend_from_slice(b"N/A"),
            Self::Ip(IpAddr::V4(addr)) => write_ipv4(out, addr),
            Self::Ip(IpAddr::V6(addr)) => write_ipv6(out, addr),
            Self::Mac(octets) => write_octets(out, &octets),
        }
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::net::SocketAddr::new(self.addr, self.port).fmt(f)
    }
}

/// In one or two words instead of byte by byte, since tables of conversations are asked for each frame.
impl Hash for Endpoint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.addr {
            IpAddr::V4(addr) => state.write_u64((u64::from(addr.to_bits()) << 16) | u64::from(self.port)),
            IpAddr::V6(addr) => {
                state.write_u128(addr.to_bits());
                state.write_u16(self.port);
            }
        }
    }
}

impl FiveTuple {
    /// The way back.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { src: self.dst, dst: self.src }
    }

    /// The pair without its direction.
    #[must_use]
    pub fn conversation(self) -> Conversation {
        let (low, high) = if self.src <= self.dst { (self.src, self.dst) } else { (self.dst, self.src) };
        Conversation { low, high }
    }
}

/// The shortest form (RFC 5952); an address that embeds an IPv4 address without a mark (RFC 4291) shows it, too.
pub(super) fn write_ipv6(out: &mut Vec<u8>, addr: Ipv6Addr) {
    // Writing into a Vec cannot fail.
    drop(match addr.segments() {
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => {
            let [.., a, b, c, d] = addr.octets();
            write!(out, "::{a}.{b}.{c}.{d}")
        }
        _ => write!(out, "{addr}"),
    });
}

/// Appends bytes of a link-layer address in hexadecimal, with colons between them.
pub(super) fn write_octets(out: &mut Vec<u8>, octets: &[u8]) {
    for (n, octet) in octets.iter().enumerate() {
        let colon = if n > 0 { ":" } else { "" };
        // Writing into a Vec cannot fail.
        drop(write!(out, "{colon}{octet:02x}"));
    }
}

/// The digits of each octet and a dot, the first in the lowest byte, and how many these are: every row has two
/// addresses.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated when compiled")]
const OCTETS: [(u32, u32); 256] = {
    let mut table = [(0, 0); 256];
    let mut octet = 0;
    while octet < 256 {
        let (hundreds, tens, ones) = (octet / 100, octet / 10 % 10, octet % 10);
        let (digits, len) = match octet {
            100.. => (0x30_3030 | hundreds | tens << 8 | ones << 16, 3),
            10.. => (0x3030 | tens | ones << 8, 2),
            _ => (0x30 | ones, 1),
        };
        table[octet as usize] = (digits | 0x2e << (8 * len), len + 1);
        octet += 1;
    }
    table
};

/// Four numbers with dots.
pub(super) fn write_ipv4(out: &mut Vec<u8>, addr: Ipv4Addr) {
    let mut text: u128 = 0;
    let mut len: u32 = 0;
    for octet in addr.octets() {
        let (characters, count) = OCTETS.get(usize::from(octet)).copied().unwrap_or_default();
        text |= u128::from(characters).wrapping_shl(len.wrapping_mul(8));
        len = len.wrapping_add(count);
    }
    append(out, &text.to_le_bytes(), len.saturating_sub(1) as usize); // without the last dot
}
