//! The program as its users run it: every test starts the built binary and reads what it prints.
//!
//! Captures are built byte by byte or come from `fixtures/`; nothing here needs tshark. Tests of live capture need the
//! right to capture and say in one line that they were skipped where it is missing.

#[cfg(unix)]
mod unix;

#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
mod elsewhere;

// What differs between systems in tests that all of them have.
#[cfg_attr(unix, path = "unix/system.rs")]
#[cfg_attr(not(unix), path = "elsewhere/system.rs")]
mod system;

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
mod properties;
mod reading;
mod report;
mod rows;
mod shell;
mod snapshots;
mod terminal;
