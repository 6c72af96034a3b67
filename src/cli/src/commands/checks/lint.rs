//! `assize checks lint`: what makes a check hard to trust.

use crate::config::Config;
use crate::exit::Exit;
use crate::failure::{Failure, counted};

/// All checks are looked at.
#[derive(clap::Args)]
pub struct Args {}

/// Lints.
pub fn run(config: &Config, _: Args) -> Result<Exit, Failure> {
    let content = super::content(config)?;
    let problems = checks::lint::run(&config.path(&config.assess.controls), &content.pack);
    problems.iter().for_each(|problem| println!("{problem}"));
    println!("{} looked at, {}", counted(content.pack.checks().len(), "check"), counted(problems.len(), "problem"));
    Ok(if problems.is_empty() { Exit::Clean } else { Exit::Findings })
}
