//! One thing that exists in a cloud, as the cloud described it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{KindId, Read, Scope};

/// A resource and the document that checks judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// What it is.
    pub kind: KindId,
    /// The provider's own lasting id: an ARN, an Azure resource id, a full GCP name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it was found.
    pub scope: Scope,
    /// Its tags or labels, where the kind has them.
    pub tags: Read<BTreeMap<String, String>>,
    /// When it was read.
    pub collected: Timestamp,
    /// The vendor's own JSON, joined with declared neighbours and derived facts; unread parts are `$unknown` markers.
    pub document: Value,
}
