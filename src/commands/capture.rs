//! `loopshark capture`: live traffic, shown as it comes or saved, until a limit or Ctrl-C ends it.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Status, live, view};
use crate::cli::Capture;
use crate::dissect::Dissector;
use crate::output::notice;
use crate::platform;
use crate::platform::privileges::Reach;
use crate::pump::Pump;
use crate::source::devices::find_device;
use crate::source::live::Counters;
use crate::tr;
use crate::views::Account;

/// How long nothing may come before something is said about it.
const SILENCE: Duration = Duration::from_secs(3);

pub(super) fn run(args: &Capture) -> Result<Status> {
    view::ensure_one_pass(&args.view)?;
    view::ensure_frames(&args.view)?;
    let wanted = live::Wanted {
        filter: args.filter.as_deref(),
        write: args.write.as_deref(),
        view: &args.view,
        watched: view::is_watched(),
        user: args.user.as_deref(),
    };
    let live::Ready { device, save, mut view } = live::open(find_device(args.interface.as_deref())?, &wanted)?;
    let stop = super::stop_on_signal()?;
    let place = place(device.title(), args.filter.as_deref());
    let mut source = live::start(device, Reach::Open, Arc::clone(&stop))?;
    notice(tr!("capture-started", place = place.as_str()));
    let mut watch = watch(args, &place, &stop);
    // Whoever wants the capture to stop tells the source, which ends after what has come by then.
    let never = AtomicBool::new(false);
    let mut dissector = Dissector::default();
    let mut pump = Pump { filter: None, save, prompt: true, count: args.count, stop: &never, watch: &mut watch };
    let ran = pump.run(&mut source, &mut dissector, view.as_mut());
    let counters = source.close();
    let ran = pump.finish(ran, view.as_mut(), &Account { dropped: counters.dropped, client: None });
    view::notice_unread(&dissector);
    report(&counters);
    ran?;
    Ok(Status::Fine)
}

/// Says how many frames were captured, received and dropped.
pub(super) fn report(counters: &Counters) {
    let Counters { captured, received, dropped } = *counters;
    notice(tr!("capture-counters", captured = captured, received = received, dropped = dropped));
}

/// Ends the capture in time, or when nobody reads what it shows any more, and speaks up in long silence.
fn watch<'a>(args: &'a Capture, place: &'a str, stop: &'a AtomicBool) -> impl FnMut(u64) -> ControlFlow<()> + 'a {
    let start = Instant::now();
    let mut spoken = false;
    move |frames| {
        let elapsed = start.elapsed();
        if frames == 0 && !spoken && elapsed >= SILENCE {
            spoken = true;
            notice(tr!("capture-nothing-yet", place = place));
        }
        if args.autostop.is_some_and(|limit| elapsed >= limit) {
            stop.store(true, Ordering::Relaxed);
        }
        // Where nothing comes, nothing is written that could fail.
        if platform::stdout_is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// What is captured, as a notice calls it.
fn place(name: &str, filter: Option<&str>) -> String {
    filter.map_or_else(|| name.to_owned(), |filter| tr!("capture-with-filter", name = name, filter = filter))
}
