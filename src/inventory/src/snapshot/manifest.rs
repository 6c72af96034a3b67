//! What a recording says of itself.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Gap, KindId, Scope};

/// The format that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// The first file of a recording; written last, so that an interrupted recording has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout of the folder.
    pub format: u32,
    /// The source of truth.
    pub provider: String,
    /// The account that was recorded.
    pub scope: Scope,
    /// When the recording began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// Every list call's outcome, sorted by kind and scope.
    pub listings: Vec<Listing>,
    /// The files by kind.
    pub files: BTreeMap<KindId, RecordedFile>,
}

/// How the list of one kind in one scope ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// The kind.
    pub kind: KindId,
    /// Where.
    pub scope: Scope,
    /// Read to its end, or not.
    pub outcome: Outcome,
}

/// Read to its end, or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// How many resources there were.
    Count(u64),
    /// Why it could not be read.
    Gap(Gap),
}

/// One file of resources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFile {
    /// Its name in the folder.
    pub name: String,
    /// How many lines it has.
    pub resources: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}
