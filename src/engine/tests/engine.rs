//! What the engine promises, on a toy cloud: totals are whole, contradictions are refused, an exemption marks and never hides.

use std::collections::{BTreeMap, BTreeSet};

use checks::{Pack, SourceFile, Verdict};
use engine::{Assessed, Control, EvaluateError, Evaluator, Exemption, ExemptionKind, ExemptionState, Exemptions, Plan, Seen, Target};
use inventory::{Dependency, Gap, Item, Kind, Reach, Read, Resource, Scope, Shape};
use jiff::Timestamp;
use serde_json::{Value, json};

const NOW: &str = "2026-11-23T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn toy() -> Plan {
    let kind = Kind {
        id: "toy.box".parse().unwrap(),
        title: "box".into(),
        reach: Reach::Global,
        singleton: false,
        shape: Shape::object([("Locked", Shape::Bool), ("Name", Shape::String)]),
        dependencies: vec![Dependency {
            action: "toy:ListBoxes".into(),
            call: "toy:ListBoxes".into(),
            fields: BTreeSet::new(),
            lists: true,
        }],
    };
    let text = r#"
        title = "Boxes are locked"
        kind = "toy.box"
        severity = "high"
        pass = "resource.Locked"
        message = "box {{ resource.Name }} is open"
        why = "Whoever passes by can look in."
        fix = "Lock it."
        evidence = ["resource.Locked"]
    "#;
    let file =
        |control: &str| SourceFile { path: format!("{control}/toy/boxes-are-locked/check.toml"), name: control.into(), text: text.into() };
    let pack = Pack::load(&[file("toy-01")], &[kind], &|_| Some(BTreeMap::new())).unwrap_or_else(|problems| panic!("{problems:?}"));
    let control = |id: &str| Control {
        id: id.into(),
        title: id.into(),
        statement: "Boxes are locked.".into(),
        target: Target::Objective(format!("{id}_obj")),
        objective: "Determine that boxes are locked.".into(),
        params: json!({}),
    };
    Plan::new(vec![control("toy-02"), control("toy-01")], &pack, &BTreeSet::from(["toy".to_owned()]), &|_| true).unwrap()
}

fn scope(account: &str) -> Scope {
    Scope::account("toy", account)
}

fn a_box(name: &str, locked: Value) -> Item {
    let tags = Read::Known(BTreeMap::from([("team".to_owned(), "blue".to_owned())]));
    Item::Resource(Resource {
        kind: "toy.box".parse().unwrap(),
        id: format!("toy://one/{name}"),
        name: name.into(),
        scope: scope("one"),
        tags,
        collected: now(),
        document: json!({ "Name": name, "Locked": locked }),
    })
}

fn listed(account: &str, count: u64) -> Item {
    Item::Listed { kind: "toy.box".parse().unwrap(), scope: scope(account), count }
}

fn denied(account: &str) -> Item {
    Item::Gap { kind: "toy.box".parse().unwrap(), scope: scope(account), gap: Gap::new("toy:ListBoxes", "AccessDenied") }
}

fn judged(plan: &Plan, exemptions: &Exemptions, items: Vec<Item>) -> Result<Seen, EvaluateError> {
    let mut evaluator = Evaluator::new(plan, exemptions, now());
    for item in items {
        evaluator.take(item, &mut |_, _| {})?;
    }
    evaluator.finish()
}

fn exemption(id: &str) -> Exemption {
    Exemption {
        id: id.into(),
        kind: ExemptionKind::AcceptedRisk,
        reason: "It is glass.".into(),
        owner: "Ada".into(),
        approved_by: "Grace".into(),
        approved_on: Some("2026-01-01".parse().unwrap()),
        expires: "2027-06-30".parse().unwrap(),
        control: Some("toy-01".into()),
        check: None,
        provider: None,
        account: None,
        resource: None,
        tags: BTreeMap::new(),
        max_matches: 2,
    }
}

/// Three boxes: open, locked, and one that could not be looked at.
fn three(exemptions: &[Exemption]) -> (Plan, Exemptions, Seen, Assessed) {
    let (plan, exemptions) = (toy(), Exemptions::new(exemptions.to_vec()));
    let unread = Gap::new("toy:LookAtBox", "AccessDenied").to_document();
    let items = vec![a_box("open", json!(false)), a_box("locked", json!(true)), a_box("far", unread), listed("one", 3)];
    let seen = judged(&plan, &exemptions, items).unwrap();
    let assessed = engine::assess(&plan, &seen);
    (plan, exemptions, seen, assessed)
}

#[test]
fn every_resource_has_one_verdict_and_the_totals_are_whole() {
    let (_, _, seen, assessed) = three(&[]);
    let tally = assessed.tally;
    assert_eq!((tally.pass, tally.fail, tally.unknown, tally.not_applicable, tally.exempt), (1, 1, 1, 0, 0));
    assert_eq!(tally.planned() as usize, seen.outcomes.len());
    assert_eq!(assessed.unreached.len(), 1, "no check reaches toy-02, and nothing is claimed about it");
}

#[test]
fn a_resource_that_is_listed_twice_while_pages_move_is_one_resource() {
    let items = vec![a_box("open", json!(false)), a_box("open", json!(false)), listed("one", 2)];
    let seen = judged(&toy(), &Exemptions::new(Vec::new()), items).unwrap();
    assert_eq!((seen.subjects.len(), seen.outcomes.len()), (1, 1));
}

#[test]
fn a_list_that_failed_half_way_keeps_what_was_read_and_is_unknown_beyond() {
    let seen = judged(&toy(), &Exemptions::new(Vec::new()), vec![a_box("locked", json!(true)), denied("one")]).unwrap();
    let verdicts: Vec<&Verdict> = seen.outcomes.iter().map(|outcome| &outcome.verdict).collect();
    assert!(matches!(verdicts.as_slice(), [Verdict::Pass, Verdict::Unknown(gaps)] if gaps[0].action == "toy:ListBoxes"), "{verdicts:?}");
}

#[test]
fn an_empty_account_is_vacuous_and_an_unlisted_one_is_not() {
    let vacuous = |items: Vec<Item>| {
        let plan = toy();
        let seen = judged(&plan, &Exemptions::new(Vec::new()), items).unwrap();
        let tally = engine::assess(&plan, &seen).tally;
        (tally.vacuous, tally.unknown)
    };
    assert_eq!(vacuous(vec![listed("one", 0), listed("two", 0)]), (2, 0));
    assert_eq!(vacuous(vec![listed("one", 0), denied("two")]), (1, 1));
}

#[test]
fn a_provider_that_contradicts_itself_is_refused() {
    let refused = |items: Vec<Item>| judged(&toy(), &Exemptions::new(Vec::new()), items).unwrap_err();
    assert!(matches!(refused(vec![a_box("a", json!(true)), listed("one", 2)]), EvaluateError::Miscounted { said: 2, sent: 1, .. }));
    assert!(matches!(refused(vec![a_box("a", json!(true))]), EvaluateError::Unended { .. }));
    assert!(matches!(refused(vec![listed("one", 0), denied("one")]), EvaluateError::EndedTwice { .. }));
    assert!(matches!(refused(vec![]), EvaluateError::Unmentioned(_)));
}

#[test]
fn an_exemption_marks_a_failure_and_never_hides_it() {
    let (_, _, seen, assessed) = three(&[exemption("E1")]);
    let marked: Vec<_> = seen.outcomes.iter().map(|outcome| (outcome.verdict != Verdict::Pass, outcome.exempt)).collect();
    assert_eq!(marked.iter().filter(|(_, exempt)| exempt.is_some()).count(), 1, "neither the pass nor the unknown is exempt: {marked:?}");
    let tally = assessed.tally;
    assert_eq!((tally.pass, tally.fail, tally.unknown, tally.exempt), (1, 1, 1, 1), "it is still a failure");
    assert_eq!(assessed.worst_failure, None, "and nobody is woken for it");
    assert_eq!(seen.exemption_matches, [1]);
}

#[test]
fn an_exemption_covers_what_it_says_and_nothing_else() {
    for (change, covers) in [
        (Box::new(|_: &mut Exemption| {}) as Box<dyn Fn(&mut Exemption)>, true),
        (Box::new(|e| e.control = Some("toy-*".into())), true),
        (Box::new(|e| e.control = Some("toy-02".into())), false),
        (Box::new(|e| e.check = Some("toy-01/toy/boxes-are-locked".into())), true),
        (Box::new(|e| e.check = Some("toy-01/toy/boxes".into())), false),
        (Box::new(|e| e.provider = Some("toys".into())), false),
        (Box::new(|e| e.account = Some("one".into())), true),
        (Box::new(|e| e.account = Some("on".into())), false),
        (Box::new(|e| e.resource = Some("open".into())), true),
        (Box::new(|e| e.resource = Some("toy://one/open".into())), true),
        (Box::new(|e| e.resource = Some("toy://*".into())), true),
        (Box::new(|e| e.resource = Some("ope".into())), false),
        (Box::new(|e| e.tags = BTreeMap::from([("team".into(), "bl*".into())])), true),
        (Box::new(|e| e.tags = BTreeMap::from([("team".into(), "red".into())])), false),
        (Box::new(|e| e.tags = BTreeMap::from([("squad".into(), "*".into())])), false),
        (Box::new(|e| e.expires = "2026-11-23".parse().unwrap()), true),
        (Box::new(|e| e.expires = "2026-11-22".parse().unwrap()), false),
        (Box::new(|e| e.approved_on = Some("2026-11-24".parse().unwrap())), false),
        (Box::new(|e| e.approved_on = None), true),
    ] {
        let mut entry = exemption("E1");
        change(&mut entry);
        let (_, _, _, assessed) = three(std::slice::from_ref(&entry));
        assert_eq!(assessed.tally.exempt, u64::from(covers), "{entry:?}");
        assert_eq!(assessed.worst_failure.is_none(), covers, "{entry:?}");
    }
}

#[test]
fn tags_that_could_not_be_read_carry_no_exemption() {
    let mut entry = exemption("E1");
    entry.tags = BTreeMap::from([("team".into(), "*".into())]);
    let Item::Resource(mut unread) = a_box("open", json!(false)) else { unreachable!() };
    unread.tags = Read::Unknown(Gap::new("toy:ListTags", "Throttling"));
    let plan = toy();
    let seen = judged(&plan, &Exemptions::new(vec![entry]), vec![Item::Resource(unread), listed("one", 1)]).unwrap();
    assert_eq!(seen.outcomes[0].exempt, None);
}

#[test]
fn of_several_exemptions_the_one_that_holds_longest_marks_and_the_ended_one_is_told() {
    let ending = |id: &str, expires: &str| Exemption { expires: expires.parse().unwrap(), ..exemption(id) };
    let (_, exemptions, seen, _) = three(&[ending("A", "2026-10-01"), ending("B", "2026-12-01"), ending("C", "2027-12-01")]);
    let failure = seen.outcomes.iter().find(|outcome| matches!(outcome.verdict, Verdict::Fail { .. })).unwrap();
    assert_eq!(exemptions.get(failure.exempt.unwrap()).id, "C");
    assert_eq!(failure.lapsed.iter().map(|&at| exemptions.get(at).id.as_str()).collect::<Vec<_>>(), ["A"]);
    assert_eq!(failure.recheck_at, Some("2027-12-02T00:00:00Z".parse().unwrap()), "it comes due by itself");
    assert_eq!(seen.exemption_matches, [1, 1, 1]);
}

#[test]
fn what_there_is_to_say_of_an_exemption() {
    let state = |expires: &str, approved: &str, matches: u64| {
        let entry = Exemption { expires: expires.parse().unwrap(), approved_on: Some(approved.parse().unwrap()), ..exemption("E") };
        entry.state(now(), matches)
    };
    assert_eq!(state("2027-06-30", "2026-01-01", 2), ExemptionState::Live);
    assert_eq!(state("2027-06-30", "2026-01-01", 3), ExemptionState::TooBroad);
    assert_eq!(state("2027-06-30", "2026-01-01", 0), ExemptionState::Unmatched);
    assert_eq!(state("2026-12-10", "2026-01-01", 1), ExemptionState::Expiring);
    assert_eq!(state("2026-11-23", "2026-01-01", 1), ExemptionState::Expiring);
    assert_eq!(state("2026-11-22", "2026-01-01", 0), ExemptionState::Expired);
    assert_eq!(state("2027-06-30", "2026-11-24", 0), ExemptionState::NotYet);
}
