//! Linux: a packet socket takes `CAP_NET_RAW`, which root has, a file can carry, and a container may lack.
//!
//! What a process has is in `/proc/self/status` (proc(5)); what a file carries is its attribute `security.capability`
//! (`struct vfs_cap_data` in linux/capability.h). See capabilities(7).

use super::{Denial, Remedy};
use crate::tr;

/// The capability's number.
const NET_RAW: u32 = 13;

/// What is known of a process that may not capture.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct Facts {
    /// Whether it has the capability.
    pub effective: bool,
    /// Whether it could ever have it.
    pub bounding: bool,
    /// Whether it, and what it starts, can gain nothing more.
    pub no_new_privs: bool,
    /// Whether it is root.
    pub root: bool,
    /// Whether it runs in a container.
    pub container: bool,
    /// What the program's file carries.
    pub file: FileCapability,
    /// Whether what files carry counts where that file is.
    pub nosuid: bool,
    /// The program's path, quoted for a shell.
    pub program: String,
    /// What installs `setcap`, where it is missing.
    pub install_setcap: Option<String>,
}

/// What a file carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum FileCapability {
    /// Nothing.
    #[default]
    Missing,
    /// The capability, in effect as the program starts.
    Effective,
    /// The capability, without being in effect.
    Permitted,
    /// The file system keeps no capabilities.
    Unsupported,
}

/// Why these facts deny the capture, from what can't be overcome to what can.
pub(super) fn explain(facts: &Facts) -> Denial {
    let Facts { program, .. } = facts;
    let denial = |reason: String, remedies: Vec<Remedy>| Denial { reason, remedies };
    if facts.effective {
        return denial(tr!("doctor-right-sandbox"), vec![Remedy::text(tr!("doctor-right-leave-sandbox"))]);
    }
    if !facts.bounding && facts.container {
        let run = Remedy::command(tr!("doctor-right-start-container"), "docker run --cap-add=NET_RAW …");
        let pod = Remedy::command(tr!("doctor-right-pod"), "securityContext: {capabilities: {add: [NET_RAW]}}");
        return denial(tr!("doctor-right-container"), vec![run, pod]);
    }
    if facts.root || !facts.bounding {
        return denial(tr!("doctor-right-bounding"), vec![Remedy::text(tr!("doctor-right-other-start"))]);
    }
    let as_root = Remedy::command(tr!("doctor-right-as-root"), format!("sudo {program} capture"));
    if facts.no_new_privs {
        return denial(tr!("doctor-right-no-new-privs"), vec![Remedy::text(tr!("doctor-right-leave-sandbox"))]);
    }
    if facts.nosuid || facts.file == FileCapability::Unsupported {
        let to = "/usr/local/bin/loopshark";
        let install = format!("sudo install {program} {to} && sudo setcap cap_net_raw+ep {to}");
        let reason = tr!("doctor-right-file-system");
        return denial(
            reason,
            with_setcap(facts, vec![Remedy::command(tr!("doctor-right-install"), install), as_root]),
        );
    }
    let reason = match facts.file {
        FileCapability::Permitted => tr!("doctor-right-permitted-only"),
        FileCapability::Effective => tr!("doctor-right-not-in-effect"),
        _ => tr!("doctor-right-missing"),
    };
    let set = Remedy::command(tr!("doctor-right-setcap"), format!("sudo setcap cap_net_raw+ep {program}"));
    denial(reason, with_setcap(facts, vec![set, as_root]))
}

/// The remedies, and in front of them what they need.
fn with_setcap(facts: &Facts, remedies: Vec<Remedy>) -> Vec<Remedy> {
    let install = facts.install_setcap.iter();
    install.map(|install| Remedy::command(tr!("doctor-right-get-setcap"), install)).chain(remedies).collect()
}

/// Takes up what `/proc/self/status` says.
fn read_status(status: &str, facts: &mut Facts) {
    let value = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    let has =
        |name| value(name).and_then(|set| u64::from_str_radix(set, 16).ok()).is_some_and(|set| set >> NET_RAW & 1 == 1);
    facts.effective = has("CapEff");
    facts.bounding = has("CapBnd");
    facts.no_new_privs = value("NoNewPrivs") == Some("1");
    facts.root = value("Uid").and_then(|ids| ids.split_whitespace().nth(1)) == Some("0");
}

/// What a file's attribute says: a word with a version and the effective bit, then the permitted capabilities.
fn read_attribute(bytes: &[u8]) -> FileCapability {
    let word = |at: usize| bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes);
    match (word(0), word(4)) {
        (Some(magic), Some(permitted)) if permitted >> NET_RAW & 1 == 1 => {
            if magic & 1 == 1 {
                FileCapability::Effective
            } else {
                FileCapability::Permitted
            }
        }
        _ => FileCapability::Missing,
    }
}

/// Why this process may not capture.
#[cfg(target_os = "linux")]
#[must_use]
pub fn denial() -> Denial {
    explain(&facts())
}

#[cfg(target_os = "linux")]
fn facts() -> Facts {
    use crate::platform::system;
    use rustix::fs::StatVfsMountFlags;

    let path = std::env::current_exe().unwrap_or_else(|_| "loopshark".into());
    let program = path.to_string_lossy();
    let mut facts = Facts {
        container: system::place().is_container(),
        file: file_capability(&path),
        nosuid: rustix::fs::statvfs(&path).is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::NOSUID)),
        program: shlex::try_quote(&program).map_or_else(|_| program.to_string(), std::borrow::Cow::into_owned),
        install_setcap: (!system::is_installed("setcap"))
            .then(|| system::install_command(&["libcap2-bin", "libcap", "libcap", "libcap-progs", "libcap"])),
        ..Facts::default()
    };
    read_status(&std::fs::read_to_string("/proc/self/status").unwrap_or_default(), &mut facts);
    facts
}

#[cfg(target_os = "linux")]
fn file_capability(path: &std::path::Path) -> FileCapability {
    let mut attribute = [0; 64];
    match rustix::fs::getxattr(path, "security.capability", &mut attribute) {
        Ok(len) => read_attribute(attribute.get(..len).unwrap_or_default()),
        Err(rustix::io::Errno::OPNOTSUPP) => FileCapability::Unsupported,
        Err(_) => FileCapability::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A user's process, with a file that could be given the capability.
    fn user() -> Facts {
        Facts { bounding: true, program: "/home/ana/loopshark".to_owned(), ..Facts::default() }
    }

    fn first_command(facts: &Facts) -> String {
        explain(facts).remedies[0].command.clone().unwrap_or_default()
    }

    #[test]
    fn a_user_grants_the_program_s_own_file_the_capability() {
        let denial = explain(&user());
        assert_eq!(denial.reason, "CAP_NET_RAW is missing");
        let commands: Vec<_> = denial.remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
        assert_eq!(commands, ["sudo setcap cap_net_raw+ep /home/ana/loopshark", "sudo /home/ana/loopshark capture"]);
    }

    #[test]
    fn setcap_itself_is_installed_first_where_it_is_missing() {
        let facts = Facts { install_setcap: Some("sudo apt install libcap2-bin".to_owned()), ..user() };
        assert_eq!(first_command(&facts), "sudo apt install libcap2-bin");
    }

    #[test]
    fn a_container_without_the_capability_is_started_with_it_even_by_root() {
        for root in [false, true] {
            let facts = Facts { bounding: false, container: true, root, ..user() };
            assert!(explain(&facts).reason.contains("container"), "{root}");
            assert!(first_command(&facts).contains("--cap-add=NET_RAW"), "{root}");
        }
        let outside = Facts { bounding: false, root: true, ..user() };
        assert!(!explain(&outside).reason.contains("container"));
    }

    #[test]
    fn where_files_carry_nothing_the_program_is_installed_elsewhere() {
        for facts in [Facts { nosuid: true, ..user() }, Facts { file: FileCapability::Unsupported, ..user() }] {
            assert_eq!(
                first_command(&facts),
                "sudo install /home/ana/loopshark /usr/local/bin/loopshark \
                 && sudo setcap cap_net_raw+ep /usr/local/bin/loopshark"
            );
        }
    }

    #[test]
    fn no_new_privileges_is_named_before_the_file_that_could_do_nothing_about_it() {
        let facts = Facts { no_new_privs: true, file: FileCapability::Effective, ..user() };
        assert!(explain(&facts).reason.contains("no_new_privs"));
        assert_eq!(first_command(&facts), "");
    }

    #[test]
    fn a_capability_that_does_not_help_means_a_sandbox() {
        assert!(explain(&Facts { effective: true, ..user() }).reason.contains("sandbox"));
    }

    #[test]
    fn the_status_of_a_process_is_read() {
        let status = "Name:\tloopshark\nUid:\t1000\t0\t1000\t1000\nCapInh:\t0000000000000000\nCapEff:\t0000000000002000\n\
                      CapBnd:\t000001ffffffdfff\nNoNewPrivs:\t1\n";
        let mut facts = Facts::default();
        read_status(status, &mut facts);
        assert_eq!((facts.effective, facts.bounding, facts.no_new_privs, facts.root), (true, false, true, true));
        read_status("", &mut facts);
        assert_eq!((facts.effective, facts.bounding, facts.no_new_privs, facts.root), (false, false, false, false));
    }

    #[test]
    fn the_attribute_of_a_file_is_read() {
        // Version 2 with the effective bit; CAP_NET_RAW permitted, nothing inheritable.
        let attribute = [0x01, 0, 0, 0x02, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(read_attribute(&attribute), FileCapability::Effective);
        let permitted = [&[0], &attribute[1..]].concat();
        assert_eq!(read_attribute(&permitted), FileCapability::Permitted);
        // CAP_NET_BIND_SERVICE alone.
        assert_eq!(read_attribute(&[0x01, 0, 0, 0x02, 0x00, 0x04, 0, 0]), FileCapability::Missing);
        assert_eq!(read_attribute(&attribute[..6]), FileCapability::Missing);
        assert_eq!(read_attribute(&[]), FileCapability::Missing);
    }
}
