//! The lab's UDP server: receives, says so, answers. Outlives whatever a client does.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Console, MAX_PAYLOAD, peer, shown};

/// How long a receive may sleep before the server looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(100);

/// A server whose socket is bound.
pub struct Server {
    socket: UdpSocket,
    answer: Answer,
}

/// What the server answers with.
pub enum Answer {
    /// The same text to everyone.
    Text(String),
    /// What was received.
    Echo,
}

impl Server {
    /// Binds the socket; from here on nothing that is sent to it is refused.
    pub fn bind(address: SocketAddr, answer: Answer) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        socket.set_read_timeout(Some(LOOK_UP))?;
        Ok(Self { socket, answer })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Says where it listens.
    pub fn announce(&self, console: &mut Console<'_>) -> io::Result<()> {
        console.say(format_args!("Servidor UDP escuchando en {}", peer(self.address()?)))
    }

    /// Serves until `stop` is set, or until its socket or its console fails.
    pub fn run(&self, stop: &AtomicBool, console: &mut Console<'_>) -> io::Result<()> {
        let mut buffer = vec![0; MAX_PAYLOAD];
        while !stop.load(Ordering::Relaxed) {
            match self.socket.recv_from(&mut buffer) {
                Ok((len, client)) => {
                    let payload = buffer.get(..len).unwrap_or(&buffer);
                    console.say(format_args!("Mensaje recibido: {} de {}", shown(payload), peer(client)))?;
                    self.answer(payload, client, console)?;
                }
                Err(error) if is_transient(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn answer(&self, payload: &[u8], client: SocketAddr, console: &mut Console<'_>) -> io::Result<()> {
        let reply = match &self.answer {
            Answer::Text(text) => text.as_bytes(),
            Answer::Echo => payload,
        };
        match self.socket.send_to(reply, client) {
            Ok(_) => console.say("Respuesta enviada al cliente"),
            Err(error) => {
                console.complain(format_args!("Error al enviar la respuesta: {error}"));
                Ok(())
            }
        }
    }
}

/// Nothing came in time, or an earlier answer met a client that has gone, which says nothing about the next client.
fn is_transient(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted | TimedOut | WouldBlock)
}
