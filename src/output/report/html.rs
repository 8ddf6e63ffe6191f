//! A report as HTML: sections with links to them, tables that scroll where the screen is narrow, plots as inline SVG.
//!
//! Beside each plot stands in a folded table what it is drawn from, for who can't see it and for who wants the numbers.

use super::plot::{self, Arrow};
use super::{Document, Shown};
use crate::dissect::Coloring;
use crate::output::escape;
use crate::output::grid::{Cell, Markup};
use crate::output::html::{self as plain, page};
use crate::tr;

/// Slices of time in a table.
const SLICES: usize = 20;

/// The format.
pub struct Html;

/// Tables are those of the plain format.
impl Markup for Html {
    const IS_DATA: bool = false;

    fn begin(&self, out: &mut Vec<u8>, title: &str) {
        plain::Html.begin(out, title);
    }

    fn titles<'t>(&self, out: &mut Vec<u8>, caption: &str, titles: impl Iterator<Item = (&'t str, bool)>) {
        plain::Html.titles(out, caption, titles);
    }

    fn row(&self, out: &mut Vec<u8>, coloring: Coloring) {
        plain::Html.row(out, coloring);
    }

    fn row_end(&self, out: &mut Vec<u8>) {
        plain::Html.row_end(out);
    }

    fn cell(&self, out: &mut Vec<u8>, cell: Cell<'_>, is_first: bool) {
        plain::Html.cell(out, cell, is_first);
    }

    fn table_end(&self, out: &mut Vec<u8>) {
        plain::Html.table_end(out);
    }

    fn notes(&self, out: &mut Vec<u8>, notes: &[String]) {
        plain::Html.notes(out, notes);
    }

    fn end(&self, out: &mut Vec<u8>) {
        plain::Html.end(out);
    }
}

impl Document for Html {
    fn open(&self, out: &mut Vec<u8>, title: &str) {
        self.begin(out, title);
    }

    fn section(&self, out: &mut Vec<u8>, name: &str, title: &str) {
        push(out, &format!("<h2 id=\"{name}\">{}</h2>\n", html(title)));
    }

    fn paragraph(&self, out: &mut Vec<u8>, text: &str) {
        push(out, &format!("<p>{}</p>\n", html(text)));
    }

    fn warning(&self, out: &mut Vec<u8>, text: &str) {
        push(out, &format!("<p class=\"warning\"><strong>{}</strong></p>\n", html(text)));
    }

    fn facts(&self, out: &mut Vec<u8>, facts: &[(String, String)]) {
        push(out, "<dl class=\"facts\">\n");
        for (name, value) in facts {
            push(out, &format!("<dt>{}</dt><dd>{}</dd>\n", html(name), html(value)));
        }
        push(out, "</dl>\n");
    }

    fn long(&self, out: &mut Vec<u8>, begins: bool) {
        push(out, if begins { "<div class=\"long\">\n" } else { "</div>\n" });
    }

    fn legend(&self, out: &mut Vec<u8>, rules: &[Coloring]) {
        if rules.is_empty() {
            return;
        }
        push(out, &format!("<p class=\"legend\">{} ", html(&tr!("report-colors"))));
        for rule in rules {
            push(out, &format!("<span class=\"{}\">{}</span> ", page::class(*rule), html(rule.name())));
        }
        push(out, "</p>\n");
    }

    fn times(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        let course = &shown.material.course;
        let words = shown.course_in_words();
        let svg = plot::times(course, shown.window(), &tr!("report-times"), &words);
        let caption = if course.is_exact() { tr!("report-times-caption") } else { tr!("report-times-thinned") };
        figure(out, &svg, &caption);
        self.slices(out, shown);
    }

    fn spread(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        let svg = plot::spread(&shown.bins(), &tr!("report-spread"), &shown.spread_in_words());
        figure(out, &svg, &tr!("report-spread-caption"));
    }

    fn timeline(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        let words = shown.course_in_words();
        let course = &shown.material.course;
        let svg = plot::timeline(course, shown.window(), &tr!("report-timeline"), &words);
        let caption =
            if plot::has_marks(course) { tr!("report-timeline-marks") } else { tr!("report-timeline-columns") };
        figure(out, &svg, &caption);
    }

    fn ladder(&self, out: &mut Vec<u8>, arrows: &[Arrow]) {
        let [client, service] = super::names(arrows);
        let words: Vec<_> = arrows.iter().map(super::rung_in_words).collect();
        let svg = plot::ladder(arrows, [&client, &service], &tr!("report-ladder"), &words.join("; "));
        figure(out, &svg, &tr!("report-ladder-caption"));
    }
}

impl Html {
    /// The course as a table, folded.
    fn slices(&self, out: &mut Vec<u8>, shown: &Shown<'_>) {
        push(out, &format!("<details>\n<summary>{}</summary>\n", html(&tr!("report-figures-of-plot"))));
        super::slices(self, out, shown, SLICES);
        push(out, "</details>\n");
    }
}

fn figure(out: &mut Vec<u8>, svg: &str, caption: &str) {
    push(out, "<figure>\n<div class=\"wide plot\" tabindex=\"0\">\n");
    push(out, svg);
    push(out, &format!("</div>\n<figcaption>{}</figcaption>\n</figure>\n", html(caption)));
}

fn html(text: &str) -> String {
    escape::escaped(escape::html, text)
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}
