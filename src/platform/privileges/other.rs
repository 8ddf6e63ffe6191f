//! Systems where nothing is given up.

use super::{PrivilegeError, Reach};

/// Privileges that stay as they are.
#[derive(Debug)]
pub struct Privileges;

impl Privileges {
    /// Refuses to become anybody.
    pub fn new(user: Option<&str>) -> Result<Self, PrivilegeError> {
        if user.is_some() { Err(PrivilegeError::Unsupported) } else { Ok(Self) }
    }

    /// Nobody.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        None
    }

    /// Changes nothing.
    pub fn become_owner(&self) -> Result<(), PrivilegeError> {
        Ok(())
    }

    /// Changes nothing.
    pub fn drop_all(&self) -> Result<(), PrivilegeError> {
        Ok(())
    }
}

/// Changes nothing.
pub fn drop_those_of_file() -> std::io::Result<()> {
    Ok(())
}

/// Changes nothing.
pub fn filter_system_calls(_reach: Reach) -> std::io::Result<()> {
    Ok(())
}
