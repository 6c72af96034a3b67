//! Something that somebody should be told of.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A control fails that did not.
    Finding,
    /// Nobody looked, or could not.
    Gap,
    /// An exemption is about to expire.
    Exemption,
    /// A run failed, or ticks were missed.
    Run,
    /// The ledger is not what it was.
    Ledger,
}

impl Kind {
    /// All of them.
    pub const ALL: &[Kind] = &[Kind::Finding, Kind::Gap, Kind::Exemption, Kind::Run, Kind::Ledger];

    /// The word for it, as the configuration and messages have it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Finding => "finding",
            Kind::Gap => "gap",
            Kind::Exemption => "exemption",
            Kind::Run => "run",
            Kind::Ledger => "ledger",
        }
    }
}

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good practice.
    Low,
    /// A weakness that needs another one.
    Medium,
    /// A weakness by itself.
    High,
    /// An open door.
    Critical,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// One thing that happened, as told to people and machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The same for the same happening, however often it is come across.
    pub id: Uuid,
    /// What happened.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// When.
    pub at: Timestamp,
    /// One line.
    pub title: String,
    /// What else there is to say; may be empty.
    pub detail: String,
    /// The control, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// The scope, such as an account, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// What else machines may want, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub facts: BTreeMap<String, String>,
}

/// The name space of alerts, entries and messages.
const SPACE: Uuid = Uuid::from_u128(0x5b0c_7a52_3f0e_4b7e_9f43_6a54_1d1c_a1e7);

/// An id that follows from what it names. The parts are kept apart by their lengths, so that no two lists are alike.
pub(crate) fn name_of<'p>(sort: &'p str, parts: impl IntoIterator<Item = &'p str>) -> Uuid {
    let name: String = std::iter::once(sort).chain(parts).map(|part| format!("{}:{part}", part.len())).collect();
    Uuid::new_v5(&SPACE, name.as_bytes())
}
