//! `loopshark check`: reports against the capture that they claim to show, or by themselves.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::Status;
use super::progress::{Progress, Spinner};
use super::screen::Screen;
use crate::check::document::{self, Section};
use crate::check::frames::Finder;
use crate::check::{self, Checked, annotate, assign, pdf};
use crate::cli::{Check, CheckFormatName};
use crate::dissect::Dissector;
use crate::output::verdicts;
use crate::platform;
use crate::pump::{Pump, PumpError};
use crate::source::file::CaptureFile;
use crate::tr;

pub(super) fn run(args: &Check) -> Result<Status> {
    pdf::hush_panics();
    let (reports, capture) = sort(&args.files)?;
    let mut sections = Vec::with_capacity(reports.len());
    for report in &reports {
        let progress = looking_at(report);
        sections.push(document::read(report)?);
        drop(progress);
    }
    let names = reports.iter().map(|path| path.display().to_string());
    let checked: Vec<Checked> = match capture {
        None => names.zip(&sections).map(|(name, sections)| check::alone(name, sections)).collect(),
        Some(capture) => against(capture, names, &mut sections)?,
    };
    if let Some(out) = &args.annotate {
        annotated(out, &sections, &checked)?;
    }
    let screen = Screen::new(args.color).paged(!args.no_pager && args.format == CheckFormatName::Table);
    let mut out = screen.writer();
    let with_capture = capture.is_some();
    let written = match args.format {
        CheckFormatName::Table => {
            verdicts::table::write(&mut out, &checked, with_capture, screen.width, screen.is_colored())
        }
        CheckFormatName::Json => verdicts::json::write(&mut out, &checked),
        CheckFormatName::Md => verdicts::markdown::write(&mut out, &checked, with_capture),
    };
    match written {
        // Who leaves a pager early has seen enough of the rows, and the answer is the same.
        Err(error) if platform::is_closed_pipe(&error) && screen.is_paged() => {}
        written => written.and_then(|()| out.flush()).map_err(PumpError::Output)?,
    }
    Ok(if checked.iter().all(Checked::is_fine) { Status::Fine } else { Status::Negative })
}

/// Reports and capture, told apart by what they are.
fn sort(files: &[PathBuf]) -> Result<(Vec<PathBuf>, Option<&Path>)> {
    let (captures, reports): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(|path| CaptureFile::is_at(path));
    if let Some(second) = captures.get(1) {
        bail!(tr!("check-second-capture", name = second.display().to_string()));
    }
    ensure!(!reports.is_empty(), tr!("check-no-report", name = files[0].display().to_string()));
    Ok((reports.into_iter().cloned().collect(), captures.first().map(|path| path.as_path())))
}

/// Looks for all rows in one reading of the capture, as tshark prints it and as Wireshark's window shows it.
fn against(capture: &Path, names: impl Iterator<Item = String>, sections: &mut [Vec<Section>]) -> Result<Vec<Checked>> {
    let tables: Vec<_> = sections.iter().flat_map(|sections| check::tables(sections)).collect();
    let mut finder = Finder::new(tables.iter().flat_map(|table| &table.claims));
    let stop = super::stop_on_signal()?;
    let pass = |finder: &mut Finder, dissector: &mut Dissector| {
        let mut source = CaptureFile::open(capture)?;
        let progress = Progress::of(capture.display().to_string());
        progress.begin(&source, true);
        let watch = &mut |frames| progress.at(frames);
        let mut pump = Pump { filter: None, save: None, prompt: false, count: None, stop: &stop, watch };
        pump.run(&mut source, dissector, finder).map(|_| ())
    };
    let mut dissector = Dissector::default();
    let damaged = pass(&mut finder, &mut dissector);
    let mut first = 0;
    for table in &tables {
        if let Some(shift) = assign::shift(&table.claims, first, &finder) {
            finder.shift(first, &table.claims, shift);
        }
        first += table.claims.len();
    }
    finder.rewind();
    let _ = pass(&mut finder, &mut dissector.second_pass());
    let mut first = 0;
    let mut checked = Vec::new();
    for (name, sections) in names.zip(sections) {
        checked.push(check::with_capture(name, sections, first, &finder));
        first += checked.last().map_or(0, |checked: &Checked| checked.rows.len());
    }
    damaged?;
    Ok(checked)
}

/// Something that moves while a report is read, where a person watches.
fn looking_at(report: &Path) -> Option<Spinner> {
    let is_seen = io::stderr().is_terminal();
    is_seen.then(|| Spinner::new(tr!("check-reading", name = report.display().to_string())))
}

/// Saves the pictures of the reports with their rows marked; a second and further ones with a number in their names.
fn annotated(out: &Path, sections: &[Vec<Section>], checked: &[Checked]) -> Result<()> {
    let mut saved = 0;
    for (sections, checked) in sections.iter().zip(checked) {
        let mut first = 0;
        for section in sections {
            let rows = section.rows();
            if let Section::Picture(screenshot) = section {
                let verdicts = checked.rows[first..first + rows].iter().map(|row| row.verdict);
                let marks: Vec<_> = screenshot.places().zip(verdicts).collect();
                saved += 1;
                let path = numbered(out, saved);
                let picture = annotate::marked(&screenshot.picture, &marks);
                let save = || -> Result<()> {
                    let file = annotate::encoded(&picture, &path)?;
                    Ok(platform::create(&path)?.write_all(&file)?)
                };
                save().with_context(|| tr!("check-cannot-save", name = path.display().to_string()))?;
            }
            first += rows;
        }
    }
    ensure!(saved > 0, tr!("check-no-picture"));
    Ok(())
}

fn numbered(out: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return out.to_owned();
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let extension = out.extension().map_or_else(|| "png".into(), |extension| extension.to_string_lossy());
    out.with_file_name(format!("{stem}-{number}.{extension}"))
}
