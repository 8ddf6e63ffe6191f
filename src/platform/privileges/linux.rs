//! Linux: users, groups and capabilities, see capabilities(7).
//!
//! Each thread has capabilities of its own, so that they are dropped before the first thread is started. Nothing is
//! believed that the kernel does not confirm: what is left is read back.

use std::ffi::CString;
use std::io;

use nix::unistd::{Gid, Uid, User, geteuid, getresgid, getresuid, initgroups, setgroups, setresgid, setresuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set, no_new_privs,
    remove_capability_from_bounding_set, set_capabilities, set_no_new_privs,
};

use super::PrivilegeError;

/// Who owns nothing, where the system has no `nobody` (the kernel's own number for it).
const NOBODY: u32 = 65_534;

const NONE: CapabilitySets = CapabilitySets {
    effective: CapabilitySet::empty(),
    permitted: CapabilitySet::empty(),
    inheritable: CapabilitySet::empty(),
};

/// Somebody whom the process can become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name, where the system knows one, or the number.
    pub name: String,
    /// The number of the user.
    pub uid: u32,
    /// The number of the first group.
    pub gid: u32,
    /// Whether the system knows of other groups.
    is_listed: bool,
}

impl Account {
    fn nobody() -> Self {
        let listed = User::from_name("nobody").ok().flatten().map(Self::from);
        listed.unwrap_or_else(|| Self { name: "nobody".to_owned(), uid: NOBODY, gid: NOBODY, is_listed: false })
    }

    fn called(wanted: &str) -> Option<Self> {
        let by_name = User::from_name(wanted).ok().flatten();
        let by_number = || User::from_uid(Uid::from_raw(wanted.parse().ok()?)).ok().flatten();
        by_name.or_else(by_number).map(Self::from)
    }

    fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// Becomes this user, in all threads, and does not go on as another.
    fn enter(&self) -> io::Result<()> {
        let (uid, gid) = (Uid::from_raw(self.uid), Gid::from_raw(self.gid));
        if self.is_listed {
            initgroups(&CString::new(self.name.as_str())?, gid)?;
        } else {
            setgroups(&[])?;
        }
        setresgid(gid, gid, gid)?;
        setresuid(uid, uid, uid)?;
        let (users, groups) = (getresuid()?, getresgid()?);
        let is_entered = [users.real, users.effective, users.saved].iter().all(|now| *now == uid)
            && [groups.real, groups.effective, groups.saved].iter().all(|now| *now == gid);
        // The way back must be closed.
        if is_entered && setresuid(Uid::from_raw(0), Uid::from_raw(0), Uid::from_raw(0)).is_err() {
            Ok(())
        } else {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw(), is_listed: true }
    }
}

/// What the process has, and whom it becomes.
#[derive(Debug)]
pub struct Privileges {
    is_root: bool,
    /// Who was named, or called `sudo`.
    owner: Option<Account>,
}

impl Privileges {
    /// What this process has. Root becomes the `user` with this name or number, where one is given.
    pub fn new(user: Option<&str>) -> Result<Self, PrivilegeError> {
        let is_root = geteuid().is_root();
        let Some(wanted) = user else {
            return Ok(Self { is_root, owner: invoker() });
        };
        let account = Account::called(wanted).ok_or_else(|| PrivilegeError::NoSuchUser(wanted.to_owned()))?;
        if is_root || account.uid == geteuid().as_raw() {
            Ok(Self { is_root, owner: Some(account) })
        } else {
            Err(PrivilegeError::NotRoot(account.name))
        }
    }

    /// Who owns what is created, where that is not the process's own user.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_ref().filter(|owner| self.is_root && !owner.is_root()).map(|owner| owner.name.as_str())
    }

    /// Becomes the user who is to own what is created from now on, where that is not root.
    pub fn become_owner(&self) -> Result<(), PrivilegeError> {
        self.owner.iter().filter(|owner| self.is_root && !owner.is_root()).try_for_each(enter)
    }

    /// Gives up everything: root becomes `nobody`, unless it became another already or was asked to stay. No capability
    /// is left, and none can come back, not by starting another program either.
    pub fn drop_all(&self) -> Result<(), PrivilegeError> {
        if self.is_root && self.owner.is_none() {
            enter(&Account::nobody())?;
        }
        drop_capabilities().map_err(|cause| PrivilegeError::Refused { user: "root".to_owned(), cause })
    }
}

fn enter(account: &Account) -> Result<(), PrivilegeError> {
    limit();
    account.enter().map_err(|cause| PrivilegeError::Refused { user: account.name.clone(), cause })
}

/// Drops what the program's file carries for the sake of captures. Root keeps all, for it may be there because of a file
/// that only root can read.
pub fn drop_those_of_file() -> io::Result<()> {
    if geteuid().is_root() || capabilities(None)?.permitted.is_empty() { Ok(()) } else { drop_capabilities() }
}

/// Drops all capabilities of this thread, and of those that it starts, for good.
fn drop_capabilities() -> io::Result<()> {
    limit();
    // Kernels before 4.3 have none to clear.
    let _ = clear_ambient_capability_set();
    set_capabilities(None, NONE)?;
    set_no_new_privs(true)?;
    if capabilities(None)? == NONE && no_new_privs()? { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// No program that is started gets any capability from its file, either. Only who has one of them can do this; the others
/// have [`set_no_new_privs`].
fn limit() {
    for number in 0..u64::BITS {
        let _ = remove_capability_from_bounding_set(CapabilitySet::from_bits_retain(1 << number));
    }
}

/// Who started this process as root, with `sudo` or the like.
#[must_use]
pub fn invoker() -> Option<Account> {
    if !geteuid().is_root() {
        return None;
    }
    invoker_of(|name| std::env::var(name).ok(), Account::called)
}

/// What `sudo`, `pkexec` and `doas` leave in the environment of what they start.
fn invoker_of(variable: impl Fn(&str) -> Option<String>, account: impl Fn(&str) -> Option<Account>) -> Option<Account> {
    let named = ["SUDO_UID", "PKEXEC_UID", "DOAS_USER"].iter().find_map(|name| variable(name))?;
    let unlisted = || {
        let number = |name| variable(name)?.parse().ok();
        let (uid, gid) = (number("SUDO_UID")?, number("SUDO_GID")?);
        Some(Account { name: named.clone(), uid, gid, is_listed: false })
    };
    account(&named).or_else(unlisted).filter(|account| !account.is_root())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str, uid: u32, is_listed: bool) -> Account {
        Account { name: name.to_owned(), uid, gid: 100, is_listed }
    }

    fn invoker_with(variables: &[(&str, &str)]) -> Option<Account> {
        let variable = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, is)| (*is).to_owned());
        invoker_of(variable, |wanted| match wanted {
            "1000" | "ana" => Some(account("ana", 1000, true)),
            "0" | "root" => Some(account("root", 0, true)),
            _ => None,
        })
    }

    #[test]
    fn who_called_sudo_pkexec_or_doas_is_known() {
        assert_eq!(invoker_with(&[("SUDO_UID", "1000"), ("SUDO_GID", "100")]), Some(account("ana", 1000, true)));
        assert_eq!(invoker_with(&[("PKEXEC_UID", "1000")]), Some(account("ana", 1000, true)));
        assert_eq!(invoker_with(&[("DOAS_USER", "ana")]), Some(account("ana", 1000, true)));
        assert_eq!(invoker_with(&[]), None);
    }

    #[test]
    fn root_that_calls_sudo_is_root() {
        assert_eq!(invoker_with(&[("SUDO_UID", "0"), ("SUDO_GID", "0")]), None);
        assert_eq!(invoker_with(&[("DOAS_USER", "root")]), None);
    }

    #[test]
    fn who_is_not_listed_is_a_number_with_one_group() {
        assert_eq!(invoker_with(&[("SUDO_UID", "4321"), ("SUDO_GID", "100")]), Some(account("4321", 4321, false)));
        assert_eq!(invoker_with(&[("SUDO_UID", "4321")]), None);
        assert_eq!(invoker_with(&[("SUDO_UID", "-1"), ("SUDO_GID", "x")]), None);
    }

    #[test]
    fn users_have_names_and_numbers() {
        assert_eq!(Account::called("root").map(|account| account.uid), Some(0));
        assert_eq!(Account::called("0"), Account::called("root"));
        assert_eq!(Account::called("no such user"), None);
        assert_eq!(Account::called("4294967295"), None);
        assert!(!Account::nobody().is_root());
    }
}
