//! Which request an echo reply answers.
//!
//! As in Wireshark, request and reply belong together by their addresses (in either direction), identifier, sequence
//! number, and a checksum that differs by nothing but the type, so that their data are the same too. Only the first reply
//! answers, and a later request with the same key takes the place of an earlier one.

use std::net::IpAddr;

use crate::bounded::Generations;

/// The most requests remembered; those that are oldest are forgotten first.
pub(super) const MAX_REQUESTS: usize = 65_536;

/// Requests by what their reply will carry.
pub(in crate::dissect) struct Echoes {
    requests: Generations<Key, Request>,
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
        Self { requests: Generations::new(MAX_REQUESTS) }
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
    /// Remembers a request.
    pub(in crate::dissect) fn request(&mut self, key: Key, frame: u64) {
        *self.requests.entry(key, || Request { frame, answered: false }) = Request { frame, answered: false };
    }

    /// The frame of the request that a reply is the first to answer.
    pub(in crate::dissect) fn reply(&mut self, key: &Key) -> Option<u64> {
        let request = self.requests.find(key).filter(|request| !request.answered)?;
        request.answered = true;
        Some(request.frame)
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

    #[test]
    fn a_request_has_one_reply_until_it_is_sent_again() {
        let mut echoes = Echoes::default();
        echoes.request(key(1, 2, 0), 7);
        assert_eq!(echoes.reply(&key(2, 1, 1)), None);
        assert_eq!(echoes.reply(&key(2, 1, 0)), Some(7));
        assert_eq!(echoes.reply(&key(2, 1, 0)), None);
        echoes.request(key(1, 2, 0), 9);
        assert_eq!(echoes.reply(&key(1, 2, 0)), Some(9));
    }

    #[test]
    fn requests_are_forgotten_before_they_are_too_many() {
        let mut echoes = Echoes::default();
        for checksum in 0..=u16::MAX {
            for dst in [2, 3] {
                echoes.request(key(1, dst, checksum), 1);
            }
            assert!(echoes.requests.len() <= MAX_REQUESTS);
        }
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
