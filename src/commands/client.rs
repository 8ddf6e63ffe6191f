//! `loopshark client`: the lab's client, on the terminal; 1 where a message was lost.

use std::io::{self, BufRead as _};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use anyhow::Result;

use super::Status;
use crate::cli;
use crate::lab::Console;
use crate::lab::client::Client;
use crate::output::notice;
use crate::platform;
use crate::tr;

pub(super) fn run(args: &cli::Client) -> Result<Status> {
    let stop = super::stop_on_signal()?;
    let client = Client { server: args.server, timeout: args.timeout };
    let console = &mut Console::new(io::stdout(), io::stderr()).quiet(args.quiet);
    let outcome = if args.interactive {
        client.interactive(&typed_lines()?, &stop, console)?
    } else if let Some(in_flight) = args.in_flight {
        anyhow::ensure!(args.interval.is_zero(), tr!("lab-interval-in-flight"));
        let report = client.load(&args.message, args.count, in_flight.into(), &stop, console)?;
        notice(tr!("lab-client-outcome", outcome = report.to_string()));
        report.outcome
    } else {
        client.run(&args.message, args.count, args.interval, &stop, console)?
    };
    super::notice_outcome(outcome);
    Ok(if outcome.lost() == 0 { Status::Fine } else { Status::Negative })
}

/// The lines of standard input, as they are typed.
fn typed_lines() -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (typed, lines) = sync_channel(0);
    let listen = move || io::stdin().lock().split(b'\n').try_for_each(|line| typed.send(line));
    thread::Builder::new().spawn(listen).map_err(|error| platform::no_thread(&error))?;
    Ok(lines)
}
