//! Threats and capabilities: what is not a control, and what controls are there for.

use oscal::{MarkupLine, Text, Token};

use super::fields::{Fields, Source};
use super::mapping::{Mapping, read_mappings};
use crate::yaml::Node;

/// Which of the two an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EntryKind {
    Threat,
    Capability,
}

impl EntryKind {
    /// The word for one of them.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Threat => "threat",
            Self::Capability => "capability",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Threat => "threats",
            Self::Capability => "capabilities",
        }
    }

    fn article(self) -> &'static str {
        match self {
            Self::Threat => "a threat",
            Self::Capability => "a capability",
        }
    }
}

/// A threat or a capability.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: EntryKind,
    pub(crate) id: Token,
    pub(crate) group: Option<Text>,
    pub(crate) title: MarkupLine,
    pub(crate) description: Option<String>,
    /// The capabilities that a threat makes use of.
    pub(crate) capabilities: Vec<Mapping>,
    /// The ways of attack that a threat takes.
    pub(crate) vectors: Vec<Mapping>,
    /// The file and line that define it.
    pub(crate) path: String,
    pub(crate) line: usize,
}

/// The entries of a kind in a file.
pub(crate) fn read_entries(fields: &mut Fields<'_>, kind: EntryKind, source: Source<'_>) -> Vec<Entry> {
    fields.list(kind.key()).iter().filter_map(|node| read(node, kind, source)).collect()
}

fn read(node: &Node, kind: EntryKind, source: Source<'_>) -> Option<Entry> {
    let mut fields = Fields::of(node, kind.article(), source)?;
    let (id, title) = (fields.id("id"), fields.title());
    let (group, description) = (fields.line_of("group"), fields.text("description").map(str::to_owned));
    let (capabilities, vectors) = match kind {
        EntryKind::Threat => (read_mappings(&mut fields, "capabilities", source), read_mappings(&mut fields, "vectors", source)),
        EntryKind::Capability => (Vec::new(), Vec::new()),
    };
    fields.finish();
    let (path, line) = (source.path.to_owned(), node.line);
    Some(Entry { kind, id: id?, group, title: title?, description, capabilities, vectors, path, line })
}
