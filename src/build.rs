//! Links the program for Windows so that it starts without Npcap: `wpcap.dll` is loaded with the first call into it.
//!
//! Microsoft's linker does that itself. GNU's takes an import library whose entries do it, which `dlltool` makes here and
//! which stands before the SDK's on the search path, as this package does before its dependencies.
//!
//! The program's manifest makes UTF-8 its code page, in which Npcap then describes adapters: in any other, one letter that
//! is not ASCII in one of them would keep the crate pcap from listing any.

use std::env;
use std::path::Path;
use std::process::Command;

use embed_manifest::{embed_manifest, new_manifest};

const FUNCTIONS: &str = "src/platform/library/wpcap.def";

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    println!("cargo:rerun-if-changed={FUNCTIONS}");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "windows") {
        return;
    }
    embed_manifest(new_manifest("loopshark")).expect("the manifest is written beside what is built");
    if env::var_os("CARGO_FEATURE_LIVE").is_none() {
        return;
    }
    if is("CARGO_CFG_TARGET_ENV", "msvc") {
        println!("cargo:rustc-link-lib=delayimp");
        println!("cargo:rustc-link-arg=/DELAYLOAD:wpcap.dll");
    } else {
        make_import_library();
    }
}

fn make_import_library() {
    let folder = env::var("OUT_DIR").expect("cargo gives it");
    let library = Path::new(&folder).join("libwpcap.a");
    let arch = env::var("CARGO_CFG_TARGET_ARCH").expect("cargo gives it");
    let prefix = if arch == "x86" { "i686" } else { &arch };
    let made = [&format!("{prefix}-w64-mingw32-dlltool"), "dlltool"].into_iter().any(|dlltool| {
        let mut command = Command::new(dlltool);
        command.args(["--input-def", FUNCTIONS, "--dllname", "wpcap.dll", "--output-delaylib"]).arg(&library);
        command.status().is_ok_and(|status| status.success())
    });
    if made {
        println!("cargo:rustc-link-search=native={folder}");
    } else {
        println!(
            "cargo:warning=no dlltool (of mingw-w64) was found: the program will not start where Npcap is missing"
        );
    }
}
