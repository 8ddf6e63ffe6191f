//! DNS over TCP (RFC 1035 section 4.2.2): messages, each behind its length, out of segments that may hold a part of
//! one or several.
//!
//! What a segment leaves open is kept until the segments that follow complete it, and the row of a segment with nothing
//! whole in it says so. Where a capture lacks bytes nothing is put together, and every segment is read by itself. Knows
//! of TCP only numbers, data and findings, and of DNS only the length in front.

use super::analysis::{KEEP_ALIVE, OUT_OF_ORDER_SEGMENT, RETRANSMISSION, SPURIOUS, at_most, before};
use crate::bounded::Generations;
use crate::dissect::payload::{Payload, Stop};
use crate::dissect::{FiveTuple, Protocol, dns};

/// Ports whose connections carry DNS messages.
const PORTS: [u16; 2] = [53, 5353];
/// The most directions of connections with something kept; whichever has been silent longest is forgotten first.
const MAX_STREAMS: usize = 256;
/// The most messages that a direction keeps in mind, whole ones included; the oldest is forgotten first.
const MAX_PENDING: usize = 64;
/// The most bytes that a direction keeps, of all its messages; one that needs more is forgotten.
const MAX_KEPT: usize = 131_072;
/// The most pieces of a message that are kept while an earlier one is missing.
const MAX_PIECES: usize = 64;
/// Length of the length before a message.
const PREFIX_LEN: usize = 2;
/// What stands behind a segment that has only a part of a message.
const PART: &[u8] = b" [TCP segment of a reassembled PDU]";

/// What the data of segments so far left open.
pub(super) struct Streams(Generations<FiveTuple, Stream>);

/// One direction of a connection.
#[derive(Default)]
struct Stream {
    /// The frame in which the connection began.
    since: u32,
    pending: Vec<Pending>,
}

/// Data that is to be read together: it begins with a message that goes on in a later segment.
#[derive(Default)]
struct Pending {
    seq: u32,
    /// The number at which it can be read, as far as is known by now.
    next: u32,
    /// The frame that added to it last.
    last_frame: u32,
    /// Whether the next segment belongs to it in full, as not even the length is all there.
    takes_segment: bool,
    /// Whether it was read.
    is_read: bool,
    /// Whether it was read in vain, and waits for more.
    reopens: bool,
    /// Its length, once its end was there.
    len: Option<usize>,
    /// What is there without a gap from the beginning on.
    data: Vec<u8>,
    /// What is there behind a gap.
    later: Vec<(usize, Vec<u8>)>,
}

/// The data of a segment.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub data: Payload<'a>,
    /// Its number, and the one after it.
    pub seq: u32,
    pub next: u32,
    /// What was found about the segment.
    pub found: u16,
    /// Whether all of it was captured, so that it can be put together with others.
    pub is_whole: bool,
    pub frame: u32,
    /// The frame in which the connection began.
    pub since: u32,
}

/// What a row says behind the findings about its segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// The segment.
    #[default]
    Segment,
    /// The segment, and that its data is a part of a message.
    Part,
    /// The message that is all of its data.
    Message,
    /// Text that took more to make.
    Text,
}

/// The Protocol and Info columns as messages change them.
pub(super) struct Columns<'w> {
    pub protocol: Protocol,
    pub shown: Shown,
    pub text: Vec<u8>,
    /// How much of the text is there to stay.
    kept: usize,
    /// Whether the columns speak of a part of the segment that came before.
    are_settled: bool,
    /// Writes what the row says of the segment itself.
    segment: &'w dyn Fn(&mut Vec<u8>),
}

/// What is missing of a message.
#[derive(Clone, Copy)]
struct Missing {
    /// Where the message begins.
    at: usize,
    /// How many bytes, if its length is there.
    len: Option<u32>,
}

/// Whether a connection between these ports carries DNS messages.
pub(super) fn is_carried(src: u16, dst: u16) -> bool {
    PORTS.contains(&src) || PORTS.contains(&dst)
}

/// The message that all the data of a segment is.
pub(super) fn message(data: Payload<'_>) -> Result<dns::Message<'_>, Stop> {
    message_at(data, 0, len_at(data, 0)?)
}

/// The length of the message at `at`, prefix included.
fn len_at(data: Payload<'_>, at: usize) -> Result<usize, Stop> {
    Ok(usize::from(data.be16(at)?).saturating_add(PREFIX_LEN))
}

fn message_at(data: Payload<'_>, at: usize, len: usize) -> Result<dns::Message<'_>, Stop> {
    let message = data.subset(at, len)?.from(PREFIX_LEN)?;
    Ok(dns::Message::new(Protocol::Dns, message))
}

/// How many bytes the last message claims beyond the data.
fn missing(data: Payload<'_>) -> Option<u32> {
    let mut at = 0_usize;
    while at < data.len() {
        at = at.saturating_add(len_at(data, at).ok()?);
    }
    u32::try_from(at.saturating_sub(data.len())).ok().filter(|missing| *missing > 0)
}

/// Goes through the messages that data holds, up to one that is not all there, and shows the last; where nothing can
/// be waited for, that one is read as far as it goes.
fn read(data: Payload<'_>, can_wait: bool, columns: &mut Columns<'_>) -> Result<Option<Missing>, Stop> {
    let mut at = 0_usize;
    let mut last = None;
    let ended = loop {
        if at >= data.len() {
            break Ok(None);
        }
        let rest = data.captured().len().saturating_sub(at);
        if can_wait && rest < PREFIX_LEN {
            break Ok(Some(Missing { at, len: None }));
        }
        let len = match data.u8(at).and_then(|_| len_at(data, at)) {
            Ok(len) if can_wait && rest < len => {
                break Ok(Some(Missing { at, len: u32::try_from(len.saturating_sub(rest)).ok() }));
            }
            Ok(len) => len,
            Err(stop) => break Err(stop),
        };
        last = Some((at, len, rest));
        at = at.saturating_add(len);
    };
    let Some((at, len, rest)) = last else { return ended };
    match columns.message(message_at(data, at, len)) {
        Ok(()) => ended,
        Err(Stop::Malformed | Stop::Contained) if rest < len => Err(Stop::Fragment),
        // What is wrong with one message is noted, and does not touch what follows.
        Err(stop @ (Stop::Malformed | Stop::Contained)) => {
            let stop = if can_wait { stop } else { Stop::Fragment };
            columns.text.extend_from_slice(stop.note().as_bytes());
            ended
        }
        Err(stop) => Err(stop),
    }
}

impl<'w> Columns<'w> {
    /// The columns of a segment whose data was not looked at.
    pub(super) fn new(segment: &'w dyn Fn(&mut Vec<u8>)) -> Self {
        let (protocol, shown) = (Protocol::Tcp, Shown::Segment);
        Self { protocol, shown, text: Vec::new(), kept: 0, are_settled: false, segment }
    }

    /// Shows a message in place of what is not there to stay.
    fn message(&mut self, message: Result<dns::Message<'_>, Stop>) -> Result<(), Stop> {
        self.set_protocol(Protocol::Dns);
        self.shown = Shown::Text;
        self.text.truncate(self.kept);
        message?.write(&mut self.text)
    }

    /// Says that nothing was whole.
    fn part(&mut self) {
        self.set_protocol(Protocol::Tcp);
        if self.are_settled {
            return;
        }
        match self.shown {
            Shown::Text => self.text.extend_from_slice(PART),
            _ => self.shown = Shown::Part,
        }
    }

    fn set_protocol(&mut self, protocol: Protocol) {
        if !self.are_settled {
            self.protocol = protocol;
        }
    }

    /// What the columns say by now stays, whatever the rest of the segment is.
    fn settle(&mut self) {
        if self.shown != Shown::Text {
            write_segment(&mut self.text, self.shown, self.segment);
            self.shown = Shown::Text;
        }
        self.kept = self.text.len();
        self.are_settled = true;
    }
}

/// Appends what the row says of the segment itself.
pub(super) fn write_segment(out: &mut Vec<u8>, shown: Shown, segment: impl Fn(&mut Vec<u8>)) {
    segment(out);
    if shown == Shown::Part {
        out.extend_from_slice(PART);
    }
}

impl Default for Streams {
    fn default() -> Self {
        Self(Generations::new(MAX_STREAMS))
    }
}

impl Streams {
    /// Takes in the data of a segment, and shows the messages that are whole by it.
    pub(super) fn deliver(
        &mut self,
        tuple: FiveTuple,
        arrival: Arrival<'_>,
        columns: &mut Columns<'_>,
    ) -> Result<(), Stop> {
        let was_seen = arrival.found & RETRANSMISSION != 0;
        if !arrival.is_whole {
            if !arrival.is_in_order() || was_seen {
                return Ok(());
            }
            if let (Some(missing), true) = (missing(arrival.data), arrival.seq | arrival.next != 0) {
                // The rest of the message won't be taken for another, though the message is never whole.
                let next = arrival.next.wrapping_add(missing);
                let (seq, last_frame) = (arrival.seq, arrival.frame);
                self.stream(tuple, arrival.since).keep(Pending { seq, next, last_frame, ..Pending::default() });
            }
            return read(arrival.data, false, columns).map(drop);
        }
        let mut rest = arrival;
        while !rest.data.is_empty() {
            let stream = self.0.find(&tuple).filter(|stream| stream.since == arrival.since);
            let mut found = stream.and_then(|stream| stream.find(rest.seq).map(|index| (stream, index)));
            let is_repeated = found.as_ref().is_some_and(|(stream, index)| stream.is_repeated(*index, &rest));
            if is_repeated || was_seen || arrival.found & SPURIOUS != 0 {
                break;
            }
            let taken = match found.take_if(|(stream, index)| stream.takes(*index, rest.seq)) {
                Some((stream, index)) => stream.go_on(index, &rest, columns)?,
                None => self.begin(tuple, &rest, columns)?,
            };
            rest.data = rest.data.after(taken);
            rest.seq = rest.seq.wrapping_add(u32::try_from(taken).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    /// What is kept of a direction of the connection that began in this frame.
    fn stream(&mut self, tuple: FiveTuple, since: u32) -> &mut Stream {
        let stream = self.0.entry(tuple, Stream::default);
        if stream.since != since {
            *stream = Stream { since, pending: Vec::new() };
        }
        stream
    }

    /// Reads data that does not go on with what is kept; says how much of it is done with.
    fn begin(&mut self, tuple: FiveTuple, arrival: &Arrival<'_>, columns: &mut Columns<'_>) -> Result<usize, Stop> {
        let data = arrival.data;
        if !arrival.is_in_order() {
            return Ok(data.len());
        }
        if columns.shown == Shown::Segment && len_at(data, 0) == Ok(data.len()) {
            columns.protocol = Protocol::Dns;
            columns.shown = Shown::Message;
            return Ok(data.len());
        }
        if let Some(missing) = read(data, true, columns)? {
            self.stream(tuple, arrival.since).keep(Pending {
                seq: arrival.seq.wrapping_add(u32::try_from(missing.at).unwrap_or(u32::MAX)),
                next: arrival.next.wrapping_add(missing.len.unwrap_or(1)),
                last_frame: arrival.frame,
                takes_segment: missing.len.is_none(),
                data: data.after(missing.at).captured().to_vec(),
                ..Pending::default()
            });
            if missing.at == 0 {
                columns.part();
            }
        }
        Ok(data.len())
    }
}

impl Arrival<'_> {
    /// Whether the segment is at its place and worth reading.
    fn is_in_order(&self) -> bool {
        self.found & (KEEP_ALIVE | OUT_OF_ORDER_SEGMENT) == 0
    }
}

impl Stream {
    /// What begins at this number, or else last before it.
    fn find(&self, seq: u32) -> Option<usize> {
        let begins = self.pending.iter().position(|pending| pending.seq == seq);
        begins.or_else(|| {
            let before = self.pending.iter().enumerate().filter(|(_, pending)| pending.seq <= seq.wrapping_sub(1));
            before.max_by_key(|(_, pending)| pending.seq).map(|(index, _)| index)
        })
    }

    /// Whether all of this data came before.
    fn is_repeated(&self, index: usize, arrival: &Arrival<'_>) -> bool {
        self.pending.get(index).is_some_and(|pending| {
            pending.seq == arrival.seq && arrival.next <= pending.next && pending.last_frame != arrival.frame
        })
    }

    fn takes(&self, index: usize, seq: u32) -> bool {
        self.pending.get(index).is_some_and(|pending| at_most(pending.seq, seq) && before(seq, pending.next))
    }

    fn keep(&mut self, pending: Pending) {
        self.pending.retain(|other| other.seq != pending.seq);
        if self.pending.len() >= MAX_PENDING {
            self.pending.remove(0);
        }
        if self.kept().saturating_add(pending.data.len()) <= MAX_KEPT {
            self.pending.push(pending);
        }
    }

    /// How many bytes are kept.
    fn kept(&self) -> usize {
        let later = |pending: &Pending| pending.later.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        self.pending.iter().map(|pending| pending.data.len().saturating_add(later(pending))).sum()
    }

    /// Reads data that goes on with what is kept; says how much of it is done with.
    fn go_on(&mut self, index: usize, arrival: &Arrival<'_>, columns: &mut Columns<'_>) -> Result<usize, Stop> {
        let kept = self.kept();
        let Some(pending) = self.pending.get_mut(index) else { return Ok(arrival.data.len()) };
        let all = arrival.data.len();
        pending.last_frame = arrival.frame;
        let up_to_next = usize::try_from(pending.next.wrapping_sub(arrival.seq)).unwrap_or(usize::MAX);
        let len = if pending.takes_segment { all } else { all.min(up_to_next) };
        if kept.saturating_add(len) > MAX_KEPT {
            self.pending.remove(index);
            columns.part();
            return Ok(all);
        }
        let at = usize::try_from(arrival.seq.wrapping_sub(pending.seq)).unwrap_or(usize::MAX);
        let bytes = arrival.data.truncated(len).captured();
        let is_whole = pending.add(at, bytes, before(arrival.next, pending.next))?;
        if is_whole && pending.takes_segment {
            pending.takes_segment = false;
            if before(pending.next, arrival.next) {
                pending.next = arrival.next;
            }
        }
        let is_over = (arrival.seq..arrival.next).contains(&pending.next);
        let mut missing = None;
        if is_whole && arrival.is_in_order() {
            missing = read(Payload::new(&pending.data, 0), true, columns)?;
        }
        if let Some(missing) = missing {
            self.go_on_from(index, missing, len, arrival);
            if len == all && missing.at == 0 {
                columns.part();
            }
            return Ok(len);
        }
        if is_whole {
            pending.data = Vec::new();
        } else {
            columns.part();
        }
        if !is_over {
            return Ok(all);
        }
        columns.settle();
        Ok(usize::try_from(pending.next.wrapping_sub(arrival.seq)).unwrap_or(usize::MAX))
    }

    /// After what is kept was read, and more is missing: what was not read is kept, `len` bytes of this segment with it.
    fn go_on_from(&mut self, index: usize, missing: Missing, len: usize, arrival: &Arrival<'_>) {
        let Some(pending) = self.pending.get_mut(index) else { return };
        let seq = pending.seq.wrapping_add(u32::try_from(missing.at).unwrap_or(u32::MAX));
        let end = arrival.seq.wrapping_add(u32::try_from(len).unwrap_or(u32::MAX));
        let next = match missing.len {
            None => end.max(pending.next).wrapping_add(1),
            Some(len) => if end >= pending.next { end } else { pending.next }.wrapping_add(len),
        };
        let takes_segment = missing.len.is_none();
        if missing.at == 0 || at_most(seq, arrival.seq) {
            pending.reopens = true;
            pending.next = next;
            pending.takes_segment = takes_segment;
        } else {
            pending.next = seq;
            let data = std::mem::take(&mut pending.data).split_off(missing.at);
            self.keep(Pending { seq, next, last_frame: arrival.frame, takes_segment, data, ..Pending::default() });
        }
    }
}

impl Pending {
    /// Adds bytes at their place; says whether all is there up to its end, which is theirs unless there is `more`.
    fn add(&mut self, at: usize, bytes: &[u8], more: bool) -> Result<bool, Stop> {
        let end = at.saturating_add(bytes.len());
        if self.is_read {
            if !self.reopens || self.len.is_some_and(|len| end < len) {
                return Err(Stop::Overlap);
            }
            (self.is_read, self.reopens, self.len) = (false, false, None);
        }
        if !more {
            self.len.get_or_insert(end);
        }
        if at <= self.data.len() || self.later.len() < MAX_PIECES {
            self.later.push((at, bytes.to_vec()));
        }
        while let Some(index) = self.later.iter().position(|(at, _)| *at <= self.data.len()) {
            let (at, bytes) = self.later.swap_remove(index);
            let known = self.data.len().saturating_sub(at);
            self.data.extend_from_slice(bytes.get(known..).unwrap_or_default());
        }
        self.is_read = self.len.is_some_and(|len| self.data.len() >= len);
        if let (true, Some(len)) = (self.is_read, self.len) {
            self.data.truncate(len);
        }
        Ok(self.is_read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_any_order_and_twice() {
        let mut pending = Pending::default();
        assert_eq!(pending.add(0, b"ab", true), Ok(false));
        assert_eq!(pending.add(5, b"f", false), Ok(false));
        assert_eq!(pending.add(3, b"de", true), Ok(false));
        assert_eq!(pending.add(1, b"bcd", true), Ok(true));
        assert_eq!(pending.data, b"abcdef");
        assert_eq!(pending.add(0, b"ab", true), Err(Stop::Overlap));
    }

    #[test]
    fn directions_are_capped_and_those_met_last_are_known() {
        use crate::dissect::Endpoint;
        let mut streams = Streams::default();
        let tuple = |n: u32| {
            let end = |port| Endpoint { addr: n.to_be_bytes().into(), port };
            FiveTuple { src: end(50_000), dst: end(53) }
        };
        for n in 0..1_000 {
            streams.stream(tuple(n), 1).keep(Pending { data: vec![0; 9], ..Pending::default() });
            assert!(streams.0.len() <= MAX_STREAMS);
        }
        assert_eq!([0, 999].map(|n| streams.stream(tuple(n), 1).kept()), [0, 9]);
    }

    #[test]
    fn a_message_that_needs_more_than_is_kept_is_forgotten_with_what_there_was() {
        let mut stream = Stream::default();
        let (half, segment) = (vec![0xff; MAX_KEPT / 2 + 1], |_: &mut Vec<u8>| {});
        // A message of 65,535 bytes, and one behind it; the rest of the second does not come to an end.
        stream.keep(Pending { next: u32::MAX, takes_segment: true, data: half.clone(), ..Pending::default() });
        let seq = u32::try_from(half.len()).unwrap();
        let arrival =
            Arrival { data: Payload::whole(&half), seq, next: seq * 2, found: 0, is_whole: true, frame: 2, since: 0 };
        let mut columns = Columns::new(&segment);
        assert_eq!(stream.go_on(0, &arrival, &mut columns), Ok(half.len()));
        assert!(stream.pending.is_empty() && columns.shown == Shown::Part);
    }

    #[test]
    fn what_is_kept_has_its_bounds() {
        let mut stream = Stream::default();
        for seq in 0..1000 {
            stream.keep(Pending { seq, data: vec![0; 10_000], ..Pending::default() });
            assert!(stream.kept() <= MAX_KEPT);
            stream.keep(Pending { seq: 1_000_000 + seq, ..Pending::default() });
            assert!(stream.pending.len() <= MAX_PENDING);
        }
        let mut pending = Pending { len: Some(1_000_000), ..Pending::default() };
        for at in (2..1000).step_by(2) {
            assert_eq!(pending.add(at, b"x", true), Ok(false));
        }
        assert_eq!(pending.later.len(), MAX_PIECES);
    }
}
