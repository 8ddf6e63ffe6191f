//! IGMP versions 1 to 3 (RFC 1112, 2236, 3376): recognised and named, always noise.

use super::ip::Packet;
use super::{Dissection, Info, Noise, Protocol};

/// Reads a message; `None` where not even its type was captured.
pub(super) fn dissect<'a>(packet: &Packet<'a>) -> Option<Dissection<'a>> {
    let (protocol, text) = match *packet.payload.first()? {
        0x11 => (Protocol::Igmpv2, "Membership Query"),
        0x12 => (Protocol::Igmpv1, "Membership Report"),
        0x16 => (Protocol::Igmpv2, "Membership Report"),
        0x17 => (Protocol::Igmpv2, "Leave Group"),
        0x22 => (Protocol::Igmpv3, "Membership Report"),
        _ => (Protocol::Igmp, "IGMP"),
    };
    Some(Dissection { noise: Some(Noise::Igmp), ..Dissection::bare(protocol, Info::Text(text.into())) })
}
