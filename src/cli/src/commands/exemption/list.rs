//! `assize exemption list`: the exemptions that are on record.

use engine::exempt::{ExemptionRequest, Held};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::records::{RecordArgs, told};
use crate::tables::{Format, Table, print, print_json};

/// Which.
#[derive(clap::Args)]
pub struct Args {
    /// Also those that are over: expired, revoked, rejected, withdrawn
    #[arg(long)]
    all: bool,
    /// How to print them
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Lists, in the order of their ids.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let (config, now) = (args.record.config()?, args.record.now());
    let mut ledger = args.record.open(&config)?;
    let held = run::held(&mut ledger).map_err(told)?;
    let unread = config.exemption.iter().filter(|entry| !held.contains_key(&entry.id)).count();
    if unread > 0 {
        eprintln!("assize: {} of files not on record yet; the next run over everything enters them", counted(unread, "exemption"));
    }
    let ended = |held: &Held| held.standing.is_over() || now >= held.ends();
    let shown: Vec<&Held> = held.values().filter(|held| args.all || !ended(held)).collect();
    match args.format {
        Format::Json => print_json(&shown.iter().map(|held| json(held, now)).collect::<Vec<_>>())?,
        Format::Table if shown.is_empty() => print("no exemption is in force or asked for\n")?,
        Format::Table => print(&table(&shown, now))?,
    }
    Ok(Exit::Clean)
}

fn table(shown: &[&Held], now: Timestamp) -> String {
    let mut table = Table::new(["ID", "STANDS", "KIND", "COVERS", "OWNER", "ASKED BY", "APPROVED BY", "LAST DAY"]);
    for held in shown {
        let (request, approved) = (&held.request, held.approval.as_ref().map_or("-", |approval| &approval.by));
        let (stands, covers, last) = (held.phase(now).as_str(), covers(request), request.expires.to_string());
        table.row([&request.id, stands, request.kind.as_str(), &covers, &request.owner, &held.requested_by, approved, &last]);
    }
    table.text()
}

/// An exemption with where it stands now.
pub fn json(held: &Held, now: Timestamp) -> Value {
    json!({ "phase": held.phase(now), "held": held })
}

/// What an exemption is about, in a line.
pub fn covers(request: &ExemptionRequest) -> String {
    let fields = [
        ("control", &request.control),
        ("check", &request.check),
        ("provider", &request.provider),
        ("account", &request.account),
        ("resource", &request.resource),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    let tags = request.tags.iter().map(|(key, value)| format!("tag {key}={value}"));
    fields.chain(tags).collect::<Vec<_>>().join(", ")
}
