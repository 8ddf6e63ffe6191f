//! What a segment is in its conversation: new, sent again, out of order, a probe, a repeated acknowledgment.
//!
//! The rules are those that Wireshark's User's Guide lists under "TCP Analysis", under the same names. Each direction
//! keeps a few numbers, not the segments themselves. Zero stands for "not seen yet" in sequence numbers and times, as in
//! Wireshark, where a number that happens to be zero is one not seen. Knows nothing of headers and options.

/// The most segments of a direction that are counted as not acknowledged; behind them a SYN or FIN takes no number.
const MAX_UNACKED: u16 = 10_000;
/// How soon after a duplicate ACK a repeated segment is its answer, in nanoseconds.
const FAST_RETRANSMISSION: u64 = 20_000_000;
/// How soon after the segment before one from further back was just overtaken, where no handshake gave a round-trip
/// time, in nanoseconds.
const OUT_OF_ORDER: u64 = 3_000_000;
/// What [`Flow::dup_acks`] says once an ACK was told to have acknowledged an unseen segment.
const TOLD: u32 = u32::MAX;

pub(super) const FIN: u16 = 0x01;
pub(super) const SYN: u16 = 0x02;
pub(super) const RST: u16 = 0x04;
pub(super) const ACK: u16 = 0x10;

/// Everything that may be found, the first that is shown first.
pub(super) const NAMES: [(u16, &str); 15] = [
    (ZERO_WINDOW_PROBE_ACK, "[TCP ZeroWindowProbeAck] "),
    (ZERO_WINDOW, "[TCP ZeroWindow] "),
    (ZERO_WINDOW_PROBE, "[TCP ZeroWindowProbe] "),
    (DUP_ACK, "[TCP Dup ACK "),
    (KEEP_ALIVE_ACK, "[TCP Keep-Alive ACK] "),
    (KEEP_ALIVE, "[TCP Keep-Alive] "),
    (WINDOW_FULL, "[TCP Window Full] "),
    (WINDOW_UPDATE, "[TCP Window Update] "),
    (ACKED_UNSEEN, "[TCP ACKed unseen segment] "),
    (PREVIOUS_NOT_CAPTURED, "[TCP Previous segment not captured] "),
    (OUT_OF_ORDER_SEGMENT, "[TCP Out-Of-Order] "),
    (SPURIOUS, "[TCP Spurious Retransmission] "),
    (FAST, "[TCP Fast Retransmission] "),
    (RETRANSMISSION, "[TCP Retransmission] "),
    (PORTS_REUSED, "[TCP Port numbers reused] "),
];
pub(super) const RETRANSMISSION: u16 = 0x0001;
pub(super) const PREVIOUS_NOT_CAPTURED: u16 = 0x0002;
pub(super) const ACKED_UNSEEN: u16 = 0x0004;
pub(super) const KEEP_ALIVE: u16 = 0x0008;
pub(super) const DUP_ACK: u16 = 0x0010;
pub(super) const ZERO_WINDOW: u16 = 0x0020;
pub(super) const ZERO_WINDOW_PROBE: u16 = 0x0040;
pub(super) const ZERO_WINDOW_PROBE_ACK: u16 = 0x0080;
pub(super) const KEEP_ALIVE_ACK: u16 = 0x0100;
pub(super) const OUT_OF_ORDER_SEGMENT: u16 = 0x0200;
pub(super) const FAST: u16 = 0x0400;
pub(super) const WINDOW_UPDATE: u16 = 0x0800;
pub(super) const WINDOW_FULL: u16 = 0x1000;
pub(super) const PORTS_REUSED: u16 = 0x2000;
pub(super) const SPURIOUS: u16 = 0x4000;
/// What is worth a remark, and nothing bad.
pub(super) const IN_ORDER: u16 = WINDOW_UPDATE | KEEP_ALIVE | KEEP_ALIVE_ACK;

/// What was found about a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// Which of [`NAMES`].
    pub flags: u16,
    /// Of a duplicate ACK: the frame that it repeats, and how many did by now.
    pub dup_ack: (u32, u32),
}

/// What is known of the shift of a side's windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scale {
    /// Nothing: its SYN was not seen.
    #[default]
    Unknown,
    /// That there is none: one of the two sides did not offer it.
    Unused,
    /// This one.
    Shift(u8),
}

/// One direction of a conversation.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// The sequence number that counts as zero.
    pub base: Option<u32>,
    /// The shift of the windows that it announces.
    pub scale: Scale,
    /// Whether it has sent a SYN, and no ACK since: its window is not scaled yet.
    pub opening: bool,
    /// Whether it offered SCPS capabilities.
    pub scps: bool,
    /// The highest number after a segment.
    next: u32,
    /// The number up to which no segment is missing: the highest that the peer can acknowledge.
    contiguous: u32,
    ack: u32,
    /// The window as sent; before that a value that none has.
    window: u32,
    /// The frame that acknowledged `ack` first.
    acked_in: u32,
    dup_acks: u32,
    /// What was found about its last segment.
    last: u16,
    unacked: u16,
    ack_time: i64,
    /// When `next` was reached.
    next_time: i64,
}

/// A segment, with numbers as sent.
#[derive(Clone, Copy)]
pub(super) struct Sent {
    pub seq: u32,
    pub ack: u32,
    pub len: u32,
    pub flags: u16,
    pub window: u16,
    pub frame: u32,
    /// Nanoseconds.
    pub time: i64,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            base: None,
            scale: Scale::Unknown,
            opening: false,
            scps: false,
            next: 0,
            contiguous: 0,
            ack: 0,
            window: u32::MAX,
            acked_in: 0,
            dup_acks: 0,
            last: 0,
            unacked: 0,
            ack_time: 0,
            next_time: 0,
        }
    }
}

/// Whether `a` comes before `b`, on the circle of sequence numbers.
pub(super) fn before(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() < 0
}

/// Whether `a` comes before `b` or is it.
pub(super) fn at_most(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() <= 0
}

/// The span between two times; one that is negative is longer than all others.
fn span(from: i64, to: i64) -> u64 {
    to.wrapping_sub(from).cast_unsigned()
}

impl Sent {
    fn has(&self, flags: u16) -> bool {
        self.flags & flags != 0
    }

    fn end(&self) -> u32 {
        self.seq.wrapping_add(self.len)
    }
}

impl Flow {
    /// Its SYN comes again: what followed it in the meantime is forgotten.
    pub(super) fn reopen(&mut self) {
        self.next = self.contiguous;
    }

    /// Says what a segment of this direction is, and takes note of it; `handshake` is the round-trip time of the
    /// handshake, or zero.
    pub(super) fn analyze(&mut self, peer: &mut Flow, sent: &Sent, handshake: i64) -> Findings {
        let mut found = Findings::default();
        if sent.len == 1 && sent.seq == self.next && peer.window == 0 {
            found.flags = ZERO_WINDOW_PROBE;
        } else {
            self.compare(peer, sent, &mut found);
        }
        if sent.ack != self.ack {
            self.acked_in = sent.frame;
            self.dup_acks = 0;
        }
        found.flags |= peer.acked_unseen(sent);
        if (sent.len > 0 || sent.has(SYN | FIN)) && found.flags & KEEP_ALIVE == 0 {
            found.flags |= self.sent_before(peer, sent, handshake);
        }
        self.note(peer, sent, found.flags);
        found
    }

    /// What a segment is by its difference from the one before.
    fn compare(&mut self, peer: &Flow, sent: &Sent, found: &mut Findings) {
        let window = u32::from(sent.window);
        let plain = !sent.has(SYN | FIN | RST);
        if sent.window == 0 && plain {
            found.flags |= ZERO_WINDOW;
        }
        if self.next != 0 && before(self.next, sent.seq) && !sent.has(RST) {
            found.flags |= PREVIOUS_NOT_CAPTURED;
        }
        if sent.len <= 1 && sent.seq == self.next.wrapping_sub(1) && plain {
            found.flags |= KEEP_ALIVE;
        }
        if sent.len > 0 && plain && peer.edge() == Some(sent.end()) {
            found.flags |= WINDOW_FULL;
        }
        if sent.len > 0 || sent.seq != self.next || sent.ack != self.ack || !plain {
            return;
        }
        if window == 0 {
            if self.window == 0 && peer.last & ZERO_WINDOW_PROBE != 0 {
                found.flags |= ZERO_WINDOW_PROBE_ACK;
            }
        } else if window != self.window {
            found.flags |= WINDOW_UPDATE;
        } else if peer.last & KEEP_ALIVE != 0 {
            found.flags |= KEEP_ALIVE_ACK;
        } else {
            self.dup_acks = if self.dup_acks == TOLD { 1 } else { self.dup_acks.wrapping_add(1) };
            found.flags |= DUP_ACK;
            found.dup_ack = (self.acked_in, self.dup_acks);
        }
    }

    /// Where the window that this side announced ends, if it is known how its windows are scaled.
    fn edge(&self) -> Option<u32> {
        let shift = match self.scale {
            Scale::Unknown => return None,
            Scale::Shift(shift) if !self.opening => shift.into(),
            _ => 0,
        };
        Some(self.ack.wrapping_add(self.window.wrapping_shl(shift)))
    }

    /// Whether the peer acknowledges what was not seen of this direction; told once for each hole.
    fn acked_unseen(&mut self, ack: &Sent) -> u16 {
        if self.contiguous == 0 || !before(self.contiguous, ack.ack) || !ack.has(ACK) {
            return 0;
        }
        if before(self.contiguous, self.next) {
            self.contiguous = self.next;
            return ACKED_UNSEEN;
        }
        let told = self.dup_acks != 0;
        self.dup_acks = TOLD;
        if told { 0 } else { ACKED_UNSEEN }
    }

    /// Whether a segment was sent before, and why again; or whether it was overtaken by others.
    fn sent_before(&self, peer: &Flow, sent: &Sent, handshake: i64) -> u16 {
        if sent.len > 0 && peer.ack != 0 && at_most(sent.end(), peer.ack) {
            return SPURIOUS;
        }
        // More than a byte from the last number on is new data behind a zero window probe.
        let advances =
            self.next == 0 || !before(sent.seq, self.next) || (sent.len > 1 && sent.seq == self.next.wrapping_sub(1));
        if advances {
            return 0;
        }
        if peer.dup_acks >= 2 && peer.ack == sent.seq && span(peer.ack_time, sent.time) < FAST_RETRANSMISSION {
            return FAST;
        }
        let limit = if handshake == 0 { OUT_OF_ORDER } else { handshake.cast_unsigned() };
        let end = sent.end().wrapping_add(sent.has(SYN | FIN).into());
        if span(self.next_time, sent.time) < limit && self.next != end { OUT_OF_ORDER_SEGMENT } else { RETRANSMISSION }
    }

    fn note(&mut self, peer: &mut Flow, sent: &Sent, found: u16) {
        let mut next = sent.end();
        if (sent.len > 0 || sent.has(SYN | FIN)) && self.unacked < MAX_UNACKED {
            self.unacked = self.unacked.saturating_add(1);
            next = next.wrapping_add(sent.has(SYN | FIN).into());
        }
        if found & ZERO_WINDOW_PROBE == 0 {
            if self.next == 0 || before(self.next, next) {
                self.next = next;
                self.next_time = sent.time;
            }
            if self.contiguous == 0 || sent.seq == self.contiguous {
                self.contiguous = self.next;
            }
        }
        if before(self.ack, sent.ack) {
            peer.unacked = 0;
        }
        self.window = sent.window.into();
        self.ack = sent.ack;
        self.ack_time = sent.time;
        self.last = found;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PSH_ACK: u16 = 0x18;

    /// Two endpoints; times in milliseconds.
    #[derive(Default)]
    struct Talk {
        flows: [Flow; 2],
        frame: u32,
        handshake: i64,
    }

    impl Talk {
        /// Client and server, both at 1000, after the client's segment of 100 bytes and the server's ACK of it.
        fn established() -> Self {
            let mut talk = Self::default();
            assert_eq!(talk.client(0, 1000, 5000, 100, PSH_ACK), "");
            assert_eq!(talk.server(1, 5000, 1100, 0, ACK), "");
            talk
        }

        fn client(&mut self, millis: i64, seq: u32, ack: u32, len: u32, flags: u16) -> String {
            self.send(false, millis, [seq, ack, len], flags, 1000)
        }

        fn server(&mut self, millis: i64, seq: u32, ack: u32, len: u32, flags: u16) -> String {
            self.send(true, millis, [seq, ack, len], flags, 1000)
        }

        /// What is found, as the Info column says it.
        fn send(&mut self, swap: bool, millis: i64, [seq, ack, len]: [u32; 3], flags: u16, window: u16) -> String {
            self.frame += 1;
            let time = 1_000_000_000 + millis * 1_000_000;
            let sent = Sent { seq, ack, len, flags, window, frame: self.frame, time };
            let [client, server] = &mut self.flows;
            let (from, to) = if swap { (server, client) } else { (client, server) };
            let found = from.analyze(to, &sent, self.handshake);
            let names = NAMES.iter().filter(|(flag, _)| found.flags & flag != 0).map(|(_, name)| *name);
            let text = names.collect::<String>();
            match found.dup_ack {
                (0, 0) => text.trim_end().to_owned(),
                (frame, count) => format!("{text}{frame}#{count}"),
            }
        }
    }

    #[test]
    fn data_sent_again_late_is_a_retransmission() {
        let mut talk = Talk::established();
        assert_eq!(talk.client(2, 1100, 5000, 100, PSH_ACK), "");
        assert_eq!(talk.client(300, 1100, 5000, 100, PSH_ACK), "[TCP Retransmission]");
    }

    #[test]
    fn data_acknowledged_before_is_a_spurious_retransmission() {
        let mut talk = Talk::established();
        assert_eq!(talk.client(300, 1000, 5000, 100, PSH_ACK), "[TCP Spurious Retransmission]");
    }

    #[test]
    fn data_soon_after_two_duplicate_acks_for_it_is_a_fast_retransmission() {
        let mut talk = Talk::established();
        assert_eq!(talk.client(2, 1200, 5000, 100, PSH_ACK), "[TCP Previous segment not captured]");
        assert_eq!(talk.server(3, 5000, 1100, 0, ACK), "[TCP Dup ACK 2#1");
        assert_eq!(talk.server(4, 5000, 1100, 0, ACK), "[TCP Dup ACK 2#2");
        assert_eq!(talk.client(23, 1100, 5000, 100, PSH_ACK), "[TCP Fast Retransmission]");
        assert_eq!(talk.client(24, 1100, 5000, 100, PSH_ACK), "[TCP Retransmission]");
    }

    #[test]
    fn data_from_further_back_soon_after_is_out_of_order() {
        let overtaken_after = |millis: i64, handshake| {
            let mut talk = Talk { handshake, ..Talk::established() };
            assert_eq!(talk.client(2, 1200, 5000, 100, PSH_ACK), "[TCP Previous segment not captured]");
            talk.client(2 + millis, 1100, 5000, 100, PSH_ACK)
        };
        assert_eq!(overtaken_after(2, 0), "[TCP Out-Of-Order]");
        assert_eq!(overtaken_after(3, 0), "[TCP Retransmission]");
        assert_eq!(overtaken_after(49, 50_000_000), "[TCP Out-Of-Order]");
        assert_eq!(overtaken_after(-1, 0), "[TCP Retransmission]");
    }

    #[test]
    fn an_ack_of_what_was_not_captured_is_told_once() {
        let mut talk = Talk::established();
        assert_eq!(talk.server(2, 5000, 1500, 0, ACK), "[TCP ACKed unseen segment]");
        assert_eq!(talk.server(3, 5000, 1600, 0, ACK), "");
        assert_eq!(talk.client(4, 1600, 5000, 100, PSH_ACK), "[TCP Previous segment not captured]");
    }

    #[test]
    fn windows_are_told_as_they_open_and_close() {
        let mut talk = Talk::established();
        assert_eq!(talk.send(true, 2, [5000, 1100, 0], ACK, 2000), "[TCP Window Update]");
        assert_eq!(talk.send(true, 3, [5000, 1100, 0], ACK, 0), "[TCP ZeroWindow]");
        assert_eq!(talk.client(4, 1100, 5000, 1, ACK), "[TCP ZeroWindowProbe]");
        assert_eq!(talk.send(true, 5, [5000, 1100, 0], ACK, 0), "[TCP ZeroWindowProbeAck] [TCP ZeroWindow]");
        assert_eq!(talk.send(true, 6, [5000, 1100, 0], ACK, 4), "[TCP Window Update]");
        talk.flows[1].scale = Scale::Unused;
        assert_eq!(talk.client(7, 1100, 5000, 4, PSH_ACK), "[TCP Window Full]");
    }

    #[test]
    fn a_full_window_is_scaled_once_the_handshake_is_over() {
        let mut talk = Talk::established();
        talk.flows[1].scale = Scale::Shift(3);
        assert_eq!(talk.client(2, 1100, 5000, 8000, PSH_ACK), "[TCP Window Full]");
        talk.flows[1].opening = true;
        assert_eq!(talk.client(3, 9100, 5000, 8000, PSH_ACK), "");
    }

    #[test]
    fn a_keep_alive_starts_a_byte_early_and_is_answered() {
        let mut talk = Talk::established();
        assert_eq!(talk.client(9000, 1099, 5000, 1, ACK), "[TCP Keep-Alive]");
        assert_eq!(talk.server(9001, 5000, 1100, 0, ACK), "[TCP Keep-Alive ACK]");
        assert_eq!(talk.client(9002, 1100, 5000, 1, ACK), "");
    }

    #[test]
    fn a_number_that_happens_to_be_zero_was_not_seen() {
        let mut talk = Talk::default();
        assert_eq!(talk.client(0, u32::MAX, 5000, 1, PSH_ACK), "[TCP Keep-Alive]");
        assert_eq!(talk.client(1, 700, 5000, 1, PSH_ACK), "");
    }

    #[test]
    fn a_fin_behind_too_many_unacknowledged_segments_takes_no_number() {
        let end_after = |count: u16| {
            let mut talk = Talk::default();
            for n in 0..u32::from(count) {
                talk.client(0, 1 + n, 5000, 1, PSH_ACK);
            }
            talk.client(0, 1 + u32::from(count), 5000, 0, FIN | ACK);
            talk.flows[0].next - u32::from(count)
        };
        assert_eq!((end_after(MAX_UNACKED - 1), end_after(MAX_UNACKED)), (2, 1));
    }
}
