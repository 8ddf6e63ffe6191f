//! `loopshark report`: one pass over a saved capture, and a document of what was in it.
//!
//! The document is complete before it takes its place: it is written beside it, and renamed. A damaged capture is reported
//! as far as it goes, and the report says so.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use super::progress::Progress;
use super::{Status, view};
use crate::cli::Report;
use crate::output::report::{self, About, Collector, Html, Markdown, Material};
use crate::platform;
use crate::pump::{Pump, PumpError};
use crate::source::bpf::Filter;
use crate::source::file::CaptureFile;
use crate::tr;
use crate::views::{Account, Overview, Seen};

/// Bytes read at a time for the checksum.
const CHUNK: usize = 128 * 1024;

/// What a report can be.
#[derive(Clone, Copy)]
enum Format {
    Html,
    Markdown,
}

pub(super) fn run(args: &Report) -> Result<Status> {
    let format = format(&args.output)?;
    ensure!(args.file.as_os_str() != "-", "{}", tr!("report-needs-file"));
    ensure!(
        !platform::is_same_file(&args.file, &args.output),
        "{}",
        tr!("report-over-capture", file = shown(&args.output))
    );
    let stop = super::stop_on_signal()?;
    let source = CaptureFile::open(&args.file)?;
    // The checksum is reckoned on a second thread, meanwhile.
    let (gathered, checksum) = thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, || checksum(&args.file, &stop));
        let gathered = gather(args, source, &stop);
        let checksum = match beside {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(io::Error::other("it broke down"))),
            Err(_) => checksum(&args.file, &stop), // there is no second thread to be had
        };
        (gathered, checksum)
    });
    let (material, seen, ran) = gathered?;
    if stop.load(Ordering::Relaxed) {
        bail!("{}", tr!("report-stopped"));
    }
    let (sha256, bytes) = checksum.with_context(|| shown(&args.file))?;
    let damage = match &ran {
        Err(PumpError::Source(error)) => Some(error.to_string()),
        Err(_) => return ran.map(|_| Status::Fine).map_err(Into::into),
        Ok(_) => None,
    };
    let about = About {
        title: args.title.clone(),
        file: args.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes,
        sha256,
        command: command(std::env::args_os()),
        seen,
        damage,
    };
    save(&args.output, &document(format, &about, &material))?;
    ran?;
    Ok(Status::Fine)
}

fn format(path: &Path) -> Result<Format> {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("html" | "htm") => Ok(Format::Html),
        Some("md" | "markdown") => Ok(Format::Markdown),
        _ => bail!("{}", tr!("report-which-format", file = shown(path))),
    }
}

type Gathered = (Material, Seen, Result<u64, PumpError>);

fn gather(args: &Report, mut source: CaptureFile, stop: &AtomicBool) -> Result<Gathered> {
    let filter = args.filter.as_deref().map(Filter::new).transpose()?;
    let progress = Progress::of(shown(&args.file));
    let watch = &mut |frames| progress.at(frames);
    let mut pump = Pump { filter, save: None, prompt: false, count: args.count, stop, watch };
    let first = if args.options.two_passes { Some(Box::new(CaptureFile::open(&args.file)?) as _) } else { None };
    let mut dissector = super::dissector_after(first, &mut pump, &progress);
    let collector = Collector::default();
    let (exchanges, summary) = (Box::new(collector.clone()), Box::new(collector.clone()));
    let mut view = Overview::new(view::options_of(&args.options), exchanges, summary);
    progress.begin(&source, true);
    let ran = pump.run(&mut source, &mut dissector, &mut view);
    progress.clear();
    let ran = pump.finish(ran, &mut view, &Account::default());
    view::notice_unread(&dissector);
    Ok((collector.into_material(), view.seen, ran))
}

/// A file's SHA-256 and its length.
fn checksum(path: &Path, stop: &AtomicBool) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut length = 0;
    while !stop.load(Ordering::Relaxed) {
        let read = match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&chunk[..read]);
        length += read as u64;
    }
    let digits = hash.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok((digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect(), length))
}

/// The command line as it was typed, for a shell, whatever the program's own path is.
fn command(args: impl Iterator<Item = OsString>) -> String {
    let args = args.skip(1).map(|arg| arg.to_string_lossy().into_owned());
    let words: Vec<String> = ["loopshark".to_owned()].into_iter().chain(args).collect();
    platform::command_line(words.iter().map(String::as_str))
}

fn document(format: Format, about: &About, material: &Material) -> Vec<u8> {
    let mut out = Vec::new();
    match format {
        Format::Html => report::write(&Html, &mut out, about, material),
        Format::Markdown => report::write(&Markdown, &mut out, about, material),
    }
    out
}

/// Writes the document beside its place, and then gives it that.
fn save(path: &Path, document: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".loopshark-").tempfile_in(folder)?;
        file.write_all(document)?;
        platform::give_to_invoker(file.as_file())?;
        // Who has opened a report to others wants it to be open.
        if let Ok(metadata) = path.metadata() {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    written().with_context(|| tr!("report-unwritable", file = shown(path)))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_typed_again() {
        let typed = ["/usr/bin/loopshark", "report", "mi captura.pcap", "-o", "a.html"];
        let capture = platform::command_line(["mi captura.pcap"]);
        let command = command(typed.into_iter().map(OsString::from));
        assert_eq!(command, format!("loopshark report {capture} -o a.html"));
    }
}
