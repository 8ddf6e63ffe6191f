//! From what was typed about the view to the view itself, with its format and its writer.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::cli::{FormatName, ViewArgs, ViewName};
use crate::dissect::Dissector;
use crate::output::{JsonLines, Table, Text, notice};
use crate::source::LinkType;
use crate::source::save::{SaveError, SaveFile};
use crate::time::Delta;
use crate::views::{Exchanges, Options, Output, Packets, Summary, View};

/// The view that was asked for, writing to standard output; with each row as it arrives where a person is `watching`.
pub(super) fn on_stdout(args: &ViewArgs, watching: bool) -> Box<dyn View> {
    build(args, watching, Box::new(io::stdout().lock()), screen_width())
}

/// How wide the terminal is that standard output is.
pub(super) fn screen_width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// The capture file that was asked for, and the view beside it: one that shows nothing, where standard output is the
/// capture's.
pub(super) fn beside_capture(
    write: Option<&Path>,
    link_type: LinkType,
    args: &ViewArgs,
    watching: bool,
) -> Result<(Option<SaveFile>, Box<dyn View>), SaveError> {
    let save = write.map(|path| SaveFile::create(path, link_type)).transpose()?;
    let view = if write.is_some_and(|path| path.as_os_str() == "-") {
        build(args, false, Box::new(io::sink()), None)
    } else {
        on_stdout(args, watching)
    };
    Ok((save, view))
}

/// Refuses what only a saved capture can be asked for.
pub(super) fn ensure_one_pass(args: &ViewArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        !args.two_passes,
        "-2 reads a capture twice, so it needs a saved one: save with -w FILE, then `loopshark read -2 FILE`"
    );
    Ok(())
}

/// Says which frames could not be read, where there were any.
pub(super) fn notice_unread(dissector: &Dissector) {
    for link_type in dissector.unread() {
        notice(format_args!(
            "frames of link type {} ({}) can't be read: only Ethernet, NULL, LOOP, raw IP and Linux cooked captures can",
            link_type.0,
            link_type.name()
        ));
    }
}

/// Whether a person watches standard output.
pub(super) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

fn build(args: &ViewArgs, watching: bool, writer: Box<dyn Write>, screen: Option<usize>) -> Box<dyn View> {
    let options = Options {
        all: args.all,
        port: args.port,
        timeout: Delta(i64::try_from(args.timeout.as_nanos()).unwrap_or(i64::MAX)),
        time: args.time,
    };
    let format = args.format.unwrap_or(match args.view {
        ViewName::Packets => FormatName::Text,
        ViewName::Exchanges | ViewName::Summary => FormatName::Table,
    });
    let output: Box<dyn Output> = match format {
        FormatName::Table => Box::new(Table::new(writer, screen)),
        FormatName::Text => Box::new(Text::new(writer)),
        FormatName::Jsonl => Box::new(JsonLines::new(writer)),
    };
    match args.view {
        ViewName::Packets => Box::new(Packets::new(options, output)),
        ViewName::Summary => Box::new(Summary::new(options, output)),
        // Programs read whole exchanges; a person wants each row as it comes.
        ViewName::Exchanges if watching && format != FormatName::Jsonl => {
            Box::new(Exchanges::new(options, output).live())
        }
        ViewName::Exchanges => Box::new(Exchanges::new(options, output)),
    }
}
