//! `assize checks list`: every check with its control, severity and kind.

use globset::Glob;

use crate::config::Config;
use crate::exit::Exit;
use crate::failure::{Failure, counted};

/// Which checks.
#[derive(clap::Args)]
pub struct Args {
    /// Only checks whose id matches this glob, such as 'dat-*'
    glob: Option<String>,
}

/// Lists.
pub fn run(config: &Config, args: Args) -> Result<Exit, Failure> {
    let content = super::content(config)?;
    let glob = Glob::new(args.glob.as_deref().unwrap_or("*")).map_err(Failure::usage)?.compile_matcher();
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(["CHECK", "SEVERITY", "KIND", "TITLE"]);
    let shown: Vec<_> = content.pack.checks().iter().filter(|check| glob.is_match(check.id().to_string())).collect();
    for check in &shown {
        table.add_row([&check.id().to_string(), check.severity().as_str(), check.kind().as_str(), check.title()]);
    }
    println!("{table}\n{}", counted(shown.len(), "check"));
    Ok(Exit::Clean)
}
