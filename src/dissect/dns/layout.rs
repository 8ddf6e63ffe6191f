//! How the data of record types are laid out, as far as Wireshark reads them; the types' names stand in `types`.
//!
//! Most types show nothing, but where their data end too early the row says so, and which end it is depends on the order
//! of the reads: hence a step for every field.

/// A part of the data of a type.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Fields of these widths; a negative one is not even looked for.
    Fields(&'static [i8]),
    Name,
    /// Text behind its length in one byte.
    String,
    /// The same, where more than one byte is left.
    StringIfAny,
    /// The same, as often as there is something left.
    Strings,
    /// Bytes behind their length in two bytes.
    LongString,
    /// What is left, byte by byte.
    Octets,
    /// What is left, as lists of types.
    Types,
    /// What is left, as a whole.
    Rest,
    ShowName,
    /// The record's own name.
    ShowOwner,
    ShowNumber,
    ShowIpv4,
    ShowIpv6,
    ShowString,
    /// Text that is cut where its bytes are fewer than the text made of them.
    ShowCutString,
    // What has a form of its own, told where it is read.
    Key,
    Location,
    KeyExchanger,
    IndirectAddress,
    Options,
    Prefixes,
    Gateway,
    NextHash,
    HostIdentity,
    RestUnmoved,
    Service,
    Authorization,
    Servers,
    Forwarded,
}

/// How the data of each type is laid out.
pub(super) fn layout(kind: u16) -> &'static [Step] {
    use Step::{
        Fields, LongString, Name, Octets, Rest, ShowCutString, ShowIpv4, ShowIpv6, ShowName, ShowNumber, ShowOwner,
        ShowString, String, StringIfAny, Strings, Types,
    };
    match kind {
        1 => &[ShowIpv4],
        2 | 5 | 12 | 39 => &[ShowName],
        3 | 4 | 7 | 8 | 9 | 23 => &[ShowOwner, Name],
        6 => &[ShowName, Name, Fields(&[4, 4, 4, 4, 4])],
        10 | 22 | 49 => &[ShowOwner, Rest],
        11 => &[ShowIpv4, Fields(&[1]), Octets],
        13 => &[ShowCutString, ShowCutString],
        14 | 17 => &[ShowOwner, Name, Name],
        15 => &[ShowNumber, ShowName],
        16 | 99 => &[Strings],
        18 | 21 => &[ShowOwner, Fields(&[-2]), Name],
        19 => &[ShowOwner, String],
        20 => &[ShowOwner, String, StringIfAny],
        24 | 46 => &[Fields(&[2, 1, 1, 4, 4, 4, 2]), Name, Rest],
        25 | 48 | 60 => &[Step::Key],
        26 => &[ShowOwner, Fields(&[2]), Name, Name],
        27 => &[ShowOwner, String, String, String],
        28 => &[ShowIpv6],
        29 => &[Step::Location],
        30 => &[ShowName, Octets],
        33 => &[ShowNumber, ShowNumber, ShowNumber, ShowName],
        35 => &[ShowNumber, ShowNumber, ShowString, String, String, Name],
        36 => &[Step::KeyExchanger],
        37 => &[Fields(&[2, 2, 1]), Rest],
        38 => &[Step::IndirectAddress],
        41 => &[Step::Options],
        42 => &[ShowOwner, Step::Prefixes],
        43 | 59 | 0x8001 => &[Fields(&[2, 1, 1]), Rest],
        44 => &[Fields(&[1, 1]), Rest],
        45 => &[Step::Gateway],
        47 => &[ShowName, Types],
        50 => &[Fields(&[1, 1, 2]), String, Step::NextHash, Types],
        51 => &[ShowOwner, Fields(&[1, 1, 2]), String],
        52 => &[ShowOwner, Fields(&[1, 1, 1]), Rest],
        55 => &[ShowOwner, Step::HostIdentity],
        62 => &[Fields(&[4, -2]), Step::RestUnmoved, Types],
        63 => &[Fields(&[4, 1, 1]), Rest],
        64 | 65 => &[Step::Service],
        104 | 106 => &[Fields(&[2, 8])],
        105 => &[Fields(&[2, 4])],
        107 => &[Fields(&[2]), Name],
        108 => &[Fields(&[6])],
        109 => &[Fields(&[8])],
        249 => &[Name, Fields(&[4, 4, 2, 2]), LongString, LongString],
        250 => &[Name, Fields(&[6, 2]), LongString, Fields(&[2, 2]), LongString],
        257 => &[Step::Authorization],
        0xff01 => &[Fields(&[4, 4, 4]), Step::Servers],
        0xff02 => &[Fields(&[4, 4, 4]), ShowName],
        0xff8e => &[Step::Forwarded],
        _ => &[Rest],
    }
}
