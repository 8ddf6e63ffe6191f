//! The Info column: what it needs, kept as values, and how it is written out.
//!
//! A dissection holds an [`Info`] and no text, so that rows nobody sees cost no formatting; whoever shows a row calls
//! [`Info::write`]. Text from the wire is escaped on its way out.

use std::borrow::Cow;

use super::dns;
use super::tcp::Segment;
use super::text::{write_escaped, write_number, write_ports};

/// What the Info column will say.
#[derive(Clone, Debug)]
pub enum Info<'a> {
    /// `63337 → 8080 Len=17`
    Udp {
        /// Source port.
        src: u16,
        /// Destination port.
        dst: u16,
        /// Payload length, in bytes.
        len: u16,
    },
    /// `49789 → 1042 [PSH, ACK] Seq=13 Ack=5 Win=8410 Len=6`
    Tcp(Segment<'a>),
    /// `Standard query 0x0000 ANY host.local, "QM" question`
    Dns(dns::Message<'a>),
    /// Bytes of a text protocol, escaped when written.
    Line(&'a [u8]),
    /// Text made here, written as it is.
    Text(Cow<'a, str>),
}

impl Info<'_> {
    /// Appends the column as Wireshark shows it.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Udp { src, dst, len } => {
                write_ports(out, *src, *dst);
                out.extend_from_slice(b" Len=");
                write_number(out, *len);
            }
            Self::Tcp(segment) => segment.write(out),
            Self::Dns(message) => message.write(out),
            Self::Line(bytes) => write_escaped(out, bytes),
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
        }
    }

    /// The same column without a hold on the frame; only what is more than numbers is written out for it.
    #[must_use]
    pub fn to_static(&self) -> Info<'static> {
        if let Self::Udp { src, dst, len } = *self {
            Info::Udp { src, dst, len }
        } else {
            let mut text = Vec::new();
            self.write(&mut text);
            Info::Text(String::from_utf8_lossy(&text).into_owned().into())
        }
    }
}
