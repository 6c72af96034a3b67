//! A POA&M that is frozen for a month: bytes that do not change, and their hash. Who signs them is not decided here.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use oscal::PlanOfActionAndMilestones;
use serde::Serialize;

use crate::emit::words::sha256;

/// A month of a year, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

/// What is no month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no month; write it as `2026-11`")]
pub struct BadMonth(String);

impl Month {
    /// The month that an instant lies in.
    pub fn of(at: Timestamp) -> Self {
        Self { first: TimeZone::UTC.to_datetime(at).date().first_of_month() }
    }

    /// The first instant after it.
    pub fn ends(self) -> Timestamp {
        self.first.last_of_month().tomorrow().map_or(Timestamp::MAX, crate::exempt::begins)
    }
}

impl std::str::FromStr for Month {
    type Err = BadMonth;

    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let day: Result<Date, _> = format!("{text}-01").parse();
        let first = day.map_err(|_| BadMonth(text.to_owned()))?;
        let month = Self { first };
        if month.to_string() == text { Ok(month) } else { Err(BadMonth(text.to_owned())) }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// A frozen POA&M.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The month.
    pub month: Month,
    /// The document: JSON, the same bytes for the same record.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Root<'a> {
    plan_of_action_and_milestones: &'a PlanOfActionAndMilestones,
}

/// Freezes a document for a month. Make it with [`super::PoamFrame::frozen`] of that month.
pub fn freeze(month: Month, document: &PlanOfActionAndMilestones) -> Snapshot {
    let root = Root { plan_of_action_and_milestones: document };
    let mut bytes = serde_json::to_vec_pretty(&root).expect("every key is a string");
    bytes.push(b'\n');
    Snapshot { month, sha256: sha256(&bytes), bytes }
}
