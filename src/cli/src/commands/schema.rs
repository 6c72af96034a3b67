//! `assize schema`: the JSON Schemas of the files that people write.

use clap::ValueEnum;

use crate::config;
use crate::exit::Exit;
use crate::failure::Failure;

/// Which schema.
#[derive(clap::Args)]
pub struct Args {
    /// The file that it is of
    #[arg(value_enum)]
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// `config.toml`
    Config,
    /// `check.toml`
    Check,
}

/// Prints the schema.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let schema = match args.of {
        Of::Config => config::schema(),
        Of::Check => checks::schema(),
    };
    println!("{schema:#}");
    Ok(Exit::Clean)
}
