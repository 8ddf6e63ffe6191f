//! The practice itself: the UDP server and client, over the standard library's sockets and what `platform` adds to them.
//!
//! Both print exactly the lines of the lab's JavaScript programs, to consoles that the caller gives them, and know
//! nothing of captures.

pub mod client;
mod console;
pub mod faults;
pub mod load;
pub mod server;

pub use console::Console;

/// Where the lab's server listens.
pub const ADDRESS: &str = "127.0.0.1:8080";
/// What the lab's client sends: 17 bytes.
pub const MESSAGE: &str = "Mando paquete UDP";
/// What the lab's server answers: 30 bytes.
pub const REPLY: &str = "Mensaje recibido correctamente";
/// The largest payload of a UDP datagram over IPv4, in bytes.
pub const MAX_PAYLOAD: usize = 65_507;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lab_s_payloads_have_the_lab_s_lengths() {
        assert_eq!((MESSAGE.len(), REPLY.len()), (17, 30));
    }
}
