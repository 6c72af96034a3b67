//! A whole run.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::finding::Extent;
use engine::incremental::{Judge, Pass, Roll};
use engine::{Assessed, Collected, Evaluator, Exemptions, FindingStep, Plan, Policy, Seen, Subjects, assess, collect, look};
use inventory::{Item, Provider, Want};
use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, LedgerError, Owner, RunEnded, RunStarted, Totals, Tx};
use uuid::Uuid;

use crate::recorder::Recorder;
use crate::standing::{Books, roll, seen};

/// What is to be done.
pub struct Order<'a> {
    /// The run's own id.
    pub uuid: Uuid,
    /// What is assessed.
    pub plan: &'a Plan,
    /// What marks failures.
    pub exemptions: &'a Exemptions,
    /// Who reads, and what.
    pub jobs: &'a [(Arc<dyn Provider>, Vec<Want>)],
    /// Whose verdicts these are.
    pub books: Books,
    /// How much of everything it is, for findings.
    pub extent: Extent,
    /// Whether it changes what stands. A run of some of the checks must not: it would take the word of the others back.
    pub keeps: bool,
    /// The only subjects, where some are given.
    pub subjects: Subjects,
    /// How long what is seen stands.
    pub valid_for: SignedDuration,
    /// Who answers for findings, and how long they may stand.
    pub policy: &'a Policy,
    /// The program and its version.
    pub program: String,
    /// A digest of checks, parameters, exemptions and configuration.
    pub inputs: String,
    /// What it looks at, in the words of the configuration.
    pub scopes: Vec<String>,
    /// The tick that it is carried out for.
    pub tick: Option<u64>,
    /// What is done in the change that enters what the run means for findings, such as telling of it.
    pub beside: Option<&'a Beside<'a>>,
}

/// Something that is done in the change that enters steps of findings.
pub type Beside<'a> = dyn Fn(&mut Tx, &[FindingStep]) -> Result<(), LedgerError> + Sync + 'a;

/// What came of it.
pub struct Done {
    /// The run's number.
    pub run: u64,
    /// When it began; the clock by which everything was judged.
    pub started: Timestamp,
    /// What was seen, unchanged things included.
    pub seen: Seen,
    /// What that comes to.
    pub assessed: Assessed,
    /// What it means for findings.
    pub steps: Vec<FindingStep>,
    /// Since when controls have been failing, by control and account.
    pub failing_since: BTreeMap<(String, String), Timestamp>,
}

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Nothing could be collected, or a provider contradicted itself.
    #[error(transparent)]
    Collected(#[from] Collected),
    /// The record could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Carries out a run: begins it, looks, keeps what changed, and says what it all means. The caller ends it with [`Done::end`] when its files
/// are written.
///
/// # Errors
/// If nothing can be collected, a provider contradicts itself, or the record cannot be read or written. The run is then left to be found
/// interrupted; what was seen stays true.
pub async fn carry_out(
    order: &Order<'_>,
    ledger: &mut Ledger,
    clock: &(dyn Fn() -> Timestamp + Sync),
    watch: &mut (dyn FnMut(&Item) + Send),
) -> Result<Done, RunError> {
    let started = clock();
    let begun = RunStarted {
        at: started,
        uuid: order.uuid,
        program: order.program.clone(),
        inputs: order.inputs.clone(),
        scopes: order.scopes.clone(),
        tick: order.tick,
    };
    let run = ledger.write(|tx| tx.begin_run(&begun, &Owner::this()))?;
    let seen = match order.keeps {
        true => kept(order, ledger, run, started, clock, watch).await?,
        false => {
            let evaluator = Evaluator::new(order.plan, order.exemptions, started).only(order.subjects.clone());
            collect(order.jobs, evaluator, watch, &mut |_, _| {}).await?
        }
    };
    let assessed = assess(order.plan, &seen);
    let failing_since = failing_since(ledger, order.plan)?;
    let steps = if order.keeps { findings(order, ledger, (run, started), (&seen, &assessed), &failing_since)? } else { Vec::new() };
    Ok(Done { run, started, seen, assessed, steps, failing_since })
}

/// What the run means for findings.
fn findings(
    order: &Order,
    ledger: &mut Ledger,
    (run, at): (u64, Timestamp),
    (seen, assessed): (&Seen, &Assessed),
    failing_since: &BTreeMap<(String, String), Timestamp>,
) -> Result<Vec<FindingStep>, LedgerError> {
    let (plan, exemptions, extent) = (order.plan, order.exemptions, order.extent);
    // No rule of ours asks for the tags of what fails; whoever writes one gets none.
    let tags = &|_: &str, _: &str| None;
    let told = engine::finding::Run { id: order.uuid, at, plan, seen, assessed, exemptions, extent, failing_since, tags };
    crate::findings::advance(ledger, &told, run, order.policy, order.beside)
}

/// A look that rests on what the ledger knows, and leaves there what changed.
async fn kept(
    order: &Order<'_>,
    ledger: &mut Ledger,
    run: u64,
    started: Timestamp,
    clock: &(dyn Fn() -> Timestamp + Sync),
    watch: &mut (dyn FnMut(&Item) + Send),
) -> Result<Seen, RunError> {
    let known: Roll = roll(ledger, &order.books)?;
    let mut pass = Pass::new(Judge::new(order.plan, order.exemptions, started), known);
    let mut recorder = Recorder::new(ledger, order.books.clone(), pass.judge(), run, order.valid_for, clock);
    let looked = look(order.jobs, &mut pass, watch, &mut |change| recorder.tell(change)).await;
    // What was seen before something went wrong is kept: it is true.
    let written = recorder.finish();
    looked?;
    written?;
    let (roll, looked) = pass.finish();
    let looked = looked.map_err(Collected::from)?;
    let judge = Judge::new(order.plan, order.exemptions, started);
    Ok(seen(ledger, &order.books, &judge, &looked, &roll)?)
}

/// Since when controls have been failing, by control and account, as the ledger knows it; by the checks of this plan, because what another
/// check found is no finding of this run.
fn failing_since(ledger: &mut Ledger, plan: &Plan) -> Result<BTreeMap<(String, String), Timestamp>, LedgerError> {
    let planned: std::collections::BTreeSet<&str> = plan.checks().iter().map(|check| check.id().as_str()).collect();
    let mut since = BTreeMap::new();
    for ((check, scope), at) in ledger.failing_since()? {
        let Some(scope) = crate::standing::scope_of(&scope).filter(|_| planned.contains(check.as_str())) else { continue };
        let control = check.split('/').next().unwrap_or(&check).to_owned();
        let known = since.entry((control, format!("{}/{}", scope.provider, scope.account))).or_insert(at);
        *known = at.min(*known);
    }
    Ok(since)
}

impl Done {
    /// Ends the run in the ledger, with the files that it wrote.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn end(&self, ledger: &mut Ledger, documents: &[(&str, ledger::Packed)], now: Timestamp) -> Result<(), LedgerError> {
        let tally = self.assessed.tally;
        let outcome = match (tally.unknown, tally.fail - tally.exempt) {
            (1.., _) => "incomplete",
            (0, 1..) => "findings",
            (0, 0) => "clean",
        };
        let totals = Totals {
            pass: tally.pass,
            fail: tally.fail,
            unknown: tally.unknown,
            not_applicable: tally.not_applicable,
            vacuous: tally.vacuous,
            exempt: tally.exempt,
        };
        let named = documents.iter().map(|(name, document)| ((*name).to_owned(), ledger::hex(&document.sha256))).collect();
        ledger.write(|tx| {
            documents.iter().try_for_each(|(_, document)| tx.put_document(document))?;
            tx.end_run(&RunEnded { at: now, run: self.run, outcome: outcome.into(), totals, documents: named })
        })
    }
}
