//! `assize ledger checkpoint`: signs how the record stands.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::signing::Signing;
use crate::tables::print;

/// Of which record.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: RecordArgs,
}

/// Signs, and prints the checkpoint; the last one if nothing was added since.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let signing = Signing::open(&config)?
        .ok_or_else(|| Failure::usage("nobody signs: set `[ledger] key` (`assize ledger keygen` makes one), or `signer` and `verifier`"))?;
    let mut ledger = args.record.open(&config)?;
    match signing.checkpoint(&mut ledger, args.record.now())? {
        Some(note) => print(&note)?,
        None => {
            eprintln!("assize: nothing was added since the last checkpoint");
            print(&ledger.last_checkpoint().map_err(told)?.map(|(_, _, note)| note).unwrap_or_default())?;
        }
    }
    Ok(Exit::Clean)
}
