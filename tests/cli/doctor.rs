//! `doctor`, on whatever machine the tests run: what it says is what then happens.

use std::net::UdpSocket;
use std::thread;

use serde_json::Value;

use crate::harness::{Ran, loopshark};

/// What `doctor` says of a service at this address.
pub fn doctor(service: &UdpSocket) -> (Ran, Value) {
    let address = service.local_addr().unwrap().to_string();
    let ran = loopshark(["doctor", "-T", "json", "--bind", &address]);
    let said = serde_json::from_str(&ran.stdout).expect("one JSON document");
    (ran, said)
}

pub fn check<'v>(said: &'v Value, name: &str) -> &'v Value {
    let checks = said["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap_or_else(|| panic!("no {name} in {said}"))
}

pub fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").unwrap()
}

#[test]
fn the_status_says_whether_a_capture_works() {
    let (ran, said) = doctor(&socket());
    let works = loopshark(["capture", "-a", "duration:0"]).status == Some(0);
    assert_eq!(said["capture"], works, "{said}");
    assert_eq!(ran.status, Some(i32::from(!works)));
    assert_eq!(ran.stderr, "");
    if works {
        assert_eq!(check(&said, "right")["verdict"], "fine");
        assert_eq!(check(&said, "trial")["verdict"], "fine", "{said}");
    } else {
        let troubles = said["checks"].as_array().unwrap().iter().filter(|check| check["verdict"] == "trouble");
        for trouble in troubles {
            assert!(!trouble["fixes"].as_array().unwrap().is_empty(), "{trouble}");
        }
    }
}

#[test]
fn a_service_that_answers_is_told_from_one_that_is_silent() {
    let service = socket();
    let answering = service.try_clone().unwrap();
    let answered = thread::spawn(move || {
        let mut message = [0; 64];
        let (len, client) = answering.recv_from(&mut message).unwrap();
        answering.send_to(b"Mensaje recibido correctamente", client).unwrap();
        message[..len].to_vec()
    });
    let (_, said) = doctor(&service);
    assert_eq!(answered.join().unwrap(), b"Mando paquete UDP");
    assert_eq!(check(&said, "service")["verdict"], "fine");
    assert!(check(&said, "service")["found"].as_str().unwrap().contains("answers with 30 bytes in "), "{said}");
    let (_, said) = doctor(&service);
    assert_eq!(check(&said, "service")["verdict"], "advice");
    assert!(check(&said, "service")["found"].as_str().unwrap().contains("does not answer"), "{said}");
}

#[test]
fn an_adapter_that_is_not_there_is_trouble() {
    let ran = loopshark(["doctor", "-i", "no-such-adapter"]);
    assert_eq!(ran.status, Some(1));
    let trouble = if cfg!(feature = "live") { "no-such-adapter" } else { "libpcap" };
    let line = ran.stdout.lines().find(|line| line.starts_with("trouble ")).unwrap();
    assert!(line.contains(trouble), "{ran:?}");
}

#[test]
fn it_speaks_spanish_too() {
    let ran = loopshark(["doctor", "--lang", "es"]);
    let last = ran.stdout.lines().last().unwrap();
    assert!(last.starts_with("Aquí ") && last.contains("capturar"), "{ran:?}");
    assert!(!ran.stdout.contains("doctor-"), "a message is missing: {ran:?}");
}
