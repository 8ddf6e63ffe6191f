//! How much memory the program may take, where the system holds it to that.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::captures::{Order, Pcapng, request};
use crate::harness::Ran;
use crate::limits::{beginning_and_filling, gzip};

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn lz4(bytes: &[u8]) -> Vec<u8> {
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    lz4.write_all(bytes).unwrap();
    lz4.finish().unwrap()
}

/// Runs the program with no more memory for its data than this.
fn read_within(mib: usize, capture: &[u8]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("capture");
    std::fs::write(&path, capture).unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -d {} && exec \"$0\" \"$@\"", mib * 1024), env!("CARGO_BIN_EXE_loopshark")])
        .args(["read", "--view", "packets"])
        .arg(path)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { stdout: text(output.stdout), stderr: text(output.stderr), status: output.status.code() }
}

#[test]
fn what_decompresses_to_many_times_its_size_is_read_in_the_memory_of_a_window() {
    const FILLINGS: usize = 256;
    let (beginning, filling) = beginning_and_filling();
    let end = Pcapng::new(Order::Little).interface(101, 0, &[]).frame(0, 1, &request(50_000)).bytes;
    for (name, compress) in [("gzip", gzip as fn(&[u8]) -> _), ("Zstandard", zstandard), ("LZ4", lz4)] {
        let bomb = [compress(&beginning), compress(&filling).repeat(FILLINGS), compress(&end)].concat();
        assert!(bomb.len() * 100 < filling.len() * FILLINGS, "{name}: {}", bomb.len());
        let ran = read_within(64, &bomb);
        assert_eq!((ran.status, ran.stdout.lines().count(), ran.stderr.as_str()), (Some(0), 1, ""), "{name}");
    }
}
