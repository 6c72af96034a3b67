//! Why a call gave no answer, in words that may be written into evidence: action, code, cause and a scrubbed line.

use inventory::Gap;

/// A call that gave no answer: what was asked, and why it was not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action}: {code}: {message}")]
pub struct CallError {
    /// The permission that the call needs, such as `s3:ListAllMyBuckets`.
    pub action: String,
    /// The service's error code, or our own word (`Timeout`, `Network`, `Malformed`, `Credentials`) where no service answered.
    pub code: String,
    /// One line for the operator, without secrets.
    pub message: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The family of trouble.
    pub cause: Cause,
}

/// The families of trouble that a call can end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The service refused: a permission, a policy of the organisation, a region that is not enabled.
    Denied,
    /// The service asked for a slower pace until the retries were used up.
    Throttled,
    /// The service says that the thing asked for is not there, or not configured; which of the two, its `code` tells.
    NotFound,
    /// The service answered with another error.
    Service,
    /// No answer in time.
    Timeout,
    /// The connection could not be made, or broke.
    Network,
    /// The answer could not be read: truncated, not well formed, or not what the model says.
    Malformed,
    /// No usable credentials.
    Credentials,
}

impl CallError {
    /// A failure that no service answered for.
    pub(crate) fn of(action: &str, cause: Cause, message: impl Into<String>) -> Self {
        let message = super::scrub::scrub(&message.into());
        Self { action: action.to_owned(), code: cause.word().to_owned(), message, status: None, cause }
    }

    /// The gap that this leaves in a document.
    pub fn to_gap(&self) -> Gap {
        let gap = Gap::new(&self.action, &self.code);
        if self.message.is_empty() { gap } else { gap.with_detail(&self.message) }
    }
}

impl Cause {
    /// The family as one word, used as code where no service gave one.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Denied => "AccessDenied",
            Cause::Throttled => "Throttling",
            Cause::NotFound => "NotFound",
            Cause::Service => "ServiceError",
            Cause::Timeout => "Timeout",
            Cause::Network => "Network",
            Cause::Malformed => "Malformed",
            Cause::Credentials => "Credentials",
        }
    }
}
