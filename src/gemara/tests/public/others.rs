//! Catalogs of others, each a single file.

use oscal::Document;

use crate::content::{catalogs, controls, folder, imported, noon, parts, resolved};

#[test]
fn a_single_file_is_a_catalog_with_its_own_groups_and_levels() {
    let Some(folder) = folder("a_single_file_is_a_catalog_with_its_own_groups_and_levels") else { return };
    let documents = imported(&folder.join("gemara/test/test-data/good-osps.yml"));
    let found = catalogs(&documents);
    let [catalog] = found[..] else { panic!("one catalog") };
    let all: Vec<_> = controls(catalog).collect();
    let objectives = all.iter().flat_map(|control| parts(control, "assessment-objective")).count();
    assert_eq!((all.len(), objectives, catalog.groups.len()), (39, 59, 8));
    let names: Vec<&str> = documents.keys().map(String::as_str).collect();
    let levels = ["OSPS-B.Maturity1.profile.json", "OSPS-B.Maturity2.profile.json", "OSPS-B.Maturity3.profile.json"];
    assert_eq!(names, [&levels[..], &["OSPS-B.catalog.json", "OSPS-B.mappings.json"]].concat());
    levels.iter().for_each(|level| assert!(controls(&resolved(&documents, level)).next().is_some()));
    assert!(documents.values().all(|document: &Document| document.validate().is_empty()));
}

#[test]
fn what_is_wrong_with_a_catalog_is_told_with_its_line() {
    let Some(folder) = folder("what_is_wrong_with_a_catalog_is_told_with_its_line") else { return };
    for (file, line, what) in [
        ("bad-control-invalid-group.yaml", ":24: ", "`nonexistent-group`, which is defined nowhere"),
        ("bad-no-groups.yaml", ":18: ", "`missing-group`, which is defined nowhere"),
        ("good-policy.yaml", "", "no Gemara control catalog is here"),
        ("bad.yaml", "", "no Gemara control catalog is here"),
    ] {
        let refused = gemara::import(&folder.join("gemara/test/test-data").join(file), noon()).expect_err(file).to_string();
        assert!(refused.contains(line) && refused.contains(what), "{file}: {refused}");
    }
}
