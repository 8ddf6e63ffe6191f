//! A report's PDF: the text and the pictures of its pages.
//!
//! The library that interprets pages may panic: the program takes that for damage, as long as it is the library's. Else it
//! is a finding.
#![no_main]

use std::{env, process, thread};

use libfuzzer_sys::fuzz_target;
use loopshark::check::pdf;

/// Ends the process at a panic that the program does not expect; the hook before would do so at each.
fn tell_panics_apart() {
    let end = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_apart = thread::current().name() == Some(pdf::THREAD);
        let is_foreign = panic.location().is_some_and(|place| place.file().contains("/registry/src/"));
        if !(is_apart && is_foreign) {
            end(panic);
            process::abort();
        }
        if env::var_os("SHOW_PANICS").is_some() {
            eprintln!("{panic}");
        }
    }));
}

fuzz_target!(init: tell_panics_apart(), |input: &[u8]| {
    let _ = pdf::read(input);
});
