//! Frames of every link type that is read, with any length on the wire, through rows, details, dump and explanation.
//!
//! The first byte chooses the link type. Of each record behind it, the first byte chooses the length on the wire and the
//! pause before it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loopshark::source::LinkType;
use loopshark_fuzz::{frame, records, show_twice};

/// Those that are read, and one that is not.
const LINK_TYPES: [LinkType; 11] = [
    LinkType::RAW,
    LinkType::ETHERNET,
    LinkType::NULL,
    LinkType::LOOP,
    LinkType::LINUX_SLL,
    LinkType::LINUX_SLL2,
    LinkType::IPV4,
    LinkType::IPV6,
    LinkType(12),
    LinkType(14),
    LinkType(105),
];

/// A frame's length on the wire, where so many of its bytes were captured.
fn wire_len(how: u8, captured: usize) -> u32 {
    let captured = u32::try_from(captured).unwrap_or(u32::MAX);
    match how & 7 {
        0..=3 => captured,
        4 => captured.saturating_add(4),
        5 => captured.saturating_add(1460),
        6 => captured / 2,
        _ => u32::MAX,
    }
}

/// How long after the one before, in nanoseconds; now and then it is before it.
fn pause(how: u8) -> i64 {
    match how >> 3 {
        step @ 0..=15 => 100_000 << step,
        16 => -50_000_000,
        17 => i64::MAX / 4,
        18 => i64::MIN / 4,
        _ => 1_000_000,
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let link_type = LINK_TYPES[usize::from(*first) % LINK_TYPES.len()];
    let numbered = (1..).zip(records(rest));
    let frames = numbered.scan(1_700_000_000_000_000_000_i64, |now, (number, (how, data))| {
        *now = now.saturating_add(pause(how));
        Some(frame(number, *now, link_type, wire_len(how, data.len()), data))
    });
    show_twice(frames);
});
