//! Finds the published content, and reads what was made of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oscal::{Document, Part};

/// The folder of published content, or `None` after a line that names the skipped test.
pub fn folder(test: &str) -> Option<PathBuf> {
    let told = std::env::var_os("ASSIZE_OSCAL_DATA");
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/oscal");
    let folder = told.clone().map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    // Who says `none` knows that it is not there.
    let required = told.is_none_or(|told| told != "none") && std::env::var_os("ASSIZE_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{test}: no published OSCAL content at {}", folder.display());
    println!("skipped {test}: no published OSCAL content at {}", folder.display());
    None
}

/// When the documents of these tests are made.
pub fn noon() -> jiff::Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

/// What is made of a folder or file, by name.
pub fn imported(place: &Path) -> BTreeMap<String, Document> {
    gemara::import(place, noon()).unwrap_or_else(|refused| panic!("{refused}")).into_iter().collect()
}

/// The catalogs among the documents.
pub fn catalogs(documents: &BTreeMap<String, Document>) -> Vec<&oscal::Catalog> {
    let mut found = Vec::new();
    for document in documents.values() {
        if let Document::Catalog(catalog) = document {
            found.push(&**catalog);
        }
    }
    found
}

/// The controls of a catalog, those of no group first.
pub fn controls(catalog: &oscal::Catalog) -> impl Iterator<Item = &oscal::Control> {
    catalog.controls.iter().chain(catalog.groups.iter().flat_map(|group| &group.controls))
}

/// The parts of a control under a name.
pub fn parts<'a>(control: &'a oscal::Control, name: &'a str) -> impl Iterator<Item = &'a Part> {
    control.parts.iter().filter(move |part| part.name == name)
}

/// The catalog that a profile among the documents stands for.
pub fn resolved(documents: &BTreeMap<String, Document>, name: &str) -> oscal::Catalog {
    let Document::Profile(profile) = &documents[name] else { panic!("{name} is a profile") };
    let metadata = &profile.metadata;
    let frame = oscal::resolve::Frame {
        uuid: profile.uuid,
        last_modified: metadata.last_modified.clone(),
        oscal_version: metadata.oscal_version.clone(),
        tool: "test".parse().expect("text"),
    };
    let mut load = |place: &str| Ok(documents.get(place).unwrap_or_else(|| panic!("{name} imports {place}")).clone());
    let resolved = oscal::resolve::resolve(profile, name, &frame, &mut load).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(resolved.warnings, Vec::<String>::new(), "{name}");
    resolved.catalog
}
