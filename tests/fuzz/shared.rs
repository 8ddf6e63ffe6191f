//! What the targets share: frames in an input, and everything that a frame goes through on its way to a screen.
//!
//! What is written goes to [`Harmless`], which holds it to what the program promises: text, and nothing that a terminal
//! would obey.

pub mod packets;

use std::io::{self, Write};

use loopshark::dissect::{Dissection, Dissector, Infos};
use loopshark::output::{Text, TextPages};
use loopshark::source::{Comments, Frame, LinkType, Record};
use loopshark::time::{Delta, TimeFormat, Timestamp};
use loopshark::views::{Account, Details, Options, Packets, Parts, View};

/// How the views are asked: nothing is hidden, so that nothing goes unread.
#[must_use]
pub fn options() -> Options {
    Options { all: true, port: None, timeout: Delta(5_000_000_000), time: TimeFormat::Relative }
}

/// A writer to nowhere that refuses what is no text, and what a terminal obeys.
pub struct Harmless;

impl Write for Harmless {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).expect("what is written is UTF-8");
        let obeyed = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(obeyed, None, "a terminal obeys this");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A dissector, and behind it the views that show frames: rows, and details with dump and explanation.
pub struct Screen {
    dissector: Dissector,
    packets: Packets,
    details: Details,
    row: Vec<u8>,
}

impl Default for Screen {
    fn default() -> Self {
        Self::after(Dissector::default())
    }
}

impl Screen {
    fn after(dissector: Dissector) -> Self {
        let parts = Parts { details: true, dump: true, explain: true };
        let pages = TextPages::new(Box::new(Harmless), None);
        Self {
            dissector,
            packets: Packets::new(options(), Box::new(Text::new(Box::new(Harmless)))),
            details: Details::new(options(), parts, Box::new(pages)),
            row: Vec::new(),
        }
    }

    /// The screen for the second of two passes.
    #[must_use]
    pub fn second_pass(self) -> Self {
        Self::after(self.dissector.second_pass())
    }

    /// Shows a frame.
    pub fn show(&mut self, frame: &Frame<'_>) {
        let dissection = self.dissector.dissect(frame);
        look(&dissection, &mut self.row);
        self.packets.frame(frame, dissection.clone()).expect("rows are written");
        self.details.frame(frame, dissection).expect("details are written");
    }

    /// Shows what is held back.
    pub fn finish(&mut self) {
        self.packets.finish(&Account::default()).expect("rows are written");
        self.details.finish(&Account::default()).expect("details are written");
    }
}

/// Shows frames in one pass and in two.
pub fn show_twice<'a>(frames: impl Iterator<Item = Frame<'a>> + Clone) {
    let mut screen = Screen::default();
    frames.clone().for_each(|frame| screen.show(&frame));
    screen.finish();
    let mut screen = screen.second_pass();
    frames.for_each(|frame| screen.show(&frame));
    screen.finish();
}

/// A row is the same text with the frame and without it.
fn look(dissection: &Dissection<'_>, row: &mut Vec<u8>) {
    row.clear();
    dissection.info.write(row);
    let mut infos = Infos::default();
    let detached = infos.push(&dissection.info);
    let shown = row.len();
    infos.attach().next(detached).write(row);
    assert_eq!(row[..shown], row[shown..], "a row without its frame");
}

/// A frame of a capture that is made up.
#[must_use]
pub fn frame(number: u64, time: i64, link_type: LinkType, wire_len: u32, data: &[u8]) -> Frame<'_> {
    Frame {
        number,
        time: Timestamp(time),
        time_digits: Some(9),
        record: Record::Frame,
        wire_len,
        link_type,
        data,
        comments: Comments::default(),
    }
}

/// The records of an input: a byte that says how, a length of two bytes, and as much of it as there is.
pub fn records(input: &[u8]) -> impl Iterator<Item = (u8, &[u8])> + Clone {
    let mut rest = input;
    std::iter::from_fn(move || {
        let (&[how, high, low], behind) = rest.split_first_chunk()?;
        let len = usize::from(u16::from_be_bytes([high, low])).min(behind.len());
        let (record, behind) = behind.split_at(len);
        rest = behind;
        Some((how, record))
    })
}
