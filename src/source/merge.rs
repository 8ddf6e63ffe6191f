//! Several captures as one, in order of time.
//!
//! Of each capture the next frame is looked at, and the earliest of these is the next of all; of frames of one time the
//! capture that was named first has its first. Within a capture the order stays, even where its time runs backwards. A
//! capture that fails leaves the others: its failure is kept. Frames are numbered anew. Streams: one frame of each is
//! held.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fs::File;

use super::file::CaptureFile;
use super::frame::{Comments, Frame, LinkType, Record};
use super::{Event, Remarks, Source, SourceError};
use crate::time::Timestamp;

/// Captures being merged.
pub struct Merged {
    files: Vec<Ahead>,
    /// The times of the frames that are held, and whose they are.
    next: BinaryHeap<Reverse<(Timestamp, usize)>>,
    /// Those of which the next frame is to be read.
    spent: VecDeque<usize>,
    number: u64,
    remarks: Remarks,
    failures: Vec<SourceError>,
}

/// A capture and its next frame.
struct Ahead {
    file: CaptureFile,
    head: Head,
    /// Its bytes, and behind them the options of its block.
    bytes: Vec<u8>,
}

/// What is known of a frame beside its bytes.
struct Head {
    time: Timestamp,
    time_digits: Option<u8>,
    record: Record,
    wire_len: u32,
    link_type: LinkType,
    len: usize,
    big_endian: bool,
}

impl Merged {
    /// These captures as one.
    #[must_use]
    pub fn new(files: Vec<CaptureFile>) -> Self {
        let spent = (0..files.len()).collect();
        let head = || Head {
            time: Timestamp::default(),
            time_digits: None,
            record: Record::Frame,
            wire_len: 0,
            link_type: LinkType::NULL,
            len: 0,
            big_endian: false,
        };
        let files = files.into_iter().map(|file| Ahead { file, head: head(), bytes: Vec::new() }).collect();
        let (next, remarks, failures) = (BinaryHeap::new(), Remarks::default(), Vec::new());
        Self { files, next, spent, number: 0, remarks, failures }
    }

    /// Why captures ended before their end.
    pub fn failures(&mut self) -> Vec<SourceError> {
        std::mem::take(&mut self.failures)
    }

    /// Reads the next frames of those whose last was given away; false where one of them rests.
    fn look_ahead(&mut self) -> bool {
        while let Some(&index) = self.spent.front() {
            let Some(ahead) = self.files.get_mut(index) else { return true };
            match ahead.file.next_event() {
                Ok(Event::Idle) => return false,
                Ok(Event::End) => {}
                Err(failure) => self.failures.push(failure),
                Ok(Event::Frame(frame)) => {
                    ahead.head = Head {
                        time: frame.time,
                        time_digits: frame.time_digits,
                        record: frame.record,
                        wire_len: frame.wire_len,
                        link_type: frame.link_type,
                        len: frame.data.len(),
                        big_endian: frame.comments.big_endian,
                    };
                    ahead.bytes.clear();
                    ahead.bytes.extend_from_slice(frame.data);
                    ahead.bytes.extend_from_slice(frame.comments.options);
                    self.next.push(Reverse((frame.time, index)));
                }
            }
            self.spent.pop_front();
        }
        true
    }
}

impl Ahead {
    fn frame(&self, number: u64) -> Frame<'_> {
        let head = &self.head;
        let (data, options) = self.bytes.split_at_checked(head.len).unwrap_or_default();
        Frame {
            number,
            time: head.time,
            time_digits: head.time_digits,
            record: head.record,
            wire_len: head.wire_len,
            link_type: head.link_type,
            data,
            comments: Comments { options, big_endian: head.big_endian },
        }
    }
}

impl Source for Merged {
    fn next_event(&mut self) -> Result<Event<'_>, SourceError> {
        if !self.look_ahead() {
            return Ok(Event::Idle);
        }
        let Some(Reverse((_, index))) = self.next.pop() else { return Ok(Event::End) };
        self.spent.push_back(index);
        let Some(ahead) = self.files.get(index) else { return Ok(Event::End) };
        self.number = self.number.saturating_add(1);
        let frame = ahead.frame(self.number);
        if !frame.comments.is_empty() {
            self.remarks.frame(&frame);
        }
        Ok(Event::Frame(frame))
    }

    fn files(&self) -> Vec<&File> {
        self.files.iter().flat_map(|ahead| ahead.file.files()).collect()
    }

    fn remarks(&self) -> Remarks {
        let mut remarks = self.remarks.clone();
        for ahead in &self.files {
            remarks.capture.append(&mut ahead.file.remarks().capture);
        }
        remarks
    }
}
