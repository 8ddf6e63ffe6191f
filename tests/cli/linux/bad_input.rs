//! A disk that is always full.

use crate::harness::program;

#[test]
fn a_full_disk_is_trouble() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program().args(["read", "fixtures/practica6.pcap"]).stdout(full).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("can't write the results"), "{error}");
}
