//! Which request an echo reply answers, and, in a second pass, which reply answers a request.
//!
//! As in Wireshark, request and reply belong together by their addresses (in either direction), identifier, sequence
//! number, and a checksum that differs by nothing but the type, so that their data are the same too. Only the first reply
//! answers, and a later request with the same key takes the place of an earlier one.

use std::net::{IpAddr, Ipv4Addr};

use hashbrown::HashMap;

use crate::bounded::Generations;
use crate::dissect::text::write_format;

/// The most requests remembered; those that are oldest are forgotten first.
const MAX_REQUESTS: usize = 65_536;
/// The most answered requests that a second pass knows of; those that come later say nothing of a reply.
const MAX_ANSWERED: usize = 65_536;

/// Requests by what their reply will carry.
pub(in crate::dissect) struct Echoes {
    requests: Generations<Key, Request>,
    /// Frames of requests and of their replies.
    answered: HashMap<u64, u64>,
    is_second_pass: bool,
}

/// What is known of an echo's other half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dissect) enum Other {
    /// Nothing, or nothing yet.
    Unknown,
    /// The frame of the request.
    Request(u64),
    /// The frame of the reply.
    Reply(u64),
    /// That there is none.
    Missing,
    /// That there can be many.
    Broadcast,
    /// That there can be many.
    Multicast,
}

/// What a request and its reply have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::dissect) struct Key {
    /// The addresses, the lower one first.
    addresses: (IpAddr, IpAddr),
    checksum: u16,
    identifier: u16,
    sequence: u16,
    version: Version,
}

/// `ICMPv6` has requests of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::dissect) enum Version {
    Icmp,
    Icmpv6,
}

/// A request that was seen.
struct Request {
    frame: u64,
    answered: bool,
}

impl Default for Echoes {
    fn default() -> Self {
        Self { requests: Generations::new(MAX_REQUESTS), answered: HashMap::new(), is_second_pass: false }
    }
}

impl Key {
    /// `checksum` is that of the message of the two whose type is zero or odd, as made by [`with_type`].
    pub(in crate::dissect) fn new(
        version: Version,
        (src, dst): (IpAddr, IpAddr),
        checksum: u16,
        (identifier, sequence): (u16, u16),
    ) -> Self {
        Self { addresses: (src.min(dst), src.max(dst)), checksum, identifier, sequence, version }
    }
}

impl Echoes {
    /// Remembers a request to this address.
    pub(in crate::dissect) fn request(&mut self, key: Key, frame: u64, dst: IpAddr) -> Other {
        *self.requests.entry(key, || Request { frame, answered: false }) = Request { frame, answered: false };
        match (self.answered.get(&frame), dst) {
            _ if !self.is_second_pass => Other::Unknown,
            (Some(&reply), _) => Other::Reply(reply),
            (None, IpAddr::V4(Ipv4Addr::BROADCAST)) if key.version == Version::Icmp => Other::Broadcast,
            (None, dst) if dst.is_multicast() && dst.is_ipv4() == (key.version == Version::Icmp) => Other::Multicast,
            (None, _) if self.answered.len() >= MAX_ANSWERED => Other::Unknown,
            (None, _) => Other::Missing,
        }
    }

    /// The request that a reply is the first to answer.
    pub(in crate::dissect) fn reply(&mut self, key: &Key, frame: u64) -> Other {
        match self.requests.find(key) {
            Some(request) if !request.answered => {
                request.answered = true;
                if !self.is_second_pass && self.answered.len() < MAX_ANSWERED {
                    self.answered.insert(request.frame, frame);
                }
                Other::Request(request.frame)
            }
            _ => Other::Unknown,
        }
    }

    /// As they are at the beginning of a second pass: with what the first one learnt.
    pub(in crate::dissect) fn for_second_pass(self) -> Self {
        Self { answered: self.answered, is_second_pass: true, ..Self::default() }
    }
}

impl Other {
    /// Appends it to the Info column.
    pub(in crate::dissect) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Unknown => {}
            Self::Missing => out.extend_from_slice(b" (no response found!)"),
            Self::Broadcast => out.extend_from_slice(b" (broadcast)"),
            Self::Multicast => out.extend_from_slice(b" (multicast)"),
            Self::Request(frame) => write_format(out, format_args!(" (request in {frame})")),
            Self::Reply(frame) => write_format(out, format_args!(" (reply in {frame})")),
        }
    }
}

/// A checksum after the type that it covers, the upper byte of its word, has become less by `by`.
pub(in crate::dissect) fn with_type_less(checksum: u16, by: u16) -> u16 {
    let (sum, carry) = (!checksum).overflowing_add(!by);
    !sum.wrapping_add(carry.into())
}

/// The one spelling of a checksum that has two, as it comes from the wire.
pub(in crate::dissect) fn canonical(checksum: u16) -> u16 {
    if checksum == 0xffff { 0 } else { checksum }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(src: u8, dst: u8, checksum: u16) -> Key {
        Key::new(Version::Icmp, (IpAddr::from([192, 0, 2, src]), IpAddr::from([192, 0, 2, dst])), checksum, (1, 1))
    }

    const DST: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn a_request_has_one_reply_until_it_is_sent_again() {
        let mut echoes = Echoes::default();
        echoes.request(key(1, 2, 0), 7, DST);
        assert_eq!(echoes.reply(&key(2, 1, 1), 8), Other::Unknown);
        assert_eq!(echoes.reply(&key(2, 1, 0), 8), Other::Request(7));
        assert_eq!(echoes.reply(&key(2, 1, 0), 9), Other::Unknown);
        echoes.request(key(1, 2, 0), 10, DST);
        assert_eq!(echoes.reply(&key(1, 2, 0), 11), Other::Request(10));
    }

    #[test]
    fn neither_requests_nor_what_answered_them_outgrow_their_caps() {
        let mut echoes = Echoes::default();
        for frame in 0..100_000_u32 {
            let [_, high, checksum @ ..] = frame.to_be_bytes();
            let key = key(high, 2, u16::from_be_bytes(checksum));
            echoes.request(key, frame.into(), DST);
            echoes.reply(&key, frame.into());
        }
        assert!(echoes.requests.len() <= MAX_REQUESTS);
        assert_eq!(echoes.answered.len(), MAX_ANSWERED);
        let mut echoes = echoes.for_second_pass();
        assert_eq!(echoes.request(key(0, 2, 0), 0, DST), Other::Reply(0));
        assert_eq!(echoes.request(key(0, 2, 0), 99_999, DST), Other::Unknown);
    }

    #[test]
    fn checksums_of_request_and_reply_meet() {
        for reply in 0..=u16::MAX {
            // What makes a request's checksum out of its reply's: the type's 8 in the upper byte, subtracted.
            let (less, borrow) = reply.overflowing_sub(0x0800);
            let request = less.wrapping_sub(borrow.into());
            assert_eq!(with_type_less(request, 0x0800), canonical(reply), "{reply:04x}");
        }
    }
}
