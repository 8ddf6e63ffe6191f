//! IGMP versions 1 to 3 (RFC 1112, 2236, 3376): recognised and named, always noise.

use super::ip::Packet;
use super::payload::Stop;
use super::{Dissection, Noise, Protocol};

/// Reads a message.
pub(super) fn dissect<'a>(packet: &Packet<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Igmp, "");
    row.noise = Some(Noise::Igmp);
    let (protocol, text) = match packet.payload.u8(0)? {
        0x11 => (Protocol::Igmpv2, "Membership Query"),
        0x12 => (Protocol::Igmpv1, "Membership Report"),
        0x16 => (Protocol::Igmpv2, "Membership Report"),
        0x17 => (Protocol::Igmpv2, "Leave Group"),
        0x22 => (Protocol::Igmpv3, "Membership Report"),
        _ => (Protocol::Igmp, "IGMP"),
    };
    row.show(protocol, text);
    Ok(())
}
