//! The server and the client on their consoles: the lab's lines, with each other and with Node's programs.

use std::net::UdpSocket;
use std::process::Command;

use crate::harness::{PATIENCE, Ran, Running, loopshark, loopshark_with_input, program, skip, start};
use crate::system;

/// The lab's programs in the language of the lab, on a port that the test chooses.
pub const NODE_SERVER: &str = "
const server = require('dgram').createSocket('udp4');
server.on('listening', () => console.log(`Servidor UDP escuchando en ${server.address().address}:${server.address().port}`));
server.on('message', (message, from) => {
  console.log(`Mensaje recibido: ${message} de ${from.address}:${from.port}`);
  server.send('Mensaje recibido correctamente', from.port, from.address, () => console.log('Respuesta enviada al cliente'));
});
server.bind(0, '127.0.0.1');";
const NODE_CLIENT: &str = "
const client = require('dgram').createSocket('udp4');
client.send('Mando paquete UDP', process.argv[1], '127.0.0.1', () => console.log('Mensaje UDP enviado'));
client.on('message', (answer, from) => {
  console.log(`Respuesta del servidor: ${answer} de ${from.address}:${from.port}`);
  client.close();
});";

/// A server on a free port, and its address.
pub fn server(args: &[&str]) -> (Running, String) {
    let running = start(program().args(["server", "--bind", "127.0.0.1:0"]).args(args));
    let line = running.stdout.next();
    let address = line.strip_prefix("Servidor UDP escuchando en ").expect("the lab's first line").to_owned();
    (running, address)
}

pub fn socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// Sends a datagram and waits for the answer.
fn ask(server: &str, payload: &[u8]) -> Vec<u8> {
    let socket = socket();
    socket.send_to(payload, server).unwrap();
    let mut buffer = vec![0; 65_535];
    let (len, _) = socket.recv_from(&mut buffer).unwrap();
    buffer.truncate(len);
    buffer
}

#[test]
fn server_and_client_print_the_lab_s_lines() {
    let (server, address) = server(&[]);
    let ran = loopshark(["client", "--server", &address, "--count", "2", "--interval", "1ms"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let answer = format!("Respuesta del servidor: Mensaje recibido correctamente de {address}");
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines.iter().filter(|line| **line == "Mensaje UDP enviado").count(), 2);
    assert_eq!(lines.iter().filter(|line| **line == answer).count(), 2);
    let mut ports = Vec::new();
    for _ in 0..2 {
        let line = server.stdout.next();
        let port = line.strip_prefix("Mensaje recibido: Mando paquete UDP de 127.0.0.1:").expect("the lab's line");
        ports.push(port.to_owned());
        assert_eq!(server.stdout.next(), "Respuesta enviada al cliente");
    }
    assert_ne!(ports[0], ports[1], "a fresh port for every message");
}

#[test]
fn the_payloads_have_17_and_30_bytes() {
    let (_server, address) = server(&[]);
    assert_eq!(ask(&address, b"Mando paquete UDP").len(), 30);
    let listener = socket();
    let address = listener.local_addr().unwrap().to_string();
    let client = start(program().args(["client", "--server", &address, "--count", "1"]));
    let mut buffer = [0; 64];
    let (len, from) = listener.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..len], b"Mando paquete UDP");
    listener.send_to("otra cosa".as_bytes(), from).unwrap();
    client.stdout.find(&format!("Respuesta del servidor: otra cosa de {address}"));
}

#[test]
fn the_server_outlives_its_clients() {
    let (mut server, address) = server(&["--echo"]);
    // A client that is gone before its answer comes; the answer meets a closed port.
    for _ in 0..3 {
        socket().send_to(b"ido", &address).unwrap();
    }
    assert_eq!(ask(&address, b"\xff\xfe no es UTF-8 \x1b[31m"), b"\xff\xfe no es UTF-8 \x1b[31m");
    server.stdout.find(r"Mensaje recibido: ?? no es UTF-8 \033[31m".replace('?', "\u{fffd}").as_str());
    let largest = vec![b'x'; 65_507];
    assert!(ask(&address, &largest) == largest);
    assert_eq!(ask(&address, b""), b"");
    system::end(&mut server);
}

#[test]
fn faults_that_can_t_be_are_refused() {
    for (fault, value) in [("--loss", "120%"), ("--duplicate", "-1"), ("--reorder", "some"), ("--loss", "NaN")] {
        let ran = loopshark(["server", &format!("{fault}={value}")]);
        assert_eq!(ran.status, Some(2));
        assert!(ran.stderr.contains(fault) && ran.stderr.contains("from 0% to 100%, such as 20%"), "{}", ran.stderr);
    }
}

#[test]
fn a_port_is_not_used_again_soon() {
    let (server, address) = server(&[]);
    let ran = loopshark(["client", "--server", &address, "--count", "3000", "--interval", "0s"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let lines: Vec<_> = (0..6_000).map(|_| server.stdout.next()).collect();
    let mut ports: Vec<_> = lines.iter().filter_map(|line| line.rsplit_once(" de ")).map(|(_, from)| from).collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 3_000);
}

#[test]
fn reply_and_message_can_be_chosen() {
    let (server, address) = server(&["--reply", "¡hola!"]);
    // The last message waits for its response, not for its interval.
    let ran = loopshark(["client", "--server", &address, "--count", "1", "--interval", "1h", "--message", "¿qué?"]);
    assert_eq!(ran.stdout, format!("Mensaje UDP enviado\nRespuesta del servidor: ¡hola! de {address}\n"));
    server.stdout.find("Mensaje recibido: ¿qué? de 127.0.0.1:");
}

#[test]
fn a_client_whose_server_is_down_says_so_and_fails() {
    let closed = "127.0.0.1:1"; // given to nobody who asks for any port
    let ran = loopshark(["client", "--server", closed, "--count", "1"]);
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.stdout, "Mensaje UDP enviado\n");
    assert!(ran.stderr.starts_with("Error en el cliente: "), "{}", ran.stderr);
}

#[test]
fn a_client_waits_for_its_answer_no_longer_than_told() {
    let silent = socket();
    let address = silent.local_addr().unwrap().to_string();
    let ran = loopshark(["client", "--server", &address, "--count", "1", "--timeout", "0.05"]);
    let said =
        "Error en el cliente: no hubo respuesta a tiempo\nloopshark: client: 1 sent, 0 answered, 1 lost (100.0 %)\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), said));
}

#[test]
fn interactive_sends_each_line_and_shows_its_answer() {
    let (_server, address) = server(&["--echo"]);
    let Ran { stdout, status, .. } =
        loopshark_with_input(["client", "--server", &address, "--interactive"], "uno\r\n\núltima".as_bytes());
    assert_eq!(status, Some(0));
    let answers: Vec<_> = stdout.lines().filter(|line| line.starts_with("Respuesta")).collect();
    let expected = ["uno", "", "última"].map(|text| format!("Respuesta del servidor: {text} de {address}"));
    assert_eq!(answers, expected);
}

#[test]
fn a_wait_of_ages_is_refused() {
    for args in [["client", "--interval", "999999999999s"], ["client", "--timeout", "1e19"]] {
        let ran = loopshark(args);
        assert_eq!(ran.status, Some(2));
        assert!(ran.stderr.contains("longer than a year"), "{}", ran.stderr);
    }
}

pub fn node(source: &str, argument: &str) -> Option<Running> {
    if Command::new("node").arg("--version").output().is_err() {
        skip("node is not installed");
        return None;
    }
    Some(start(Command::new("node").args(["-e", source, argument])))
}

#[test]
fn a_node_client_and_this_server_understand_each_other() {
    let (server, address) = server(&[]);
    let Some(mut client) = node(NODE_CLIENT, address.rsplit(':').next().unwrap()) else { return };
    assert_eq!(client.stdout.next(), "Mensaje UDP enviado");
    let answer = format!("Respuesta del servidor: Mensaje recibido correctamente de {address}");
    assert_eq!(client.stdout.next(), answer);
    assert_eq!(client.status(), Some(0));
    server.stdout.find("Mensaje recibido: Mando paquete UDP de 127.0.0.1:");
    assert_eq!(server.stdout.next(), "Respuesta enviada al cliente");
}

#[test]
fn this_client_and_a_node_server_understand_each_other() {
    let Some(server) = node(NODE_SERVER, "") else { return };
    let line = server.stdout.next();
    let address = line.strip_prefix("Servidor UDP escuchando en ").unwrap();
    let ran = loopshark(["client", "--server", address, "--count", "1"]);
    let answer = format!("Respuesta del servidor: Mensaje recibido correctamente de {address}\n");
    assert_eq!(ran.stdout, format!("Mensaje UDP enviado\n{answer}"));
    server.stdout.find("Mensaje recibido: Mando paquete UDP de 127.0.0.1:");
    assert_eq!(server.stdout.next(), "Respuesta enviada al cliente");
}
