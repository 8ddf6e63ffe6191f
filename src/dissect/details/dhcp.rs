//! BOOTP (RFC 951) and DHCP (RFC 2131): the fixed fields, and the options with the values of the common ones.

use std::net::Ipv4Addr;

use super::arp;
use super::tree::{Bits, Hex, Layer, Mac, Shown, Span, Tree};
use crate::dissect::dhcp as rows;
use crate::dissect::payload::Stop;

const MAGIC: u32 = 0x6382_5363;
/// Where the fields begin that stand at a place of their own.
const HARDWARE: usize = 28;
const SERVER_NAME: usize = 44;
const FILE_NAME: usize = 108;
const OPTIONS: usize = 236;
const PAD: u8 = 0;
const END: u8 = 255;

/// Whether the bytes may be a message.
pub(super) fn is_one(layer: &Layer<'_>) -> bool {
    matches!(layer.u8(0), Ok(1 | 2))
}

/// A message.
pub(super) fn message(tree: &mut Tree<'_>, layer: Layer<'_>) -> Result<(), Stop> {
    let has_magic = layer.be32(OPTIONS) == Ok(MAGIC);
    let kind = find(&layer, 53).and_then(|at| layer.u8(at).ok()).filter(|_| has_magic);
    tree.enter("dhcp", if kind.is_some() { "DHCP" } else { "BOOTP" });
    let len = layer.bytes.captured().len();
    match kind {
        Some(kind) => {
            let name = rows::name(kind).unwrap_or("Unknown");
            tree.field(&layer, 0, len, format_args!("Dynamic Host Configuration Protocol ({name})"));
        }
        None => tree.field(&layer, 0, len, format_args!("Bootstrap Protocol")),
    }
    tree.under(|tree| {
        fixed(tree, &layer)?;
        if !has_magic {
            let rest = layer.len().saturating_sub(OPTIONS);
            let bytes = layer.bytes(OPTIONS, rest)?;
            tree.field(&layer, OPTIONS, rest, format_args!("Bootp vendor specific options: {}", Hex(bytes)));
            return Ok(());
        }
        tree.field(&layer, OPTIONS, 4, format_args!("Magic cookie: DHCP"));
        options(tree, &layer, OPTIONS.saturating_add(4))
    })
}

/// Where the data of an option begin.
fn find(layer: &Layer<'_>, wanted: u8) -> Option<usize> {
    let mut at = OPTIONS.saturating_add(4);
    loop {
        match layer.u8(at).ok()? {
            PAD => at = at.saturating_add(1),
            END => return None,
            code => {
                let data = at.saturating_add(2);
                if code == wanted {
                    return Some(data);
                }
                at = data.saturating_add(layer.u8(at.saturating_add(1)).ok()?.into());
            }
        }
    }
}

fn fixed(tree: &mut Tree<'_>, layer: &Layer<'_>) -> Result<(), Stop> {
    let operation = layer.u8(0)?;
    let name = match operation {
        1 => "Boot Request",
        2 => "Boot Reply",
        _ => "Unknown",
    };
    tree.field(layer, 0, 1, format_args!("Message type: {name} ({operation})"));
    let hardware = layer.u8(1)?;
    tree.field(layer, 1, 1, format_args!("Hardware type: {} (0x{hardware:02x})", arp::hardware(hardware.into())));
    let hardware_len = layer.u8(2)?;
    tree.field(layer, 2, 1, format_args!("Hardware address length: {hardware_len}"));
    tree.field(layer, 3, 1, format_args!("Hops: {}", layer.u8(3)?));
    tree.field(layer, 4, 4, format_args!("Transaction ID: 0x{:08x}", layer.be32(4)?));
    tree.field(layer, 8, 2, format_args!("Seconds elapsed: {}", layer.be16(8)?));
    let flags = layer.be16(10)?;
    let way = if flags & 0x8000 == 0 { "Unicast" } else { "Broadcast" };
    tree.field(layer, 10, 2, format_args!("Bootp flags: 0x{flags:04x} ({way})"));
    tree.under(|tree| {
        tree.flag(layer, 10, Bits::of(flags, 0x8000, 16), "Broadcast flag", ["Unicast", "Broadcast"]);
        let rest = format_args!("Reserved flags: 0x{:04x}", flags & 0x7fff);
        tree.bits(layer, 10, Bits::of(flags, 0x7fff, 16), rest);
    });
    let names = ["Client IP address", "Your (client) IP address", "Next server IP address", "Relay agent IP address"];
    for (at, name) in (12_usize..).step_by(4).zip(names) {
        tree.field(layer, at, 4, format_args!("{name}: {}", Ipv4Addr::from(layer.array::<4>(at)?)));
    }
    hardware_address(tree, layer, hardware, hardware_len.into())?;
    text(tree, layer, SERVER_NAME, 64, "Server host name")?;
    text(tree, layer, FILE_NAME, 128, "Boot file name")
}

fn hardware_address(tree: &mut Tree<'_>, layer: &Layer<'_>, hardware: u8, len: usize) -> Result<(), Stop> {
    let used = len.min(16);
    if (hardware, used) == (1, 6) {
        tree.field(layer, HARDWARE, 6, format_args!("Client MAC address: {}", Mac(layer.array(HARDWARE)?)));
    } else if used > 0 {
        let bytes = layer.bytes(HARDWARE, used)?;
        tree.field(layer, HARDWARE, used, format_args!("Client hardware address: {}", Hex(bytes)));
    }
    let (at, rest) = (HARDWARE.saturating_add(used), 16_usize.saturating_sub(used));
    if rest > 0 {
        let bytes = layer.bytes(at, rest)?;
        tree.field(layer, at, rest, format_args!("Client hardware address padding: {}", Hex(bytes)));
    }
    Ok(())
}

/// Text up to a zero byte.
fn text(tree: &mut Tree<'_>, layer: &Layer<'_>, at: usize, len: usize, name: &str) -> Result<(), Stop> {
    let bytes = layer.bytes(at, len)?;
    match bytes.split(|byte| *byte == 0).next().unwrap_or_default() {
        [] => tree.field(layer, at, len, format_args!("{name} not given")),
        text => tree.field(layer, at, len, format_args!("{name}: {}", Shown(text))),
    }
    Ok(())
}

fn options(tree: &mut Tree<'_>, layer: &Layer<'_>, mut at: usize) -> Result<(), Stop> {
    while at < layer.len() {
        let code = layer.u8(at)?;
        match code {
            PAD => {
                let rest = layer.bytes.captured().get(at..).unwrap_or_default();
                let len = rest.iter().take_while(|byte| **byte == PAD).count().max(1);
                tree.field(layer, at, len, format_args!("Padding: {}", Hex(rest.get(..len).unwrap_or_default())));
                at = at.saturating_add(len);
                continue;
            }
            END => {
                tree.field(layer, at, 1, format_args!("Option: (255) End"));
                tree.under(|tree| tree.field(layer, at, 1, format_args!("Option End: 255")));
                let rest = layer.after(at.saturating_add(1));
                if rest.len() > 0 {
                    let bytes = rest.bytes(0, rest.len())?;
                    tree.field(&rest, 0, bytes.len(), format_args!("Padding: {}", Hex(bytes)));
                }
                return Ok(());
            }
            _ => {}
        }
        let len = usize::from(layer.u8(at.saturating_add(1))?);
        let option = layer.subset(at, len.saturating_add(2))?;
        let name = option_name(code);
        let kind = match (code, len) {
            (53, 1) => format!(" ({})", rows::name(option.u8(2)?).unwrap_or("Unknown")),
            (1 | 50 | 54, 4) => format!(" ({})", Ipv4Addr::from(option.array::<4>(2)?)),
            _ => String::new(),
        };
        tree.field(&option, 0, option.len(), format_args!("Option: ({code}) {name}{kind}"));
        tree.under(|tree| {
            tree.field(&option, 1, 1, format_args!("Length: {len}"));
            option.bytes(2, len)?;
            value(tree, &option, code, name)
        })?;
        at = at.saturating_add(option.len());
    }
    Ok(())
}

fn value(tree: &mut Tree<'_>, option: &Layer<'_>, code: u8, name: &str) -> Result<(), Stop> {
    let len = option.len().saturating_sub(2);
    let bytes = option.bytes(2, len)?;
    match (code, bytes) {
        (53, [kind]) => {
            tree.field(option, 2, 1, format_args!("DHCP: {} ({kind})", rows::name(*kind).unwrap_or("Unknown")));
        }
        (1 | 3 | 4 | 5 | 6 | 28 | 42 | 44 | 50 | 54 | 92, _) if len.is_multiple_of(4) => {
            for at in (2..).step_by(4).take(len / 4) {
                tree.field(option, at, 4, format_args!("{name}: {}", Ipv4Addr::from(option.array::<4>(at)?)));
            }
        }
        (51 | 58 | 59 | 91, [..]) if len == 4 => {
            let secs = option.be32(2)?;
            let words = if secs == u32::MAX { "infinity".to_owned() } else { Span(secs).to_string() };
            tree.field(option, 2, 4, format_args!("{name}: ({secs}s) {words}"));
        }
        (12 | 14 | 15 | 17 | 40 | 56 | 60 | 66 | 67, text) => {
            tree.field(option, 2, len, format_args!("{name}: {}", Shown(text)));
        }
        (55, list) => {
            for (at, item) in (2..).zip(list) {
                let text = format_args!("Parameter Request List Item: ({item}) {}", option_name(*item));
                tree.field(option, at, 1, text);
            }
        }
        (57, [high, low]) => {
            tree.field(option, 2, 2, format_args!("{name}: {}", u16::from_be_bytes([*high, *low])));
        }
        (61, [hardware @ 1, rest @ ..]) if rest.len() == 6 => {
            tree.field(option, 2, 1, format_args!("Hardware type: Ethernet (0x{hardware:02x})"));
            tree.field(option, 3, 6, format_args!("Client MAC address: {}", Mac(option.array(3)?)));
        }
        (_, []) => {}
        (_, bytes) => tree.field(option, 2, len, format_args!("Value: {}", Hex(bytes))),
    }
    Ok(())
}

fn option_name(code: u8) -> &'static str {
    match code {
        1 => "Subnet Mask",
        2 => "Time Offset",
        3 => "Router",
        4 => "Time Server",
        5 => "Name Server",
        6 => "Domain Name Server",
        7 => "Log Server",
        12 => "Host Name",
        13 => "Boot File Size",
        15 => "Domain Name",
        17 => "Root Path",
        26 => "Interface MTU",
        28 => "Broadcast Address",
        31 => "Perform Router Discover",
        33 => "Static Route",
        40 => "Network Information Service Domain",
        41 => "Network Information Service Servers",
        42 => "Network Time Protocol Servers",
        43 => "Vendor-Specific Information",
        44 => "NetBIOS over TCP/IP Name Server",
        45 => "NetBIOS over TCP/IP Datagram Distribution Name Server",
        46 => "NetBIOS over TCP/IP Node Type",
        47 => "NetBIOS over TCP/IP Scope",
        50 => "Requested IP Address",
        51 => "IP Address Lease Time",
        52 => "Option Overload",
        53 => "DHCP Message Type",
        54 => "DHCP Server Identifier",
        55 => "Parameter Request List",
        56 => "Message",
        57 => "Maximum DHCP Message Size",
        58 => "Renewal Time Value",
        59 => "Rebinding Time Value",
        60 => "Vendor class identifier",
        61 => "Client identifier",
        66 => "TFTP Server Name",
        67 => "Bootfile name",
        81 => "Client Fully Qualified Domain Name",
        91 => "Client last transaction time",
        92 => "Associated IP option",
        82 => "Agent Information Option",
        95 => "LDAP [TODO:RFC3679]",
        100 => "PCode",
        101 => "TCode",
        108 => "IPv6-Only Preferred",
        114 => "DHCP Captive-Portal",
        116 => "DHCP Auto-Configuration",
        119 => "Domain Search",
        121 => "Classless Static Route",
        249 => "Private/Classless Static Route (Microsoft)",
        252 => "Private/Proxy autodiscovery",
        _ => "Unassigned",
    }
}
