//! A file that stands alone: a whole control catalog, or CCC's list of categories.

use std::path::Path;

use oscal::{MarkupLine, Text};

use super::{Found, tree};
use crate::diagnostic::Report;
use crate::source::{Catalog, EntryKind, Fields, Source, read_controls, read_entries, read_groups, read_metadata};
use crate::yaml::{Node, Value};

/// A file outside such folders: the list of categories, or a whole catalog; anything else is left alone, and that is told.
pub(super) fn file(path: &Path, found: &mut Found, report: &Report) {
    let shown = path.display().to_string();
    let Some(tree) = tree(path, report) else { return };
    let source = Source { path: &shown, report };
    let Value::Map(_) = &tree.value else {
        source.warn(tree.line, "this is no Gemara document, and was left alone");
        return;
    };
    let Some(mut fields) = Fields::of(&tree, "the catalog", source) else { return };
    if fields.has("categories") && !fields.has("metadata") {
        categories(&mut fields, found, source);
        fields.finish();
    } else if is_control_catalog(&tree) {
        let metadata = read_metadata(&mut fields, source);
        let title = fields.text("title").and_then(MarkupLine::fitted);
        let groups = read_groups(&mut fields, source);
        let (controls, imported_controls) = read_controls(&mut fields, source);
        let mut entries = read_entries(&mut fields, EntryKind::Threat, source);
        entries.extend(read_entries(&mut fields, EntryKind::Capability, source));
        fields.finish();
        let Some(mut metadata) = metadata else { return };
        metadata.title = title.or(metadata.title);
        found.catalogs.push(Catalog { groups, controls, imported_controls, entries, ..Catalog::new(shown, metadata, Vec::new()) });
    } else {
        source.warn(1, "this is no Gemara control catalog, and was left alone");
    }
}

/// Whether the metadata says so, or, where they name no type, whether there are controls.
fn is_control_catalog(tree: &Node) -> bool {
    let field = |node: &Node, key: &str| match &node.value {
        Value::Map(fields) => fields.iter().find(|field| field.key == key).map(|field| field.value.clone()),
        Value::Null | Value::Text(_) | Value::List(_) => None,
    };
    let Some(metadata) = field(tree, "metadata") else { return false };
    match field(&metadata, "type").map(|node| node.value) {
        Some(Value::Text(kind)) => kind == "ControlCatalog",
        Some(Value::Null | Value::List(_) | Value::Map(_)) | None => field(tree, "controls").is_some(),
    }
}

fn categories(fields: &mut Fields<'_>, found: &mut Found, source: Source<'_>) {
    for node in fields.list("categories") {
        let Some(mut category) = Fields::of(node, "a category", source) else { continue };
        let (id, name) = (category.required("id").and_then(Text::fitted), category.required("name").and_then(Text::fitted));
        let description = category.line_of("description");
        category.finish();
        if let (Some(id), Some(name)) = (id, name) {
            let whole = description.map_or_else(|| name.to_string(), |description| format!("{name}: {description}"));
            found.categories.extend(Text::fitted(&whole).map(|text| (id, text)));
        }
    }
}
