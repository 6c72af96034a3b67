//! Who answers for findings, and how long they may stand.

use std::collections::BTreeMap;

use checks::Severity;
use globset::Glob;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who answers for findings, and how long they may stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The first rule that fits says who.
    pub owners: Vec<Owner>,
    /// How long.
    pub deadlines: Deadlines,
}

/// Who answers for findings of some controls in some accounts. The first `[[owner]]` that fits counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Who: a person, a team, an address.
    pub name: String,
    /// The control, such as `dat-01`; exact, or a glob such as `dat-*`. Absent: every control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// The account, such as `111122223333` or `aws/111122223333`; exact or a glob. Absent: every account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Tags that every failing resource carries, each exact or a glob.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// How many days a failure may stand, by severity. CISA BOD 19-02 gives critical 15 and high 30; the rest follows FedRAMP's 90 and 180.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// Days for an open door.
    pub critical: u16,
    /// Days for a weakness by itself.
    pub high: u16,
    /// Days for a weakness that needs another one.
    pub medium: u16,
    /// Days for what is good practice.
    pub low: u16,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { critical: 15, high: 30, medium: 90, low: 180 }
    }
}

impl Deadlines {
    /// When a failure must be mended that has stood since then.
    pub fn due(&self, since: Timestamp, severity: Severity) -> Timestamp {
        let days = match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        };
        since.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX)
    }
}

impl Owner {
    /// What is wrong with the rule, if anything; every sentence names the field.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() {
            found.push("`name` is empty".into());
        }
        let fixed = [("control", &self.control), ("account", &self.account)];
        let fixed = fixed.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?)));
        for (name, text) in fixed.chain(self.tags.iter().map(|(key, value)| (key.as_str(), value))) {
            if let Err(error) = Glob::new(text) {
                found.push(format!("`{name}` is not a glob: {}", error.kind()));
            }
        }
        found
    }

    /// Whether it is about a control in an account (`aws/111122223333`), all of whose failing resources carry these tags.
    /// Where tags are not known, a rule that asks for some does not fit.
    pub fn fits(&self, control: &str, account: &str, tags: &[Option<&BTreeMap<String, String>>]) -> bool {
        let alone = account.split_once('/').map_or(account, |(_, alone)| alone);
        let carries = |tags: &BTreeMap<String, String>| {
            self.tags.iter().all(|(key, pattern)| tags.get(key).is_some_and(|value| matches(pattern, value)))
        };
        self.control.as_ref().is_none_or(|pattern| matches(pattern, control))
            && self.account.as_ref().is_none_or(|pattern| matches(pattern, account) || matches(pattern, alone))
            && (self.tags.is_empty() || (!tags.is_empty() && tags.iter().all(|tags| tags.is_some_and(carries))))
    }
}

/// A pattern that is no glob matches nothing; [`Owner::problems`] says so when it is read.
fn matches(pattern: &str, text: &str) -> bool {
    Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(text))
}

impl Policy {
    /// Who answers for a control in an account.
    pub fn owner(&self, control: &str, account: &str, tags: &[Option<&BTreeMap<String, String>>]) -> Option<String> {
        self.owners.iter().find(|rule| rule.fits(control, account, tags)).map(|rule| rule.name.clone())
    }

    /// Whether some rule asks for tags, so that they must be known.
    pub fn asks_for_tags(&self) -> bool {
        self.owners.iter().any(|rule| !rule.tags.is_empty())
    }
}
