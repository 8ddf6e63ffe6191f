//! The columns of Wireshark's packet list: what their headings are called, and what their cells look like.
//!
//! Reports name them in the language of the window or not at all. Without a heading a cell's shape says which column it
//! belongs to: the columns keep Wireshark's order, some may be missing, others may stand between them.

use std::net::IpAddr;

/// A column of the packet list, in Wireshark's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the names are Wireshark's
pub enum Column {
    Number,
    Time,
    Source,
    Destination,
    Protocol,
    Length,
    Info,
}

impl Column {
    /// How many there are.
    pub const COUNT: usize = 7;
    /// All of them, in order.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Number, Self::Time, Self::Source, Self::Destination, Self::Protocol, Self::Length, Self::Info];

    /// The heading in Wireshark.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "No.",
            Self::Time => "Time",
            Self::Source => "Source",
            Self::Destination => "Destination",
            Self::Protocol => "Protocol",
            Self::Length => "Length",
            Self::Info => "Info",
        }
    }

    /// The column that a heading names, in the languages of the lab's reports or as a field of tshark.
    #[must_use]
    pub fn by_heading(heading: &str) -> Option<Self> {
        let plain = heading.trim_matches(|c: char| c.is_whitespace() || "*_`\"':".contains(c)).to_lowercase();
        Some(match plain.as_str() {
            "no." | "no" | "nº" | "n.º" | "n°" | "núm." | "núm" | "num" | "num." | "número" | "number" | "nr."
            | "nr" | "#" | "frame" | "frame.number" => Self::Number,
            "time" | "tiempo" | "hora" | "zeit" | "temps" | "tempo" | "frame.time_relative" => Self::Time,
            "source" | "src" | "origen" | "fuente" | "quelle" | "origem" | "sorgente" | "ip.src" => Self::Source,
            "destination" | "dst" | "dest" | "destino" | "ziel" | "destinazione" | "ip.dst" => Self::Destination,
            "protocol" | "proto" | "protocolo" | "protokoll" | "protocole" | "protocollo" | "_ws.col.protocol" => {
                Self::Protocol
            }
            "length" | "longitud" | "tamaño" | "länge" | "longueur" | "lunghezza" | "comprimento" | "frame.len" => {
                Self::Length
            }
            "info" | "información" | "info." | "information" | "informations" | "_ws.col.info" => Self::Info,
            _ => return None,
        })
    }

    /// How much a text looks like a cell of this column: 0 not at all, 3 like nothing else.
    #[must_use]
    pub fn likeness(self, text: &str) -> u32 {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Number if digits && text.len() <= 10 => 2,
            Self::Time => time_likeness(text),
            Self::Source | Self::Destination => address_likeness(text),
            Self::Protocol => protocol_likeness(text),
            Self::Length if digits && text.len() <= 6 => 2,
            Self::Info if text.contains("Len=") || text.contains('→') => 3,
            Self::Info if text.split_whitespace().count() > 2 => 2,
            Self::Info if !text.is_empty() => 1,
            _ => 0,
        }
    }
}

/// Seconds with decimals, or a time of day, perhaps with its date.
fn time_likeness(text: &str) -> u32 {
    let made_of = |allowed: &str| text.chars().all(|c| c.is_ascii_digit() || allowed.contains(c));
    let starts = text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    let ends = text.trim_end_matches(['Z', 's']).ends_with(|c: char| c.is_ascii_digit());
    let points = text.matches(['.', ',']).count();
    match text.matches(':').count() {
        _ if !starts || !ends => 0,
        0 if points == 1 && made_of("-.,s ") => 3,
        0 if points == 0 && made_of("-") => 1,
        2 if points <= 1 && made_of("-.,: TZ/") => 3,
        _ => 0,
    }
}

/// An IP or link-layer address, perhaps misread, or the name of a host.
fn address_likeness(text: &str) -> u32 {
    if text.parse::<IpAddr>().is_ok() {
        return 3;
    }
    let marks = text.chars().filter(|c| ".:".contains(*c)).count();
    let like_digits = text.chars().filter(|c| c.is_ascii_hexdigit() || "OolIiSBgq%".contains(*c)).count();
    match () {
        () if text.contains(char::is_whitespace) || text.len() > 64 => 0,
        () if marks >= 2 && like_digits + marks + 1 >= text.chars().count() => 3,
        () if marks >= 2 => 2,
        () if text.contains('_') && text.contains(':') => 2, // half of a link-layer address resolved: Intel_12:34:56
        () if ["localhost", "Broadcast", "N/A"].contains(&text) => 2,
        () => 0,
    }
}

/// A name in capitals, mostly.
fn protocol_likeness(text: &str) -> u32 {
    let fits = text.len() <= 16 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-./_ ".contains(c));
    if !fits || !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    let capitals = text.chars().filter(char::is_ascii_uppercase).count();
    if capitals * 2 >= text.len() { 3 } else { 1 }
}

/// Which column each cell belongs to, by shape, where `order` says in which order columns come; none where a cell
/// belongs to no column. With it, how well it all fits.
///
/// The best way to lay cells and columns side by side, found as one finds the longest common subsequence.
#[must_use]
pub fn by_shape(cells: &[&str], order: &[Column]) -> (Vec<Option<Column>>, u32) {
    let width = order.len() + 1;
    let at = |cell: usize, column: usize| cell * width + column;
    let mut best = vec![0; (cells.len() + 1) * width];
    for (i, cell) in cells.iter().enumerate() {
        for (j, column) in order.iter().enumerate() {
            let likeness = column.likeness(cell);
            let taken = if likeness > 0 { best[at(i, j)] + likeness } else { 0 };
            best[at(i + 1, j + 1)] = taken.max(best[at(i, j + 1)]).max(best[at(i + 1, j)]);
        }
    }
    let (mut i, mut j) = (cells.len(), order.len());
    let mut columns = vec![None; cells.len()];
    while i > 0 && j > 0 {
        if best[at(i, j)] == best[at(i - 1, j)] {
            i -= 1;
        } else if best[at(i, j)] == best[at(i, j - 1)] {
            j -= 1;
        } else {
            (i, j) = (i - 1, j - 1);
            columns[i] = Some(order[j]);
        }
    }
    (columns, best[at(cells.len(), order.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_without_a_heading_are_known_by_their_shape() {
        let columns = |cells: &[&str]| by_shape(cells, &Column::ALL).0.into_iter().flatten().collect::<Vec<_>>();
        let row = ["37", "12.878387", "127.0.0.1", "127.0.0.1", "UDP", "49", "63337 → 8080 Len=17"];
        assert_eq!(columns(&row), Column::ALL);
        assert_eq!(columns(&row[1..]), Column::ALL[1..]);
        assert_eq!(columns(&row[2..6]), Column::ALL[2..6]);
        let clock = ["7", "2024-05-02 10:11:12.123456", "::1", "::1", "UDP", "79", "1 → 2 Len=17"];
        assert_eq!(columns(&clock), Column::ALL);
    }

    #[test]
    fn a_column_that_is_not_wireshark_s_belongs_nowhere() {
        let cells = ["x y", "37", "12.878387", "127.0.0.1", "127.0.0.1", "UDP", "49", "63337 → 8080 Len=17"];
        let (columns, _) = by_shape(&cells, &Column::ALL);
        assert_eq!(columns[0], None);
        assert_eq!(columns[7], Some(Column::Info));
    }
}
