//! What holds for any bytes whatever.

use std::io;
use std::path::PathBuf;

use loopshark::dissect::details::Reader;
use loopshark::dissect::{Dissector, Infos};
use loopshark::output::Text;
use loopshark::printable::printable;
use loopshark::source::file::CaptureFile;
use loopshark::source::{Event, Frame, Source};
use loopshark::time::Delta;
use loopshark::views::{Account, Exchanges, Options, View};
use proptest::prelude::*;

pub fn fixtures() -> Vec<PathBuf> {
    let mut captures: Vec<_> = std::fs::read_dir("fixtures")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "md"))
        .collect();
    captures.sort();
    assert!(captures.len() >= 7);
    captures
}

/// Calls `look` with each frame of each fixture.
pub fn each_frame(mut look: impl FnMut(&Frame<'_>)) {
    for path in fixtures() {
        let mut file = CaptureFile::open(&path).unwrap();
        while let Event::Frame(frame) = file.next_event().unwrap() {
            look(&frame);
        }
    }
}

/// Its row and its details, which are text and move no cursor.
fn dissect(dissector: &mut Dissector, reader: &mut Reader, frame: &Frame<'_>) {
    let details = String::from_utf8(reader.read(frame, true).lines).expect("details are UTF-8");
    for line in details.lines() {
        assert_eq!(printable(line), line);
    }
    let dissection = dissector.dissect(frame);
    let mut row = Vec::new();
    dissection.src.write(&mut row);
    dissection.dst.write(&mut row);
    let start = row.len();
    dissection.info.write(&mut row);
    let mut infos = Infos::default();
    let detached = infos.push(&dissection.info);
    let mut without_frame = Vec::new();
    infos.attach().next(detached).write(&mut without_frame);
    assert_eq!(without_frame, row[start..]);
    let row = String::from_utf8(row).expect("a row is UTF-8");
    assert_eq!(printable(&row), row);
}

/// Reads a capture to its end, through the exchanges view; errors are as good as success.
fn read(bytes: Vec<u8>) {
    let Ok(mut file) = CaptureFile::from_reader(Box::new(io::Cursor::new(bytes)), "bytes") else { return };
    let options =
        Options { all: true, port: None, timeout: Delta(1_000_000), time: loopshark::time::TimeFormat::Relative };
    let mut view = Exchanges::new(options, Box::new(Text::new(Box::new(io::sink()))));
    let mut dissector = Dissector::default();
    while let Ok(Event::Frame(frame)) = file.next_event() {
        view.frame(&frame, dissector.dissect(&frame)).unwrap();
    }
    view.finish(&Account::default()).unwrap();
}

#[test]
fn every_prefix_of_every_frame_is_dissected() {
    let (mut dissector, mut reader) = (Dissector::default(), Reader::default());
    each_frame(|frame| {
        for len in 0..=frame.data.len() {
            dissect(&mut dissector, &mut reader, &Frame { data: &frame.data[..len], ..*frame });
        }
    });
}

#[test]
fn every_prefix_of_every_fixture_is_read() {
    for path in fixtures() {
        let whole = std::fs::read(path).unwrap();
        for len in 0..whole.len().min(2_000) {
            read(whole[..len].to_vec());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn frames_with_changed_bytes_are_dissected(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (mut dissector, mut reader) = (Dissector::default(), Reader::default());
        each_frame(|frame| {
            let mut data = frame.data.to_vec();
            let at = at.index(data.len());
            data[at] = byte;
            dissect(&mut dissector, &mut reader, &Frame { data: &data, ..*frame });
        });
    }

    #[test]
    fn captures_with_changed_bytes_are_read(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        for path in fixtures() {
            let mut bytes = std::fs::read(path).unwrap();
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            read(bytes);
        }
    }
}
