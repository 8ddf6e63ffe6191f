//! Length against what Info says: link, IP and transport headers, options and data add up.
//!
//! One link type holds for a table: the one that most of its rows agree on. Between computers a frame can be longer than
//! its headers and data (padding, tags, tunnels, trailers) or hold the last part of a datagram only; on loopback it can't.

use std::net::IpAddr;

use hashbrown::HashMap;

use super::Finding;
use super::row::Row;
use crate::check::Column;
use crate::tr;

/// Link headers of captures: raw IP, NULL or LOOP, Ethernet, SLL, SLL2.
const LINKS: [u64; 5] = [0, 4, 14, 16, 20];
/// The least an Ethernet frame has after its header, and with it.
const ETHERNET_DATA: u64 = 46;
const ETHERNET_LEAST: u64 = 60;
/// All that TCP has room for.
const MAX_OPTIONS: u64 = 40;
/// How much may fill up options beyond the next multiple of four.
const FILLING: u64 = 8;
/// No datagram with less data comes in fragments.
const LEAST_FRAGMENTED: u64 = 500;

/// A row whose lengths can be added up.
struct Sum<'a> {
    row: &'a Row,
    length: u64,
    data: u64,
    /// IP and transport, without options.
    headers: u64,
    /// The least and the most that options take.
    options: (u64, u64),
}

impl<'a> Sum<'a> {
    fn of(row: &'a Row) -> Option<Self> {
        let ports = row.ports.as_ref()?;
        let data = ports.len?;
        let tcp = row.protocol == "TCP";
        if !tcp && ports.remark {
            return None; // a datagram whose own length is wrong
        }
        let least = ports.options.next_multiple_of(4);
        let options = match (tcp, ports.options_known) {
            (false, _) | (true, true) if least == 0 => (0, 0),
            (_, true) => (least, least + FILLING),
            (_, false) => (least, MAX_OPTIONS),
        };
        let headers = ip_header(row)? + if tcp { 20 } else { 8 };
        Some(Self { row, length: row.length?, data, headers, options })
    }

    /// What the headers, the least of options and the data leave for the link, where they leave anything.
    fn link(&self) -> Option<u64> {
        self.length.checked_sub(self.headers)?.checked_sub(self.options.0)?.checked_sub(self.data)
    }

    /// Whether it adds up with a link header.
    fn fits(&self, link: u64) -> bool {
        let Some(surplus) = self.link().and_then(|left| left.checked_sub(link)) else { return false };
        let filling = self.options.1.saturating_sub(self.options.0);
        // Cooked captures keep the padding, too. Addresses of traces that were made anonymous can be loopback's.
        let padded = self.length == ETHERNET_DATA + link && (link == 14 || !self.row.is_loopback());
        padded || (surplus <= filling && surplus.is_multiple_of(4))
    }

    /// What a link header leaves for data, by the least of options.
    fn left(&self, link: u64) -> u64 {
        self.length.saturating_sub(link).saturating_sub(self.headers).saturating_sub(self.options.0)
    }
}

pub fn findings(rows: &[Row]) -> Vec<Finding> {
    let sums: Vec<Sum> = rows.iter().filter_map(Sum::of).collect();
    let votes = votes(&sums);
    let link = agreed(&votes, sums.len());
    sums.iter().filter_map(|sum| judge(sum, link, &votes)).collect()
}

/// How many rows leave so much for the link. What may be padded says nothing of it.
fn votes(sums: &[Sum]) -> HashMap<Option<u64>, usize> {
    let mut votes = HashMap::new();
    for sum in sums.iter().filter(|sum| sum.length != ETHERNET_LEAST || sum.row.is_loopback()) {
        *votes.entry(sum.link()).or_default() += 1;
    }
    votes
}

/// The link header that most rows leave room for.
fn agreed(votes: &HashMap<Option<u64>, usize>, rows: usize) -> Option<u64> {
    let count = |link: u64| votes.get(&Some(link)).copied().unwrap_or(0);
    let best = LINKS.into_iter().max_by_key(|link| count(*link))?;
    let rivals = LINKS.iter().filter(|link| count(**link) == count(best)).count();
    (rivals == 1 && count(best) >= rows.min(2)).then_some(best)
}

fn judge(sum: &Sum, link: Option<u64>, votes: &HashMap<Option<u64>, usize>) -> Option<Finding> {
    let Sum { row, length, data, .. } = *sum;
    let Some(link) = link.or_else(|| LINKS.into_iter().find(|link| sum.fits(*link))) else {
        let sure = sum.options == (0, 0) && (sum.row.is_loopback() || sum.length < whole(sum, 0));
        return (sure && !excused(sum, 0, votes)).then(|| without_link(sum));
    };
    let left = sum.left(link);
    if sum.fits(link) {
        let text = if left == data {
            tr!("check-length-fits", length = length, left = left, data = data)
        } else {
            tr!("check-length-room", length = length, data = data)
        };
        return Some(Finding { fits: true, ..row.finding(Column::Length, text) });
    }
    if excused(sum, link, votes) {
        return None;
    }
    let text = if left == 0 && sum.length < whole(sum, link).saturating_sub(data) {
        tr!("check-length-headers", length = length, data = data, whole = whole(sum, link))
    } else {
        tr!("check-length-leaves", length = length, left = left, data = data)
    };
    Some(row.finding(Column::Length, text))
}

/// A row that goes with no link type, in a table that has none.
fn without_link(sum: &Sum) -> Finding {
    let lengths = LINKS.map(|link| whole(sum, link).to_string());
    let text = tr!("check-length-link", length = sum.length, data = sum.data, lengths = lengths.join(", "));
    sum.row.finding(Column::Length, text)
}

fn whole(sum: &Sum, link: u64) -> u64 {
    sum.data.saturating_add(link).saturating_add(sum.headers).saturating_add(sum.options.0)
}

/// Whether something that the columns do not show may be the reason.
fn excused(sum: &Sum, link: u64, votes: &HashMap<Option<u64>, usize>) -> bool {
    if sum.row.is_loopback() {
        return sum.length < whole(sum, link) && sum.data >= 16_000;
    }
    let shared = votes.get(&sum.link()).is_some_and(|votes| *votes > 1);
    if sum.length < whole(sum, link) { sum.data >= LEAST_FRAGMENTED } else { shared }
}

fn ip_header(row: &Row) -> Option<u64> {
    match (row.source.parse().ok()?, row.destination.parse().ok()?) {
        (IpAddr::V4(_), IpAddr::V4(_)) => Some(20),
        (IpAddr::V6(_), IpAddr::V6(_)) => Some(40),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::rules::tests::{found, lab, misfits, rows};

    #[test]
    fn what_length_leaves_for_data_is_said_of_each_row() {
        let text = "47 21.578449 127.0.0.1 → 127.0.0.1 TCP 50 49789 → 1042 [PSH, ACK] Seq=13 Ack=5 Win=8410 Len=6";
        assert_eq!(found(text)[0].text, "Length 50 leaves 6 bytes of data, Info says Len=6: consistent");
        assert!(found(text)[0].fits);
    }

    #[test]
    fn a_row_of_another_length_than_its_data_is_named() {
        let text = lab().replace("UDP 49 51084", "UDP 54 51084");
        assert_eq!(misfits(&text), [(4, "Length 54 leaves 22 bytes of data, Info says Len=17".to_owned())]);
        let text = lab().replace("UDP 49 51084", "UDP 30 51084");
        let wanted = "Length 30 is less than the headers take: with Len=17 it would be 49";
        assert_eq!(misfits(&text), [(4, wanted.to_owned())]);
        let alone = "1 0.5 127.0.0.1 → 127.0.0.1 UDP 54 51084 → 8080 Len=17";
        let wanted = "Length 54 does not go with Len=17: it would be 45, 49, 59, 61, 65";
        assert_eq!(misfits(alone), [(0, wanted.to_owned())]);
    }

    #[test]
    fn tcp_s_options_and_ipv6_are_counted() {
        let rows = rows(
            "::1",
            "TCP",
            &[
                "94 50802 → 80 [SYN] Seq=0 Win=65476 Len=0 MSS=65476 SACK_PERM TSval=1 TSecr=0 WS=128",
                "74 80 → 50802 [RST, ACK] Seq=1 Ack=1 Win=0 Len=0",
                "79 80 → 50803 [PSH, ACK] Seq=1 Ack=1 Win=9 Len=5",
                "98 80 → 50804 [ACK] Seq=1 Ack=1 Win=9 Len=0 TSval=1 TSecr=0 SLE=5 SRE=9",
                "98 80 → 50805 [ACK] Seq=1 Ack=1 Win=9 Len=0 TSval=1 TSe…",
            ],
        );
        assert_eq!(misfits(&rows), []);
        let rows = rows.replace("\t79\t", "\t80\t");
        assert_eq!(misfits(&rows), [(2, "Length 80 leaves 6 bytes of data, Info says Len=5".to_owned())]);
    }

    #[test]
    fn padding_tunnels_and_fragments_are_nothing_to_remark() {
        let rows = rows(
            "192.168.1.5",
            "UDP",
            &[
                "59 5000 → 9 Len=17",
                "72 5000 → 9 Len=30",
                "60 5000 → 9 Len=2",
                "92 5001 → 9 Len=30",
                "92 5002 → 9 Len=30",
                "59 5001 → 9 [BAD UDP LENGTH 60660 > IP PAYLOAD LENGTH] Len=60652",
                "562 5001 → 9 Len=2000",
            ],
        );
        assert_eq!(misfits(&rows), []);
    }
}
