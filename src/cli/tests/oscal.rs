//! `assize oscal` as somebody at a shell uses it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn oscal(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_assize")).arg("oscal").args(args).current_dir(root()).output().expect("the program runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn our_own_catalogs_are_valid_and_resolve() {
    let validated = oscal(&["validate", "catalogs/assize-controls.json", "catalogs/profile-wave-1.json", "catalogs/profile-all.json"]);
    assert_eq!((validated.status.code(), err(&validated).as_str()), (Some(0), "3 documents, 0 problems\n"), "{}", out(&validated));
    let resolved = oscal(&["resolve", "catalogs/profile-wave-1.json", "--to", "compact", "--now", "2026-11-23T06:00:00Z"]);
    assert_eq!(resolved.status.code(), Some(0), "{}", err(&resolved));
    let again = oscal(&["resolve", "catalogs/profile-wave-1.json", "--to", "compact", "--now", "2026-11-23T06:00:00Z"]);
    assert_eq!(resolved.stdout, again.stdout, "one instant, the same bytes");
    let catalog: Value = serde_json::from_slice(&resolved.stdout).unwrap();
    assert_eq!(catalog["catalog"]["metadata"]["links"][0]["rel"], "source-profile");
    let explained = oscal(&["resolve", "catalogs/profile-wave-1.json", "--explain", "dat-01"]);
    assert!(out(&explained).contains("dat-01") || out(&explained).contains("taken from"), "{}", out(&explained));
    assert_eq!(oscal(&["resolve", "catalogs/profile-wave-1.json", "--explain", "zzz"]).status.code(), Some(2));
}

#[test]
fn every_problem_has_its_place_in_text_json_and_sarif() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.yaml");
    let yaml = "catalog:\n  uuid: 4efc5577-4fec-4b39-aa74-9d40ac618c14\n  metadata:\n    title: T\n    last-modified: yesterday\n    version: \"1\"\n    oscal-version: 1.2.3\n  controls:\n    - id: 1.1\n      title: No id\n";
    std::fs::write(&file, yaml).unwrap();
    let path = file.to_str().unwrap();
    let text = oscal(&["validate", path]);
    assert_eq!(text.status.code(), Some(1));
    assert!(out(&text).contains("c.yaml:5:") && out(&text).contains("c.yaml:9:"), "{}", out(&text));
    assert!(!out(&text).contains("oneOf") && !out(&text).contains("anyOf"), "{}", out(&text));
    let json: Value = serde_json::from_slice(&oscal(&["validate", "--format", "json", path]).stdout).unwrap();
    assert_eq!(json[0]["line"], 5);
    let sarif: Value = serde_json::from_slice(&oscal(&["validate", "--format", "sarif", path]).stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 5);
    let missing = oscal(&["validate", "no-such-file.json", path]);
    assert_eq!(missing.status.code(), Some(1), "one file that is not there hides no other");
    assert!(out(&missing).contains("no-such-file.json") && out(&missing).contains("c.yaml:5:"));
}

#[test]
fn a_document_goes_to_yaml_and_back_and_differs_in_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (yaml, json) = (folder.path().join("c.yaml"), folder.path().join("c.json"));
    let catalog = "catalogs/assize-controls.json";
    assert!(oscal(&["convert", catalog, "--to", "yaml", "-o", yaml.to_str().unwrap()]).status.success());
    assert!(oscal(&["convert", yaml.to_str().unwrap(), "-o", json.to_str().unwrap()]).status.success());
    let same = oscal(&["diff", "--all", catalog, json.to_str().unwrap()]);
    assert_eq!((same.status.code(), out(&same).as_str()), (Some(0), ""));
    let mut changed: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    let control = &mut changed["catalog"]["groups"][0]["controls"][0];
    control["title"] = "Another title".into();
    let id = control["id"].as_str().unwrap().to_owned();
    changed["catalog"]["groups"][0]["controls"].as_array_mut().unwrap().reverse();
    std::fs::write(&json, changed.to_string()).unwrap();
    let differs = oscal(&["diff", catalog, json.to_str().unwrap()]);
    assert_eq!(differs.status.code(), Some(1));
    assert_eq!(out(&differs).lines().count(), 1, "moved is not changed: {}", out(&differs));
    assert!(out(&differs).contains(&format!("{id} › title")) && out(&differs).contains("Another title"), "{}", out(&differs));
}

#[test]
fn an_import_leads_nowhere_that_was_not_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let profile = |href: &str| {
        let file = folder.path().join("p.json");
        let text = serde_json::json!({ "profile": { "uuid": "4efc5577-4fec-4b39-aa74-9d40ac618c14",
            "metadata": { "title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3" },
            "imports": [{ "href": href, "include-all": {} }] } });
        std::fs::write(&file, text.to_string()).unwrap();
        file
    };
    for href in [
        "/etc/passwd",
        "http://169.254.169.254/latest/",
        "https://example.org/c.json",
        "file:///etc/passwd",
        "../../../etc/passwd",
        "p.json",
    ] {
        let resolved = oscal(&["resolve", profile(href).to_str().unwrap()]);
        assert_eq!((resolved.status.code(), out(&resolved).as_str()), (Some(2), ""), "{href}");
        assert!(!err(&resolved).contains("root:"), "{href}: {}", err(&resolved));
    }
}

#[test]
fn a_person_sees_trees_and_controls() {
    let tree = oscal(&["tree", "catalogs/assize-controls.json", "--depth", "2"]);
    assert!(out(&tree).contains("groups ("), "{}", out(&tree));
    let shown = oscal(&["show", "catalogs/assize-controls.json", "idm-07"]);
    assert!(out(&shown).contains("IDM-07") && out(&shown).contains("90"), "{}", out(&shown));
    assert_eq!(oscal(&["show", "catalogs/assize-controls.json", "nope-1"]).status.code(), Some(2));
}

#[test]
fn the_common_cloud_controls_are_imported_valid_and_resolve() {
    let Some(data) = tests::parts::oscal_data("the_common_cloud_controls_are_imported_valid_and_resolve") else { return };
    let folder = tempfile::tempdir().unwrap();
    let out_dir = folder.path().join("ccc");
    let imported =
        oscal(&["import", "ccc", data.join("ccc").to_str().unwrap(), "-o", out_dir.to_str().unwrap(), "--now", "2026-11-23T06:00:00Z"]);
    assert_eq!(imported.status.code(), Some(0), "{}", err(&imported));
    let mut files: Vec<String> = std::fs::read_dir(&out_dir).unwrap().map(|entry| entry.unwrap().path().display().to_string()).collect();
    files.sort();
    assert_eq!(files.iter().filter(|name| name.ends_with(".catalog.json")).count(), 25);
    let arguments: Vec<&str> = std::iter::once("validate").chain(files.iter().map(String::as_str)).collect();
    let validated = oscal(&arguments);
    assert_eq!(validated.status.code(), Some(0), "{}", out(&validated));
    let profile = files.iter().find(|name| name.contains("ObjStor") && name.ends_with(".profile.json")).expect("a profile");
    assert_eq!(oscal(&["resolve", profile]).status.code(), Some(0));
}
