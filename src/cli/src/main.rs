//! The command line: reads the configuration, names the clouds, and hands over to the engine. Alone knows which providers exist.

mod commands;
mod config;
mod content;
mod exit;
mod failure;
mod fetch;
mod frameworks;
mod plans;
mod severity;
mod sources;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::Exit;
use crate::failure::Failure;

/// Continuous cloud-controls compliance: one set of controls, many clouds, honest verdicts.
#[derive(Parser)]
#[command(name = "assize", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0  nothing unexempted fails at or above --fail-on
  1  findings
  2  the command line, the configuration, a check, a catalog or a recording is wrong
  3  incomplete: a verdict is unknown because a read failed (also when there are findings)
  4  no usable credentials
  5  internal error, or the disk or the ledger failed";

#[derive(Subcommand)]
enum Command {
    /// Assess every configured scope, or the account that the flags name
    Assess(commands::assess::Args),
    /// List, explain, write, test and lint checks
    Checks(commands::checks::Args),
    /// Record what a provider reads, to be assessed later or elsewhere
    Snapshot(commands::snapshot::Args),
    /// Print the least permissions that the checks in use need
    Permissions(commands::permissions::Args),
    /// Validate, resolve, convert, compare and show OSCAL documents
    Oscal(commands::oscal::Args),
    /// Print a JSON Schema, for editors
    Schema(commands::schema::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no mistakes; everything else is one of the command line.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Clean };
            // A closed pipe is nobody's problem.
            drop(error.print());
            return exit.into();
        }
    };
    match run(cli.command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("assize: {}", report::shown_lines(&failure.to_string()));
            failure.exit().into()
        }
    }
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Assess(args) => commands::assess::run(args),
        Command::Checks(args) => commands::checks::run(args),
        Command::Snapshot(args) => commands::snapshot::run(args),
        Command::Permissions(args) => commands::permissions::run(args),
        Command::Oscal(args) => commands::oscal::run(args),
        Command::Schema(args) => commands::schema::run(args),
    }
}
