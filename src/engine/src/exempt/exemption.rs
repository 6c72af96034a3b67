//! An exemption as files and results write it, and what there is to say of one after a run.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExemptionRequest;

/// A failure that somebody answers for, until a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// A short name, unique among exemptions; it appears in results.
    pub id: String,
    /// What sort of exemption it is.
    pub kind: ExemptionKind,
    /// Why the failure is accepted, for an auditor to read.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who approved it.
    pub approved_by: String,
    /// The day it was approved; before it, it has no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub approved_on: Option<Date>,
    /// The last day it holds, in UTC.
    #[schemars(with = "String")]
    pub expires: Date,
    /// The control it is about, such as `dat-01`; exact, or a glob such as `dat-*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// The check it is about, such as `dat-01/aws/s3-bucket-blocks-public-access`; exact or a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The provider, exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The account, subscription, project or cluster; exact or a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The resource, by the provider's id or by name; exact or a glob, in which `*` also crosses `/` and `:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Tags that the resource must carry now, each exact or a glob; without them the exemption does not hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// More matches than this are reported as too broad.
    #[serde(default = "default_max_matches")]
    pub max_matches: u64,
}

pub(super) fn default_max_matches() -> u64 {
    25
}

/// What sort of exemption it is, in OSCAL's and FedRAMP's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExemptionKind {
    /// The risk is known and carried.
    AcceptedRisk,
    /// The check is wrong about this resource.
    FalsePositive,
    /// The system cannot work otherwise.
    OperationalRequirement,
}

impl ExemptionKind {
    /// The word that results use.
    pub fn as_str(self) -> &'static str {
        match self {
            ExemptionKind::AcceptedRisk => "accepted-risk",
            ExemptionKind::FalsePositive => "false-positive",
            ExemptionKind::OperationalRequirement => "operational-requirement",
        }
    }
}

/// What there is to say about an exemption after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExemptionState {
    /// It marks failures, as many as it should at most.
    Live,
    /// It ended; it marks nothing any more.
    Expired,
    /// It is not approved yet; it marks nothing.
    NotYet,
    /// It holds, and there is no failure that it is about.
    Unmatched,
    /// It marks more failures than it says it should.
    TooBroad,
    /// It marks failures and ends within 30 days.
    Expiring,
}

impl ExemptionState {
    /// The word that results use.
    pub fn as_str(self) -> &'static str {
        match self {
            ExemptionState::Live => "live",
            ExemptionState::Expired => "expired",
            ExemptionState::NotYet => "not-yet-approved",
            ExemptionState::Unmatched => "unmatched",
            ExemptionState::TooBroad => "too-broad",
            ExemptionState::Expiring => "expiring",
        }
    }
}

/// How long before its end an exemption is announced as expiring, in days.
const EXPIRING_DAYS: i64 = 30;

impl Exemption {
    /// The first instant at which it no longer holds: the end of its last day, UTC.
    pub fn ends(&self) -> Timestamp {
        self.expires.tomorrow().map_or(Timestamp::MAX, begins)
    }

    /// The first instant at which it holds; none where it always did.
    pub fn begins(&self) -> Option<Timestamp> {
        self.approved_on.map(begins)
    }

    /// Whether it has ended.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        now >= self.ends()
    }

    /// Whether it has an effect now.
    pub fn holds(&self, now: Timestamp) -> bool {
        let begun = self.begins().is_none_or(|begins| begins <= now);
        begun && !self.has_ended(now)
    }

    /// What there is to say about it, given how many failures it matched.
    pub fn state(&self, now: Timestamp, matches: u64) -> ExemptionState {
        let days_left = self.ends().duration_since(now).as_hours() / 24;
        match (self.has_ended(now), self.holds(now), matches) {
            (true, _, _) => ExemptionState::Expired,
            (false, false, _) => ExemptionState::NotYet,
            (false, true, 0) => ExemptionState::Unmatched,
            (false, true, matched) if matched > self.max_matches => ExemptionState::TooBroad,
            (false, true, _) if days_left < EXPIRING_DAYS => ExemptionState::Expiring,
            (false, true, _) => ExemptionState::Live,
        }
    }

    /// What is wrong with it, if anything; every sentence names the field.
    pub fn problems(&self) -> Vec<String> {
        let mut found = ExemptionRequest::from(self.clone()).problems();
        if self.approved_by.trim().is_empty() {
            found.push("`approved_by` is empty".into());
        } else if same_person(&self.owner, &self.approved_by) {
            found.push(format!("`approved_by` is the `owner`, `{}`; nobody approves an exemption of their own", self.owner.trim()));
        }
        found
    }
}

/// The first instant of a day, UTC.
pub(crate) fn begins(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// Whether two names are of one person, however they are spelled: case and white space do not count.
pub fn same_person(one: &str, other: &str) -> bool {
    let spelled = |name: &str| name.split_whitespace().collect::<String>().to_lowercase();
    spelled(one) == spelled(other)
}
