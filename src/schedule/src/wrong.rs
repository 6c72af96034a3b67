//! What is wrong with a schedule as it is written.

/// What is wrong with a schedule as it is written, and how to put it right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}`: {what}; {fix}")]
pub struct Wrong {
    /// The key of the `[[schedule]]` table that it is about.
    pub key: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

impl Wrong {
    pub(crate) fn new(key: &'static str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { key, what: what.into(), fix: fix.into() }
    }

    /// The same trouble, under the key where it was written.
    pub(crate) fn under(self, key: &'static str) -> Self {
        Self { key, ..self }
    }
}
