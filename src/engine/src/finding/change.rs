//! What happens to an item, as the record keeps it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Facts;

/// One thing that happened to an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingStep {
    /// The item's number: counted up over all findings, never used twice.
    pub item: u64,
    /// The control.
    pub control: String,
    /// Provider and account, such as `aws/111122223333`.
    pub account: String,
    /// When.
    pub at: Timestamp,
    /// The run that saw it; absent where time alone brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Uuid>,
    /// What.
    pub change: FindingChange,
}

/// What can happen to an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FindingChange {
    /// It fails, and no item is open for it.
    Opened {
        /// The closed item of the same finding that came before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reopens: Option<u64>,
        /// Since when it has been failing; the days until it is due count from here.
        since: Timestamp,
        /// What fails.
        facts: Facts,
    },
    /// It was seen to fail, and otherwise than before.
    Seen {
        /// What fails now.
        facts: Facts,
    },
    /// All of its failures are exempt from now on.
    Exempt {
        /// The exemptions that mark them.
        exemptions: BTreeSet<String>,
    },
    /// Not all of its failures are exempt any more.
    Unexempt {
        /// The exemptions that do not hold any more; none where something else fails besides.
        ended: BTreeSet<String>,
    },
    /// It stays as it is, because nobody saw whether it still fails.
    Unseen {
        /// Why not.
        sight: Sight,
    },
    /// It was seen to pass.
    Resolved {
        /// Failing resources that pass now, of those that are known by name.
        passed: u64,
        /// Failing resources that are gone.
        gone: u64,
    },
    /// All its failing resources are gone, by lists that were read to the end.
    Gone {
        /// How many.
        gone: u64,
    },
}

/// How well an item was seen last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sight", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Sight {
    /// It fails.
    Failing,
    /// Something that decides could not be read.
    Unknown {
        /// The first read that failed: action and cause.
        gap: String,
    },
    /// No run looks at it any more.
    NotAssessed,
    /// Its checks say that they do not apply to what failed; that is no pass.
    NotApplicable,
}

impl Sight {
    /// The word that documents use.
    pub fn as_str(&self) -> &'static str {
        match self {
            Sight::Failing => "failing",
            Sight::Unknown { .. } => "unknown",
            Sight::NotAssessed => "not-assessed",
            Sight::NotApplicable => "not-applicable",
        }
    }
}
