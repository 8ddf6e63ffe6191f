//! HTML: one document that needs nothing else, with Wireshark's row colors, for a browser by day and by night, and for
//! paper.
//!
//! It has no script, asks for nothing (its content security policy says so), and every byte of a capture in it is
//! escaped.

use super::escape;
use super::grid::{Cell, Markup};
use crate::dissect::Coloring;

pub(super) mod page;

/// The HTML format.
pub struct Html;

impl Markup for Html {
    const IS_DATA: bool = false;

    fn begin(&self, out: &mut Vec<u8>, title: &str) {
        page::begin(out, title);
        out.extend_from_slice(b"<h1>");
        escape::html(out, title.as_bytes());
        out.extend_from_slice(b"</h1>\n");
    }

    fn titles<'t>(&self, out: &mut Vec<u8>, caption: &str, titles: impl Iterator<Item = (&'t str, bool)>) {
        out.extend_from_slice(b"<div class=\"wide\" tabindex=\"0\">\n<table>\n<caption>");
        escape::html(out, caption.as_bytes());
        out.extend_from_slice(b"</caption>\n<thead><tr>");
        for (title, is_number) in titles {
            out.extend_from_slice(if is_number { b"<th scope=\"col\" class=\"n\">" } else { b"<th scope=\"col\">" });
            escape::html(out, title.as_bytes());
            out.extend_from_slice(b"</th>");
        }
        out.extend_from_slice(b"</tr></thead>\n<tbody>\n");
    }

    fn row(&self, out: &mut Vec<u8>, coloring: Coloring) {
        match page::class(coloring) {
            "" => out.extend_from_slice(b"<tr>"),
            class => [b"<tr class=\"", class.as_bytes(), b"\">"].iter().for_each(|part| out.extend_from_slice(part)),
        }
    }

    fn row_end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"</tr>\n");
    }

    fn cell(&self, out: &mut Vec<u8>, cell: Cell<'_>, _is_first: bool) {
        let (begin, end): (&[u8], &[u8]) = match cell {
            Cell::Number(_) => (b"<td class=\"n\">", b"</td>"),
            Cell::Plain(_) | Cell::Text(_) => (b"<td>", b"</td>"),
            Cell::Title(_) => (b"<th scope=\"row\">", b"</th>"),
        };
        out.extend_from_slice(begin);
        match cell {
            Cell::Number(text) | Cell::Plain(text) => out.extend_from_slice(text),
            Cell::Text(text) | Cell::Title(text) => escape::html(out, text),
        }
        out.extend_from_slice(end);
    }

    fn table_end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"</tbody>\n</table>\n</div>\n");
    }

    fn notes(&self, out: &mut Vec<u8>, notes: &[String]) {
        if notes.is_empty() {
            return;
        }
        out.extend_from_slice(b"<ul class=\"notes\">\n");
        for note in notes {
            out.extend_from_slice(b"<li>");
            escape::html(out, note.as_bytes());
            out.extend_from_slice(b"</li>\n");
        }
        out.extend_from_slice(b"</ul>\n");
    }

    fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(page::END.as_bytes());
    }
}
