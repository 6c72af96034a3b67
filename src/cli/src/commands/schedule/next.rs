//! `assize schedule next`: when the configured schedules are due next.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schedule::{Cadence, Schedule};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::RecordArgs;
use crate::tables::{Format, Table, print, print_json};

/// How many, of which.
#[derive(clap::Args)]
pub struct Args {
    /// Only this schedule
    name: Option<String>,
    /// So many times of each
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
    /// How to print them
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

#[derive(Serialize)]
struct Due {
    schedule: String,
    due: Timestamp,
    local: String,
}

/// Tells, soonest first. Jitter is put on top for each scope by itself.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let mut schedules = super::schedules(&args.record.config()?)?;
    if let Some(name) = &args.name {
        let known = schedules.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join(", ");
        schedules.retain(|one| one.name == *name);
        if schedules.is_empty() {
            return Err(Failure::usage(format!("there is no schedule `{name}`; there are {known}")));
        }
    }
    let now = args.record.now();
    let mut due: Vec<Due> = Vec::new();
    for schedule in &schedules {
        due.extend(schedule.next(now, args.count.into()).into_iter().map(|at| one(schedule, at)));
    }
    due.sort_by(|a, b| (a.due, &a.schedule).cmp(&(b.due, &b.schedule)));
    match args.format {
        Format::Json => print_json(&due)?,
        Format::Table if due.is_empty() => print("nothing is due any more\n")?,
        Format::Table => {
            let mut table = Table::new(["DUE", "ON ITS CLOCK", "SCHEDULE"]);
            due.iter().for_each(|one| table.row([&one.due.to_string(), &one.local, &one.schedule]));
            print(&table.text())?;
        }
    }
    Ok(Exit::Clean)
}

/// A due time, also by the clock that the schedule goes by.
fn one(schedule: &Schedule, due: Timestamp) -> Due {
    let zone = match &schedule.cadence {
        Cadence::Cron(cron) => TimeZone::get(cron.zone()).unwrap_or(TimeZone::UTC),
        Cadence::Every(_) | Cadence::Once(_) => TimeZone::UTC,
    };
    Due { schedule: schedule.name.clone(), due, local: due.to_zoned_datetime(zone).to_string() }
}
