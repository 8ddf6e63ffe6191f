//! `loopshark read`: a saved capture, through the view that was asked for.

use std::ops::ControlFlow;

use anyhow::Result;

use super::Status;
use super::view;
use crate::cli::Read;
use crate::pump::Pump;
use crate::source::bpf::Filter;
use crate::source::file::CaptureFile;

pub(super) fn run(args: &Read) -> Result<Status> {
    let stop = super::stop_on_signal()?;
    let filter = args.filter.as_deref().map(Filter::new).transpose()?;
    let mut source = CaptureFile::open(&args.file)?;
    let mut view = view::on_stdout(&args.view, false);
    let mut pump = Pump {
        filter,
        save: None,
        prompt: true,
        count: args.count,
        stop: &stop,
        watch: &mut |_| ControlFlow::Continue(()),
    };
    pump.run(&mut source, view.as_mut())?;
    Ok(Status::Fine)
}
