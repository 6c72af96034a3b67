//! `assize ledger prune`: lets go of documents that were replaced long ago.

use jiff::Timestamp;

use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::records::{RecordArgs, told};
use crate::tables::print;
use crate::times;

/// What is let go.
#[derive(clap::Args)]
pub struct Args {
    /// What was replaced or gone before this time; absent: as `[ledger] keep_days` says
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    before: Option<Timestamp>,
    #[command(flatten)]
    record: RecordArgs,
}

/// Lets go, and says of how many.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let now = args.record.now();
    let before = match (args.before, config.ledger.keep_days) {
        (Some(before), _) if before > now => return Err(Failure::usage(format!("{before} is yet to come"))),
        (Some(before), _) => before,
        (None, 0) => return Err(Failure::usage("documents are kept for good; say --before, or set `[ledger] keep_days`")),
        (None, days) => times::days_before(now, days),
    };
    let mut ledger = args.record.open(&config)?;
    let count = ledger.prune(now, before).map_err(told)?;
    print(&format!(
        "{} that were replaced before {} were let go; their hashes stay\n",
        counted(count as usize, "document"),
        times::told(before)
    ))?;
    Ok(Exit::Clean)
}
