//! Windows: Npcap's driver lets everyone capture, unless it was installed for administrators only.
//!
//! Npcap's installer keeps that as `AdminOnly` beside its driver's other parameters in the registry.

use super::{Denial, Remedy};
use crate::tr;

/// Why the capture is denied, given what the registry says.
pub(super) fn explain(admin_only: Option<bool>) -> Denial {
    let terminal = Remedy::command(tr!("doctor-right-admin-terminal"), "Start-Process powershell -Verb RunAs");
    let again = Remedy::command(tr!("doctor-right-npcap-again"), "start https://npcap.com/#download");
    match admin_only {
        Some(true) => Denial { reason: tr!("doctor-right-admin-only"), remedies: vec![terminal, again] },
        _ => Denial { reason: tr!("doctor-right-driver"), remedies: vec![terminal] },
    }
}

/// Why this process may not capture.
#[cfg(windows)]
#[must_use]
pub fn denial() -> Denial {
    explain(crate::platform::library::npcap::admin_only())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_for_administrators_is_named() {
        assert!(explain(Some(true)).reason.contains("administrators"));
        assert_eq!(explain(Some(true)).remedies.len(), 2);
        assert_ne!(explain(Some(false)).reason, explain(Some(true)).reason);
        assert_eq!(explain(None), explain(Some(false)));
    }
}
