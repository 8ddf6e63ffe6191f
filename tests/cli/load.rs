//! Many messages at once: bursts that wait for the server, and the client as a load.

use std::net::SocketAddr;

use crate::consoles::{NODE_SERVER, node, server, socket};
use crate::harness::{Ran, Running, loopshark, program, start, wine_lacks};
use crate::system;

/// Makes a load and says what the client counted: answered, lost, and responses that nothing waited for.
pub fn load(address: &str, args: &[&str]) -> (Ran, [u64; 3]) {
    let ran = loopshark(["client", "--server", address].iter().chain(args));
    let number_before = |word: &str| {
        let before = ran.stderr.split(word).next().filter(|before| before.len() < ran.stderr.len());
        before.map_or(0, |before| before.rsplit(' ').next().unwrap().parse().unwrap())
    };
    let counts = [" answered, ", " lost (", " responses that nothing waited for"].map(number_before);
    (ran, counts)
}

/// The same, under way.
pub fn start_load(address: &str, args: &[&str]) -> Running {
    start(program().args(["client", "--server", address]).args(args))
}

#[test]
fn a_quiet_server_says_only_where_it_listens() {
    let (mut server, address) = server(&["--quiet"]);
    let ran = loopshark(["client", "--server", &address, "--count", "3", "--interval", "0", "--quiet"]);
    let said = "loopshark: client: 3 sent, 3 answered, 0 lost (0.0 %)\n";
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", said));
    system::end(&mut server);
    assert_eq!(server.stdout.rest(), [""; 0]);
}

#[test]
fn a_load_is_answered_and_measured() {
    let (server, address) = server(&[]);
    let (ran, counts) = load(&address, &["--in-flight", "100", "--count", "3000"]);
    assert_eq!((ran.status, counts), (Some(0), [3_000, 0, 0]), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("loopshark: client: 3000 answered in "), "{}", ran.stderr);
    let count = |line: &str| ran.stdout.lines().filter(|said| *said == line).count();
    assert_eq!(count("Mensaje UDP enviado"), 3_000);
    assert_eq!(count(&format!("Respuesta del servidor: Mensaje recibido correctamente de {address}")), 3_000);
    // 400 ports, each used again when all others were.
    let lines: Vec<_> = (0..6_000).map(|_| server.stdout.next()).collect();
    let ports: Vec<_> = lines.iter().filter_map(|line| line.rsplit_once(" de ")).map(|(_, from)| from).collect();
    assert!(ports.windows(200).all(|near| near[1..].iter().all(|port| *port != near[0])));
    assert!(ports[400..].iter().all(|port| ports[..400].contains(port)));
}

#[test]
fn a_response_that_is_late_answers_no_other_message() {
    let server = socket();
    let address = server.local_addr().unwrap().to_string();
    let client = start_load(&address, &["--in-flight", "4", "--count", "12", "--timeout", "0.05"]);
    let mut clients: Vec<SocketAddr> = Vec::new();
    for number in 0..12 {
        clients.push(server.recv_from(&mut [0; 64]).unwrap().1);
        // What this one took the place of has been given up.
        if number >= 4 {
            server.send_to(b"tarde", clients[number - 4]).unwrap();
        }
    }
    client.stderr.find("12 sent, 0 answered, 12 lost (100.0 %)");
}

#[test]
fn a_second_response_answers_no_other_message_when_its_port_is_used_again() {
    let server = socket();
    let address = server.local_addr().unwrap().to_string();
    let mut client = start_load(&address, &["--in-flight", "4", "--count", "600", "--timeout", "1", "--quiet"]);
    let is_lost = |number: usize| number % 100 == 99;
    let mut clients: Vec<SocketAddr> = Vec::new();
    for number in 0..600 {
        clients.push(server.recv_from(&mut [0; 64]).unwrap().1);
        if !is_lost(number) {
            server.send_to(b"una", clients[number]).unwrap();
        }
        if number >= 2 && !is_lost(number - 2) {
            server.send_to(b"otra vez", clients[number - 2]).unwrap();
        }
    }
    assert!(client.stderr.find(" answered in ").contains(" responses that nothing waited for"));
    client.stderr.find("600 sent, 594 answered, 6 lost (1.0 %)");
    assert_eq!(client.status(), Some(1));
}

#[test]
fn a_load_on_a_port_where_nobody_listens_is_refused() {
    let (ran, _) = load("127.0.0.1:1", &["--in-flight", "4", "--count", "10", "--quiet"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.ends_with("10 sent, 0 answered, 10 lost (100.0 %)\n"), "{}", ran.stderr);
    if wine_lacks("errors of a socket that a datagram's refusal sets, which it takes before the program can") {
        return;
    }
    assert_eq!(ran.stderr.matches("nadie escucha en 127.0.0.1:1").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("0 answered in 0.000 s, 0/s; 10 refused\n"), "{}", ran.stderr);
}

#[test]
fn a_load_has_no_pause() {
    loopshark(["client", "--in-flight", "4", "--interval", "1s"]).fails_with(&["--in-flight", "--interval 0"]);
}

#[test]
fn a_node_server_answers_a_load() {
    let Some(server) = node(NODE_SERVER, "") else { return };
    let line = server.stdout.next();
    let (ran, counts) =
        load(line.strip_prefix("Servidor UDP escuchando en ").unwrap(), &["--in-flight", "8", "--count", "500"]);
    assert_eq!((ran.status, counts), (Some(0), [500, 0, 0]), "{}", ran.stderr);
}

#[test]
fn each_message_that_can_t_be_answered_is_complained_about() {
    // 65,508 bytes, in no more letters than a command line has on Windows.
    let too_long = "€".repeat(21_836);
    let (server, address) = server(&["--reply", &too_long]);
    let client = socket();
    for number in 0..3 {
        client.send_to(format!("{number}").as_bytes(), &address).unwrap();
    }
    let from = client.local_addr().unwrap();
    for number in 0..3 {
        assert_eq!(server.stdout.next(), format!("Mensaje recibido: {number} de {from}"));
        assert!(server.stderr.next().starts_with("Error al enviar la respuesta: "));
    }
}
