//! What `doctor` finds on Linux only.

use crate::doctor::{check, doctor, socket};

#[test]
fn who_holds_the_port_is_named() {
    let (_, said) = doctor(&socket());
    let me = format!("({})", std::process::id());
    assert!(check(&said, "service")["found"].as_str().unwrap().contains(&me), "{said}");
}
