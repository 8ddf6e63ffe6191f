//! A report's text: to tables, to what they say by themselves, and to verdicts against a capture; in every format.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use loopshark::check::document::{self, Section};
use loopshark::check::frames::Finder;
use loopshark::check::{self, Checked, Table, assign, transcript};
use loopshark::dissect::Dissector;
use loopshark::output::verdicts;
use loopshark::source::file::CaptureFile;
use loopshark::source::{Event, Source};
use loopshark::views::View;
use loopshark_fuzz::Harmless;

const CAPTURE: &[u8] = include_bytes!("../../../fixtures/practica6.pcap");
const NAME: &str = "report";

/// Has the finder look for rows among the capture's frames.
fn pass(finder: &mut Finder, dissector: &mut Dissector) {
    let mut capture = CaptureFile::from_reader(Box::new(Cursor::new(CAPTURE)), "capture").expect("it is whole");
    while let Event::Frame(frame) = capture.next_event().expect("it is whole") {
        finder.frame(&frame, dissector.dissect(&frame)).expect("a finder writes nothing");
    }
}

/// The frames that rows may be, as `check` finds them: in two passes, between which clocks are set.
fn found(tables: &[Table]) -> Finder {
    let mut finder = Finder::new(tables.iter().flat_map(|table| &table.claims));
    let mut dissector = Dissector::default();
    pass(&mut finder, &mut dissector);
    let mut first = 0;
    for table in tables {
        if let Some(shift) = assign::shift(&table.claims, first, &finder) {
            finder.shift(first, &table.claims, shift);
        }
        first += table.claims.len();
    }
    finder.rewind();
    pass(&mut finder, &mut dissector.second_pass());
    finder
}

fn write(checked: &[Checked], with_capture: bool) {
    verdicts::table::write(&mut Harmless, checked, with_capture, Some(80), false).expect("a table is written");
    verdicts::json::write(&mut Harmless, checked).expect("JSON is written");
    verdicts::markdown::write(&mut Harmless, checked, with_capture).expect("Markdown is written");
}

fuzz_target!(|input: &[u8]| {
    let Some(text) = document::text(input) else { return };
    let tables = transcript::read(&text);
    let rows: usize = tables.iter().map(|table| table.claims.len()).sum();
    let finder = found(&tables);
    let mut sections = [Section::Text(tables)];
    let alone = check::alone(NAME.to_owned(), &sections);
    assert_eq!(alone.rows.len(), rows, "each row has its verdict");
    let against = check::with_capture(NAME.to_owned(), &mut sections, 0, &finder);
    assert_eq!(against.rows.len(), rows, "each row has its verdict");
    write(&[alone], false);
    write(&[against], true);
});
