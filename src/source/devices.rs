//! Which devices there are, and which of them is meant: by its number, its name, or what Windows says that it is.
//!
//! Names are libpcap's; on Windows they hold a GUID that nobody types, and a description that people know from the
//! system's settings. Loopback is told by its flag, since it is called otherwise on each system.

pub use pcap::Device;

use super::SourceError;
use super::live::device_error;
use crate::platform::library;
use crate::tr;

/// The devices that can be captured on.
pub fn devices() -> Result<Vec<Device>, SourceError> {
    library::load()?;
    Device::list().map_err(|error| device_error("interfaces", &error))
}

/// The device with this name, this number in the list, this description or the only one with this in its description; or
/// the loopback device.
pub fn find_device(wanted: Option<&str>) -> Result<Device, SourceError> {
    let list = devices()?;
    match wanted {
        Some(wanted) => choose(&list, wanted).cloned(),
        None => list
            .into_iter()
            .find(|device| device.flags.is_loopback())
            .ok_or_else(|| SourceError::Device { name: "loopback".to_owned(), advice: tr!("capture-no-loopback") }),
    }
}

fn choose<'d>(list: &'d [Device], wanted: &str) -> Result<&'d Device, SourceError> {
    let by_number = || list.get(wanted.parse::<usize>().ok()?.checked_sub(1)?);
    if let Some(device) = list.iter().find(|device| device.name == wanted).or_else(by_number) {
        return Ok(device);
    }
    let part = wanted.to_lowercase();
    let described = list.iter().filter_map(|device| Some((device.desc.as_deref()?.to_lowercase(), device)));
    let mut fitting: Vec<_> = described.filter(|(description, _)| description.contains(&part)).collect();
    if let Some((_, device)) = fitting.iter().find(|(description, _)| *description == part) {
        return Ok(device);
    }
    // A number that is not in the list is none that happens to be part of a description.
    fitting.retain(|_| !part.is_empty() && part.parse::<u32>().is_err());
    let advice = match fitting.as_slice() {
        [(_, device)] => return Ok(device),
        [] => tr!("capture-no-interface", names = titles(list.iter())),
        several => tr!("capture-several-interfaces", names = titles(several.iter().map(|(_, device)| *device))),
    };
    Err(SourceError::Device { name: wanted.to_owned(), advice })
}

fn titles<'d>(devices: impl Iterator<Item = &'d Device>) -> String {
    devices.map(title).collect::<Vec<_>>().join(", ")
}

/// What people call a device: its name, or its description where the name is one of Windows' that only programs read.
#[must_use]
pub fn title(device: &Device) -> &str {
    match &device.desc {
        Some(description) if device.name.starts_with(r"\Device\NPF_") => description,
        _ => &device.name,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use pcap::{ConnectionStatus, DeviceFlags, IfFlags};

    use super::*;

    pub(crate) fn device(name: &str, desc: Option<&str>) -> Device {
        Device {
            name: name.to_owned(),
            desc: desc.map(str::to_owned),
            addresses: Vec::new(),
            flags: DeviceFlags { if_flags: IfFlags::UP, connection_status: ConnectionStatus::Unknown },
        }
    }

    fn windows() -> [Device; 4] {
        [
            device(r"\Device\NPF_{0E6F1E8A-2F5C-4B1E-8F7A-0C9D5D1A2B3C}", Some("Intel(R) Wi-Fi 6 AX201 160MHz")),
            device(r"\Device\NPF_{7A1D}", Some("Intel(R) Ethernet Connection I219-V")),
            device(r"\Device\NPF_{9C3B}", None),
            device(r"\Device\NPF_Loopback", Some("Adapter for loopback traffic capture")),
        ]
    }

    #[test]
    fn a_device_is_chosen_by_number_name_description_or_a_part_of_that() {
        let list = windows();
        let loopback = &list[3];
        for wanted in ["4", r"\Device\NPF_Loopback", "adapter for LOOPBACK traffic capture", "loopback", "LOOP"] {
            assert_eq!(choose(&list, wanted).unwrap().name, loopback.name, "{wanted}");
        }
        assert_eq!(choose(&list, "wi-fi").unwrap().name, list[0].name);
        assert_eq!(choose(&[device("lo", None), device("2", None)], "2").unwrap().name, "2");
    }

    #[test]
    fn what_fits_several_or_none_is_told_with_names_that_people_read() {
        let list = windows();
        let error = choose(&list, "intel").unwrap_err().to_string();
        let both = "Intel(R) Wi-Fi 6 AX201 160MHz, Intel(R) Ethernet Connection I219-V";
        assert_eq!(error, format!("intel: that is part of several descriptions: {both}"));
        for wanted in ["0", "5", "", "eth0"] {
            let error = choose(&list, wanted).unwrap_err().to_string();
            assert!(error.contains(r"I219-V, \Device\NPF_{9C3B}, Adapter for loopback"), "{error}");
        }
    }

    #[test]
    fn only_windows_names_give_way_to_descriptions() {
        assert_eq!(title(&windows()[3]), "Adapter for loopback traffic capture");
        assert_eq!(title(&device("any", Some("Pseudo-device that captures on all interfaces"))), "any");
    }
}
