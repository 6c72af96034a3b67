//! `assize oscal`: OSCAL documents read, checked, resolved, converted, compared and shown.

mod convert;
mod diff;
pub mod files;
mod import;
mod resolve;
mod sarif;
mod show;
mod tree;
mod validate;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;

/// What to do with OSCAL documents.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say everything that is wrong with documents, with file, line and fix
    Validate(validate::Args),
    /// Resolve a profile to the catalog that it stands for
    Resolve(resolve::Args),
    /// Write a document in another format
    Convert(convert::Args),
    /// Say what is different between two documents
    Diff(diff::Args),
    /// Take over catalogs that others keep in another form
    Import(import::Args),
    /// Show a document, or one control of it, to a person
    Show(show::Args),
    /// Show what a document is made of
    Tree(tree::Args),
}

/// Does it.
pub fn run(args: Args) -> Result<Exit, Failure> {
    match args.command {
        Command::Validate(args) => validate::run(args),
        Command::Resolve(args) => resolve::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Diff(args) => diff::run(&args),
        Command::Import(args) => import::run(args),
        Command::Show(args) => show::run(&args),
        Command::Tree(args) => tree::run(&args),
    }
}
