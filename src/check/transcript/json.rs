//! loopshark's own JSON lines, read back: a frame, or an exchange of two.

use serde::Deserialize;

use crate::check::{Cell, Claim, Column};

#[derive(Deserialize)]
struct Packet {
    frame: u64,
    time: String,
    src: String,
    dst: String,
    protocol: String,
    length: u64,
    info: String,
}

#[derive(Deserialize)]
struct Pair {
    request: Option<Packet>,
    response: Option<Packet>,
}

/// The rows of a line of JSON; none where it is something else.
pub fn rows(line: &str) -> Option<Vec<Claim>> {
    if !line.starts_with('{') {
        return None;
    }
    if let Ok(packet) = serde_json::from_str::<Packet>(line) {
        return Some(vec![claim(&packet)]);
    }
    let pair: Pair = serde_json::from_str(line).ok()?;
    Some([pair.request, pair.response].iter().flatten().map(claim).collect())
}

fn claim(packet: &Packet) -> Claim {
    let mut claim = Claim::default();
    for (column, text) in [
        (Column::Number, packet.frame.to_string().as_str()),
        (Column::Time, &packet.time),
        (Column::Source, &packet.src),
        (Column::Destination, &packet.dst),
        (Column::Protocol, &packet.protocol),
        (Column::Length, packet.length.to_string().as_str()),
        (Column::Info, &packet.info),
    ] {
        *claim.cell_mut(column) = Some(Cell::from(text));
    }
    claim
}
