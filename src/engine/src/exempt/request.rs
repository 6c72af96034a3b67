//! An exemption that somebody asks for: all of it but the approval.

use std::collections::BTreeMap;

use globset::Glob;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exemption::default_max_matches;
use super::{Exemption, ExemptionKind};

/// What somebody asks to be exempt; it has no effect until somebody else approves it. The fields mean what they mean in [`Exemption`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExemptionRequest {
    /// A short name, unique among exemptions; it appears in results.
    pub id: String,
    /// What sort of exemption it is.
    pub kind: ExemptionKind,
    /// Why the failure is accepted, for an auditor to read.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day it is to hold, in UTC.
    #[schemars(with = "String")]
    pub expires: Date,
    /// The control it is about; exact or a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// The check it is about; exact or a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The provider, exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The account, subscription, project or cluster; exact or a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The resource, by the provider's id or by name; exact or a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Tags that the resource must carry, each exact or a glob.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// More matches than this are reported as too broad.
    #[serde(default = "default_max_matches")]
    pub max_matches: u64,
}

impl ExemptionRequest {
    /// The exemption that an approval makes of it.
    pub fn approved(self, by: &str, on: Option<Date>) -> Exemption {
        Exemption {
            id: self.id,
            kind: self.kind,
            reason: self.reason,
            owner: self.owner,
            approved_by: by.to_owned(),
            approved_on: on,
            expires: self.expires,
            control: self.control,
            check: self.check,
            provider: self.provider,
            account: self.account,
            resource: self.resource,
            tags: self.tags,
            max_matches: self.max_matches,
        }
    }

    /// What is wrong with it, if anything; every sentence names the field.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (name, text) in [("id", &self.id), ("reason", &self.reason), ("owner", &self.owner)] {
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

impl From<Exemption> for ExemptionRequest {
    fn from(entry: Exemption) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind,
            reason: entry.reason,
            owner: entry.owner,
            expires: entry.expires,
            control: entry.control,
            check: entry.check,
            provider: entry.provider,
            account: entry.account,
            resource: entry.resource,
            tags: entry.tags,
            max_matches: entry.max_matches,
        }
    }
}
