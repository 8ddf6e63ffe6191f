//! Remarks on standard error, one line each whatever is in them: names of files, filters and interfaces, and the words of
//! libpcap, tesseract and the system, are made printable here, and nowhere before. While something else has the screen, a
//! pager, remarks wait: there they would be lost, or stand in the middle of its page.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use crate::printable::printable;

/// What waits, while it does.
static HELD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// Says something on standard error. If nobody can read it there, there is nobody to tell.
pub fn notice(text: impl Display) {
    let line = format!("loopshark: {}", printable(text.to_string()));
    match &mut *HELD.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(held) => held.push(line),
        None => write(&line),
    }
}

/// From now on, what is said waits.
pub fn hold() {
    HELD.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
}

/// Says what waits.
pub fn release() {
    for line in take() {
        write(&line);
    }
}

/// Takes what waits; nothing waits any more.
#[must_use]
pub fn take() -> Vec<String> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
}

fn write(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
