//! What can go wrong with the record, and what to do about it.

/// Why the record could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The folder, file or server cannot be used.
    #[error("cannot open the ledger `{place}`; name another with --ledger")]
    Open {
        /// The file or server.
        place: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It is a database of another program.
    #[error("`{place}` is a database of another program, and was left as it is; name another with --ledger")]
    Foreign {
        /// The file or server.
        place: String,
    },
    /// A newer program wrote it.
    #[error("the ledger `{place}` has schema {found}; this program knows {known}: use the newer program")]
    Newer {
        /// The file or server.
        place: String,
        /// Its schema.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A program from before the first release wrote it, whose record was no log.
    #[error("the ledger `{place}` is of a time before the first release, and was left as it is; name another with --ledger")]
    Early {
        /// The file or server.
        place: String,
    },
    /// Another program is writing.
    #[error("another program is writing the ledger `{place}`; try again, or name another with --ledger")]
    Busy {
        /// The file or server.
        place: String,
    },
    /// The connection was lost; what was not committed is not kept.
    #[error("the connection to the ledger `{place}` was lost")]
    Lost {
        /// The server.
        place: String,
    },
    /// A statement failed; nothing of its transaction is kept.
    #[error("cannot {doing} the ledger `{place}`")]
    Statement {
        /// `open`, `read`, `write` or `prepare`.
        doing: &'static str,
        /// The file or server.
        place: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An earlier failure has undone the transaction; what came after it would last without the rest.
    #[error("the ledger `{place}` took a change back when it could not be written; nothing of it is kept")]
    Undone {
        /// The file or server.
        place: String,
    },
    /// Something refers to a document that is not stored.
    #[error("the ledger has no document {sha256}")]
    NoDocument {
        /// The document.
        sha256: String,
    },
    /// A document is more than is ever read back.
    #[error("a document of {size} bytes is too large for the ledger")]
    TooLarge {
        /// Its size.
        size: usize,
    },
    /// What is stored is not what was stored.
    #[error("the ledger was altered: {what}; `assize verify` tells what else was")]
    Altered {
        /// What is wrong.
        what: String,
    },
    /// What was asked for contradicts what is recorded.
    #[error("{0}")]
    Refused(String),
    /// The key or the command that signs checkpoints does not.
    #[error("cannot sign a checkpoint: {0}")]
    Signer(String),
}

impl LedgerError {
    /// Whether trying again later may help: nothing is wrong with what was asked.
    pub fn is_passing(&self) -> bool {
        matches!(self, LedgerError::Busy { .. } | LedgerError::Lost { .. })
    }
}
