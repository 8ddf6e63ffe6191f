//! Standard output as a person sees it: how wide it is, which colors it has, and whether a pager shows it.
//!
//! Only here are the terminal and the environment asked: `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`, `COLORTERM`, `TERM`,
//! `WT_SESSION`, `COLUMNS`.

use std::env;
use std::io::{self, IsTerminal as _, Write};

use super::pager::{self, Pager};
use crate::cli::ColorName;
use crate::output::paint::{Depth, Edge};
use crate::output::{Paint, Spelled};
use crate::platform::console;

/// What is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen {
    /// How wide a line may be.
    pub width: Option<usize>,
    /// Whether its letters have no arrow.
    pub spells_arrows: bool,
    depth: Option<Depth>,
    /// What shows it page by page.
    pager: Option<Pager>,
}

impl Screen {
    /// Standard output, in the colors that were asked for.
    pub(super) fn new(color: ColorName) -> Self {
        Self { width: width(), spells_arrows: !console::shows_arrows(), depth: depth(color), pager: None }
    }

    /// The same page by page, where a person looks at it and wants that.
    pub(super) fn paged(self, wanted: bool) -> Self {
        let command = pager::command().filter(|_| wanted && is_terminal() && !is_dumb());
        Self { pager: command.map(Pager::new), ..self }
    }

    /// The writer for it; a pager starts when there is something to show.
    pub(super) fn writer(&self) -> Box<dyn Write> {
        let writer: Box<dyn Write> = match &self.pager {
            Some(pager) => Box::new(pager.clone()),
            None => Box::new(io::stdout().lock()),
        };
        if self.spells_arrows { Box::new(Spelled::new(writer)) } else { writer }
    }

    /// Whether a pager shows it.
    pub(super) fn is_paged(&self) -> bool {
        self.pager.is_some()
    }

    /// The colors for rows, if there are to be any.
    pub(super) fn paint(&self) -> Option<Paint> {
        let edge = match (&self.pager, self.width) {
            (Some(_), Some(width)) => Edge::Padded(width),
            _ => Edge::Erased,
        };
        self.depth.map(|depth| Paint::new(depth, edge))
    }

    /// Whether there are to be colors.
    pub(super) fn is_colored(&self) -> bool {
        self.depth.is_some()
    }
}

/// Whether standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// As `COLUMNS` says, which whoever shows our output elsewhere sets (`watch`, a preview), else as wide as the terminal is.
pub(super) fn width() -> Option<usize> {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    asked.or_else(|| terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0)))
}

fn is_dumb() -> bool {
    !anstyle_query::term_supports_color()
}

fn depth(color: ColorName) -> Option<Depth> {
    let wanted = match color {
        ColorName::Always => true,
        ColorName::Never => false,
        ColorName::Auto if anstyle_query::no_color() => false,
        ColorName::Auto if anstyle_query::clicolor_force() => true,
        ColorName::Auto => is_terminal() && !is_dumb() && anstyle_query::clicolor() != Some(false),
    };
    if wanted {
        console::enable_colors();
    }
    wanted.then(deepest)
}

/// As many colors as the terminal says that it has.
fn deepest() -> Depth {
    let has_term = |end: &str| env::var("TERM").is_ok_and(|term| term.ends_with(end));
    if anstyle_query::truecolor() || env::var_os("WT_SESSION").is_some() || has_term("-direct") {
        Depth::True
    } else if has_term("-256color") {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}
