//! `assize runs`: the runs that are on record. How other commands name one is here too.

use ledger::{Ledger, RunRow};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::tables::{Format, Table, print, print_json};
use crate::times;

/// Which runs.
#[derive(clap::Args)]
pub struct Args {
    /// So many of the newest
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// How to print them
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Lists, newest first.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let mut ledger = args.record.open(&config)?;
    let runs = ledger.runs(args.limit).map_err(told)?;
    match args.format {
        Format::Json => print_json(&runs.iter().map(json).collect::<Vec<_>>())?,
        Format::Table if runs.is_empty() => print("no run is on record\n")?,
        Format::Table => print(&table(&runs))?,
    }
    Ok(Exit::Clean)
}

fn table(runs: &[RunRow]) -> String {
    let mut table = Table::new(["RUN", "STARTED", "ENDED", "OUTCOME", "PASS", "FAIL", "EXEMPT", "UNKNOWN", "N/A"]);
    for run in runs {
        let totals = run.totals;
        let counts = [totals.pass, totals.fail, totals.exempt, totals.unknown, totals.not_applicable].map(|count| count.to_string());
        let [pass, fail, exempt, unknown, other] = counts.each_ref().map(String::as_str);
        let ended = run.ended.map_or("-".into(), times::told);
        table.row([short(&run.uuid), &times::told(run.started), &ended, &run.outcome, pass, fail, exempt, unknown, other]);
    }
    table.text()
}

fn json(run: &RunRow) -> serde_json::Value {
    json!({
        "run": run.uuid, "number": run.id, "started": run.started, "ended": run.ended, "outcome": run.outcome, "inputs": run.inputs,
        "totals": run.totals,
    })
}

/// The first letters of a run's id, as lists show it.
pub fn short(uuid: &str) -> &str {
    uuid.get(..8).unwrap_or(uuid)
}

/// The run that a person means: its id or the first letters of it, its number, `latest`, or `latest~2` for the second before that.
pub fn find(ledger: &mut Ledger, name: &str) -> Result<RunRow, Failure> {
    if let Some(back) = name.strip_prefix("latest") {
        let back = match back.strip_prefix('~') {
            None if back.is_empty() => Some(0),
            Some(number) => number.parse::<u32>().ok().filter(|back| *back < 100_000),
            None => None,
        };
        let back = back.ok_or_else(|| Failure::usage(format!("`{name}` is no run; write `latest`, `latest~1` …, or the id of one")))?;
        let runs = ledger.runs(back + 1).map_err(told)?;
        let there = runs.len();
        let run = runs.into_iter().nth(back as usize);
        return run.ok_or_else(|| Failure::usage(format!("there is no run `{name}`: {there} are on record")));
    }
    let run = ledger.run(name).map_err(told)?;
    run.ok_or_else(|| Failure::usage(format!("there is no run `{name}`; `assize runs` lists them")))
}
