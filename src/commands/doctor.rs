//! `loopshark doctor`: what keeps a capture from working here; 1 where something does.

use std::io::{self, Write as _};

use anyhow::Result;

use super::{Status, screen};
use crate::cli::{Doctor, FindingsFormatName};
use crate::doctor::{self, Question};
use crate::output::findings;
use crate::pump::PumpError;

pub(super) fn run(args: &Doctor) -> Result<Status> {
    let mut service = args.bind;
    if let Some(port) = args.port {
        service.set_port(port);
    }
    let findings = doctor::examine(Question { interface: args.interface.as_deref(), service });
    let mut out = io::stdout().lock();
    match args.format {
        FindingsFormatName::Table => findings::table(&mut out, &findings, screen::width()),
        FindingsFormatName::Json => findings::json(&mut out, &findings),
    }
    .and_then(|()| out.flush())
    .map_err(PumpError::Output)?;
    Ok(if doctor::may_capture(&findings) { Status::Fine } else { Status::Negative })
}
