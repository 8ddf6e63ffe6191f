//! Compressed captures: read as if they were not, in files and pipes; and what is said of damaged ones.

use std::io::Write as _;

use flate2::write::GzEncoder;
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::captures::{Pcap, RAW, request};
use crate::harness::{Ran, loopshark, loopshark_with_input, program, start};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn lz4(bytes: &[u8]) -> Vec<u8> {
    use lz4_flex::frame::{BlockSize, FrameEncoder, FrameInfo};
    let info = FrameInfo::new().block_size(BlockSize::Max64KB).content_checksum(true);
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

type Compress = fn(&[u8]) -> Vec<u8>;

const FORMATS: [(&str, Compress); 3] = [("gzip", gzip), ("Zstandard", zstandard), ("LZ4", lz4)];

/// A part that every reader of Zstandard and LZ4 skips.
const SKIPPABLE: [u8; 11] = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, b'a', b'n', b'y'];

/// `fixtures/faults-lo.pcap` as `zstd`, `lz4` and `gzip` compress it, with the options in the names: the encoders that the
/// tests have write fewer kinds of blocks.
const BY_OTHERS: &str = "tests/cli/compressed";

fn packets(input: &[u8]) -> Ran {
    loopshark_with_input(["read", "-", "--view", "packets", "--all"], input)
}

/// So many frames, which do not compress well.
fn capture(frames: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let frame = |pcap: Pcap, n: u32| {
        let mut data = request(50_000);
        for _ in 0..64 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            data.extend(state.to_be_bytes());
        }
        pcap.frame(n, &data)
    };
    (0..frames).fold(Pcap::new(RAW), frame).bytes
}

#[test]
fn a_compressed_capture_reads_as_the_capture() {
    for fixture in ["practica6.pcap", "node-lo.pcapng"] {
        let path = format!("fixtures/{fixture}");
        let plain = loopshark(["read", &path]);
        let bytes = std::fs::read(&path).unwrap();
        let dir = tempfile::tempdir().unwrap();
        for (name, compress) in FORMATS {
            // Its name says nothing.
            let file = dir.path().join(format!("{name}.txt"));
            std::fs::write(&file, compress(&bytes)).unwrap();
            for ran in
                [loopshark(["read", file.to_str().unwrap()]), loopshark_with_input(["read", "-"], &compress(&bytes))]
            {
                assert_eq!((ran.status, &ran.stdout, &ran.stderr), (Some(0), &plain.stdout, &plain.stderr), "{name}");
            }
        }
    }
}

#[test]
fn members_follow_each_other_and_what_can_be_skipped_is() {
    let bytes = capture(400);
    let plain = packets(&bytes).stdout;
    for (name, compress) in FORMATS {
        let halves = bytes.split_at(bytes.len() / 2);
        let many = bytes.chunks(7_001).flat_map(compress).collect();
        let parts: [Vec<u8>; 4] = [
            [compress(halves.0), compress(halves.1)].concat(),
            [compress(&bytes), compress(b""), vec![0; 700]].concat(),
            [SKIPPABLE.to_vec(), compress(halves.0), SKIPPABLE.to_vec(), compress(halves.1)].concat(),
            many,
        ];
        for compressed in parts {
            let ran = packets(&compressed);
            assert_eq!((ran.status, &ran.stdout, ran.stderr.as_str()), (Some(0), &plain, ""), "{name}");
        }
    }
}

#[test]
fn files_that_other_programs_compressed_are_read() {
    let plain = loopshark(["read", "fixtures/faults-lo.pcap"]).stdout;
    for name in
        ["zstd-19", "zstd-fast-no-check", "zstd-stream", "lz4-9-linked", "lz4-block-sums", "gzip-9", "gzip-members"]
    {
        let ran = loopshark(["read".to_owned(), format!("{BY_OTHERS}/{name}")]);
        assert_eq!((ran.status, &ran.stdout), (Some(0), &plain), "{name}: {}", ran.stderr);
    }
}

#[test]
fn a_cut_compressed_capture_shows_the_frames_before_the_cut() {
    let bytes = capture(4_000);
    let plain = packets(&bytes).stdout;
    for (name, compress) in FORMATS {
        let mut compressed = compress(&bytes);
        compressed.truncate(compressed.len() / 2);
        let ran = packets(&compressed);
        let at = format!("cut short at byte {} of the {name} file", compressed.len());
        ran.fails_with(&["standard input", &at]);
        assert!(plain.starts_with(&ran.stdout), "{name}");
        // A block is at most 128 KiB in Zstandard; the encoder's are 64 KiB in LZ4.
        let shown = ran.stdout.lines().count();
        assert!((1_500..=2_100).contains(&shown), "{name}: {shown}");
    }
}

#[test]
fn a_damaged_compressed_capture_shows_the_frames_before_the_damage() {
    let bytes = capture(4_000);
    let plain = packets(&bytes).stdout;
    for (name, compress) in FORMATS {
        let mut compressed = compress(&bytes);
        let middle = compressed.len() / 2;
        compressed[middle..middle + 9].fill(0xff);
        let ran = packets(&compressed);
        assert_eq!((ran.status, ran.stderr.lines().count()), (Some(2), 1), "{name}: {}", ran.stderr);
        // What damaged data decompresses to may look like frames for a while.
        let same = ran.stdout.lines().zip(plain.lines()).take_while(|(a, b)| a == b).count();
        assert!(same > 1_500, "{name}: {same}, {}", ran.stderr);
    }
}

#[test]
fn sums_that_do_not_match_are_told() {
    let bytes = capture(10);
    let plain = packets(&bytes).stdout;
    for (name, compress, behind) in [("gzip", gzip as Compress, 8), ("Zstandard", zstandard, 4), ("LZ4", lz4, 4)] {
        let mut compressed = compress(&bytes);
        let at = compressed.len() - behind;
        compressed[at] ^= 1;
        let ran = packets(&compressed);
        ran.fails_with(&["standard input: damaged at byte ", &format!("of the {name} file"), "heck"]);
        assert_eq!(ran.stdout, plain);
    }
}

#[test]
fn what_follows_and_is_no_part_of_it_is_told() {
    for (name, compress) in FORMATS {
        let ran = packets(&[compress(&capture(3)), b"no such thing".to_vec()].concat());
        ran.fails_with(&[&format!("of the {name} file: what stands there is no further part of it")]);
        assert_eq!(ran.stdout.lines().count(), 3);
        packets(&[compress(&capture(3)), SKIPPABLE[..9].to_vec()].concat()).fails_with(&["cut short"]);
    }
}

#[test]
fn a_compressed_file_without_a_capture_says_so() {
    for (name, compress) in FORMATS {
        for (inside, words) in [
            (b"hello, world, this is no capture at all".as_slice(), "something that begins with the text `hell`"),
            (b"", "less than a capture's header"),
            (b"\xa1\xb2", "less than a capture's header"),
        ] {
            packets(&compress(inside)).fails_with(&["standard input: holds no capture", name, words]);
        }
        packets(&compress(&gzip(&capture(1)))).fails_with(&["begins with the bytes 1f8b08"]);
        let inside = format!("of what the {name} file decompresses to: the record there needs");
        let mut cut = capture(2);
        cut.pop();
        packets(&compress(&cut)).fails_with(&["cut short at byte ", &inside]);
    }
}

#[test]
fn a_window_that_wants_too_much_memory_is_refused() {
    // A frame header: one gigabyte, whatever the content's size.
    let ran = packets(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00]);
    ran.fails_with(&["Zstandard file: it asks for a window of 1024 MiB, more than the 128 that are kept"]);
}

#[test]
fn what_is_not_decompressed_comes_with_advice() {
    for (magic, command) in [
        (b"\xfd7zXZ\0\0\x04".as_slice(), "xz -dc"),
        (b"BZh91AY&", "bzip2 -dc"),
        (b"PK\x03\x04\x14\0\0\0", "unzip -p"),
        (b"\x02\x21\x4c\x18....", "lz4 -dc"),
    ] {
        packets(magic).fails_with(&["is not a capture", command, "| loopshark read -"]);
    }
}

#[test]
fn a_compressed_pipe_is_shown_as_it_fills() {
    let mut running = start(program().args(["read", "-", "--view", "packets"]));
    let mut pipe = running.child.stdin.take().unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&Pcap::new(RAW).frame(0, &request(50_000)).bytes).unwrap();
    encoder.flush().unwrap();
    pipe.write_all(encoder.get_ref()).unwrap();
    assert!(running.stdout.next().contains("50000 → 8080"));
    drop(pipe);
    running.stderr.find("cut short");
    assert_eq!(running.status(), Some(2));
}

#[test]
fn a_pipe_that_breaks_records_in_the_middle_is_shown_as_it_fills() {
    let mut running = start(program().args(["read", "-", "--view", "packets"]));
    let mut pipe = running.child.stdin.take().unwrap();
    let bytes = Pcap::new(RAW).frame(0, &request(50_000)).frame(1, &request(50_001)).bytes;
    let (whole, rest) = bytes.split_at(bytes.len() - 30);
    pipe.write_all(whole).unwrap();
    assert!(running.stdout.next().contains("50000 → 8080"));
    pipe.write_all(rest).unwrap();
    assert!(running.stdout.next().contains("50001 → 8080"));
    drop(pipe);
    assert_eq!(running.status(), Some(0));
}

#[test]
fn a_report_is_checked_against_a_compressed_capture() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("capture.pcap.gz");
    std::fs::write(&file, gzip(&std::fs::read("fixtures/practica6.pcap").unwrap())).unwrap();
    let file = file.to_str().unwrap();
    let ran = loopshark(["check", "fixtures/reports/mail.txt", file]);
    assert_eq!(ran.stdout, loopshark(["check", "fixtures/reports/mail.txt", "fixtures/practica6.pcap"]).stdout);
    assert_eq!(ran.status, Some(1));
}

/// What can be read of a stream, frame by frame.
fn frames(bytes: &[u8]) -> (Vec<Vec<u8>>, bool) {
    use loopshark::source::{Event, Source as _, file::CaptureFile};
    let reader = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let Ok(mut file) = CaptureFile::from_reader(reader, "test") else { return (Vec::new(), false) };
    let mut frames = Vec::new();
    loop {
        match file.next_event() {
            Ok(Event::Frame(frame)) => frames.push(frame.data.to_vec()),
            Ok(Event::Idle) => panic!("a file never rests"),
            Ok(Event::End) => return (frames, true),
            Err(_) => return (frames, false),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_cut_leaves_a_prefix(format in 0..3_usize, frame_count in 0_u32..40, part in 0.0..1.0_f64) {
        let whole = capture(frame_count);
        let compressed = FORMATS[format].1(&whole);
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let cut = (compressed.len() as f64 * part) as usize;
        let (all, is_whole) = frames(&compressed);
        prop_assert!(is_whole && all.len() == frame_count as usize);
        let (some, is_whole) = frames(&compressed[..cut]);
        prop_assert!(!is_whole && all.starts_with(&some));
    }

    #[test]
    fn any_damage_is_survived(format in 0..3_usize, places in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 1..6)) {
        let mut compressed = FORMATS[format].1(&capture(30));
        for (part, byte) in places {
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
            let at = (compressed.len() as f64 * part) as usize;
            compressed[at] = byte;
        }
        frames(&compressed);
    }
}
