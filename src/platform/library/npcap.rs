//! Npcap on Windows: its library, of which `WinPcap` has one of the same name, its driver, and the service that this needs.
//!
//! The program is linked so that `wpcap.dll` is loaded with its first call (`src/build.rs`), where one that can't be ends
//! the program; therefore it is loaded here before. Npcap's has a folder of its own, unless it was installed in place of
//! `WinPcap`: <https://npcap.com/guide/npcap-devguide.html>.
//!
//! What `sc` prints is read for what no language changes in it. A library's maker and version stand in its version
//! resource, as UTF-16 (`VS_VERSIONINFO`).

use std::path::PathBuf;

use super::LibraryError;

/// What is called of the library. A call of what it lacks would end the program.
#[cfg_attr(not(windows), allow(dead_code))]
const FUNCTIONS: [&str; 19] = [
    "pcap_activate",
    "pcap_close",
    "pcap_compile",
    "pcap_create",
    "pcap_datalink",
    "pcap_findalldevs",
    "pcap_freealldevs",
    "pcap_freecode",
    "pcap_geterr",
    "pcap_next_ex",
    "pcap_offline_filter",
    "pcap_open_dead",
    "pcap_set_buffer_size",
    "pcap_set_promisc",
    "pcap_set_snaplen",
    "pcap_set_timeout",
    "pcap_setfilter",
    "pcap_setnonblock",
    "pcap_stats",
];

/// Whose `wpcap.dll` a file is, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// Who made it.
    pub maker: Maker,
    /// Its version, where it says one.
    pub version: Option<String>,
}

/// Who makes a `wpcap.dll`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Npcap, which knows of loopback traffic.
    Npcap,
    /// `WinPcap`, which does not.
    WinPcap,
    /// Somebody else: Wine has one.
    Other,
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
    /// Which file was loaded, or why none could be.
    pub loaded: Result<PathBuf, LibraryError>,
    /// What that file says of itself; of one that could not be loaded, too, if it is there.
    pub library: Option<Library>,
    /// The driver.
    pub driver: Service,
    /// The Base Filtering Engine, without which there is no loopback adapter.
    pub filtering: Service,
}

/// What a library says of itself.
#[must_use]
pub fn library(dll: &[u8]) -> Library {
    let makers = [("Npcap", Maker::Npcap), ("WinPcap", Maker::WinPcap)];
    let maker = makers.into_iter().find(|(name, _)| find(dll, name).is_some());
    Library { maker: maker.map_or(Maker::Other, |(_, maker)| maker), version: version(dll) }
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

#[cfg(windows)]
pub use here::{admin_only, facts, load};

#[cfg(windows)]
mod here {
    use std::path::PathBuf;
    use std::process::Command;
    use std::sync::OnceLock;

    use winsafe::co::{self, ERROR};
    use winsafe::{GetSystemDirectory, HINSTANCE, HKEY, RegistryValue, SetDllDirectory};

    use super::{FUNCTIONS, Facts, Service, library, service};
    use crate::platform::library::LibraryError;

    /// Loads the library for good, unless that was done, and says which file it is: Npcap's own, else the one that its
    /// installer, or `WinPcap`'s, has put where all programs find it. A function that is called from then on is found in
    /// what is loaded under this name.
    pub fn load() -> Result<PathBuf, LibraryError> {
        static LOADED: OnceLock<Result<PathBuf, LibraryError>> = OnceLock::new();
        LOADED.get_or_init(first_that_loads).clone()
    }

    fn places() -> Option<[PathBuf; 2]> {
        let system = PathBuf::from(GetSystemDirectory().ok()?);
        Some([system.join(r"Npcap\wpcap.dll"), system.join("wpcap.dll")])
    }

    fn first_that_loads() -> Result<PathBuf, LibraryError> {
        let mut reason = LibraryError::Absent;
        for path in places().into_iter().flatten() {
            match load_from(path) {
                Err(LibraryError::Absent) => {}
                Err(other) => reason = other,
                loaded => return loaded,
            }
        }
        Err(reason)
    }

    fn load_from(path: PathBuf) -> Result<PathBuf, LibraryError> {
        let Some(name) = path.to_str() else { return Err(LibraryError::Absent) };
        // Npcap's has another beside it, which it needs. Afterwards nothing is loaded from where the user happens to be.
        let _ = SetDllDirectory(path.parent().and_then(|folder| folder.to_str()));
        let loaded = HINSTANCE::LoadLibrary(name);
        let _ = SetDllDirectory(Some(""));
        let library = match loaded {
            Ok(library) => library,
            Err(ERROR::MOD_NOT_FOUND | ERROR::FILE_NOT_FOUND | ERROR::PATH_NOT_FOUND) => {
                return Err(LibraryError::Absent);
            }
            Err(cause) => {
                let cause = std::io::Error::from_raw_os_error(cause.raw().cast_signed()).to_string();
                return Err(LibraryError::Unloadable { path, cause });
            }
        };
        if let Some(function) = FUNCTIONS.into_iter().find(|function| library.GetProcAddress(function).is_err()) {
            return Err(LibraryError::Old { path, function });
        }
        std::mem::forget(library); // it stays
        Ok(path)
    }

    /// What there is of Npcap on this machine.
    #[must_use]
    pub fn facts() -> Facts {
        let loaded = load();
        let path = match &loaded {
            Ok(path) | Err(LibraryError::Old { path, .. } | LibraryError::Unloadable { path, .. }) => Some(path),
            Err(LibraryError::Absent) => None,
        };
        let library = path.and_then(|path| std::fs::read(path).ok()).map(|dll| library(&dll));
        Facts { loaded, library, driver: state("npcap"), filtering: state("BFE") }
    }

    /// Whether Npcap was installed for administrators only.
    #[must_use]
    pub fn admin_only() -> Option<bool> {
        let key = r"SYSTEM\CurrentControlSet\Services\npcap\Parameters";
        let value = HKEY::LOCAL_MACHINE.RegGetValue(Some(key), Some("AdminOnly"), co::RRF::RT_REG_DWORD);
        matches!(value.ok()?, RegistryValue::Dword(number) if number != 0).into()
    }

    fn state(name: &str) -> Service {
        let said = Command::new("sc.exe").args(["query", name]).output();
        said.map_or(Service::Unknown, |said| service(&String::from_utf8_lossy(&said.stdout)))
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
        assert_eq!(npcap, Library { maker: Maker::Npcap, version: Some("1.79".to_owned()) });
        let winpcap = library(&resource("WinPcap", "4.1.0.2980"));
        assert_eq!(winpcap, Library { maker: Maker::WinPcap, version: Some("4.1.0.2980".to_owned()) });
        assert_eq!(library(b"MZ"), Library { maker: Maker::Other, version: None });
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
}
