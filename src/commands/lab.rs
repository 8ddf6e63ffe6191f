//! `loopshark lab`: server, client and capture in one process.
//!
//! The order is the point: the server is bound and the capture armed before the first message, and the capture goes on
//! until the kernel has handed over what the last message caused. Both consoles are standard error, as they
//! would share a screen.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::{Status, capture, live, view};
use crate::cli::Lab;
use crate::dissect::Dissector;
use crate::lab::Console;
use crate::lab::client::{Client, Outcome};
use crate::lab::faults::Faults;
use crate::lab::server::{Answer, Server};
use crate::output::notice;
use crate::platform;
use crate::platform::privileges::Reach;
use crate::pump::{Pump, PumpError};
use crate::source::devices::find_device;
use crate::tr;
use crate::views::Account;

/// How long the capture must have been quiet after the last message before it ends.
const QUIET: Duration = Duration::from_millis(250);
/// When it ends even if other traffic never lets it be quiet.
const DRAIN: Duration = Duration::from_secs(2);

pub(super) fn run(mut args: Lab) -> Result<Status> {
    view::ensure_one_pass(&args.view)?;
    view::ensure_frames(&args.view)?;
    let server = super::bind(args.bind, Answer::Text(args.reply.clone()))?;
    args.bind = server.address()?;
    args.view.options.port = args.view.options.port.or(Some(args.bind.port()));
    // Ctrl-C ends the client; the capture then drains as after the last message.
    let never = Arc::new(AtomicBool::new(false));
    let filter = filter(args.bind.port());
    let wanted = live::Wanted {
        filter: Some(&filter),
        write: args.write.as_deref(),
        view: &args.view,
        watched: false,
        user: args.user.as_deref(),
    };
    let live::Ready { device, save, mut view } = live::open(find_device(None)?, &wanted)?;
    let stop = super::stop_on_signal()?;
    let mut source = live::start(device, Reach::Udp, Arc::clone(&never))?;
    let faults = super::faults(args.faults);
    server.announce(&mut Console::new(Heedless, Heedless))?;
    let client_done = AtomicBool::new(false);
    let mut watch = drained(&client_done);
    // The consoles may share the screen with the table, which is not to come in pieces between their lines.
    let mut pump = Pump { filter: None, save, prompt: false, count: None, stop: &never, watch: &mut watch };
    let (ran, outcome) = beside(&server, &args, faults, &stop, &client_done, || {
        pump.run(&mut source, &mut Dissector::default(), view.as_mut())
    });
    let counters = source.close();
    let account = Account {
        dropped: counters.dropped,
        // Who is interrupted while it waits does not count that message, which the capture shows.
        client: outcome.as_ref().ok().filter(|_| !stop.load(Ordering::Relaxed)).map(|o| (o.sent, o.answered)),
    };
    let ran = pump.finish(ran, view.as_mut(), &account);
    capture::report(&counters);
    ran?;
    let outcome = outcome.with_context(|| tr!("lab-client-ended"))?;
    super::notice_outcome(outcome);
    Ok(if outcome.lost() == 0 { Status::Fine } else { Status::Negative })
}

/// The service's datagrams, and the ICMP errors that quote them: in those the ports follow an 8-byte ICMP header and
/// the quoted IP header of 20 or 40 bytes.
fn filter(port: u16) -> String {
    format!(
        "udp port {port} or (icmp and (icmp[28:2] == {port} or icmp[30:2] == {port})) \
         or (ip6 proto 58 and (ip6[88:2] == {port} or ip6[90:2] == {port}))"
    )
}

/// Runs server and client while the capture runs in this thread, until all three have ended.
fn beside<T>(
    server: &Server,
    args: &Lab,
    faults: Option<Faults>,
    stop: &AtomicBool,
    client_done: &AtomicBool,
    capture: impl FnOnce() -> Result<T, PumpError>,
) -> (Result<T, PumpError>, io::Result<Outcome>) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let serving = thread::Builder::new().spawn_scoped(scope, || {
            let console = &mut Console::new(Heedless, Heedless);
            if let Err(error) = super::serve(server, faults, &over, console) {
                notice(format_args!("Error en el servidor: {error}"));
            }
        });
        let done = Done(client_done);
        let sending = move || {
            let _done = done;
            send(args, stop)
        };
        // Where it can't be started, the client is done, too.
        let client = serving.and_then(|_| thread::Builder::new().spawn_scoped(scope, sending));
        let ran = capture();
        if ran.is_err() {
            stop.store(true, Ordering::Relaxed); // nobody is there to see the rest
        }
        let outcome = match client {
            Ok(client) => client.join().unwrap_or_else(|_| Err(io::Error::other(tr!("lab-broke-down")))),
            Err(error) => Err(platform::no_thread(&error)),
        };
        over.store(true, Ordering::Relaxed);
        (ran, outcome)
    })
}

fn send(args: &Lab, stop: &AtomicBool) -> io::Result<Outcome> {
    let client = Client { server: args.bind, timeout: args.view.options.timeout };
    let console = &mut Console::new(Heedless, Heedless);
    client.run(&args.message, Some(args.count), args.interval, stop, console)
}

/// Says that the client is done, however it ended.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Standard error as the lab's console: if it can't be written to, the lab goes on.
struct Heedless;

impl Write for Heedless {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Ends the capture once the client is done and what it caused has been seen.
fn drained(client_done: &AtomicBool) -> impl FnMut(u64) -> ControlFlow<()> {
    let mut done_at = None;
    let mut last = (0, Instant::now());
    move |frames| {
        if frames != last.0 {
            last = (frames, Instant::now());
        }
        if !client_done.load(Ordering::Acquire) {
            return ControlFlow::Continue(());
        }
        let done_for = done_at.get_or_insert_with(Instant::now).elapsed();
        let quiet = done_for >= QUIET && last.1.elapsed() >= QUIET;
        if quiet || done_for >= DRAIN { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::Path;

    use super::filter;
    use crate::source::bpf::Filter;
    use crate::source::file::CaptureFile;
    use crate::source::{Event, Source as _};

    fn passing(port: u16, capture: &str) -> usize {
        let mut filter = Filter::new(&filter(port)).unwrap();
        let mut file = CaptureFile::open(Path::new(capture)).unwrap();
        let mut passing = 0;
        while let Event::Frame(frame) = file.next_event().unwrap() {
            passing += usize::from(filter.matches(&frame).unwrap());
        }
        passing
    }

    #[test]
    fn errors_about_the_service_pass_and_about_others_do_not() {
        // Which sets this itself, for the programs of Windows that it runs.
        if std::env::var_os("WINEHOMEDIR").is_some() {
            let why = "errors_about_the_service_pass: Wine lacks pcap_open_dead, which makes filters for files";
            return writeln!(std::io::stderr(), "skipped: {why}").unwrap();
        }
        assert_eq!(passing(8080, "fixtures/server-down-lo.pcap"), 6);
        assert_eq!(passing(8080, "fixtures/ipv6-lo.pcap"), 8);
        assert_eq!(passing(8080, "fixtures/practica6.pcap"), 10);
        assert_eq!(passing(8081, "fixtures/server-down-lo.pcap"), 0);
    }
}
