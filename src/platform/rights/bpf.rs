//! macOS and the BSDs: capturing takes a `/dev/bpf*` that may be read and written, which by default only root does.
//!
//! Wireshark's `ChmodBPF` gives the devices of macOS to the group `access_bpf` at each start. See bpf(4).

use super::{Denial, Remedy};
use crate::tr;

/// What is known of the devices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// Whether there are any.
    pub present: bool,
    /// Whether a group may read and write them, as it is where `ChmodBPF` is installed.
    pub group_may: bool,
    /// Whether this is macOS.
    pub macos: bool,
}

/// Why these facts deny the capture.
pub(super) fn explain(facts: Facts) -> Denial {
    if !facts.present {
        let reason = tr!("doctor-right-no-bpf");
        return Denial { reason, remedies: vec![Remedy::text(tr!("doctor-right-leave-sandbox"))] };
    }
    let until_restart = Remedy::command(tr!("doctor-right-chown"), "sudo chown \"$USER\" /dev/bpf*");
    match facts {
        Facts { macos: true, group_may: true, .. } => {
            let join = "sudo dseditgroup -o edit -a \"$USER\" -t user access_bpf";
            let join = Remedy::command(tr!("doctor-right-join-group"), join);
            Denial { reason: tr!("doctor-right-bpf-group"), remedies: vec![join, until_restart] }
        }
        Facts { macos: true, .. } => {
            let install = "brew install --cask wireshark-chmodbpf";
            let install = Remedy::command(tr!("doctor-right-chmodbpf"), install);
            Denial { reason: tr!("doctor-right-bpf"), remedies: vec![until_restart, install] }
        }
        _ => Denial { reason: tr!("doctor-right-bpf"), remedies: vec![until_restart] },
    }
}

/// Why this process may not capture.
#[cfg(not(any(target_os = "linux", windows)))]
#[must_use]
pub fn denial() -> Denial {
    use std::os::unix::fs::PermissionsExt as _;

    let first = ["/dev/bpf0", "/dev/bpf"].into_iter().find_map(|path| std::fs::metadata(path).ok());
    let group_may = first.as_ref().is_some_and(|device| device.permissions().mode() & 0o060 == 0o060);
    explain(Facts { present: first.is_some(), group_may, macos: cfg!(target_os = "macos") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_command(present: bool, group_may: bool, macos: bool) -> Option<String> {
        explain(Facts { present, group_may, macos }).remedies[0].command.clone()
    }

    #[test]
    fn devices_of_root_alone_are_given_to_the_user() {
        assert_eq!(first_command(true, false, true).unwrap(), "sudo chown \"$USER\" /dev/bpf*");
        assert_eq!(first_command(true, false, false).unwrap(), "sudo chown \"$USER\" /dev/bpf*");
    }

    #[test]
    fn with_chmodbpf_the_user_joins_its_group() {
        assert!(first_command(true, true, true).unwrap().ends_with("-t user access_bpf"));
    }

    #[test]
    fn without_devices_no_command_helps() {
        assert_eq!(first_command(false, false, true), None);
    }
}
