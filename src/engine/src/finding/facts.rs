//! What fails: places, and the resources by name as far as a person would read them.

use checks::Severity;
use inventory::Scope;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// So many failing resources of an item are kept by name; the rest is counted.
pub(super) const NAMED: usize = 100;

/// What is known of an item that fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The control's title.
    pub title: String,
    /// The worst severity of what fails and is not exempt; of all that fails, where all is exempt.
    pub severity: Severity,
    /// What may come of it.
    pub why: String,
    /// What to do about it.
    pub fix: String,
    /// Who answers for it, where a rule says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when it must be mended.
    pub due: Timestamp,
    /// The checks that fail, by scope.
    pub places: Vec<FailingPlace>,
    /// The failing resources; the first hundred.
    pub subjects: Vec<FailingSubject>,
}

/// A check that fails in a scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailingPlace {
    /// The check.
    pub check: String,
    /// Its title.
    pub title: String,
    /// The kind that it judges.
    pub kind: String,
    /// Where.
    pub scope: Scope,
    /// How many resources fail.
    pub failures: u64,
    /// How many of them are exempt.
    pub exempt: u64,
}

/// A resource that fails a check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailingSubject {
    /// The check.
    pub check: String,
    /// The kind of the resource.
    pub kind: String,
    /// Where.
    pub scope: Scope,
    /// The provider's own id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The exemption that marks the failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
}

impl Facts {
    /// How many failures there are.
    pub fn failures(&self) -> u64 {
        self.places.iter().map(|place| place.failures).sum()
    }

    /// How many of them are exempt.
    pub fn exempt(&self) -> u64 {
        self.places.iter().map(|place| place.exempt).sum()
    }

    /// Failures whose resources are not kept by name.
    pub fn unnamed(&self) -> u64 {
        self.failures().saturating_sub(self.subjects.len() as u64)
    }
}
