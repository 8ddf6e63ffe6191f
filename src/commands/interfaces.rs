//! `loopshark interfaces`: what can be captured on, with the numbers and names that `-i` takes; loopback is marked.

use std::io::{self, Write};

use anyhow::Result;
use pcap::Device;
use unicode_width::UnicodeWidthStr as _;

use super::Status;
use crate::platform;
use crate::printable::printable;
use crate::pump::PumpError;
use crate::source::devices::devices;
use crate::tr;

pub(super) fn run() -> Result<Status> {
    let list = devices()?;
    if list.is_empty() {
        anyhow::bail!(tr!("capture-nothing-to-capture-on", advice = platform::denial().to_string()));
    }
    write(&mut io::stdout().lock(), &list).map_err(PumpError::Output)?;
    Ok(Status::Fine)
}

/// A line each. A name may hold anything but a slash and spaces, and a description, where there is one, anything at all.
fn write(out: &mut impl Write, list: &[Device]) -> io::Result<()> {
    let names: Vec<_> = list.iter().map(|device| printable(&device.name)).collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    for (n, (name, device)) in names.iter().zip(list).enumerate() {
        let gap = " ".repeat(width - name.width());
        writeln!(out, "{:2}. {name}{gap}  {}", n + 1, printable(about(device)))?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use pcap::{ConnectionStatus, DeviceFlags, IfFlags};

    use super::*;

    #[test]
    fn neither_a_name_nor_a_description_drives_the_terminal() {
        let device = |name: &str, desc: Option<&str>| Device {
            name: name.to_owned(),
            desc: desc.map(str::to_owned),
            addresses: Vec::new(),
            flags: DeviceFlags { if_flags: IfFlags::UP, connection_status: ConnectionStatus::Unknown },
        };
        let mut out = Vec::new();
        let list = [device("e\x1b[2Jth", Some("a\n 3. lo\u{202e}")), device("número", None)];
        write(&mut out, &list).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), " 1. e\\033[2Jth  a\\n 3. lo\\u202E\n 2. número      \n");
    }
}
