//! A row of Wireshark's packet list: No., Time, Source, Destination, Protocol, Length, Info.
//!
//! Values only; formats write them. A row lends its Info from the frame, or owns it where the row has to wait.

use crate::dissect::{Address, Dissection, Info, Protocol, Transport};
use crate::source::Frame;
use crate::time::{Delta, TimeCell};

/// One row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Frame number, from 1.
    pub number: u64,
    /// The Time column.
    pub time: TimeCell,
    /// Time since the first frame, whatever the column shows.
    pub relative: Delta,
    /// The Source column.
    pub src: Address,
    /// The Destination column.
    pub dst: Address,
    /// Source and destination port, for UDP and TCP.
    pub ports: Option<(u16, u16)>,
    /// The Protocol column.
    pub protocol: Protocol,
    /// The Length column: the frame's bytes on the wire.
    pub length: u32,
    /// The UDP payload's bytes, for UDP.
    pub len: Option<u32>,
    /// The Info column.
    pub info: Info<'a>,
}

impl<'a> Row<'a> {
    /// The row of a dissected frame.
    #[must_use]
    pub fn new(frame: &Frame<'_>, (time, relative): (TimeCell, Delta), dissection: Dissection<'a>) -> Self {
        let (ports, len) = match dissection.transport {
            Transport::Udp(datagram) => (Some(datagram.tuple), Some(datagram.len)),
            Transport::Tcp(tuple) => (Some(tuple), None),
            Transport::None | Transport::UdpError { .. } => (None, None),
        };
        Self {
            number: frame.number,
            time,
            relative,
            src: dissection.src,
            dst: dissection.dst,
            ports: ports.map(|tuple| (tuple.src.port, tuple.dst.port)),
            protocol: dissection.protocol,
            length: frame.wire_len,
            len,
            info: dissection.info,
        }
    }

    /// The same row without a hold on the frame.
    #[must_use]
    pub fn to_static(&self) -> Row<'static> {
        Row {
            number: self.number,
            time: self.time,
            relative: self.relative,
            src: self.src,
            dst: self.dst,
            ports: self.ports,
            protocol: self.protocol,
            length: self.length,
            len: self.len,
            info: self.info.to_static(),
        }
    }
}
