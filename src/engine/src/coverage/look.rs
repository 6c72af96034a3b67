//! Looks: what a run tried to read, and what came of it; and blanks, in which nothing was tried.

use inventory::Scope;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::seen::Seen;

/// One list that a run read, or tried to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The kind.
    pub kind: String,
    /// Where.
    pub scope: Scope,
    /// When it was read.
    pub from: Timestamp,
    /// Until when what was seen stands.
    pub until: Timestamp,
    /// What came of it.
    pub outcome: Looked,
}

/// What came of a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Looked {
    /// The list was read to the end.
    Found(
        /// How many resources there are.
        u64,
    ),
    /// The list could not be read.
    Failed {
        /// The call that failed.
        action: String,
        /// Why.
        cause: String,
    },
}

/// A span in which nobody tried to look, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The scope; absent means all of them. A scope without a region means the whole account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Why.
    pub reason: BlankReason,
}

/// Why nobody tried to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlankReason {
    /// No daemon was running.
    Down,
    /// The daemon could not reach the scope at all.
    Unreachable {
        /// What stood in the way.
        cause: String,
    },
    /// The time of a schedule came, and nothing was done.
    Skipped {
        /// Why.
        reason: String,
    },
    /// A run was cut short.
    Interrupted,
}

impl Blank {
    /// Whether it is about this scope.
    pub fn concerns(&self, scope: &Scope) -> bool {
        self.scope.as_ref().is_none_or(|of| {
            of.provider == scope.provider && of.account == scope.account && (of.region.is_none() || of.region == scope.region)
        })
    }
}

/// The looks of a run that began at an instant and whose results stand so long.
pub fn looks(seen: &Seen, at: Timestamp, valid_for: jiff::SignedDuration) -> Vec<Look> {
    let until = at.checked_add(valid_for).unwrap_or(Timestamp::MAX);
    let look = |listing: &crate::Listing| Look {
        kind: seen.kinds[listing.kind as usize].to_string(),
        scope: seen.scopes[listing.scope as usize].clone(),
        from: at,
        until,
        outcome: match &listing.outcome {
            Ok(count) => Looked::Found(*count),
            Err(gap) => Looked::Failed { action: gap.action.clone(), cause: gap.cause.clone() },
        },
    };
    seen.listings.iter().map(look).collect()
}
