//! What the rows of a report's table say of themselves and of each other, where there is no capture to ask.
//!
//! Each rule is something that any capture obeys, or that the lab's programs do: lengths add up, numbers and times
//! ascend, a response comes from where the request went. A rule that true captures break now and then is held only
//! where the table leaves no other reading, since a finding is a place to look and must be worth the look. Must not know
//! captures. Lengths: RFC 768, RFC 791, RFC 8200, RFC 9293; link headers: the pcap link types' list.

use super::{Claim, Column};

mod exchanges;
mod lengths;
mod names;
mod order;
mod row;
mod sequence;

use row::Row;

/// Something that a row says of itself or of its neighbours, and whether it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which of the claims, from 0.
    pub row: usize,
    /// The cell to look at.
    pub column: Column,
    /// Whether it fits.
    pub fits: bool,
    /// What there is to see, in plain words and without the row's name.
    pub text: String,
}

/// What the rows of one table say of themselves and of each other, in the order of the rows.
#[must_use]
pub fn findings(claims: &[Claim]) -> Vec<Finding> {
    let mut rows: Vec<Row> = claims.iter().enumerate().map(|(index, claim)| Row::read(index, claim)).collect();
    if order::descends(&rows) {
        rows.reverse();
    }
    let mut findings = lengths::findings(&rows);
    findings.extend(names::findings(&rows));
    findings.extend(order::findings(&rows));
    if order::holds(&rows) {
        let unfit = findings.iter().filter(|finding| !finding.fits && finding.column == Column::Length);
        let unfit = unfit.map(|finding| finding.row).collect();
        findings.extend(sequence::findings(&rows, &unfit));
        findings.extend(exchanges::findings(&rows));
    }
    findings.sort_by_key(|finding| (finding.row, finding.column));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::transcript;

    /// What is found in a table of text.
    pub(super) fn found(text: &str) -> Vec<Finding> {
        transcript::read(text).first().map(|table| findings(&table.claims)).unwrap_or_default()
    }

    /// What does not fit in it, each with its row's index.
    pub(super) fn misfits(text: &str) -> Vec<(usize, String)> {
        let misfits = found(text).into_iter().filter(|finding| !finding.fits);
        misfits.map(|finding| (finding.row, finding.text)).collect()
    }

    /// Rows from an address to itself, a tenth of a second apart: Length and Info of each.
    pub(super) fn rows(address: &str, protocol: &str, rows: &[&str]) -> String {
        let row = |(n, row): (usize, &&str)| {
            let (length, info) = row.split_once(' ').unwrap();
            format!("{n}\t0.{n}\t{address}\t{address}\t{protocol}\t{length}\t{info}\n", n = n + 1)
        };
        rows.iter().enumerate().map(row).collect()
    }

    /// The lab as tshark shows it, captured where loopback frames have NULL headers.
    pub(super) fn lab() -> String {
        "\
   37  12.878387    127.0.0.1 → 127.0.0.1    UDP 49 63337 → 8080 Len=17
   38  12.879958    127.0.0.1 → 127.0.0.1    UDP 62 8080 → 63337 Len=30
   39  13.889821    127.0.0.1 → 127.0.0.1    UDP 49 51083 → 8080 Len=17
   40  13.890001    127.0.0.1 → 127.0.0.1    UDP 62 8080 → 51083 Len=30
   41  14.901195    127.0.0.1 → 127.0.0.1    UDP 49 51084 → 8080 Len=17
   42  14.901886    127.0.0.1 → 127.0.0.1    UDP 62 8080 → 51084 Len=30
   43  15.903162    127.0.0.1 → 127.0.0.1    UDP 49 51085 → 8080 Len=17
   44  15.903929    127.0.0.1 → 127.0.0.1    UDP 62 8080 → 51085 Len=30
"
        .to_owned()
    }

    #[test]
    fn the_lab_s_own_rows_fit() {
        let lab = lab();
        assert_eq!(misfits(&lab), []);
        assert_eq!(found(&lab).len(), 8, "each row's lengths add up");
        let turned: Vec<&str> = lab.lines().rev().collect();
        assert_eq!(misfits(&turned.join("\n")), [], "sorted the other way");
    }

    #[test]
    fn what_was_not_read_with_certainty_is_not_spoken_of() {
        let mut claims = transcript::read(&lab().replace("UDP 49 51084", "UDP 54 51084")).remove(0).claims;
        claims[4].cell_mut(Column::Length).as_mut().unwrap().unsure = vec![false, true];
        assert!(findings(&claims).iter().all(|finding| finding.fits));
    }

    #[test]
    fn any_text_is_survived() {
        for text in
            ["Len=", "1 → 2 Len=99999999999999999999", "18446744073709551615 → 1 Len=18446744073709551615", "[TCP 1"]
        {
            let mut claim = Claim::default();
            for column in Column::ALL {
                *claim.cell_mut(column) = Some(text.into());
            }
            for (column, text) in
                [(Column::Protocol, "TCP"), (Column::Length, "18446744073709551615"), (Column::Source, "::1")]
            {
                *claim.cell_mut(column) = Some(text.into());
            }
            *claim.cell_mut(Column::Destination) = Some("::1".into());
            let _ = findings(&[claim.clone(), claim]);
        }
        assert_eq!(findings(&[]), []);
    }
}
