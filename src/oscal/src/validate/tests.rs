use serde_json::{Value, json};

use super::{Checker, Part, schema_of, validate, validate_part};

const DOCUMENT: &str = "4efc5577-4fec-5b39-aa74-9d40ac618c14";
const TOOL: &str = "1d4bcf35-12bb-5799-84bd-11c9cb906268";
const ITEM: &str = "04f1c225-9505-5f5c-b3a4-c580814eb184";
const SEEN: &str = "79f17cf6-5833-5402-a6de-b918716f27a6";
const FOUND: &str = "4c74b4c6-0cb8-570b-96f2-835318d28e6c";
const RUN: &str = "cbb45e32-5aef-5c7d-a4ac-232e4b0bd92b";
const NOWHERE: &str = "ffffffff-ffff-4fff-bfff-ffffffffffff";

fn observation() -> Value {
    json!({ "uuid": SEEN, "description": "Seen.", "methods": ["TEST"],
        "origins": [{ "actors": [{ "type": "tool", "actor-uuid": TOOL }] }],
        "subjects": [{ "subject-uuid": ITEM, "type": "inventory-item" }],
        "collected": "2026-11-23T06:00:00Z", "expires": "2026-11-24T06:00:00Z" })
}

fn results() -> Value {
    json!({ "assessment-results": { "uuid": DOCUMENT,
        "metadata": { "title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3" },
        "import-ap": { "href": "assessment-plan.json" },
        "results": [{ "uuid": RUN, "title": "Run", "description": "A run.", "start": "2026-11-23T06:00:00Z",
            "local-definitions": {
                "components": [{ "uuid": TOOL, "type": "software", "title": "assize", "description": "The tool.", "status": { "state": "operational" } }],
                "inventory-items": [{ "uuid": ITEM, "description": "A bucket.", "props": [{ "name": "asset-id", "value": "arn:aws:s3:::b" }] }] },
            "reviewed-controls": { "control-selections": [{ "include-all": {} }] },
            "observations": [observation()],
            "findings": [{ "uuid": FOUND, "title": "dat-04", "description": "It fails.",
                "target": { "type": "objective-id", "target-id": "dat-04_obj", "status": { "state": "not-satisfied", "reason": "fail" } },
                "related-observations": [{ "observation-uuid": SEEN }] }] }] } })
}

/// The one problem that results have after a value was set at a pointer below the first run: pointer, constraint and message.
fn after(pointer: &str, value: Value) -> (String, &'static str, String) {
    let mut document = results();
    let run = "/assessment-results/results/0";
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(&format!("{run}{parent}")).expect("a place in the sample");
    match (parent, value) {
        (Value::Object(object), Value::Null) => drop(object.remove(field)),
        (Value::Object(object), value) => drop(object.insert(field.to_owned(), value)),
        (Value::Array(items), value) => items[field.parse::<usize>().expect("an index")] = value,
        _ => panic!("no place for a value"),
    }
    let mut problems = validate(&document);
    assert_eq!(problems.len(), 1, "{pointer}: {problems:#?}");
    let problem = problems.remove(0);
    assert!(!problem.fix.is_empty());
    (problem.pointer.strip_prefix(run).unwrap_or(&problem.pointer).to_owned(), problem.constraint, problem.message)
}

fn told(pointer: &str, constraint: &'static str, message: &str) -> (String, &'static str, String) {
    (pointer.to_owned(), constraint, message.to_owned())
}

#[test]
fn the_sample_has_no_problem() {
    assert_eq!(validate(&results()), []);
}

#[test]
fn a_refusal_of_the_schema_is_told_in_words() {
    assert_eq!(after("/title", Value::Null), told("", "required-field", "the field `title` is missing"));
    assert_eq!(after("/colour", json!("red")), told("/colour", "unknown-field", "unknown field `colour`"));
    assert_eq!(after("/props", json!([])).1, "empty-array");
    assert_eq!(
        after("/findings/0/target/status/state", json!("unknown")),
        told("/findings/0/target/status/state", "value", "`unknown` is not one of `satisfied`, `not-satisfied`")
    );
    assert_eq!(
        after("/findings/0/target/target-id", json!("1.1")),
        told("/findings/0/target/target-id", "value", "`1.1` is not a token: a letter or `_` first, then letters, digits, `.`, `-` or `_`")
    );
    assert_eq!(
        after("/title", json!("two\nlines")),
        told("/title", "value", "`two\\nlines` is not one line of text, neither empty nor with a line break")
    );
    assert_eq!(after("/title", json!(7)).2, "the value is not of type \"string\"");
}

#[test]
fn an_unknown_field_is_told_with_those_that_are_known() {
    let mut wrong = observation();
    wrong["colected"] = json!("2026-11-23T06:00:00Z");
    let [problem] = validate_part(Part::Observation, &wrong).try_into().expect("one problem");
    assert_eq!(problem.pointer, "/colected");
    assert!(problem.fix.contains("`collected`"), "{}", problem.fix);
}

#[test]
fn a_task_has_exactly_one_timing_and_is_told_so_in_words() {
    let task = |timing: Value| json!({ "uuid": DOCUMENT, "type": "action", "title": "Daily", "timing": timing });
    let daily = json!({ "period": 1, "unit": "days" });
    assert_eq!(validate_part(Part::Task, &task(json!({ "at-frequency": daily }))), []);
    let both = json!({ "at-frequency": daily, "on-date": { "date": "2026-11-23T06:00:00Z" } });
    for wrong in [json!({}), both] {
        let [problem] = validate_part(Part::Task, &task(wrong)).try_into().expect("one problem");
        assert_eq!((problem.pointer.as_str(), problem.constraint), ("/timing", "choice"));
        assert!(problem.fix.contains("`at-frequency`"), "{}", problem.fix);
    }
    let weekly = validate_part(Part::Task, &task(json!({ "at-frequency": { "period": 0, "unit": "weeks" } })));
    let pointers: Vec<&str> = weekly.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(pointers, ["/timing/at-frequency/period", "/timing/at-frequency/unit"]);
}

#[test]
fn no_uuid_is_taken_twice_but_what_lasts_returns_in_the_next_run() {
    assert_eq!(after("/findings/0/uuid", json!(RUN)).1, "unique-uuid");
    let mut twice = results();
    let runs = twice.pointer_mut("/assessment-results/results").and_then(Value::as_array_mut).expect("runs");
    let mut second = runs[0].clone();
    second["uuid"] = json!(NOWHERE);
    runs.push(second);
    assert_eq!(validate(&twice), []);
}

#[test]
fn references_lead_to_something_of_the_right_kind() {
    let lost = |what: &str| format!("`{NOWHERE}` is no {what} of this document");
    let observation = "/findings/0/related-observations/0/observation-uuid";
    assert_eq!(after(observation, json!(NOWHERE)), told(observation, "reference", &lost("observation")));
    assert_eq!(after(observation, json!(ITEM)).1, "reference");
    let evidence = json!([{ "href": format!("#{NOWHERE}"), "description": "D" }]);
    let href = "/observations/0/relevant-evidence/0/href";
    assert_eq!(after("/observations/0/relevant-evidence", evidence), told(href, "reference", &lost("back-matter resource")));
    let party = json!({ "entries": [{ "uuid": NOWHERE, "start": "2026-11-23T06:00:00Z", "logged-by": [{ "party-uuid": NOWHERE }] }] });
    assert_eq!(after("/assessment-log", party).2, lost("party"));
}

#[test]
fn a_subject_may_be_imported_unless_we_know_the_imports() {
    let mut document = results();
    document["assessment-results"]["results"][0]["observations"][0]["subjects"][0]["subject-uuid"] = json!(NOWHERE);
    assert_eq!(validate(&document), []);

    let problems = |imported: &str| {
        let mut checker = Checker::new(Part::AssessmentResults);
        checker.import_all(&json!({ "assessment-plan": { "uuid": imported } }));
        checker.part(Part::AssessmentResults, "/assessment-results", &document["assessment-results"]);
        checker.finish().len()
    };
    assert_eq!((problems(DOCUMENT), problems(NOWHERE)), (1, 0));

    // What this document itself defines as something else is no import.
    document["assessment-results"]["results"][0]["observations"][0]["subjects"][0]["subject-uuid"] = json!(TOOL);
    assert_eq!(validate(&document).iter().map(|problem| problem.constraint).collect::<Vec<_>>(), ["reference"]);
}

#[test]
fn a_document_in_parts_has_the_problems_of_the_whole() {
    let mut whole = results();
    whole["assessment-results"]["results"][0]["findings"][0]["related-observations"][0]["observation-uuid"] = json!(NOWHERE);
    whole["assessment-results"]["results"][0]["observations"][0]["methods"] = json!([]);
    let mut shell = whole["assessment-results"].clone();
    let mut lists = shell["results"][0].as_object_mut().expect("a run").clone();
    let run = shell["results"][0].as_object_mut().expect("a run");
    run.remove("observations");
    run.remove("findings");
    let mut checker = Checker::new(Part::AssessmentResults);
    checker.part(Part::AssessmentResults, "/assessment-results", &shell);
    for (part, list) in [(Part::Finding, "findings"), (Part::Observation, "observations")] {
        for (index, item) in lists.remove(list).expect("a list").as_array().expect("items").iter().enumerate() {
            checker.part(part, &format!("/assessment-results/results/0/{list}/{index}"), item);
        }
    }
    let (mut of_parts, mut of_whole) = (checker.finish(), validate(&whole));
    of_parts.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    of_whole.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    assert_eq!(of_parts, of_whole);
    assert_eq!(of_whole.len(), 2);
}

#[test]
fn the_rules_in_words_are_kept() {
    let expires = "/observations/0/expires";
    assert_eq!(after(expires, json!("2026-11-23T07:00:00+02:00")), told(expires, "time-order", "`expires` is before `collected`"));
    assert_eq!(after("/findings/0/target/status/state", json!("satisfied")).1, "finding-reason");
    let props = json!([{ "name": "verdict", "value": "fail" }]);
    assert_eq!(
        after("/observations/0/props", props),
        told("/observations/0/props/0", "property-namespace", "OSCAL defines no property `verdict` here")
    );
    let both = json!({ "include-all": {}, "include-controls": [{ "control-id": "dat-04" }] });
    let selection = "/reviewed-controls/control-selections/0";
    assert_eq!(after(selection, both), told(selection, "choice", "`include-all` and `include-controls` exclude each other"));
    assert_eq!(after(selection, json!({})), told(selection, "choice", "nothing is chosen here"));
}

#[test]
fn an_activity_without_a_method_is_refused() {
    let mut activity = json!({ "uuid": DOCUMENT, "description": "D" });
    assert_eq!(validate_part(Part::Activity, &activity)[0].constraint, "activity-method");
    activity["props"] = json!([{ "name": "method", "value": "TEST" }]);
    assert_eq!(validate_part(Part::Activity, &activity), []);
}

#[test]
fn a_hash_has_the_length_of_its_algorithm() {
    let resource =
        |value: &str| json!({ "uuid": DOCUMENT, "rlinks": [{ "href": "e", "hashes": [{ "algorithm": "SHA-256", "value": value }] }] });
    assert_eq!(validate_part(Part::Resource, &resource("abc"))[0].constraint, "hash-length");
    assert_eq!(validate_part(Part::Resource, &resource(&"a".repeat(64))), []);
}

#[test]
fn what_has_no_known_root_is_told_so() {
    for wrong in [json!([]), json!({}), json!({ "control-definition": {} }), json!({ "catalog": {}, "profile": {} })] {
        assert_eq!(validate(&wrong).iter().map(|problem| problem.constraint).collect::<Vec<_>>(), ["root"]);
    }
}

#[test]
fn no_schema_of_ours_has_alternatives_that_would_fail_without_saying_why() {
    for part in Part::ALL {
        let text = schema_of(*part).to_string();
        for word in ["anyOf", "oneOf", "\"null\"", "uint64"] {
            assert!(!text.contains(word), "{part:?} has {word}");
        }
    }
}
