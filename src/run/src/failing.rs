//! What failed at an instant, as far as an exemption can ask about it.

use std::collections::BTreeMap;

use checks::CheckId;
use engine::exempt::Failing;
use inventory::{Gap, KindId, Read};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Observed};
use serde_json::Value;

use crate::standing::scope_of;

/// The tags that a document of a kind holds; only its provider knows where.
pub type TagsOf<'a> = &'a dyn Fn(&KindId, &Value) -> Read<BTreeMap<String, String>>;

/// Every failure that stood at an instant. Without `tags_of` no document is read, and nobody knows any tags.
///
/// # Errors
/// If the ledger cannot be read.
pub fn failing(ledger: &mut Ledger, at: Timestamp, tags_of: Option<TagsOf>) -> Result<Vec<Failing>, LedgerError> {
    let mut stood: Vec<(Observed, Vec<String>)> = Vec::new();
    ledger.as_of(at, &mut |one| {
        let fails = one.seen.verdicts.bytes().zip(&one.checks).filter(|(letter, _)| *letter == b'f');
        let checks: Vec<String> = fails.map(|(_, check)| check.clone()).collect();
        if !checks.is_empty() {
            stood.push((one.seen, checks));
        }
        Ok(())
    })?;
    let mut found = Vec::new();
    for (seen, checks) in stood {
        let Ok(kind) = seen.kind.parse::<KindId>() else { continue };
        let Some((_, id)) = seen.subject.split_once(&format!("{kind}/")) else { continue };
        let Some(scope) = scope_of(&seen.scope) else { continue };
        let tags = match tags_of {
            None => Read::Unknown(Gap::new("tags", "NotAskedFor")),
            Some(tags_of) => tags(ledger, &seen, &kind, tags_of)?,
        };
        let name = seen.name.clone().unwrap_or_else(|| id.to_owned());
        let one = |check: &String| {
            Some(Failing {
                check: check.parse::<CheckId>().ok()?,
                scope: scope.clone(),
                id: id.into(),
                name: name.clone(),
                tags: tags.clone(),
            })
        };
        found.extend(checks.iter().filter_map(one));
    }
    Ok(found)
}

/// The tags in the document that was judged; a document that was let go tells none.
fn tags(ledger: &mut Ledger, seen: &Observed, kind: &KindId, tags_of: TagsOf) -> Result<Read<BTreeMap<String, String>>, LedgerError> {
    let hash = seen.document.as_deref().and_then(crate::standing::hash);
    let document = hash.map(|hash| ledger.document(&hash)).transpose()?.flatten();
    match document.map(|bytes| serde_json::from_slice::<Value>(&bytes)) {
        Some(Ok(document)) => Ok(tags_of(kind, &document)),
        Some(Err(_)) => Err(LedgerError::Altered { what: format!("the document of `{}` is no JSON", seen.subject) }),
        None => Ok(Read::Unknown(Gap::new("tags", "DocumentLetGo"))),
    }
}
