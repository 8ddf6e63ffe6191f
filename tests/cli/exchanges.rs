//! What becomes of requests, as the exchanges view tells it.

use serde_json::Value;

use crate::captures::{ETHERNET, Pcap, RAW, joined, port_unreachable, request, response, udp4, udp4_between, udp6};
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
fn a_recording_of_faults_shows_what_the_server_logged() {
    let ran = loopshark(["read", "fixtures/faults-lo.pcap", "--view", "summary", "-T", "jsonl"]);
    let summary: Value = serde_json::from_str(ran.stdout.lines().next().unwrap()).unwrap();
    for (figure, count) in [("requests", 30), ("answered", 23), ("lost", 7), ("duplicate", 3), ("reordered", 4)] {
        assert_eq!(summary[figure], count, "{figure}: {summary}");
    }
}

#[test]
fn a_recording_of_everything_twice_shows_each_exchange_once() {
    let ran = loopshark(["read", "fixtures/any-bridge-sll2.pcap", "-T", "jsonl"]);
    let exchanges: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected: Vec<_> = [1, 5, 9]
        .into_iter()
        .flat_map(|n| [("answered", n, n + 2), ("duplicate", n + 1, 0), ("duplicate", 0, n + 3)])
        .collect();
    assert_eq!(fates(&exchanges), expected);
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
fn a_capture_that_begins_in_the_middle_says_what_to_do() {
    let capture = Pcap::new(RAW).frame(0, &response(50_000)).frame(1, &request(50_001)).frame(2, &response(50_001));
    assert_eq!(fates(&exchanges(&capture)), [("unanswered", 1, 0), ("answered", 2, 3)], "the first sender asks");
    let hint = "1 of the lost came from 127.0.0.1:8080, which others ask: if the capture begins in the middle, \
                `--port 8080` says that 8080 is the service's\n";
    let ran = loopshark_with_input(["read", "-"], &capture.bytes);
    assert!(ran.stdout.ends_with(hint), "{ran:?}");
    let ran = loopshark_with_input(["read", "-", "--view", "summary"], &capture.bytes);
    assert!(ran.stderr.contains(hint), "{ran:?}");
    let ran = loopshark_with_input(["read", "-", "--port", "8080"], &capture.bytes);
    assert!(ran.stdout.contains("1 exchange: 1 answered, 0 lost, 0 refused, 1 unsolicited\n"), "{ran:?}");
    assert!(!ran.stdout.contains("in the middle"), "{ran:?}");
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

const CLIENT: [u8; 4] = [192, 168, 1, 2];
const SERVER: [u8; 4] = [192, 168, 1, 3];

/// The lab's request and response with an identification.
fn request_with(id: u16) -> Vec<u8> {
    udp4_between((CLIENT, 50_000), (SERVER, 8080), id, b"Mando paquete UDP")
}

fn response_with(id: u16) -> Vec<u8> {
    udp4_between((SERVER, 8080), (CLIENT, 50_000), id, b"Mensaje recibido correctamente")
}

/// A DNS header: identifier, and whether it is a response.
fn dns(id: u8, is_response: bool) -> [u8; 12] {
    [0, id, if is_response { 0x84 } else { 0 }, 0, 0, 0, 0, 0, 0, 0, 0, 0]
}

#[test]
fn a_datagram_captured_twice_is_told_from_a_new_one_by_its_identification() {
    let twice = Pcap::new(RAW)
        .frame(0, &request_with(7))
        .frame(5, &request_with(7))
        .frame(500, &response_with(9))
        .frame(505, &response_with(9));
    let found = exchanges(&twice);
    assert_eq!(fates(&found), [("answered", 1, 3), ("duplicate", 2, 0), ("duplicate", 0, 4)]);
    assert!(found[1]["response"].is_null() && found[1]["rtt"].is_null());
    let summary = summary_of(&twice);
    assert_eq!((&summary["requests"], &summary["answered"], &summary["duplicate"]), (&1.into(), &1.into(), &2.into()));
    // Another identification, another payload, or long after: another request.
    let new = Pcap::new(RAW)
        .frame(0, &request_with(7))
        .frame(5, &request_with(8))
        .frame(6, &udp4_between((CLIENT, 50_000), (SERVER, 8080), 7, b"Mando paquete TCP"))
        .frame(1_000_000, &request_with(7));
    assert!(fates(&exchanges(&new)).iter().all(|fate| fate.0 == "unanswered"));
}

#[test]
fn a_copy_of_a_response_is_not_credited_to_the_next_request() {
    let capture = Pcap::new(RAW)
        .frame(0, &request_with(1))
        .frame(1, &request_with(2))
        .frame(2, &response_with(3))
        .frame(3, &response_with(3))
        .frame(9, &response_with(4));
    let expected = [("answered", 1, 3), ("answered", 2, 5), ("duplicate", 0, 4)];
    assert_eq!(fates(&exchanges(&capture)), expected);
}

#[test]
fn what_has_no_identification_has_no_copies() {
    let asked = udp6(50_000, 8080, b"Mando paquete UDP");
    let answered = udp6(8080, 50_000, b"Mensaje recibido correctamente");
    let capture = Pcap::new(RAW).frame(0, &asked).frame(1, &asked).frame(2, &answered).frame(3, &answered);
    assert_eq!(fates(&exchanges(&capture)), [("answered", 1, 3), ("answered", 2, 4)]);
}

#[test]
fn a_multicast_request_is_answered_by_whoever_responds() {
    const GROUP: [u8; 4] = [239, 1, 2, 3];
    const OTHER: [u8; 4] = [192, 168, 1, 4];
    let asked = udp4_between((CLIENT, 50_000), (GROUP, 9_999), 1, b"quien?");
    let capture = Pcap::new(RAW)
        .frame(0, &asked)
        .frame(1, &udp4_between((SERVER, 9_999), (CLIENT, 50_000), 2, b"yo"))
        .frame(2, &udp4_between((OTHER, 41_000), (CLIENT, 50_000), 3, b"yo"))
        // What it then asks one of them is a conversation like any other.
        .frame(3, &udp4_between((CLIENT, 50_000), (OTHER, 41_000), 4, b"que?"))
        .frame(4, &udp4_between((OTHER, 41_000), (CLIENT, 50_000), 5, b"eso"));
    let found = exchanges(&capture);
    assert_eq!(fates(&found), [("answered", 1, 2), ("duplicate", 0, 3), ("answered", 4, 5)]);
    let text = |side: &Value, key: &str| side[key].as_str().unwrap().to_owned();
    assert_eq!(text(&found[0]["request"], "dst"), "239.1.2.3");
    assert_eq!(text(&found[0]["response"], "src"), "192.168.1.3");
    assert_eq!(summary_of(&capture)["service"], "239.1.2.3:9999");
}

#[test]
fn llmnr_and_nbns_are_answered_by_unicast_with_their_identifier() {
    const LLMNR: [u8; 4] = [224, 0, 0, 252];
    const BROADCAST: [u8; 4] = [192, 168, 1, 255];
    let capture = Pcap::new(RAW)
        .frame(0, &udp4_between((CLIENT, 50_000), (LLMNR, 5355), 0, &dns(1, false)))
        .frame(1, &udp4_between((CLIENT, 50_000), (LLMNR, 5355), 0, &dns(2, false)))
        .frame(2, &udp4_between((CLIENT, 137), (BROADCAST, 137), 0, &dns(3, false)))
        .frame(3, &udp4_between((SERVER, 137), (CLIENT, 137), 0, &dns(3, true)))
        .frame(4, &udp4_between((SERVER, 5355), (CLIENT, 50_000), 0, &dns(2, true)))
        .frame(5, &udp4_between((SERVER, 5355), (CLIENT, 50_000), 0, &dns(9, true)));
    let expected = [("unanswered", 1, 0), ("answered", 2, 5), ("answered", 3, 4), ("unsolicited", 0, 6)];
    assert_eq!(fates(&exchanges_with(&["--all"], &capture)), expected);
}

#[test]
fn servers_that_ask_each_other_do_not_answer_themselves() {
    let (one, other) = ((CLIENT, 53), (SERVER, 53));
    let capture = Pcap::new(RAW)
        .frame(0, &udp4_between(one, other, 0, &dns(5, false)))
        .frame(1, &udp4_between(other, one, 0, &dns(5, false)))
        .frame(2, &udp4_between(one, other, 0, &dns(5, true)))
        .frame(3, &udp4_between(other, one, 0, &dns(5, true)));
    assert_eq!(fates(&exchanges(&capture)), [("answered", 1, 4), ("answered", 2, 3)]);
}

#[test]
fn both_ends_may_use_the_same_port() {
    let (one, other) = ((CLIENT, 8080), (SERVER, 8080));
    let capture = Pcap::new(RAW)
        .frame(0, &udp4_between(other, one, 0, b"uno"))
        .frame(1, &udp4_between(one, other, 0, b"dos"))
        .frame(2, &udp4_between(other, one, 0, b"tres"));
    let expected = [("answered", 1, 2), ("unanswered", 3, 0)];
    assert_eq!(fates(&exchanges(&capture)), expected);
    assert_eq!(fates(&exchanges_with(&["--port", "8080"], &capture)), expected, "the port says nothing here");
}

#[test]
fn a_request_in_fragments_is_answered_when_it_is_whole() {
    let whole = udp4_between((CLIENT, 50_000), (SERVER, 8080), 7, &[b'x'; 40]);
    let (header, payload) = whole.split_at(20);
    let fragment = |flags_and_offset: u16, piece: &[u8]| {
        let mut packet = joined(&[header, piece]);
        let len = u16::try_from(packet.len()).unwrap();
        packet[2..4].copy_from_slice(&len.to_be_bytes());
        packet[6..8].copy_from_slice(&flags_and_offset.to_be_bytes());
        packet
    };
    let capture = Pcap::new(RAW)
        .frame(0, &fragment(0x2000, &payload[..24]))
        .frame(1, &fragment(3, &payload[24..]))
        .frame(2, &response_with(8));
    let found = exchanges(&capture);
    assert_eq!(fates(&found), [("answered", 2, 3)]);
    assert_eq!(found[0]["request"]["len"], 40);
}

#[test]
fn a_vlan_tag_in_one_direction_only_keeps_nothing_apart() {
    let untagged = |packet: &[u8]| joined(&[&[0; 12], &[8, 0], packet]);
    let tagged = |packet: &[u8]| joined(&[&[0; 12], &[0x81, 0, 0, 42, 8, 0], packet]);
    let capture = Pcap::new(ETHERNET)
        .frame(0, &tagged(&request_with(1)))
        .frame(1, &untagged(&request_with(1)))
        .frame(2, &untagged(&response_with(2)));
    assert_eq!(fates(&exchanges(&capture)), [("answered", 1, 3), ("duplicate", 2, 0)]);
}

#[test]
fn a_service_that_stalled_has_lost_nothing() {
    // Five requests of one socket, a second apart, and all their responses at once.
    let capture = (0..5).fold(Pcap::new(RAW), |pcap, n| pcap.frame(n * 1_000_000, &request(50_000)));
    let capture = (0..5).fold(capture, |pcap, n| pcap.frame(4_100_000 + n, &response(50_000)));
    let found = exchanges_with(&["--timeout", "0.5"], &capture);
    let late = [("late", 1, 6), ("late", 2, 7), ("late", 3, 8), ("late", 4, 9), ("answered", 5, 10)];
    assert_eq!(fates(&found), late);
    assert_eq!(found[0]["rtt"], "4.100000000");
    assert_eq!(summary_with(&["--timeout", "0.5"], &capture)["reordered"], 0);
}

#[test]
fn a_late_response_is_never_credited_to_the_next_request() {
    // Long after two timeouts, and after the next request.
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(3_000_000, &request(50_000))
        .frame(3_100_000, &response(50_000))
        .frame(3_200_000, &response(50_000));
    assert_eq!(fates(&exchanges_with(&["--timeout", "1"], &capture)), [("late", 1, 3), ("answered", 2, 4)]);
}

#[test]
fn a_response_sent_twice_does_not_answer_what_was_lost_long_ago() {
    let capture = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(16_000_000, &request(50_000))
        .frame(16_000_200, &response(50_000))
        .frame(16_000_230, &response(50_000));
    let expected = [("unanswered", 1, 0), ("answered", 2, 3), ("duplicate", 0, 4)];
    assert_eq!(fates(&exchanges(&capture)), expected);
}

#[test]
fn one_loss_does_not_push_every_response_onto_the_wrong_request() {
    // The second of five requests of one socket is lost.
    let mut capture = Pcap::new(RAW);
    for n in 0..5 {
        capture = capture.frame(n * 1_000_000, &request(50_000));
        if n != 1 {
            capture = capture.frame(n * 1_000_000 + 200, &response(50_000));
        }
    }
    let expected =
        [("answered", 1, 2), ("unanswered", 3, 0), ("answered", 4, 5), ("answered", 6, 7), ("answered", 8, 9)];
    let found = exchanges_with(&["--timeout", "0.1"], &capture);
    assert_eq!(fates(&found), expected);
    assert_eq!(found[4]["rtt"], "0.000200000");
}

#[test]
fn an_error_finds_the_request_that_it_quotes_among_others_of_its_port() {
    let capture = Pcap::new(RAW)
        .frame(0, &request_with(1))
        .frame(1, &request_with(2))
        .frame(2, &request_with(3))
        .frame(3, &port_unreachable(&request_with(2)))
        .frame(4, &response_with(9))
        .frame(5, &port_unreachable(&request_with(2)));
    let expected = [("answered", 1, 5), ("refused", 2, 4), ("unanswered", 3, 0)];
    assert_eq!(fates(&exchanges(&capture)), expected, "its copy refuses nothing else");
}

#[test]
fn a_hundred_errors_refuse_a_hundred_requests_of_a_port() {
    // The first request of another port is open, so that nothing leaves before the end.
    let asked =
        (1..=100).fold(Pcap::new(RAW).frame(0, &request(50_001)), |pcap, n| pcap.frame(n.into(), &request_with(n)));
    let capture = (1..=100).fold(asked, |pcap, n| pcap.frame(1_000, &port_unreachable(&request_with(n))));
    let refused = (2..=101).map(|frame| ("refused", frame, frame + 100));
    let expected: Vec<_> = [("unanswered", 1, 0)].into_iter().chain(refused).collect();
    assert_eq!(fates(&exchanges(&capture)), expected);
}

#[test]
fn an_error_that_quotes_eight_bytes_finds_a_request_with_an_identifier() {
    let ask = |id, ip_id| udp4_between((CLIENT, 50_000), (SERVER, 53), ip_id, &dns(id, false));
    let capture =
        Pcap::new(RAW).frame(0, &ask(1, 11)).frame(1, &ask(2, 12)).frame(2, &port_unreachable(&ask(1, 11)[..28]));
    assert_eq!(fates(&exchanges(&capture)), [("refused", 1, 3), ("unanswered", 2, 0)]);
}

#[test]
fn requests_expire_by_the_clock_of_the_capture() {
    let expired = Pcap::new(RAW)
        .frame(0, &request(50_000))
        .frame(61_000_000, &request(50_001))
        .frame(61_000_500, &response(50_000));
    let expected = [("unanswered", 1, 0), ("unanswered", 2, 0), ("unsolicited", 0, 3)];
    assert_eq!(fates(&exchanges(&expired)), expected);
    // One frame with a time from nowhere ends no wait.
    let astray =
        Pcap::new(RAW).frame(0, &request(50_000)).frame(4_000_000_000, &request(50_001)).frame(500, &response(50_000));
    assert_eq!(fates(&exchanges(&astray)), [("answered", 1, 3), ("unanswered", 2, 0)]);
}

#[test]
fn the_summary_counts_what_came_out_of_order() {
    // Requests 0 to 4, each from a port of its own; responses in the order 0, 2, 3, 1, 4, and 1 once more.
    let capture = (0..5_u16).fold(Pcap::new(RAW), |pcap, n| pcap.frame(n.into(), &request(50_000 + n)));
    let order = [0, 2, 3, 1, 4, 1_u16];
    let capture = order.iter().zip(10..).fold(capture, |pcap, (n, at)| pcap.frame(at, &response(50_000 + n)));
    let summary = summary_of(&capture);
    for (figure, count) in [("requests", 5), ("answered", 5), ("reordered", 1), ("duplicate", 1), ("lost", 0)] {
        assert_eq!(summary[figure], count, "{figure}: {summary}");
    }
    let ran = loopshark_with_input(["read", "-"], &capture.bytes);
    assert!(ran.stdout.contains("5 exchanges: 5 answered, 0 lost, 0 refused, 1 duplicate, 1 reordered\n"), "{ran:?}");
}

#[test]
fn figures_are_those_of_the_exchanges() {
    // Response times of 100, 200, … 1000 µs in an order of their own.
    let times = [3, 9, 1, 7, 10, 2, 8, 4, 6, 5_u32];
    let mut capture = Pcap::new(RAW);
    for (n, time) in (0..).zip(times) {
        let port = 50_000 + u16::try_from(n).unwrap();
        capture = capture.frame(n * 1_000_000, &request(port)).frame(n * 1_000_000 + time * 100, &response(port));
    }
    let summary = summary_of(&capture);
    // RFC 3550, appendix A.8, in nanoseconds.
    let jitter = times
        .windows(2)
        .fold(0_i64, |jitter, pair| jitter + i64::from(pair[1].abs_diff(pair[0])) * 100_000 - ((jitter + 8) >> 4))
        >> 4;
    for (figure, nanos) in [
        ("rtt_min", 100_000),
        ("rtt_mean", 550_000),
        ("rtt_p50", 500_000),
        ("rtt_p95", 1_000_000),
        ("rtt_p99", 1_000_000),
        ("rtt_max", 1_000_000),
        ("jitter", jitter),
        ("interval_mean", 1_000_000_000),
        ("interval_deviation", 0),
    ] {
        let seconds = format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
        assert_eq!(summary[figure], seconds, "{figure}: {summary}");
    }
}

/// The summary of a capture with one service.
fn summary_of(capture: &Pcap) -> Value {
    summary_with(&[], capture)
}

fn summary_with(args: &[&str], capture: &Pcap) -> Value {
    let ran = loopshark_with_input([&["read", "-", "--view", "summary", "-T", "jsonl"], args].concat(), &capture.bytes);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    serde_json::from_str(ran.stdout.lines().next().expect("a service")).expect("an object a line")
}
