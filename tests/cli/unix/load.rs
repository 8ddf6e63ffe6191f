//! Loads that meet a server which is stopped, a limit of the system, and Ctrl-C.

use rustix::process::{Pid, Signal, kill_process};

use crate::consoles::{server, socket};
use crate::load::{load, start_load};

/// Lets the system keep as many datagrams for a socket as it does for a server, and says how many small ones that are.
fn make_room(socket: &std::net::UdpSocket) -> usize {
    use rustix::net::sockopt::{set_socket_recv_buffer_size, socket_recv_buffer_size};
    let _ = set_socket_recv_buffer_size(socket, 4 << 20);
    socket_recv_buffer_size(socket).unwrap() / 1024
}

#[test]
fn a_burst_that_waited_is_answered_completely_and_in_order() {
    let (mut server, address) = server(&["--echo"]);
    let client = socket();
    let burst = make_room(&client).min(1_000);
    kill_process(Pid::from_child(&server.child), Signal::STOP).unwrap();
    for number in 0..burst {
        client.send_to(format!("mensaje {number}").as_bytes(), &address).unwrap();
    }
    kill_process(Pid::from_child(&server.child), Signal::CONT).unwrap();
    let mut buffer = [0; 64];
    for number in 0..burst {
        let (len, _) = client.recv_from(&mut buffer).unwrap();
        assert_eq!(std::str::from_utf8(&buffer[..len]).unwrap(), format!("mensaje {number}"));
    }
    server.interrupt();
    assert_eq!(server.status(), Some(0));
    let from = client.local_addr().unwrap();
    let lines =
        |number| [format!("Mensaje recibido: mensaje {number} de {from}"), "Respuesta enviada al cliente".into()];
    assert_eq!(server.stdout.rest(), (0..burst).flat_map(lines).collect::<Vec<_>>());
}

#[test]
fn a_load_counts_each_message_by_its_own_fate() {
    let faults = ["--loss", "3%", "--duplicate", "30%", "--reorder", "5%", "--delay", "2ms", "--jitter", "2ms"];
    let (mut server, address) = server(&[&faults[..], &["--seed", "5", "--quiet"]].concat());
    let (ran, [answered, lost, unasked]) =
        load(&address, &["--in-flight", "32", "--count", "600", "--timeout", "2", "--quiet"]);
    assert_eq!((ran.status, answered + lost), (Some(1), 600), "{}", ran.stderr);
    server.interrupt();
    assert_eq!(server.status(), Some(0));
    let log = server.stderr.find("loopshark: server: ");
    assert!(log.contains(&format!("600 received, {answered} answered, {lost} lost")), "{log}\n{}", ran.stderr);
    let counts: Vec<u64> = log.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!((1..=counts[3]).contains(&unasked), "{log}\n{}", ran.stderr);
    assert_eq!(ran.stderr.matches("no hubo respuesta a tiempo").count(), 1, "the first only: {}", ran.stderr);
}

#[test]
fn a_load_that_may_not_open_its_sockets_says_which_limit_to_raise() {
    let script = "ulimit -n 64 && exec \"$0\" client --in-flight 100";
    let output =
        std::process::Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_loopshark")]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("ulimit -n 464") && error.lines().count() == 1, "{error}");
}

#[test]
fn ctrl_c_ends_a_load_with_its_report() {
    let (_server, address) = server(&["--quiet"]);
    let mut client = start_load(&address, &["--in-flight", "4"]);
    client.stdout.find("Respuesta del servidor");
    client.interrupt();
    assert_eq!(client.status(), Some(0));
    client.stderr.find(" answered in ");
    client.stderr.find(", 0 lost (0.0 %)");
}
