//! A check as one JSON document; the keys are the contract of `docs/json.md`.

use std::io::{self, Write};

use serde::Serialize;

use super::total;
use crate::check::{Checked, Verdict};
use crate::output::json;

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    remarks: &'a [String],
}

#[derive(Serialize)]
struct Named<'a> {
    report: &'a str,
    #[serde(flatten)]
    document: Document<'a>,
}

#[derive(Serialize)]
struct Several<'a> {
    reports: Vec<Named<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "row")]
    number: usize,
    frame: Option<u64>,
    verdict: &'static str,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    column: &'static str,
    shown: &'a str,
    decoded: Option<&'a str>,
}

#[derive(Serialize)]
struct Finding<'a> {
    row: usize,
    column: &'static str,
    fits: bool,
    text: &'a str,
}

#[derive(Serialize)]
struct Summary {
    rows: usize,
    #[serde(rename = "match")]
    same: usize,
    near: usize,
    differs: usize,
    absent: usize,
    unreadable: usize,
}

/// Writes one report by itself, several under their names.
pub fn write(out: &mut impl Write, all: &[Checked]) -> io::Result<()> {
    match all {
        [one] => json::write(out, &document(one))?,
        several => {
            let reports =
                several.iter().map(|checked| Named { report: &checked.name, document: document(checked) }).collect();
            json::write(out, &Several { reports, summary: summary(total(several)) })?;
        }
    }
    out.write_all(b"\n")?;
    out.flush()
}

fn document(checked: &Checked) -> Document<'_> {
    let rows = checked.rows.iter().zip(1..).map(|(row, number)| Row {
        number,
        frame: row.frame,
        verdict: row.verdict.name(),
        cells: row
            .cells
            .iter()
            .map(|cell| Cell { column: cell.column.name(), shown: &cell.shown, decoded: cell.decoded.as_deref() })
            .collect(),
    });
    let findings = checked.findings.iter().map(|finding| Finding {
        row: finding.row + 1,
        column: finding.column.name(),
        fits: finding.fits,
        text: &finding.text,
    });
    Document {
        rows: rows.collect(),
        summary: summary(|verdict| checked.count(verdict)),
        findings: findings.collect(),
        remarks: &checked.remarks,
    }
}

fn summary(count: impl Fn(Verdict) -> usize) -> Summary {
    let [same, near, differs, absent, unreadable] = Verdict::ALL.map(&count);
    Summary { rows: same + near + differs + absent + unreadable, same, near, differs, absent, unreadable }
}
