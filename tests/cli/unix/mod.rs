//! What only Unix has: terminals that a test can look at, signals, a shell that sets limits, modes of files.

mod consoles;
mod escaping;
pub mod faults;
pub mod harness;
mod live;
mod load;
mod snapshots;
mod terminal;
