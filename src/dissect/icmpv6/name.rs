//! The names of types and codes, in Wireshark's words.

pub(in crate::dissect) const UNREACHABLE_CODES: [&str; 8] = [
    "no route to destination",
    "Administratively prohibited",
    "Beyond scope of source address",
    "Address unreachable",
    "Port unreachable",
    "Source address failed ingress/egress policy",
    "Reject route to destination",
    "Error in Source Routing Header",
];

pub(in crate::dissect) const PARAMETER_CODES: [&str; 4] = [
    "erroneous header field encountered",
    "unrecognized Next Header type encountered",
    "unrecognized IPv6 option encountered",
    "IPv6 First Fragment has incomplete IPv6 Header Chain",
];

pub(super) const NODE_QUERY_CODES: [&str; 3] =
    ["Query subject = IPv6 addresses", "Query subject = DNS name or empty", "Query subject = IPv4 addresses"];

/// A message's type.
pub(in crate::dissect) fn of_type(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "Destination Unreachable",
        2 => "Packet Too Big",
        3 => "Time Exceeded",
        4 => "Parameter Problem",
        100 | 101 | 200 | 201 => "Private experimentation",
        127 => "Reserved for expansion of ICMPv6 error messages",
        128 => "Echo (ping) request",
        129 => "Echo (ping) reply",
        130 => "Multicast Listener Query",
        131 => "Multicast Listener Report",
        132 => "Multicast Listener Done",
        133 => "Router Solicitation",
        134 => "Router Advertisement",
        135 => "Neighbor Solicitation",
        136 => "Neighbor Advertisement",
        137 => "Redirect",
        138 => "Router Renumbering",
        139 => "Node Information Query",
        140 => "Node Information Reply",
        141 => "Inverse Neighbor Discovery Solicitation",
        142 => "Inverse Neighbor Discovery Advertisement",
        143 => "Multicast Listener Report Message v2",
        144 => "Home Agent Address Discovery Request",
        145 => "Home Agent Address Discovery Reply",
        146 => "Mobile Prefix Solicitation",
        147 => "Mobile Prefix Advertisement",
        148 => "Certification Path Solicitation",
        149 => "Certification Path Advertisement",
        150 => "Experimental Mobility",
        151 => "Multicast Router Advertisement",
        152 => "Multicast Router Solicitation",
        153 => "Multicast Router Termination",
        154 => "FMIPv6",
        155 => "RPL Control",
        156 => "Locator Update",
        157 => "Duplicate Address Request",
        158 => "Duplicate Address Confirmation",
        159 => "MPL Control Message",
        160 => "Extended Echo request",
        161 => "Extended Echo reply",
        255 => "Reserved for expansion of ICMPv6 informational messages",
        _ => return None,
    })
}

/// The code of an RPL message (RFC 6550, 6997).
pub(super) fn of_rpl(code: u8) -> Option<&'static str> {
    Some(match code {
        0x00 => "DODAG Information Solicitation",
        0x01 => "DODAG Information Object",
        0x02 => "Destination Advertisement Object",
        0x03 => "Destination Advertisement Object Acknowledgment",
        0x04 => "P2P Discovery Reply Object",
        0x05 => "P2P Discovery Reply Object Acknowledgement",
        0x80 => "Secure DODAG Information Solicitation",
        0x81 => "Secure DODAG Information Object",
        0x82 => "Secure Destination Advertisement Object",
        0x83 => "Secure Destination Advertisement Object Acknowledgment",
        0x84 => "P2P Secure Discovery Reply Object",
        0x85 => "P2P Secure Discovery Reply Object Acknowledgement",
        0x8a => "Consistency Check",
        _ => return None,
    })
}

/// The subtype of a fast handover message (RFC 5568).
pub(super) fn of_handover(subtype: u8) -> Option<&'static str> {
    Some(match subtype {
        2 => "Router Solicitation for Proxy Advertisement",
        3 => "Proxy Router Advertisement",
        4 => "Handover Initiate",
        5 => "Handover Acknowledge",
        _ => return None,
    })
}
