//! What is around a document in HTML: its head with the styles, and Wireshark's row colors as classes.
//!
//! By night a pale background would glare, so that a row keeps its color's hue and turns dark, with the pale color for its
//! text. What is dark by itself (errors) stays as it is.

use std::sync::LazyLock;

use crate::dissect::Coloring;
use crate::dissect::coloring::{Colors, Rgb};
use crate::lang::{self, Lang};
use crate::output::escape;

/// What ends a document.
pub const END: &str = "</main>\n</body>\n</html>\n";

const STYLE: &str = include_str!("style.css");
/// The page by night, as in the style sheet.
const NIGHT: Rgb = [18, 24, 31];

/// The classes of the rules, in their order.
const CLASSES: [&str; Coloring::ALL.len()] = [
    "bad-tcp",
    "icmp-errors",
    "arp",
    "icmp",
    "tcp-rst",
    "ttl",
    "smb",
    "http",
    "routing",
    "tcp-syn-fin",
    "tcp",
    "udp",
    "broadcast",
    "system-event",
];

static ROW_COLORS: LazyLock<String> = LazyLock::new(|| {
    let by_day: String = Coloring::ALL.into_iter().filter_map(|rule| Some(line(rule, rule.colors()?))).collect();
    let by_night: String =
        Coloring::ALL.into_iter().filter_map(|rule| Some(line(rule, at_night(rule.colors()?)))).collect();
    format!("{by_day}@media screen and (prefers-color-scheme: dark) {{\n{by_night}}}\n")
});

/// Begins a document: what comes next is its first heading.
pub fn begin(out: &mut Vec<u8>, title: &str) {
    let lang = match lang::chosen() {
        Lang::English => "en",
        Lang::Spanish => "es",
    };
    let mut text = |text: &str| out.extend_from_slice(text.as_bytes());
    text("<!DOCTYPE html>\n<html lang=\"");
    text(lang);
    text(
        "\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"loopshark ",
    );
    text(env!("CARGO_PKG_VERSION"));
    text("\">\n<title>");
    escape::html(out, title.as_bytes());
    let mut text = |text: &str| out.extend_from_slice(text.as_bytes());
    text("</title>\n<style>\n");
    text(STYLE);
    text(&ROW_COLORS);
    text("</style>\n</head>\n<body>\n<main>\n");
}

/// The class of a row that this rule colors; nothing for none.
pub fn class(rule: Coloring) -> &'static str {
    CLASSES.get(rule as usize).copied().unwrap_or_default()
}

fn line(rule: Coloring, Colors { foreground, background }: Colors) -> String {
    format!(".{}{{color:{};background:{}}}\n", class(rule), hex(foreground), hex(background))
}

/// A color as CSS writes it.
pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn at_night(colors: Colors) -> Colors {
    let pale = colors.background;
    let darkest = pale.into_iter().min().unwrap_or_default();
    if darkest < 128 {
        return colors;
    }
    let mut background = NIGHT;
    for (dark, pale) in background.iter_mut().zip(pale) {
        *dark = dark.saturating_add(14).saturating_add((pale - darkest) / 2 * 3);
    }
    Colors { foreground: pale, background }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_after_their_rules() {
        for rule in Coloring::ALL {
            let name: String =
                rule.name().to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
            assert!(name.starts_with(class(rule)), "{name}: {}", class(rule));
        }
        assert_eq!(class(Coloring::None), "");
    }

    #[test]
    fn rows_can_be_read_by_day_and_by_night() {
        for colors in Coloring::ALL.into_iter().filter_map(Coloring::colors) {
            let night = at_night(colors);
            let luma = |rgb: Rgb| {
                rgb.into_iter().zip([3_u32, 6, 1]).map(|(part, weight)| u32::from(part) * weight).sum::<u32>()
            };
            let contrast = luma(night.foreground).abs_diff(luma(night.background));
            assert!(contrast > 600, "{colors:?}: {contrast}");
        }
    }
}
