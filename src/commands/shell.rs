//! `loopshark completions` and `loopshark man`: what shells and `man` want to know, from the definition of the command
//! line, so that they say what `--help` says.
//!
//! Pages are man(7): `clap_mangen`'s sections, and the examples, in which lines must stay lines, here.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, Result};
use clap_mangen::roff::{Roff, roman};

use super::Status;
use crate::cli;
use crate::output::notice;
use crate::pump::PumpError;
use crate::tr;

pub(super) fn completions(args: &cli::Completions) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "loopshark", &mut script);
    print(&script)
}

pub(super) fn man(args: &cli::Man) -> Result<Status> {
    let mut whole = cli::command().disable_help_subcommand(true);
    whole.build();
    if let Some(folder) = &args.out {
        return write_all(&whole, folder);
    }
    let command = match args.page.as_deref() {
        None | Some("loopshark") => &whole,
        Some(name) => whole.find_subcommand(name).with_context(|| {
            let names: Vec<_> = whole.get_subcommands().map(clap::Command::get_name).collect();
            tr!("usage-no-page", name = name, names = names.join(", "))
        })?,
    };
    let mut page = Vec::new();
    write_page(command, &whole, &mut page)?;
    print(&page)
}

fn print(text: &[u8]) -> Result<Status> {
    let mut out = io::stdout().lock();
    out.write_all(text).and_then(|()| out.flush()).map_err(PumpError::Output)?;
    Ok(Status::Fine)
}

fn write_all(whole: &clap::Command, folder: &Path) -> Result<Status> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut count = 0;
    for command in [whole].into_iter().chain(whole.get_subcommands()) {
        let path = folder.join(format!("{}.1", title(command)));
        let mut page = Vec::new();
        write_page(command, whole, &mut page)?;
        fs::write(&path, page).with_context(|| path.display().to_string())?;
        count += 1;
    }
    notice(tr!("usage-pages", count = count, folder = folder.display().to_string()));
    Ok(Status::Fine)
}

/// `loopshark`, `loopshark-read`, …
fn title(command: &clap::Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// Appends a page, in ASCII, which every `man` reads.
fn write_page(command: &clap::Command, whole: &clap::Command, out: &mut Vec<u8>) -> io::Result<()> {
    let named = command.clone().subcommand_value_name("command").subcommand_help_heading("COMMANDS");
    // A version has no date; without the quotes its name would stand in the date's place.
    let man = clap_mangen::Man::new(named).date("\"\"").source(version(whole)).manual("loopshark");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut rest = Roff::default();
    if let Some(text) = command.get_after_long_help().or_else(|| command.get_after_help()) {
        examples(&text.to_string(), &mut rest);
    }
    see_also(command, whole, &mut rest);
    rest.to_writer(&mut page)?;
    for c in String::from_utf8_lossy(&page).chars() {
        if c.is_ascii() {
            out.push(c as u8);
        } else {
            write!(out, "\\[u{:04X}]", u32::from(c))?;
        }
    }
    Ok(())
}

fn version(whole: &clap::Command) -> String {
    format!("loopshark {}", whole.get_version().unwrap_or_default())
}

/// The text under the help: its first line is a heading, indented lines stay as they are, others are a paragraph.
fn examples(text: &str, page: &mut Roff) {
    let mut lines = text.lines();
    page.control("SH", [lines.next().unwrap_or_default().trim_end_matches(':').to_uppercase().as_str()]);
    let mut kept = false;
    for line in lines {
        if line.starts_with(' ') != kept {
            kept = !kept;
            page.control(if kept { "nf" } else { "fi" }, []);
        }
        if line.is_empty() {
            page.control("PP", []);
        } else {
            page.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
    }
    if kept {
        page.control("fi", []);
    }
}

/// The other pages.
fn see_also(command: &clap::Command, whole: &clap::Command, page: &mut Roff) {
    let pages = [whole].into_iter().chain(whole.get_subcommands()).map(title).filter(|page| *page != title(command));
    let pages: Vec<_> = pages.map(|page| format!("{page}(1)")).chain(["pcap-filter(7)".to_owned()]).collect();
    page.control("SH", ["SEE ALSO"]);
    // Names are neither spread nor broken.
    page.control("ad", ["l"]);
    page.control("nh", []);
    page.text([roman(pages.join(", "))]);
}
