//! Which UDP sockets are bound on this machine, and by whom, where the system says so for the asking (Linux).
//!
//! Format: `proc_net(5)`, `/proc/net/udp`. Addresses are words of 32 bits in the machine's byte order.

use std::net::SocketAddr;
#[cfg(any(target_os = "linux", test))]
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Where it is bound.
    pub address: SocketAddr,
    /// Whose it is: a program and its process. Those of other users are not told.
    pub holder: Option<Holder>,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The program's name.
    pub program: String,
    /// The process.
    pub pid: u32,
}

/// The sockets bound to this port, or nothing where the system does not say.
#[cfg(target_os = "linux")]
#[must_use]
pub fn bound_to(port: u16) -> Option<Vec<Bound>> {
    let tables = ["/proc/net/udp", "/proc/net/udp6"].map(std::fs::read_to_string);
    if tables.iter().all(Result::is_err) {
        return None;
    }
    let rows = tables.iter().flatten().flat_map(|table| table.lines().filter_map(row));
    let bound = rows.filter(|(address, _)| address.port() == port);
    Some(bound.map(|(address, inode)| Bound { address, holder: holder(inode) }).collect())
}

/// Nobody says.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn bound_to(_port: u16) -> Option<Vec<Bound>> {
    None
}

/// The local address of a row, and the number of its socket.
#[cfg(any(target_os = "linux", test))]
fn row(line: &str) -> Option<(SocketAddr, u64)> {
    let mut words = line.split_whitespace();
    let (address, port) = words.nth(1)?.split_once(':')?;
    let inode = words.nth(7)?.parse().ok()?;
    let port = u16::from_str_radix(port, 16).ok()?;
    Some((SocketAddr::new(ip(address)?, port), inode))
}

#[cfg(any(target_os = "linux", test))]
fn ip(hex: &str) -> Option<IpAddr> {
    let word = |n: usize| u32::from_str_radix(hex.get(n * 8..n * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
    match hex.len() {
        8 => Some(IpAddr::V4(Ipv4Addr::from(word(0)?))),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Some(IpAddr::V6(Ipv6Addr::from(bytes)))
        }
        _ => None,
    }
}

/// The process that has a socket open.
#[cfg(target_os = "linux")]
fn holder(inode: u64) -> Option<Holder> {
    let wanted = format!("socket:[{inode}]");
    let pids = std::fs::read_dir("/proc").ok()?.flatten();
    let pid: u32 = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).find(|pid: &u32| {
        let open = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        open.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|to| to.as_os_str() == wanted.as_str())
    })?;
    let program = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(Holder { program: program.trim_end().to_owned(), pid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_endian = "little")]
    #[test]
    fn rows_of_the_kernel_s_tables_are_read() {
        let v4 = "  361: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 48213 2 \
                  0000000000000000 0";
        assert_eq!(row(v4), Some(("127.0.0.1:8080".parse().unwrap(), 48213)));
        let v6 = "  361: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 07 \
                  00000000:00000000 00:00000000 00000000  1000        0 48214 2 0000000000000000 0";
        assert_eq!(row(v6), Some(("[::1]:8080".parse().unwrap(), 48214)));
        assert_eq!(row("   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"), None);
        assert_eq!(row(""), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_of_this_process_is_found_with_its_holder() {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let bound = bound_to(address.port()).unwrap();
        let mine = bound.iter().find(|bound| bound.address == address).unwrap();
        assert_eq!(mine.holder.as_ref().unwrap().pid, std::process::id());
    }
}
