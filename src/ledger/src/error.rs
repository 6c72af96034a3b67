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
    /// It is a database of another program.
    #[error("`{path}` is a database of another program, and was left as it is; name another file with --ledger")]
    Foreign {
        /// The file.
        path: PathBuf,
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
    /// Another run is writing.
    #[error("another run is writing the ledger `{path}`; wait for it, or name another with --ledger")]
    Busy {
        /// The file.
        path: PathBuf,
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
    /// An earlier failure has undone the run; what came after it would last without the rest.
    #[error("the run was taken back from the ledger `{path}` when it could not be written; nothing more of it is")]
    Undone {
        /// The file.
        path: PathBuf,
    },
    /// A verdict rests on a document that is not stored.
    #[error("the ledger `{path}` has no document {sha256}, which a verdict of this run rests on")]
    NoDocument {
        /// The file.
        path: PathBuf,
        /// The document.
        sha256: String,
    },
    /// A document is more than is ever read back.
    #[error("a document of {size} bytes is too large for the ledger `{path}`")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: usize,
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
        move |source| told(doing, &path, source)
    }
}

/// A failed statement in words for a person.
pub(crate) fn told(doing: &'static str, path: &std::path::Path, source: rusqlite::Error) -> LedgerError {
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => LedgerError::Busy { path: path.to_owned() },
        Some(_) | None => LedgerError::Statement { doing, path: path.to_owned(), source },
    }
}
