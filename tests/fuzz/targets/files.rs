//! Saved captures: pcap and pcapng, plain and compressed, through what `read` opens them with, and on to its views.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use loopshark::dissect::Dissector;
use loopshark::output::{JsonLines, Table};
use loopshark::source::file::CaptureFile;
use loopshark::source::merge::Merged;
use loopshark::source::{Event, Source};
use loopshark::views::{Account, Overview, View};
use loopshark_fuzz::{Harmless, Screen, options};

/// What errors call the capture.
const NAME: &str = "capture";

fn open(input: &[u8]) -> Option<CaptureFile> {
    match CaptureFile::from_reader(Box::new(Cursor::new(input.to_vec())), NAME) {
        Ok(file) => Some(file),
        Err(error) => {
            assert!(error.to_string().starts_with(NAME), "{error}");
            None
        }
    }
}

/// Shows the frames of a source, up to what is wrong with it.
fn show(source: &mut dyn Source, screen: &mut Screen) {
    loop {
        match source.next_event() {
            Ok(Event::Frame(frame)) => screen.show(&frame),
            Ok(Event::End) => break,
            Ok(Event::Idle) => panic!("a file never rests"),
            Err(error) => {
                assert!(error.to_string().starts_with(NAME), "{error}");
                assert!(matches!(source.next_event(), Ok(Event::End)), "nothing comes after an error");
                break;
            }
        }
    }
    screen.finish();
    let _ = source.remarks();
}

/// The frames' exchanges and figures.
fn sum_up(source: &mut dyn Source) {
    let exchanges = JsonLines::new(Box::new(Harmless));
    let figures = Table::new(Box::new(Harmless), Some(80));
    let mut view = Overview::new(options(), Box::new(exchanges), Box::new(figures));
    let mut dissector = Dissector::default();
    while let Ok(Event::Frame(frame)) = source.next_event() {
        view.frame(&frame, dissector.dissect(&frame)).expect("exchanges are written");
    }
    view.finish(&Account::default()).expect("figures are written");
}

fuzz_target!(|input: &[u8]| {
    let Some(mut file) = open(input) else { return };
    let mut screen = Screen::default();
    show(&mut file, &mut screen);
    // Two passes over it and itself, merged.
    let mut merged = Merged::new(open(input).into_iter().chain(open(input)).collect());
    let mut screen = screen.second_pass();
    show(&mut merged, &mut screen);
    let _ = merged.failures();
    if let Some(mut file) = open(input) {
        sum_up(&mut file);
    }
});
