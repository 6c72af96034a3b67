//! `assize oscal convert`: the same document in another format.

use std::path::PathBuf;

use super::files::{self, Output};
use crate::exit::Exit;
use crate::failure::Failure;

/// What to convert to what.
#[derive(clap::Args)]
pub struct Args {
    /// A document in JSON, YAML or XML; `-` for standard input
    file: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value = "json")]
    to: Output,
    /// Where to write it, instead of printing it
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Converts.
pub fn run(args: Args) -> Result<Exit, Failure> {
    files::put(&files::document(&args.file)?, args.to, args.output.as_ref())?;
    Ok(Exit::Clean)
}
