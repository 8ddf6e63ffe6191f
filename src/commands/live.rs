//! From a device's name to a capture that runs, with no more rights than that takes.
//!
//! The order is the point. Root opens the device. What is created then belongs to whoever called `sudo`; and before the
//! first frame is looked at, everything is given up that only opening took.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Result;

use super::view;
use crate::cli::ViewArgs;
use crate::output::notice;
use crate::platform::privileges::{Privileges, Reach, filter_system_calls};
use crate::source::devices::Device;
use crate::source::live::{LiveCapture, OpenDevice};
use crate::source::save::SaveFile;
use crate::views::View;
use crate::{time, tr};

/// What a capture is asked for.
pub(super) struct Wanted<'a> {
    /// The capture filter.
    pub filter: Option<&'a str>,
    /// Where it is saved.
    pub write: Option<&'a Path>,
    /// How it is shown.
    pub view: &'a ViewArgs,
    /// Whether a person watches.
    pub watched: bool,
    /// Whom root becomes.
    pub user: Option<&'a str>,
}

/// A capture that has what it needs, and nothing else.
pub(super) struct Ready {
    /// The device, whose frames nobody takes yet.
    pub device: OpenDevice,
    /// Where frames are saved.
    pub save: Option<SaveFile>,
    /// Where they are shown.
    pub view: Box<dyn View>,
}

/// Opens all that a capture needs, and gives up the rights to open more. There must be no other thread yet: it would
/// keep its rights.
pub(super) fn open(device: Device, wanted: &Wanted<'_>) -> Result<Ready> {
    let privileges = Privileges::new(wanted.user)?;
    let mut device = OpenDevice::open(device, wanted.watched)?;
    privileges.become_owner()?;
    if let Some(expression) = wanted.filter {
        device.filter(expression)?;
    }
    let created = view::beside_capture(wanted.write, device.link_type(), wanted.view, wanted.watched);
    let (save, view) = created.map_err(|error| match privileges.owner() {
        Some(user) if error.is_denied() => {
            anyhow::anyhow!(tr!("files-as-user", error = error.to_string(), user = user))
        }
        _ => error.into(),
    })?;
    privileges.drop_all()?;
    Ok(Ready { device, save, view })
}

/// Begins to take frames, until `stop` is set, after all system calls are gone that this does not need.
pub(super) fn start(device: OpenDevice, reach: Reach, stop: Arc<AtomicBool>) -> Result<LiveCapture> {
    time::know_local_zone();
    if let Err(cause) = filter_system_calls(reach) {
        notice(tr!("capture-unfiltered-calls", cause = cause.to_string()));
    }
    Ok(device.start(stop)?)
}
