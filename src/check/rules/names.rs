//! Addresses and protocols that can't be: what looks like an IP address and is none, what is a letter from a protocol.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Finding;
use super::row::Row;
use crate::check::Column;
use crate::tr;

/// Protocols of a lab's captures whose names are long enough that another a letter away is a misread one.
const KNOWN: [&str; 12] =
    ["MDNS", "LLMNR", "NBNS", "SSDP", "DHCP", "ICMP", "ICMPv6", "IGMP", "IGMPv1", "IGMPv2", "IGMPv3", "DHCPv6"];
/// Wireshark's own that are a letter away from one of these, and are no slip.
const REAL: [&str; 17] = [
    "CGMP", "DCCP", "ECMP", "HDCP", "ICAP", "ICEP", "IDMP", "IGAP", "IGRP", "IPVS", "ISMP", "MIPv6", "MSDP", "NBDS",
    "NBSS", "RGMP", "SSTP",
];
/// As many letters a name has at least, that says what was meant.
const SHORT: usize = 4;

pub fn findings(rows: &[Row]) -> Vec<Finding> {
    rows.iter().flat_map(of_row).collect()
}

fn of_row(row: &Row) -> impl Iterator<Item = Finding> {
    let address =
        |column, text: &str| is_misread(text).then(|| row.finding(column, tr!("check-no-address", text = text)));
    let source = address(Column::Source, &row.source);
    let destination = address(Column::Destination, &row.destination);
    let protocol = meant(&row.protocol).map(|meant| {
        row.finding(Column::Protocol, tr!("check-no-protocol", name = row.protocol.as_str(), meant = meant))
    });
    [source, destination, families(row), protocol].into_iter().flatten()
}

/// Whether a text looks like an IP address and is none.
fn is_misread(text: &str) -> bool {
    (looks_v4(text) && text.parse::<Ipv4Addr>().is_err()) || (looks_v6(text) && !is_v6(text))
}

fn looks_v4(text: &str) -> bool {
    text.matches('.').count() == 3 && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Two colons that stand together, or more than an EUI-64 has; link-layer addresses have neither.
fn looks_v6(text: &str) -> bool {
    let colons = text.matches(':').count();
    let signs = text.chars().all(|c| c.is_ascii_hexdigit() || ":.%".contains(c));
    signs && ((text.contains("::") && colons > 1) || colons > 7)
}

fn is_v6(text: &str) -> bool {
    let (address, zone) = text.split_once('%').unwrap_or((text, ""));
    address.parse::<Ipv6Addr>().is_ok() && zone.chars().all(char::is_alphanumeric)
}

/// A row between an IPv4 and an IPv6 address.
fn families(row: &Row) -> Option<Finding> {
    let family = |text: &str| match text.parse() {
        Ok(IpAddr::V4(_)) => Some("IPv4"),
        Ok(IpAddr::V6(_)) => Some("IPv6"),
        Err(_) => looks_v6(text).then_some("IPv6"),
    };
    let (source, destination) = (family(&row.source)?, family(&row.destination)?);
    let text = || tr!("check-families", source = source, destination = destination);
    (source != destination).then(|| row.finding(Column::Destination, text()))
}

/// The protocol that a name is a letter away from.
fn meant(name: &str) -> Option<&'static str> {
    let same = |known: &&str| known.eq_ignore_ascii_case(name);
    let plain = name.len() >= SHORT && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !plain || KNOWN.iter().chain(&REAL).any(same) {
        return None;
    }
    KNOWN.into_iter().find(|known| a_letter_apart(name.as_bytes(), known.as_bytes()))
}

/// Whether one letter is another, is missing, is too much, or two have changed places.
fn a_letter_apart(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let left = |text: &[u8]| text.len().saturating_sub(start + end);
    let swapped =
        || a.len() == b.len() && left(a) == 2 && a.get(start) == b.get(start + 1) && a.get(start + 1) == b.get(start);
    a.len().abs_diff(b.len()) <= 1 && (left(a).max(left(b)) <= 1 || swapped())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_address_is_one() {
        for text in ["224.0..252", "300.1.1.1", "fe80::73d:8861%e18:1554", "fe80::9d12:3004a1:2c0:ff:fb"] {
            assert!(is_misread(text), "{text}");
        }
        for text in
            ["127.0.0.1", "::1", "fe80::1%11", "00:11:22:33:44:55", "localhost", "Intel_12:34:56", "fe80::1…", ""]
        {
            assert!(!is_misread(text), "{text}");
        }
    }

    #[test]
    fn a_protocol_a_letter_away_is_what_was_meant() {
        assert_eq!(meant("NDNS"), Some("MDNS"));
        assert_eq!(meant("LLNMR"), Some("LLMNR"));
        for name in ["MDNS", "mdns", "DNS", "NBSS", "MSDP", "TCP", "TLSv1.2", "", "QUIC"] {
            assert_eq!(meant(name), None, "{name}");
        }
    }

    #[test]
    fn a_row_is_between_addresses_of_one_family() {
        let text = "1 0.5 fe80::1 → 224.0.0.251 MDNS 85 Standard query 0x0000 ANY a";
        let wanted = "source is IPv6 and destination IPv4".to_owned();
        assert_eq!(crate::check::rules::tests::misfits(text), [(0, wanted)]);
    }
}
