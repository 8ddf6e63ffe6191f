//! From what was typed about the view to the view itself, with its format and its writer.

use std::io::{self, IsTerminal, Write};

use crate::cli::{FormatName, ViewArgs, ViewName};
use crate::output::{JsonLines, Output, Table, Text};
use crate::time::Delta;
use crate::views::{Exchanges, Options, Packets, Summary, View};

/// What sort of work the view is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    /// All frames are there, or nobody watches them arrive.
    Whole,
    /// A person watches frames arrive.
    Watched,
}

/// The view that was asked for, writing to standard output.
pub(super) fn on_stdout(args: &ViewArgs, occasion: Occasion) -> Box<dyn View> {
    build(args, occasion, Box::new(io::stdout().lock()))
}

/// A view that shows nothing: standard output belongs to the saved capture.
pub(super) fn silent(args: &ViewArgs) -> Box<dyn View> {
    build(args, Occasion::Whole, Box::new(io::sink()))
}

/// Whether a person watches standard output.
pub(super) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

fn build(args: &ViewArgs, occasion: Occasion, writer: Box<dyn Write>) -> Box<dyn View> {
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
        FormatName::Table => Box::new(Table::new(writer)),
        FormatName::Text => Box::new(Text::new(writer)),
        FormatName::Jsonl => Box::new(JsonLines::new(writer)),
    };
    match args.view {
        ViewName::Packets => Box::new(Packets::new(options, output)),
        ViewName::Summary => Box::new(Summary::new(options, output)),
        // Programs read whole exchanges; a person wants each row as it comes.
        ViewName::Exchanges if occasion == Occasion::Watched && format != FormatName::Jsonl => {
            Box::new(Exchanges::new(options, output).live())
        }
        ViewName::Exchanges => Box::new(Exchanges::new(options, output)),
    }
}
