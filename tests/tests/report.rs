//! What a person sees of the recorded estate, as it is printed; and that no name in an account can change how it reads.

use std::collections::BTreeMap;

use engine::{Emission, Evaluator, Exemptions, Frame};
use inventory::{Fields, Item, Provider, Snapshot, Want};
use jiff::{SignedDuration, Timestamp};
use oscal::AssessmentResults;
use report::View;
use serde_json::Value;
use tests::content;
use tests::parts::root;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// The recorded estate, assessed at a fixed clock under the shipped exemptions.
fn emission() -> Emission {
    let plan = content::plan(&|_| true);
    let exemptions: toml::Table = std::fs::read_to_string(root().join("tests/estate/exemptions.toml")).unwrap().parse().unwrap();
    let exemptions = Exemptions::new(exemptions["exemption"].clone().try_into().unwrap());
    let now = now();
    let mut evaluator = Evaluator::new(&plan, &exemptions, now);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for recording in Snapshot::open_all(&root().join("tests/estate"), provider_aws::kinds()).unwrap() {
        let wants: Vec<Want> = plan.wants("aws").into_iter().map(|want| Want { fields: Fields::All, ..want }).collect();
        let items: Vec<Item> = runtime.block_on(async {
            let (sink, mut out) = tokio::sync::mpsc::channel(10_000);
            recording.collect(&wants, sink).await.unwrap();
            let mut items = Vec::new();
            while let Some(item) = out.recv().await {
                items.push(item);
            }
            items
        });
        items.into_iter().for_each(|item| evaluator.take(item, &mut |_, _| {}).unwrap());
    }
    let seen = evaluator.finish().unwrap();
    let assessed = engine::assess(&plan, &seen);
    let frame = Frame {
        run: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
        started: now,
        ended: now,
        valid_for: SignedDuration::from_hours(26),
        follows: None,
        timing: None,
        version: "0.0.0".into(),
        profile: "Waves 1 and 2".into(),
        organization: "Example".into(),
        checks_digest: "0".repeat(64),
        failing_since: BTreeMap::new(),
        deadlines: Default::default(),
        tick: None,
        unseen: BTreeMap::new(),
    };
    engine::emit(&plan, &seen, &assessed, &exemptions, &[], &frame)
}

fn html(emission: &Emission) -> String {
    let mut out = Vec::new();
    report::html(&View::new(&emission.plan, &emission.results, now()), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn lines(emission: &Emission) -> String {
    let mut out = Vec::new();
    report::json_lines(&View::new(&emission.plan, &emission.results, now()), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_the_console_shows() {
    let emission = emission();
    let view = View::new(&emission.plan, &emission.results, now());
    insta::assert_snapshot!("console-80", report::console(&view, 80, false));
    insta::assert_snapshot!("console-140", report::console(&view, 140, false));
}

#[test]
fn what_the_report_and_the_lines_say_of_a_control() {
    let emission = emission();
    let page = html(&emission);
    let control = page.split("<details class=\"control").find(|part| part.contains(r#"id="key-03""#)).expect("the control with an unknown");
    insta::assert_snapshot!("html-key-03", control);
    let said = lines(&emission);
    let of_control: Vec<&str> = said.lines().filter(|line| line.contains(r#""control":"key-03""#)).collect();
    insta::assert_snapshot!("lines-key-03", of_control.join("\n"));
}

/// Names that somebody who may name a resource could choose.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</td></table></details><h1>all passed</h1>",
    "\u{1b}[2J\u{1b}[1;32mpasses",
    "x\u{202e}sessap\u{2066}",
    "\u{9b}31m\u{7}bell",
    "{{ subject }}",
    "&lt;b&gt;&#x1b;",
];

/// Puts a hostile name wherever an account decides what stands there: names, ids, messages, evidence, actions and causes.
fn poisoned(mut emission: Emission, name: &str) -> Emission {
    let mut results = serde_json::to_value(&emission.results).unwrap();
    let result = &mut results["results"][0];
    for item in result["local-definitions"]["inventory-items"].as_array_mut().unwrap() {
        item["description"] = name.into();
        item["props"][0]["value"] = format!("arn:{name}").into();
    }
    for observation in result["observations"].as_array_mut().unwrap() {
        poison(observation, name);
        observation.get_mut("subjects").and_then(Value::as_array_mut).into_iter().flatten().for_each(|subject| poison(subject, name));
    }
    let results: AssessmentResults = serde_json::from_value(results).unwrap_or_else(|error| panic!("{name:?}: {error}"));
    emission.results = results;
    emission
}

fn poison(said: &mut Value, name: &str) {
    if said.get("remarks").is_some() {
        said["remarks"] = name.into();
    }
    for prop in said.get_mut("props").and_then(Value::as_array_mut).into_iter().flatten() {
        if matches!(prop["name"].as_str(), Some("evidence" | "gap")) {
            prop["value"] = name.into();
        }
    }
}

/// The tags of a page, with their attributes, in order.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|after| &after[..after.find('>').expect("a tag ends")]).collect()
}

#[test]
fn no_name_changes_how_a_report_reads() {
    let benign = emission();
    let skeleton = html(&poisoned(benign.clone(), "harmless"));
    let verdicts = lines(&benign).lines().count();
    for name in HOSTILE {
        let hostile = poisoned(benign.clone(), name);
        let page = html(&hostile);
        assert_eq!(tags(&page), tags(&skeleton), "{name:?} adds or takes a tag");
        let acts = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!page.contains(acts), "{name:?} acts on the page");
        let console = report::console(&View::new(&hostile.plan, &hostile.results, now()), 100, false);
        assert!(!console.contains(acts), "{name:?} acts on the terminal");
        let said = lines(&hostile);
        assert_eq!(said.lines().count(), verdicts, "{name:?} breaks lines");
        assert!(said.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{name:?} breaks JSON");
    }
}
