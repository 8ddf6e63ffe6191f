//! Who sent when. Of a few exchanges each request and each response has its mark on a line of its sender; of many, columns
//! say how many were sent in each part of the time: answered above the axis, lost and refused below.

use plotters::prelude::{Circle, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

use super::times::{time_axis, x};
use super::{
    ACCENT, Area, BAD, Drawn, FAINT, GRID, INK, PAPER, WARN, WIDTH, Window, cross, diamond, drawing, letters, line,
    sized, text, ticks,
};
use crate::output::report::course::Course;
use crate::time::Timestamp;
use crate::tr;
use crate::views::Status;

/// The most requests that have marks of their own.
const MAX_MARKS: u64 = 150;
/// The most columns.
const MAX_COLUMNS: usize = 100;
const LEFT: i32 = 190;
const RIGHT: i32 = WIDTH - 20;

/// Whether each request and response has a mark of its own.
pub fn has_marks(course: &Course) -> bool {
    course.count() <= MAX_MARKS
}

/// The drawing of a course that is not empty.
pub fn svg(course: &Course, window: Window, title: &str, description: &str) -> String {
    if has_marks(course) {
        drawing("timeline", 240, title, description, |area| marks(area, course, window))
    } else {
        drawing("timeline", 380, title, description, |area| columns(area, course, window))
    }
}

fn marks(area: &Area<'_>, course: &Course, window: Window) -> Drawn {
    const CLIENT: i32 = 40;
    const SERVICE: i32 = 140;
    let ends = (LEFT, RIGHT);
    time_axis(area, window, ends, (20, 170))?;
    for (y, name) in [(CLIENT, tr!("report-requests")), (SERVICE, tr!("report-responses"))] {
        line(area, (LEFT, y), (RIGHT, y), FAINT, 1)?;
        text(area, &name, (LEFT - 14, y), letters(INK, HPos::Right, VPos::Center))?;
    }
    for point in course.points() {
        let sent = x(window, window.at(point.at), ends);
        let answered = point.rtt.map(|rtt| Timestamp(point.at.0.saturating_add(rtt.0)));
        let arrived = answered.map_or(sent, |answered| x(window, window.at(answered), ends));
        let reaches = if point.status == Status::Unanswered { i32::midpoint(CLIENT, SERVICE) } else { SERVICE };
        line(area, (sent, CLIENT), (arrived, reaches), FAINT, 1)?;
        match point.status {
            Status::Unanswered => cross(area, (sent, reaches), 6)?,
            Status::Refused => diamond(area, (sent, SERVICE), 8)?,
            _ => {
                area.draw(&Circle::new((arrived, SERVICE), 5, PAPER.filled()))?;
                area.draw(&Circle::new((arrived, SERVICE), 5, ACCENT.stroke_width(2)))?;
            }
        }
        area.draw(&Circle::new((sent, CLIENT), 5, ACCENT.filled()))?;
    }
    Ok(())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // on a drawing
fn columns(area: &Area<'_>, course: &Course, window: Window) -> Drawn {
    const TOP: i32 = 20;
    const AXIS: i32 = 190;
    const BOTTOM: i32 = 310;
    let ends = (LEFT, RIGHT);
    let slices = course.slices(MAX_COLUMNS);
    let most = |count: &dyn Fn(usize) -> u64| (0..slices.len()).map(count).max().unwrap_or(0).max(1) as f64;
    let above = most(&|n| slices[n].2.answered);
    let below = most(&|n| slices[n].2.lost + slices[n].2.refused);
    time_axis(area, window, ends, (TOP, BOTTOM))?;
    let up = |count: f64| AXIS - (f64::from(AXIS - TOP) * count / above) as i32;
    let down = |count: f64| AXIS + (f64::from(BOTTOM - 10 - AXIS) * count / below) as i32;
    let scales: [(f64, &dyn Fn(f64) -> i32); 2] = [(above, &up), (below, &down)];
    for (most, y) in scales {
        for tick in ticks(0.0, most, 3).into_iter().filter(|tick| tick.fract() == 0.0) {
            line(area, (LEFT, y(tick)), (RIGHT, y(tick)), GRID, 1)?;
            text(area, &format!("{tick:.0}"), (LEFT - 8, y(tick)), sized(16, FAINT, HPos::Right, VPos::Center))?;
        }
    }
    for (begin, width, slice) in &slices {
        let end = Timestamp(begin.0.saturating_add(width.0));
        let left = x(window, window.at(*begin), ends);
        let right = (x(window, window.at(end), ends) - 1).max(left + 1);
        let bar = |from: i32, to: i32, color: plotters::style::RGBColor| {
            area.draw(&Rectangle::new([(left, from.min(to)), (right, from.max(to))], color.filled()))
        };
        if slice.answered > 0 {
            bar(up(slice.answered as f64).min(AXIS - 1), AXIS, ACCENT)?;
        }
        if slice.lost > 0 {
            bar(AXIS, down(slice.lost as f64).max(AXIS + 3), BAD)?;
        }
        if slice.refused > 0 {
            let (from, to) = (down(slice.lost as f64), down((slice.lost + slice.refused) as f64));
            bar(from, to.max(from + 3), WARN)?;
        }
    }
    line(area, (LEFT, AXIS), (RIGHT, AXIS), INK, 2)?;
    let sides = [(TOP, tr!("report-answered")), (AXIS + 20, tr!("report-lost")), (AXIS + 44, tr!("report-refused"))];
    for (y, name) in sides {
        text(area, &name, (10, y), sized(17, INK, HPos::Left, VPos::Top))?;
    }
    Ok(())
}
