//! Npcap on Windows: its library, which `WinPcap`'s of the same name may hide, its driver, and the service that this needs.
//!
//! What Windows' own programs (`sc`, `reg`) print is read for what no language changes in it. A library's maker and
//! version stand in its version resource, as UTF-16 (`VS_VERSIONINFO`).

/// Whose `wpcap.dll` a file is, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// Whether it is Npcap's; else it is `WinPcap`'s, or one that is made after it.
    pub npcap: bool,
    /// Its version, where it says one.
    pub version: Option<String>,
}

/// What a driver or service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// It runs.
    Running,
    /// It is there and does not run.
    Stopped,
    /// There is none.
    Absent,
    /// Nobody says.
    Unknown,
}

/// What there is of Npcap.
#[derive(Clone, Debug)]
pub struct Facts {
    /// `System32\Npcap\wpcap.dll`, which only Npcap has.
    pub own: Option<Library>,
    /// `System32\wpcap.dll`, which many programs load first.
    pub shared: Option<Library>,
    /// The driver.
    pub driver: Service,
    /// The Base Filtering Engine, without which there is no loopback adapter.
    pub filtering: Service,
}

/// What a library says of itself.
#[must_use]
pub fn library(dll: &[u8]) -> Library {
    Library { npcap: find(dll, "Npcap").is_some(), version: version(dll) }
}

/// The value behind a name in a version resource.
fn version(dll: &[u8]) -> Option<String> {
    let at = find(dll, "ProductVersion").or_else(|| find(dll, "FileVersion"))?;
    let units = dll.get(at..)?.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    let value = units.take(40).skip_while(|unit| *unit == 0).map_while(|unit| u8::try_from(unit).ok());
    let value: Vec<u8> = value.take_while(|unit| *unit != 0).collect();
    let value = String::from_utf8(value).ok()?;
    value.starts_with(|first: char| first.is_ascii_digit()).then_some(value)
}

/// Where a text in UTF-16 ends.
fn find(bytes: &[u8], text: &str) -> Option<usize> {
    let wanted: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).position(|window| window == wanted).map(|at| at + wanted.len())
}

/// What `sc query` says: the names of states are English in every language, and 1060 means that there is no such service.
#[must_use]
pub fn service(said: &str) -> Service {
    [("1060", Service::Absent), ("RUNNING", Service::Running), ("STOPPED", Service::Stopped)]
        .into_iter()
        .find_map(|(word, service)| said.contains(word).then_some(service))
        .unwrap_or(Service::Unknown)
}

/// A number that `reg query` shows.
#[must_use]
pub fn registry_number(said: &str, name: &str) -> Option<u32> {
    let mut words = said.split_whitespace().skip_while(|word| *word != name);
    let number = words.nth(2)?.strip_prefix("0x")?;
    u32::from_str_radix(number, 16).ok()
}

#[cfg(windows)]
pub use probing::{admin_only, facts};

#[cfg(windows)]
mod probing {
    use std::path::PathBuf;
    use std::process::Command;

    use super::{Facts, Library, Service, library, registry_number, service};

    /// What there is of Npcap on this machine.
    #[must_use]
    pub fn facts() -> Facts {
        let system = PathBuf::from(std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into()));
        let at = |path: &str| -> Option<Library> { Some(library(&std::fs::read(system.join(path)).ok()?)) };
        Facts {
            own: at(r"System32\Npcap\wpcap.dll"),
            shared: at(r"System32\wpcap.dll"),
            driver: state("npcap"),
            filtering: state("BFE"),
        }
    }

    /// Whether Npcap was installed for administrators only.
    #[must_use]
    pub fn admin_only() -> Option<bool> {
        let key = r"HKLM\SYSTEM\CurrentControlSet\Services\npcap\Parameters";
        let said = said_by("reg", &["query", key, "/v", "AdminOnly"])?;
        registry_number(&said, "AdminOnly").map(|number| number != 0)
    }

    fn state(name: &str) -> Service {
        said_by("sc.exe", &["query", name]).map_or(Service::Unknown, |said| service(&said))
    }

    fn said_by(program: &str, args: &[&str]) -> Option<String> {
        let output = Command::new(program).args(args).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Part of a version resource: names and values in UTF-16, each ended and filled up by NULs.
    fn resource(product: &str, version: &str) -> Vec<u8> {
        let text = format!("MZ\0ProductName\0\0{product}\0\0\0ProductVersion\0\0{version}\0\0\0rest");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn whose_library_it_is_stands_in_its_version_resource() {
        let npcap = library(&resource("Npcap", "1.79"));
        assert_eq!(npcap, Library { npcap: true, version: Some("1.79".to_owned()) });
        let winpcap = library(&resource("WinPcap", "4.1.0.2980"));
        assert_eq!(winpcap, Library { npcap: false, version: Some("4.1.0.2980".to_owned()) });
        assert_eq!(library(b"MZ"), Library { npcap: false, version: None });
        assert_eq!(library(&resource("Npcap", "")).version, None);
    }

    #[test]
    fn the_state_of_a_service_is_told_in_any_language() {
        let spanish = "\r\nNOMBRE_SERVICIO: npcap\r\n        TIPO               : 1  KERNEL_DRIVER\r\n        \
                       ESTADO             : 4  RUNNING\r\n";
        assert_eq!(service(spanish), Service::Running);
        assert_eq!(service("        STATE              : 1  STOPPED\r\n"), Service::Stopped);
        assert_eq!(service("[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n"), Service::Absent);
        assert_eq!(service(""), Service::Unknown);
    }

    #[test]
    fn a_number_of_the_registry_is_read() {
        let said = "\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\…\\npcap\\Parameters\r\n    AdminOnly    REG_DWORD    0x1\r\n\r\n";
        assert_eq!(registry_number(said, "AdminOnly"), Some(1));
        assert_eq!(registry_number(said, "LoopbackSupport"), None);
        assert_eq!(registry_number("AdminOnly", "AdminOnly"), None);
    }
}
