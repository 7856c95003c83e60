//! Suyuan 溯园: the system behind a development zone's report.
//!
//! The command line is the local operator; see `docs/cli.md`.

mod bench;
mod cli;
mod subjects;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli::run(cli) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(3)
        }
    }
}
