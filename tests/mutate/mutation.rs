//! Captures made wrong: bytes, lengths, records, as a seed has it. The same seed, name and number make the same bytes.
//!
//! Where records are is told by `walk`; what is done to them is what happens to files (cut, patched, put together) and
//! what somebody does on purpose (lengths that lie).

use std::io::Write as _;

use oorandom::Rand64;

use super::walk::{Span, Walk, walk};

/// Values that are wrong in ways of their own.
const ODD: [u32; 12] = [0, 1, 3, 15, 16, 0x7f, 0xff, 0xffff, 0x1_0000, 262_145, 0x7fff_ffff, 0xffff_ffff];

/// A mutated capture, and in words what was done.
pub struct Mutated {
    pub bytes: Vec<u8>,
    pub how: String,
    /// What a reader finds: the capture as it is within, where it is compressed and undamaged since.
    pub within: Option<Vec<u8>>,
}

/// The mutation of a capture that has this number.
pub fn mutate(original: &[u8], name: &str, seed: u64, number: u64) -> Mutated {
    let named =
        name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    let mut random = Random(Rand64::new(u128::from(seed) << 64 | u128::from(named.wrapping_add(number))));
    let (mut bytes, mut how) = (original.to_vec(), Vec::new());
    for _ in 0..=random.below(3) {
        how.push(step(&mut bytes, &mut random));
    }
    if random.below(6) > 0 {
        return Mutated { bytes, how: how.join(", "), within: None };
    }
    let (mut packed, format) = pack(&bytes, &mut random);
    how.push(format);
    let mut within = Some(bytes);
    if random.below(2) == 0 {
        how.push(if random.below(3) == 0 { cut(&mut packed, &mut random) } else { flip(&mut packed, &mut random, 3) });
        within = None;
    }
    Mutated { bytes: packed, how: how.join(", "), within }
}

struct Random(Rand64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { usize::try_from(self.0.rand_range(0..limit as u64)).unwrap() }
    }

    fn byte(&mut self) -> u8 {
        self.0.rand_u64().to_le_bytes()[0]
    }

    /// A wrong value for one that was `was`.
    fn odd(&mut self, was: u32) -> u32 {
        match self.below(4) {
            0 => was.wrapping_add(1 + u32::from(self.byte() % 8)),
            1 => was.wrapping_sub(1 + u32::from(self.byte() % 8)),
            2 => ODD[self.below(ODD.len())],
            _ => u32::from(self.byte()) * if self.below(2) == 0 { 1 } else { 251 },
        }
    }
}

fn step(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    let walk = walk(bytes);
    if walk.frames.is_empty() {
        return if random.below(4) == 0 { cut(bytes, random) } else { flip(bytes, random, 8) };
    }
    match random.below(16) {
        0 => cut(bytes, random),
        1 => flip(bytes, random, 16),
        2..=5 => flip_frames(bytes, &walk.frames, random),
        6 | 7 => odd_fields(bytes, &walk.frames, random),
        8 | 9 => record_lengths(bytes, &walk, random),
        10 => snap(bytes, &walk, random),
        11 => repeat(bytes, &walk.frames, random),
        12 => reorder(bytes, &walk.frames, random),
        13 => times(bytes, &walk, random),
        14 => header(bytes, random),
        _ => splice(bytes, random),
    }
}

fn cut(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    bytes.truncate(random.below(bytes.len()));
    "file cut"
}

fn flip(bytes: &mut [u8], random: &mut Random, most: usize) -> &'static str {
    if !bytes.is_empty() {
        for _ in 0..=random.below(most) {
            let at = random.below(bytes.len());
            bytes[at] = if random.below(2) == 0 { random.byte() } else { bytes[at] ^ 1 << random.below(8) };
        }
    }
    "bytes flipped"
}

/// Mostly in headers, where there is most to go wrong.
fn flip_frames(bytes: &mut [u8], frames: &[Span], random: &mut Random) -> &'static str {
    for _ in 0..=random.below(frames.len().min(64)) {
        let data = &frames[random.below(frames.len())].data;
        let reach = if random.below(3) == 0 { data.len() } else { data.len().min(90) };
        if reach > 0 {
            bytes[data.start + random.below(reach)] = random.byte();
        }
    }
    "frames' bytes flipped"
}

/// Words in frames, as lengths, counts and offsets are.
fn odd_fields(bytes: &mut [u8], frames: &[Span], random: &mut Random) -> &'static str {
    for _ in 0..=random.below(frames.len().min(64)) {
        let data = &frames[random.below(frames.len())].data;
        if data.len() >= 2 {
            let at = data.start + random.below(data.len().min(120) - 1);
            let word = random.odd(u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))).to_be_bytes();
            bytes[at..at + 2].copy_from_slice(&word[2..]);
        }
    }
    "words in frames changed"
}

fn put(bytes: &mut [u8], at: usize, value: u32, big_endian: bool) {
    let value = if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    if let Some(field) = bytes.get_mut(at..at + 4) {
        field.copy_from_slice(&value);
    }
}

fn take(bytes: &[u8], at: usize, big_endian: bool) -> u32 {
    let field = bytes.get(at..at + 4).map_or([0; 4], |field| field.try_into().unwrap());
    if big_endian { u32::from_be_bytes(field) } else { u32::from_le_bytes(field) }
}

fn is_pcap(bytes: &[u8]) -> bool {
    !bytes.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a])
}

/// Where a record has its captured length, its length on the wire, and in pcapng the block's own, twice.
fn lengths(bytes: &[u8], Span { record, .. }: &Span) -> Vec<usize> {
    if is_pcap(bytes) {
        vec![record.start + 8, record.start + 12]
    } else {
        vec![record.start + 20, record.start + 24, record.start + 4, record.end - 4]
    }
}

fn record_lengths(bytes: &mut [u8], walk: &Walk, random: &mut Random) -> &'static str {
    // Late in the capture, so that something is read before.
    let last = walk.frames.len() - 1;
    let span = &walk.frames[last - random.below(last / 2 + 1)];
    let places = lengths(bytes, span);
    let at = places[random.below(places.len())];
    let odd = random.odd(take(bytes, at, walk.is_big_endian));
    put(bytes, at, odd, walk.is_big_endian);
    "a record's length changed"
}

/// The frames cut as by a snaplen, their records whole; or only said to be so.
fn snap(bytes: &mut Vec<u8>, walk: &Walk, random: &mut Random) -> &'static str {
    let snaplen = random.below(120);
    if !is_pcap(bytes) || random.below(3) == 0 {
        for span in &walk.frames {
            let odd = random.odd(u32::try_from(span.data.len()).unwrap());
            let at = lengths(bytes, span)[1];
            put(bytes, at, odd, walk.is_big_endian);
        }
        return "lengths on the wire changed";
    }
    let mut snapped = bytes[..walk.frames[0].record.start].to_vec();
    for Span { record, data } in &walk.frames {
        let len = data.len().min(snaplen);
        let start = snapped.len();
        snapped.extend_from_slice(&bytes[record.start..data.start + len]);
        put(&mut snapped, start + 8, u32::try_from(len).unwrap(), walk.is_big_endian);
    }
    *bytes = snapped;
    "frames snapped"
}

fn repeat(bytes: &mut Vec<u8>, frames: &[Span], random: &mut Random) -> &'static str {
    let from = random.below(frames.len());
    let to = (from + 1 + random.below(20)).min(frames.len());
    let records = bytes[frames[from].record.start..frames[to - 1].record.end].to_vec();
    let behind = frames[random.below(frames.len())].record.end;
    for _ in 0..=random.below(3) {
        bytes.splice(behind..behind, records.iter().copied());
    }
    "records doubled"
}

fn reorder(bytes: &mut Vec<u8>, frames: &[Span], random: &mut Random) -> &'static str {
    let record = frames[random.below(frames.len())].record.clone();
    let moved = bytes[record.clone()].to_vec();
    let to = frames[random.below(frames.len())].record.start;
    if random.below(2) == 0 {
        bytes.drain(record);
        return "a record dropped";
    }
    bytes.splice(to..to, moved);
    let gone = if to <= record.start { record.start + record.len()..record.end + record.len() } else { record };
    bytes.drain(gone);
    "a record moved"
}

fn times(bytes: &mut [u8], walk: &Walk, random: &mut Random) -> &'static str {
    for _ in 0..=random.below(walk.frames.len().min(16)) {
        let start = walk.frames[random.below(walk.frames.len())].record.start;
        let at = start + if is_pcap(bytes) { 0 } else { 12 } + 4 * random.below(2);
        let odd = random.odd(take(bytes, at, walk.is_big_endian));
        put(bytes, at, odd, walk.is_big_endian);
    }
    "times changed"
}

/// The file's header, or its first blocks.
fn header(bytes: &mut [u8], random: &mut Random) -> &'static str {
    let reach = bytes.len().min(if is_pcap(bytes) { 24 } else { 128 });
    // The magic number rarely: of a file that is no capture, nothing is read.
    let from = if random.below(8) == 0 { 0 } else { 4.min(reach) };
    if reach > from {
        bytes[from + random.below(reach - from)] = random.byte();
    }
    "the header changed"
}

fn splice(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    let at = random.below(bytes.len());
    if random.below(2) == 0 {
        let len = (1 + random.below(64)).min(bytes.len() - at);
        bytes.drain(at..at + len);
        "bytes dropped"
    } else {
        let more: Vec<_> = (0..=random.below(64)).map(|_| random.byte()).collect();
        bytes.splice(at..at, more);
        "bytes put in"
    }
}

fn pack(bytes: &[u8], random: &mut Random) -> (Vec<u8>, &'static str) {
    match random.below(3) {
        0 => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(bytes).unwrap();
            (gzip.finish().unwrap(), "as gzip")
        }
        1 => {
            let level = ruzstd::encoding::CompressionLevel::Fastest;
            (ruzstd::encoding::compress_to_vec(bytes, level), "as Zstandard")
        }
        _ => {
            let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
            lz4.write_all(bytes).unwrap();
            (lz4.finish().unwrap(), "as LZ4")
        }
    }
}
