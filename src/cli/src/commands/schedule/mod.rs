//! `assize schedule`: when assessments are due, when they were, and schedules as tasks of an OSCAL assessment plan.

mod export;
mod history;
mod import;
mod next;

use clap::Subcommand;

use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;

/// What to do with schedules.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Say when the configured schedules are due next
    Next(next::Args),
    /// Say what became of the times at which schedules were due
    History(history::Args),
    /// Write the configured schedules as the tasks of an OSCAL assessment plan
    Export(export::Args),
    /// Print the tasks of an OSCAL assessment plan as `[[schedule]]` tables
    Import(import::Args),
}

/// Does it.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.action {
        Action::Next(args) => next::run(args),
        Action::History(args) => history::run(args),
        Action::Export(args) => export::run(args),
        Action::Import(args) => import::run(args),
    }
}

/// The configured schedules.
fn schedules(config: &Config) -> Result<Vec<schedule::Schedule>, Failure> {
    let schedules = config.schedules();
    match schedules.is_empty() {
        true => Err(Failure::usage("no `[[schedule]]` is configured; the shipped `config.toml` shows one")),
        false => Ok(schedules),
    }
}
