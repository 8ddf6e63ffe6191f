//! `loopshark interfaces`: what can be captured on, with the numbers and names that `-i` takes; loopback is marked.

use std::io::{self, Write as _};

use anyhow::Result;
use pcap::Device;

use super::Status;
use crate::platform;
use crate::source::live::devices;
use crate::tr;

pub(super) fn run() -> Result<Status> {
    let list = devices()?;
    if list.is_empty() {
        anyhow::bail!(tr!("capture-nothing-to-capture-on", advice = platform::denial().to_string()));
    }
    let width = list.iter().map(|device| device.name.chars().count()).max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for (n, device) in list.iter().enumerate() {
        writeln!(out, "{:2}. {:width$}  {}", n + 1, device.name, about(device))?;
    }
    Ok(Status::Fine)
}

fn about(device: &Device) -> String {
    let mut about = Vec::new();
    if device.flags.is_loopback() {
        about.push(tr!("capture-loopback"));
    }
    about.extend(device.desc.clone());
    about.extend(device.addresses.iter().map(|address| address.addr.to_string()));
    about.join("  ")
}
