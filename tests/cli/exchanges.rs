//! What becomes of requests, as the exchanges view tells it.

use etherparse::PacketBuilder;
use serde_json::Value;

use crate::captures::{Pcap, RAW, request, response, udp4};
use crate::harness::{loopshark, loopshark_with_input};

/// The exchanges of a capture, as JSON lines.
fn exchanges_with(args: &[&str], capture: &Pcap) -> Vec<Value> {
    let ran = loopshark_with_input([&["read", "-", "-T", "jsonl"], args].concat(), &capture.bytes);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn exchanges(capture: &Pcap) -> Vec<Value> {
    exchanges_with(&[], capture)
}

/// The ICMP error that quotes this packet.
fn port_unreachable(quoted: &[u8]) -> Vec<u8> {
    let mut error = Vec::new();
    let header = etherparse::Icmpv4Type::DestinationUnreachable(etherparse::icmpv4::DestUnreachableHeader::Port);
    let builder = PacketBuilder::ipv4([127, 0, 0, 1], [127, 0, 0, 1], 64).icmpv4(header);
    builder.write(&mut error, quoted).unwrap();
    error
}

/// Status, request's frame and response's frame of each.
fn fates(exchanges: &[Value]) -> Vec<(&str, u64, u64)> {
    let frame = |side: &Value| side["frame"].as_u64().unwrap_or(0);
    exchanges.iter().map(|e| (e["status"].as_str().unwrap(), frame(&e["request"]), frame(&e["response"]))).collect()
}

#[test]
fn an_object_is_as_the_contract_has_it() {
    let capture = Pcap::new(RAW).frame(0, &request(63_337)).frame(1_572, &response(63_337));
    let ran = loopshark_with_input(["read", "-", "-T", "jsonl"], &capture.bytes);
    let request = r#"{"frame":1,"time":"0.000000000","src":"127.0.0.1","srcport":63337,"dst":"127.0.0.1","dstport":8080,"protocol":"UDP","length":45,"len":17,"info":"63337 → 8080 Len=17"}"#;
    let response = r#"{"frame":2,"time":"0.001572000","src":"127.0.0.1","srcport":8080,"dst":"127.0.0.1","dstport":63337,"protocol":"UDP","length":58,"len":30,"info":"8080 → 63337 Len=30"}"#;
    let line =
        format!("{{\"status\":\"answered\",\"request\":{request},\"response\":{response},\"rtt\":\"0.001572000\"}}\n");
    assert_eq!(ran.stdout, line);
}

#[test]
fn the_report_s_five_exchanges_have_its_numbers() {
    let ran = loopshark(["read", "fixtures/practica6.pcap", "-T", "jsonl"]);
    let exchanges: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown: Vec<_> = exchanges
        .iter()
        .map(|e| {
            let text = |side: &str, key: &str| e[side][key].as_str().unwrap().to_owned();
            (e["request"]["frame"].as_u64().unwrap(), text("request", "time"), text("response", "time"))
        })
        .collect();
    let row = |frame, request: &str, response: &str| (frame, format!("{request}000"), format!("{response}000"));
    assert_eq!(
        shown,
        [
            row(37, "12.878387", "12.879958"),
            row(39, "13.889821", "13.890001"),
            row(41, "14.901195", "14.901886"),
            row(43, "15.903162", "15.903929"),
            row(45, "15.904136", "15.914264"),
        ]
    );
    let ports: Vec<_> = exchanges.iter().map(|e| e["request"]["srcport"].as_u64().unwrap()).collect();
    assert_eq!(ports, [63_337, 51_083, 51_084, 51_085, 51_086]);
    for e in &exchanges {
        assert_eq!((e["request"]["length"].as_u64(), e["request"]["len"].as_u64()), (Some(49), Some(17)));
        assert_eq!((e["response"]["length"].as_u64(), e["response"]["len"].as_u64()), (Some(62), Some(30)));
    }
    assert_eq!(ran.stderr.lines().last(), Some("loopshark: hidden: 26 noise (22 MDNS, 4 LLMNR), 56 TCP"));
}

#[test]
fn exchanges_come_in_the_order_of_their_requests() {
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(1, &request(50_001))
        .frame(2, &response(50_001))
        .frame(3, &response(50_000));
    assert_eq!(fates(&exchanges(&capture)), [("answered", 1, 4), ("answered", 2, 3)]);
}

#[test]
fn a_port_used_again_answers_the_oldest_first() {
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(1, &request(50_000))
        .frame(2, &response(50_000))
        .frame(3, &response(50_000))
        .frame(4, &response(50_000));
    assert_eq!(fates(&exchanges(&capture)), [("answered", 1, 3), ("answered", 2, 4), ("duplicate", 0, 5)]);
}

#[test]
fn a_late_response_is_late_and_its_request_not_lost() {
    let capture = Pcap::new(RAW).frame(0, &request(50_000)).frame(6_000_000, &response(50_000));
    assert_eq!(fates(&exchanges(&capture)), [("late", 1, 2)]);
    assert_eq!(fates(&exchanges_with(&["--timeout", "7"], &capture)), [("answered", 1, 2)]);
    // However far beyond the timeout, up to a minute.
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(59_000_000, &response(50_000))
        .frame(60_000_000, &request(50_001))
        .frame(121_000_000, &request(50_002))
        .frame(122_000_000, &response(50_001));
    let expected = [("late", 1, 2), ("unanswered", 3, 0), ("unanswered", 4, 0), ("unsolicited", 0, 5)];
    assert_eq!(fates(&exchanges_with(&["--timeout", "0.1"], &capture)), expected);
}

#[test]
fn a_late_response_is_not_credited_to_the_next_request_of_its_port() {
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(6_000_000, &request(50_000))
        .frame(6_100_000, &response(50_000))
        .frame(6_200_000, &response(50_000));
    assert_eq!(fates(&exchanges(&capture)), [("late", 1, 3), ("answered", 2, 4)]);
}

#[test]
fn a_port_that_comes_round_does_not_answer_what_was_lost_long_ago() {
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(16_000_000, &request(50_000))
        .frame(16_000_200, &response(50_000));
    assert_eq!(fates(&exchanges(&capture)), [("unanswered", 1, 0), ("answered", 2, 3)]);
    let refused = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(16_000_000, &request(50_000))
        .frame(16_000_200, &port_unreachable(&request(50_000)));
    assert_eq!(fates(&exchanges(&refused)), [("unanswered", 1, 0), ("refused", 2, 3)]);
}

#[test]
fn what_nobody_answers_is_unanswered() {
    let capture = Pcap::new(RAW).frame(0, &request(50_000));
    let found = exchanges(&capture);
    assert_eq!(fates(&found), [("unanswered", 1, 0)]);
    assert!(found[0]["response"].is_null() && found[0]["rtt"].is_null());
}

#[test]
fn an_icmp_error_refuses_the_request_that_it_quotes() {
    let asked = request(50_000);
    let error = port_unreachable(&asked);
    let capture = Pcap::new(RAW).frame(0, &request(50_001)).frame(1, &asked).frame(2, &error);
    assert_eq!(fates(&exchanges(&capture)), [("unanswered", 1, 0), ("refused", 2, 3)]);
    let ran = loopshark(["read", "fixtures/ipv6-lo.pcap", "-T", "jsonl"]);
    assert!(ran.stdout.lines().last().unwrap().starts_with(r#"{"status":"refused","request":{"frame":7"#));
}

#[test]
fn the_port_tells_the_client_where_the_capture_begins_with_a_response() {
    let capture = Pcap::new(RAW).frame(0, &response(50_000)).frame(1, &request(50_000)).frame(2, &response(50_000));
    let found = exchanges_with(&["--port", "8080"], &capture);
    assert_eq!(fates(&found), [("unsolicited", 0, 1), ("answered", 2, 3)]);
    assert!(found[0]["request"].is_null());
}

#[test]
fn the_identifier_decides_for_dns() {
    let message = |id: u8, flags: u8| [0, id, flags, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let capture = Pcap::new(RAW)
        .frame(0, &udp4(50_000, 53, &message(1, 1)))
        .frame(1, &udp4(50_000, 53, &message(2, 1)))
        .frame(2, &udp4(53, 50_000, &message(2, 0x81)))
        .frame(3, &udp4(53, 50_000, &message(1, 0x81)));
    assert_eq!(fates(&exchanges(&capture)), [("answered", 1, 4), ("answered", 2, 3)]);
}
