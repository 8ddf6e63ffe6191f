//! A row of Wireshark's packet list: No., Time, Source, Destination, Protocol, Length, Info.
//!
//! Values only; formats write them. A row lends its Info from the frame. One that has to wait is [`Kept`], by the million
//! perhaps: then what can be told from its exchange is not kept.

use std::net::IpAddr;

use super::Held;
use crate::dissect::{Address, Coloring, Dissection, FiveTuple, Info, Protocol, Transport, UdpHeader};
use crate::source::Frame;
use crate::time::{TimeCell, TimeStyle};

/// One row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Frame number, from 1.
    pub number: u64,
    /// The Time column.
    pub time: TimeCell,
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
    /// The rule that colors it.
    pub coloring: Coloring,
    /// The Info column.
    pub info: Info<'a>,
}

impl<'a> Row<'a> {
    /// The row of a dissected frame.
    #[must_use]
    pub fn new(frame: &Frame<'_>, time: TimeCell, dissection: Dissection<'a>) -> Self {
        let (ports, len) = match dissection.transport {
            Transport::Udp(datagram) => (Some(datagram.tuple), Some(datagram.len)),
            Transport::Tcp(tuple) => (Some(tuple), None),
            Transport::None | Transport::UdpError { .. } => (None, None),
        };
        Self {
            number: frame.number,
            time,
            src: dissection.src,
            dst: dissection.dst,
            ports: ports.map(|tuple| (tuple.src.port, tuple.dst.port)),
            protocol: dissection.protocol,
            length: frame.wire_len,
            len,
            coloring: dissection.coloring,
            info: dissection.info,
        }
    }

    /// The row without a hold on the frame. It need not know its endpoints where these are `shared`, known to whoever
    /// keeps it.
    #[must_use]
    pub fn keep(&self, shared: bool) -> Kept {
        self.keep_plain()
            .filter(|_| shared)
            .unwrap_or_else(|| Kept::Other(Box::new(Row { info: self.info.to_static(), ..*self })))
    }

    fn keep_plain(&self) -> Option<Kept> {
        let len = self.info.plain_udp().filter(|_| self.coloring == Coloring::Udp)?.plain_len()?;
        let TimeCell { nanos, style } = self.time;
        Some(Kept::Udp { number: self.number, nanos, style, length: self.length.try_into().ok()?, len })
    }
}

/// A row that waits.
#[derive(Clone, Debug)]
pub enum Kept {
    /// A datagram of which no more is shown than that.
    Udp {
        /// Frame number, from 1.
        number: u64,
        /// What the Time column says.
        nanos: i64,
        /// And how.
        style: TimeStyle,
        /// The frame's bytes on the wire.
        length: u16,
        /// What the UDP header says that its bytes are, and those of its payload.
        len: u16,
    },
    /// Anything else.
    Other(Box<Row<'static>>),
}

impl Kept {
    /// The row again, sent from where to where `ends` says, if the row itself does not know.
    #[must_use]
    pub fn into_row(self, ends: Option<FiveTuple>) -> Row<'static> {
        let (number, time, length, len) = match self {
            Self::Udp { number, nanos, style, length, len } => (number, TimeCell { nanos, style }, length, len),
            Self::Other(row) => return *row,
        };
        let address = |end: Option<IpAddr>| end.map_or(Address::None, Address::Ip);
        let (src, dst) = ends.map(|ends| (ends.src.port, ends.dst.port)).unwrap_or_default();
        let header = UdpHeader::plain(src, dst, len);
        Row {
            number,
            time,
            src: address(ends.map(|ends| ends.src.addr)),
            dst: address(ends.map(|ends| ends.dst.addr)),
            ports: ends.map(|ends| (ends.src.port, ends.dst.port)),
            protocol: Protocol::Udp,
            length: length.into(),
            len: header.payload_len(),
            coloring: Coloring::Udp,
            info: header.into(),
        }
    }
}

impl Held for Kept {
    fn held(&self) -> usize {
        match self {
            Self::Udp { .. } => 0,
            Self::Other(row) => size_of::<Row<'_>>() + row.info.held(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Comments, LinkType, Record};
    use crate::time::Timestamp;

    #[test]
    fn what_waits_by_the_million_is_small() {
        assert_eq!(size_of::<Option<Kept>>(), 24);
    }

    const FRAME: Frame<'_> = Frame {
        number: 1,
        time: Timestamp(0),
        time_digits: Some(6),
        record: Record::Frame,
        wire_len: 49,
        link_type: LinkType::RAW,
        data: &[],
        comments: Comments { options: &[], big_endian: false },
    };

    #[test]
    fn a_row_with_a_text_says_how_much_it_holds() {
        let row = |info: Info<'static>| {
            let dissection = Dissection { info, coloring: Coloring::Udp, ..Dissection::empty() };
            Row::new(&FRAME, TimeCell::default(), dissection).keep(true).held()
        };
        assert_eq!(row(UdpHeader::plain(63_337, 8080, 25).into()), 0);
        let box_of = size_of::<Row<'_>>();
        assert_eq!([row("".into()), row("x".repeat(4_000).into())], [box_of, box_of + 4_000]);
    }

    #[test]
    fn a_row_that_waits_keeps_its_color() {
        for coloring in [Coloring::Udp, Coloring::Ttl] {
            let info = UdpHeader::plain(63_337, 8080, 25).into();
            let dissection = Dissection { info, coloring, ..Dissection::empty() };
            let row = Row::new(&FRAME, TimeCell::default(), dissection);
            assert_eq!(row.keep(true).into_row(None).coloring, coloring);
        }
    }
}
