//! `assess --plan`: an assessment plan that is given is followed to the letter, or refused.

mod common;

use std::path::Path;

use serde_json::{Value, json};

use common::{assess, assize, read, text};

/// The plan of an ordinary run, and its results.
fn ordinary(folder: &Path) -> (Value, Value) {
    assess(folder, &[]);
    let document = |name: &str| serde_json::from_str(&read(&folder.join("out").join(name))).unwrap();
    (document("assessment-plan.json"), document("assessment-results.json"))
}

/// Follows a plan; the exit code, what was said, and the result.
fn follow(folder: &Path, plan: &Value, more: &[&str]) -> (Option<i32>, String, Value) {
    let path = folder.join("given plan.json");
    std::fs::write(&path, plan.to_string()).unwrap();
    let again = tempfile::tempdir().unwrap();
    let done = assess(again.path(), &[&["--plan", path.to_str().unwrap()], more].concat());
    let results = std::fs::read_to_string(again.path().join("out/assessment-results.json")).unwrap_or_else(|_| "{}".into());
    let results: Value = serde_json::from_str(&results).unwrap();
    (done.status.code(), text(&done.stdout) + &text(&done.stderr), results["assessment-results"]["results"][0].clone())
}

fn checks(result: &Value) -> std::collections::BTreeSet<String> {
    let props = result["observations"].as_array().unwrap().iter().flat_map(|observation| observation["props"].as_array().unwrap());
    props.filter(|prop| prop["name"] == "check").map(|prop| prop["value"].as_str().unwrap().to_owned()).collect()
}

/// The plan cut down to two controls, one of them with another parameter, in the first account, every six hours.
fn narrow(plan: &mut Value) {
    let plan = &mut plan["assessment-plan"];
    plan["reviewed-controls"]["control-selections"] =
        json!([{ "include-controls": [{ "control-id": "idm-07" }, { "control-id": "net-01" }] }]);
    let activities = plan["local-definitions"]["activities"].as_array_mut().unwrap();
    let check = |activity: &Value| activity["props"][1]["value"].as_str().unwrap().to_owned();
    activities.retain(|activity| check(activity).starts_with("idm-07/") || check(activity).starts_with("net-01/"));
    for prop in activities.iter_mut().flat_map(|activity| activity["props"].as_array_mut().unwrap()) {
        if prop["name"] == "parameter" && prop["class"] == "max_age" {
            prop["value"] = json!("PT1H");
        }
    }
    let kept: Vec<Value> = activities.iter().map(|activity| activity["uuid"].clone()).collect();
    let tasks = plan["tasks"].as_array_mut().unwrap();
    tasks.truncate(1);
    tasks[0]["timing"] = json!({ "at-frequency": { "period": 6, "unit": "hours" } });
    tasks[0]["associated-activities"].as_array_mut().unwrap().retain(|activity| kept.contains(&activity["activity-uuid"]));
}

#[test]
fn our_own_plan_given_back_gives_the_same_results() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, results) = ordinary(folder.path());
    let (code, _, result) = follow(folder.path(), &plan, &[]);
    assert_eq!(code, Some(3));
    assert_eq!(result["observations"], results["assessment-results"]["results"][0]["observations"]);
    assert_eq!(result["findings"], results["assessment-results"]["results"][0]["findings"]);
}

#[test]
fn controls_parameters_accounts_and_frequency_are_those_of_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, _) = ordinary(folder.path());
    narrow(&mut plan);
    let (code, said, result) = follow(folder.path(), &plan, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("31 verdicts in aws/111122223333: "), "{said}");
    assert!(checks(&result).iter().all(|check| check.starts_with("idm-07/") || check.starts_with("net-01/")));
    // Keys that are young by the catalog are old by the plan.
    let failing = result["findings"].as_array().unwrap().iter().filter(|finding| finding["target"]["status"]["state"] == "not-satisfied");
    assert_eq!(failing.count(), 2, "{said}");
    for observation in result["observations"].as_array().unwrap() {
        let at = |name: &str| observation[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(at("expires").duration_since(at("collected")), jiff::SignedDuration::from_mins(450));
    }
}

#[test]
fn results_that_have_expired_are_shown_as_stale_and_never_as_satisfied() {
    let folder = tempfile::tempdir().unwrap();
    ordinary(folder.path());
    let results = folder.path().join("out/assessment-results.json");
    let show = |now: &str| text(&assize(&["oscal", "show", results.to_str().unwrap(), "--now", now]).stdout);
    let fresh = show("2026-11-28T06:00:00Z");
    assert!(fresh.lines().any(|line| line.starts_with("satisfied  ")) && !fresh.contains("stale"), "{fresh}");
    let stale = show("2026-12-24T06:00:00Z");
    assert!(!stale.lines().any(|line| line.starts_with("satisfied  ")), "{stale}");
    assert!(
        stale.contains("stale since 2026-11-") && stale.contains("(was satisfied)  Top-level administrator holds no long-lived key"),
        "{stale}"
    );
}

#[test]
fn only_the_subjects_of_the_plan_are_judged_and_one_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, results) = ordinary(folder.path());
    narrow(&mut plan);
    let items = results["assessment-results"]["results"][0]["local-definitions"]["inventory-items"].as_array().unwrap();
    let group = items.iter().find(|item| item["props"][0]["value"].as_str().unwrap().contains(":111122223333:security-group/")).unwrap();
    // The plan calls it by a uuid of its own, and says which resource that is.
    let (own, nobody) = ("0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6a11", "0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6a12");
    let listed = |uuid: &str| json!({ "subject-uuid": uuid, "type": "inventory-item" });
    let given = &mut plan["assessment-plan"];
    given["assessment-subjects"] = json!([{ "type": "inventory-item", "include-subjects": [listed(own), listed(nobody)] }]);
    given["local-definitions"]["inventory-items"] = json!([{ "uuid": own, "description": "The group", "props": group["props"] }]);
    let (_, said, result) = follow(folder.path(), &plan, &[]);
    assert!(said.contains("1 verdicts in aws/111122223333: "), "{said}");
    assert!(said.contains(&format!("the plan names the subject {nobody}, and nothing that was read is called so")), "{said}");
    assert!(!said.contains(&format!("the subject {own}")), "{said}");
    assert_eq!(result["local-definitions"]["inventory-items"].as_array().unwrap().len(), 1);
    let elsewhere = json!([{ "type": "component", "include-subjects": [{ "subject-uuid": nobody, "type": "component" }] }]);
    plan["assessment-plan"]["assessment-subjects"] = elsewhere;
    let (code, said, _) = follow(folder.path(), &plan, &[]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn the_controls_and_parameters_come_from_the_system_security_plan_where_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, _) = ordinary(folder.path());
    narrow(&mut plan);
    let metadata = json!({ "title": "T", "last-modified": "2026-11-24T00:00:00Z", "version": "1", "oscal-version": "1.2.3" });
    let uuid = |number: u8| format!("0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6b{number:02}");
    let catalog = common::root().join("catalogs/assize-controls.json");
    std::fs::create_dir(folder.path().join("profiles")).unwrap();
    std::fs::copy(catalog, folder.path().join("profiles/catalog.json")).unwrap();
    let profile = json!({ "profile": { "uuid": uuid(1), "metadata": metadata,
        "imports": [{ "href": "catalog.json", "include-controls": [{ "with-ids": ["idm-07", "net-01"] }] }],
        "modify": { "set-parameters": [{ "param-id": "idm-07_max_age", "values": ["P30D"] }] } } });
    std::fs::write(folder.path().join("profiles/ours.json"), profile.to_string()).unwrap();
    let setting = |value: &str| json!([{ "param-id": "idm-07_max_age", "values": [value] }]);
    let ssp = |whole: &str, one: &str| {
        json!({ "system-security-plan": { "uuid": uuid(2), "metadata": metadata, "import-profile": { "href": "profiles/ours.json" },
        "system-characteristics": { "system-ids": [{ "id": "s" }], "system-name": "S", "description": "S", "system-information": { "information-types": [{ "title": "t", "description": "d" }] },
            "status": { "state": "operational" }, "authorization-boundary": { "description": "b" } },
        "system-implementation": { "users": [{ "uuid": uuid(3) }], "components": [{ "uuid": uuid(4), "type": "this-system", "title": "S", "description": "S", "status": { "state": "operational" } }] },
        "control-implementation": { "description": "c", "set-parameters": setting(whole), "implemented-requirements": [{ "uuid": uuid(5), "control-id": "idm-07", "set-parameters": setting(one) }] } } })
    };
    let given = &mut plan["assessment-plan"];
    given["import-ssp"] = json!({ "href": "ssp.json" });
    for prop in given["local-definitions"]["activities"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .flat_map(|activity| activity["props"].as_array_mut().unwrap())
    {
        // Without a value of the plan's own, that of the system security plan counts.
        if prop["name"] == "parameter" {
            prop["name"] = json!("remark");
        }
    }
    let fails = |ssp: &Value| {
        std::fs::write(folder.path().join("ssp.json"), ssp.to_string()).unwrap();
        let (_, said, result) = follow(folder.path(), &plan, &[]);
        let findings = result["findings"].as_array().unwrap_or_else(|| panic!("{said}"));
        let finding = findings.iter().find(|finding| finding["target"]["target-id"] == "idm-07_obj").unwrap();
        finding["target"]["status"]["state"] == "not-satisfied"
    };
    assert!(!fails(&ssp("PT1H", "P90D")), "the requirement's own value is the last word");
    assert!(fails(&ssp("P90D", "PT1H")));
    let (code, said, _) = {
        given_other(&mut plan);
        follow(folder.path(), &plan, &[])
    };
    assert_eq!(code, Some(2));
    assert!(said.contains("the plan reviews controls that its profile does not select: dat-01"), "{said}");
}

fn given_other(plan: &mut Value) {
    plan["assessment-plan"]["reviewed-controls"]["control-selections"][0]["include-controls"][0]["control-id"] = json!("dat-01");
}

#[test]
fn a_plan_that_cannot_be_followed_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, _) = ordinary(folder.path());
    let refused = |change: &dyn Fn(&mut Value), words: &str| {
        let mut other = plan.clone();
        change(&mut other);
        let (code, said, _) = follow(folder.path(), &other, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{words}: {said}");
    };
    let activity = "/assessment-plan/local-definitions/activities/0/props/1/value";
    refused(
        &|plan| *plan.pointer_mut(activity).unwrap() = json!("dat-01/aws/nobody"),
        "the plan carries out checks that are not here: dat-01/aws/nobody",
    );
    refused(&|plan| plan["assessment-plan"]["import-ssp"]["href"] = json!("missing.json"), "missing.json");
    refused(&|plan| plan["assessment-plan"]["import-ssp"]["href"] = json!("https://example.org/ssp.json"), "nothing is fetched");
    refused(&|plan| plan["assessment-plan"]["import-ssp"]["href"] = json!("/etc/passwd"), "outside the allowed folders");
    let checked = assize(&["assess", "--plan", "catalogs/assize-controls.json"]);
    assert!(text(&checked.stderr).contains("is a catalog; name an assessment-plan"));
}

/// A plan as complyctl makes one out of a component definition of ours: activities are rules, their steps are checks, and parameters
/// are properties of the class `test-parameter`.
#[test]
fn a_plan_of_complyctl_names_checks_by_steps_and_parameters_by_class() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, _) = ordinary(folder.path());
    let ns = "https://oscal-compass.github.io/compliance-trestle/schemas/oscal";
    let uuid = |number: u8| format!("0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6e{number:02}");
    let activity = |number: u8, check: &str, props: Value| {
        let mut all = vec![json!({ "name": "method", "value": "TEST" })];
        all.extend(props.as_array().unwrap().iter().cloned());
        json!({ "uuid": uuid(number), "title": check.replace('/', "."), "description": "d", "props": all,
            "steps": [{ "uuid": uuid(number + 50), "title": check, "description": "d" }] })
    };
    let age = json!([{ "name": "idm-07_max_age", "ns": ns, "class": "test-parameter", "value": "PT1H" }]);
    let skipped = json!([{ "name": "skipped", "ns": ns, "value": "true" }]);
    let activities = [
        activity(1, "idm-07/aws/access-keys-are-rotated", age),
        activity(2, "dat-01/aws/s3-bucket-blocks-public-access", skipped),
        json!({ "uuid": uuid(3), "title": "Interview", "description": "d", "props": [{ "name": "method", "value": "INTERVIEW" }],
            "steps": [{ "uuid": uuid(53), "title": "Ask the administrator", "description": "d" }] }),
    ];
    let subject = json!({ "type": "component", "include-subjects": [{ "subject-uuid": uuid(9), "type": "component" }] });
    let associated: Vec<Value> =
        activities.iter().map(|activity| json!({ "activity-uuid": activity["uuid"], "subjects": [subject] })).collect();
    let given = &mut plan["assessment-plan"];
    given["reviewed-controls"]["control-selections"] =
        json!([{ "include-controls": [{ "control-id": "idm-07" }, { "control-id": "dat-01" }] }]);
    given["local-definitions"]["activities"] = json!(activities);
    given["local-definitions"]["components"] =
        json!([{ "uuid": uuid(9), "type": "service", "title": "aws", "description": "d", "status": { "state": "operational" } }]);
    given["assessment-subjects"] = json!([subject]);
    given["tasks"] = json!([{ "uuid": uuid(8), "type": "action", "title": "Automated Assessment", "associated-activities": associated }]);
    let (code, said, result) = follow(folder.path(), &plan, &[]);
    assert_eq!(checks(&result).into_iter().collect::<Vec<_>>(), ["idm-07/aws/access-keys-are-rotated"], "{said}");
    assert!(!said.contains("nothing that was read is called so"), "{said}");
    let states: Vec<&Value> = result["findings"].as_array().unwrap().iter().map(|finding| &finding["target"]["status"]["state"]).collect();
    assert_eq!((code, states), (Some(1), vec![&json!("not-satisfied")]), "keys are older than an hour: {said}");
}
