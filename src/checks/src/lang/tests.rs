//! Three values: what is decided although something is missing, and that a missing read never decides anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use inventory::Gap;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn around() -> Surroundings {
    let params = BTreeMap::from([("ports".to_owned(), Ty::List(Arc::new(Ty::Int))), ("age".to_owned(), Ty::Text)]);
    Surroundings { kind: "toy.thing".into(), resource: Ty::Any, params }
}

/// `true`, `false`, or the actions that are missing.
fn judged(source: &str, resource: &Value) -> Result<bool, Vec<String>> {
    let compiled = compile(source, &Place::default(), &around(), 3).unwrap_or_else(|problems| panic!("{source}: {problems:?}"));
    let (params, nothing) = (json!({ "ports": [22, 3389], "age": "P90D" }), json!({}));
    let mut eval = Eval {
        resource,
        params: &params,
        tags: &nothing,
        scope: &nothing,
        now: "2026-11-23T00:00:00Z".parse().unwrap(),
        recheck_at: None,
        locals: Vec::new(),
    };
    eval.truth(&compiled.node).map_err(|stop| stop.gaps().into_iter().map(|gap| format!("{}{}", gap.action, gap.cause)).collect())
}

fn gap() -> Value {
    Gap::new("s3:Get", "Denied").to_document()
}

#[test]
fn logic_is_decided_by_what_is_known() {
    let document = json!({ "t": true, "f": false, "g": gap(), "list": [1, gap(), 3], "objects": [{ "x": 1 }, { "x": gap() }] });
    let missing = || Err(vec!["s3:GetDenied".to_owned()]);
    for (source, expected) in [
        ("resource.f && resource.g", Ok(false)),
        ("resource.g && resource.f", Ok(false)),
        ("resource.t || resource.g", Ok(true)),
        ("resource.g || resource.t", Ok(true)),
        ("resource.t && resource.g", missing()),
        ("resource.g || resource.f", missing()),
        ("!resource.g", missing()),
        ("has(resource.g)", missing()),
        ("has(resource.g.deeper)", missing()),
        ("has(resource.nothing)", Ok(false)),
        ("resource.g == null", missing()),
        ("resource.g == resource.g", missing()),
        ("resource.list == [1, 2, 3]", missing()),
        ("1 in resource.list", Ok(true)),
        ("2 in resource.list", missing()),
        ("resource.list.size() == 3", Ok(true)),
        ("resource.list.exists(x, x == 3)", Ok(true)),
        ("resource.list.exists(x, x == 9)", missing()),
        ("resource.list.all(x, x > 2)", Ok(false)),
        ("resource.list.all(x, x > 0)", missing()),
        ("resource.objects.exists(o, o.x == 1)", Ok(true)),
        ("resource.objects.exists_one(o, o.x == 1)", missing()),
        ("resource.g.exists(x, true)", missing()),
        ("resource.g ? true : true", missing()),
        ("resource.?g.orValue(true)", missing()),
        ("resource.?nothing.orValue(true)", Ok(true)),
        ("resource.?nothing.?deeper.orValue(false)", Ok(false)),
        ("'g' in resource.objects[1] || 'x' in resource.objects[1]", missing()),
    ] {
        assert_eq!(judged(source, &document), expected, "{source}");
    }
}

#[test]
fn a_count_is_decided_by_what_is_certain() {
    let document =
        json!({ "list": [1, 1, gap()], "whole": [1, 1, 2], "unread": gap(), "objects": [{ "x": gap(), "y": 1 }, { "x": 1, "y": 2 }] });
    let missing = || Err(vec!["s3:GetDenied".to_owned()]);
    for (source, expected) in [
        ("resource.whole.filter(x, x == 1).size() <= 2", Ok(true)),
        ("resource.list.filter(x, x == 1).size() <= 1", Ok(false)),
        ("resource.list.filter(x, x == 1).size() <= 2", missing()),
        ("resource.list.filter(x, x == 9).size() <= 0", missing()),
        ("resource.list.filter(x, true).size() <= 5", missing()),
        ("resource.list.filter(x, x == 1).size() > 1", Ok(true)),
        ("resource.list.filter(x, x == 1).size() > 2", missing()),
        ("2 >= size(resource.list.filter(x, x == 1))", missing()),
        ("1 >= size(resource.list.filter(x, x == 1))", Ok(false)),
        ("2 <= resource.list.filter(x, x == 1).size()", Ok(true)),
        ("resource.list.filter(x, x == 1).size() == 2", missing()),
        ("resource.list.filter(x, x == 1).size() + 0 <= 1", missing()),
        ("resource.unread.filter(x, x == 1).size() <= 1", missing()),
        ("resource.objects.filter(o, o.x == 1 && o.y == 2).size() <= 0", Ok(false)),
        ("resource.objects.filter(o, o.x == 1 && o.y == 2).size() <= 1", Ok(true)),
    ] {
        assert_eq!(judged(source, &document), expected, "{source}");
    }
}

#[test]
fn names_are_like_patterns_as_in_a_policy() {
    let document = json!({ "pattern": "iam:*Pol?cy*", "long": "*".repeat(3_000) });
    for (source, expected) in [
        ("'iam:CreatePolicyVersion'.like(resource.pattern)", Ok(true)),
        ("'iam:CreatePolcy'.like(resource.pattern)", Ok(false)),
        ("'iam:Pass'.like('*')", Ok(true)),
        ("'iam:Pass'.like('iam:Pass*')", Ok(true)),
        ("'iam:PassRole'.like('iam:Pass')", Ok(false)),
        ("'aaab'.like('*aab')", Ok(true)),
        ("''.like('')", Ok(true)),
        ("'x'.like('')", Ok(false)),
        ("'x'.like(resource.long)", Err(vec!["Unexpected".to_owned()])),
        ("days(params.age) == 90", Ok(true)),
        ("days('PT36H') == 1", Ok(true)),
        ("days(30) == 30", Ok(true)),
    ] {
        assert_eq!(judged(source, &document), expected, "{source}");
    }
}

#[test]
fn a_field_that_is_not_there_is_neither_pass_nor_fail() {
    let document = json!({ "a": { "b": 1 }, "text": "x" });
    for source in ["resource.nothing == 1", "resource.a.c == 1", "resource.text.more == 1", "resource.a > 1", "resource.text"] {
        let missing = judged(source, &document).unwrap_err();
        assert!(missing == ["FieldAbsent"] || missing == ["Unexpected"], "{source}: {missing:?}");
    }
}

#[test]
fn both_missing_reads_are_told() {
    let document = json!({ "a": Gap::new("a", "1").to_document(), "b": Gap::new("b", "2").to_document() });
    assert_eq!(judged("resource.a && resource.b", &document), Err(vec!["a1".to_owned(), "b2".to_owned()]));
}

#[test]
fn an_age_says_when_it_will_flip() {
    let compiled = compile("older_than(resource.made, params.age)", &Place::default(), &around(), 2).unwrap();
    let (params, nothing) = (json!({ "age": "P90D" }), json!({}));
    let resource = json!({ "made": "2026-11-01T00:00:00Z" });
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut eval =
        Eval { resource: &resource, params: &params, tags: &nothing, scope: &nothing, now, recheck_at: None, locals: Vec::new() };
    assert_eq!(eval.truth(&compiled.node), Ok(false));
    assert_eq!(eval.recheck_at, Some("2027-01-30T00:00:00Z".parse().unwrap()));
}

#[test]
fn what_is_wrong_is_told_when_it_is_loaded() {
    let members = [("Name".to_owned(), Ty::Text), ("Size".to_owned(), Ty::Int), ("Rules".to_owned(), Ty::List(Arc::new(Ty::Any)))];
    let around = Surroundings { resource: Ty::Object(Arc::new(members.into())), ..around() };
    let place = Place { file: "check.toml".into(), line: 4, column: 10 };
    let nested = "resource.Rules.all(a, resource.Rules.all(b, resource.Rules.all(c, true)))";
    for (source, told) in [
        ("resource.Nmae == 'x'", "check.toml:4:18: `toy.thing` has no field `Nmae` here; did you mean `Name`?"),
        ("resource.Name == 1", "check.toml:4:24: text and a number are never equal; compare like with like"),
        ("resource.Name", "text"),
        ("params.port == 1", "the control has no parameter `port`; did you mean `ports`?"),
        ("resource == null", "`resource` by itself"),
        ("resource.Size.contains('x')", "`contains` is given a number; it takes text"),
        ("resource.Name.matches('[')", "`[` is no pattern"),
        ("resource.Name.frob()", "unknown function `frob`"),
        ("resource.Name ==", "not CEL"),
        (nested, "macros are nested 3 deep; 2 are allowed"),
    ] {
        let found = match compile(source, &place, &around, 2) {
            Ok(compiled) => compiled.ty.name(),
            Err(problems) => problems[0].to_string(),
        };
        assert!(found.contains(told), "{source}: {found}");
    }
}

const EXPRESSIONS: &[&str] = &[
    "resource.a == 1 && resource.b == 1",
    "resource.a == 1 || resource.b == 1",
    "!(resource.a == resource.b)",
    "has(resource.a) && resource.a != 0",
    "resource.list.all(x, x == 1) || resource.b == 2",
    "resource.list.exists(x, x == resource.a)",
    "resource.list.exists_one(x, x == 1)",
    "resource.list.filter(x, x == 1).size() > 0",
    "size(resource.list.filter(x, x == resource.a)) <= 1",
    "1 < resource.list.filter(x, x >= 1).size()",
    "resource.list.filter(x, x == 1).size() < resource.list.filter(x, x == 2).size()",
    "resource.list.filter(x, true).size() >= 2",
    "resource.list.filter(x, x == 1).size() == 2 || resource.list.filter(x, x > 0).size() + 1 > 3",
    "resource.list.map(x, x == 1).size() == resource.list.size()",
    "resource.a in resource.list",
    "resource.?a.orValue(2) == 2 ? resource.b == 1 : resource.list.size() > 1",
    "resource.object.x == resource.a || !has(resource.object.y)",
    "resource.object == {} || 'x' in resource.object",
];

fn small() -> impl Strategy<Value = Value> {
    (0..3i64).prop_map(Value::from)
}

fn document() -> impl Strategy<Value = Value> {
    let object = proptest::collection::btree_map("[xy]", small(), 0..3).prop_map(|members| json!(members));
    (small(), small(), proptest::collection::vec(small(), 0..4), object)
        .prop_map(|(a, b, list, object)| json!({ "a": a, "b": b, "list": list, "object": object }))
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found)),
        Value::Object(members) => members.iter().for_each(|(name, member)| places(member, &format!("{at}/{name}"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    /// Whatever part of a document is not read: the verdict stays as it was, or becomes unknown. It never flips.
    #[test]
    fn what_is_not_read_never_decides(document in document(), pick in any::<prop::sample::Index>()) {
        let mut all = Vec::new();
        places(&document, "", &mut all);
        let place = pick.get(&all[1.min(all.len() - 1)..]);
        let mut unread = document.clone();
        *unread.pointer_mut(place).unwrap() = gap();
        for source in EXPRESSIONS.iter().filter(|source| !source.contains("{}")) {
            let (whole, holed) = (judged(source, &document), judged(source, &unread));
            if let Ok(decided) = holed {
                prop_assert_eq!(Ok(decided), whole, "{} without {}: {}", source, place, document);
            }
        }
    }

    /// On a document without gaps our evaluator says what the crate's own says.
    #[test]
    fn without_gaps_we_agree_with_the_crate(document in document()) {
        for source in EXPRESSIONS.iter().filter(|source| !source.contains("{}") && !source.contains(".?")) {
            let program = cel::Program::compile(source).unwrap();
            let mut context = cel::Context::default();
            context.add_variable("resource", cel::to_value(&document).unwrap()).unwrap();
            let theirs = match program.execute(&context) {
                Ok(cel::Value::Bool(truth)) => Some(truth),
                Ok(_) | Err(_) => None,
            };
            prop_assert_eq!(judged(source, &document).ok(), theirs, "{}: {}", source, document);
        }
    }
}
