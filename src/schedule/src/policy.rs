//! What is to happen with ticks that overlap, and with those that were missed.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens with a tick that comes due while the last one still runs, in the same scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Overlap {
    /// It is recorded as skipped.
    #[default]
    Skip,
    /// It waits, and starts when the run has ended; if more than one comes, the newest waits and the others are recorded as skipped.
    BufferOne,
    /// It starts beside the one that runs.
    Allow,
    /// It starts, and what runs is cancelled.
    CancelPrevious,
}

impl Overlap {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Skip, Self::BufferOne, Self::Allow, Self::CancelPrevious];

    /// The word that the configuration uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Overlap::Skip => "skip",
            Overlap::BufferOne => "buffer-one",
            Overlap::Allow => "allow",
            Overlap::CancelPrevious => "cancel-previous",
        }
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What happens with ticks whose time passed while nobody looked: the daemon was down, or its clock jumped ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CatchUp {
    /// They are recorded as missed. Only a tick that is on time starts.
    None,
    /// The newest starts, late; those before it are recorded as missed.
    #[default]
    Latest,
    /// They start, the newest `at_most` of them, oldest first; those before are recorded as missed.
    All {
        /// So many are made up for at most.
        at_most: u32,
    },
}

impl CatchUp {
    /// So many are made up for where no number is given.
    pub const USUAL: u32 = 100;
    /// No more than so many can be made up for: it bounds the work after a long outage.
    pub const MOST: u32 = 10_000;
}
