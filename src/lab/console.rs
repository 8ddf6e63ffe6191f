//! The lines of the practice's programs: the lab's words, in a buffer that is reused, written in one piece.
//!
//! A line about a message waits until [`Console::show`], so that a burst of messages is one write; what happened first
//! stands first, complaints included. Knows no sockets.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};

use crate::decimal::write_number;
use crate::printable::{printable, write_utf8};
use crate::tr;

/// Where the lines of a program go.
pub struct Console<'a> {
    out: Box<dyn Write + Send + 'a>,
    err: Box<dyn Write + Send + 'a>,
    /// Lines that are not written yet.
    lines: Vec<u8>,
    quiet: bool,
    /// Whether a lost message was spoken of.
    said_why: bool,
}

impl<'a> Console<'a> {
    /// A console for what a program has to say, and for what went wrong.
    pub fn new(out: impl Write + Send + 'a, err: impl Write + Send + 'a) -> Self {
        Self { out: Box::new(out), err: Box::new(err), lines: Vec::new(), quiet: false, said_why: false }
    }

    /// The same without a line for each message, if so.
    #[must_use]
    pub fn quiet(self, quiet: bool) -> Self {
        Self { quiet, ..self }
    }

    /// Says where a server listens, at once and in any case.
    pub(super) fn listening(&mut self, address: SocketAddr) -> io::Result<()> {
        self.lines.extend_from_slice(b"Servidor UDP escuchando en ");
        push_peer(&mut self.lines, address);
        self.lines.push(b'\n');
        self.show()
    }

    /// A server received this.
    pub(super) fn received(&mut self, payload: &[u8], client: SocketAddr) {
        self.exchange(b"Mensaje recibido: ", payload, client);
    }

    /// A server answered.
    pub(super) fn answered(&mut self) {
        self.line(b"Respuesta enviada al cliente\n");
    }

    /// A client sent its message.
    pub(super) fn sent(&mut self) {
        self.line(b"Mensaje UDP enviado\n");
    }

    /// A client received this.
    pub(super) fn response(&mut self, payload: &[u8], server: SocketAddr) {
        self.exchange(b"Respuesta del servidor: ", payload, server);
    }

    fn line(&mut self, line: &[u8]) {
        if !self.quiet {
            self.lines.extend_from_slice(line);
        }
    }

    fn exchange(&mut self, what: &[u8], payload: &[u8], peer: SocketAddr) {
        if self.quiet {
            return;
        }
        self.lines.extend_from_slice(what);
        write_utf8(&mut self.lines, payload);
        self.lines.extend_from_slice(b" de ");
        push_peer(&mut self.lines, peer);
        self.lines.push(b'\n');
    }

    /// Writes the lines that wait, in one piece, since two programs may share a screen.
    pub(super) fn show(&mut self) -> io::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let written = self.out.write_all(&self.lines).and_then(|()| self.out.flush());
        self.lines.clear();
        written.map_err(|error| io::Error::new(error.kind(), tr!("lab-console", cause = error.to_string())))
    }

    /// Says why a client's message was lost; where there are no lines for each message, only of the first.
    pub(super) fn lost(&mut self, why: impl std::fmt::Display) -> io::Result<()> {
        let said = std::mem::replace(&mut self.said_why, true);
        if self.quiet && said { Ok(()) } else { self.complain(why) }
    }

    /// Says what went wrong, behind the lines of what went well before.
    pub(super) fn complain(&mut self, line: impl std::fmt::Display) -> io::Result<()> {
        self.show()?;
        // A standard error that nobody reads is no reason to stop.
        let _ = self.err.write_all(format!("{}\n", printable(line.to_string())).as_bytes());
        Ok(())
    }
}

/// An address as the lab's programs print it: no brackets around IPv6.
pub(super) fn peer(address: SocketAddr) -> impl std::fmt::Display {
    std::fmt::from_fn(move |f| write!(f, "{}:{}", address.ip(), address.port()))
}

/// The same, for every message.
fn push_peer(line: &mut Vec<u8>, address: SocketAddr) {
    let IpAddr::V4(v4) = address.ip() else {
        let _ = write!(line, "{}", peer(address)); // a Vec takes everything
        return;
    };
    for (octet, end) in v4.octets().into_iter().zip(b"...:") {
        write_number(line, octet);
        line.push(*end);
    }
    write_number(line, address.port());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_payload_nor_a_complaint_can_drive_the_terminal() {
        let (client, mut out, mut err) = ("127.0.0.1:60205".parse().unwrap(), Vec::new(), Vec::new());
        let mut console = Console::new(&mut out, &mut err);
        console.received("año\x1b[2J\n\u{9b}\u{202e}".as_bytes(), client);
        console.response(b"\xff\x00", client);
        console.complain("Error\r\x1b]0;x\x07").unwrap();
        drop(console);
        let expected = "Mensaje recibido: año\\033[2J\\n\\u009B\\u202E de 127.0.0.1:60205\n\
                        Respuesta del servidor: \u{fffd}\\000 de 127.0.0.1:60205\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert_eq!(err, b"Error\\r\\033]0;x\\a\n");
    }

    #[test]
    fn addresses_have_no_brackets() {
        for address in ["127.0.0.1:8080", "255.10.0.9:1", "[::1]:65535", "[fe80::1%3]:0"] {
            let address: SocketAddr = address.parse().unwrap();
            let mut line = Vec::new();
            push_peer(&mut line, address);
            let expected = format!("{}:{}", address.ip(), address.port());
            assert_eq!((String::from_utf8(line).unwrap(), peer(address).to_string()), (expected.clone(), expected));
        }
    }

    /// Counts how often it is written to.
    #[derive(Default)]
    struct Counted(Vec<u8>, usize);

    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 += 1;
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_burst_is_one_write_and_quiet_is_none() {
        let client = "127.0.0.1:60205".parse().unwrap();
        for (quiet, said, writes) in [
            (false, "Mensaje recibido: uno de 127.0.0.1:60205\nRespuesta enviada al cliente\n".repeat(3), 1),
            (true, String::new(), 0),
        ] {
            let (mut out, mut err) = (Counted::default(), Vec::new());
            let mut console = Console::new(&mut out, &mut err).quiet(quiet);
            for _ in 0..3 {
                console.received(b"uno", client);
                console.answered();
            }
            console.show().unwrap();
            console.complain("oh").unwrap();
            drop(console);
            assert_eq!((out.0, out.1, err), (said.into_bytes(), writes, b"oh\n".to_vec()));
        }
    }
}
