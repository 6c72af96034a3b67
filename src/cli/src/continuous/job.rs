//! A tick: one scope is assessed, what changed is kept, and documents and report are written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use daemon::alerts::{Alert, put_beside};
use daemon::cycle::{Job, Work};
use engine::finding::{Extent, FindingChange, FindingStep};
use engine::framework::judge;
use engine::{Assessed, Plan, Seen};
use inventory::{Provider, Want};
use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, LedgerError, Tx};
use uuid::Uuid;

use super::Continuous;
use super::loaded::Loaded;
use crate::assessing;
use crate::commands::assess::output;
use crate::config::Config;
use crate::failure::Failure;
use crate::frameworks;
use crate::sources;

/// Carries it out; says in a word how it went.
pub async fn carry_out(work: &Continuous, job: &Job) -> Result<String, Failure> {
    let loaded = work.loaded.current();
    let config = of_scope(&loaded.config, &job.scope)?;
    let providers = sources::providers(&config).await?;
    let plan = plan(&loaded, job, &providers)?;
    let mut ledger = Ledger::open(&work.location).map_err(Failure::internal)?;
    let now = || work.clock.now();
    let exemptions = assessing::exemptions(&mut ledger, &config, Extent::Part, now())?;
    let jobs: Vec<(Arc<dyn Provider>, Vec<Want>)> =
        providers.into_iter().map(|provider| (Arc::clone(&provider), plan.wants(provider.name()))).collect();
    let policy = config.policy();
    let tell = |tx: &mut Tx, steps: &[FindingStep]| tell(work, tx, steps, now());
    let order = run::Order {
        uuid: Uuid::new_v4(),
        plan: &plan,
        exemptions: &exemptions,
        jobs: &jobs,
        books: run::Books::default(),
        extent: Extent::Part,
        keeps: true,
        subjects: Default::default(),
        valid_for: valid_for(job, &config, now()),
        policy: &policy,
        program: concat!("assize ", env!("CARGO_PKG_VERSION")).into(),
        inputs: assessing::inputs(&plan, &loaded.content.pack, &exemptions),
        scopes: vec![job.scope.clone()],
        tick: Some(job.tick),
        beside: Some(&tell),
    };
    let mut done = run::carry_out(&order, &mut ledger, &now, &mut |_| {}).await.map_err(assessing::failed)?;
    tell_gaps(work, &mut ledger, &done.seen, now()).map_err(Failure::internal)?;
    let mut frame = assessing::frame(&config, loaded.content.title.clone(), &loaded.content.pack, &order, &done, now());
    frame.tick = Some(engine::emit::Tick { schedule: job.schedule.name.clone(), due: job.logical, task: task(job) });
    frame.unseen = unseen(&mut ledger, &plan, &done.seen, done.started).map_err(Failure::internal)?;
    let named = frameworks::open(&config.assess.by, &config)?;
    let frameworks = frameworks::load(named, &config, &config.path(&config.assess.profile), &loaded.content.pack)?;
    let checks: Vec<String> = plan.checks().iter().map(|check| check.id().to_string()).collect();
    let answer = |framework| judge(framework, plan.controls(), &checks, &done.seen, &done.assessed);
    let judged: Vec<_> = frameworks.into_iter().map(answer).collect();
    let mut emission = engine::emit(&plan, &done.seen, &done.assessed, &exemptions, &judged, &frame);
    done.seen = Default::default();
    let files = output::write(&work.output.join(folder(&job.scope)), &mut emission, now())?;
    done.end(&mut ledger, &files.packed()?, now()).map_err(Failure::internal)?;
    Ok(word(&done.assessed).to_owned())
}

/// The task that the schedule is written as in an assessment plan.
fn task(job: &Job) -> oscal::Uuid {
    let ids = Uuid::new_v5(&Uuid::NAMESPACE_URL, engine::emit::NS.as_bytes());
    let ns = engine::emit::NS.parse().expect("it is a URI");
    let frame = schedule::plan::Frame { ns: &ns, ids, uuid: oscal::ident::stable_uuid(ids, "schedules"), at: job.logical };
    schedule::plan::write(std::slice::from_ref(&job.schedule), &frame).tasks[0].uuid
}

/// The configuration with this scope alone.
fn of_scope(config: &Config, scope: &str) -> Result<Config, Failure> {
    let mut config = config.clone();
    config.scope.retain(|one| one.name == scope);
    match config.scope.is_empty() {
        true => Err(Failure::usage(format!("scope `{scope}` is not configured any more"))),
        false => Ok(config),
    }
}

/// A schedule of some controls looks at the kinds that these need, and judges everything on them: what stands of a resource is the word of all
/// its checks.
fn plan(loaded: &Loaded, job: &Job, providers: &[Arc<dyn Provider>]) -> Result<Plan, Failure> {
    let names: BTreeSet<String> = providers.iter().map(|provider| provider.name().to_owned()).collect();
    let covered = |check: &&checks::Check| job.schedule.what.controls.cover(check.id().control());
    let kinds: BTreeSet<_> = loaded.content.pack.checks().iter().filter(covered).map(|check| check.kind().clone()).collect();
    Plan::new(loaded.content.controls.clone(), &loaded.content.pack, &names, &|check| kinds.contains(check.kind())).map_err(Failure::usage)
}

/// Results stand until the next tick is due and its grace is over.
fn valid_for(job: &Job, config: &Config, now: Timestamp) -> SignedDuration {
    let until = job.schedule.expires_for(job.logical).filter(|until| *until > now);
    until.map_or_else(|| config.valid_for(), |until| until.duration_since(now))
}

/// The name of a scope as a folder; what is not plain is replaced, and told apart by what it was.
fn folder(scope: &str) -> String {
    let plain: String = scope.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    match plain == scope && !plain.starts_with('.') {
        true => plain,
        false => {
            format!("{}-{}", plain.trim_start_matches('.'), &Uuid::new_v5(&Uuid::NAMESPACE_OID, scope.as_bytes()).simple().to_string()[..8])
        }
    }
}

/// Tells of findings that were opened, in the change that enters them.
fn tell(work: &Continuous, tx: &mut Tx, steps: &[FindingStep], now: Timestamp) -> Result<(), LedgerError> {
    let alert = |step: &FindingStep| match &step.change {
        FindingChange::Opened { facts, .. } => {
            let names: Vec<String> = facts.subjects.iter().map(|subject| subject.name.clone()).collect();
            let severity = match facts.severity {
                checks::Severity::Low => daemon::alerts::Severity::Low,
                checks::Severity::Medium => daemon::alerts::Severity::Medium,
                checks::Severity::High => daemon::alerts::Severity::High,
                checks::Severity::Critical => daemon::alerts::Severity::Critical,
            };
            let id = engine::FindingItem::id_of(step.item);
            Some(Alert::finding(&id, severity, &step.control, &step.account, &facts.title, &names, now))
        }
        FindingChange::Seen { .. }
        | FindingChange::Exempt { .. }
        | FindingChange::Unexempt { .. }
        | FindingChange::Unseen { .. }
        | FindingChange::Resolved { .. }
        | FindingChange::Gone { .. } => None,
    };
    let alerts: Vec<Alert> = steps.iter().filter_map(alert).collect();
    put_beside(tx, &work.route(&alerts, now))
}

/// Tells of lists that could not be read. A gap is named by when it was last known, so that it is told once however long it lasts.
fn tell_gaps(work: &Continuous, ledger: &mut Ledger, seen: &Seen, now: Timestamp) -> Result<(), LedgerError> {
    let failed: Vec<_> = seen.listings.iter().filter_map(|listing| listing.outcome.as_ref().err().map(|gap| (listing, gap))).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let latest = ledger.latest_looks()?;
    let alert = |(listing, gap): &(&engine::Listing, &inventory::Gap)| {
        let (kind, scope) = (&seen.kinds[listing.kind as usize], run::scope_text(&seen.scopes[listing.scope as usize]));
        let known = latest.iter().rfind(|look| look.kind == kind.as_str() && look.scope == scope && look.found.is_some());
        Alert::gap(&scope, kind.as_str(), known.map_or(Timestamp::UNIX_EPOCH, |look| look.at), now, &gap.to_string())
    };
    let alerts: Vec<Alert> = failed.iter().map(alert).collect();
    ledger.write(|tx| put_beside(tx, &work.route(&alerts, now)))
}

/// What nobody looked at since the run before, by scope.
fn unseen(
    ledger: &mut Ledger,
    plan: &Plan,
    seen: &Seen,
    started: Timestamp,
) -> Result<BTreeMap<inventory::Scope, Vec<engine::coverage::Gap>>, LedgerError> {
    let accounts: BTreeSet<(&str, &str)> = seen.scopes.iter().map(|scope| (scope.provider.as_str(), scope.account.as_str())).collect();
    let before = ledger.latest_looks()?.into_iter().filter(|look| look.from < started);
    let Some(from) = before.map(|look| look.from).max() else { return Ok(BTreeMap::new()) };
    let looks = run::looks(ledger, from, started)?;
    let mut wanted = run::wanted(plan, &looks);
    wanted.retain(|one| accounts.contains(&(one.scope.provider.as_str(), one.scope.account.as_str())));
    let blanks = run::blanks(ledger, from, started)?;
    Ok(engine::coverage::merged(&engine::coverage::coverage(&wanted, &looks, &blanks, from, started)))
}

fn word(assessed: &Assessed) -> &'static str {
    match (assessed.tally.unknown, assessed.tally.fail - assessed.tally.exempt) {
        (1.., _) => "incomplete",
        (0, 1..) => "findings",
        (0, 0) => "clean",
    }
}
