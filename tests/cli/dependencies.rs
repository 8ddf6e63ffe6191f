//! What the program is made of, as far as Cargo itself can say it; licences, sources and duplicates are `.deny.toml`'s.

use std::process::Command;

use crate::harness::{skip, wine_lacks};

/// The version of Rust that Cargo.toml promises is enough for every dependency that says what it needs.
#[test]
fn no_dependency_needs_a_later_rust() {
    if wine_lacks("Cargo, which is a program of the system that Wine runs on") {
        return;
    }
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(["metadata", "--format-version", "1", "--locked", "--offline"]).output().unwrap();
    if !output.status.success() {
        return skip("not every dependency of every system is here; `cargo fetch` brings them");
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let needs = |package: &serde_json::Value| {
        let version = package["rust_version"].as_str()?;
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap());
        Some((parts.next().unwrap(), parts.next().unwrap()))
    };
    let own = packages.iter().find(|package| package["name"] == env!("CARGO_PKG_NAME")).and_then(needs).unwrap();
    let later: Vec<_> =
        packages.iter().filter(|package| needs(package) > Some(own)).map(|package| &package["id"]).collect();
    assert!(packages.len() > 100 && later.is_empty(), "{later:?}");
}
