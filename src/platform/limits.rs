//! How much of a thing a process may have: bytes that wait at a socket, open sockets, threads.

use std::io;
use std::net::UdpSocket;

use crate::tr;

/// What keeps a thread from being started, said so that it is known what to do.
#[must_use]
pub fn no_thread(cause: &io::Error) -> io::Error {
    io::Error::new(cause.kind(), tr!("errors-thread", cause = cause.to_string()))
}

/// Lets so many bytes wait at a socket, or as many as the system allows.
pub fn make_room(socket: &UdpSocket, bytes: usize) {
    use rustix::net::sockopt::{set_socket_recv_buffer_size, socket_recv_buffer_size};
    // Linux gives what it may of too much, others give nothing of it.
    let mut bytes = bytes;
    while socket_recv_buffer_size(socket).is_ok_and(|given| given < bytes)
        && set_socket_recv_buffer_size(socket, bytes).is_err()
    {
        bytes /= 2;
    }
}

/// How many more files and sockets this process may have open, after asking for so many.
#[cfg(unix)]
#[must_use]
pub fn allow_open(wanted: u64) -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    /// What is open already, and some to spare.
    const OTHERS: u64 = 32;
    let mut limit = getrlimit(Resource::Nofile);
    // No limit is none.
    let needed = limit.maximum.map_or(wanted + OTHERS, |maximum| maximum.min(wanted + OTHERS));
    if limit.current.is_some_and(|current| current < needed) {
        limit.current = Some(needed);
        let _ = setrlimit(Resource::Nofile, limit); // what came of it is looked at
    }
    getrlimit(Resource::Nofile).current.map_or(wanted, |current| current.saturating_sub(OTHERS))
}

/// As many as are asked for: sockets are not counted as files.
#[cfg(not(unix))]
#[must_use]
pub fn allow_open(wanted: u64) -> u64 {
    wanted
}
