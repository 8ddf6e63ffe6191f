//! Writes the capture files that are made rather than recorded: `cargo run --example fixtures -- DIR` (default
//! `fixtures`). The bytes depend on nothing but this source, so a second run changes no file, and a test can compare
//! them with what is committed. It must not use the crate it makes test data for: a shared mistake would go unseen.
//! Each capture has a module of its own here.
//! Formats: draft-ietf-opsawg-pcap and -pcapng.

mod hostile;
mod practica6;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let dir = PathBuf::from(env::args_os().nth(1).unwrap_or_else(|| "fixtures".into()));
    fs::create_dir_all(&dir)?;
    fs::write(dir.join("hostile.pcapng"), hostile::hostile())?;
    fs::write(dir.join("practica6.pcap"), practica6::practica6())
}
