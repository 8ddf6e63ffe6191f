//! Messages of DNS, mDNS, LLMNR and NBNS over UDP, and of DNS over TCP, whole and in pieces.
//!
//! Of each record the first byte chooses the protocol and the direction, and whether the frame is cut; the rest is the
//! message.
#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use loopshark::source::LinkType;
use loopshark_fuzz::packets::{self, TCP, UDP};
use loopshark_fuzz::{frame, records, show_twice};

const DNS: u16 = 53;
/// The ports over UDP: DNS, mDNS, LLMNR, NBNS, and NBDS.
const PORTS: [u16; 5] = [DNS, 5353, 5355, 137, 138];
/// How many bytes are not captured of a frame that is cut.
const CUT: usize = 7;

/// Where the next bytes of both directions over TCP belong.
type Due = [u32; 2];

fn packet(how: u8, message: &[u8], due: &mut Due) -> Vec<u8> {
    let is_response = how & 8 != 0;
    let ends: [IpAddr; 2] = [[10, 0, 0, 2].into(), [10, 0, 0, 1].into()];
    let [src, dst] = if is_response { [ends[1], ends[0]] } else { ends };
    let ports = |service| if is_response { (service, 50_000) } else { (50_000, service) };
    if let Some(service) = PORTS.get(usize::from(how & 7)) {
        let (from, to) = ports(*service);
        return packets::ip(src, dst, UDP, 0, 0, &packets::udp(from, to, message));
    }
    let (src_port, dst_port) = ports(DNS);
    let [seq, ack] = if is_response { [due[1], due[0]] } else { *due };
    let len = u16::try_from(message.len()).unwrap_or(u16::MAX);
    let payload = match how & 7 {
        6 => [&len.to_be_bytes(), message].concat(),
        _ => message.to_vec(),
    };
    let next = seq.wrapping_add(u32::try_from(payload.len()).unwrap_or(u32::MAX));
    due[usize::from(is_response)] = next;
    let segment =
        packets::Segment { src: src_port, dst: dst_port, seq, ack, flags: 0x18, window: 64_000, ..Default::default() };
    packets::ip(src, dst, TCP, 0, 0, &packets::tcp(&segment, &[], &payload))
}

fuzz_target!(|input: &[u8]| {
    let mut due = [1; 2];
    let packets: Vec<_> = records(input).map(|(how, message)| (how, packet(how, message, &mut due))).collect();
    let frames = (1..).zip(&packets).map(|(number, (how, packet))| {
        let wire_len = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        let captured = if how & 16 == 0 { packet.len() } else { packet.len().saturating_sub(CUT) };
        let time = 1_700_000_000_000_000_000 + i64::try_from(number).unwrap_or(0) * 1_000_000;
        frame(number, time, LinkType::RAW, wire_len, &packet[..captured])
    });
    show_twice(frames);
});
