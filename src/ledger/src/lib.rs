//! The record: which runs there were, what was read (by content), and when a verdict changed.
//!
//! One SQLite file in WAL mode with full synchronisation. Tables: `run`, `document` (SHA-256, zstd), `run_document`, `name` (texts
//! by number), `state` (the verdict that stands, per check and subject), `transition` (only changes). A run's rows are one
//! transaction: a run that is cut off leaves its own row, marked `interrupted`, and nothing else. Nothing is ever deleted.
//! Knows no cloud, no check, no OSCAL: it takes names and bytes.

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
