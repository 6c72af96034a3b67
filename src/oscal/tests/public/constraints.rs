//! NIST's constraints over everything that NIST and others publish.

use std::collections::BTreeSet;

use serde_json::json;

use crate::content::{Official, folder, samples};

/// Constraints that published documents break: seen and judged one by one, each time rightly told.
const KNOWN: &[(&str, &str)] = &[
    // Methods without the word for the method.
    ("aws", "oscal-method-part-has-method-prop"),
    // The property `priority` of revision 4 has no namespace; its parameters rest on others in the old way; citations have no link.
    ("nist-800-53-rev4", "oscal-control-prop-name"),
    ("nist-800-53-rev4", "oscal-profile-modify-alter-prop-name-values"),
    ("nist-800-53-rev4", "oscal-parameter-depends-on-deprecated"),
    ("nist-800-53-rev4", "oscal-back-matter-resource-base64-rlink-cardinality"),
    // A baseline's controls name related ones that the baseline has not.
    ("nist-800-53-rev5", "oscal-catalog-groups-controls-parts"),
    // Written to be resolved.
    ("profile-resolution-tests", "oscal-back-matter-resource-base64-rlink-cardinality"),
    ("profile-resolution-tests", "oscal-back-matter-resource-citation-title"),
    ("profile-resolution-tests", "oscal-back-matter-resource-prop-name-values"),
    ("profile-resolution-tests", "oscal-catalog-controls"),
    ("profile-resolution-tests", "oscal-catalog-params"),
    ("profile-resolution-tests", "oscal-catalog-parts"),
    ("profile-resolution-tests", "oscal-catalog-groups-controls-parts"),
    ("profile-resolution-tests", "oscal-catalog-control-require-statement-when-not-withdrawn"),
    ("profile-resolution-tests", "oscal-control-prop-name"),
    ("profile-resolution-tests", "oscal-control-statement-part-subpart-name"),
    ("profile-resolution-tests", "oscal-profile-modify-alter-prop-name-values"),
];

#[test]
fn published_documents_break_only_the_constraints_that_they_are_known_to_break() {
    let Some(folder) = folder("published_documents_break_only_the_constraints_that_they_are_known_to_break") else { return };
    let official = Official::load(&folder);
    let (mut found, mut met, mut looked) = (Vec::new(), BTreeSet::new(), 0);
    for sample in samples(&folder).iter().filter(|sample| official.newest_accepts(sample.root, &sample.value)) {
        looked += 1;
        let name = sample.path.strip_prefix(&folder).unwrap_or(&sample.path).display().to_string();
        for broken in oscal::validate::constraints(&sample.value) {
            match KNOWN.iter().find(|(start, id)| name.starts_with(start) && broken.problem.constraint == *id) {
                Some(known) => drop(met.insert(known)),
                None => found.push(format!("{name}: {}", broken.problem)),
            }
        }
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
    assert!(looked > 450 && met.len() == KNOWN.len(), "{looked} documents, {met:?}");
}

#[test]
fn only_the_constraint_that_asks_for_another_document_is_left_out() {
    assert_eq!(oscal::validate::unchecked(), ["oscal-ssp-by-component-uuid-index"]);
}

/// A small catalog, and what is changed in it to break one constraint of each sort.
#[test]
fn every_sort_of_constraint_is_noticed_with_its_id_and_place() {
    let catalog = json!({ "catalog": { "uuid": "4efc5577-4fec-4b39-aa74-9d40ac618c14",
        "metadata": { "title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3",
            "roles": [{ "id": "owner", "title": "Owner" }], "parties": [{ "uuid": "4efc5577-4fec-4b39-aa74-9d40ac618c15", "type": "organization" }],
            "responsible-parties": [{ "role-id": "owner", "party-uuids": ["4efc5577-4fec-4b39-aa74-9d40ac618c15"] }] },
        "controls": [{ "id": "a-1", "title": "A", "props": [{ "name": "label", "value": "A-1" }],
            "links": [{ "href": "#4efc5577-4fec-4b39-aa74-9d40ac618c16", "rel": "reference" }],
            "parts": [{ "id": "a-1_smt", "name": "statement", "prose": "S" }] }],
        "back-matter": { "resources": [{ "uuid": "4efc5577-4fec-4b39-aa74-9d40ac618c16", "title": "R",
            "rlinks": [{ "href": "https://example.org", "hashes": [{ "algorithm": "SHA-256", "value": "ab".repeat(32) }] }] }] } } });
    assert_eq!(oscal::validate::constraints(&catalog), []);
    for (pointer, value, id, at) in [
        ("/catalog/controls/0/props/0/name", json!("made-up"), "oscal-control-prop-name", "/catalog/controls/0/props/0/name"),
        (
            "/catalog/controls/0/links/0/href",
            json!("#4efc5577-4fec-4b39-aa74-9d40ac618c99"),
            "oscal-metadata-link-reference-index-back-matter-resource",
            "/catalog/controls/0/links/0",
        ),
        (
            "/catalog/controls/0/parts/0/name",
            json!("guidance"),
            "oscal-catalog-control-require-statement-when-not-withdrawn",
            "/catalog/controls/0",
        ),
        ("/catalog/back-matter/resources/0/rlinks/0/hashes/0/value", json!("xyz"), "SHA-256", "hashes/0"),
        ("/catalog/metadata/responsible-parties/0/role-id", json!("nobody"), "role", "/catalog/metadata/responsible-parties/0"),
    ] {
        let mut changed = catalog.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        let broken = oscal::validate::constraints(&changed);
        let told = |broken: &oscal::validate::Broken| {
            (broken.problem.constraint.contains(id) || broken.problem.message.contains(id) || id == "SHA-256")
                && broken.problem.pointer.contains(at)
        };
        assert!(broken.iter().any(told), "{pointer}: {broken:?}");
        assert!(broken.iter().all(|broken| !broken.problem.fix.is_empty()));
    }
    let mut twice = catalog.clone();
    let role = twice["catalog"]["metadata"]["roles"][0].clone();
    twice["catalog"]["metadata"]["roles"].as_array_mut().unwrap().push(role);
    assert!(oscal::validate::constraints(&twice).iter().any(|broken| broken.problem.pointer.contains("/metadata/roles/1")));
}

#[path = "../../examples/generate_metaschema.rs"]
mod generator;

#[test]
fn the_table_of_constraints_is_what_the_metaschemas_say() {
    let Some(folder) = folder("the_table_of_constraints_is_what_the_metaschemas_say") else { return };
    let table = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/metaschema/model.txt");
    let made = generator::generated(&folder.join("metaschema-1.2.2"));
    let is_current = std::fs::read_to_string(table).expect("a table") == made;
    assert!(is_current, "run `cargo run -p assize-oscal --example generate_metaschema -- METASCHEMA_DIR`");
}
