//! Server and client that are asked to end.

use crate::consoles::server;
use crate::harness::{loopshark, program, start};

#[test]
fn a_server_with_faults_says_what_it_did() {
    let (mut server, address) = server(&["--loss", "50%", "--duplicate", "100%", "--delay", "2ms", "--seed", "3"]);
    let faults = "loopshark: faults on purpose: loss 50 %, delay 2ms ± 0ns, duplicate 100 %, reorder 0 %, seed 3";
    assert_eq!(server.stderr.next(), faults);
    let ran = loopshark(["client", "--server", &address, "--count", "20", "--interval", "1ms", "--timeout", "0.5"]);
    let outcome = ran.stderr.lines().last().unwrap().strip_prefix("loopshark: client: 20 sent, ").unwrap();
    let answered: u64 = outcome.split(' ').next().unwrap().parse().unwrap();
    assert!(ran.status == Some(1) && (1..20).contains(&answered), "{ran:?}");
    server.interrupt();
    let log = format!("20 received, {answered} answered, {} lost, {answered} duplicated, 0 reordered", 20 - answered);
    assert_eq!(server.stderr.next(), format!("loopshark: server: {log}"));
    assert_eq!(server.status(), Some(0));
    let lines = server.stdout.rest();
    let count = |line: &str| lines.iter().filter(|said| said.starts_with(line)).count() as u64;
    assert_eq!((count("Mensaje recibido: "), count("Respuesta enviada al cliente")), (20, answered));
}

#[test]
fn ctrl_c_ends_the_client() {
    let (_server, address) = server(&[]);
    let mut client = start(program().args(["client", "--server", &address, "--interval", "1h"]));
    client.stdout.find("Respuesta del servidor");
    client.interrupt();
    assert_eq!(client.status(), Some(0));
}

#[test]
fn ctrl_c_ends_the_interactive_client_while_it_waits_for_a_line() {
    use std::io::Write as _;
    let (_server, address) = server(&[]);
    let mut client = start(program().args(["client", "--server", &address, "--interactive"]));
    let mut typed = client.child.stdin.take().unwrap();
    typed.write_all(b"uno\n").unwrap();
    client.stdout.find("Respuesta del servidor");
    client.interrupt();
    assert_eq!(client.status(), Some(0));
    drop(typed); // open until here: it was not the end of the input that ended the client
}
