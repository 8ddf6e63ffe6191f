//! The names of the Protocol column, the one table from port to protocol, and what counts as background noise.
//!
//! Noise is traffic that an idle machine makes by itself; it is told from the protocol's name because Wireshark has no
//! name for some of it (WS-Discovery is plain `UDP` there).

use std::fmt;

use super::text::write_format;

/// What the Protocol column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are the protocols'
pub enum Protocol {
    Udp,
    Tcp,
    Dns,
    Mdns,
    Llmnr,
    Nbns,
    Ssdp,
    Dhcp,
    Icmp,
    Icmpv6,
    Igmp,
    Igmpv0,
    Igmpv1,
    Igmpv2,
    Igmpv3,
    Arp,
    Ip,
    Ipv4,
    Ipv6,
    Ethernet,
    Vlan,
    Sll,
    Loop,
    Rarp,
    Drarp,
    InverseArp,
    Mars,
    Mapos,
    Bootp,
    Pcapng,
    /// Not said yet, or by nobody: a link type that only Wireshark reads.
    None,
    /// Nothing above a link layer that has no name.
    NotApplicable,
    /// Neither known nor named: an unsupported link type, or bytes that are no packet.
    Unknown,
    /// An Ethernet payload shown by its number.
    EtherType(u16),
}

/// Background traffic, hidden unless asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are the protocols'
pub enum Noise {
    Mdns,
    Llmnr,
    Nbns,
    Nbds,
    Ssdp,
    WsDiscovery,
    Dhcp,
    Igmp,
    Arp,
    Icmpv6,
}

/// The application behind a pair of UDP ports: the lower port decides, as in Wireshark, then the other.
#[must_use]
pub fn by_ports(src: u16, dst: u16) -> (Protocol, Option<Noise>) {
    by_port(src.min(dst)).or_else(|| by_port(src.max(dst))).unwrap_or((Protocol::Udp, None))
}

/// Whether an application has this UDP port.
#[must_use]
pub fn is_known(port: u16) -> bool {
    by_port(port).is_some()
}

/// Whether no application has this UDP port.
#[inline]
pub(super) fn is_nobodys(port: u16) -> bool {
    by_port(port).is_none()
}

/// The application of one UDP port.
#[inline]
pub(super) fn by_port(port: u16) -> Option<(Protocol, Option<Noise>)> {
    Some(match port {
        53 => (Protocol::Dns, None),
        67 | 68 | 4011 => (Protocol::Dhcp, Some(Noise::Dhcp)),
        137 => (Protocol::Nbns, Some(Noise::Nbns)),
        138 => (Protocol::Udp, Some(Noise::Nbds)),
        1900 => (Protocol::Ssdp, Some(Noise::Ssdp)),
        3702 => (Protocol::Udp, Some(Noise::WsDiscovery)),
        5353 => (Protocol::Mdns, Some(Noise::Mdns)),
        5355 => (Protocol::Llmnr, Some(Noise::Llmnr)),
        _ => return None,
    })
}

impl Protocol {
    /// Appends the name.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::EtherType(number) => write_format(out, format_args!("0x{number:04x}")),
            named => out.extend_from_slice(named.name().as_bytes()),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Dns => "DNS",
            Self::Mdns => "MDNS",
            Self::Llmnr => "LLMNR",
            Self::Nbns => "NBNS",
            Self::Ssdp => "SSDP",
            Self::Dhcp => "DHCP",
            Self::Icmp => "ICMP",
            Self::Icmpv6 => "ICMPv6",
            Self::Igmp => "IGMP",
            Self::Igmpv0 => "IGMPv0",
            Self::Igmpv1 => "IGMPv1",
            Self::Igmpv2 => "IGMPv2",
            Self::Igmpv3 => "IGMPv3",
            Self::Arp => "ARP",
            Self::Ip => "IP",
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Ethernet => "Ethernet",
            Self::Vlan => "VLAN",
            Self::Sll => "SLL",
            Self::Loop => "LOOP",
            Self::Rarp => "RARP",
            Self::Drarp => "DRARP",
            Self::InverseArp => "Inverse ARP",
            Self::Mars => "MARS",
            Self::Mapos => "MAPOS",
            Self::Bootp => "BOOTP",
            Self::Pcapng => "PCAPNG",
            Self::None => "",
            Self::NotApplicable => "N/A",
            Self::Unknown => "UNKNOWN",
            Self::EtherType(_) => "other",
        }
    }
}

/// The name; what has none but its number is `other`.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Noise {
    /// All of it, in the order in which it is reported.
    pub const ALL: [Self; 10] = [
        Self::Mdns,
        Self::Llmnr,
        Self::Nbns,
        Self::Nbds,
        Self::Ssdp,
        Self::WsDiscovery,
        Self::Dhcp,
        Self::Igmp,
        Self::Arp,
        Self::Icmpv6,
    ];

    /// The name that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mdns => "MDNS",
            Self::Llmnr => "LLMNR",
            Self::Nbns => "NBNS",
            Self::Nbds => "NBDS",
            Self::Ssdp => "SSDP",
            Self::WsDiscovery => "WS-Discovery",
            Self::Dhcp => "DHCP",
            Self::Igmp => "IGMP",
            Self::Arp => "ARP",
            Self::Icmpv6 => "ICMPv6",
        }
    }
}
