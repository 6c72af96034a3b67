//! `assize exemption preview`: what exemptions would cover.

use std::path::PathBuf;

use engine::exempt::{ExemptionRequest, Failing, Preview, preview};
use jiff::Timestamp;
use ledger::Ledger;
use serde_json::{Value, json};

use crate::config;
use crate::content;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::tables::{Format, print, print_json};
use crate::times;

/// Of which file.
#[derive(clap::Args)]
pub struct Args {
    /// A file of `[[exemption]]` tables, with or without `approved_by`
    file: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Says what the exemptions would cover today, and would have covered a week ago.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let requests = config::candidates(&args.file).map_err(Failure::Files)?;
    let mut ledger = args.record.open(&config)?;
    let found = of(&mut ledger, &requests, args.record.now())?;
    match args.format {
        Format::Json => print_json(&requests.iter().zip(&found).map(|(request, found)| json(request, found)).collect::<Vec<_>>())?,
        Format::Table => print(&requests.iter().zip(&found).map(|(request, found)| text(request, found)).collect::<String>())?,
    }
    Ok(Exit::Clean)
}

/// What each of the requests would cover.
pub fn of(ledger: &mut Ledger, requests: &[ExemptionRequest], now: Timestamp) -> Result<Vec<Preview>, Failure> {
    // Documents are opened only where somebody asks for tags.
    let asks = requests.iter().any(|request| !request.tags.is_empty());
    let tags = asks.then_some(&content::tags_of as run::TagsOf);
    let mut failing = |at: Timestamp| -> Result<Vec<Failing>, Failure> { run::failing(ledger, at, tags).map_err(told) };
    let (today, last_week) = (failing(now)?, failing(times::days_before(now, 7))?);
    Ok(requests.iter().map(|request| preview(&request.clone().approved("", None), &today, &last_week)).collect())
}

/// The sentence, and the resources.
pub fn text(request: &ExemptionRequest, found: &Preview) -> String {
    let resources = found.resources.iter().map(|id| {
        let new = if found.last_week.contains(id) { "" } else { "  (not last week)" };
        format!("  {}{new}\n", report::shown(id))
    });
    format!("{}: {found}\n{}", report::shown(&request.id), resources.collect::<String>())
}

fn json(request: &ExemptionRequest, found: &Preview) -> Value {
    json!({
        "exemption": request.id, "failures": found.failures, "resources": found.resources, "last-week": found.last_week,
        "tags-unread": found.tags_unread, "too-broad": found.too_broad, "says": found.to_string(),
    })
}
