//! The first exchanges as a ladder: client and service side by side, time running down, an arrow for each datagram, as in
//! a textbook's sequence diagram.
//!
//! Not to scale: each frame has a line of its own, in the order in which they were captured.

use plotters::element::DashedPathElement;
use plotters::prelude::{PathElement, Polygon};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBColor};

use super::{ACCENT, Area, BAD, Drawn, FAINT, INK, WARN, bold, cross, drawing, letters, sized, text};
use crate::output::write_fate;
use crate::printable::printable;
use crate::views::{Exchange, Kept, Row, Status};

/// The most exchanges on it from the beginning, and the most faults behind those.
const MAX_FIRST: usize = 8;
const MAX_FAULTS: usize = 4;
/// The most letters of Info on an arrow.
const MAX_INFO: usize = 60;

const HEAD: i32 = 70;
const STEP: i32 = 42;
/// How high the mark is that something is left out.
const GAP: i32 = 26;
const CLIENT: i32 = 300;
const SERVICE: i32 = 960;
const MIDDLE: i32 = i32::midpoint(CLIENT, SERVICE);

/// Where a datagram went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the service.
    There,
    /// To the service, and was lost.
    Lost,
    /// To the client.
    Back,
    /// To the client: an error.
    Error,
}

/// A datagram on the ladder.
#[derive(Clone, Debug)]
pub struct Arrow {
    /// Frame number.
    pub frame: u64,
    /// The Time column.
    pub time: String,
    /// The Info column, cut.
    pub info: String,
    /// What became of the exchange, where this frame says it.
    pub fate: String,
    /// Where it went.
    pub way: Way,
    /// Who sent it, and to whom: addresses.
    pub ends: (String, String),
    /// Whether exchanges are left out before it.
    pub after_gap: bool,
}

/// The arrows of the first exchanges, and of the first faults behind them, in the order of their frames.
pub fn arrows(exchanges: &[Exchange<Kept>]) -> Vec<Arrow> {
    let (first, behind) = exchanges.split_at(exchanges.len().min(MAX_FIRST));
    let mut all: Vec<Arrow> = first.iter().flat_map(both).collect();
    let last = all.iter().map(|arrow| arrow.frame).max().unwrap_or(0);
    let is_fault = |(_, exchange): &(usize, &Exchange<Kept>)| exchange.status != Status::Answered;
    let mut next = 0;
    for (place, exchange) in behind.iter().enumerate().filter(is_fault).take(MAX_FAULTS) {
        // A response that came out of order may be of a fault whose request is far above.
        let mut arrows: Vec<Arrow> = both(exchange).filter(|arrow| arrow.frame > last).collect();
        if let Some(arrow) = arrows.first_mut() {
            arrow.after_gap = place > std::mem::replace(&mut next, place + 1);
        }
        all.append(&mut arrows);
    }
    all.sort_by_key(|arrow| arrow.frame);
    all
}

fn both(exchange: &Exchange<Kept>) -> impl Iterator<Item = Arrow> + use<> {
    let fate = (exchange.status, exchange.rtt);
    let Exchange { status, request, response, .. } = exchange.clone().map(Kept::into_row);
    let is_lost = status == Status::Unanswered;
    let request_fate = if response.is_some() { None } else { Some(fate) };
    let request = request.map(|row| arrow(&row, request_fate, if is_lost { Way::Lost } else { Way::There }));
    let back = if status == Status::Refused { Way::Error } else { Way::Back };
    request.into_iter().chain(response.map(|row| arrow(&row, Some(fate), back)))
}

fn arrow(row: &Row<'_>, fate: Option<(Status, Option<crate::time::Delta>)>, way: Way) -> Arrow {
    let written = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        printable(out)
    };
    let mut info = written(&|out| row.info.write(out));
    if let Some((end, _)) = info.char_indices().nth(MAX_INFO) {
        info.truncate(end);
        info.push('…');
    }
    Arrow {
        frame: row.number,
        time: written(&|out| row.time.write(out)),
        info,
        fate: written(&|out| fate.into_iter().for_each(|fate| write_fate(out, fate, " ms"))),
        way,
        ends: (written(&|out| row.src.write(out)), written(&|out| row.dst.write(out))),
        after_gap: false,
    }
}

/// The drawing of arrows, of which there are some; `names` stand over client and service.
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // a dozen arrows
pub fn svg(arrows: &[Arrow], names: [&str; 2], title: &str, description: &str) -> String {
    let gaps = arrows.iter().filter(|arrow| arrow.after_gap).count() as i32;
    let height = HEAD + STEP * arrows.len() as i32 + GAP * gaps + 24;
    drawing("ladder", height, title, description, |area| {
        for (x, name) in [(CLIENT, names[0]), (SERVICE, names[1])] {
            text(area, name, (x, 14), bold(&letters(INK, HPos::Center, VPos::Top)))?;
            area.draw(&PathElement::new([(x, 44), (x, height - 8)], FAINT.stroke_width(2)))?;
        }
        let mut y = HEAD;
        for arrow in arrows {
            if arrow.after_gap {
                text(area, "⋮", (MIDDLE, y + GAP / 2), letters(FAINT, HPos::Center, VPos::Center))?;
                y += GAP;
            }
            y += STEP;
            rung(area, arrow, y - 12)?;
        }
        Ok(())
    })
}

fn rung(area: &Area<'_>, arrow: &Arrow, y: i32) -> Drawn {
    let color = match arrow.way {
        Way::There | Way::Back => ACCENT,
        Way::Lost => BAD,
        Way::Error => WARN,
    };
    text(area, &arrow.frame.to_string(), (80, y), sized(17, FAINT, HPos::Right, VPos::Center))?;
    text(area, &arrow.time, (CLIENT - 16, y), sized(17, FAINT, HPos::Right, VPos::Center))?;
    text(area, &arrow.info, (MIDDLE, y - 7), sized(17, INK, HPos::Center, VPos::Bottom))?;
    if !arrow.fate.is_empty() {
        let color = if arrow.way == Way::Back { INK } else { color };
        text(area, &arrow.fate, (SERVICE + 20, y), bold(&sized(17, color, HPos::Left, VPos::Center)))?;
    }
    match arrow.way {
        Way::There => shaft(area, CLIENT, SERVICE, y, color),
        Way::Lost => {
            let end = SERVICE - 200;
            dashed(area, CLIENT, end, y, color)?;
            cross(area, (end, y), 8)
        }
        Way::Back => shaft(area, SERVICE, CLIENT, y, color),
        Way::Error => {
            dashed(area, SERVICE, CLIENT, y, color)?;
            point(area, SERVICE, CLIENT, y, color)
        }
    }
}

fn shaft(area: &Area<'_>, from: i32, to: i32, y: i32, color: RGBColor) -> Drawn {
    area.draw(&PathElement::new([(from, y), (to, y)], color.stroke_width(2)))?;
    point(area, from, to, y, color)
}

fn point(area: &Area<'_>, from: i32, to: i32, y: i32, color: RGBColor) -> Drawn {
    let back = if from < to { -14 } else { 14 };
    area.draw(&Polygon::new([(to, y), (to + back, y - 6), (to + back, y + 6)], color.filled()))
}

fn dashed(area: &Area<'_>, from: i32, to: i32, y: i32, color: RGBColor) -> Drawn {
    area.draw(&DashedPathElement::new([(from, y), (to, y)], 10, 6, color.stroke_width(2)))
}
