//! What is defined where, over all catalogs; and that nothing is defined twice.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::Report;
use crate::source::{Catalog, Control, Entry};

/// Finds controls, threats and capabilities by id.
pub(super) struct Index<'a> {
    /// Each control, and the number of its catalog.
    controls: HashMap<&'a str, (usize, &'a Control)>,
    entries: HashMap<&'a str, (usize, &'a Entry)>,
}

impl<'a> Index<'a> {
    pub(super) fn new(catalogs: &'a [Catalog], report: &Report) -> Self {
        let mut index = Self { controls: HashMap::new(), entries: HashMap::new() };
        let mut taken = HashMap::new();
        for (number, catalog) in catalogs.iter().enumerate() {
            let metadata = &catalog.metadata;
            // Two files whose names differ in case alone are one file on some machines.
            define(&mut taken, format!("catalog {}", metadata.id.as_str().to_lowercase()), &catalog.path, metadata.line, report);
            for control in &catalog.controls {
                define(&mut taken, control.id.to_string(), &control.path, control.line, report);
                for requirement in &control.requirements {
                    define(&mut taken, requirement.id.to_string(), &control.path, requirement.line, report);
                }
                index.controls.insert(control.id.as_str(), (number, control));
            }
            for entry in &catalog.entries {
                define(&mut taken, entry.id.to_string(), &entry.path, entry.line, report);
                index.entries.insert(entry.id.as_str(), (number, entry));
            }
        }
        index
    }

    pub(super) fn control(&self, id: &str) -> Option<(usize, &'a Control)> {
        self.controls.get(id).copied()
    }

    pub(super) fn entry(&self, id: &str) -> Option<(usize, &'a Entry)> {
        self.entries.get(id).copied()
    }
}

fn define(taken: &mut HashMap<String, String>, id: String, path: &str, line: usize, report: &Report) {
    if let Some(other) = taken.get(&id) {
        report.error(path, Some(line), format!("`{id}` is defined at {other} already; each id stands for one thing"));
        return;
    }
    taken.insert(id, format!("{path}:{line}"));
}

/// The levels that requirements of a catalog, or of those it imports, apply at.
pub(super) fn levels<'a>(controls: impl IntoIterator<Item = &'a Control>) -> BTreeSet<&'a str> {
    let requirements = controls.into_iter().flat_map(|control| &control.requirements);
    requirements.flat_map(|requirement| &requirement.applicability).map(oscal::Token::as_str).collect()
}
