//! The program: reads the command line, runs the subcommand, and turns what came of it into an exit status.

use std::process::ExitCode;

use loopshark::cli;
use loopshark::commands;
use loopshark::lang::{self, Lang};
use loopshark::output::notice;
use loopshark::platform::privileges;
use loopshark::tr;

fn main() -> ExitCode {
    lang::choose(cli::language(std::env::args_os()).unwrap_or_else(Lang::of_system));
    if privileges::is_setuid() {
        notice(tr!("errors-setuid"));
        return ExitCode::from(2);
    }
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) => return cli::report(error),
    };
    match commands::run(cli) {
        Ok(status) => status.into(),
        Err(error) if commands::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            notice(format_args!("{error:#}"));
            ExitCode::from(2)
        }
    }
}
