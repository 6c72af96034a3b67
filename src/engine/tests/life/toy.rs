//! A cloud of boxes: each is locked, open, unreadable or not there, and two controls ask whether it is locked.

use std::collections::{BTreeMap, BTreeSet};

use checks::{Pack, SourceFile};
use engine::{Assessed, Control, Evaluator, Exemption, ExemptionKind, Exemptions, Plan, Seen, Target};
use inventory::{Dependency, Gap, Item, Kind, Reach, Read, Resource, Scope, Shape};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// What a box is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Absent,
    Locked,
    Open,
    Unread,
}

/// An account: its boxes, and whether they could be listed.
#[derive(Clone, Debug)]
pub struct Account {
    pub boxes: [State; 3],
    pub denied: bool,
}

pub const NAMES: [&str; 3] = ["a", "b", "c"];

pub fn day(number: i64) -> Timestamp {
    let first: Timestamp = "2026-11-01T06:00:00Z".parse().unwrap();
    first.checked_add(SignedDuration::from_hours(24 * number)).unwrap()
}

/// The plan with these of the two controls.
pub fn plan(controls: &[&str]) -> Plan {
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
    let file = |control: &str, severity: &str| SourceFile {
        path: format!("{control}/toy/boxes-are-locked/check.toml"),
        name: control.into(),
        text: format!(
            "title = \"Boxes are locked\"\nkind = \"toy.box\"\nseverity = \"{severity}\"\npass = \"resource.Locked\"\n\
             message = \"box {{{{ resource.Name }}}} is open\"\nwhy = \"Whoever passes by can look in.\"\nfix = \"Lock it.\"\n\
             evidence = [\"resource.Locked\"]\n"
        ),
    };
    let files = [file("toy-01", "high"), file("toy-02", "low")];
    let pack = Pack::load(&files, &[kind], &|_| Some(BTreeMap::new())).unwrap_or_else(|problems| panic!("{problems:?}"));
    let control = |id: &&str| Control {
        id: (*id).into(),
        title: format!("Boxes of {id}"),
        statement: "Boxes are locked.".into(),
        target: Target::Objective(format!("{id}_obj")),
        objective: "Determine that boxes are locked.".into(),
        params: json!({}),
    };
    Plan::new(controls.iter().map(control).collect(), &pack, &BTreeSet::from(["toy".to_owned()]), &|_| true).unwrap()
}

/// What is seen of the accounts that are looked at.
pub fn look(plan: &Plan, exemptions: &Exemptions, at: Timestamp, accounts: &[(&str, &Account)]) -> (Seen, Assessed) {
    let mut evaluator = Evaluator::new(plan, exemptions, at);
    for (name, account) in accounts {
        let scope = Scope::account("toy", *name);
        let mut count = 0;
        for (id, state) in NAMES.iter().zip(account.boxes) {
            let locked = match state {
                State::Absent => continue,
                State::Locked => json!(true),
                State::Open => json!(false),
                State::Unread => Gap::new("toy:LookAtBox", "AccessDenied").to_document(),
            };
            count += 1;
            evaluator.take(a_box(&scope, id, locked, at), &mut |_, _| {}).unwrap();
        }
        let kind = "toy.box".parse().unwrap();
        let end = match account.denied {
            true => Item::Gap { kind, scope, gap: Gap::new("toy:ListBoxes", "AccessDenied") },
            false => Item::Listed { kind, scope, count },
        };
        evaluator.take(end, &mut |_, _| {}).unwrap();
    }
    let seen = evaluator.finish().unwrap();
    let assessed = engine::assess(plan, &seen);
    (seen, assessed)
}

fn a_box(scope: &Scope, name: &str, locked: Value, at: Timestamp) -> Item {
    Item::Resource(Resource {
        kind: "toy.box".parse().unwrap(),
        id: format!("toy://{}/{name}", scope.account),
        name: name.into(),
        scope: scope.clone(),
        tags: Read::Known(BTreeMap::from([("team".to_owned(), "blue".to_owned())])),
        collected: at,
        document: json!({ "Name": name, "Locked": locked }),
    })
}

/// An exemption of box `a` in account `one`, through the last of so many days.
pub fn exemption(days: i64) -> Exemption {
    Exemption {
        id: "EX-1".into(),
        kind: ExemptionKind::OperationalRequirement,
        reason: "It is glass.".into(),
        owner: "Ada".into(),
        approved_by: "Grace".into(),
        approved_on: Some("2026-10-20".parse().unwrap()),
        expires: jiff::tz::TimeZone::UTC.to_datetime(day(days)).date(),
        control: Some("toy-*".into()),
        check: None,
        provider: None,
        account: Some("one".into()),
        resource: Some("a".into()),
        tags: BTreeMap::new(),
        max_matches: 25,
    }
}
