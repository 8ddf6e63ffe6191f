//! `loopshark server`: the lab's server, on the terminal, until Ctrl-C.

use std::io;

use anyhow::Result;

use super::Status;
use crate::cli;
use crate::lab::Console;
use crate::lab::server::Answer;

pub(super) fn run(args: cli::Server) -> Result<Status> {
    let stop = super::stop_on_signal()?;
    let answer = if args.echo { Answer::Echo } else { Answer::Text(args.reply) };
    let server = super::bind(args.bind, answer)?;
    server.run(&stop, &mut Console { out: &mut io::stdout(), err: &mut io::stderr() })?;
    Ok(Status::Fine)
}
