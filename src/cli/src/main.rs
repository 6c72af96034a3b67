//! The command line: reads the configuration, names the clouds, and hands over to the engine. Alone knows which providers exist.

mod assessing;
mod commands;
mod config;
mod content;
mod continuous;
mod exit;
mod failure;
mod fetch;
mod frameworks;
mod ledgers;
mod planned;
mod plans;
mod records;
mod severity;
mod signing;
mod sources;
mod tables;
mod times;

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
  1  findings; `verify`: the record was altered; `coverage`: there are gaps; `diff`: something changed
  2  the command line, the configuration, a check, a catalog or a recording is wrong
  3  incomplete: a verdict is unknown because a read failed (also when there are findings)
  4  no usable credentials
  5  internal error, or the disk or the ledger failed";

#[derive(Subcommand)]
enum Command {
    /// Assess every configured scope, or the account that the flags name
    Assess(commands::assess::Args),
    /// Assess by schedules, for years: ticks, exemptions, findings, alerts, metrics
    Daemon(commands::daemon::Args),
    /// List, explain, write, test and lint checks
    Checks(commands::checks::Args),
    /// List the runs that are on record
    Runs(commands::runs::Args),
    /// Say what became of a resource or a finding over all runs
    History(commands::history::Args),
    /// Say what changed between two runs
    Diff(commands::diff::Args),
    /// Prove that everything was assessed all the time, or list every gap with its reason
    Coverage(commands::coverage::Args),
    /// Write the plan of action and milestones as OSCAL, and freeze it by the month
    Poam(commands::poam::Args),
    /// Ask for, preview, approve, revoke, list and export exemptions
    Exemption(commands::exemption::Args),
    /// Say when assessments are due and what became of it; schedules as OSCAL tasks
    Schedule(commands::schedule::Args),
    /// Say whether the record is what was recorded
    Verify(commands::verify::Args),
    /// Make keys, sign checkpoints, prove entries, let old documents go
    Ledger(commands::ledger::Args),
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
        Command::Daemon(args) => commands::daemon::run(args),
        Command::Checks(args) => commands::checks::run(args),
        Command::Runs(args) => commands::runs::run(&args),
        Command::History(args) => commands::history::run(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Coverage(args) => commands::coverage::run(&args),
        Command::Poam(args) => commands::poam::run(&args),
        Command::Exemption(args) => commands::exemption::run(&args),
        Command::Schedule(args) => commands::schedule::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Ledger(args) => commands::ledger::run(&args),
        Command::Snapshot(args) => commands::snapshot::run(args),
        Command::Permissions(args) => commands::permissions::run(args),
        Command::Oscal(args) => commands::oscal::run(args),
        Command::Schema(args) => commands::schema::run(args),
    }
}
