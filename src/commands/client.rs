//! `loopshark client`: the lab's client, on the terminal; 1 where a message was lost.

use std::io;

use anyhow::Result;

use super::Status;
use crate::cli;
use crate::lab::Console;
use crate::lab::client::Client;

pub(super) fn run(args: &cli::Client) -> Result<Status> {
    let stop = super::stop_on_signal()?;
    let client = Client { server: args.server, timeout: args.timeout };
    let console = &mut Console { out: &mut io::stdout(), err: &mut io::stderr() };
    let outcome = if args.interactive {
        client.interactive(io::stdin().lock(), &stop, console)?
    } else {
        client.run(&args.message, args.count, args.interval, &stop, console)?
    };
    Ok(if outcome.lost() == 0 { Status::Fine } else { Status::Negative })
}
