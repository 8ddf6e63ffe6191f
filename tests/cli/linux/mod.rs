//! What only Linux has: `/dev/full`, `/proc`, capabilities, and networks and disks of a process of its own.

mod bad_input;
mod doctor;
mod escaping;
mod faults;
#[cfg(feature = "live")]
mod harness;
mod limits;
mod live;
mod privileges;
