//! The record: which runs there were, what was read (by content), and when a verdict changed.
//!
//! One SQLite file (WAL, full synchronisation, STRICT tables, an application id of its own), made for its owner's eyes only:
//!
//! - `run`: when, by which program, on which inputs and scopes, how it ended, its totals;
//! - `document`: bytes that were read or written, by SHA-256, compressed with zstd, once however often they are met;
//! - `run_document`: the files that a run wrote, by name;
//! - `name`: checks, subjects, scopes and exemptions, which the other tables refer to by number;
//! - `state`: the verdict that stands for a check and a subject, since when, and since when it has been failing without a pass;
//! - `transition`: a verdict or an exemption that became another.
//!
//! A run's rows are one transaction: a run that is cut off leaves its own row, which the next one marks `interrupted`, and nothing
//! else. No row is ever deleted. Knows no cloud, no check, no OSCAL: it takes names and bytes.

mod error;
mod open;
mod query;
mod writer;

pub use error::LedgerError;
pub use query::{RunRow, Transition};
pub use writer::{DocumentId, Observed, RunEnd, RunStart, RunWriter, Totals};

/// The record, open for reading and writing.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) connection: rusqlite::Connection,
    pub(crate) path: std::path::PathBuf,
}
