//! `assize ledger`: keys, checkpoints, proofs, and what is let go.

mod checkpoint;
mod keygen;
mod prove;
mod prune;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;

/// What to do with the record.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a key that signs checkpoints, and print what its signatures are checked with
    Keygen(keygen::Args),
    /// Sign how long the log is and which hash stands for it
    Checkpoint(checkpoint::Args),
    /// Prove, to somebody who has nothing but a checkpoint, that an entry stands in the log
    Prove(prove::Args),
    /// Let go of documents that were replaced long ago; the log keeps their hashes
    Prune(prune::Args),
}

/// Does it.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.action {
        Action::Keygen(args) => keygen::run(args),
        Action::Checkpoint(args) => checkpoint::run(args),
        Action::Prove(args) => prove::run(args),
        Action::Prune(args) => prune::run(args),
    }
}
