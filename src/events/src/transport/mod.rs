//! How records travel, whatever cloud they are of: lines or documents, plain or gzipped, in files of a folder or the body of a webhook.
//!
//! What comes from outside is bounded before it is parsed, and every refusal says where: which file, which line, which record.

mod body;
mod file;
mod folder;

use std::path::PathBuf;

use inventory::{Gap, Scope};
use serde_json::Value;

use crate::Event;

pub use body::{Pushed, body, decompress};
pub use file::{LastLine, read_file};
pub use folder::Folder;

/// The longest record, in bytes.
pub const LONGEST_RECORD: usize = 4 << 20;

/// The largest document that holds many records, and the most that one file may hold when it is no longer compressed.
pub const LARGEST_DOCUMENT: u64 = 64 << 20;

/// The most that one file of lines may hold when it is no longer compressed.
pub const LARGEST_FILE: u64 = 4 << 30;

/// How records lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One record a line.
    Lines,
    /// One JSON document that holds them all.
    Document,
}

/// What a provider knows of its vendor's records.
#[derive(Clone, Copy)]
pub struct Format {
    /// The log, such as `aws.cloudtrail`.
    pub source: &'static str,
    /// How the vendor writes its files.
    pub layout: Layout,
    /// The records in a document or a body; an error says in what form they were expected.
    pub records: fn(Value) -> Result<Vec<Value>, String>,
    /// The event of a record that was found at a place; none for a record that tells of no event. An error says what it lacks.
    pub event: fn(&Scope, Value) -> Result<Option<Event>, String>,
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Format").field("source", &self.source).field("layout", &self.layout).finish_non_exhaustive()
    }
}

/// Why records could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The file system refused, or the compressed data is cut or damaged.
    #[error("cannot read {place}")]
    Read {
        /// The file and line, or what it was.
        place: Place,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no JSON.
    #[error("{place} is no JSON")]
    Syntax {
        /// Where.
        place: Place,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// It is JSON and no record of this log.
    #[error("{place} is no record of `{log}`: {why}")]
    Record {
        /// Where.
        place: Place,
        /// The log.
        log: &'static str,
        /// What it lacks.
        why: String,
    },
    /// It is larger than we are willing to read.
    #[error("{place} is larger than {limit} bytes; split it, or let the sender write smaller files")]
    TooLarge {
        /// Where.
        place: Place,
        /// The limit.
        limit: u64,
    },
}

impl TransportError {
    /// The gap that this leaves in a window, with what lies beneath the error.
    pub fn to_gap(&self, source: &str) -> Gap {
        let cause = match self {
            TransportError::Read { .. } => "Unreadable",
            TransportError::Syntax { .. } | TransportError::Record { .. } => "Malformed",
            TransportError::TooLarge { .. } => "TooLarge",
        };
        let why = std::error::Error::source(self).map(|source| format!(": {source}")).unwrap_or_default();
        Gap::new(format!("{source}:Read"), cause).with_detail(format!("{self}{why}"))
    }
}

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of a file, counted from 1.
    Line(PathBuf, u64),
    /// A record of a file's document, counted from 1; 0 is the document itself.
    Record(PathBuf, u64),
    /// A record of a body, counted from 1; 0 is the body itself.
    Body(u64),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Line(path, line) => write!(f, "`{}:{line}`", path.display()),
            Place::Record(path, 0) => write!(f, "`{}`", path.display()),
            Place::Record(path, record) => write!(f, "record {record} of `{}`", path.display()),
            Place::Body(0) => f.write_str("the body"),
            Place::Body(record) => write!(f, "record {record} of the body"),
        }
    }
}

/// The event of one record.
fn event(format: &Format, at: &Scope, record: Value, place: impl FnOnce() -> Place) -> Result<Option<Event>, TransportError> {
    (format.event)(at, record).map_err(|why| TransportError::Record { place: place(), log: format.source, why })
}
