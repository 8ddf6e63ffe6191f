//! ARP (RFC 826) for IPv4 over Ethernet: who asks, who answers. Always noise.

use etherparse::{ArpOperation, ArpPacketSlice};

use super::address::Address;
use super::payload::{Payload, Stop};
use super::{Dissection, Noise, Protocol};
use crate::bytes::chunk;

/// Reads a packet.
pub(super) fn dissect<'a>(bytes: Payload<'a>, row: &mut Dissection<'a>) -> Result<(), Stop> {
    row.show(Protocol::Arp, "");
    row.noise = Some(Noise::Arp);
    row.show(Protocol::Arp, text(bytes.bytes(0, 28)?).ok_or(Stop::Malformed)?);
    Ok(())
}

fn text(bytes: &[u8]) -> Option<String> {
    let packet = ArpPacketSlice::from_slice(bytes).ok()?;
    let ipv4 = |addr: &[u8]| chunk(addr, 0).map(|octets: [u8; 4]| std::net::Ipv4Addr::from(octets));
    let sender = ipv4(packet.sender_protocol_addr())?;
    let target = ipv4(packet.target_protocol_addr())?;
    let operation = packet.operation();
    Some(if operation == ArpOperation::REQUEST {
        format!("Who has {target}? Tell {sender}")
    } else if operation == ArpOperation::REPLY {
        let mut text = format!("{sender} is at ").into_bytes();
        Address::Mac(chunk(packet.sender_hw_addr(), 0)?).write(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    } else {
        format!("ARP operation {}", operation.0)
    })
}
