//! Findings between the engine, which says what became of them, and the ledger, which gives numbers out once.

use engine::Policy;
use engine::finding::{FindingChange, FindingStep, Register, Run, steps};
use jiff::Timestamp;
use ledger::{Event, Ledger, LedgerError, Tx};

use crate::whole::Beside;

/// All items of the record.
///
/// # Errors
/// If the ledger cannot be read, or keeps a step that the rules do not allow.
pub fn register(ledger: &mut Ledger) -> Result<Register, LedgerError> {
    let mut register = Register::default();
    each(ledger, &mut |step| register.apply(&step).map_err(altered))?;
    Ok(register)
}

/// All steps of all items, oldest first, up to an instant, and the items as they have left them.
///
/// # Errors
/// As [`register`].
pub fn register_before(ledger: &mut Ledger, end: Timestamp) -> Result<(Register, Vec<FindingStep>), LedgerError> {
    let (mut register, mut steps) = (Register::default(), Vec::new());
    each(ledger, &mut |step| {
        if step.at < end {
            register.apply(&step).map_err(altered)?;
            steps.push(step);
        }
        Ok(())
    })?;
    Ok((register, steps))
}

fn each(ledger: &mut Ledger, each: &mut dyn FnMut(FindingStep) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
    ledger.finding_steps(&mut |step| each(serde_json::from_value(step.change).map_err(altered)?))
}

fn altered(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::Altered { what: error.to_string() }
}

/// What a run means for findings, entered, and `beside` it what follows from that. Gives the steps.
///
/// # Errors
/// If the ledger cannot be read or written.
pub fn advance(
    ledger: &mut Ledger,
    run: &Run,
    number: u64,
    policy: &Policy,
    beside: Option<&Beside<'_>>,
) -> Result<Vec<FindingStep>, LedgerError> {
    let steps = steps(&register(ledger)?, run, policy);
    if !steps.is_empty() {
        ledger.write(|tx| {
            append_findings(tx, &steps, Some(number))?;
            beside.map_or(Ok(()), |beside| beside(tx, &steps))
        })?;
    }
    Ok(steps)
}

/// Appends steps of findings.
///
/// # Errors
/// If the ledger cannot be written, or the record refuses a step.
pub fn append_findings(tx: &mut Tx, steps: &[FindingStep], run: Option<u64>) -> Result<(), LedgerError> {
    for step in steps {
        let word = match &step.change {
            FindingChange::Opened { .. } => "opened",
            FindingChange::Seen { .. } => "seen",
            FindingChange::Exempt { .. } => "exempt",
            FindingChange::Unexempt { .. } => "unexempt",
            FindingChange::Unseen { .. } => "unseen",
            FindingChange::Resolved { .. } => "resolved",
            FindingChange::Gone { .. } => "gone",
        };
        let change = serde_json::to_value(step).expect("a step is plain JSON");
        let finding = format!("{}/{}", step.control, step.account);
        tx.append(&Event::Finding(ledger::FindingStep { at: step.at, run, finding, item: step.item, step: word.into(), change }))?;
    }
    Ok(())
}
