//! The distribution of response times: a bar for each step by an equal factor, with how many are in it.

use plotters::prelude::Rectangle;
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

use super::{ACCENT, FAINT, GRID, INK, WIDTH, drawing, letters, line, sized, spoken, text, ticks};
use crate::output::report::spread::Bin;

const HEIGHT: i32 = 360;
const LEFT: i32 = 120;
const RIGHT: i32 = WIDTH - 50;
const TOP: i32 = 40;
const BOTTOM: i32 = HEIGHT - 50;
/// How wide a bar may be, where there are few.
const WIDEST: i32 = 160;

/// The drawing of bins, of which there are some.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_possible_wrap)] // on a drawing
pub fn svg(bins: &[Bin], title: &str, description: &str) -> String {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1) as f64;
    let width = ((RIGHT - LEFT) / bins.len().max(1) as i32).min(WIDEST);
    let y = |count: f64| BOTTOM - (f64::from(BOTTOM - TOP) * count / most) as i32;
    let x = |n: usize| LEFT + n as i32 * width;
    drawing("spread", HEIGHT, title, description, |area| {
        for tick in ticks(0.0, most, 5).into_iter().filter(|tick| tick.fract() == 0.0) {
            line(area, (LEFT, y(tick)), (RIGHT, y(tick)), GRID, 1)?;
            text(area, &format!("{tick:.0}"), (LEFT - 10, y(tick)), letters(FAINT, HPos::Right, VPos::Center))?;
        }
        for (n, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.count > 0) {
            let top = y(bin.count as f64).min(BOTTOM - 2);
            area.draw(&Rectangle::new([(x(n) + 2, top), (x(n + 1) - 2, BOTTOM)], ACCENT.filled()))?;
            let middle = x(n) + width / 2;
            text(area, &bin.count.to_string(), (middle, top - 6), sized(16, INK, HPos::Center, VPos::Bottom))?;
        }
        line(area, (LEFT, BOTTOM), (RIGHT, BOTTOM), FAINT, 2)?;
        let edges = bins.iter().map(|bin| bin.from).chain(bins.last().map(|bin| bin.to));
        // A label is as wide as two narrow bars.
        let every = usize::try_from(100 / width.max(1) + 1).unwrap_or(1);
        for (n, edge) in edges.enumerate().step_by(every) {
            line(area, (x(n), BOTTOM), (x(n), BOTTOM + 7), FAINT, 2)?;
            text(area, &spoken(edge as f64), (x(n), BOTTOM + 14), letters(FAINT, HPos::Center, VPos::Top))?;
        }
        Ok(())
    })
}
