//! What the engine says of a resource, as the ledger keeps it, and back.

use std::collections::HashMap;

use engine::Seen;
use engine::incremental::{Detail, Fingerprint, Gathering, Judge, Known, Looked, Roll, Said, Standing};
use inventory::{KindId, Scope};
use ledger::{Ledger, LedgerError, Observed};

/// Whose verdicts these are: runs of different profiles judge the same resources differently, and must not take each other's words back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    prefix: String,
}

impl Books {
    /// The books of a profile that has a name; those of the main one have none.
    pub fn of(name: &str) -> Self {
        Self { prefix: if name.is_empty() { String::new() } else { format!("{name}::") } }
    }

    /// A resource's name in the ledger.
    pub(crate) fn subject(&self, kind: &KindId, id: &str) -> String {
        format!("{}{kind}/{id}", self.prefix)
    }

    /// The name in the ledger of a kind in a scope that could not be listed.
    pub(crate) fn unlisted(&self, kind: &KindId, scope: &Scope) -> String {
        format!("{}scope/{}#{kind}", self.prefix, scope_text(scope))
    }

    /// Whether a name in the ledger is of a resource in these books, and not of a scope that could not be listed.
    pub(crate) fn holds(&self, subject: &str) -> bool {
        let own = subject.strip_prefix(self.prefix.as_str());
        own.is_some_and(|own| {
            !own.starts_with("scope/") && (!self.prefix.is_empty() || !own.split('/').next().unwrap_or("").contains("::"))
        })
    }
}

/// A scope as the ledger names it. What an account's own name has of slashes is written otherwise, so that it can be told apart again.
pub fn scope_text(scope: &Scope) -> String {
    let account = scope.account.replace('%', "%25").replace('/', "%2F");
    Scope { account, ..scope.clone() }.to_string()
}

/// The scope of a text in the ledger.
pub fn scope_of(text: &str) -> Option<Scope> {
    let mut parts = text.splitn(3, '/');
    let (provider, account) = (parts.next()?, parts.next()?);
    let account = account.replace("%2F", "/").replace("%25", "%");
    let scope = Scope::account(provider, account);
    Some(parts.next().map_or(scope.clone(), |region| scope.region(region)))
}

/// A standing as an observation of a run.
pub(crate) fn observed(standing: &Standing, books: &Books, run: u64, checks: u64) -> Observed {
    let detail = |detail: &Detail| (u32::from(detail.check), said(detail));
    Observed {
        at: standing.judged,
        run,
        subject: books.subject(&standing.kind, &standing.id),
        name: (standing.name != standing.id).then(|| standing.name.to_string()),
        kind: standing.kind.to_string(),
        scope: scope_text(&standing.scope),
        checks,
        verdicts: standing.verdicts.to_string(),
        details: standing.details.iter().map(detail).collect(),
        document: Some(ledger::hex(&standing.document)),
        key: standing.key.to_string(),
        collected: Some(standing.collected),
        recheck_at: standing.recheck_at,
    }
}

fn said(detail: &Detail) -> ledger::Detail {
    let (text, exempt) = match &detail.said {
        Said::Due => (None, None),
        Said::Gaps(gaps) => (Some(gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")), None),
        Said::Failure { message, marks, .. } => (Some(message.clone()), marks.exempt.as_ref().map(ToString::to_string)),
    };
    ledger::Detail { text, exempt, more: serde_json::to_value(detail).expect("a detail is plain JSON") }
}

/// An observation as the engine's standing; `digest` is that of its checks.
pub(crate) fn standing(seen: &Observed, books: &Books, digest: &str) -> Option<Standing> {
    let kind: KindId = seen.kind.parse().ok()?;
    let id = seen.subject.strip_prefix(&format!("{}{kind}/", books.prefix))?;
    let details = seen.details.values().map(|detail| serde_json::from_value(detail.more.clone()).ok());
    Some(Standing {
        id: id.into(),
        name: seen.name.as_deref().unwrap_or(id).into(),
        scope: scope_of(&seen.scope)?,
        document: hash(seen.document.as_deref()?)?,
        collected: seen.collected?,
        judged: seen.at,
        recheck_at: seen.recheck_at,
        check_set: Fingerprint::try_from(digest.to_owned()).ok()?,
        key: Fingerprint::try_from(seen.key.clone()).ok()?,
        verdicts: seen.verdicts.clone().try_into().ok()?,
        details: details.collect::<Option<_>>()?,
        kind,
    })
}

pub(crate) fn hash(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Hands over everything that stands in these books. An observation that cannot be read, which nobody of ours wrote, is left out: then the
/// resource is judged anew.
fn each_standing(
    ledger: &mut Ledger,
    books: &Books,
    each: &mut dyn FnMut(u64, Standing) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let digests = ledger.digests()?;
    ledger.observations(&books.prefix, &mut |row, seen| {
        let digest = digests.get(&seen.checks);
        let standing = digest.filter(|_| books.holds(&seen.subject)).and_then(|digest| standing(&seen, books, digest));
        standing.map_or(Ok(()), |standing| each(row, standing))
    })
}

/// What is remembered of every resource, so that what rests on the same things is not judged again.
///
/// # Errors
/// If the ledger cannot be read.
pub fn roll(ledger: &mut Ledger, books: &Books) -> Result<Roll, LedgerError> {
    let mut roll = Roll::default();
    each_standing(ledger, books, &mut |row, standing| {
        roll.put(Known::of(&standing, row));
        Ok(())
    })?;
    Ok(roll)
}

/// What a pass saw, made of what stands in the ledger after it: the same as if everything had been judged in this very run.
///
/// # Errors
/// If the ledger cannot be read, or was written by somebody else meanwhile.
pub fn seen(ledger: &mut Ledger, books: &Books, judge: &Judge, looked: &Looked, roll: &Roll) -> Result<Seen, LedgerError> {
    let collected: HashMap<Fingerprint, jiff::Timestamp> =
        looked.sightings(roll).map(|sighting| (sighting.subject, sighting.collected)).collect();
    let mut gathering = Gathering::new(judge);
    let mut found = 0usize;
    each_standing(ledger, books, &mut |_, standing| {
        let Some(&at) = collected.get(&standing.subject()) else { return Ok(()) };
        found += 1;
        gathering.add(&standing, at).map_err(|error| LedgerError::Refused(error.to_string()))
    })?;
    if found != collected.len() {
        return Err(LedgerError::Refused("another run changed what stands while this one was at work; run again".into()));
    }
    looked.listings.iter().for_each(|listed| gathering.list(listed));
    Ok(gathering.seen())
}
