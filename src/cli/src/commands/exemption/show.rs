//! `assize exemption show`: all about one exemption.

use engine::exempt::{ExemptionChange, ExemptionStep, Held, Origin};
use jiff::Timestamp;
use serde_json::json;

use super::list;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::tables::{Format, Table, print, print_json};
use crate::times;

/// Which.
#[derive(clap::Args)]
pub struct Args {
    /// Its id
    id: String,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Shows it.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let (config, now) = (args.record.config()?, args.record.now());
    let mut ledger = args.record.open(&config)?;
    let held = run::held(&mut ledger).map_err(told)?.remove(&args.id);
    let held =
        held.ok_or_else(|| Failure::usage(format!("there is no exemption `{}` on record; see `assize exemption list --all`", args.id)))?;
    let steps = run::exemption_steps(&mut ledger, Some(&args.id)).map_err(told)?;
    match args.format {
        Format::Json => print_json(&json!({ "exemption": list::json(&held, now), "steps": steps }))?,
        Format::Table => print(&(about(&held, now) + &table(&steps)))?,
    }
    Ok(Exit::Clean)
}

fn about(held: &Held, now: Timestamp) -> String {
    let request = &held.request;
    let origin = match held.origin {
        Origin::File => "a file",
        Origin::Request => "a request",
    };
    let mut lines = vec![
        ("id", request.id.clone()),
        ("stands", held.phase(now).as_str().to_owned()),
        ("kind", request.kind.as_str().to_owned()),
        ("covers", list::covers(request)),
        ("at most", format!("{} failures", request.max_matches)),
        ("reason", request.reason.clone()),
        ("owner", request.owner.clone()),
        ("came by", format!("{origin}, asked for by {} on {}", held.requested_by, times::told(held.requested_at))),
        ("last day", request.expires.to_string()),
    ];
    lines.extend(held.approval.as_ref().map(|approval| {
        let from = approval.on.map_or("at once".to_owned(), |on| format!("from {on}"));
        let note = approval.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        ("approved", format!("by {} on {}, {from}{note}", approval.by, times::told(approval.at)))
    }));
    lines.extend(held.ending.as_ref().map(|ending| ("ended", format!("{}: {}", times::told(ending.at), ending.reason))));
    lines.iter().map(|(name, value)| format!("{name:<9} {}\n", report::shown(value))).collect()
}

fn table(steps: &[ExemptionStep]) -> String {
    let mut table = Table::new(["TIME", "WHAT", "BY", "WHY"]);
    for step in steps {
        let (what, by, why) = match &step.change {
            ExemptionChange::Requested { by, request, .. } => ("requested", by.as_str(), request.reason.clone()),
            ExemptionChange::Approved { by, note, .. } => ("approved", by.as_str(), note.clone().unwrap_or_default()),
            ExemptionChange::Rejected { by, reason } => ("rejected", by.as_str(), reason.clone()),
            ExemptionChange::Withdrawn { by, reason } => ("withdrawn", by.as_str(), reason.clone()),
            ExemptionChange::Revoked { by, reason } => ("revoked", by.as_str(), reason.clone()),
            ExemptionChange::Changed { exemption } => ("changed", exemption.approved_by.as_str(), exemption.reason.clone()),
            ExemptionChange::Removed => ("removed", "-", "its entry is not in the files any more".into()),
            ExemptionChange::Warned { days } => ("warned", "-", format!("{days} days or fewer are left")),
            ExemptionChange::Expired => ("expired", "-", "its last day is over".into()),
        };
        table.row([&times::told(step.at), what, by, &why]);
    }
    table.text()
}
