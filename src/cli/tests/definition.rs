//! Component definitions in the convention of compliance-trestle, in both directions.

mod common;

use std::path::Path;

use serde_json::{Value, json};

use common::{assess, assize, read, text};

const NS: &str = "https://oscal-compass.github.io/compliance-trestle/schemas/oscal/cd";

fn prop(name: &str, value: &str, set: &str) -> Value {
    json!({ "name": name, "ns": NS, "value": value, "remarks": set })
}

/// A definition as other tools write it: rules at the service, checks at a validation component, one rule that only another tool can decide.
fn definition(max_age: &str) -> Value {
    let uuid = |number: u8| format!("0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6c{number:02}");
    let requirement = |number: u8, control: &str, rules: &[&str]| {
        let props: Vec<Value> = rules.iter().map(|rule| json!({ "name": "Rule_Id", "ns": NS, "value": rule })).collect();
        json!({ "uuid": uuid(number), "control-id": control, "description": format!("How {control} is met."), "props": props })
    };
    let key_age = requirement(4, "ia-5", &["young-keys"]);
    let public = requirement(5, "ac-3", &["closed-buckets", "etcd_key_file"]);
    let half = requirement(6, "ac-4", &["young-keys", "etcd_key_file"]);
    let foreign = requirement(7, "cm-6", &["etcd_key_file"]);
    json!({ "component-definition": { "uuid": uuid(1),
        "metadata": { "title": "Our bindings", "last-modified": "2026-11-24T00:00:00Z", "version": "1", "oscal-version": "1.1.2" },
        "components": [
            { "uuid": uuid(2), "type": "service", "title": "S", "description": "S",
              "props": [prop("Rule_Id", "young-keys", "rule_set_00"), prop("Rule_Description", "Keys are young", "rule_set_00"),
                  prop("Parameter_Id", "idm-07_max_age", "rule_set_00"), prop("Parameter_Value_Default", "P90D", "rule_set_00"),
                  prop("Rule_Id", "closed-buckets", "rule_set_01"), prop("Rule_Id", "etcd_key_file", "rule_set_02")],
              "control-implementations": [{ "uuid": uuid(3), "source": "profiles/ours.json", "description": "c",
                  "set-parameters": [{ "param-id": "idm-07_max_age", "values": [max_age] }],
                  "implemented-requirements": [key_age, public, half, foreign] }] },
            { "uuid": uuid(8), "type": "validation", "title": "V", "description": "V",
              "props": [prop("Rule_Id", "young-keys", "rule_set_09"), prop("Check_Id", "idm-07/aws/access-keys-are-rotated", "rule_set_09"),
                  prop("Rule_Id", "closed-buckets", "rule_set_10"), prop("Check_Id", "dat-01.aws.s3-bucket-blocks-public-access", "rule_set_10")] }] } })
}

/// The answer for each control that was decided, and what was said.
fn answers(folder: &Path, max_age: &str) -> (Vec<(String, String)>, String) {
    let path = folder.join("bindings.json");
    std::fs::write(&path, definition(max_age).to_string()).unwrap();
    let done = assess(folder, &["--framework", path.to_str().unwrap()]);
    let results: Value = serde_json::from_str(&read(&folder.join("out/assessment-results.json"))).unwrap();
    let fact = |of: &Value, name: &str| {
        let mut props = of["props"].as_array().unwrap().iter();
        props.find(|prop| prop["name"] == name).map(|prop| prop["value"].as_str().unwrap().to_owned())
    };
    let findings = results["assessment-results"]["results"][0]["findings"].as_array().unwrap().iter();
    let ours = findings.filter(|finding| fact(finding, "framework").as_deref() == Some("bindings"));
    (ours.map(|finding| (fact(finding, "control").unwrap(), fact(finding, "answer").unwrap())).collect(), text(&done.stdout))
}

#[test]
fn rules_of_others_are_decided_by_our_checks_with_their_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let of = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let (found, said) = answers(folder.path(), "P365D");
    assert_eq!(found, of(&[("ac-3", "not-satisfied"), ("ia-5", "satisfied")]));
    // A passing half is no whole, and a check of another tool is nobody's here.
    assert!(said.contains("4 controls: 1 not satisfied, 1 satisfied, 1 undecided, 1 not assessed"), "{said}");
    let (found, _) = answers(folder.path(), "PT1H");
    assert_eq!(found, of(&[("ac-3", "not-satisfied"), ("ac-4", "not-satisfied"), ("ia-5", "not-satisfied")]));
}

#[test]
fn what_a_definition_binds_is_listed_and_what_it_lacks_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bindings.json");
    std::fs::write(&path, definition("P365D").to_string()).unwrap();
    let listed = assize(&["checks", "bindings", path.to_str().unwrap()]);
    let said = text(&listed.stdout);
    let row = |words: &[&str]| said.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(row(&["ia-5", "young-keys", "idm-07/aws/access-keys-are-rotated", "yes", "idm-07_max_age = P365D"]), "{said}");
    assert!(row(&["cm-6", "etcd_key_file", "no"]), "{said}");
    let none = assize(&["checks", "bindings", "catalogs/assize-controls.json"]);
    assert!(text(&none.stderr).contains("is no component definition"));
}

#[test]
fn what_we_export_binds_every_check_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ours.json");
    assize(&["checks", "export", "-o", path.to_str().unwrap()]);
    let listed = assize(&["checks", "bindings", path.to_str().unwrap()]);
    let said = text(&listed.stdout);
    assert_eq!((said.matches(" yes ").count(), said.matches(" no ").count()), (55, 0), "{said}");
    let done = assess(folder.path(), &["--framework", path.to_str().unwrap()]);
    assert!(!text(&done.stderr).contains("is set, but"), "{}", text(&done.stderr));
    // The same controls by the same checks: the same answers, whether they are ours or a framework's.
    let results: Value = serde_json::from_str(&read(&folder.path().join("out/assessment-results.json"))).unwrap();
    let findings = results["assessment-results"]["results"][0]["findings"].as_array().unwrap();
    let states = |framework: bool| {
        let of = |finding: &&Value| finding["props"].as_array().unwrap().iter().any(|prop| prop["name"] == "framework") == framework;
        let mut states: Vec<String> = findings
            .iter()
            .filter(of)
            .map(|finding| format!("{} {}", finding["target"]["target-id"], finding["target"]["status"]))
            .collect();
        states.iter_mut().for_each(|state| *state = state.replace("_obj", "_smt"));
        states.sort();
        states
    };
    assert_eq!(states(true), states(false));
}
