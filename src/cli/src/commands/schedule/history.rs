//! `assize schedule history`: what became of the times at which schedules were due.

use jiff::Timestamp;
use ledger::TickRow;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::tables::{Format, Table, print, print_json};
use crate::times;

/// From when to when, of which.
#[derive(clap::Args)]
pub struct Args {
    /// Only this schedule
    name: Option<String>,
    /// From when: an instant, or a day (UTC); absent: seven days ago
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    from: Option<Timestamp>,
    /// Until when; absent: now
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    to: Option<Timestamp>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Tells, oldest first.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let to = args.to.unwrap_or_else(|| args.record.now());
    let from = args.from.unwrap_or_else(|| times::days_before(to, 7));
    if from >= to {
        return Err(Failure::usage(format!("{from} is not before {to}; there is no time between them")));
    }
    let mut ledger = args.record.open(&config)?;
    let ticks = ledger.ticks(args.name.as_deref(), from, to).map_err(told)?;
    match args.format {
        Format::Json => print_json(&ticks.iter().map(json).collect::<Vec<_>>())?,
        Format::Table if ticks.is_empty() => {
            print(&format!("nothing was due from {} to {}, as far as is on record\n", times::told(from), times::told(to)))?
        }
        Format::Table => print(&table(&ticks))?,
    }
    Ok(Exit::Clean)
}

fn table(ticks: &[TickRow]) -> String {
    let mut table = Table::new(["DUE", "SCHEDULE", "STATE", "BEGAN", "OVER", "WHY"]);
    for tick in ticks {
        let time = |at: Option<Timestamp>| at.map_or("-".into(), times::told);
        let due = match tick.until {
            Some(until) => format!("{} … {} ({})", times::told(tick.due), times::told(until), tick.count),
            None => times::told(tick.due),
        };
        let (began, over) = (time(tick.started), time(tick.ended));
        table.row([&due, &tick.schedule, tick.state.as_str(), &began, &over, tick.reason.as_deref().unwrap_or("")]);
    }
    table.text()
}

fn json(tick: &TickRow) -> Value {
    json!({
        "schedule": tick.schedule, "due": tick.due, "until": tick.until, "count": tick.count, "state": tick.state, "reason": tick.reason,
        "started": tick.started, "ended": tick.ended,
    })
}
