//! What a console can show, which Windows' own needs to be asked for.
//!
//! Text reaches a console as UTF-8 on Unix; on Windows the standard library hands it over as UTF-16, whatever the code
//! page. What is piped is UTF-8 everywhere.

/// Code pages with an arrow: in those of DOS it is the sign for the control character 0x1a, in those of East Asia and in
/// UTF-8 a letter as others are. 874, 1258 and the pages of Windows have none.
#[cfg(windows)]
const WITH_ARROW: [u32; 21] =
    [437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865, 866, 869, 932, 936, 949, 950, 65001];

#[cfg(windows)]
pub use windows::{enable_colors, shows_arrows};

/// Lets the console understand colors: it does.
#[cfg(unix)]
pub fn enable_colors() {}

/// Whether there is an arrow in the console's letters.
#[cfg(unix)]
#[must_use]
pub fn shows_arrows() -> bool {
    true
}

#[cfg(windows)]
mod windows {
    use std::io::{self, IsTerminal as _};

    use winsafe::{HKEY, RegistryValue, co};

    /// Lets the console understand colors, as it does by itself in newer windows.
    pub fn enable_colors() {
        anstyle_query::windows::enable_ansi_colors();
    }

    /// Whether there is an arrow in the console's letters, or standard output is none. Windows Terminal has all letters,
    /// and an older console at least those of the system's code page. This process has another, which its manifest names
    /// (`build.rs`), so that the registry is asked.
    #[must_use]
    pub fn shows_arrows() -> bool {
        if !io::stdout().is_terminal() || std::env::var_os("WT_SESSION").is_some() {
            return true;
        }
        let key = r"SYSTEM\CurrentControlSet\Control\Nls\CodePage";
        match HKEY::LOCAL_MACHINE.RegGetValue(Some(key), Some("OEMCP"), co::RRF::RT_REG_SZ) {
            Ok(RegistryValue::Sz(page)) => page.trim().parse().is_ok_and(|page| super::WITH_ARROW.contains(&page)),
            _ => true,
        }
    }
}
