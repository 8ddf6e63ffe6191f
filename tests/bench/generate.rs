//! Writes a capture of lab traffic, as long as one likes, to try programs on:
//! `cargo run --release --example generate -- --bytes 1G big.pcap`. The bytes depend on nothing but the options, and
//! memory stays the same however long the capture. What the traffic is, is `traffic`'s business.

mod traffic;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use traffic::{Limit, Link, Mix, write_capture};

const USAGE: &str = "usage: generate [--frames N | --bytes N[k|M|G]] [--link null|ethernet] [--open] FILE|-
  --frames N     this many frames (default 100000)
  --bytes N      at most this many bytes, in whole frames
  --link TYPE    null, as Npcap's loopback (default), or ethernet, as Linux's lo
  --open         only requests, which nobody answers, instead of the lab's traffic
  FILE           where to write a pcap; - for standard output";

const DEFAULT_FRAMES: u64 = 100_000;
const NO_LIMIT: u64 = u64::MAX;

/// What was asked for.
struct Request {
    limit: Limit,
    link: Link,
    mix: Mix,
    file: String,
}

fn main() -> ExitCode {
    let request = match parse(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(wrong) => {
            eprintln!("generate: {wrong}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write(&request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: can't write {}: {error}", request.file);
            ExitCode::from(2)
        }
    }
}

fn write(request: &Request) -> io::Result<()> {
    let out: Box<dyn Write> =
        if request.file == "-" { Box::new(io::stdout().lock()) } else { Box::new(File::create(&request.file)?) };
    write_capture(&mut BufWriter::with_capacity(256 * 1024, out), request.link, request.mix, request.limit)
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Request, String> {
    let (mut limit, mut link, mut mix, mut file) = (None, Link::Null, Mix::Lab, None);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--frames" | "--bytes" if limit.is_some() => return Err("one of --frames and --bytes, once".to_owned()),
            "--frames" => limit = Some(Limit { frames: number(&value()?)?, bytes: NO_LIMIT }),
            "--bytes" => limit = Some(Limit { frames: NO_LIMIT, bytes: size(&value()?)? }),
            "--link" => link = value()?.parse().map_err(|()| "--link takes null or ethernet")?,
            "--open" => mix = Mix::Open,
            option if option.starts_with("--") => return Err(format!("{option} is no option")),
            _ if file.is_some() => return Err(format!("one FILE only; what is {arg}?")),
            _ => file = Some(arg),
        }
    }
    let limit = limit.unwrap_or(Limit { frames: DEFAULT_FRAMES, bytes: NO_LIMIT });
    Ok(Request { limit, link, mix, file: file.ok_or("FILE is missing")? })
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

/// A number with a decimal suffix: `100M` is 100,000,000.
fn size(text: &str) -> Result<u64, String> {
    let unit = match text.chars().last() {
        Some('k') => 1_000,
        Some('M') => 1_000_000,
        Some('G') => 1_000_000_000,
        _ => return number(text),
    };
    let count = number(&text[..text.len() - 1])?;
    count.checked_mul(unit).ok_or_else(|| format!("`{text}` is too much"))
}
