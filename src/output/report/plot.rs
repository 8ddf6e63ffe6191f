//! Drawings as SVG that stands in a document: drawn by plotters, in colors that the document's style sheet decides.
//!
//! plotters writes colors as numbers. Each of ours is a number that stands for one of the style sheet's, and is replaced by
//! its name, so that a drawing turns dark with its page. Each has a title and a description for who can't see it, and
//! nothing in it is told by color alone.

mod ladder;
mod spread;
mod timeline;
mod times;

pub(super) use ladder::{Arrow, Way, arrows, svg as ladder};
pub(super) use spread::svg as spread;
pub(super) use timeline::{has_marks, svg as timeline};
pub(super) use times::svg as times;

use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _, PathElement, Polygon, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontStyle, IntoFont as _, RGBColor, TextStyle};

use crate::output::escape;
use crate::printable::printable;
use crate::time::{Delta, Timestamp};

const INK: RGBColor = RGBColor(1, 0, 0);
const FAINT: RGBColor = RGBColor(2, 0, 0);
const GRID: RGBColor = RGBColor(3, 0, 0);
const ACCENT: RGBColor = RGBColor(4, 0, 0);
const BAD: RGBColor = RGBColor(5, 0, 0);
const WARN: RGBColor = RGBColor(6, 0, 0);
const PAPER: RGBColor = RGBColor(7, 0, 0);
/// Which variable of the style sheet each stands for.
const NAMES: [(RGBColor, &str); 7] = [
    (INK, "ink"),
    (FAINT, "faint"),
    (GRID, "grid"),
    (ACCENT, "accent"),
    (BAD, "bad"),
    (WARN, "warn"),
    (PAPER, "paper"),
];

/// How wide every drawing is, in its own units.
const WIDTH: i32 = 1_200;
/// How high letters are, in the same.
const LETTERS: i32 = 19;

type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// The SVG of what `draw` draws; `id` tells it from the others of its document.
fn drawing(id: &str, height: i32, title: &str, description: &str, draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH.unsigned_abs(), height.unsigned_abs())).into_drawing_area();
        // Drawing into memory does not fail.
        let _ = draw(&area).and_then(|()| area.present());
    }
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let (title, description) = (escape::escaped(escape::html, title), escape::escaped(escape::html, description));
    let head = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-text\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-text\">{description}</desc>"
    );
    let mut svg = head + &body.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    for (RGBColor(r, g, b), name) in NAMES {
        svg = svg.replace(&format!("\"#{r:02X}{g:02X}{b:02X}\""), &format!("\"var(--{name})\""));
    }
    svg
}

/// Letters of this color.
fn letters<'t>(color: RGBColor, x: HPos, y: VPos) -> TextStyle<'t> {
    sized(LETTERS, color, x, y)
}

fn sized<'t>(size: i32, color: RGBColor, x: HPos, y: VPos) -> TextStyle<'t> {
    // The backend makes letters smaller by this factor.
    let size = f64::from(size) * 1.24;
    let style = TextStyle::from(("sans-serif", size).into_font()).pos(Pos::new(x, y));
    TextStyle { color: color.to_backend_color(), ..style }
}

fn bold<'t>(style: &TextStyle<'t>) -> TextStyle<'t> {
    let font = style.font.clone().style(FontStyle::Bold);
    TextStyle { font, ..style.clone() }
}

fn text(area: &Area<'_>, text: &str, at: (i32, i32), style: TextStyle<'_>) -> Drawn {
    area.draw(&Text::new(printable(text), at, style))
}

fn line(area: &Area<'_>, from: (i32, i32), to: (i32, i32), color: RGBColor, width: u32) -> Drawn {
    area.draw(&PathElement::new([from, to], color.stroke_width(width)))
}

/// A mark of what was lost.
fn cross(area: &Area<'_>, (x, y): (i32, i32), size: i32) -> Drawn {
    let width = if size < 5 { 1 } else { 3 };
    line(area, (x - size, y - size), (x + size, y + size), BAD, width)?;
    line(area, (x - size, y + size), (x + size, y - size), BAD, width)
}

/// A mark of what was refused.
fn diamond(area: &Area<'_>, (x, y): (i32, i32), size: i32) -> Drawn {
    area.draw(&Polygon::new([(x - size, y), (x, y - size), (x + size, y), (x, y + size)], WARN.filled()))
}

/// The time that is drawn, in seconds since the first frame.
#[derive(Clone, Copy)]
pub struct Window {
    begin: Timestamp,
    from: f64,
    to: f64,
}

impl Window {
    /// From the first request to the last response of a capture that begins at this time.
    #[must_use]
    pub fn new(begin: Timestamp, (from, to): (Timestamp, Timestamp)) -> Self {
        let [from, to] = [from, to].map(|time| in_seconds(time.since(begin)));
        let room = ((to - from) * 0.02).max(1e-6);
        Self { begin, from: from - room, to: to + room }
    }

    /// Seconds since the first frame.
    fn at(&self, time: Timestamp) -> f64 {
        in_seconds(time.since(self.begin)).clamp(self.from, self.to)
    }
}

#[allow(clippy::cast_precision_loss)] // for a drawing
fn in_seconds(span: Delta) -> f64 {
    span.0 as f64 / 1e9
}

/// A span of so many nanoseconds as people say it: `1.57 ms`.
pub(super) fn spoken(nanos: f64) -> String {
    let (value, unit) = match nanos {
        nanos if nanos < 1e3 => (nanos, "ns"),
        nanos if nanos < 1e6 => (nanos / 1e3, "µs"),
        nanos if nanos < 1e9 => (nanos / 1e6, "ms"),
        nanos => (nanos / 1e9, "s"),
    };
    format!("{} {unit}", short(value))
}

/// A number with as many digits as tell it from its neighbours in a drawing.
fn short(value: f64) -> String {
    let text = if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Round numbers between these ends, about `count` of them.
fn ticks(from: f64, to: f64, count: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)] // a dozen
    let rough = (to - from).max(f64::MIN_POSITIVE) / count.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(10.0 * power);
    let first = (from / step).ceil();
    (0..=2 * count)
        .map(|n| (first + f64::from(u32::try_from(n).unwrap_or(0))) * step)
        .take_while(|tick| *tick <= to * (1.0 + 1e-9))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 0.7, 4), [0.0, 0.2, 0.4, 3.0 * 0.2]);
        assert!(ticks(0.0, 1e9, 8).len() <= 11);
        assert!(ticks(3.0, 3.0, 8).len() <= 1);
    }

    #[test]
    fn spans_are_spoken_in_their_unit() {
        assert_eq!(
            [250.0, 46_000.0, 1_571_000.0, 12e9, 1e6].map(spoken),
            ["250 ns", "46 µs", "1.57 ms", "12 s", "1 ms"]
        );
    }

    #[test]
    fn a_drawing_has_a_title_and_no_color_of_its_own() {
        let svg = drawing("x", 100, "<a>", "b & c", |area| {
            for (color, _) in NAMES {
                line(area, (0, 0), (9, 9), color, 1)?;
            }
            text(area, "<\u{1b}>", (1, 1), letters(INK, HPos::Left, VPos::Top))
        });
        assert!(svg.starts_with("<svg viewBox=\"0 0 1200 100\" role=\"img\"") && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("&lt;a&gt;</title>") && svg.contains("b &amp; c</desc>") && svg.contains(r"&lt;\033&gt;"));
        assert!(!svg.contains('#'), "{svg}");
    }
}
