//! `assize coverage`: whether every control was assessed all the time, or when not and why.

use std::collections::{BTreeMap, BTreeSet};

use engine::Plan;
use engine::coverage::{Coverage, Gap, coverage};
use globset::{Glob, GlobMatcher};
use inventory::Scope;
use jiff::Timestamp;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::planned;
use crate::records::{RecordArgs, told};
use crate::tables::{Format, Table, print, print_json};
use crate::times;

/// Of what, and from when to when.
#[derive(clap::Args)]
pub struct Args {
    /// From when: an instant, or a day (UTC)
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    from: Timestamp,
    /// Until when; absent: now
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    to: Option<Timestamp>,
    /// Only controls whose id matches this glob
    #[arg(long, value_name = "GLOB")]
    control: Option<String>,
    /// Only scopes that match this glob, such as 'aws/111122223333/*'
    #[arg(long, value_name = "GLOB")]
    scope: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    record: RecordArgs,
}

/// Tells; exit code 1 if there is a gap.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let (from, to) = (args.from, args.to.unwrap_or_else(|| args.record.now()));
    if from >= to {
        return Err(Failure::usage(format!("{from} is not before {to}; there is no time between them")));
    }
    let mut ledger = args.record.open(&config)?;
    // What is wanted is what was ever looked at: an interval in which nobody looked at all is a gap, too.
    let known = run::latest_looks(&mut ledger).map_err(told)?;
    let providers: BTreeSet<String> = known.iter().map(|look| look.scope.provider.clone()).collect();
    let plan = planned::plan(&config, &providers)?;
    let chosen = Chosen { control: glob(args.control.as_ref())?, scope: glob(args.scope.as_ref())? };
    let mut wanted = run::wanted(&plan, &known);
    wanted.retain(|wanted| chosen.has(&wanted.control, Some(&wanted.scope)));
    let never = never(&plan, &known, &chosen);
    if wanted.is_empty() && never.is_empty() {
        return Err(Failure::usage("no control in any scope that was ever looked at matches; see `assize checks list`"));
    }
    let looks = run::looks(&mut ledger, from, to).map_err(told)?;
    let blanks = run::blanks(&mut ledger, from, to).map_err(told)?;
    let found = coverage(&wanted, &looks, &blanks, from, to);
    let whole = never.is_empty() && found.iter().all(Coverage::is_whole);
    match args.format {
        Format::Json => print_json(&json!({ "from": from, "to": to, "whole": whole, "coverage": found, "never-looked": never }))?,
        Format::Table => print(&(table(&found, &never) + &sum(&found, never.len(), from, to)))?,
    }
    Ok(if whole { Exit::Clean } else { Exit::Findings })
}

fn glob(text: Option<&String>) -> Result<Option<GlobMatcher>, Failure> {
    text.map(|text| Ok(Glob::new(text).map_err(Failure::usage)?.compile_matcher())).transpose()
}

/// What the globs let through.
struct Chosen {
    control: Option<GlobMatcher>,
    scope: Option<GlobMatcher>,
}

impl Chosen {
    fn has(&self, control: &str, scope: Option<&Scope>) -> bool {
        let fits = |glob: &Option<GlobMatcher>, text: Option<String>| {
            glob.as_ref().is_none_or(|glob| text.is_some_and(|text| glob.is_match(text)))
        };
        fits(&self.control, Some(control.to_owned())) && fits(&self.scope, scope.map(ToString::to_string))
    }
}

/// Kinds that checks judge and nobody ever looked for, anywhere, with the controls that rest on them.
fn never(plan: &Plan, known: &[engine::coverage::Look], chosen: &Chosen) -> BTreeMap<String, BTreeSet<String>> {
    let mut never: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (at, check) in plan.checks().iter().enumerate() {
        let control = &plan.control_of(at).id;
        if !known.iter().any(|look| look.kind == check.kind().as_str()) && chosen.has(control, None) {
            never.entry(check.kind().to_string()).or_default().insert(control.clone());
        }
    }
    never
}

/// The gaps, each once, with all controls that it leaves open.
fn table(found: &[Coverage], never: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut gaps: BTreeMap<(&Scope, &Gap), BTreeSet<&str>> = BTreeMap::new();
    for one in found {
        for gap in &one.gaps {
            gaps.entry((&one.scope, gap)).or_default().insert(&one.control);
        }
    }
    if gaps.is_empty() && never.is_empty() {
        return String::new();
    }
    let mut table = Table::new(["SCOPE", "KIND", "FROM", "UNTIL", "WHY", "CONTROLS"]);
    for ((scope, gap), controls) in gaps {
        let controls = controls.into_iter().collect::<Vec<_>>().join(" ");
        let (from, until) = (times::told(gap.from), times::told(gap.until));
        table.row([&scope.to_string(), &gap.kind, &from, &until, &gap.reason.to_string(), &controls]);
    }
    for (kind, controls) in never {
        let controls = controls.iter().cloned().collect::<Vec<_>>().join(" ");
        table.row(["anywhere", kind, "-", "-", "nobody ever looked", &controls]);
    }
    table.text()
}

fn sum(found: &[Coverage], never: usize, from: Timestamp, to: Timestamp) -> String {
    let controls: BTreeSet<&str> = found.iter().map(|one| one.control.as_str()).collect();
    let scopes: BTreeSet<&Scope> = found.iter().map(|one| &one.scope).collect();
    let what = format!(
        "{} in {} from {} to {}",
        counted(controls.len(), "control"),
        counted(scopes.len(), "scope"),
        times::told(from),
        times::told(to)
    );
    let open = found.iter().filter(|one| !one.is_whole()).count();
    match (open, never) {
        (0, 0) => format!("{what}: assessed without a gap\n"),
        (0, kinds) => format!("{what}: {} never looked for\n", counted(kinds, "kind")),
        (open, _) => format!("{what}: {open} of {} have gaps\n", counted(found.len(), "pair")),
    }
}
