//! What time brings by itself: what the files say now, warnings and ends of exemptions, what they covered, checkpoints, letting go.

use std::collections::BTreeMap;

use daemon::alerts::{Alert, put_beside};
use daemon::cycle::Work;
use engine::exempt::Held;
use engine::finding::lapsed;
use engine::{ExemptionChange, ExemptionStep, Exemptions};
use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, LedgerError, Tx};

use super::Continuous;
use crate::config::Config;
use crate::signing::Signing;

/// How often a checkpoint is signed while something happens.
const CHECKPOINT: SignedDuration = SignedDuration::from_mins(10);

pub fn in_passing(work: &Continuous, ledger: &mut Ledger, now: Timestamp) -> Result<(), LedgerError> {
    let loaded = work.loaded.current();
    if let Err(refused) = run::by_files(ledger, &loaded.config.exemption, now)? {
        tracing::error!(refused, "exemptions of the files are not entered");
    }
    run::due(ledger, now, &|tx, held, steps| tell(work, tx, held, steps, now))?;
    let exemptions = Exemptions::new(run::in_force(ledger, now)?);
    let steps = lapsed(&run::register(ledger)?, &exemptions, now);
    if !steps.is_empty() {
        ledger.write(|tx| run::append_findings(tx, &steps, None))?;
    }
    checkpoint(&loaded.config, ledger, now)?;
    let keep = i64::from(loaded.config.ledger.keep_days);
    if keep > 0 {
        prune(ledger, now, keep)?;
    }
    Ok(())
}

/// Tells of exemptions that are about to end, in the change that enters the warning.
fn tell(work: &Continuous, tx: &mut Tx, held: &BTreeMap<String, Held>, steps: &[ExemptionStep], now: Timestamp) -> Result<(), LedgerError> {
    let alert = |step: &ExemptionStep| match &step.change {
        ExemptionChange::Warned { days } => held.get(&step.exemption).map(|held| {
            let request = &held.request;
            Alert::exemption_expires(&request.id, &request.owner, request.control.as_deref(), held.ends(), *days, now)
        }),
        _ => None,
    };
    let alerts: Vec<Alert> = steps.iter().filter_map(alert).collect();
    put_beside(tx, &work.route(&alerts, now))
}

/// Signs how long the log is, from time to time while something happens, and keeps that outside too.
fn checkpoint(config: &Config, ledger: &mut Ledger, now: Timestamp) -> Result<(), LedgerError> {
    let last = ledger.last_checkpoint()?.map(|(_, at, _)| at);
    if last.is_some_and(|last| last <= now && now.duration_since(last) < CHECKPOINT) {
        return Ok(());
    }
    let signed = Signing::open(config).and_then(|signing| signing.map_or(Ok(None), |signing| signing.checkpoint(ledger, now)));
    if let Err(why) = signed {
        // A signer that is away must not keep anything else from being done.
        tracing::error!(%why, "no checkpoint was signed");
    }
    Ok(())
}

/// Lets go of old documents, once a day.
fn prune(ledger: &mut Ledger, now: Timestamp, days: i64) -> Result<(), LedgerError> {
    let last = ledger.write(|tx| tx.value("pruned"))?.and_then(|text| text.parse::<Timestamp>().ok());
    if last.is_some_and(|last| last <= now && now.duration_since(last) < SignedDuration::from_hours(24)) {
        return Ok(());
    }
    let count = ledger.prune(now, now - SignedDuration::from_hours(24 * days))?;
    tracing::info!(count, "old documents were let go");
    ledger.write(|tx| tx.keep_value("pruned", &now.to_string()))
}
