//! The program as its users run it: every test starts the built binary and reads what it prints.
//!
//! Captures are built byte by byte or come from `fixtures/`; nothing here needs tshark. Tests of live capture need the
//! right to capture and say in one line that they were skipped where it is missing.

mod bad_input;
mod captures;
mod check;
mod clock;
mod compressed;
mod consoles;
mod dependencies;
mod details;
mod doctor;
mod escaping;
mod exchanges;
mod faults;
mod files;
// Some of it serves only the tests of live capture.
#[cfg_attr(not(feature = "live"), allow(dead_code))]
mod harness;
mod languages;
mod limits;
mod live;
mod load;
mod matching;
mod mutations;
mod privileges;
mod properties;
mod reading;
mod report;
mod rows;
mod shell;
mod snapshots;
mod terminal;
