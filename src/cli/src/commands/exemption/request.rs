//! `assize exemption request`: asks for exemptions.

use std::path::PathBuf;

use engine::exempt::{ExemptionChange, ExemptionStep, Origin};

use super::preview;
use crate::config;
use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::records::{RecordArgs, told};
use crate::tables::print;

/// For what, and who asks.
#[derive(clap::Args)]
pub struct Args {
    /// A file of `[[exemption]]` tables without `approved_by`
    file: PathBuf,
    /// Who asks
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    record: RecordArgs,
}

/// Asks, and says what would be covered.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let (config, now) = (args.record.config()?, args.record.now());
    let requests = config::requests(&args.file).map_err(Failure::Files)?;
    let files = requests.iter().find(|request| config.exemption.iter().any(|entry| entry.id == request.id));
    if let Some(request) = files {
        return Err(Failure::usage(format!("an exemption `{}` is in the files; give this one another id", request.id)));
    }
    if let Some(over) = requests.iter().find(|request| (*request).clone().approved("", None).has_ended(now)) {
        return Err(Failure::usage(format!("exemption `{}` would have ended on {}; ask for a later day", over.id, over.expires)));
    }
    let mut ledger = args.record.open(&config)?;
    let found = preview::of(&mut ledger, &requests, now)?;
    let steps: Vec<ExemptionStep> = requests
        .iter()
        .map(|request| {
            let change = ExemptionChange::Requested { by: args.by.clone(), origin: Origin::Request, request: request.clone() };
            ExemptionStep::new(&request.id, now, change)
        })
        .collect();
    run::enter(&mut ledger, &steps).map_err(told)?;
    let previews: String = requests.iter().zip(&found).map(|(request, found)| preview::text(request, found)).collect();
    let asked = counted(requests.len(), "exemption");
    print(&format!(
        "{previews}{asked} asked for by {}; somebody else must approve: `assize exemption approve ID --by NAME`\n",
        report::shown(&args.by)
    ))?;
    Ok(Exit::Clean)
}
