//! `assize checks`: what authors of checks need, without a toolchain.

mod bindings;
mod explain;
mod export;
mod lint;
mod list;
mod new;
mod test;

use std::path::PathBuf;

use clap::Subcommand;

use crate::config::{self, Config};
use crate::exit::Exit;
use crate::failure::Failure;

/// What to do with checks.
#[derive(clap::Args)]
pub struct Args {
    /// The configuration, which names profile and checks; the defaults where there is none
    #[arg(long, default_value = "config.toml", global = true)]
    config: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the checks, by control
    List(list::Args),
    /// Say all about a check or a control
    Explain(explain::Args),
    /// Write the checks as an OSCAL component definition, which other tools read
    Export(export::Args),
    /// List what a component definition binds to which controls, and which of its checks are here
    Bindings(bindings::Args),
    /// Start a check: make its folder and a `check.toml` to fill in
    New(new::Args),
    /// Judge the cases of every check: pass-*.json must pass, fail-*.json fail, unknown-*.json be unknown
    Test(test::Args),
    /// Look for what makes a check hard to trust: missing cases, missing evidence, unclear words
    Lint(lint::Args),
}

/// Does it.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let config = if args.config.exists() { config::read(&args.config).map_err(Failure::Files)? } else { Config::default() };
    match args.action {
        Action::List(list) => list::run(&config, list),
        Action::Explain(explain) => explain::run(&config, explain),
        Action::Export(export) => export::run(&config, export),
        Action::Bindings(bindings) => bindings::run(&config, bindings),
        Action::New(new) => new::run(&config, new),
        Action::Test(test) => test::run(&config, test),
        Action::Lint(lint) => lint::run(&config, lint),
    }
}

/// Loads controls and checks as the configuration names them.
fn content(config: &Config) -> Result<crate::content::Content, Failure> {
    crate::content::load(&config.path(&config.assess.profile), &config.path(&config.assess.controls), &[])
}
