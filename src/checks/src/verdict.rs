//! What a check says of a document.

use std::sync::Arc;

use inventory::Gap;

/// The answer of one check on one document. There is no default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds.
    Pass,
    /// It does not.
    Fail {
        /// One sentence about the failing resource.
        message: String,
    },
    /// A read that decides it failed.
    Unknown(
        /// The reads, sorted, each once; never none.
        Vec<Gap>,
    ),
    /// The check does not apply to the resource.
    NotApplicable {
        /// Why not.
        reason: Arc<str>,
    },
}
