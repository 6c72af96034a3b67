//! Exemptions: they mark a failure and never hide it; they end; and those that need a look say so.

use std::collections::BTreeMap;

use checks::CheckId;
use globset::{Glob, GlobMatcher};
use inventory::{Read, Resource};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

fn default_max_matches() -> u64 {
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
        let mut found = Vec::new();
        for (name, text) in [("id", &self.id), ("reason", &self.reason), ("owner", &self.owner), ("approved_by", &self.approved_by)] {
            if text.trim().is_empty() {
                found.push(format!("`{name}` is empty"));
            }
        }
        if self.control.is_none() && self.check.is_none() {
            found.push("it names neither `control` nor `check`, so it would cover everything".into());
        }
        let globs = [("control", &self.control), ("check", &self.check), ("account", &self.account), ("resource", &self.resource)];
        let tags = self.tags.iter().map(|(key, value)| (key.as_str(), value));
        for (name, text) in globs.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))).chain(tags) {
            if let Err(error) = Glob::new(text) {
                found.push(format!("`{name}` is not a glob: {}", error.kind()));
            }
        }
        found
    }
}

/// The first instant of a day, UTC.
pub(crate) fn begins(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// Exemptions ready to be asked.
#[derive(Clone, Debug)]
pub struct Exemptions {
    entries: Vec<(Exemption, Matchers)>,
}

#[derive(Clone, Debug)]
struct Matchers {
    control: Option<GlobMatcher>,
    check: Option<GlobMatcher>,
    account: Option<GlobMatcher>,
    resource: Option<GlobMatcher>,
    tags: Vec<(String, GlobMatcher)>,
}

impl Exemptions {
    /// Prepares exemptions that have no [`Exemption::problems`].
    pub fn new(mut entries: Vec<Exemption>) -> Self {
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        Self { entries: entries.into_iter().map(|entry| (entry.clone(), Matchers::new(&entry))).collect() }
    }

    /// The exemptions, in the order of their ids; outcomes refer to them by position.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Exemption> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    /// The exemption at this position.
    pub fn get(&self, at: u32) -> &Exemption {
        &self.entries[at as usize].0
    }

    /// The position of the exemption with this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.entries.binary_search_by(|(entry, _)| entry.id.as_str().cmp(id)).ok()
    }

    /// Every exemption that is about this failure, whether it holds or not.
    pub fn about<'a>(&'a self, check: &'a CheckId, resource: &'a Resource) -> impl Iterator<Item = u32> + 'a {
        let hit = move |at: &u32| self.may_be_about(*at, check, &resource.scope.provider) && self.covers(*at, resource);
        (0..self.entries.len() as u32).filter(hit)
    }

    /// Whether the exemption at this position is about failures of the check on some resource of the provider.
    pub fn may_be_about(&self, at: u32, check: &CheckId, provider: &str) -> bool {
        let (entry, matchers) = &self.entries[at as usize];
        entry.provider.as_ref().is_none_or(|wanted| wanted == provider) && matchers.fit(check)
    }

    /// Whether the exemption at this position is about the resource, for the checks that it is about. Its document is not looked at.
    pub fn covers(&self, at: u32, resource: &Resource) -> bool {
        let (entry, matchers) = &self.entries[at as usize];
        entry.provider.as_ref().is_none_or(|wanted| *wanted == resource.scope.provider) && matchers.cover(resource)
    }
}

impl Matchers {
    fn new(entry: &Exemption) -> Self {
        let glob = |text: &String| Glob::new(text).expect("problems() refused it").compile_matcher();
        Self {
            control: entry.control.as_ref().map(glob),
            check: entry.check.as_ref().map(glob),
            account: entry.account.as_ref().map(glob),
            resource: entry.resource.as_ref().map(glob),
            tags: entry.tags.iter().map(|(key, value)| (key.clone(), glob(value))).collect(),
        }
    }

    fn fit(&self, check: &CheckId) -> bool {
        let fits = |matcher: &Option<GlobMatcher>, text: &str| matcher.as_ref().is_none_or(|matcher| matcher.is_match(text));
        fits(&self.control, check.control()) && fits(&self.check, check.as_str())
    }

    fn cover(&self, resource: &Resource) -> bool {
        let fits = |matcher: &Option<GlobMatcher>, text: &str| matcher.as_ref().is_none_or(|matcher| matcher.is_match(text));
        fits(&self.account, &resource.scope.account)
            && (fits(&self.resource, &resource.id) || fits(&self.resource, &resource.name))
            && self.tags.iter().all(|(key, matcher)| has_tag(resource, key, matcher))
    }
}

/// Tags that could not be read are not there: an exemption must never rest on a guess.
fn has_tag(resource: &Resource, key: &str, matcher: &GlobMatcher) -> bool {
    match &resource.tags {
        Read::Known(tags) => tags.get(key).is_some_and(|value| matcher.is_match(value)),
        Read::Unknown(_) => false,
    }
}
