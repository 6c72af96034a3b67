//! What an assessment at an instant in the past would have seen, out of what the ledger kept: nothing is read, and nothing is judged again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::Seen;
use engine::incremental::{Detail, Gathering, Judge, Letter, Listed, Said, Standing};
use inventory::{Gap, KindId, Scope};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError};

use crate::standing::{Books, scope_of, standing};

/// What stood.
pub struct AsOf {
    /// The same as an assessment of that instant would have seen.
    pub seen: Seen,
    /// Resources that other checks or parameters judged than the plan has.
    pub by_others: u64,
    /// Resources that are left out, because nobody knows any more the exemption that marked a failure of theirs.
    pub left_out: Vec<String>,
}

/// The checks that judged what stood at an instant.
///
/// # Errors
/// If the ledger cannot be read.
pub fn checks_as_of(ledger: &mut Ledger, books: &Books, at: Timestamp) -> Result<BTreeSet<String>, LedgerError> {
    let mut checks = BTreeSet::new();
    ledger.as_of(at, &mut |stood| {
        if books.holds(&stood.seen.subject) {
            checks.extend(stood.checks);
        }
        Ok(())
    })?;
    Ok(checks)
}

/// What stood at an instant. Verdicts of checks that say something else today are told as they were given; a check that did not judge a
/// resource then is unknown of it.
///
/// # Errors
/// If the ledger cannot be read.
pub fn seen_as_of(ledger: &mut Ledger, books: &Books, judge: &Judge, at: Timestamp) -> Result<AsOf, LedgerError> {
    let (lists, read) = lists(ledger, at)?;
    let digests = ledger.digests()?;
    let (mut gathering, mut by_others, mut left_out) = (Gathering::new(judge), 0, Vec::new());
    ledger.as_of(at, &mut |stood| {
        let digest = digests.get(&stood.seen.checks).filter(|_| books.holds(&stood.seen.subject));
        let Some(then) = digest.and_then(|digest| standing(&stood.seen, books, digest)) else { return Ok(()) };
        let (set, _) = judge.check_set(&then.kind);
        let same = then.check_set == set;
        by_others += u64::from(!same);
        let then = if same { then } else { in_plan(then, &stood.checks, judge) };
        // A look that found it unchanged wrote nothing of it; its list did.
        let last = read.get(&(then.kind.clone(), then.scope.clone())).copied();
        let collected = last.map_or(then.collected, |last| last.max(then.collected));
        if let Err(error) = gathering.add(&then, collected) {
            left_out.push(error.to_string());
        }
        Ok(())
    })?;
    lists.iter().for_each(|listed| gathering.list(listed));
    Ok(AsOf { seen: gathering.seen(), by_others, left_out })
}

/// When each list was last read to its end.
type LastRead = HashMap<(KindId, Scope), Timestamp>;

/// How every list had ended last, and when each was last read to its end.
fn lists(ledger: &mut Ledger, at: Timestamp) -> Result<(Vec<Listed>, LastRead), LedgerError> {
    let (mut last, mut read) = (BTreeMap::new(), LastRead::new());
    // In the order in which they ended, so that the last counts.
    for look in ledger.looks_as_of(at)? {
        let (Ok(kind), Some(scope)) = (look.kind.parse::<KindId>(), scope_of(&look.scope)) else { continue };
        let outcome = match (look.found, look.gap) {
            (Some(found), _) => Ok(found),
            (None, Some((action, cause))) => Err(Gap::new(action, cause)),
            (None, None) => Err(Gap::new("unnamed", "Unknown")),
        };
        if outcome.is_ok() {
            read.insert((kind.clone(), scope.clone()), look.from);
        }
        last.insert((kind.clone(), scope.clone()), Listed { kind, scope, outcome, unchanged: 0, gone: Vec::new() });
    }
    Ok((last.into_values().collect(), read))
}

/// The verdicts of other checks, as far as they are of checks that the plan has.
fn in_plan(then: Standing, recorded: &[String], judge: &Judge) -> Standing {
    let (set, checks) = judge.check_set(&then.kind);
    let (mut letters, mut details) = (Vec::new(), Vec::new());
    for (position, check) in (0u16..).zip(&checks) {
        let at = recorded.iter().position(|id| id == check.id().as_str());
        let was = at.map(|at| (then.verdicts.letters()[at], then.detail(at)));
        let (letter, detail) = match was {
            // Where it does not apply is not said any more.
            Some((Letter::NotApplicable, _)) if check.when_reason().is_none() => {
                (Letter::Unknown, Some(unknown(position, "NotApplicableThen")))
            }
            Some((letter, detail)) => (letter, detail.map(|detail| Detail { check: position, ..detail.clone() })),
            None => (Letter::Unknown, Some(unknown(position, "NotJudgedThen"))),
        };
        letters.push(letter);
        details.extend(detail);
    }
    Standing { check_set: set, verdicts: letters.into_iter().collect(), details, ..then }
}

fn unknown(check: u16, cause: &str) -> Detail {
    Detail { check, said: Said::Gaps(vec![Gap::new("the record", cause)]), recheck_at: None }
}
