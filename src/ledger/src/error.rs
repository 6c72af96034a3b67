//! What can go wrong with the record, and what to do about it.

use std::path::PathBuf;

/// Why the record could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The folder or file cannot be used.
    #[error("cannot open the ledger `{path}`; name another with --ledger")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A newer program wrote it.
    #[error("the ledger `{path}` has schema {found}; this program knows {known}: use the newer program")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A statement failed; nothing of the run is kept.
    #[error("cannot {doing} the ledger `{path}`")]
    Statement {
        /// `read` or `write`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// What is stored is not what was stored.
    #[error("the ledger `{path}` is damaged: document {sha256} does not have its own hash")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The document.
        sha256: String,
    },
}

impl crate::Ledger {
    pub(crate) fn trouble(&self, doing: &'static str) -> impl Fn(rusqlite::Error) -> LedgerError + use<> {
        let path = self.path.clone();
        move |source| LedgerError::Statement { doing, path: path.clone(), source }
    }
}
