//! Coverage between the ledger, which keeps who looked, and the engine, which says what that leaves open.

use std::collections::{BTreeMap, BTreeSet};

use engine::Plan;
use engine::coverage::{Blank, BlankReason, Look, Looked, Wanted};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, TickState};

use crate::standing::scope_of;

/// What was looked at between two instants.
///
/// # Errors
/// If the ledger cannot be read.
pub fn looks(ledger: &mut Ledger, from: Timestamp, until: Timestamp) -> Result<Vec<Look>, LedgerError> {
    Ok(ledger.looks(from, until)?.into_iter().filter_map(look).collect())
}

/// The last look at every kind in every scope, and the last that was read to its end.
///
/// # Errors
/// If the ledger cannot be read.
pub fn latest_looks(ledger: &mut Ledger) -> Result<Vec<Look>, LedgerError> {
    Ok(ledger.latest_looks()?.into_iter().filter_map(look).collect())
}

fn look(listed: ledger::Listed) -> Option<Look> {
    let outcome = match (listed.found, listed.gap) {
        (Some(found), _) => Looked::Found(found),
        (None, Some((action, cause))) => Looked::Failed { action, cause },
        (None, None) => Looked::Failed { action: "unnamed".into(), cause: "unknown".into() },
    };
    Some(Look { kind: listed.kind, scope: scope_of(&listed.scope)?, from: listed.from, until: listed.valid_until, outcome })
}

/// Why nobody looked, where the record knows: ticks that were left out or missed, runs that were cut short.
///
/// # Errors
/// If the ledger cannot be read.
pub fn blanks(ledger: &mut Ledger, from: Timestamp, until: Timestamp) -> Result<Vec<Blank>, LedgerError> {
    let blank = |tick: ledger::TickRow| {
        let reason = match tick.state {
            TickState::Missed => BlankReason::Down,
            TickState::Interrupted => BlankReason::Interrupted,
            TickState::Skipped | TickState::Cancelled | TickState::Failed => {
                BlankReason::Skipped { reason: tick.reason.unwrap_or_else(|| tick.state.as_str().to_owned()) }
            }
            TickState::Waiting | TickState::Running | TickState::Done => return None,
        };
        Some(Blank { from: tick.due, until, scope: None, reason })
    };
    Ok(ledger.ticks(None, from, until)?.into_iter().filter_map(blank).collect())
}

/// What must be looked at: every planned control in every scope in which one of its kinds was ever looked for.
pub fn wanted(plan: &Plan, looks: &[Look]) -> Vec<Wanted> {
    let mut scopes: BTreeMap<&str, BTreeSet<&inventory::Scope>> = BTreeMap::new();
    for look in looks {
        scopes.entry(&look.kind).or_default().insert(&look.scope);
    }
    let mut kinds: BTreeMap<(String, inventory::Scope), BTreeSet<String>> = BTreeMap::new();
    for (at, check) in plan.checks().iter().enumerate() {
        let kind = check.kind().to_string();
        for scope in scopes.get(kind.as_str()).into_iter().flatten() {
            kinds.entry((plan.control_of(at).id.clone(), (*scope).clone())).or_default().insert(kind.clone());
        }
    }
    kinds.into_iter().map(|((control, scope), kinds)| Wanted { control, scope, kinds: kinds.into_iter().collect() }).collect()
}
