//! `assize assess --as-of`: what stood at an instant in the past, told like an assessment. No cloud is read, and the record stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use engine::framework::{Framework, judge};
use engine::incremental::Judge;
use engine::{Exemptions, Frame, Plan, assess};
use jiff::Timestamp;
use ledger::Ledger;
use run::{AsOf, Books};
use uuid::Uuid;

use super::{Args, exit, output};
use crate::config::Config;
use crate::content::Content;
use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::ledgers::LedgerArgs;
use crate::records::told;

/// Tells it.
pub fn run(args: &Args, at: Timestamp, config: &Config, content: Content, frameworks: Vec<Framework>) -> Result<Exit, Failure> {
    if at > Timestamp::now() {
        return Err(Failure::usage(format!("{at} is yet to come; what stands then is not known")));
    }
    let mut ledger = find(&args.ledger, config)?;
    let books = Books::default();
    let checks = run::checks_as_of(&mut ledger, &books, at).map_err(told)?;
    if checks.is_empty() {
        return Err(Failure::usage(format!("nothing was on record at {at}; `assize runs` tells when the runs were")));
    }
    let Content { title, controls, pack, .. } = content;
    tell_lost(&checks, &pack);
    let providers: BTreeSet<String> = checks.iter().filter_map(|id| id.split('/').nth(1)).map(str::to_owned).collect();
    let plan = Plan::new(controls, &pack, &providers, &|check| checks.contains(check.id().as_str())).map_err(Failure::usage)?;
    let exemptions = exemptions(&mut ledger, config, at)?;
    let judge_then = Judge::new(&plan, &exemptions, at);
    let AsOf { seen, by_others, left_out } = run::seen_as_of(&mut ledger, &books, &judge_then, at).map_err(told)?;
    if by_others > 0 {
        eprintln!(
            "assize: {} judged by other checks or parameters than those of today; their verdicts are told as they were given then",
            counted(by_others as usize, "resource")
        );
    }
    left_out.iter().for_each(|why| eprintln!("assize: left out: {why}"));
    let assessed = assess(&plan, &seen);
    let frame = frame(&mut ledger, config, title, pack.digest(), at)?;
    let ids: Vec<String> = plan.checks().iter().map(|check| check.id().to_string()).collect();
    let judged: Vec<_> = frameworks.into_iter().map(|framework| judge(framework, plan.controls(), &ids, &seen, &assessed)).collect();
    let mut emission = engine::emit(&plan, &seen, &assessed, &exemptions, &judged, &frame);
    let files = output::write(&args.output, &mut emission, at)?;
    output::show(&emission, &files, at)?;
    // What nobody had looked at for longer than it stands was not known then.
    let stale = seen.subjects.iter().any(|subject| subject.collected + frame.valid_for <= at);
    Ok(if stale { Exit::Incomplete } else { exit(&assessed, args.fail_on.unwrap_or(config.assess.fail_on)) })
}

fn find(args: &LedgerArgs, config: &Config) -> Result<Ledger, Failure> {
    let location = args.location(config)?;
    let found = Ledger::find(&location).map_err(told)?;
    found.ok_or_else(|| Failure::usage(format!("there is no ledger at `{location}`; name another with --ledger")))
}

/// Checks that judged then and are not here any more; nobody can tell what they said.
fn tell_lost(checks: &BTreeSet<String>, pack: &checks::Pack) {
    let lost: Vec<&str> =
        checks.iter().map(String::as_str).filter(|id| !pack.checks().iter().any(|check| check.id().as_str() == *id)).collect();
    if !lost.is_empty() {
        eprintln!("assize: not told, because the checks are not here any more: {}", lost.join(", "));
    }
}

/// The exemptions as they stood then, those that were taken back lately included: failures may still have been marked by them. Those of files
/// that no run over everything has entered are taken as they are.
fn exemptions(ledger: &mut Ledger, config: &Config, at: Timestamp) -> Result<Exemptions, Failure> {
    let held = run::held_at(ledger, at).map_err(told)?;
    let mut all: BTreeMap<String, engine::Exemption> = config.exemption.iter().map(|entry| (entry.id.clone(), entry.clone())).collect();
    all.extend(held.values().filter_map(|held| Some((held.request.id.clone(), held.exemption()?))));
    Ok(Exemptions::new(all.into_values().collect()))
}

fn frame(ledger: &mut Ledger, config: &Config, profile: String, digest: &str, at: Timestamp) -> Result<Frame, Failure> {
    let after = at.checked_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(at);
    let (register, _) = run::register_before(ledger, after).map_err(told)?;
    let failing_since = register.open().map(|item| ((item.control.clone(), item.account.clone()), item.since)).collect();
    Ok(Frame {
        run: Uuid::new_v4(),
        started: at,
        ended: at,
        valid_for: config.valid_for(),
        follows: None,
        timing: None,
        version: env!("CARGO_PKG_VERSION").into(),
        profile,
        organization: config.organization.clone(),
        checks_digest: digest.to_owned(),
        failing_since,
        deadlines: config.deadlines,
        tick: None,
        unseen: BTreeMap::new(),
    })
}
