//! `assize diff`: what changed between the ends of two runs.

use jiff::Timestamp;
use ledger::RunRow;

use super::history::told as transition;
use super::runs;
use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::records::{RecordArgs, told};
use crate::tables::{Format, Table, print, print_json};

/// Which two.
#[derive(clap::Args)]
pub struct Args {
    /// The run to compare with: the first letters of its id, its number, `latest`, `latest~1` …
    from: String,
    /// The run that is compared
    to: String,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Tells what changed; exit code 1 if anything did.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let mut ledger = args.record.open(&config)?;
    let (from, to) = (runs::find(&mut ledger, &args.from)?, runs::find(&mut ledger, &args.to)?);
    if from.inputs != to.inputs {
        eprintln!("assize: the two runs had other checks, parameters or exemptions, and some of the changes may come of that");
    }
    let changes = ledger.diff(ended(&from)?, ended(&to)?).map_err(told)?;
    match args.format {
        Format::Json => print_json(&changes.iter().map(|change| transition(change, None)).collect::<Vec<_>>())?,
        Format::Table => {
            let mut table = Table::new(["CHECK", "RESOURCE", "WAS", "IS", "WHY"]);
            for change in &changes {
                let said = transition(change, None);
                table.row([&said.check, &said.subject, said.was.as_deref().unwrap_or("-"), &said.becomes, &said.why()]);
            }
            let text = if changes.is_empty() { String::new() } else { table.text() };
            let (a, b) = (runs::short(&from.uuid), runs::short(&to.uuid));
            print(&format!("{text}{} between {a} and {b}\n", counted(changes.len(), "change")))?;
        }
    }
    Ok(if changes.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn ended(run: &RunRow) -> Result<Timestamp, Failure> {
    run.ended.ok_or_else(|| Failure::usage(format!("run {} is still running; wait for its end", run.uuid)))
}
