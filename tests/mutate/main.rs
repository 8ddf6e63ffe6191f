//! Reads captures that were made wrong, and says where that goes wrong: a panic, a second's wait, memory beyond the caps,
//! rows other than the whole frames, an error that says nothing.
//!
//! `cargo run --release --example mutate -- FOLDER --each 20 --seed 1`. All is done in memory. A finding names capture,
//! seed and number, from which `--write` makes the same file again:
//! `… -- CAPTURE --seed 1 --number 17 --write out.pcap`.

mod mutation;
mod reading;
mod walk;

use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{env, fs, thread};

use mutation::{Mutated, mutate};
use peak_alloc::PeakAlloc;
use walk::{End, walk};

const USAGE: &str = "usage: mutate [--each N] [--seed N] [--number N [--write FILE]] CAPTURE|FOLDER...
  --each N      mutations of each capture (default 20)
  --seed N      another seed makes other mutations (default 1)
  --number N    only the mutation of this number
  --write FILE  write that one to a file, and read nothing";

/// What a step may take of the processor: a view of a capture of a megabyte.
const MAX_TIME: Duration = Duration::from_secs(1);
/// What is taken for a reading without an end.
const PATIENCE: Duration = Duration::from_secs(30);
const MIB: usize = 1 << 20;
/// What a step may hold, beside the capture: a block of pcapng while its window grows to it, two windows, and batches.
const MAX_MEMORY: usize = (16 + 8) * MIB;
/// The same of a compressed capture: a window of Zstandard while it grows to its cap, or two of LZ4's blocks.
const MAX_MEMORY_COMPRESSED: usize = MAX_MEMORY + 2 * 128 * MIB;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a panic said, which ends nothing here.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

#[derive(Clone)]
struct Request {
    each: u64,
    seed: u64,
    number: Option<u64>,
    write: Option<PathBuf>,
    captures: Vec<PathBuf>,
}

/// What the reading thread tells.
enum Told {
    Begins(String),
    Finding(String),
    Done(Figures),
}

/// The sums of a run.
#[derive(Default)]
struct Figures {
    captures: u64,
    mutations: u64,
    frames: u64,
    whole: u64,
    broken: u64,
    not_opened: u64,
    compressed: u64,
    findings: u64,
    slowest: (Duration, String),
    largest: (usize, String),
    largest_compressed: (usize, String),
}

fn main() -> ExitCode {
    let request = match parse(env::args().skip(1)) {
        Ok(request) => request,
        Err(wrong) => {
            eprintln!("mutate: {wrong}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let done = match &request.write {
        Some(out) => write(&request, out).map(|()| true),
        None => Ok(watch(request)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(wrong) => {
            eprintln!("mutate: {wrong}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Request, String> {
    let mut request = Request { each: 20, seed: 1, number: None, write: None, captures: Vec::new() };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("`{text}` is no number"));
        match arg.as_str() {
            "--each" => request.each = number(value()?)?,
            "--seed" => request.seed = number(value()?)?,
            "--number" => request.number = Some(number(value()?)?),
            "--write" => request.write = Some(value()?.into()),
            option if option.starts_with("--") => return Err(format!("{option} is no option")),
            path => add_captures(Path::new(path), &mut request.captures)?,
        }
    }
    match &request {
        Request { captures, .. } if captures.is_empty() => Err("no CAPTURE".to_owned()),
        Request { write: Some(_), number: None, .. } => Err("--write is for one --number".to_owned()),
        Request { write: Some(_), captures, .. } if captures.len() > 1 => Err("--write is for one CAPTURE".to_owned()),
        _ => Ok(request),
    }
}

/// The capture, or those in a folder, by name.
fn add_captures(path: &Path, captures: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        captures.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let is_capture = |path: &PathBuf| path.extension().is_some_and(|e| e == "pcap" || e == "pcapng" || e == "cap");
    let mut found: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(is_capture).collect();
    found.sort();
    captures.append(&mut found);
    Ok(())
}

/// How long the processor has worked for us: on a busy machine, a step waits for its turn besides.
#[cfg(unix)]
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs().try_into().unwrap_or_default())
}

#[cfg(not(unix))]
fn worked() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn write(request: &Request, out: &Path) -> Result<(), String> {
    let (path, number) = (&request.captures[0], request.number.unwrap_or_default());
    let original = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let Mutated { bytes, how, .. } = mutate(&original, &name(path), request.seed, number);
    println!("{}: {how}", out.display());
    fs::write(out, bytes).map_err(|error| format!("{}: {error}", out.display()))
}

/// Reads on a thread of its own, and prints what it tells; a reading that does not end is the last finding.
fn watch(request: Request) -> bool {
    panic::set_hook(Box::new(|info| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(info.to_string().replace('\n', " "));
    }));
    let (tell, told) = channel();
    thread::spawn(move || read_all(&request, &tell));
    let mut current = String::new();
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(Told::Begins(what)) => current = what,
            Ok(Told::Finding(what)) => println!("{what}"),
            Ok(Told::Done(figures)) => {
                figures.print();
                return figures.findings == 0;
            }
            Err(RecvTimeoutError::Timeout) => {
                println!("{current}: no end after {} s", PATIENCE.as_secs());
                return false;
            }
            Err(RecvTimeoutError::Disconnected) => {
                println!("{current}: the tool itself failed: {:?}", PANIC.lock());
                return false;
            }
        }
    }
}

fn read_all(request: &Request, tell: &Sender<Told>) {
    let mut figures = Figures::default();
    for path in &request.captures {
        let Ok(original) = fs::read(path) else { continue };
        figures.captures += 1;
        let numbers = request.number.map_or(0..request.each, |number| number..number + 1);
        for number in numbers {
            let case = format!("{} --seed {} --number {number}", name(path), request.seed);
            let _ = tell.send(Told::Begins(case.clone()));
            let mutated = mutate(&original, &name(path), request.seed, number);
            figures.read(mutated, &case, number, tell);
        }
    }
    let _ = tell.send(Told::Done(figures));
}

impl Figures {
    fn read(&mut self, Mutated { bytes, how, within }: Mutated, case: &str, number: u64, tell: &Sender<Told>) {
        let expected = walk(within.as_deref().unwrap_or(&bytes));
        let is_compressed = within.is_some() || expected.end == End::Unknown;
        self.mutations += 1;
        self.frames += expected.frames.len() as u64;
        self.compressed += u64::from(is_compressed);
        match expected.end {
            End::Whole => self.whole += 1,
            End::Broken(_) => self.broken += 1,
            End::NoCapture => self.not_opened += 1,
            End::Unknown => {}
        }
        let capture: Arc<[u8]> = bytes.into();
        drop(within);
        for step in reading::steps(number) {
            MEMORY.reset_peak_usage();
            let (before, begin) = (MEMORY.current_usage(), worked());
            let taken = panic::catch_unwind(AssertUnwindSafe(|| reading::take(step, &capture, &expected)));
            let (time, memory) = (worked().saturating_sub(begin), MEMORY.peak_usage().saturating_sub(before));
            let what = format!("{case} {step:?} ({how})");
            let (limit, largest) = if is_compressed {
                (MAX_MEMORY_COMPRESSED, &mut self.largest_compressed)
            } else {
                (MAX_MEMORY, &mut self.largest)
            };
            if memory > largest.0 {
                *largest = (memory, what.clone());
            }
            if time > self.slowest.0 {
                self.slowest = (time, what.clone());
            }
            let panicked = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
            let findings = [
                panicked.or_else(|| taken.is_err().then(|| "panicked".to_owned())),
                taken.ok().and_then(Result::err),
                (time > MAX_TIME).then(|| format!("took {time:.2?}")),
                (memory > limit).then(|| format!("held {} MiB", memory / MIB)),
            ];
            for finding in findings.into_iter().flatten() {
                self.findings += 1;
                let _ = tell.send(Told::Finding(format!("{what}: {finding}")));
            }
        }
    }

    fn print(&self) {
        let Self { captures, mutations, frames, whole, broken, not_opened, compressed, findings, .. } = self;
        println!(
            "{captures} captures, {mutations} mutations: {whole} whole, {broken} broken, {not_opened} no capture, \
             {compressed} compressed; {frames} whole frames; {findings} findings"
        );
        println!("slowest: {:.0?}, {}", self.slowest.0, self.slowest.1);
        for (memory, what) in [&self.largest, &self.largest_compressed] {
            println!("largest: {} KiB, {what}", memory / 1024);
        }
    }
}
