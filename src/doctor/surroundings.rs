//! Whose loopback adapter it is, and what else a command may want to run.

use super::{Check, Finding, Verdict};
use crate::check::screenshot::tesseract;
use crate::platform::Remedy;
use crate::platform::system::{self, Place};
use crate::tr;

pub(super) fn findings() -> Vec<Finding> {
    vec![place(system::place()), pictures(version().as_deref())]
}

fn place(place: Place) -> Finding {
    let finding = |verdict, found| Finding::new(Check::Place, verdict, found);
    match place {
        Place::Machine => finding(Verdict::Fine, tr!("doctor-place-machine")),
        Place::Container(kind) => {
            let host =
                Remedy::command(tr!("doctor-place-host-network"), "docker run --network=host --cap-add=NET_RAW …");
            finding(Verdict::Advice, tr!("doctor-place-container", kind = kind)).with([host])
        }
        Place::Wsl => {
            finding(Verdict::Advice, tr!("doctor-place-wsl")).with([Remedy::text(tr!("doctor-place-wsl-both"))])
        }
        Place::Sandbox(kind) => {
            let install = Remedy::command(tr!("doctor-place-outside"), "cargo install --path .");
            finding(Verdict::Advice, tr!("doctor-place-sandbox", kind = kind)).with([install])
        }
    }
}

/// What tesseract calls itself, where it is installed.
fn version() -> Option<String> {
    let output = tesseract::command().arg("--version").output().ok()?;
    // Before version 4 it said so on standard error.
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    Some(String::from_utf8_lossy(&said).lines().next()?.trim().to_owned())
}

fn pictures(version: Option<&str>) -> Finding {
    match version {
        Some(version) => {
            Finding::new(Check::Tesseract, Verdict::Fine, tr!("doctor-tesseract-there", version = version))
        }
        None => Finding::new(Check::Tesseract, Verdict::Advice, tr!("doctor-tesseract-missing"))
            .with([Remedy::command(tr!("doctor-tesseract-install"), tesseract::install_command())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_another_loopback_adapter_may_be_meant_that_is_said() {
        assert_eq!(place(Place::Machine).verdict, Verdict::Fine);
        for other in [Place::Container("Docker"), Place::Wsl, Place::Sandbox("Snap")] {
            assert_eq!(place(other).verdict, Verdict::Advice, "{other:?}");
            assert_eq!(place(other).remedies.len(), 1, "{other:?}");
        }
        assert!(place(Place::Container("Podman")).found.contains("Podman"));
    }

    #[test]
    fn tesseract_is_not_needed_for_a_capture() {
        assert_eq!(pictures(None).verdict, Verdict::Advice);
        assert!(pictures(Some("tesseract 5.3.0")).found.contains("tesseract 5.3.0"));
    }
}
