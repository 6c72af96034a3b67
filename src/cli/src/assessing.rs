//! What a command and the daemon have in common when they assess: exemptions, what a run is made of, the frame of its documents.

use std::collections::BTreeMap;

use checks::Pack;
use engine::exempt::Origin;
use engine::finding::Extent;
use engine::{Exemption, Exemptions, Frame, Plan};
use jiff::Timestamp;
use ledger::Ledger;
use run::{Done, Order, RunError};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;

/// The exemptions of a run: those of the files, and those that were asked for and approved. A run over everything also enters into the record
/// what the files say now, and what time has brought.
pub fn exemptions(ledger: &mut Ledger, config: &Config, extent: Extent, now: Timestamp) -> Result<Exemptions, Failure> {
    if extent == Extent::Everything {
        run::by_files(ledger, &config.exemption, now).map_err(Failure::internal)?.map_err(Failure::usage)?;
        run::due(ledger, now, &|_, _, _| Ok(())).map_err(Failure::internal)?;
    }
    let held = run::held(ledger).map_err(Failure::internal)?;
    let requested = held.values().filter(|held| held.origin == Origin::Request);
    let mut all: Vec<Exemption> = config.exemption.clone();
    all.extend(engine::exempt::in_force(requested, now));
    Ok(Exemptions::new(all))
}

/// What a run is made of: two runs with the same inputs can be compared.
pub fn inputs(plan: &Plan, pack: &Pack, exemptions: &Exemptions) -> String {
    let mut digest = Sha256::new();
    digest.update(pack.digest());
    for control in plan.controls() {
        digest.update(control.id.as_bytes());
        digest.update(control.params.to_string());
    }
    for exemption in exemptions.all() {
        digest.update(serde_json::to_string(exemption).expect("an exemption is plain JSON"));
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the documents of a run stand in time, and who makes them.
pub fn frame(config: &Config, profile: String, pack: &Pack, order: &Order, done: &Done, ended: Timestamp) -> Frame {
    Frame {
        run: order.uuid,
        started: done.started,
        ended,
        valid_for: order.valid_for,
        follows: None,
        timing: None,
        version: env!("CARGO_PKG_VERSION").into(),
        profile,
        organization: config.organization.clone(),
        checks_digest: pack.digest().to_string(),
        failing_since: done.failing_since.clone(),
        deadlines: order.policy.deadlines,
        tick: None,
        unseen: BTreeMap::new(),
    }
}

/// Why there is no result, and the exit code for it.
pub fn failed(error: RunError) -> Failure {
    use engine::{Collected, EvaluateError};
    use inventory::CollectError;
    match error {
        RunError::Ledger(error) => Failure::internal(error),
        RunError::Collected(error) => match error {
            Collected::Provider(CollectError::Credentials { .. }) => Failure::Other(Exit::Credentials, error.into()),
            Collected::Provider(CollectError::Damaged { .. }) => Failure::usage(error),
            Collected::Promise(error @ EvaluateError::NoSubjects) => Failure::usage(error),
            Collected::Provider(CollectError::Stopped) | Collected::Promise(_) => Failure::internal(error),
        },
    }
}
