//! From what was typed about the view to the view itself, with its format and its writer.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::Path;
use std::thread;

use super::screen::{self, Screen};
use crate::cli::{ColorName, FormatName, OptionArgs, ViewArgs, ViewName};
use crate::dissect::Dissector;
use crate::output::{Grid, Html, JsonLines, Markdown, Relay, Separated, Table, Text, TextPages, notice};
use crate::source::LinkType;
use crate::source::save::{Form, SaveError, SaveFile};
use crate::time::{Delta, TimeFormat};
use crate::tr;
use crate::views::{Beside, Details, Exchanges, Options, Output, Packets, Parts, Summary, View};

/// The view that was asked for, writing to standard output; with each row as it arrives where a person is `watching`.
pub(super) fn on_stdout(args: &ViewArgs, watching: bool) -> Box<dyn View> {
    on_screen(args, watching, &screen(args))
}

fn on_screen(args: &ViewArgs, watching: bool, screen: &Screen) -> Box<dyn View> {
    match frame_parts(args) {
        Some(parts) => {
            Box::new(Details::new(options(args), parts, Box::new(TextPages::new(screen.writer(), screen.width))))
        }
        None => view(args, watching, to_screen(format(args), screen)),
    }
}

/// The same for a saved capture: where there is a processor for it, rows are written, or a summary is made, beside the
/// reading.
pub(super) fn beside_reading(args: &ViewArgs, screen: &Screen) -> Box<dyn View> {
    let is_alone = frame_parts(args).is_some() || thread::available_parallelism().map_or(1, NonZero::get) == 1;
    let beside = if is_alone { None } else { beside(args, screen.clone()) };
    beside.unwrap_or_else(|| on_screen(args, false, screen))
}

/// The view with a thread of its own, where one is to be had.
fn beside(args: &ViewArgs, screen: Screen) -> Option<Box<dyn View>> {
    if args.view == ViewName::Summary {
        let args = args.clone();
        let summary = Beside::start(move || on_screen(&args, false, &screen)).ok()?;
        return Some(Box::new(summary));
    }
    let format = format(args);
    let relay = Relay::start(move || to_screen(format, &screen)).ok()?;
    Some(view(args, false, Box::new(relay)))
}

/// The same for a saved capture of which what is shown is saved: the frames are wanted back, one by one.
pub(super) fn beside_saving(args: &ViewArgs, screen: &Screen) -> Box<dyn View> {
    if args.view == ViewName::Summary { on_screen(args, false, screen) } else { beside_reading(args, screen) }
}

/// The view without what it shows.
pub(super) fn unseen(args: &ViewArgs) -> Box<dyn View> {
    view(args, false, output(format(args), Box::new(io::sink()), &Screen::default()))
}

/// Says which of several captures comes now: above what people read, and on standard error where the rows are tshark's,
/// or for programs.
pub(super) fn head(args: &ViewArgs, screen: &Screen, name: &str, is_first: bool) -> io::Result<()> {
    match (format(args), args.view) {
        (FormatName::Table, _) | (FormatName::Text, ViewName::Exchanges | ViewName::Summary) => {
            writeln!(screen.writer(), "{}==> {name} <==", if is_first { "" } else { "\n" })
        }
        _ => {
            notice(format_args!("==> {name} <=="));
            Ok(())
        }
    }
}

/// Whether no rows go by on the terminal before the end.
pub(super) fn shows_late(args: &ViewArgs) -> bool {
    args.view == ViewName::Summary || !screen::is_terminal()
}

/// Whether the format is one that people read as it is.
pub(super) fn is_for_people(args: &ViewArgs) -> bool {
    matches!(format(args), FormatName::Table | FormatName::Text)
}

/// Standard output for the format that was asked for: text is for programs too, and has colors only if that is said.
pub(super) fn screen(args: &ViewArgs) -> Screen {
    Screen::new(match format(args) {
        FormatName::Table => args.color,
        FormatName::Text if args.color == ColorName::Always => ColorName::Always,
        _ => ColorName::Never,
    })
}

/// The capture file that was asked for, and the view beside it: one that shows nothing, where standard output is the
/// capture's.
pub(super) fn beside_capture(
    write: Option<&Path>,
    link_type: LinkType,
    args: &ViewArgs,
    watching: bool,
) -> Result<(Option<SaveFile>, Box<dyn View>), SaveError> {
    let create = |path| SaveFile::create(path, Form::of(path, false)?, Some(link_type));
    let save = write.map(create).transpose()?;
    let view = if write.is_some_and(|path| path.as_os_str() == "-") { unseen(args) } else { on_stdout(args, watching) };
    Ok((save, view))
}

/// Refuses to show frames where rows or figures were asked for.
pub(super) fn ensure_frames(args: &ViewArgs) -> anyhow::Result<()> {
    let flags = [(args.details, "-V"), (args.hex, "-x"), (args.explain, "--explain")];
    let flags: Vec<_> = flags.into_iter().filter_map(|(given, flag)| given.then_some(flag)).collect();
    let flags = flags.join(" ");
    let refused = match (args.view, args.format) {
        _ if flags.is_empty() => None,
        (ViewName::Exchanges, _) => Some(tr!("details-not-in-view", flags = flags, view = "exchanges")),
        (ViewName::Summary, _) => Some(tr!("details-not-in-view", flags = flags, view = "summary")),
        (_, None | Some(FormatName::Text)) => None,
        _ => Some(tr!("details-not-in-format", flags = flags)),
    };
    refused.map_or(Ok(()), |refused| Err(anyhow::anyhow!(refused)))
}

/// Refuses what only a saved capture can be asked for.
pub(super) fn ensure_one_pass(args: &ViewArgs) -> anyhow::Result<()> {
    anyhow::ensure!(!args.options.two_passes, tr!("errors-two-passes-live"));
    Ok(())
}

/// Says which frames could not be read, where there were any.
pub(super) fn notice_unread(dissector: &Dissector) {
    for link_type in dissector.unread() {
        notice(tr!("files-unread-link", number = link_type.0, name = link_type.name()));
    }
}

/// Whether a person watches standard output.
pub(super) fn is_watched() -> bool {
    screen::is_terminal()
}

/// The format that was asked for, or the view's own.
fn format(args: &ViewArgs) -> FormatName {
    args.format.unwrap_or(match args.view {
        ViewName::Packets => FormatName::Text,
        ViewName::Exchanges | ViewName::Summary => FormatName::Table,
    })
}

/// The parts of frames that were asked for, if any.
fn frame_parts(args: &ViewArgs) -> Option<Parts> {
    let parts = Parts { details: args.details || args.explain, dump: args.hex, explain: args.explain };
    (parts.details || parts.dump).then_some(parts)
}

fn to_screen(format: FormatName, screen: &Screen) -> Box<dyn Output> {
    output(format, screen.writer(), screen)
}

fn output(format: FormatName, writer: Box<dyn Write>, screen: &Screen) -> Box<dyn Output> {
    match format {
        FormatName::Table => {
            Box::new(Table::new(writer, screen.width).painted(screen.paint()).spelled(screen.spells_arrows))
        }
        FormatName::Text => Box::new(Text::new(writer).painted(screen.paint())),
        FormatName::Jsonl => Box::new(JsonLines::new(writer)),
        FormatName::Csv => Box::new(Grid::new(Separated::CSV, writer)),
        FormatName::Tsv => Box::new(Grid::new(Separated::TSV, writer)),
        FormatName::Md => Box::new(Grid::new(Markdown, writer)),
        FormatName::Html => Box::new(Grid::new(Html, writer)),
    }
}

/// What the view is asked for.
pub(super) fn options(args: &ViewArgs) -> Options {
    let options = options_of(&args.options);
    // Programs get times that they can reckon with.
    let time = if format(args) == FormatName::Jsonl { TimeFormat::Relative } else { options.time };
    Options { time, ..options }
}

/// How frames are to be looked at.
pub(super) fn options_of(args: &OptionArgs) -> Options {
    let &OptionArgs { all, port, timeout, time, .. } = args;
    Options { all, port, timeout: Delta(i64::try_from(timeout.as_nanos()).unwrap_or(i64::MAX)), time }
}

fn view(args: &ViewArgs, watching: bool, output: Box<dyn Output>) -> Box<dyn View> {
    let (format, options) = (format(args), options(args));
    match args.view {
        ViewName::Packets => Box::new(Packets::new(options, output)),
        ViewName::Summary => Box::new(Summary::new(options, output)),
        // Programs and documents get whole exchanges; a person wants each row as it comes.
        ViewName::Exchanges if watching && matches!(format, FormatName::Table | FormatName::Text) => {
            Box::new(Exchanges::new(options, output).live())
        }
        ViewName::Exchanges => Box::new(Exchanges::new(options, output)),
    }
}
