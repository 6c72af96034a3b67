//! What a provider can read: one kind of resource, its document's shape, and the calls it depends on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Shape;

/// The name of a kind, `<provider>.<service>.<thing>`, such as `aws.s3.bucket`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KindId(String);

impl KindId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The provider part of the name.
    pub fn provider(&self) -> &str {
        self.0.split('.').next().expect("a kind id has a first part")
    }
}

impl std::fmt::Display for KindId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with a kind's name.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a kind: write `provider.service.thing` in lower case, with digits and `_`")]
pub struct BadKindId(String);

impl std::str::FromStr for KindId {
    type Err = BadKindId;

    fn from_str(text: &str) -> Result<Self, BadKindId> {
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let parts: Vec<&str> = text.split('.').collect();
        match (2..=4).contains(&parts.len()) && parts.into_iter().all(word) {
            true => Ok(KindId(text.to_owned())),
            false => Err(BadKindId(text.to_owned())),
        }
    }
}

impl TryFrom<String> for KindId {
    type Error = BadKindId;

    fn try_from(text: String) -> Result<Self, BadKindId> {
        text.parse()
    }
}

impl From<KindId> for String {
    fn from(kind: KindId) -> String {
        kind.0
    }
}

/// How far one list call of a kind sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Once per account.
    Global,
    /// Once per account and region.
    Regional,
}

/// One call that a kind makes, and what is not known when it fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The permission, in the cloud's own spelling.
    pub action: String,
    /// The call, as `service:Operation`; differs from the permission where the cloud names them differently.
    pub call: String,
    /// The document's top-level fields that become `$unknown`; empty with `lists`, where the whole kind is unknown.
    pub fields: BTreeSet<String>,
    /// Whether the call lists the kind: without it nothing of the kind is known.
    pub lists: bool,
}

/// A kind of resource as its provider declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Its name.
    pub id: KindId,
    /// What people call it, in the singular.
    pub title: String,
    /// How far one list call sees.
    pub reach: Reach,
    /// Whether the account (or region) itself is the resource, so that there is always exactly one.
    pub singleton: bool,
    /// The shape of its documents.
    pub shape: Shape,
    /// Every call it may make.
    pub dependencies: Vec<Dependency>,
}
