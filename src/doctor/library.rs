//! The library that captures: whether this build has it, which it is, and what Npcap's needs beside it.

use super::{Check, Finding, Verdict};
use crate::platform::Remedy;
use crate::platform::library::{Installed, installed};
use crate::tr;

pub(super) fn findings() -> Vec<Finding> {
    if cfg!(not(feature = "live")) {
        let build = Remedy::command(tr!("doctor-library-build"), "cargo build --release");
        return vec![Finding::new(Check::Library, Verdict::Trouble, tr!("doctor-library-none")).with([build])];
    }
    let found = match installed() {
        Installed::Npcap(facts) => return super::npcap::findings(&facts),
        Installed::Libpcap(Some((path, version))) => tr!("doctor-library-version", version = version, path = path),
        Installed::Libpcap(None) => tr!("doctor-library-linked"),
    };
    vec![Finding::new(Check::Library, Verdict::Fine, found)]
}
