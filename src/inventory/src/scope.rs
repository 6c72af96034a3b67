//! Where a list call looks: one account of one provider, and one region where the service is regional.

use serde::{Deserialize, Serialize};

/// One place that is looked at as a whole. If its list call fails, everything there is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The source of truth, such as `aws`.
    pub provider: String,
    /// The provider's own id of the account, subscription, project or cluster.
    pub account: String,
    /// The region, or none for what the provider keeps globally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

impl Scope {
    /// A whole account, for global kinds.
    pub fn account(provider: impl Into<String>, account: impl Into<String>) -> Self {
        Self { provider: provider.into(), account: account.into(), region: None }
    }

    /// One region of the same account.
    pub fn region(&self, region: impl Into<String>) -> Self {
        Self { region: Some(region.into()), ..self.clone() }
    }
}

/// `aws/111122223333` or `aws/111122223333/eu-central-1`; the form that appears in results and stable ids.
impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.provider, self.account)?;
        match &self.region {
            Some(region) => write!(f, "/{region}"),
            None => Ok(()),
        }
    }
}
