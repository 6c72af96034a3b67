//! Keeps the run in the ledger: documents as they come, verdicts when all is known, the emitted files at the end.

use std::collections::{BTreeMap, BTreeSet};

use checks::{Pack, Verdict};
use engine::{Assessed, Exemptions, Outcome, Place, Plan, Seen, Tally};
use etcetera::BaseStrategy;
use jiff::Timestamp;
use ledger::{Ledger, Observed, RunEnd, RunStart, RunWriter, Totals};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::output::Files;
use crate::config::Config;
use crate::failure::Failure;

/// Where the ledger lies: as the flag says, else the configuration, else where the platform keeps state.
pub fn path(flag: Option<&std::path::Path>, config: &Config) -> Result<std::path::PathBuf, Failure> {
    if let Some(path) = flag {
        return Ok(path.to_owned());
    }
    if let Some(path) = &config.ledger.path {
        return Ok(config.path(path));
    }
    let platform = etcetera::choose_base_strategy().map_err(Failure::internal)?;
    let state = platform.state_dir().unwrap_or_else(|| platform.data_dir());
    Ok(state.join("assize").join("ledger.sqlite"))
}

/// Since when controls have been failing, by control and account, as the ledger knows it; by the checks of this plan, because what
/// another check found is no finding of this run.
pub fn failing_since(ledger: &Ledger, plan: &Plan) -> Result<BTreeMap<(String, String), Timestamp>, Failure> {
    let planned: BTreeSet<&str> = plan.checks().iter().map(|check| check.id().as_str()).collect();
    let mut since = BTreeMap::new();
    for ((check, scope), at) in ledger.failing_since().map_err(Failure::internal)? {
        if !planned.contains(check.as_str()) {
            continue;
        }
        let control = check.split('/').next().unwrap_or(&check).to_owned();
        let account: Vec<&str> = scope.splitn(3, '/').take(2).collect();
        let known = since.entry((control, account.join("/"))).or_insert(at);
        *known = at.min(*known);
    }
    Ok(since)
}

/// What the run is made of: two runs with the same inputs can be compared.
pub fn start(run: Uuid, started: Timestamp, plan: &Plan, pack: &Pack, exemptions: &Exemptions, config: &Config) -> RunStart {
    let mut digest = Sha256::new();
    digest.update(pack.digest());
    for control in plan.controls() {
        digest.update(control.id.as_bytes());
        digest.update(control.params.to_string());
    }
    for exemption in exemptions.all() {
        digest.update(serde_json::to_string(exemption).expect("an exemption is plain JSON"));
    }
    RunStart {
        run,
        started,
        program: concat!("assize ", env!("CARGO_PKG_VERSION")).into(),
        inputs: digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        scopes: config.scope.iter().map(|scope| scope.name.clone()).collect(),
    }
}

/// Writes every verdict, then what is gone, then the emitted files, and ends the run.
pub fn finish(
    mut writer: RunWriter<'_>,
    plan: &Plan,
    seen: &Seen,
    assessed: &Assessed,
    exemptions: &Exemptions,
    files: &Files,
    finished: Timestamp,
) -> Result<(), Failure> {
    let scopes: Vec<String> = seen.scopes.iter().map(ToString::to_string).collect();
    for outcome in &seen.outcomes {
        observe(&mut writer, plan, seen, exemptions, &scopes, outcome)?;
    }
    // Only a list that was read to its end can say that something is gone.
    let whole = seen.listings.iter().filter(|listing| listing.outcome.is_ok());
    let listed: BTreeSet<(usize, u32)> =
        whole.flat_map(|listing| plan.checks_of(&seen.kinds[listing.kind as usize]).iter().map(|&check| (check, listing.scope))).collect();
    for (check, scope) in listed {
        writer.gone(&scopes[scope as usize], plan.checks()[check].id().as_str()).map_err(Failure::internal)?;
    }
    let mut documents = Vec::new();
    for (name, path) in [("assessment-plan", &files.plan), ("assessment-results", &files.results)] {
        documents.push((name.to_owned(), writer.put_file(path).map_err(Failure::internal)?));
    }
    let Tally { pass, fail, unknown, not_applicable, vacuous, exempt } = assessed.tally;
    let outcome = match (unknown, fail - exempt) {
        (1.., _) => "incomplete",
        (0, 1..) => "findings",
        (0, 0) => "clean",
    };
    let totals = Totals { pass, fail, unknown, not_applicable, vacuous, exempt };
    writer.finish(&RunEnd { finished, totals, outcome: outcome.into(), documents }).map_err(Failure::internal)
}

fn observe(
    writer: &mut RunWriter,
    plan: &Plan,
    seen: &Seen,
    exemptions: &Exemptions,
    scopes: &[String],
    outcome: &Outcome,
) -> Result<(), Failure> {
    let scope = &scopes[seen.scope_of(outcome.place) as usize];
    let (subject, document, collected) = match outcome.place {
        Place::Subject(at) => {
            let subject = &seen.subjects[at as usize];
            (format!("{}/{}", seen.kinds[subject.kind as usize], subject.id), Some(subject.document), Some(subject.collected))
        }
        // A scope that could not be listed is judged as one thing, and leaves the states of its resources as they were.
        Place::Scope(_) => (format!("scope/{scope}"), None, None),
    };
    let (verdict, detail) = match &outcome.verdict {
        Verdict::Pass => ("pass", None),
        Verdict::Fail { message } => ("fail", Some(message.clone())),
        Verdict::NotApplicable { reason } => ("not-applicable", Some(reason.to_string())),
        Verdict::Unknown(gaps) => ("unknown", Some(gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))),
    };
    let exempt = outcome.exempt.map(|at| exemptions.get(at).id.as_str());
    writer
        .observe(&Observed {
            check: plan.checks()[outcome.check as usize].id().as_str(),
            subject: &subject,
            scope,
            verdict,
            exempt,
            detail: detail.as_deref(),
            document,
            collected,
            recheck_at: outcome.recheck_at,
        })
        .map_err(Failure::internal)
}
