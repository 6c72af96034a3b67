//! `assize verify`: whether the record is what was recorded.

use std::path::PathBuf;

use ledger::{LedgerError, Verified};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::signing;
use crate::tables::{Format, print, print_json};

/// What to hold the record against.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: RecordArgs,
    /// The file of checkpoints that were kept outside of the ledger, instead of the configured one
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    /// A key that checkpoints are signed with (name+hash+key), besides the configured one; may be repeated
    #[arg(long = "key", value_name = "VERIFIER")]
    keys: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// Looks through all of the record; exit code 1 if anything was altered.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let mut ledger = args.record.open(&config)?;
    let trust = signing::trust(&config, &args.keys, args.checkpoints.as_deref(), &mut ledger)?;
    let found = match ledger.verify(&trust) {
        Ok(found) => found,
        // So much was altered that the rest cannot be read.
        Err(error @ LedgerError::Altered { .. }) => Verified { problems: vec![error.to_string()], ..Verified::default() },
        Err(error) => return Err(told(error)),
    };
    warnings(&found, trust.keys.is_empty()).iter().for_each(|warning| eprintln!("assize: {warning}"));
    match args.format {
        Format::Table => print(&table(ledger.place(), &found, trust.outside.len()))?,
        Format::Json => print_json(&json!({
            "ledger": ledger.place(), "whole": found.problems.is_empty(), "entries": found.entries, "root": found.root, "rows": found.rows,
            "documents": found.documents, "checkpoints": found.checkpoints, "kept-outside": trust.outside.len(), "unsigned": found.unsigned,
            "problems": found.problems,
        }))?,
    }
    Ok(if found.problems.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// What a record that looks whole does not prove.
fn warnings(found: &Verified, no_key: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    match (no_key, found.checkpoints) {
        (true, _) => warnings.push(
            "no key is known, so no signature was looked at: whoever can write the ledger can write all of it anew; name the key with --key \
             or `[ledger] verifier`"
                .into(),
        ),
        (false, 0) => warnings.push("nothing is signed with a known key: sign with `assize ledger checkpoint`".into()),
        // That it was signed is an entry itself, which no checkpoint can speak of yet.
        (false, _) if found.unsigned > 1 => {
            warnings.push(format!("the last {} entries of the log are not signed yet: sign with `assize ledger checkpoint`", found.unsigned));
        }
        (false, _) => {}
    }
    warnings
}

fn table(place: &str, found: &Verified, outside: usize) -> String {
    let mut text = format!("ledger       {}\n", report::shown(place));
    text += &format!("entries      {}, which hash to {}\n", found.entries, found.root);
    text += &format!("rows         {} are what the log makes of them\n", found.rows);
    text += &format!("documents    {} have their own hash\n", found.documents);
    text += &format!("checkpoints  {} fit; {outside} were kept outside\n", found.checkpoints);
    text += &format!("unsigned     {} of the entries\n", found.unsigned);
    match found.problems.as_slice() {
        [] => text + "the record is whole\n",
        problems => {
            text += "THE RECORD WAS ALTERED\n";
            problems.iter().fold(text, |text, problem| text + &format!("  {}\n", report::shown(problem)))
        }
    }
}
