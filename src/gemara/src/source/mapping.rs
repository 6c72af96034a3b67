//! References to entries of other catalogs and frameworks, inline or in a mapping document of their own.

use oscal::{MarkupLine, Text};

use super::fields::{Fields, Source};
use super::metadata::{Metadata, read_metadata};
use crate::yaml::Node;

/// One reference to an entry of a catalog or framework.
#[derive(Debug, Clone)]
pub(crate) struct Mapping {
    /// Names the mapping, where it has a name.
    pub(crate) id: Option<Text>,
    /// The catalog or framework, as the file names it.
    pub(crate) source: Text,
    /// The entry in it.
    pub(crate) entry: Text,
    pub(crate) relationship: Option<Text>,
    pub(crate) strength: Option<Text>,
    pub(crate) remarks: Option<String>,
    /// The file and line that say so.
    pub(crate) path: String,
    pub(crate) line: usize,
}

/// The references of a field such as `threats` or `imports`: entries, listed under the catalog they are in.
pub(crate) fn read_mappings(fields: &mut Fields<'_>, key: &'static str, source: Source<'_>) -> Vec<Mapping> {
    let mut found = Vec::new();
    for node in fields.list(key) {
        let Some(mut group) = Fields::of(node, "a list of references", source) else { continue };
        let from = group.required("reference-id").and_then(Text::fitted);
        for node in group.list("entries") {
            let Some(mut entry) = Fields::of(node, "a reference", source) else { continue };
            let to = entry.required("reference-id").and_then(Text::fitted);
            if let (Some(from), Some(to)) = (&from, to) {
                found.push(target(&mut entry, None, from.clone(), to, None, source));
            }
            entry.finish();
        }
        group.finish();
    }
    found
}

fn target(fields: &mut Fields<'_>, id: Option<Text>, from: Text, entry: Text, relationship: Option<Text>, source: Source<'_>) -> Mapping {
    Mapping {
        id,
        source: from,
        entry,
        relationship,
        strength: fields.line_of("strength"),
        remarks: fields.text("remarks").map(str::to_owned),
        path: source.path.to_owned(),
        line: fields.line,
    }
}

/// A file that maps entries of one catalog to those of a framework.
#[derive(Debug, Clone)]
pub(crate) struct MappingDocument {
    pub(crate) title: MarkupLine,
    pub(crate) metadata: Metadata,
    /// What kind of entry the sources are, and the targets.
    pub(crate) entry_types: [Option<Text>; 2],
    pub(crate) remarks: Option<String>,
    /// The id of the entry that is mapped, and what it is mapped to.
    pub(crate) mappings: Vec<(Text, Mapping)>,
}

/// Reads a whole mapping document.
pub(crate) fn read_mapping_document(root: &Node, source: Source<'_>) -> Option<MappingDocument> {
    let mut fields = Fields::of(root, "a mapping document", source)?;
    let title = fields.title();
    let metadata = read_metadata(&mut fields, source);
    let remarks = fields.text("remarks").map(str::to_owned);
    let (_, source_type) = side(&mut fields, "source-reference", source);
    let (framework, target_type) = side(&mut fields, "target-reference", source);
    let nodes = fields.list("mappings");
    fields.finish();
    let framework = framework?;
    let mappings = nodes.iter().flat_map(|node| read_mapping(node, &framework, source)).collect();
    Some(MappingDocument { title: title?, metadata: metadata?, entry_types: [source_type, target_type], remarks, mappings })
}

/// Which catalog one side of the mapping is, and of which kind its entries are.
fn side(fields: &mut Fields<'_>, key: &'static str, source: Source<'_>) -> (Option<Text>, Option<Text>) {
    let line = fields.line;
    let Some(node) = fields.node(key) else {
        source.error(line, format!("a mapping document has no `{key}`; add one"));
        return (None, None);
    };
    let Some(mut side) = Fields::of(node, "a side of a mapping", source) else { return (None, None) };
    let read = (side.required("reference-id").and_then(Text::fitted), side.line_of("entry-type"));
    side.finish();
    read
}

fn read_mapping(node: &Node, framework: &Text, source: Source<'_>) -> Vec<(Text, Mapping)> {
    let Some(mut fields) = Fields::of(node, "a mapping", source) else { return Vec::new() };
    let (id, relationship) = (fields.line_of("id"), fields.line_of("relationship"));
    let mapped = fields.required("source").and_then(Text::fitted);
    let mut found = Vec::new();
    for node in fields.list("targets") {
        let Some(mut entry) = Fields::of(node, "a target", source) else { continue };
        let to = entry.required("entry-id").and_then(Text::fitted);
        if let (Some(mapped), Some(to)) = (&mapped, to) {
            found.push((mapped.clone(), target(&mut entry, id.clone(), framework.clone(), to, relationship.clone(), source)));
        }
        entry.finish();
    }
    fields.finish();
    found
}
