//! One thing that happened, in the same words for every provider, beside the vendor's own record.

use std::collections::BTreeMap;

use inventory::{KindId, Scope};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{EventId, Raw};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Which log it comes from, such as `aws.cloudtrail`.
    pub source: String,
    /// The log's own id of the record; with the source it tells a repetition from a second event.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// When the log took it up, where the record says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// Where it happened.
    pub scope: Scope,
    /// What was done, in the cloud's own spelling, such as `s3:PutBucketPolicy`.
    pub action: String,
    /// Who did it.
    pub actor: Actor,
    /// What came of it.
    pub outcome: Outcome,
    /// What it was done to.
    pub touched: Vec<Touched>,
    /// The address that the request came from, or the name of the service that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether it can have changed nothing. False where the record does not say.
    pub read_only: bool,
    /// The classes of [`crate::class`] that it belongs to. One that could not be decided is an `$unknown` marker.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<String, Value>,
    /// The vendor's own record, without secrets.
    pub raw: Raw,
}

impl Event {
    /// What tells it from every other event.
    pub fn key(&self) -> EventId {
        EventId { source: self.source.clone(), id: self.id.clone() }
    }

    /// Whether something is different now because of it.
    pub fn changes(&self) -> bool {
        let succeeded = match self.outcome {
            Outcome::Success => true,
            Outcome::Denied { .. } | Outcome::Failed { .. } | Outcome::Pending => false,
        };
        succeeded && !self.read_only
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The provider's own lasting id: an ARN, an object id, an e-mail address, a user name of a cluster.
    pub id: String,
    /// The short name by which people know it, such as the name of the role; without it the id is all there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What sort of identity it is.
    pub kind: ActorKind,
    /// Who acted through it, where the record says so: the name of a session, the one who impersonates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

/// The sorts of identity that act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// The top-level administrator of the account, or a member of the cluster's built-in group of administrators.
    Root,
    /// A person, or a user made for one.
    User,
    /// A role, a service account, a managed identity: what workloads and pipelines act as.
    Role,
    /// The platform itself.
    Service,
    /// Nobody who was asked for a name.
    Anonymous,
    /// The record does not say.
    Unknown,
}

impl ActorKind {
    /// The sort as one word.
    pub fn word(self) -> &'static str {
        match self {
            ActorKind::Root => "root",
            ActorKind::User => "user",
            ActorKind::Role => "role",
            ActorKind::Service => "service",
            ActorKind::Anonymous => "anonymous",
            ActorKind::Unknown => "unknown",
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused.
    Denied {
        /// The code or status, in the cloud's own spelling.
        code: String,
    },
    /// It went wrong.
    Failed {
        /// The code or status, in the cloud's own spelling.
        code: String,
    },
    /// It was begun; the log has a record of its own for the end.
    Pending,
}

impl Outcome {
    /// The outcome as one word.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Denied { .. } => "denied",
            Outcome::Failed { .. } => "failed",
            Outcome::Pending => "pending",
        }
    }

    /// The code of what went wrong.
    pub fn code(&self) -> Option<&str> {
        match self {
            Outcome::Denied { code } | Outcome::Failed { code } => Some(code),
            Outcome::Success | Outcome::Pending => None,
        }
    }
}

/// A resource that an event was about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Touched {
    /// Which kind of ours it is; none where we read no such kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<KindId>,
    /// Its id as `Resource::id` has it; none where the record tells the kind and not which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where that kind is listed: the account for a global one, the region for a regional one.
    pub scope: Scope,
}
