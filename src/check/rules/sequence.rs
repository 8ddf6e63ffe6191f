//! A TCP segment's Seq follows from the one before it in the same direction: RFC 9293, section 3.4.
//!
//! Only where the numbers say that no frame is missing between the two, and Wireshark remarks on nothing: what it remarks
//! on is just what does not follow.

use hashbrown::{HashMap, HashSet};

use super::Finding;
use super::row::{Ports, Row};
use crate::check::Column;
use crate::tr;

/// Half of all sequence numbers.
const HALF: u64 = 1 << 31;

/// Addresses and ports, as sent.
type Direction<'a> = (&'a str, &'a str, u64, u64);

/// A segment, and where it leaves its direction.
struct Last<'a> {
    at: usize,
    row: &'a Row,
    ports: &'a Ports,
    /// The Seq that follows.
    next: u64,
    /// The Seq that would follow, had this one followed from the one before.
    instead: Option<u64>,
}

/// `unfit` are the rows, by their claims' place, whose Len is in doubt: what follows from it is, too.
pub fn findings(rows: &[Row], unfit: &HashSet<usize>) -> Vec<Finding> {
    let mut last: HashMap<Direction, Last> = HashMap::new();
    let mut unread: HashMap<(&str, &str), usize> = HashMap::new();
    let mut findings = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let Some((ports, seq, taken)) = segment(row) else {
            // It may be a segment of any conversation between the two.
            unread.insert((&row.source, &row.destination), at);
            continue;
        };
        let direction = (row.source.as_str(), row.destination.as_str(), ports.from, ports.to);
        let hidden = unread.get(&(direction.0, direction.1)).copied();
        let before = last.remove(&direction).filter(|last| hidden.is_none_or(|hidden| hidden < last.at));
        let before = before.filter(|last| are_neighbours(last, at, row));
        let after = before.as_ref().filter(|before| before.next != seq && before.instead != Some(seq));
        if let Some(before) = after.filter(|before| is_telling(row, seq, taken, before)) {
            findings.extend((!unfit.contains(&before.row.index)).then(|| finding(row, seq, before)));
        }
        let instead = after.map(|before| sequence(before.next, taken));
        last.insert(direction, Last { at, row, ports, next: sequence(seq, taken), instead });
    }
    findings
}

/// A segment that Wireshark remarks nothing on: with its Seq, and how far it takes it.
fn segment(row: &Row) -> Option<(&Ports, u64, u64)> {
    let ports = row.ports.as_ref().filter(|ports| row.protocol == "TCP" && !ports.remark && !ports.reset)?;
    Some((ports, ports.seq?, ports.len?.checked_add(ports.flags_take)?))
}

/// Whether a Seq that does not follow says something. Between computers segments overtake each other, and Wireshark
/// remarks on that only where they carry data; relative numbers beyond the half come round.
fn is_telling(row: &Row, seq: u64, taken: u64, before: &Last) -> bool {
    let carries = taken > 0 && before.next > before.ports.seq.unwrap_or_default();
    (carries || row.is_loopback()) && seq.max(before.next) < HALF
}

fn sequence(seq: u64, taken: u64) -> u64 {
    seq.saturating_add(taken) % (1 << 32)
}

/// Whether the numbers say that no frame is missing between a segment and a row.
fn are_neighbours(last: &Last, at: usize, row: &Row) -> bool {
    let numbers = row.number.zip(last.row.number).and_then(|(now, then)| now.checked_sub(then));
    numbers.is_some() && numbers == u64::try_from(at.saturating_sub(last.at)).ok()
}

fn finding(row: &Row, seq: u64, before: &Last) -> Finding {
    let Last { ports, next, .. } = before;
    let (then, len) = (ports.seq.unwrap_or_default(), ports.len.unwrap_or_default());
    let label = before.row.label.as_str();
    row.finding(Column::Info, tr!("check-sequence", seq = seq, row = label, then = then, len = len, next = *next))
}

#[cfg(test)]
mod tests {
    use crate::check::rules::tests::{misfits, rows};

    const SEGMENTS: [&str; 3] = [
        "50 49789 → 1042 [PSH, ACK] Seq=13 Ack=5 Win=8410 Len=6",
        "44 1042 → 49789 [ACK] Seq=5 Ack=19 Win=8347 Len=0",
        "44 49789 → 1042 [ACK] Seq=19 Ack=7 Win=8410 Len=0",
    ];

    #[test]
    fn a_segment_follows_from_the_one_before() {
        let text = rows("127.0.0.1", "TCP", &SEGMENTS);
        assert_eq!(misfits(&text), []);
        let text = text.replace("Seq=19", "Seq=6");
        assert_eq!(misfits(&text), [(2, "Seq=6 does not follow from row 1 (Seq=13 Len=6 gives 19)".to_owned())]);
    }

    #[test]
    fn where_a_frame_may_be_missing_nothing_follows() {
        let text = rows("127.0.0.1", "TCP", &SEGMENTS).replace("Seq=19", "Seq=6");
        assert_eq!(misfits(&text.replace("3\t0.3", "4\t0.3")), []);
        assert_eq!(misfits(&text.replace("49789 → 1042 [ACK]", "[TCP Keep-Alive] 49789 → 1042 [ACK]")), []);
    }
}
