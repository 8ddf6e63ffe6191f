//! `loopshark read`: saved captures, each by itself or merged, through the view that was asked for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};

use super::progress::Progress;
use super::saving::{Comments, Saved, Saving};
use super::screen::Screen;
use super::{Status, view};
use crate::cli::Read;
use crate::dissect::Dissector;
use crate::output::notice;
use crate::platform;
use crate::printable::printable;
use crate::pump::{Pump, PumpError};
use crate::source::bpf::Filter;
use crate::source::file::CaptureFile;
use crate::source::merge::Merged;
use crate::source::save::{Form, SaveError};
use crate::source::{LinkType, Remarks, Source, SourceError};
use crate::tr;
use crate::views::{Account, View};

pub(super) fn run(args: &Read) -> Result<Status> {
    ensure_possible(args)?;
    view::ensure_frames(&args.view)?;
    let stop = super::stop_on_signal()?;
    // A pipe may be live: then rows are to be seen as they come.
    let paged = !args.no_pager && view::is_for_people(&args.view) && !args.files.iter().any(|path| is_stdin(path));
    let screen = view::screen(&args.view).paged(paged);
    let mut reading = Reading { args, stop, screen, saved: None };
    let ran = match &args.files[..] {
        _ if args.merge => reading.merged(),
        [file] => reading.one(file),
        files => reading.each(files),
    };
    match reading.saved.map_or(Ok(()), Saved::finish) {
        Ok(()) => ran,
        Err(unsaved) => {
            // The file's trouble is told last, for it says what is not there.
            if let Err(error) = ran
                && !super::is_broken_pipe(&error)
                && !matches!(error.downcast_ref(), Some(PumpError::Save(_)))
            {
                notice(format_args!("{error:#}"));
            }
            Err(unsaved.into())
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether it is no pipe, by whichever name.
fn can_be_read_again(path: &Path) -> bool {
    !is_stdin(path) && path.metadata().map_or(true, |metadata| metadata.is_file() || metadata.is_dir())
}

/// Refuses what can't be done, before anything is read or written.
fn ensure_possible(args: &Read) -> Result<()> {
    ensure!(args.files.iter().filter(|path| is_stdin(path)).count() <= 1, "{}", tr!("files-stdin-once"));
    let all_again = args.files.iter().all(|path| can_be_read_again(path));
    ensure!(all_again || !args.view.options.two_passes, "{}", tr!("errors-two-passes-pipe"));
    ensure!(all_again || !args.comment, "{}", tr!("files-comment-stdin"));
    if let Some(out) = &args.write {
        Form::of(out, args.comment)?;
        let same = args.files.iter().find(|input| platform::is_same_file(input, out));
        ensure!(same.is_none(), "{}", tr!("files-onto-itself", name = shown(out)));
    }
    args.filter.as_deref().map(Filter::new).transpose()?;
    Ok(())
}

fn shown(path: &Path) -> String {
    if is_stdin(path) { tr!("files-standard-input") } else { printable(path.display().to_string()) }
}

/// What all captures of one call share.
struct Reading<'a> {
    args: &'a Read,
    stop: Arc<AtomicBool>,
    screen: Screen,
    /// Begun with the first capture that can be read.
    saved: Option<Saved>,
}

type Again<'a> = &'a dyn Fn() -> Result<Box<dyn Source>, SourceError>;

impl Reading<'_> {
    fn one(&mut self, file: &Path) -> Result<Status> {
        let mut source = CaptureFile::open(file)?;
        let link_type = source.link_type();
        let again = || CaptureFile::open(file).map(|file| Box::new(file) as _);
        self.show(&mut source, &shown(file), link_type, &again)?;
        Ok(Status::Fine)
    }

    /// One after the other; what can't be read does not keep the others from being shown.
    fn each(&mut self, files: &[PathBuf]) -> Result<Status> {
        let mut status = Status::Fine;
        let shows = self.args.write.as_deref().is_none_or(|out| !is_stdin(out));
        for (place, file) in files.iter().enumerate() {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            if shows {
                let head = view::head(&self.args.view, &self.screen, &shown(file), place == 0);
                head.map_err(PumpError::Output)?;
            }
            if let Err(error) = self.one(file) {
                if is_final(&error) {
                    return Err(error);
                }
                notice(format_args!("{error:#}"));
                status = Status::Trouble;
            }
        }
        Ok(status)
    }

    fn merged(&mut self) -> Result<Status> {
        let (mut captures, mut readable, mut status) = (Vec::new(), Vec::new(), Status::Fine);
        for file in &self.args.files {
            match CaptureFile::open(file) {
                Ok(capture) => {
                    captures.push(capture);
                    readable.push(file);
                }
                Err(error) => {
                    notice(error);
                    status = Status::Trouble;
                }
            }
        }
        let link_type = captures.first().and_then(CaptureFile::link_type);
        let again = || {
            let opened = readable.iter().map(|file| CaptureFile::open(file)).collect::<Result<_, _>>();
            opened.map(|captures| Box::new(Merged::new(captures)) as _)
        };
        if readable.is_empty() {
            return Ok(status);
        }
        let mut source = Merged::new(captures);
        let names = readable.iter().map(|file| shown(file)).collect::<Vec<_>>().join(" + ");
        self.show(&mut source, &names, link_type, &again)?;
        for failure in source.failures() {
            notice(failure);
            status = Status::Trouble;
        }
        Ok(status)
    }

    /// Shows a capture, and saves what is shown where that is asked for. What needs a second reading gets it by `again`.
    fn show(
        &mut self,
        source: &mut dyn Source,
        name: &str,
        link_type: Option<LinkType>,
        again: Again<'_>,
    ) -> Result<()> {
        let (args, progress) = (self.args, Progress::of(name.to_owned()));
        let filter = || args.filter.as_deref().map(Filter::new).transpose();
        let mut pump = Pump {
            filter: filter()?,
            save: None,
            prompt: true,
            count: args.count,
            stop: &self.stop,
            watch: &mut |frames| progress.at(frames),
        };
        let first = if args.view.options.two_passes { Some(again()?) } else { None };
        let mut dissector = super::dissector_after(first, &mut pump, &progress);
        progress.begin(source, view::shows_late(&args.view));
        let ran = match &args.write {
            None => {
                let mut view = view::beside_reading(&args.view, &self.screen);
                pump_through(&mut pump, &progress, source, &mut dissector, view.as_mut())
            }
            Some(out) => {
                if self.saved.is_none() {
                    self.saved = Some(Saved::create(out, args, link_type)?);
                }
                let Some(saved) = &mut self.saved else { return Ok(()) };
                let comments = if args.comment { Some(Comments::new(again()?, filter()?, args, saved)) } else { None };
                let view = if is_stdin(out) {
                    view::unseen(&args.view)
                } else {
                    view::beside_saving(&args.view, &self.screen)
                };
                let mut saving = Saving { view, saved, comments };
                pump_through(&mut pump, &progress, source, &mut dissector, &mut saving)
            }
        };
        view::notice_unread(&dissector);
        notice_remarks(&source.remarks());
        ran?;
        Ok(())
    }
}

fn pump_through(
    pump: &mut Pump<'_>,
    progress: &Progress,
    source: &mut dyn Source,
    dissector: &mut Dissector,
    view: &mut dyn View,
) -> Result<u64, PumpError> {
    let ran = pump.run(source, dissector, view);
    progress.clear();
    pump.finish(ran, view, &Account::default())
}

/// Whether there is nobody, or nothing, left to write to.
fn is_final(error: &anyhow::Error) -> bool {
    let written = |error: &PumpError| matches!(error, PumpError::Output(_) | PumpError::Save(_));
    error.downcast_ref().is_some_and(written) || error.is::<SaveError>() || error.is::<std::io::Error>()
}

/// Says what somebody wrote into the capture.
fn notice_remarks(remarks: &Remarks) {
    for text in &remarks.capture {
        notice(tr!("files-comment-of-capture", text = text.as_str()));
    }
    for (number, text) in &remarks.frames {
        notice(tr!("files-comment-of-frame", number = *number, text = text.as_str()));
    }
    if remarks.more > 0 {
        notice(tr!("files-more-comments", count = remarks.more));
    }
}
