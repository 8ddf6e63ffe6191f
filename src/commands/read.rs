//! `loopshark read`: a saved capture, through the view that was asked for.

use std::ops::ControlFlow;

use anyhow::Result;

use super::Status;
use super::view;
use crate::cli::Read;
use crate::dissect::Dissector;
use crate::pump::Pump;
use crate::source::bpf::Filter;
use crate::source::file::CaptureFile;
use crate::tr;
use crate::views::{Account, Unseen};

pub(super) fn run(args: &Read) -> Result<Status> {
    let stop = super::stop_on_signal()?;
    let filter = args.filter.as_deref().map(Filter::new).transpose()?;
    let mut source = CaptureFile::open(&args.file)?;
    let mut view = view::beside_reading(&args.view)?;
    let mut pump = Pump {
        filter,
        save: None,
        prompt: true,
        count: args.count,
        stop: &stop,
        watch: &mut |_| ControlFlow::Continue(()),
    };
    let mut dissector = Dissector::default();
    if args.view.two_passes {
        anyhow::ensure!(args.file.as_os_str() != "-", tr!("errors-two-passes-pipe"));
        // Where the file is damaged, the second pass says so.
        let _ = pump.run(&mut CaptureFile::open(&args.file)?, &mut dissector, &mut Unseen);
        dissector = dissector.second_pass();
    }
    let ran = pump.run(&mut source, &mut dissector, view.as_mut());
    let ran = pump.finish(ran, view.as_mut(), &Account::default());
    view::notice_unread(&dissector);
    ran?;
    Ok(Status::Fine)
}
