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
    let older = oscal(&["resolve", "catalogs/profile-wave-1.json", "--oscal-version", "1.1.2"]);
    assert!(out(&older).contains(r#""oscal-version": "1.1.2""#), "{}", err(&older));
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

/// A catalog with two groups, written to a file.
fn catalog(folder: &Path, name: &str, groups: Value) -> String {
    let path = folder.join(name);
    let metadata = serde_json::json!({ "title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3" });
    let text = serde_json::json!({ "catalog": { "uuid": "4efc5577-4fec-4b39-aa74-9d40ac618c14", "metadata": metadata, "groups": groups } });
    std::fs::write(&path, text.to_string()).unwrap();
    path.display().to_string()
}

#[test]
fn what_moved_is_told_as_moved_and_of_a_long_text_what_is_different() {
    let folder = tempfile::tempdir().unwrap();
    let prose = |often: &str| {
        let words = "every account that nobody has used for a long while is found, is told to the one who owns it, ".repeat(3);
        format!("{words}and is reviewed {often} by its owner; {words}")
    };
    let control = |id: &str, often: &str, params: Value| serde_json::json!({ "id": id, "title": id, "params": params, "parts": [{ "name": "statement", "id": format!("{id}_smt"), "prose": prose(often) }] });
    let groups = |first: Vec<Value>, second: Vec<Value>| serde_json::json!([{ "id": "g-1", "title": "One", "controls": first }, { "id": "g-2", "title": "Two", "controls": second }]);
    let param = |value: &str| serde_json::json!([{ "id": "often", "values": [value] }]);
    let other = serde_json::json!([{ "id": "other", "values": ["x"] }]);
    let old = groups(
        vec![control("a-1", "monthly", param("monthly")), control("a-2", "monthly", other.clone())],
        vec![control("b-1", "daily", other.clone())],
    );
    let mut moved = control("a-1", "quarterly", other.clone());
    moved["params"] = serde_json::json!([{ "id": "third", "values": ["y"] }]);
    let new = groups(
        vec![control("a-2", "monthly", param("quarterly"))],
        vec![control("b-1", "daily", other), moved, control("b-2", "daily", param("x"))],
    );
    let (old, new) = (catalog(folder.path(), "old.json", old), catalog(folder.path(), "new.json", new));
    let differs = oscal(&["diff", &old, &new]);
    let said = out(&differs);
    let has = |words: &[&str]| said.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert_eq!(differs.status.code(), Some(1));
    assert!(has(&["> ", "a-1", "moved to groups › g-2 › controls"]), "{said}");
    assert!(has(&["~ ", "a-1_smt", "reviewed monthly by its", "→", "reviewed quarterly by its"]), "{said}");
    assert!(has(&["+ groups › g-2 › controls", "b-2"]), "{said}");
    assert!(said.lines().all(|line| line.chars().count() < 420), "{said}");
}

#[test]
fn a_control_that_leaves_a_group_which_is_gone_has_moved() {
    let folder = tempfile::tempdir().unwrap();
    let control = |id: &str| serde_json::json!({ "id": id, "title": id });
    let group = |id: &str, controls: &[&str]| serde_json::json!({ "id": id, "title": id, "controls": controls.iter().map(|id| control(id)).collect::<Vec<_>>() });
    let old = catalog(folder.path(), "old.json", serde_json::json!([group("g-1", &["a-1", "a-2"]), group("g-2", &["b-1"])]));
    let new = catalog(folder.path(), "new.json", serde_json::json!([group("g-2", &["b-1", "a-1"])]));
    let expected = "- groups: g-1  g-1\n> groups › g-1 › controls: a-1  a-1 moved to groups › g-2 › controls\n";
    assert_eq!(out(&oscal(&["diff", &old, &new])), expected);
}

#[test]
fn values_of_a_parameter_are_one_change() {
    let folder = tempfile::tempdir().unwrap();
    let groups = |value: Value| serde_json::json!([{ "id": "g", "title": "G", "params": [{ "id": "p", "values": value }] }]);
    let old = catalog(folder.path(), "old.json", groups(serde_json::json!(["90 days"])));
    let new = catalog(folder.path(), "new.json", groups(serde_json::json!(["30 days", "60 days"])));
    assert_eq!(out(&oscal(&["diff", &old, &new])), "~ groups › g › params › p › values: `90 days` → `30 days`, `60 days`\n");
}

#[test]
fn what_comes_through_a_pipe_may_be_of_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let json = catalog(folder.path(), "c.json", serde_json::json!([{ "id": "g", "title": "G" }]));
    let yaml = out(&oscal(&["convert", &json, "--to", "yaml"]));
    let xml = "<catalog xmlns='http://csrc.nist.gov/ns/oscal/1.0' uuid='4efc5577-4fec-4b39-aa74-9d40ac618c14'><metadata><title>T</title><last-modified>2026-11-23T06:00:07Z</last-modified><version>1</version><oscal-version>1.2.3</oscal-version></metadata><group id='g'><title>G</title></group></catalog>";
    let mut written = Vec::new();
    for text in [std::fs::read_to_string(&json).unwrap().as_str(), &yaml, xml] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
        command.args(["oscal", "convert", "-"]).stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{text}");
        written.push(out(&done));
    }
    assert!(written.iter().all(|text| *text == written[0]), "{written:?}");
}

#[test]
fn validate_tells_everything_of_a_file_that_cannot_be_a_document_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.json");
    let text = r#"{"catalog": {"uuid": "4efc5577-4fec-4b39-aa74-9d40ac618c14",
 "metadata": {"title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": null, "oscal-version": "1.2.3", "props": []},
 "controls": [{"id": "a/1", "title": "A"}]}}"#;
    std::fs::write(&file, text).unwrap();
    let told: Value = serde_json::from_slice(&oscal(&["validate", "--format", "json", file.to_str().unwrap()]).stdout).unwrap();
    let found: Vec<(&str, u64)> =
        told.as_array().unwrap().iter().map(|remark| (remark["pointer"].as_str().unwrap(), remark["line"].as_u64().unwrap())).collect();
    for expected in [("/catalog/metadata/version", 2), ("/catalog/metadata/props", 2), ("/catalog/controls/0/id", 3)] {
        assert!(found.contains(&expected), "{found:?}");
    }
    std::fs::write(&file, text.replacen("\"title\": \"T\"", "\"title\": \"T\", \"title\": \"U\"", 1)).unwrap();
    let twice: Value = serde_json::from_slice(&oscal(&["validate", "--format", "json", file.to_str().unwrap()]).stdout).unwrap();
    assert_eq!((&twice[0]["message"], &twice[0]["line"]), (&"`title` is there twice".into(), &2.into()), "{twice}");
    assert_eq!(twice[0]["pointer"], "/catalog/metadata/title");
}

#[test]
fn a_person_sees_what_a_plan_of_a_system_and_a_selection_hold() {
    let Some(data) = tests::parts::oscal_data("a_person_sees_what_a_plan_of_a_system_and_a_selection_hold") else { return };
    let at = |name: &str| data.join(name).display().to_string();
    let plan = out(&oscal(&["show", &at("nist-examples/ifa_ssp-example.json")]));
    for words in [
        "system-characteristics › system-name:",
        "system-implementation › components: ",
        "control-implementation › implemented-requirements: ",
    ] {
        assert!(plan.contains(words), "{words}: {plan}");
    }
    let tree = out(&oscal(&["tree", &at("nist-800-53-rev5/NIST_SP-800-53_rev5_MODERATE-baseline_profile.json")]));
    assert!(tree.contains("ac-1, ac-2, ac-2.1") && tree.contains("… (287 in all)"), "{tree}");
    let control =
        out(&oscal(&["show", &at("nist-800-53-rev5/NIST_SP-800-53_rev5_MODERATE-baseline-resolved-profile_catalog-min.json"), "ac-2.1"]));
    assert!(control.contains("\nAC-2(1)  Automated System Account Management"), "{control}");
}
