//! One file a subcommand: checks the arguments, builds the parts, runs them.
//!
//! The only place, beside `main`, where errors lose their types: what arrives here is shown to a person.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};

use crate::cli::{Cli, Command};
use crate::dissect::Dissector;
use crate::lab::Console;
use crate::lab::client::Outcome;
use crate::lab::faults::Faults;
use crate::lab::server::{Answer, Server};
use crate::output::notice;
use crate::platform::system::{Family, HERE};
use crate::platform::{self, Request, privileges};
use crate::pump::{Pump, PumpError};
use crate::source::Source;
use crate::source::save::SaveError;
use crate::tr;
use crate::views::Unseen;

#[cfg(feature = "live")]
mod capture;
mod check;
mod client;
mod doctor;
#[cfg(feature = "live")]
mod interfaces;
#[cfg(feature = "live")]
mod lab;
#[cfg(feature = "live")]
mod live;
mod pager;
mod progress;
mod read;
mod report;
mod saving;
mod screen;
mod server;
mod shell;
// Without live capture nobody watches, and nothing is saved.
#[cfg_attr(not(feature = "live"), allow(dead_code))]
mod view;

use progress::Progress;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Fine.
    Fine,
    /// The answer is no: a message was lost, a report shows something else.
    Negative,
    /// Trouble that has been told already.
    Trouble,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Fine => ExitCode::SUCCESS,
            Status::Negative => ExitCode::from(1),
            Status::Trouble => ExitCode::from(2),
        }
    }
}

/// Runs what the command line asks for.
pub fn run(cli: Cli) -> Result<Status> {
    platform::let_files_end();
    if let Command::Read(_) | Command::Report(_) | Command::Check(_) | Command::Client(_) = cli.command {
        privileges::drop_those_of_file().with_context(|| tr!("errors-capabilities"))?;
    }
    match cli.command {
        Command::Read(args) => read::run(&args),
        Command::Server(args) => server::run(args),
        Command::Client(args) => client::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
        #[cfg(feature = "live")]
        Command::Capture(args) => capture::run(&args),
        #[cfg(feature = "live")]
        Command::Lab(args) => lab::run(args),
        #[cfg(feature = "live")]
        Command::Interfaces => interfaces::run(),
        #[cfg(not(feature = "live"))]
        Command::Capture(_) | Command::Lab(_) | Command::Interfaces => {
            Err(crate::source::SourceError::NoLibpcap { what: "capture" }.into())
        }
    }
}

/// Whether an error only means that whoever read the results has closed the pipe.
#[must_use]
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let pump = error.downcast_ref::<PumpError>().is_some_and(PumpError::is_broken_pipe);
    let saved = error.downcast_ref::<SaveError>().is_some_and(SaveError::is_broken_pipe);
    let plain = error.downcast_ref::<io::Error>().is_some_and(platform::is_closed_pipe);
    pump || saved || plain
}

/// A flag that Ctrl-C, or a polite request to end, sets. The second time there is no politeness left. To be asked for
/// before any thread is started.
fn stop_on_signal() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let heard = move |request| {
        match request {
            Request::Interrupt if pager::is_running() => return, // it is the pager's
            Request::Interrupt => {}
            Request::End => pager::end(),
        }
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(if request == Request::Interrupt { 130 } else { 143 });
        }
    };
    platform::listen(heard).with_context(|| tr!("errors-signal"))?;
    Ok(stop)
}

/// The dissector for a saved capture; where it is to be read twice, after its first reading.
fn dissector_after(first: Option<Box<dyn Source>>, pump: &mut Pump<'_>, progress: &Progress) -> Dissector {
    let mut dissector = Dissector::default();
    let Some(mut first) = first else { return dissector };
    progress.begin(first.as_ref(), true);
    // Where the capture is damaged, the second reading says so.
    let _ = pump.run(first.as_mut(), &mut dissector, &mut Unseen);
    dissector.second_pass()
}

/// The faults that were asked for, announced, so that they can be asked for again; none where there are none.
fn faults(args: crate::cli::FaultArgs) -> Option<Faults> {
    let crate::cli::FaultArgs { loss, delay, jitter, duplicate, reorder, seed } = args;
    let seed = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    let faults = Faults { loss, delay, jitter, duplicate, reorder, seed };
    if faults.is_none() {
        return None;
    }
    notice(tr!("lab-faults-announced", faults = faults.to_string()));
    Some(faults)
}

/// Serves until `stop` is set; with faults, says in the end what was done.
fn serve(server: &Server, faults: Option<Faults>, stop: &AtomicBool, console: &mut Console<'_>) -> io::Result<()> {
    match faults {
        None => server.run(stop, console),
        Some(faults) => {
            let log = server.run_with(faults, stop, console)?;
            notice(tr!("lab-server-log", log = log.to_string()));
            Ok(())
        }
    }
}

/// Says what a client has to say about its messages.
fn notice_outcome(outcome: Outcome) {
    notice(tr!("lab-client-outcome", outcome = outcome.to_string()));
}

/// Binds the lab's server, or says what keeps it from being bound.
fn bind(address: std::net::SocketAddr, answer: Answer) -> Result<Server> {
    let named = address.to_string();
    Server::bind(address, answer).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            let other = format!("{}:{}", address.ip(), address.port().wrapping_add(1));
            let holder = crate::doctor::holder_of(address);
            anyhow::anyhow!(tr!("lab-port-in-use", address = named, holder = holder, other = other))
        }
        io::ErrorKind::AddrNotAvailable => anyhow::anyhow!(tr!("lab-no-such-address", address = named)),
        io::ErrorKind::PermissionDenied if HERE == Family::Windows => {
            anyhow::anyhow!(tr!("lab-excluded-port", address = named))
        }
        io::ErrorKind::PermissionDenied => anyhow::anyhow!(tr!("lab-low-port", address = named)),
        _ => anyhow::Error::new(error).context(address),
    })
}
