//! Which calls the wanted fields need: a derived field needs its source, a call for each element needs the elements.

use std::collections::BTreeSet;

use inventory::Fields;
use serde_json::Value;

use super::declaration::{Declaration, Detail};
use super::path::{named, root};

/// Every field that must be filled so that the wanted ones can be. Tags are always wanted: exemptions ask for them.
pub(crate) fn needed(declaration: &Declaration, wanted: &Fields) -> BTreeSet<String> {
    let mut fields: BTreeSet<String> = declaration.details.iter().map(|detail| detail.field().to_owned()).collect();
    fields.extend(declaration.joins.iter().map(|join| join.into.clone()));
    fields.extend(declaration.derives.iter().map(|derive| derive.into.clone()));
    fields.retain(|field| wanted.wants(field));
    fields.extend(declaration.resource.tags.clone());
    for derive in declaration.derives.iter().rev().filter(|derive| fields.contains(&derive.into)).collect::<Vec<_>>() {
        fields.insert(derive.from.clone());
    }
    for detail in declaration.details.iter().rev() {
        if fields.contains(detail.field()) {
            fields.extend(sources(detail).into_iter().map(str::to_owned));
        }
    }
    fields
}

/// The fields of the document that a detail itself needs.
pub(crate) fn sources(detail: &Detail) -> BTreeSet<&str> {
    let mut found: BTreeSet<&str> = detail.each.iter().map(String::as_str).collect();
    found.extend(detail.when.keys().map(|path| root(path)));
    found.extend(detail.region.iter().flat_map(|region| named(region)));
    found.extend(detail.input.values().flat_map(templates));
    found
}

fn templates(value: &Value) -> Vec<&str> {
    match value {
        Value::String(template) => named(template).collect(),
        Value::Array(items) => items.iter().flat_map(templates).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}
