//! `loopshark interfaces`: what can be captured on, with the numbers and names that `-i` takes; loopback is marked.

use std::io::{self, Write};

use anyhow::Result;
use pcap::Device;
use unicode_width::UnicodeWidthStr as _;

use super::Status;
use crate::platform;
use crate::printable::printable;
use crate::pump::PumpError;
use crate::source::devices::{devices, title};
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
    let names: Vec<_> = list.iter().map(|device| printable(title(device))).collect();
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
    // A name that only programs read comes after what people call the device.
    about.extend(if title(device) == device.name { device.desc.clone() } else { Some(device.name.clone()) });
    about.extend(device.addresses.iter().map(|address| address.addr.to_string()));
    about.join("  ")
}

#[cfg(test)]
mod tests {
    use pcap::IfFlags;

    use super::*;
    use crate::source::devices::tests::device;

    fn written(list: &[Device]) -> String {
        let mut out = Vec::new();
        write(&mut out, list).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_people_call_a_device_comes_before_a_name_that_only_programs_read() {
        let mut loopback = device(r"\Device\NPF_Loopback", Some("Adapter for loopback traffic capture"));
        loopback.flags.if_flags |= IfFlags::LOOPBACK;
        let list = [device(r"\Device\NPF_{7A1D}", Some("Conexión de área local* 7")), loopback];
        assert_eq!(
            written(&list),
            " 1. Conexión de área local* 7             \\Device\\NPF_{7A1D}\n \
             2. Adapter for loopback traffic capture  [loopback]  \\Device\\NPF_Loopback\n"
        );
        assert_eq!(written(&[device("any", Some("all interfaces"))]), " 1. any  all interfaces\n");
    }

    #[test]
    fn neither_a_name_nor_a_description_drives_the_terminal() {
        let list = [device("e\x1b[2Jth", Some("a\n 3. lo\u{202e}")), device("número", None)];
        assert_eq!(written(&list), " 1. e\\033[2Jth  a\\n 3. lo\\u202E\n 2. número      \n");
    }
}
