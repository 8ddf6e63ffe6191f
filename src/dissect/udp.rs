//! UDP (RFC 768), and which application a datagram belongs to by its ports.
//!
//! The payload's length is the one that the header claims, also where the capture holds less of it. Knows its
//! applications only through the table in `protocol`.

use etherparse::UdpHeaderSlice;

use super::ip::Packet;
use super::payload::{Payload, Stop};
use super::protocol::{self, Protocol};
use super::text::{write_number, write_ports};
use super::{Coloring, Content, Context, Datagram, Dissection, FiveTuple, Transport, dhcp, dns, nbns, ssdp};

/// Length of a UDP header, in bytes.
pub(super) const HEADER_LEN: u16 = 8;

/// A header, as its row shows it.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    src: u16,
    dst: u16,
    extent: Extent,
}

/// What a header says after its ports.
#[derive(Clone, Copy, Debug)]
enum Extent {
    /// Nothing: it ends there.
    Cut,
    /// A length that does not even hold the header.
    Bogus(u32),
    /// Length with the header, in bytes, and what is remarkable about it.
    Len { len: u32, past_end: bool, jumbogram: bool, no_checksum: bool },
}

/// Reads a datagram.
pub(super) fn dissect<'a>(
    packet: &Packet<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    let bytes = packet.payload;
    let header = UdpHeaderSlice::from_slice(bytes.captured()).ok();
    let (src, dst) = match &header {
        Some(header) => (header.source_port(), header.destination_port()),
        None => (bytes.be16(0)?, bytes.be16(2)?),
    };
    row.meets(Coloring::Udp);
    let mut show = |extent| row.show(Protocol::Udp, Content::Udp(Header { src, dst, extent }));
    let claimed = bytes.be16(4).inspect_err(|_| show(Extent::Cut))?;
    // A length of zero is a jumbogram's (RFC 2675): the datagram is as long as its packet.
    let jumbogram = claimed == 0 && packet.src.is_ipv6();
    let len = if jumbogram { bytes.len().try_into().unwrap_or(u32::MAX) } else { claimed.into() };
    let Some(payload_len) = len.checked_sub(HEADER_LEN.into()) else {
        show(Extent::Bogus(len));
        return Ok(());
    };
    let payload = bytes.after(HEADER_LEN.into()).truncated(payload_len as usize);
    let past_end = !context.fragmented && len as usize > bytes.len();
    let no_checksum = packet.src.is_ipv6() && header.as_ref().is_some_and(|header| header.checksum() == 0);
    show(Extent::Len { len, past_end, jumbogram, no_checksum });
    if header.is_none() {
        return bytes.be16(6).map(drop);
    }
    let (tuple, id) = (packet.tuple(src, dst), packet.id);
    let (application, noise) = protocol::by_ports(src, dst);
    row.noise = noise;
    let datagram = Datagram { tuple, application, id, len: payload_len, payload: payload.captured() };
    row.transport = Transport::Udp(datagram);
    let is_quoted_to_here = context.quoted && bytes.captured().len() <= HEADER_LEN.into();
    if payload_len == 0 || is_quoted_to_here {
        return Ok(());
    }
    // Not one byte of the payload there is worth a note; that some are missing is not.
    bytes.u8(HEADER_LEN.into())?;
    dissect_application(tuple, payload, context, row)
}

/// Asks the applications of both ports, the lower port first, then those that know their own by its looks.
fn dissect_application<'a>(
    tuple: FiveTuple,
    payload: Payload<'a>,
    context: &mut Context<'a>,
    row: &mut Dissection<'a>,
) -> Result<(), Stop> {
    let (src, dst) = (tuple.src.port, tuple.dst.port);
    for port in [src.min(dst), src.max(dst)] {
        match protocol::by_port(port) {
            Some((name @ (Protocol::Dns | Protocol::Mdns | Protocol::Llmnr), _)) => dns::dissect(name, payload, row),
            Some((Protocol::Nbns, _)) => nbns::dissect(payload, row),
            Some((Protocol::Ssdp, _)) => ssdp::dissect(payload, tuple.conversation(), context, row)?,
            Some((Protocol::Dhcp, _)) if !dhcp::dissect(payload, tuple, row)? => continue,
            Some((Protocol::Dhcp, _)) => {}
            _ => continue,
        }
        return Ok(());
    }
    dns::guess(payload, row).map(drop)
}

impl Header {
    /// A header that nothing is remarkable about, with the length in it.
    #[must_use]
    pub fn plain(src: u16, dst: u16, len: u16) -> Self {
        let extent = Extent::Len { len: len.into(), past_end: false, jumbogram: false, no_checksum: false };
        Self { src, dst, extent }
    }

    /// The length of a header that [`Header::plain`] could have made.
    #[must_use]
    pub fn plain_len(self) -> Option<u16> {
        match self.extent {
            Extent::Len { len, past_end: false, jumbogram: false, no_checksum: false } => len.try_into().ok(),
            _ => None,
        }
    }

    /// Length of the payload, in bytes, by the header.
    #[must_use]
    pub fn payload_len(self) -> Option<u32> {
        match self.extent {
            Extent::Len { len, .. } => len.checked_sub(HEADER_LEN.into()),
            Extent::Cut | Extent::Bogus(_) => None,
        }
    }

    /// Appends the Info column.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        write_ports(out, self.src, self.dst);
        match self.extent {
            Extent::Cut => {}
            Extent::Bogus(len) => {
                out.extend_from_slice(b" [BAD UDP LENGTH ");
                write_number(out, len);
                out.extend_from_slice(b" < 8]");
            }
            Extent::Len { len, past_end, jumbogram, no_checksum } => {
                if past_end {
                    out.extend_from_slice(b" [BAD UDP LENGTH ");
                    write_number(out, len);
                    out.extend_from_slice(b" > IP PAYLOAD LENGTH]");
                }
                out.extend_from_slice(b" Len=");
                write_number(out, len.saturating_sub(HEADER_LEN.into()));
                if jumbogram {
                    out.extend_from_slice(b" [Jumbogram]");
                }
                if no_checksum {
                    out.extend_from_slice(b" [ILLEGAL CHECKSUM (0)]");
                }
            }
        }
    }
}
