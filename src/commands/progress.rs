//! How far the reading of a capture has come, on standard error, once it has taken a second.
//!
//! Where a person looks there, and rows do not go by on the same screen. It costs the loop nothing: the pump asks now and
//! then, and how far a file has been read is known to the system.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, IsTerminal as _, Seek as _};
use std::ops::ControlFlow;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{FormattedDuration, HumanBytes, ProgressBar, ProgressStyle};

use crate::printable::printable;
use crate::source::Source;
use crate::tr;

/// What takes no longer needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it moves.
const TICK: Duration = Duration::from_millis(100);

/// The bar, or what will be one.
pub(super) struct Progress {
    name: String,
    start: Cell<Instant>,
    /// What is read.
    files: RefCell<Vec<File>>,
    /// Its length in bytes.
    len: Cell<u64>,
    /// When it is to be looked at again; never, where nobody looks.
    next: Cell<Option<Instant>>,
    bar: RefCell<Option<Spinner>>,
}

/// Something that moves, with a text behind it that is cut at the edge of the screen; gone when dropped.
pub(super) struct Spinner {
    bar: ProgressBar,
    /// What moves it, where a thread was to be had, and the end of which it hears.
    moved: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Of a capture, or several, of this name.
    pub(super) fn of(name: String) -> Self {
        Self {
            name,
            start: Cell::new(Instant::now()),
            files: RefCell::default(),
            len: Cell::new(0),
            next: Cell::new(None),
            bar: RefCell::default(),
        }
    }

    /// The capture is about to be read from this source; nothing is shown unless the screen is free from rows.
    pub(super) fn begin(&self, source: &dyn Source, is_free: bool) {
        self.clear();
        let files: Vec<_> = source.files().into_iter().filter_map(|file| file.try_clone().ok()).collect();
        self.len.set(files.iter().filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum());
        self.files.replace(files);
        self.start.set(Instant::now());
        self.next.set((is_free && io::stderr().is_terminal()).then(|| self.start.get() + PATIENCE));
    }

    /// Takes note of how many frames there were so far.
    pub(super) fn at(&self, frames: u64) -> ControlFlow<()> {
        if self.next.get().is_some_and(|next| Instant::now() >= next) {
            self.next.set(Some(Instant::now() + TICK));
            let text = printable(self.text(frames));
            let mut bar = self.bar.borrow_mut();
            match bar.as_ref() {
                Some(spinner) => spinner.bar.set_message(text),
                None => *bar = Some(Spinner::new(text)),
            }
        }
        ControlFlow::Continue(())
    }

    /// Leaves the screen as it was.
    pub(super) fn clear(&self) {
        self.next.set(None);
        drop(self.bar.take());
    }

    /// `lab.pcap: 45 %, 1.20 GiB of 2.60 GiB, 12345678 frames, 2512000 a second, 00:00:04 left`
    fn text(&self, frames: u64) -> String {
        let (name, elapsed) = (self.name.as_str(), self.start.get().elapsed().as_millis().max(1));
        let rate = u64::try_from(u128::from(frames) * 1_000 / elapsed).unwrap_or(u64::MAX);
        let Some((at, len)) = self.place() else {
            return tr!("terminal-reading-pipe", name = name, frames = frames, rate = rate);
        };
        let left = elapsed * u128::from(len - at) / u128::from(at);
        let left = FormattedDuration(Duration::from_millis(left.try_into().unwrap_or(u64::MAX)));
        let percent = u64::try_from(u128::from(at) * 100 / u128::from(len)).unwrap_or(100);
        let [left, at, len] = [left.to_string(), HumanBytes(at).to_string(), HumanBytes(len).to_string()];
        tr!(
            "terminal-reading",
            name = name,
            percent = percent,
            at = at,
            len = len,
            frames = frames,
            rate = rate,
            left = left
        )
    }

    /// How far the files have been read, and their length, in bytes; nothing for a pipe.
    fn place(&self) -> Option<(u64, u64)> {
        let (files, len) = (self.files.borrow(), self.len.get());
        let at = files.iter().filter_map(|mut file| file.stream_position().ok()).sum();
        (at > 0 && at <= len).then_some((at, len))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Spinner {
    pub(super) fn new(text: impl AsRef<[u8]>) -> Self {
        let style = ProgressStyle::with_template("{spinner} {wide_msg}");
        let bar = ProgressBar::new_spinner().with_message(printable(text));
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.tick();
        let (end, ended) = channel();
        let moving = bar.clone();
        let keep_moving = move || {
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                moving.tick();
            }
        };
        // The bar's own way to have it moved breaks down where there may be no more threads.
        let thread = thread::Builder::new().spawn(keep_moving);
        Self { bar, moved: thread.ok().map(|thread| (end, thread)) }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.moved.take() {
            drop(end);
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
