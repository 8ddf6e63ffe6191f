//! The program: reads the command line, runs the subcommand, and turns what came of it into an exit status.

use std::process::ExitCode;

use clap::Parser as _;
use loopshark::output::notice;
use loopshark::{cli::Cli, commands};

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(status) => status.into(),
        Err(error) if commands::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            notice(format_args!("{error:#}"));
            ExitCode::from(2)
        }
    }
}
