//! `assize ledger prove`: that an entry stands in the log, for somebody who has nothing but a checkpoint.

use std::path::PathBuf;

use ledger::Ledger;
use serde_json::json;

use crate::commands::oscal::files;
use crate::commands::runs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::tables::{Format, print, print_json};

/// Which entry.
#[derive(clap::Args)]
pub struct Args {
    /// The number of an entry, or a run (the first letters of its id, or `latest`): then the entry that says how it ended
    #[arg(value_name = "SEQ|RUN")]
    entry: String,
    /// Also write the entry to this file, byte for byte as it was hashed
    #[arg(long = "entry", value_name = "FILE")]
    to: Option<PathBuf>,
    /// The proof as text in the form of C2SP tlog-proof, or proof and entry as JSON
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Prints the proof.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let mut ledger = args.record.open(&config)?;
    let seq = number(&mut ledger, &args.entry)?;
    let proof = match ledger.proof(seq).map_err(told)? {
        Some(proof) => proof,
        None => return Err(missing(&mut ledger, seq)?),
    };
    if let Some(path) = &args.to {
        files::write(path, proof.entry.as_bytes())?;
    }
    match args.format {
        Format::Table => print(&proof.text())?,
        Format::Json => print_json(&json!({ "index": proof.seq, "size": proof.size, "entry": proof.entry, "proof": proof.text() }))?,
    }
    Ok(Exit::Clean)
}

fn number(ledger: &mut Ledger, name: &str) -> Result<u64, Failure> {
    if let Ok(seq) = name.parse::<u64>() {
        return Ok(seq);
    }
    let run = runs::find(ledger, name)?;
    let end = ledger.run_end(run.id).map_err(told)?;
    end.ok_or_else(|| Failure::usage(format!("run {} is still running; nothing says yet how it ended", run.uuid)))
}

/// Why there is no proof.
fn missing(ledger: &mut Ledger, seq: u64) -> Result<Failure, Failure> {
    let (size, last) = (ledger.size().map_err(told)?, ledger.last_checkpoint().map_err(told)?);
    Ok(Failure::usage(match last {
        _ if seq >= size => format!("there is no entry {seq}; the log has {size}, counted from 0"),
        None => "no checkpoint was signed yet; `assize ledger checkpoint` signs one".into(),
        Some((signed, _, _)) => {
            format!("entry {seq} is newer than the last checkpoint, of {signed} entries; `assize ledger checkpoint` signs one")
        }
    }))
}
