//! `assize schedule import`: the tasks of an OSCAL assessment plan as tables of the configuration.

use std::path::PathBuf;

use oscal::Document;
use schedule::Table;
use serde_json::Value;

use crate::commands::oscal::files;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::tables::print;

/// Of which plan.
#[derive(clap::Args)]
pub struct Args {
    /// The assessment plan
    file: PathBuf,
}

/// Prints the tables; a task that no schedule can be is told with its place, and then nothing is printed.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let file = args.file.display();
    let plan = match files::document(&args.file)? {
        Document::AssessmentPlan(plan) => plan,
        other => return Err(Failure::usage(format!("`{file}` is a {}; name an assessment-plan", other.root()))),
    };
    let schedules = schedule::plan::read(&plan, engine::emit::NS)
        .map_err(|refused| Failure::usage(refused.iter().map(|one| format!("{file}: {one}")).collect::<Vec<_>>().join("\n")))?;
    if schedules.is_empty() {
        eprintln!("assize: no task of `{file}` is a schedule");
    }
    print(&schedules.into_iter().map(|schedule| toml(&Table::from(schedule))).collect::<Vec<_>>().join("\n"))?;
    Ok(Exit::Clean)
}

/// A table as TOML: its strings are written like those of JSON, which TOML's basic strings read alike.
fn toml(table: &Table) -> String {
    let value = serde_json::to_value(table).expect("every key is a string");
    let members: Vec<(&String, &Value)> = value.as_object().into_iter().flatten().collect();
    let (name, rest): (Vec<_>, Vec<_>) = members.into_iter().partition(|(key, _)| *key == "name");
    let lines = name.into_iter().chain(rest).map(|(key, value)| format!("{key} = {value}\n"));
    format!("[[schedule]]\n{}", lines.collect::<String>())
}
