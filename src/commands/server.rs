//! `loopshark server`: the lab's server, on the terminal, until Ctrl-C. What ends it before that is
//! told in the words of the lab's server.

use std::io::{self, Write as _};
use std::sync::atomic::AtomicBool;

use anyhow::Result;

use super::Status;
use crate::cli;
use crate::lab::Console;
use crate::lab::server::Answer;
use crate::printable::printable;

pub(super) fn run(args: cli::Server) -> Result<Status> {
    let stop = super::stop_on_signal()?;
    match serve(args, &stop) {
        Err(error) if !super::is_broken_pipe(&error) => {
            // A standard error that nobody reads is no reason for more trouble.
            let _ = writeln!(io::stderr(), "Error en el servidor: {}", printable(format!("{error:#}")));
            Ok(Status::Trouble)
        }
        served => served.map(|()| Status::Fine),
    }
}

fn serve(args: cli::Server, stop: &AtomicBool) -> Result<()> {
    let answer = if args.echo { Answer::Echo } else { Answer::Text(args.reply) };
    let server = super::bind(args.bind, answer)?;
    let console = &mut Console::new(io::stdout(), io::stderr()).quiet(args.quiet);
    let faults = super::faults(args.faults);
    server.announce(console)?;
    Ok(super::serve(&server, faults, stop, console)?)
}
