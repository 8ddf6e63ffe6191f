//! Wireshark's coloring rules, as its packet list has them by default, as far as what is dissected here can meet them.
//!
//! The first rule that holds for a frame colors its row. So each layer says which rules its own fields meet
//! ([`Dissection::meets`](super::Dissection)), in any order, and the first in the list stays. Checksums are not verified,
//! as in Wireshark unless told to. Knows colors, and nothing of how a format or a terminal shows them.

/// A rule; in the list's order, so that the lesser of two is the one that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coloring {
    /// `tcp.analysis.flags`, but those that are in order.
    BadTcp,
    /// `icmp.type in { 3..5, 11 } || icmpv6.type in { 1..4 }`
    IcmpErrors,
    /// `arp`
    Arp,
    /// `icmp || icmpv6`
    Icmp,
    /// `tcp.flags.reset`
    TcpRst,
    /// `ip.ttl` too low for where the packet goes.
    Ttl,
    /// `nbns`
    Smb,
    /// `tcp.port == 80`
    Http,
    /// `igmp`
    Routing,
    /// `tcp.flags & 0x02 || tcp.flags.fin`
    TcpSynFin,
    /// `tcp`
    Tcp,
    /// `udp`
    Udp,
    /// `eth[0] & 1`
    Broadcast,
    /// `systemd_journal || sysdig`
    SystemEvent,
    /// No rule holds.
    #[default]
    None,
}

/// A color: red, green, blue.
pub type Rgb = [u8; 3];

/// How a row looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    /// Of the text.
    pub foreground: Rgb,
    /// Of what is behind it.
    pub background: Rgb,
}

const DARK: Rgb = [18, 39, 46];
const DARK_RED: Rgb = [164, 0, 0];

impl Coloring {
    /// All rules, the first that counts first.
    pub const ALL: [Self; 14] = [
        Self::BadTcp,
        Self::IcmpErrors,
        Self::Arp,
        Self::Icmp,
        Self::TcpRst,
        Self::Ttl,
        Self::Smb,
        Self::Http,
        Self::Routing,
        Self::TcpSynFin,
        Self::Tcp,
        Self::Udp,
        Self::Broadcast,
        Self::SystemEvent,
    ];

    /// The rule's name in Wireshark; nothing for none.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BadTcp => "Bad TCP",
            Self::IcmpErrors => "ICMP errors",
            Self::Arp => "ARP",
            Self::Icmp => "ICMP",
            Self::TcpRst => "TCP RST",
            Self::Ttl => "TTL low or unexpected",
            Self::Smb => "SMB",
            Self::Http => "HTTP",
            Self::Routing => "Routing",
            Self::TcpSynFin => "TCP SYN/FIN",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Broadcast => "Broadcast",
            Self::SystemEvent => "System Event",
            Self::None => "",
        }
    }

    /// The colors, if a rule holds.
    #[must_use]
    pub fn colors(self) -> Option<Colors> {
        let (foreground, background) = match self {
            Self::BadTcp => ([247, 135, 135], DARK),
            Self::IcmpErrors => ([183, 247, 116], DARK),
            Self::Arp => (DARK, [250, 240, 215]),
            Self::Icmp => (DARK, [252, 224, 255]),
            Self::TcpRst => ([255, 252, 156], DARK_RED),
            Self::Ttl => ([236, 240, 235], DARK_RED),
            Self::Smb => (DARK, [254, 255, 208]),
            Self::Http => (DARK, [228, 255, 199]),
            Self::Routing => (DARK, [255, 243, 214]),
            Self::TcpSynFin => (DARK, [160, 160, 160]),
            Self::Tcp => (DARK, [231, 230, 255]),
            Self::Udp => (DARK, [218, 238, 255]),
            Self::Broadcast => ([186, 189, 182], [255; 3]),
            Self::SystemEvent => ([45, 111, 154], [230; 3]),
            Self::None => return None,
        };
        Some(Colors { foreground, background })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_holds_counts() {
        assert!(Coloring::ALL.is_sorted() && Coloring::ALL.iter().all(|rule| *rule < Coloring::None));
        assert!(Coloring::ALL.iter().all(|rule| rule.colors().is_some() && !rule.name().is_empty()));
        assert_eq!(Coloring::None.colors(), None);
    }
}
