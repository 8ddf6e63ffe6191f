//! Response times in the course of a capture: a dot for each response at the time of its request, and above them, on a line
//! of their own, what was lost and refused.

use plotters::prelude::Circle;
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

use super::{
    ACCENT, Area, Drawn, FAINT, GRID, INK, WIDTH, Window, cross, diamond, drawing, in_seconds, letters, line, short,
    sized, text, ticks,
};
use crate::output::report::course::{Course, Point};
use crate::tr;
use crate::views::Status;

const HEIGHT: i32 = 440;
const LEFT: i32 = 120;
const RIGHT: i32 = WIDTH - 20;
const BOTTOM: i32 = HEIGHT - 66;
/// How high a line of faults is.
const FAULTS: i32 = 36;
/// From how many times the shortest the longest response is, a scale by equal factors shows more.
const WIDE: f64 = 20.0;
/// The shortest response that such a scale has a place for, in milliseconds.
const SHORTEST: f64 = 1e-4;

/// A scale of milliseconds.
struct Scale {
    from: f64,
    to: f64,
    by_factors: bool,
    top: i32,
}

impl Scale {
    fn of(spans: impl Iterator<Item = f64>, top: i32) -> Self {
        let (least, most) = spans.fold((f64::MAX, SHORTEST), |(least, most), span| (span.min(least), span.max(most)));
        let least = least.max(SHORTEST).min(most);
        if most / least < WIDE {
            return Self { from: 0.0, to: most * 1.08, by_factors: false, top };
        }
        Self { from: least / 1.3, to: most * 1.3, by_factors: true, top }
    }

    /// How far up a span is.
    #[allow(clippy::cast_possible_truncation)] // places on a drawing
    fn y(&self, span: f64) -> i32 {
        let part = if self.by_factors {
            (span.max(self.from) / self.from).ln() / (self.to / self.from).ln()
        } else {
            (span - self.from) / (self.to - self.from)
        };
        BOTTOM - (f64::from(BOTTOM - self.top) * part.clamp(0.0, 1.0)) as i32
    }

    fn ticks(&self) -> Vec<f64> {
        if !self.by_factors {
            return ticks(self.from, self.to, 6);
        }
        let decades = (self.to / self.from).log10();
        let steps: &[f64] = if decades > 4.0 {
            &[1.0]
        } else if decades > 2.0 {
            &[1.0, 3.0]
        } else {
            &[1.0, 2.0, 5.0]
        };
        let powers = (-4..=10).map(|power| 10_f64.powi(power));
        let all = powers.flat_map(|power| steps.iter().map(move |step| step * power));
        all.filter(|tick| (self.from..=self.to).contains(tick)).collect()
    }
}

#[allow(clippy::cast_possible_truncation)] // places on a drawing
pub(super) fn x(window: Window, seconds: f64, (left, right): (i32, i32)) -> i32 {
    left + (f64::from(right - left) * (seconds - window.from) / (window.to - window.from)) as i32
}

/// Draws the axis of time under a drawing.
pub(super) fn time_axis(area: &Area<'_>, window: Window, ends: (i32, i32), (top, bottom): (i32, i32)) -> Drawn {
    line(area, (ends.0, bottom), (ends.1, bottom), FAINT, 2)?;
    for tick in ticks(window.from, window.to, 10) {
        let x = x(window, tick, ends);
        line(area, (x, top), (x, bottom + 6), GRID, 1)?;
        text(area, &short(tick), (x, bottom + 12), letters(FAINT, HPos::Center, VPos::Top))?;
    }
    let title = tr!("report-axis-time");
    text(area, &title, (ends.1, bottom + 40), letters(FAINT, HPos::Right, VPos::Top))
}

/// The drawing of a course that is not empty.
pub fn svg(course: &Course, window: Window, title: &str, description: &str) -> String {
    let points: Vec<Point> = course.points().collect();
    let spans = points.iter().filter_map(|point| point.rtt).map(|rtt| in_seconds(rtt) * 1e3);
    let faults = [(Status::Unanswered, tr!("report-lost")), (Status::Refused, tr!("report-refused"))];
    let faults: Vec<_> =
        faults.into_iter().filter(|(fate, _)| points.iter().any(|point| point.status == *fate)).collect();
    let top = FAULTS * i32::try_from(faults.len()).unwrap_or(0) + 24;
    let scale = Scale::of(spans, top);
    drawing("times", HEIGHT, title, description, |area| {
        let ends = (LEFT, RIGHT);
        time_axis(area, window, ends, (top, BOTTOM))?;
        for tick in scale.ticks() {
            line(area, (LEFT, scale.y(tick)), (RIGHT, scale.y(tick)), GRID, 1)?;
            text(area, &short_tick(tick), (LEFT - 10, scale.y(tick)), letters(FAINT, HPos::Right, VPos::Center))?;
        }
        text(area, "ms", (LEFT - 10, BOTTOM + 12), letters(FAINT, HPos::Right, VPos::Top))?;
        line(area, (LEFT, top), (LEFT, BOTTOM), FAINT, 2)?;
        for (n, (status, name)) in (0..).zip(&faults) {
            fault(area, &points, window, (*status, name, 22 + n * FAULTS))?;
        }
        let radius = if points.len() > 300 { 3 } else { 5 };
        for Point { at, rtt, .. } in points.iter().filter(|point| point.status.is_answered()) {
            let place = (x(window, window.at(*at), ends), scale.y(rtt.map_or(0.0, |rtt| in_seconds(rtt) * 1e3)));
            area.draw(&Circle::new(place, radius, ACCENT.filled()))?;
        }
        Ok(())
    })
}

/// A tick's own digits: those of a scale by factors may be far below one.
fn short_tick(tick: f64) -> String {
    if tick > 0.0 && tick < 0.01 { format!("{tick:.4}").trim_end_matches('0').to_owned() } else { short(tick) }
}

/// Draws a line with the requests of a fate.
fn fault(area: &Area<'_>, points: &[Point], window: Window, (status, name, y): (Status, &str, i32)) -> Drawn {
    line(area, (LEFT, y), (RIGHT, y), GRID, 1)?;
    text(area, name, (LEFT - 10, y), sized(17, INK, HPos::Right, VPos::Center))?;
    let size = if points.len() > 300 { 3 } else { 6 };
    for point in points.iter().filter(|point| point.status == status) {
        let place = (x(window, window.at(point.at), (LEFT, RIGHT)), y);
        if status == Status::Refused {
            diamond(area, place, size + 2)?;
        } else {
            cross(area, place, size)?;
        }
    }
    Ok(())
}
