//! What has expired is stale in every report, whatever it said; and the spans in which nobody looked are shown.

use jiff::Timestamp;
use oscal::{AssessmentPlan, AssessmentResults};
use report::{Status, View};
use serde_json::{Value, json};

const NS: &str = "https://assize.dev/ns/oscal";

fn prop(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NS, "value": value })
}

fn id(number: u8) -> String {
    format!("00000000-0000-4000-8000-0000000000{number:02x}")
}

fn metadata() -> Value {
    json!({ "title": "t", "last-modified": "2026-11-23T06:00:00Z", "version": "1", "oscal-version": "1.2.3" })
}

fn plan() -> AssessmentPlan {
    let activity = |number: u8, control: &str| {
        json!({ "uuid": id(number), "title": "Boxes are locked", "description": "d",
            "props": [{ "name": "method", "value": "TEST" }, prop("check", &format!("{control}/toy/boxes")), prop("kind", "toy.box")] })
    };
    let plan = json!({ "uuid": id(1), "metadata": metadata(), "import-ssp": { "href": "#x" },
        "local-definitions": { "activities": [activity(2, "toy-01"), activity(3, "toy-02")] },
        "reviewed-controls": { "control-selections": [{ "props": [prop("framework", "fw")], "include-all": {} }] } });
    serde_json::from_value(plan).unwrap()
}

/// Two controls that pass; what is known of the second stands longer.
fn results() -> AssessmentResults {
    let observation = |number: u8, control: &str, expires: &str| {
        json!({ "uuid": id(number), "description": "d", "methods": ["TEST"], "collected": "2026-11-23T06:00:00Z", "expires": expires,
            "props": [prop("check", &format!("{control}/toy/boxes")), prop("scope", "toy/one"), prop("verdict", "pass")],
            "subjects": [{ "subject-uuid": id(30), "type": "inventory-item" }] })
    };
    let finding = |number: u8, control: &str, observation: u8| {
        json!({ "uuid": id(number), "title": "f", "description": "d", "props": [prop("framework", "fw"), prop("control", control), prop("answer", "satisfied")],
            "target": { "type": "objective-id", "target-id": "x", "status": { "state": "satisfied" } },
            "related-observations": [{ "observation-uuid": id(observation) }] })
    };
    let gap = json!({ "uuid": id(20), "title": "Not assessed: toy/one from then to now, because no daemon was running",
        "start": "2026-11-22T00:00:00Z", "end": "2026-11-22T06:00:00Z",
        "props": [prop("coverage-gap", "daemon-down"), prop("gap-scope", "toy/one"), prop("gap-kind", "toy.box")] });
    let looked =
        json!({ "uuid": id(21), "title": "Looked at toy/one", "start": "2026-11-23T06:00:00Z", "props": [prop("scope", "toy/one")] });
    let selection = json!({ "props": [prop("framework", "fw")], "include-controls": [{ "control-id": "f-1" }, { "control-id": "f-2" }] });
    let result = json!({ "uuid": id(9), "title": "t", "description": "d", "start": "2026-11-23T06:00:00Z",
        "local-definitions": { "inventory-items": [{ "uuid": id(30), "description": "a" }] },
        "reviewed-controls": { "control-selections": [selection] },
        "assessment-log": { "entries": [looked, gap] },
        "observations": [observation(10, "toy-01", "2026-11-24T08:00:00Z"), observation(11, "toy-02", "2026-11-30T08:00:00Z")],
        "findings": [finding(12, "f-1", 10), finding(13, "f-2", 11)] });
    let results = json!({ "uuid": id(8), "metadata": metadata(), "import-ap": { "href": "plan.json" }, "results": [result] });
    serde_json::from_value(results).unwrap()
}

/// The statuses of both controls, the answers of both controls of the framework, the table, the report and the lines.
fn seen(now: &str) -> (Vec<Status>, Vec<String>, String, String, String) {
    let (plan, results) = (plan(), results());
    let view = View::new(&plan, &results, now.parse::<Timestamp>().unwrap());
    let statuses = view.controls.iter().map(|control| control.status).collect();
    let answers = view.frameworks[0].controls.iter().map(|control| control.word().to_owned()).collect();
    let (mut html, mut lines) = (Vec::new(), Vec::new());
    report::html(&view, &mut html).unwrap();
    report::json_lines(&view, &mut lines).unwrap();
    (statuses, answers, report::console(&view, 110, false), String::from_utf8(html).unwrap(), String::from_utf8(lines).unwrap())
}

#[test]
fn a_pass_that_has_expired_is_stale_everywhere_and_one_that_stands_is_not() {
    let (statuses, answers, console, html, lines) = seen("2026-11-25T00:00:00Z");
    assert_eq!(statuses, [Status::Stale, Status::Passes]);
    assert_eq!(answers, ["stale", "satisfied"]);
    assert!(console.contains("1 verdicts have expired by 2026-11-25T00:00:00Z and are stale"), "{console}");
    assert!(console.contains("2 verdicts in") && console.contains("1 pass"), "{console}");
    assert!(html.contains("1 were pass until this expired on <time>2026-11-24T08:00:00Z</time>"), "{html}");
    assert_eq!(lines.lines().map(|line| line.contains("\"stale\":true")).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_stands_to_this_very_instant_is_not_stale() {
    let (statuses, answers, console, html, lines) = seen("2026-11-24T08:00:00Z");
    assert_eq!((statuses, answers), (vec![Status::Passes, Status::Passes], vec!["satisfied".to_owned(), "satisfied".to_owned()]));
    assert!(!console.contains("stale") && !html.contains(">stale<") && !lines.contains("stale"));
}

#[test]
fn the_spans_in_which_nobody_looked_are_shown() {
    let (_, _, console, html, _) = seen("2026-11-24T08:00:00Z");
    let sentence = "Not assessed: toy/one from then to now, because no daemon was running";
    assert!(console.contains("Nobody looked since the run before:") && console.contains(sentence), "{console}");
    assert!(html.contains(sentence) && html.contains("<code>toy.box</code>"), "{html}");
    assert_eq!(html.matches("<code>toy/one</code>").count(), 2, "a gap is no look: one row of looks, one of gaps");
}
