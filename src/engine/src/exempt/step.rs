//! What happens to an exemption, as the record keeps it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Exemption, ExemptionRequest};

/// One thing that happened to an exemption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionStep {
    /// The exemption's id.
    pub exemption: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: ExemptionChange,
}

/// What can happen to an exemption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ExemptionChange {
    /// Somebody asks for it. An id whose exemption has ended may be asked for again; that is a new round.
    Requested {
        /// Who asks. Of an exemption in a file it is the owner.
        by: String,
        /// How it came here.
        origin: Origin,
        /// What is asked for.
        request: ExemptionRequest,
    },
    /// Somebody else agrees.
    Approved {
        /// Who.
        by: String,
        /// The first day that it holds, in UTC; absent means at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Date>,
        /// What the approver has to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Somebody else does not agree.
    Rejected {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Whoever asked for it does not want it any more.
    Withdrawn {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// It is taken back before its end.
    Revoked {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Its entry in the files was edited; only of exemptions that are in files.
    Changed {
        /// What the files say now.
        exemption: Exemption,
    },
    /// Its entry is not in the files any more: revoked by removal.
    Removed,
    /// Its end is near, and that was said.
    Warned {
        /// So many days, or fewer, are left.
        days: u16,
    },
    /// Its last day is over.
    Expired,
}

/// How an exemption came into the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It is in a file that is reviewed like code.
    File,
    /// Somebody asked for it by a command.
    Request,
}

impl ExemptionStep {
    /// A step.
    pub fn new(exemption: impl Into<String>, at: Timestamp, change: ExemptionChange) -> Self {
        Self { exemption: exemption.into(), at, change }
    }
}
