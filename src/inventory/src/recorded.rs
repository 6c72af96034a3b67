//! A resource out of a recording, whose document is still the text that was recorded: who knows that text already need not open it.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::snapshot::SnapshotError;
use crate::{KindId, Read, Resource, Scope};

/// A resource and the text of its document.
#[derive(Clone, Debug)]
pub struct Recorded {
    head: Resource,
    document: Box<RawValue>,
    file: Arc<Path>,
    line: u64,
}

/// A line of a recording: a [`Resource`], but for its document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: KindId,
    id: String,
    name: String,
    scope: Scope,
    tags: Read<std::collections::BTreeMap<String, String>>,
    collected: jiff::Timestamp,
    document: Box<RawValue>,
}

impl Recorded {
    /// The resource on a line of a recording; `file` and `line` are named where it is none.
    ///
    /// # Errors
    /// If the line is no resource.
    pub fn parse(text: &[u8], file: &Arc<Path>, line: u64) -> Result<Self, SnapshotError> {
        let parsed: Line = serde_json::from_slice(text).map_err(|source| malformed(file, line, source))?;
        let Line { kind, id, name, scope, tags, collected, document } = parsed;
        let head = Resource { kind, id, name, scope, tags, collected, document: Value::Null };
        Ok(Self { head, document, file: Arc::clone(file), line })
    }

    /// All of the resource but its document, which is null here.
    pub fn head(&self) -> &Resource {
        &self.head
    }

    /// The document as it was recorded.
    pub fn text(&self) -> &str {
        self.document.get()
    }

    /// The resource with its document.
    ///
    /// # Errors
    /// If the text is no document: a number beyond all bounds, half a character.
    pub fn open(self) -> Result<Resource, SnapshotError> {
        let document = serde_json::from_str(self.document.get()).map_err(|source| malformed(&self.file, self.line, source))?;
        Ok(Resource { document, ..self.head })
    }
}

/// The same place, the same resource, and the same text.
impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        (&self.head, self.text(), &self.file, self.line) == (&other.head, other.text(), &other.file, other.line)
    }
}

fn malformed(file: &Path, line: u64, source: serde_json::Error) -> SnapshotError {
    SnapshotError::Malformed { path: file.to_owned(), line, source }
}
