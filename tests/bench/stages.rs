//! What each stage costs, one more of them from benchmark to benchmark: reading, dissecting, and the views with their
//! formats, over a capture of 100,000 frames in memory, written to nowhere. `cargo bench` measures, `cargo bench --
//! --test` only runs each once. Whole programs are compared by `compare.sh`.

mod traffic;

use std::hint::black_box;
use std::io::{self, Cursor};
use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use loopshark::dissect::Dissector;
use loopshark::output::{Table, Text};
use loopshark::pump::Pump;
use loopshark::source::file::CaptureFile;
use loopshark::source::{Event, Frame, Source};
use loopshark::time::{Delta, NANOS_PER_SEC, TimeFormat};
use loopshark::views::{Account, Exchanges, Options, Packets, Summary, View};
use traffic::{Limit, Link, Mix, write_capture};

const FRAMES: u64 = 100_000;

const OPTIONS: Options =
    Options { all: true, port: None, timeout: Delta(5 * NANOS_PER_SEC), time: TimeFormat::Relative };

static LAB: LazyLock<Vec<u8>> = LazyLock::new(|| capture(Mix::Lab));
static OPEN: LazyLock<Vec<u8>> = LazyLock::new(|| capture(Mix::Open));

fn capture(mix: Mix) -> Vec<u8> {
    let mut capture = Vec::new();
    let limit = Limit { frames: FRAMES, bytes: u64::MAX };
    write_capture(&mut capture, Link::Null, mix, limit).expect("memory takes all that is written");
    capture
}

fn main() {
    divan::main();
}

#[divan::bench(name = "1 read", sample_count = 50, sample_size = 1)]
fn read(bencher: Bencher) {
    measure(bencher, || each_frame(&LAB, |frame| _ = black_box(frame)));
}

#[divan::bench(name = "2 read, dissect", sample_count = 50, sample_size = 1)]
fn dissect(bencher: Bencher) {
    measure(bencher, || {
        let mut dissector = Dissector::default();
        each_frame(&LAB, |frame| _ = black_box(dissector.dissect(frame)));
    });
}

#[divan::bench(name = "3 packets as text", sample_count = 50, sample_size = 1)]
fn packets(bencher: Bencher) {
    measure(bencher, || pump(&mut Packets::new(OPTIONS, Box::new(Text::new(Box::new(io::sink()))))));
}

#[divan::bench(name = "4 exchanges as table", sample_count = 10, sample_size = 1)]
fn exchanges(bencher: Bencher) {
    measure(bencher, || pump(&mut Exchanges::new(OPTIONS, Box::new(Table::new(Box::new(io::sink()), None)))));
}

#[divan::bench(name = "5 summary", sample_count = 50, sample_size = 1)]
fn summary(bencher: Bencher) {
    measure(bencher, || summarize(&LAB));
}

#[divan::bench(name = "6 summary, all open", sample_count = 50, sample_size = 1)]
fn summary_of_open(bencher: Bencher) {
    measure(bencher, || summarize(&OPEN));
}

/// Not to its end, where it would say on standard error what it left out.
fn summarize(capture: &'static [u8]) {
    let mut dissector = Dissector::default();
    let mut view = Summary::new(OPTIONS, Box::new(Table::new(Box::new(io::sink()), None)));
    each_frame(capture, |frame| view.frame(frame, dissector.dissect(frame)).expect("nothing is written yet"));
}

fn measure(bencher: Bencher, run: impl Fn() + Sync) {
    bencher.counter(ItemsCount::new(FRAMES)).counter(BytesCount::new(LAB.len())).bench(run);
}

fn source(capture: &'static [u8]) -> CaptureFile {
    CaptureFile::from_reader(Box::new(Cursor::new(capture)), "benchmark").expect("a sound header")
}

fn each_frame(capture: &'static [u8], mut see: impl FnMut(&Frame<'_>)) {
    let mut source = source(capture);
    while let Event::Frame(frame) = source.next_event().expect("sound records") {
        see(&frame);
    }
}

fn pump(view: &mut dyn View) {
    let mut pump = Pump {
        filter: None,
        save: None,
        prompt: true,
        count: None,
        stop: &AtomicBool::new(false),
        watch: &mut |_| ControlFlow::Continue(()),
    };
    let ran = pump.run(&mut source(&LAB), &mut Dissector::default(), view);
    let frames = pump.finish(ran, view, &Account::default()).expect("a sound capture, and a writer that takes all");
    assert_eq!(frames, FRAMES);
}
