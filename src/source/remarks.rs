//! What somebody wrote into a capture: comments of the capture itself, and of its frames.
//!
//! Noted while frames are read, since frames do not stay. Few are kept, and not all of each; the rest is counted.

use super::frame::Frame;

/// How many comments are kept, of the capture and of its frames each.
const MAX_KEPT: usize = 20;
/// How many bytes are kept of each.
const MAX_LEN: usize = 1_000;

/// Comments. Untrusted text, to be escaped by whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Of sections and interfaces.
    pub capture: Vec<String>,
    /// Of frames, with their numbers.
    pub frames: Vec<(u64, String)>,
    /// How many more there are.
    pub more: u64,
}

impl Remarks {
    /// Notes a comment of the capture.
    pub(super) fn capture(&mut self, comment: &[u8]) {
        if self.capture.len() < MAX_KEPT {
            self.capture.push(text(comment));
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Notes the comments of a frame.
    pub(super) fn frame(&mut self, frame: &Frame<'_>) {
        for comment in frame.comments.iter() {
            if self.frames.len() < MAX_KEPT {
                self.frames.push((frame.number, text(comment)));
            } else {
                self.more = self.more.saturating_add(1);
            }
        }
    }
}

/// As much of it as is kept; what is no text is replaced.
fn text(comment: &[u8]) -> String {
    let kept = comment.get(..MAX_LEN).unwrap_or(comment);
    let mut text = String::from_utf8_lossy(kept).into_owned();
    if kept.len() < comment.len() {
        text.push('…');
    }
    text
}
