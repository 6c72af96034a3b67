//! A catalog of our own in CCC's layout, small enough to be seen whole: what becomes of each thing that can be said.

use std::collections::BTreeMap;
use std::fs;

use oscal::Document;
use serde_json::{Value, json};
use tempfile::TempDir;

const FILES: &[(&str, &str)] = &[
    ("LICENSE", "# Terms of Ours 1.0\n\nDo as you like.\n"),
    ("catalogs/groups.yaml", "unused: true\n"),
    ("catalogs/a/metadata.yaml", "metadata:\n  id: Our.Base\n  title: Base\n  version: v1\n  author: {id: us, name: Us, type: Human}\n"),
    ("catalogs/a/groups.yaml", "groups:\n  - {id: Data, title: Data, description: About data}\n  - {id: None, title: Nothing}\n"),
    (
        "catalogs/a/controls.yaml",
        "controls:\n  - id: Our.Base.CN01\n    group: Data\n    title: Encrypt\n    objective: Ensure it.\n    assessment-requirements:\n\
         \x20     - {id: Our.Base.CN01.AR01, text: MUST one., applicability: [low, high], recommendation: Turn it on.}\n\
         \x20     - {id: Our.Base.CN01.AR02, text: MUST two., applicability: [high], recommendation: ''}\n\
         \x20   threats:\n      - {reference-id: Our, entries: [{reference-id: Our.Base.TH01, strength: 7, remarks: Mostly}]}\n\
         \x20   guidelines:\n      - {reference-id: R&D, entries: [{reference-id: A 1}]}\n",
    ),
    (
        "catalogs/a/threats.yaml",
        "threats:\n  - id: Our.Base.TH01\n    group: Data\n    title: Lost\n    description: It is lost.\n    capabilities:\n\
         \x20     - {reference-id: Our, entries: [{reference-id: Our.Base.CP01}]}\n",
    ),
    ("catalogs/a/capabilities.yaml", "capabilities:\n  - {id: Our.Base.CP01, group: Data, title: Store, description: It stores.}\n"),
    ("catalogs/b/metadata.yaml", "metadata: {id: Our.Shop, title: Shop, version: ''}\n"),
    ("catalogs/b/controls.yaml", "imports:\n  - {reference-id: Our, entries: [{reference-id: Our.Base.CN01, strength: 2}]}\n"),
];

fn imported() -> (BTreeMap<String, Document>, Vec<String>) {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in FILES {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let noon = "2026-11-23T12:00:00Z".parse().expect("a time");
    let imported = gemara::import_with_warnings(folder.path(), noon).unwrap_or_else(|refused| panic!("{refused}"));
    (imported.documents.into_iter().collect(), imported.warnings.iter().map(|warning| warning.message.clone()).collect())
}

fn value(documents: &BTreeMap<String, Document>, name: &str) -> Value {
    serde_json::to_value(&documents[name]).expect("JSON")
}

#[test]
fn catalogs_and_profiles_come_under_the_names_that_they_import_each_other_by() {
    let (documents, warnings) = imported();
    let names: Vec<&str> = documents.keys().map(String::as_str).collect();
    let base = ["Our.Base.catalog.json", "Our.Base.high.profile.json", "Our.Base.low.profile.json", "Our.Base.mappings.json"];
    let shop = ["Our.Shop.catalog.json", "Our.Shop.high.profile.json", "Our.Shop.low.profile.json", "Our.Shop.profile.json"];
    assert_eq!(names, [&base[..], &shop[..]].concat());
    assert!(documents.values().all(|document| document.validate().is_empty()));
    assert_eq!(warnings, ["this is no Gemara control catalog, and was left alone"]);
}

#[test]
fn a_control_keeps_its_id_and_each_requirement_can_be_the_target_of_a_finding() {
    let (documents, _) = imported();
    let catalog = value(&documents, "Our.Base.catalog.json");
    let groups = &catalog["catalog"]["groups"];
    assert_eq!(groups.as_array().map(Vec::len), Some(1), "a group without controls is not written");
    assert_eq!(groups[0]["parts"], json!([{ "name": "overview", "prose": "About data" }]));
    let control = &groups[0]["controls"][0];
    assert_eq!(control["id"], "Our.Base.CN01");
    let parts: Vec<(&str, &str)> = control["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| (part["id"].as_str().expect("an id"), part["name"].as_str().expect("a name")))
        .collect();
    let expected = [
        ("Our.Base.CN01_smt", "statement"),
        ("Our.Base.CN01.AR01", "assessment-objective"),
        ("Our.Base.CN01.AR01_gdn", "guidance"),
        ("Our.Base.CN01.AR01_asm", "assessment-method"),
        ("Our.Base.CN01.AR02", "assessment-objective"),
        ("Our.Base.CN01.AR02_asm", "assessment-method"),
    ];
    assert_eq!(parts, expected);
    let ns = "https://assize.dev/ns/oscal";
    let threat = [
        json!({ "name": "threat", "ns": ns, "value": "Our.Base.TH01", "group": "threat-1", "remarks": "Mostly" }),
        json!({ "name": "threat-source", "ns": ns, "value": "Our", "group": "threat-1" }),
        json!({ "name": "threat-strength", "ns": ns, "value": "7", "group": "threat-1" }),
    ];
    assert_eq!(control["props"].as_array().expect("properties")[1..4], threat);
    assert_eq!(control["links"][1]["resource-fragment"], "A%201");
}

#[test]
fn a_level_takes_away_what_does_not_apply_there_and_an_import_reaches_the_other_catalog() {
    let (documents, _) = imported();
    let low = value(&documents, "Our.Shop.low.profile.json");
    let expected = json!([{ "href": "Our.Base.catalog.json", "include-controls": [{ "with-ids": ["Our.Base.CN01"] }] }]);
    assert_eq!(low["profile"]["imports"], expected);
    let removes = json!([{ "by-id": "Our.Base.CN01.AR02" }, { "by-id": "Our.Base.CN01.AR02_asm" }]);
    assert_eq!(low["profile"]["modify"]["alters"], json!([{ "control-id": "Our.Base.CN01", "removes": removes }]));
    assert!(value(&documents, "Our.Shop.high.profile.json")["profile"].get("modify").is_none());
}

#[test]
fn the_licence_beside_the_catalogs_and_the_author_are_named_in_each_document() {
    let (documents, _) = imported();
    for (name, document) in &documents {
        let remarks = document.metadata().remarks.as_ref().expect("remarks").as_str();
        assert!(
            remarks.contains("Licence: Terms of Ours 1.0.") && (remarks.contains("by Us") || name.contains("Shop")),
            "{name}: {remarks}"
        );
    }
}
