//! Rows in the colors of Wireshark's coloring rules, as far as a terminal has them.
//!
//! The whole line is colored, to the edge of the screen. With 16 colors, of which every terminal shows its own shades, the
//! nearest would be white for almost all rules, so they are chosen by hand. Where a row's text says what it is, color only
//! repeats it. Knows no terminal: which colors there are, and how wide the screen is, it is told.

use anstyle::{Ansi256Color, AnsiColor, Color, Effects, RgbColor, Style};
use anstyle_lossy::rgb_to_xterm;
use unicode_width::UnicodeWidthStr as _;

use crate::dissect::Coloring;
use crate::dissect::coloring::{Colors, Rgb};

const RESET: &[u8] = b"\x1b[0m";
const ERASE_TO_END_OF_LINE: &[u8] = b"\x1b[K";

/// How many colors there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The 16 that every terminal has.
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// All of 24 bits.
    True,
}

/// How the rest of a line behind its text is colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// By the terminal.
    Erased,
    /// By spaces up to this column, where a pager is between that would not let the terminal do it.
    Padded(usize),
}

/// The brush: what is written before and behind a row, by its rule.
#[derive(Clone, Debug)]
pub struct Paint {
    starts: [String; Coloring::ALL.len()],
    edge: Edge,
}

impl Paint {
    /// Colors of this depth.
    #[must_use]
    pub fn new(depth: Depth, edge: Edge) -> Self {
        Self { starts: Coloring::ALL.map(|rule| style(rule, depth).render().to_string()), edge }
    }

    /// Appends what begins a row.
    pub(super) fn begin(&self, out: &mut Vec<u8>, rule: Coloring) {
        if let Some(start) = self.start(rule) {
            out.extend_from_slice(start.as_bytes());
        }
    }

    /// Appends what ends the row that has been written from `from` on, after [`Paint::begin`].
    pub(super) fn end(&self, out: &mut Vec<u8>, rule: Coloring, from: usize) {
        let Some(start) = self.start(rule) else { return };
        match self.edge {
            Edge::Erased => out.extend_from_slice(ERASE_TO_END_OF_LINE),
            Edge::Padded(screen) => {
                let text = out.get(from + start.len()..).unwrap_or_default();
                let missing = screen.saturating_sub(String::from_utf8_lossy(text).width());
                out.resize(out.len() + missing, b' ');
            }
        }
        out.extend_from_slice(RESET);
    }

    fn start(&self, rule: Coloring) -> Option<&str> {
        self.starts.get(rule as usize).map(String::as_str)
    }
}

/// A line of titles, which stand out without a color.
pub(super) fn title() -> Style {
    Style::new().effects(Effects::BOLD)
}

fn style(rule: Coloring, depth: Depth) -> Style {
    let Some(Colors { foreground, background }) = rule.colors() else { return Style::new() };
    let color = |[r, g, b]: Rgb| RgbColor(r, g, b);
    let of = |foreground: Color, background: Color| Style::new().fg_color(Some(foreground)).bg_color(Some(background));
    match depth {
        Depth::True => of(color(foreground).into(), color(background).into()),
        Depth::Ansi256 => {
            let background = match rule {
                // The nearest is that of ARP.
                Coloring::Smb => Ansi256Color(229),
                Coloring::Routing => Ansi256Color(223),
                _ => xterm(background),
            };
            of(xterm(foreground).into(), background.into())
        }
        Depth::Ansi16 => {
            let (foreground, background) = ansi(rule);
            of(foreground.into(), background.into())
        }
    }
}

fn xterm([r, g, b]: Rgb) -> Ansi256Color {
    rgb_to_xterm(RgbColor(r, g, b))
}

/// Text and background, of the 16 colors.
fn ansi(rule: Coloring) -> (AnsiColor, AnsiColor) {
    use AnsiColor::{
        Black, Blue, BrightBlack, BrightGreen, BrightMagenta, BrightRed, BrightWhite, BrightYellow, Cyan, Green, Red,
        White, Yellow,
    };
    match rule {
        Coloring::BadTcp => (BrightRed, Black),
        Coloring::IcmpErrors => (BrightGreen, Black),
        Coloring::Arp => (Black, BrightWhite),
        Coloring::Icmp => (Black, BrightMagenta),
        Coloring::TcpRst => (BrightYellow, Red),
        Coloring::Ttl => (BrightWhite, Red),
        Coloring::Smb => (Black, BrightYellow),
        Coloring::Http => (Black, Green),
        Coloring::Routing => (Black, Yellow),
        Coloring::TcpSynFin => (BrightWhite, BrightBlack),
        Coloring::Tcp => (Black, White),
        Coloring::Udp => (Black, Cyan),
        Coloring::Broadcast => (BrightBlack, BrightWhite),
        Coloring::SystemEvent | Coloring::None => (Blue, White),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_apart_at_every_depth() {
        for depth in [Depth::Ansi16, Depth::Ansi256, Depth::True] {
            let paint = Paint::new(depth, Edge::Erased);
            for (n, start) in paint.starts.iter().enumerate() {
                assert!(!paint.starts[..n].contains(start), "{:?} at {depth:?}", Coloring::ALL[n]);
            }
        }
    }

    #[test]
    fn a_row_is_colored_to_the_edge_of_the_screen() {
        let row = |edge, rule| {
            let (paint, mut out) = (Paint::new(Depth::True, edge), b"before\n".to_vec());
            let from = out.len();
            paint.begin(&mut out, rule);
            out.extend_from_slice("1 → 2".as_bytes());
            paint.end(&mut out, rule, from);
            String::from_utf8(out).unwrap().split_off(from)
        };
        let udp = "\x1b[38;2;18;39;46m\x1b[48;2;218;238;255m";
        assert_eq!(row(Edge::Erased, Coloring::Udp), format!("{udp}1 → 2\x1b[K\x1b[0m"));
        assert_eq!(row(Edge::Padded(8), Coloring::Udp), format!("{udp}1 → 2   \x1b[0m"));
        assert_eq!(row(Edge::Padded(3), Coloring::Udp), format!("{udp}1 → 2\x1b[0m"));
        assert_eq!(row(Edge::Erased, Coloring::None), "1 → 2");
    }
}
