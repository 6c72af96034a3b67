//! `assize checks export`: the checks as an OSCAL component definition, which other tools read.

use std::path::PathBuf;

use jiff::Timestamp;
use oscal::Document;

use crate::commands::oscal::files::{self, Output};
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;

/// Where to, and as what.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write it, instead of printing it
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value = "json")]
    to: Output,
    /// The instant that the document bears, instead of the clock's
    #[arg(long, value_name = "TIMESTAMP")]
    now: Option<Timestamp>,
}

/// Exports.
pub fn run(config: &Config, args: Args) -> Result<Exit, Failure> {
    let content = super::content(config)?;
    let profile = config.assess.profile.display().to_string().replace('\\', "/");
    let binding = engine::Binding {
        title: format!("Checks for {}", content.title),
        last_modified: args.now.unwrap_or_else(Timestamp::now).into(),
        version: env!("CARGO_PKG_VERSION").into(),
        source: profile.parse().map_err(Failure::usage)?,
    };
    let definition = engine::component_definition(&content.controls, &content.pack, &binding);
    files::put(&Document::ComponentDefinition(Box::new(definition)), args.to, args.output.as_ref())?;
    Ok(Exit::Clean)
}
