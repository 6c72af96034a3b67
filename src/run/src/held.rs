//! Exemptions between the engine, which says what they mean, and the ledger, which keeps everything that was ever said of them.

use std::collections::BTreeMap;

use engine::exempt::{Held, due_steps, from_files};
use engine::{Exemption, ExemptionChange, ExemptionStep};
use jiff::Timestamp;
use ledger::{Event, Ledger, LedgerError, Tx};

/// The exemptions of the record, by their ids.
///
/// # Errors
/// If the ledger cannot be read, or keeps a step that the rules do not allow.
pub fn held(ledger: &mut Ledger) -> Result<BTreeMap<String, Held>, LedgerError> {
    fold(exemption_steps(ledger, None)?.into_iter())
}

fn of_record(step: ledger::ExemptionStep) -> Result<ExemptionStep, LedgerError> {
    let change = serde_json::from_value(step.change).map_err(altered)?;
    Ok(ExemptionStep { exemption: step.exemption, at: step.at, change })
}

fn altered(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::Altered { what: error.to_string() }
}

/// Appends a step that the rules allow.
///
/// # Errors
/// If the ledger cannot be written, or the record refuses the step.
pub fn append_exemption(tx: &mut Tx, step: &ExemptionStep) -> Result<(), LedgerError> {
    let (word, by) = match &step.change {
        ExemptionChange::Requested { by, .. } => ("requested", Some(by)),
        ExemptionChange::Approved { by, .. } => ("approved", Some(by)),
        ExemptionChange::Rejected { by, .. } => ("rejected", Some(by)),
        ExemptionChange::Withdrawn { by, .. } => ("withdrawn", Some(by)),
        ExemptionChange::Revoked { by, .. } => ("revoked", Some(by)),
        ExemptionChange::Changed { exemption } => ("changed", Some(&exemption.approved_by)),
        ExemptionChange::Removed => ("removed", None),
        ExemptionChange::Warned { .. } => ("warned", None),
        ExemptionChange::Expired => ("expired", None),
    };
    let change = serde_json::to_value(&step.change).expect("a step is plain JSON");
    let event = ledger::ExemptionStep { at: step.at, exemption: step.exemption.clone(), step: word.into(), by: by.cloned(), change };
    tx.append(&Event::Exemption(event)).map(drop)
}

/// Enters steps together, if the rules allow each on what stands in the very moment of writing. Gives what each has left.
///
/// # Errors
/// If the ledger cannot be read or written, or the engine's rules or the record's refuse a step; then none is entered.
pub fn enter(ledger: &mut Ledger, steps: &[ExemptionStep]) -> Result<Vec<Held>, LedgerError> {
    ledger.write(|tx| steps.iter().map(|step| enter_one(tx, step)).collect())
}

fn enter_one(tx: &mut Tx, step: &ExemptionStep) -> Result<Held, LedgerError> {
    let mut before = None;
    for known in tx.exemption_steps(&step.exemption)? {
        before = Some(Held::after(before.as_ref(), &of_record(known)?).map_err(altered)?);
    }
    let after = Held::after(before.as_ref(), step).map_err(|refused| LedgerError::Refused(refused.to_string()))?;
    append_exemption(tx, step)?;
    Ok(after)
}

/// The steps of one exemption, or of all, oldest first.
///
/// # Errors
/// If the ledger cannot be read.
pub fn exemption_steps(ledger: &mut Ledger, exemption: Option<&str>) -> Result<Vec<ExemptionStep>, LedgerError> {
    ledger.exemption_steps(exemption)?.into_iter().map(of_record).collect()
}

/// The exemptions as they stood at an instant.
///
/// # Errors
/// As [`held`].
pub fn held_at(ledger: &mut Ledger, at: Timestamp) -> Result<BTreeMap<String, Held>, LedgerError> {
    fold(exemption_steps(ledger, None)?.into_iter().filter(|step| step.at <= at))
}

fn fold(steps: impl Iterator<Item = ExemptionStep>) -> Result<BTreeMap<String, Held>, LedgerError> {
    let mut held = BTreeMap::new();
    for step in steps {
        let after = Held::after(held.get(&step.exemption), &step).map_err(altered)?;
        held.insert(step.exemption.clone(), after);
    }
    Ok(held)
}

/// What the files say now, as steps on what the record knows; those that were refused are told.
///
/// # Errors
/// If the ledger cannot be read or written.
pub fn by_files(ledger: &mut Ledger, files: &[Exemption], now: Timestamp) -> Result<Result<usize, String>, LedgerError> {
    let known = held(ledger)?;
    match from_files(&known, files, now) {
        Err(refused) => Ok(Err(refused.to_string())),
        Ok(steps) if steps.is_empty() => Ok(Ok(0)),
        Ok(steps) => ledger.write(|tx| steps.iter().try_for_each(|step| append_exemption(tx, step))).map(|()| Ok(steps.len())),
    }
}

/// Something that is done in the change that enters steps of exemptions, which stood as the map says.
pub type BesideDue<'a> = dyn Fn(&mut Tx, &BTreeMap<String, Held>, &[ExemptionStep]) -> Result<(), LedgerError> + 'a;

/// Enters what time alone brings, warnings and ends, and `beside` it what follows from that.
///
/// # Errors
/// If the ledger cannot be read or written.
pub fn due(ledger: &mut Ledger, now: Timestamp, beside: &BesideDue<'_>) -> Result<(), LedgerError> {
    let known = held(ledger)?;
    let steps = due_steps(known.values(), now);
    if steps.is_empty() {
        return Ok(());
    }
    ledger.write(|tx| {
        steps.iter().try_for_each(|step| append_exemption(tx, step))?;
        beside(tx, &known, &steps)
    })
}

/// The exemptions that a run needs.
///
/// # Errors
/// If the ledger cannot be read.
pub fn in_force(ledger: &mut Ledger, now: Timestamp) -> Result<Vec<Exemption>, LedgerError> {
    Ok(engine::exempt::in_force(held(ledger)?.values(), now))
}
