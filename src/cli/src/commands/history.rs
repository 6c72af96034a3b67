//! `assize history`: what became of a resource, or of a finding, over all runs.

mod finding;

use std::collections::HashMap;

use globset::Glob;
use jiff::Timestamp;
use ledger::{Ledger, Transition};
use serde::Serialize;

use super::runs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told as wrong};
use crate::tables::{Format, Table, print, print_json};
use crate::times;

/// Of what.
#[derive(clap::Args)]
pub struct Args {
    /// A resource, by its id or a part of it that no other has; a finding, such as dat-01/aws/111122223333; or an item, such as V-0003
    #[arg(value_name = "RESOURCE|FINDING")]
    subject: String,
    /// Of a resource: only checks whose id matches this glob
    #[arg(long, value_name = "GLOB")]
    check: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// A change of a verdict as it is printed.
#[derive(Serialize)]
pub struct Change {
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
    pub check: String,
    pub subject: String,
    pub was: Option<String>,
    pub becomes: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    exempt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// A change as it is printed, with the id of its run.
pub fn told(change: &Transition, run: Option<&str>) -> Change {
    Change {
        at: change.at,
        run: run.map(str::to_owned),
        check: change.check.clone(),
        subject: change.subject.clone(),
        was: change.was.clone(),
        becomes: change.becomes.clone(),
        exempt: change.detail.exempt.clone(),
        text: change.detail.text.clone(),
    }
}

impl Change {
    /// Why it is what it is: the exemption that marks it, and what was said.
    pub fn why(&self) -> String {
        let exempt = self.exempt.as_ref().map(|exempt| format!("exempt by {exempt}"));
        exempt.into_iter().chain(self.text.clone()).collect::<Vec<_>>().join("; ")
    }
}

/// Tells it, oldest first.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let mut ledger = args.record.open(&config)?;
    if let Some(items) = finding::items(&mut ledger, &args.subject)? {
        return finding::tell(&mut ledger, &items, args.format);
    }
    let glob = args.check.as_ref().map(|glob| Glob::new(glob).map_err(Failure::usage)).transpose()?.map(|glob| glob.compile_matcher());
    let subject = subject(&mut ledger, &args.subject)?;
    let mut ids = HashMap::new();
    let mut changes = Vec::new();
    for change in ledger.history(&subject, None).map_err(wrong)? {
        if glob.as_ref().is_none_or(|glob| glob.is_match(&change.check)) {
            let run = id(&mut ledger, &mut ids, change.run)?;
            changes.push(told(&change, Some(&run)));
        }
    }
    match args.format {
        Format::Json => print_json(&changes)?,
        Format::Table if changes.is_empty() => print(&format!("no check that matches judged {}\n", report::shown(&subject)))?,
        Format::Table => print(&format!("{}\n{}", report::shown(&subject), table(&changes)))?,
    }
    Ok(Exit::Clean)
}

fn table(changes: &[Change]) -> String {
    let mut table = Table::new(["TIME", "RUN", "CHECK", "WAS", "BECAME", "WHY"]);
    for change in changes {
        let run = change.run.as_deref().map_or("-", runs::short);
        table.row([&times::told(change.at), run, &change.check, change.was.as_deref().unwrap_or("-"), &change.becomes, &change.why()]);
    }
    table.text()
}

fn id(ledger: &mut Ledger, known: &mut HashMap<u64, String>, run: u64) -> Result<String, Failure> {
    if let Some(id) = known.get(&run) {
        return Ok(id.clone());
    }
    let id = ledger.run_of(run).map_err(wrong)?.map_or_else(|| run.to_string(), |row| row.uuid);
    known.insert(run, id.clone());
    Ok(id)
}

/// So many are named where a part of a name is not enough.
const NAMED: u32 = 10;

/// The subject that a person means: its whole name, the provider's own id, or a part that no other has.
fn subject(ledger: &mut Ledger, name: &str) -> Result<String, Failure> {
    if name.trim().is_empty() {
        return Err(Failure::usage("the name is empty; say which resource or finding"));
    }
    let mut found = ledger.subjects(name, 1_000).map_err(wrong)?;
    let exact = |subject: &&String| **subject == name || subject.ends_with(&format!("/{name}"));
    let exactly: Vec<String> = found.iter().filter(exact).cloned().collect();
    if exactly.len() == 1 {
        found = exactly;
    }
    match found.len() {
        0 => Err(Failure::usage(format!("no resource on record is called `{name}`, and no finding or item"))),
        1 => Ok(found.remove(0)),
        many => {
            let more = if many > NAMED as usize { "\n  …" } else { "" };
            let named: String = found.iter().take(NAMED as usize).map(|one| format!("\n  {one}")).collect();
            Err(Failure::usage(format!("more than one resource is called like `{name}`; say more of it:{named}{more}")))
        }
    }
}
