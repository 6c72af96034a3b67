//! The catalogs of FINOS CCC, all of them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use oscal::{Document, Layout};
use saphyr_parser::{Event, Parser};
use serde_json::Value;

use crate::content::{catalogs, controls, folder, imported, noon, parts, resolved};

#[test]
fn every_catalog_control_and_requirement_is_there_under_its_own_id() {
    let Some(folder) = folder("every_catalog_control_and_requirement_is_there_under_its_own_id") else { return };
    let documents = imported(&folder.join("ccc"));
    let catalogs = catalogs(&documents);
    assert_eq!(catalogs.len(), 25);
    let controls: Vec<_> = catalogs.iter().flat_map(|catalog| controls(catalog)).collect();
    let objectives: Vec<_> = controls.iter().flat_map(|control| parts(control, "assessment-objective")).collect();
    assert_eq!((controls.len(), objectives.len()), (151, 259));
    // The ids as a plain search finds them in the files.
    let written: BTreeSet<String> = texts(&folder.join("ccc/catalogs"), &["id"], "controls.yaml").into_iter().collect();
    let ids = controls.iter().map(|control| control.id.to_string());
    let made: BTreeSet<String> = ids.chain(objectives.iter().map(|part| part.id.as_ref().expect("an id").to_string())).collect();
    assert_eq!(made, written);
    assert!(controls.iter().all(|control| parts(control, "statement").count() == 1));
    let methods = controls.iter().flat_map(|control| parts(control, "assessment-method"));
    assert_eq!(methods.filter(|part| oscal::property(&part.props, "http://csrc.nist.gov/ns/rmf", "method") == Some("TEST")).count(), 259);
}

#[test]
fn no_document_breaks_a_rule_of_ours_or_an_official_schema() {
    let Some(folder) = folder("no_document_breaks_a_rule_of_ours_or_an_official_schema") else { return };
    let compile = |file: &str| {
        let schema: Value = serde_json::from_slice(&fs::read(folder.join("schemas").join(file)).expect("a schema")).expect("JSON");
        jsonschema::options().should_validate_formats(true).build(&schema).expect("a valid schema")
    };
    let newest = [("catalog", "catalog"), ("profile", "profile"), ("mapping-collection", "mapping")]
        .map(|(root, file)| (root, compile(&format!("nist-1.2.3/oscal_{file}_schema.json"))));
    let oldest = compile("nist-1.1.2/oscal_complete_schema.json");
    let documents = imported(&folder.join("ccc"));
    assert!(documents.len() > 100, "{}", documents.len());
    for (name, document) in &documents {
        assert_eq!(document.validate(), [], "{name}");
        let value = serde_json::to_value(document).expect("JSON");
        let (_, newest) = newest.iter().find(|(root, _)| *root == document.root()).expect("a model that we make");
        // Mappings came with 1.2.
        let oldest = (document.root() != "mapping-collection").then_some(&oldest);
        for validator in std::iter::once(newest).chain(oldest) {
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
        let read = oscal::read_json(document.to_json(Layout::Pretty).as_bytes(), name).expect("what we write we read");
        assert_eq!(&read, document, "{name}");
    }
}

#[test]
fn no_two_documents_have_one_uuid_and_the_same_input_gives_the_same_bytes() {
    let Some(folder) = folder("no_two_documents_have_one_uuid_and_the_same_input_gives_the_same_bytes") else { return };
    let documents = imported(&folder.join("ccc"));
    let uuids: HashSet<_> = documents.values().map(Document::uuid).collect();
    assert_eq!(uuids.len(), documents.len());
    let bytes = |documents: &BTreeMap<String, Document>| -> Vec<String> {
        documents.values().map(|document| document.to_json(Layout::Compact)).collect()
    };
    let again = imported(&folder.join("ccc/catalogs"));
    assert_eq!(bytes(&documents), bytes(&again));
    let later = gemara::import(&folder.join("ccc"), "2026-11-24T12:00:00Z".parse().expect("a time")).expect("an import");
    assert!(later.iter().all(|(_, document)| !uuids.contains(&document.uuid())), "another time is another version");
}

#[test]
fn a_level_has_the_controls_that_apply_there_and_only_their_requirements_that_do() {
    let Some(folder) = folder("a_level_has_the_controls_that_apply_there_and_only_their_requirements_that_do") else { return };
    let documents = imported(&folder.join("ccc"));
    let profiles: Vec<&String> = documents.iter().filter(|(_, document)| document.root() == "profile").map(|(name, _)| name).collect();
    for name in &profiles {
        let catalog = resolved(&documents, name);
        let level = name.strip_suffix(".profile.json").and_then(|name| name.rsplit_once('.')).map(|(_, level)| level);
        let level = level.filter(|level| level.starts_with("tlp-"));
        for control in controls(&catalog) {
            let objectives = parts(control, "assessment-objective").count();
            assert!(objectives > 0 && objectives == parts(control, "assessment-method").count(), "{name}: {}", control.id);
            for part in parts(control, "assessment-objective") {
                let applies = |level: &str| part.props.iter().any(|prop| prop.name == "applicability" && prop.value == level);
                assert!(level.is_none_or(applies), "{name}: {:?}", part.id);
            }
        }
    }
    // Counted by hand in the files: of the object storage, reading with untrusted keys (CN01, the first two) is for amber and red alone.
    let own = |level: &str| {
        let catalog = resolved(&documents, &format!("CCC.ObjStor.{level}.profile.json"));
        let own = controls(&catalog).filter(|control| control.id.as_str().starts_with("CCC.ObjStor")).cloned().collect::<Vec<_>>();
        (own.len(), own.iter().flat_map(|control| parts(control, "assessment-objective")).count())
    };
    assert_eq!((own("tlp-clear"), own("tlp-red")), ((6, 15), (6, 17)));
    // Over all catalogs, each requirement is in as many levels as it says.
    let levels = ["tlp-clear", "tlp-green", "tlp-amber", "tlp-red"].map(|level| resolved(&documents, &format!("all.{level}.profile.json")));
    let met = levels.iter().flat_map(controls).flat_map(|control| parts(control, "assessment-objective")).count();
    let said = texts(&folder.join("ccc/catalogs"), &["applicability"], "controls.yaml");
    assert_eq!(met, said.iter().filter(|level| level.starts_with("tlp-")).count());
}

#[test]
fn imported_controls_come_in_by_profile_and_those_that_nobody_defines_are_told() {
    let Some(folder) = folder("imported_controls_come_in_by_profile_and_those_that_nobody_defines_are_told") else { return };
    let documents = imported(&folder.join("ccc"));
    let ids = |name: &str| controls(&resolved(&documents, name)).map(|control| control.id.to_string()).collect::<BTreeSet<_>>();
    let storage = ids("CCC.ObjStor.profile.json");
    assert!(storage.contains("CCC.ObjStor.CN01") && storage.contains("CCC.Core.CN01") && !storage.contains("CCC.Core.CN08"));
    assert!(ids("CCC.VM.profile.json").iter().all(|id| id.starts_with("CCC.Core.")), "virtual machines import, and add nothing");
    let warnings = gemara::import_with_warnings(&folder.join("ccc"), noon()).expect("an import").warnings;
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    let strays = said.iter().filter(|said| said.contains("controls.yaml:") && said.contains("`CCC.Core.CN12` is imported"));
    assert_eq!(strays.count(), 3, "{said:#?}");
    assert!(said.iter().all(|said| !said.contains("not known here")), "every field of CCC is read: {said:#?}");
}

#[test]
fn every_text_of_the_files_is_somewhere_in_the_documents() {
    let Some(folder) = folder("every_text_of_the_files_is_somewhere_in_the_documents") else { return };
    let documents = imported(&folder.join("ccc"));
    let mut words = String::new();
    documents.values().for_each(|document| strings(&serde_json::to_value(document).expect("JSON"), &mut words));
    let words = plain(&words);
    let said: BTreeSet<String> = texts(&folder.join("ccc/catalogs"), &[], "").iter().map(|text| plain(text)).collect();
    let lost: Vec<&String> = said.iter().filter(|text| !words.contains(*text) && !is_shared(&folder, text)).collect();
    assert!(said.len() > 2_000 && lost.is_empty(), "{} of {}: {lost:#?}", lost.len(), said.len());
}

#[test]
fn the_terms_go_with_the_documents() {
    let Some(folder) = folder("the_terms_go_with_the_documents") else { return };
    let documents = imported(&folder.join("ccc"));
    let licence = fs::read(folder.join("ccc/LICENSE")).expect("the licence");
    for (name, document) in &documents {
        let remarks = document.metadata().remarks.as_ref().expect("remarks").as_str();
        assert!(remarks.contains("Licence: Community Specification License 1.0"), "{name}: {remarks}");
        assert!(remarks.contains("version") && remarks.contains("https://github.com/finos/common-cloud-controls"), "{name}: {remarks}");
    }
    for catalog in catalogs(&documents) {
        let resources = &catalog.back_matter.as_ref().expect("back matter").resources;
        let carried = resources.iter().filter_map(|resource| resource.base64.as_ref()?.value.decoded());
        assert_eq!(carried.collect::<Vec<_>>(), std::slice::from_ref(&licence), "{}", catalog.metadata.title);
    }
}

/// Text as it is compared: line breaks and runs of blanks are one blank.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn strings(value: &Value, found: &mut String) {
    match value {
        Value::String(text) => *found += &format!("{text}\n"),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Of the groups and categories that are defined for all catalogs, those that no control or no catalog is in are not written.
fn is_shared(folder: &Path, text: &str) -> bool {
    let shared = ["groups.yaml", "categories.yaml"].map(|ending| texts(&folder.join("ccc/catalogs"), &[], ending));
    shared.iter().flatten().any(|other| plain(other) == text)
}

/// The texts of all YAML files whose path ends so, read with nothing of ours: those under these keys, or all of them.
fn texts(folder: &Path, keys: &[&str], ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in yaml_files(folder).iter().filter(|path| path.to_string_lossy().ends_with(ending)) {
        let text = fs::read_to_string(path).expect("a file");
        // For each open map the key that waits for its value, for each open list the key that the list is under.
        let mut open: Vec<(bool, Option<String>)> = Vec::new();
        for event in Parser::new_from_str(&text) {
            let waits = open.last().and_then(|(_, key)| key.clone());
            let mut is_value = true;
            match event.expect("YAML").0 {
                Event::MappingStart(..) => {
                    open.push((true, None));
                    continue;
                }
                Event::SequenceStart(..) => {
                    open.push((false, waits));
                    continue;
                }
                Event::MappingEnd | Event::SequenceEnd => drop(open.pop()),
                Event::Scalar(text, ..) => match open.last_mut() {
                    Some((true, key @ None)) => {
                        (*key, is_value) = (Some(text.into_owned()), false);
                    }
                    _ => {
                        let wanted = keys.is_empty() || waits.as_deref().is_some_and(|key| keys.contains(&key));
                        found.extend(wanted.then(|| text.into_owned()));
                    }
                },
                _ => continue,
            }
            if let (true, Some((true, key))) = (is_value, open.last_mut()) {
                *key = None;
            }
        }
    }
    found.retain(|text| !text.trim().is_empty());
    found
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            true => found.extend(yaml_files(&entry)),
            false => found.extend((entry.extension().is_some_and(|extension| extension == "yaml")).then_some(entry)),
        }
    }
    found.sort();
    found
}

#[test]
fn what_the_authors_say_of_frameworks_is_a_mapping_collection_that_claims_no_more() {
    let Some(folder) = folder("what_the_authors_say_of_frameworks_is_a_mapping_collection_that_claims_no_more") else { return };
    let documents = imported(&folder.join("ccc"));
    let mut maps = 0;
    for (name, document) in &documents {
        let Document::MappingCollection(collection) = document else { continue };
        let of =
            |word: &str| collection.back_matter.iter().flat_map(|own| &own.resources).any(|resource| resource.uuid.to_string() == word);
        for mapping in &collection.mappings {
            assert!(documents.contains_key(mapping.source_resource.href.as_str()), "{name}: the catalog is there");
            assert!(of(mapping.target_resource.href.as_str().trim_start_matches('#')), "{name}: the framework is told");
            assert!(mapping.maps.iter().all(|map| map.relationship.as_str() == "intersects-with"), "{name}");
            maps += mapping.maps.len();
        }
        assert!(
            collection.metadata.remarks.as_ref().is_some_and(|notice| notice.as_str().contains("Community Specification License")),
            "{name}"
        );
    }
    assert!(maps > 100, "{maps}");
    let Document::MappingCollection(core) = &documents["CCC.Core.mappings.json"] else { panic!("a mapping-collection") };
    let ccm = core
        .mappings
        .iter()
        .flat_map(|mapping| &mapping.maps)
        .find(|map| map.sources[0].id_ref == "CCC.Core.CN02" && map.targets[0].id_ref == "CEK-04");
    let percentage =
        ccm.expect("it is in the file").confidence_score.as_ref().and_then(|score| score.percentage.clone()).expect("a strength");
    assert_eq!(percentage.as_f64(), Some(1.0));
}
