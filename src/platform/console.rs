//! What a console can show, which Windows' own needs to be asked for.
//!
//! Text reaches a console as UTF-8 on Unix; on Windows the standard library hands it over as UTF-16, whatever the code
//! page. What is piped is UTF-8 everywhere.

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

    use winsafe::{WideCharToMultiByte, co};

    /// Lets the console understand colors, as it does by itself in newer windows.
    pub fn enable_colors() {
        anstyle_query::windows::enable_ansi_colors();
    }

    /// Whether there is an arrow in the console's letters, or standard output is none. Windows Terminal has all letters,
    /// and an older console at least those of the system's code page; in those of the DOS pages the arrow is the control
    /// character 0x1a.
    #[must_use]
    pub fn shows_arrows() -> bool {
        if !io::stdout().is_terminal() || std::env::var_os("WT_SESSION").is_some() {
            return true;
        }
        let mut is_replaced = false;
        let arrow: Vec<u16> = "→".encode_utf16().collect();
        let known = WideCharToMultiByte(co::CP::OEMCP, co::WC::NoValue, &arrow, Some(b'?'), Some(&mut is_replaced));
        known.is_ok() && !is_replaced
    }
}
