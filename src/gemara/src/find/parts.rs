//! A catalog in a folder of its own, as CCC has them: one file for each of its parts.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Found, entries, is_yaml, tree};
use crate::diagnostic::Report;
use crate::source::{
    Catalog, EntryKind, Fields, Source, read_controls, read_entries, read_groups, read_mapping_document, read_mappings, read_metadata,
    read_releases,
};

/// A catalog that lies in a folder of its own, one file for each of its parts.
pub(super) fn catalog_folder(path: &Path, listed: &[(PathBuf, fs::FileType)], found: &mut Found, report: &Report) {
    let shown = path.join("metadata.yaml").display().to_string();
    let mut parts = Vec::new();
    for (path, kind) in listed {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if kind.is_dir() && name == "mappings" {
            let files = entries(path, report).into_iter().filter(|(path, kind)| kind.is_file() && is_yaml(path));
            parts.extend(files.filter_map(|(path, _)| Some((Part::Mapping, path.display().to_string(), tree(&path, report)?))));
        } else if kind.is_file() && is_yaml(path) {
            match Part::of_name(&name) {
                Some(part) => parts.extend(tree(path, report).map(|tree| (part, path.display().to_string(), tree))),
                None => report.warn(&path.display().to_string(), None, "this is no part of a catalog that is known here, and was not read"),
            }
        }
    }
    parts.sort_by_key(|(part, _, _)| *part);
    let mut catalog = None;
    for (part, path, tree) in &parts {
        let source = Source { path, report };
        let Some(mut fields) = Fields::of(tree, "the file", source) else { continue };
        match (part, &mut catalog) {
            (Part::Metadata, None) => {
                let metadata = read_metadata(&mut fields, source);
                let releases = read_releases(&mut fields, source);
                catalog = metadata.map(|metadata| Catalog::new(shown.clone(), metadata, releases));
            }
            (Part::Groups, _) => found.groups.extend(read_groups(&mut fields, source)),
            (Part::Controls, Some(catalog)) => (catalog.controls, catalog.imported_controls) = read_controls(&mut fields, source),
            (Part::Threats, Some(catalog)) => {
                catalog.entries.extend(read_entries(&mut fields, EntryKind::Threat, source));
                catalog.imported_threats = read_mappings(&mut fields, "imports", source);
            }
            (Part::Capabilities, Some(catalog)) => {
                catalog.entries.extend(read_entries(&mut fields, EntryKind::Capability, source));
                catalog.imported_capabilities = read_mappings(&mut fields, "imports", source);
            }
            (Part::Mapping, Some(catalog)) => {
                catalog.mapping_documents.extend(read_mapping_document(tree, source));
                continue;
            }
            // What is wrong with the metadata has been told; without it the rest belongs to nothing.
            (Part::Metadata | Part::Controls | Part::Threats | Part::Capabilities | Part::Mapping, _) => continue,
        }
        fields.finish();
    }
    found.catalogs.extend(catalog);
}

/// The parts of a catalog, in the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Metadata,
    Groups,
    Controls,
    Threats,
    Capabilities,
    Mapping,
}

impl Part {
    fn of_name(name: &str) -> Option<Self> {
        Some(match name.strip_suffix(".yaml")? {
            "metadata" => Self::Metadata,
            "groups" => Self::Groups,
            "controls" => Self::Controls,
            "threats" => Self::Threats,
            "capabilities" => Self::Capabilities,
            _ => return None,
        })
    }
}
