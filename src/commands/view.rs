//! From what was typed about the view to the view itself, with its format and its writer.

use std::io::{self, IsTerminal, Write};

use crate::cli::{FormatName, ViewArgs, ViewName};
use crate::dissect::Dissection;
use crate::output::{JsonLines, Table, Text};
use crate::source::Frame;
use crate::time::Delta;
use crate::views::{Exchanges, Options, Output, Packets, Summary, View};

/// When results are to be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    /// At the end, in one piece.
    AtEnd,
    /// Whole exchanges, as soon as nothing more comes for the moment.
    Piecewise,
    /// Each row as it arrives, for a person who watches.
    Watched,
}

/// A view that holds back what it has until the end.
struct AtEnd(Box<dyn View>);

impl View for AtEnd {
    fn frame(&mut self, frame: &Frame<'_>, dissection: Dissection<'_>) -> io::Result<()> {
        self.0.frame(frame, dissection)
    }

    fn passed_over(&mut self, frame: &Frame<'_>) {
        self.0.passed_over(frame);
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.finish()
    }
}

/// The view that was asked for, writing to standard output.
pub(super) fn on_stdout(args: &ViewArgs, occasion: Occasion) -> Box<dyn View> {
    let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    build(args, occasion, Box::new(io::stdout().lock()), width)
}

/// A view that shows nothing: standard output belongs to the saved capture.
pub(super) fn silent(args: &ViewArgs) -> Box<dyn View> {
    build(args, Occasion::AtEnd, Box::new(io::sink()), None)
}

/// Whether a person watches standard output.
pub(super) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

fn build(args: &ViewArgs, occasion: Occasion, writer: Box<dyn Write>, screen: Option<usize>) -> Box<dyn View> {
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
    let view: Box<dyn View> = match args.view {
        ViewName::Packets => Box::new(Packets::new(options, output)),
        ViewName::Summary => Box::new(Summary::new(options, output)),
        // Programs read whole exchanges; a person wants each row as it comes.
        ViewName::Exchanges if occasion == Occasion::Watched && format != FormatName::Jsonl => {
            Box::new(Exchanges::new(options, output).live())
        }
        ViewName::Exchanges => Box::new(Exchanges::new(options, output)),
    };
    if occasion == Occasion::AtEnd { Box::new(AtEnd(view)) } else { view }
}
