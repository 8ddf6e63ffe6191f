//! The practice itself: the UDP server and client, over the standard library's sockets.
//!
//! Both print exactly the lines of the lab's JavaScript programs, to consoles that the caller gives them, and know
//! nothing of captures.

use std::io::{self, Write};
use std::net::SocketAddr;

pub mod client;
pub mod faults;
pub mod server;

/// Where the lab's server listens.
pub const ADDRESS: &str = "127.0.0.1:8080";
/// What the lab's client sends: 17 bytes.
pub const MESSAGE: &str = "Mando paquete UDP";
/// What the lab's server answers: 30 bytes.
pub const REPLY: &str = "Mensaje recibido correctamente";
/// The largest payload of a UDP datagram over IPv4, in bytes.
pub const MAX_PAYLOAD: usize = 65_507;

/// Where the lines of a program go.
pub struct Console<'a> {
    /// What it has to say.
    pub out: &'a mut (dyn Write + Send),
    /// What went wrong.
    pub err: &'a mut (dyn Write + Send),
}

impl Console<'_> {
    fn say(&mut self, line: impl std::fmt::Display) -> io::Result<()> {
        // In one piece, since two programs may share a screen.
        let written = self.out.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.out.flush());
        written.map_err(|error| io::Error::new(error.kind(), format!("can't write to the console: {error}")))
    }

    fn complain(&mut self, line: impl std::fmt::Display) {
        // A standard error that nobody reads is no reason to stop.
        let _ = self.err.write_all(format!("{line}\n").as_bytes());
    }
}

/// A payload as a console shows it: text, with what a terminal would obey made visible.
fn shown(payload: &[u8]) -> String {
    let mut text = String::with_capacity(payload.len());
    for character in String::from_utf8_lossy(payload).chars() {
        if character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text
}

/// An address as the lab's programs print it: no brackets around IPv6.
fn peer(address: SocketAddr) -> String {
    format!("{}:{}", address.ip(), address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lab_s_payloads_have_the_lab_s_lengths() {
        assert_eq!((MESSAGE.len(), REPLY.len()), (17, 30));
    }

    #[test]
    fn payloads_can_t_drive_the_terminal() {
        assert_eq!(shown("año\x1b[2J\u{9b}\u{202e}".as_bytes()), r"año\u{1b}[2J\u{9b}\u{202e}");
        assert_eq!(shown(b"\xff\x00"), "\u{fffd}\\u{0}");
    }
}
