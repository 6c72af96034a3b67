use serde_json::json;

use super::{SelectError, SelectedControls, select};
use crate::resolve::ResolveError;
use crate::{Document, Profile, ReadError, read_json};

const UUID: &str = "4efc5577-4fec-5b39-aa74-9d40ac618c14";

fn metadata() -> serde_json::Value {
    json!({ "title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3" })
}

/// Two groups: `dat-01` with parameters and `dat-01.1` below it with `dat-01.1.1` below that; `idm-01` in the other.
fn catalog() -> serde_json::Value {
    let kind = |kind: &str| json!([{ "name": "type", "ns": "https://assize.dev/ns/oscal", "value": kind }]);
    json!({ "catalog": { "uuid": UUID, "metadata": metadata(), "groups": [
        { "id": "dat", "title": "Data", "controls": [{ "id": "dat-01", "title": "Encrypted",
            "params": [
                { "id": "dat-01_max_age", "props": kind("duration"), "values": ["90d"] },
                { "id": "dat-01_count", "props": kind("integer"), "values": ["3"] },
                { "id": "dat-01_ports", "props": kind("integer-list"), "values": ["22"] },
                { "id": "dat-01_algorithms", "props": kind("string-list"), "values": ["AES256", "aws:kms"] },
                { "id": "dat-01_strict", "props": kind("boolean"), "values": ["true"] },
                { "id": "dat-01_note", "label": "a note" } ],
            "parts": [
                { "id": "dat-01_smt", "name": "statement", "prose": "Encrypt; rotate after {{ insert: param, dat-01_max_age }}, say {{ insert: param, dat-01_note }}.",
                  "parts": [{ "name": "item", "prose": "Always." }] },
                { "id": "dat-01_obj", "name": "assessment-objective", "prose": "Is encrypted." } ],
            "controls": [{ "id": "dat-01.1", "title": "Keys", "controls": [{ "id": "dat-01.1.1", "title": "Old keys" }] }] }] },
        { "id": "idm", "title": "Identity", "controls": [{ "id": "idm-01", "title": "Second factor" }] } ] } })
}

fn profile(imports: serde_json::Value, settings: serde_json::Value) -> serde_json::Value {
    let mut profile = json!({ "uuid": UUID, "metadata": metadata(), "imports": imports });
    if settings.as_array().is_some_and(|settings| !settings.is_empty()) {
        profile["modify"] = json!({ "set-parameters": settings });
    }
    json!({ "profile": profile })
}

fn read(value: &serde_json::Value) -> Document {
    read_json(value.to_string().as_bytes(), "test").expect("a valid document")
}

fn run(first: &serde_json::Value, files: &[(&str, &serde_json::Value)]) -> Result<SelectedControls, SelectError> {
    let Document::Profile(first) = read(first) else { panic!("not a profile") };
    let first: Profile = *first;
    select(&first, &mut |place| {
        let found = files.iter().find(|(name, _)| *name == place);
        found.map(|(_, value)| read(value)).ok_or_else(|| ReadError {
            origin: place.to_owned(),
            line: 0,
            column: 0,
            pointer: String::new(),
            what: "is not there".to_owned(),
            fix: "see that it is".to_owned(),
        })
    })
}

/// The ids that one import selects out of the catalog.
fn ids(import: serde_json::Value) -> Vec<String> {
    let mut import = import;
    import["href"] = json!("c.json");
    let selected = run(&profile(json!([import]), json!([])), &[("c.json", &catalog())]).expect("selected");
    selected.controls.iter().map(|control| control.id().to_string()).collect()
}

#[test]
fn include_all_takes_every_control_in_catalog_order() {
    assert_eq!(ids(json!({ "include-all": {} })), ["dat-01", "dat-01.1", "dat-01.1.1", "idm-01"]);
}

#[test]
fn children_come_along_only_when_asked_for() {
    let chosen = |with: &str| ids(json!({ "include-controls": [{ "with-child-controls": with, "with-ids": ["dat-01"] }] }));
    assert_eq!(chosen("no"), ["dat-01"]);
    assert_eq!(chosen("yes"), ["dat-01", "dat-01.1", "dat-01.1.1"]);
}

#[test]
fn exclusion_wins_over_any_inclusion() {
    let import = json!({ "include-controls": [{ "with-ids": ["idm-01", "dat-01"] }, { "matching": [{ "pattern": "dat-*" }] }],
        "exclude-controls": [{ "matching": [{ "pattern": "*.1" }] }] });
    assert_eq!(ids(import), ["dat-01", "idm-01"]);
    let import = json!({ "include-all": {}, "exclude-controls": [{ "with-child-controls": "yes", "with-ids": ["dat-01"] }] });
    assert_eq!(ids(import), ["idm-01"]);
}

#[test]
fn parameters_have_their_declared_types_and_the_outermost_profile_has_the_last_word() {
    let inner = profile(
        json!([{ "href": "../c.json", "include-all": {} }]),
        json!([{ "param-id": "dat-01_count", "values": ["5"] }, { "param-id": "dat-01_max_age", "values": ["60d"] }]),
    );
    let outer = profile(
        json!([{ "href": "profiles/inner.json", "include-controls": [{ "with-ids": ["dat-01"] }] }]),
        json!([{ "param-id": "dat-01_max_age", "values": ["P30D"] }]),
    );
    let selected = run(&outer, &[("profiles/inner.json", &inner), ("c.json", &catalog())]).expect("selected");
    let [control] = selected.controls.as_slice() else { panic!("one control") };
    let found = serde_json::to_value(&control.parameters).expect("JSON");
    let wanted = json!({ "max_age": "P30D", "count": 5, "ports": [22], "algorithms": ["AES256", "aws:kms"], "strict": true });
    assert_eq!(found, wanted);
    assert!(selected.unmatched.is_empty(), "{:?}", selected.unmatched);
}

#[test]
fn statement_and_objective_are_found_and_told_with_their_parameters() {
    let selected = run(&profile(json!([{ "href": "c.json", "include-all": {} }]), json!([])), &[("c.json", &catalog())]);
    let selected = selected.expect("selected");
    let control = &selected.controls[0];
    let statement = control.statement().expect("a statement");
    assert_eq!(control.text_of(statement), "Encrypt; rotate after 90d, say [a note].\nAlways.");
    assert_eq!(control.objective().and_then(|part| part.id.as_ref()).expect("an id"), &"dat-01_obj");
}

#[test]
fn a_value_that_does_not_fit_its_type_is_refused() {
    let first = profile(json!([{ "href": "c.json", "include-all": {} }]), json!([{ "param-id": "dat-01_count", "values": ["many"] }]));
    let error = run(&first, &[("c.json", &catalog())]).expect_err("refused");
    assert_eq!(error.to_string(), "parameter `dat-01_count` has the value `many`, which is not a whole number");
}

#[test]
fn profiles_that_import_each_other_are_refused_and_diamonds_are_not() {
    let to = |href: &str| profile(json!([{ "href": href, "include-all": {} }]), json!([]));
    let error = run(&to("a.json"), &[("a.json", &to("b.json")), ("b.json", &to("./a.json"))]).expect_err("refused");
    assert_eq!(error, SelectError::Resolve(ResolveError::Circular { chain: vec!["a.json".into(), "b.json".into(), "a.json".into()] }));

    let both = profile(json!([{ "href": "a.json", "include-all": {} }, { "href": "b.json", "include-all": {} }]), json!([]));
    let files = [("a.json", &to("c.json")), ("b.json", &to("c.json")), ("c.json", &catalog())];
    assert_eq!(run(&both, &files).expect("selected").controls.len(), 4);
}

#[test]
fn a_name_that_nothing_has_is_reported_and_a_missing_file_is_an_error() {
    let first = profile(
        json!([{ "href": "c.json", "include-controls": [{ "with-ids": ["dat-99", "idm-01"] }] }]),
        json!([{ "param-id": "nobody_has", "values": ["1"] }]),
    );
    let selected = run(&first, &[("c.json", &catalog())]).expect("selected");
    assert_eq!(
        selected.unmatched,
        ["control `dat-99` is named, but `c.json` does not have it", "parameter `nobody_has` is set, but no selected control has it"]
    );
    assert!(matches!(run(&first, &[]), Err(SelectError::Resolve(ResolveError::Read(error))) if error.origin == "c.json"));
}

#[test]
fn an_import_by_resource_finds_the_json_link() {
    let mut first = profile(json!([{ "href": format!("#{UUID}"), "include-all": {} }]), json!([]));
    assert!(matches!(run(&first, &[]), Err(SelectError::Resolve(ResolveError::NoResource { .. }))));
    let links = json!([{ "href": "c.xml", "media-type": "application/oscal.catalog+xml" }, { "href": "c.json" }]);
    first["profile"]["back-matter"] = json!({ "resources": [{ "uuid": UUID, "rlinks": links }] });
    assert_eq!(run(&first, &[("c.json", &catalog())]).expect("selected").controls.len(), 4);
}

#[test]
fn children_come_along_through_a_profile_whatever_its_groups() {
    let mut inner = profile(json!([{ "href": "c.json", "include-all": {} }]), json!([]));
    let import = json!([{ "href": "a.json", "include-controls": [{ "with-child-controls": "yes", "with-ids": ["dat-01"] }] }]);
    let outer = profile(import, json!([]));
    let count = |inner: &_| run(&outer, &[("a.json", inner), ("c.json", &catalog())]).expect("selected").controls.len();
    // Flat means without groups; controls stay below controls, as in NIST's own cases.
    assert_eq!(count(&inner), 3);
    inner["profile"]["merge"] = json!({ "as-is": true });
    assert_eq!(count(&inner), 3);
}
