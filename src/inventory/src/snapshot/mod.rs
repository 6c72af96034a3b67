//! A recording of what a provider sent: `manifest.json` and one `<kind>.ndjson.zst` per kind that has resources.

mod manifest;
mod read;
mod write;

pub use manifest::{Listing, Manifest, Outcome, RecordedFile};
pub use read::Snapshot;
pub use write::SnapshotWriter;

use std::path::PathBuf;

/// What is wrong with a recording.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The folder holds no recording.
    #[error("`{0}` holds no `manifest.json`; record one with `assize snapshot record`")]
    Missing(PathBuf),
    /// A file could not be read or written.
    #[error("cannot {doing} `{path}`")]
    Io {
        /// `read` or `write`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line or the manifest is not what we write.
    #[error("`{path}` line {line} is not a recording of ours")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The content is not what the manifest promises.
    #[error("`{path}` does not match its manifest: {why}; record it again")]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// The difference.
        why: String,
    },
    /// A newer program wrote it.
    #[error("`{path}` has format {found}; this program reads format {known}")]
    Format {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// Ours.
        known: u32,
    },
}

#[cfg(test)]
mod tests;
