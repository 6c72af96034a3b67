use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::assess::{Assessed, ControlAnswer, Grade, Group, Tally, Where};
use crate::plan::Control;
use crate::seen::Seen;

fn ours(ids: &[&str]) -> Vec<Control> {
    let control = |id: &&str| Control {
        id: (*id).into(),
        title: (*id).into(),
        statement: String::new(),
        target: Target::Objective(format!("{id}_obj")),
        objective: String::new(),
        params: json!({ "max_age": "P90D", "count": 5 }),
    };
    ids.iter().map(control).collect()
}

/// What was found: control, provider, grade.
fn found(controls: &[Control], facts: &[(&str, &str, Grade)]) -> Assessed {
    let group = |(_, provider, grade): &(&str, &str, Grade)| Group {
        check: 0,
        scope: Where::Account((*provider).into(), "1".into()),
        grade: *grade,
        exempt: None,
        outcomes: Vec::new(),
    };
    let answer = |(at, control): (usize, &Control)| {
        let groups: Vec<usize> = (0..facts.len()).filter(|&fact| facts[fact].0 == control.id).collect();
        (!groups.is_empty()).then(|| ControlAnswer { control: at, tally: Tally::default(), severity: None, groups })
    };
    Assessed {
        groups: facts.iter().map(group).collect(),
        answers: controls.iter().enumerate().filter_map(answer).collect(),
        unreached: Vec::new(),
        tally: Tally::default(),
        worst_failure: None,
    }
}

fn map(relation: Relation, controls: &[&str]) -> Map {
    let own = |control: &&str| Ours { control: (*control).into(), provider: None, check: None };
    Map { relation, part: None, shared: false, ours: controls.iter().map(own).collect(), limits: Vec::new() }
}

fn of(maps: Vec<Map>, parts: &[(&str, &str)], facts: &[(&str, &str, Grade)]) -> Judgement {
    let controls = ours(&["a", "b"]);
    let parts = parts.iter().map(|(name, id)| ((*name).into(), (*id).into())).collect();
    let target = Target::Statement("f_smt".into());
    let member = Member { id: "f".into(), title: "F".into(), statement: String::new(), target, parts, maps };
    let framework = Framework { name: "f".into(), title: "F".into(), href: "f.json".into(), controls: vec![member] };
    judge(framework, &controls, &["a/aws/one".into()], &Seen::default(), &found(&controls, facts)).judgements.remove(0)
}

fn answer(maps: Vec<Map>, facts: &[(&str, &str, Grade)]) -> Answer {
    of(maps, &[], facts).answer
}

#[test]
fn what_travels_over_which_relation() {
    use Answer::{NotApplicable, NotSatisfied, Satisfied, Undecided, Unknown, Vacuous};
    let grades = [Grade::Pass, Grade::Fail, Grade::Unknown, Grade::Vacuous, Grade::NotApplicable];
    for (relation, answers) in [
        (Relation::Equal, [Satisfied, NotSatisfied, Unknown, Vacuous, NotApplicable]),
        (Relation::Equivalent, [Satisfied, NotSatisfied, Unknown, Vacuous, NotApplicable]),
        (Relation::Subset, [Satisfied, Undecided, Unknown, Vacuous, NotApplicable]),
        (Relation::Superset, [Undecided, NotSatisfied, Unknown, Undecided, Undecided]),
        (Relation::Intersects, [Undecided; 5]),
    ] {
        let told = grades.map(|grade| answer(vec![map(relation, &["a"])], &[("a", "aws", grade)]));
        assert_eq!(told, answers, "{relation:?}");
    }
}

#[test]
fn what_nothing_reaches_is_not_assessed() {
    assert_eq!(answer(vec![], &[("a", "aws", Grade::Pass)]), Answer::NotAssessed);
    assert_eq!(answer(vec![map(Relation::Equal, &["b"])], &[("a", "aws", Grade::Pass)]), Answer::NotAssessed);
    assert_eq!(answer(vec![map(Relation::Equal, &["elsewhere"])], &[("a", "aws", Grade::Pass)]), Answer::NotAssessed);
}

#[test]
fn several_of_ours_pass_together_or_not_at_all() {
    let both = || vec![map(Relation::Equal, &["a", "b"])];
    assert_eq!(answer(both(), &[("a", "aws", Grade::Pass), ("b", "aws", Grade::Vacuous)]), Answer::Satisfied);
    assert_eq!(answer(both(), &[("a", "aws", Grade::Pass), ("b", "aws", Grade::Fail)]), Answer::NotSatisfied);
    assert_eq!(answer(both(), &[("a", "aws", Grade::Pass)]), Answer::Undecided);
}

#[test]
fn a_failure_that_several_share_is_nobodys_in_particular() {
    let shared = |relation| vec![Map { shared: true, ..map(relation, &["a"]) }];
    assert_eq!(answer(shared(Relation::Equal), &[("a", "aws", Grade::Fail)]), Answer::Undecided);
    assert_eq!(answer(shared(Relation::Equal), &[("a", "aws", Grade::Pass)]), Answer::Satisfied);
    assert_eq!(answer(shared(Relation::Superset), &[("a", "aws", Grade::Fail)]), Answer::Undecided);
}

#[test]
fn a_failure_outweighs_and_an_unread_field_comes_next() {
    let maps = || vec![map(Relation::Equal, &["a"]), map(Relation::Superset, &["b"])];
    assert_eq!(answer(maps(), &[("a", "aws", Grade::Pass), ("b", "aws", Grade::Fail)]), Answer::NotSatisfied);
    assert_eq!(answer(maps(), &[("a", "aws", Grade::Pass), ("b", "aws", Grade::Unknown)]), Answer::Unknown);
    assert_eq!(answer(maps(), &[("a", "aws", Grade::Pass), ("b", "aws", Grade::Pass)]), Answer::Satisfied);
    assert_eq!(answer(maps(), &[("a", "aws", Grade::Pass), ("a", "gcp", Grade::Fail)]), Answer::NotSatisfied);
}

#[test]
fn only_verdicts_of_the_provider_count_that_a_framework_is_about() {
    let mut one = map(Relation::Equal, &["a"]);
    one.ours[0].provider = Some("gcp".into());
    let facts = [("a", "aws", Grade::Fail), ("a", "gcp", Grade::Pass)];
    assert_eq!(answer(vec![one.clone()], &facts), Answer::Satisfied);
    assert_eq!(answer(vec![one], &facts[..1]), Answer::NotAssessed);
}

#[test]
fn a_relation_holds_only_within_its_limits() {
    let with = |bound, parameter: &str, value: &str| {
        let limit = Limit { parameter: parameter.into(), bound, value: value.into() };
        answer(vec![Map { limits: vec![limit], ..map(Relation::Equal, &["a"]) }], &[("a", "aws", Grade::Pass)])
    };
    assert_eq!(with(Bound::AtMost, "a_max_age", "P90D"), Answer::Satisfied);
    assert_eq!(with(Bound::AtMost, "a_max_age", "PT2160H"), Answer::Satisfied);
    assert_eq!(with(Bound::AtMost, "a_max_age", "P89D"), Answer::Undecided);
    assert_eq!(with(Bound::AtLeast, "a_count", "5"), Answer::Satisfied);
    assert_eq!(with(Bound::AtLeast, "a_count", "6"), Answer::Undecided);
    assert_eq!(with(Bound::AtMost, "a_nothing", "6"), Answer::Undecided);
    assert_eq!(with(Bound::AtMost, "a_count", "P1D of nonsense"), Answer::Undecided);
}

#[test]
fn a_control_passes_by_its_parts_only_if_all_of_them_do() {
    let part = |id: &str, relation, control| Map { part: Some(id.into()), ..map(relation, &[control]) };
    let parts = [("statement", "f_smt"), ("assessment-objective", "f.1"), ("assessment-objective", "f.2")];
    let both = || vec![part("f.1", Relation::Equal, "a"), part("f.2", Relation::Equal, "b")];
    let pass = [("a", "aws", Grade::Pass), ("b", "aws", Grade::Pass)];
    assert_eq!(of(both(), &parts, &pass).answer, Answer::Satisfied);
    assert_eq!(of(both(), &parts, &pass[..1]).answer, Answer::Undecided);
    assert_eq!(of(vec![part("f.1", Relation::Equal, "a")], &parts, &pass).answer, Answer::Undecided);
    let one_fails = of(both(), &parts, &[("a", "aws", Grade::Pass), ("b", "aws", Grade::Fail)]);
    assert_eq!(one_fails.answer, Answer::NotSatisfied);
    assert_eq!(one_fails.parts, BTreeMap::from([("f.1".into(), Answer::Satisfied), ("f.2".into(), Answer::NotSatisfied)]));
    assert_eq!((one_fails.groups, one_fails.controls), (vec![0, 1], vec![0, 1]));
}

#[test]
fn a_mapping_written_the_other_way_round_is_turned_round() {
    let item = |id: &str| json!([{ "type": "control", "id-ref": id }]);
    let uuid = "4efc5577-4fec-5b39-aa74-9d40ac618c14";
    let mapping = |relation: &str| -> oscal::Mapping {
        let map = json!({ "uuid": uuid, "relationship": relation, "sources": item("a"), "targets": item("f") });
        let resource = |href: &str| json!({ "type": "catalog", "href": href });
        let whole = json!({ "uuid": uuid, "source-resource": resource("a.json"), "target-resource": resource("f.json"), "maps": [map] });
        serde_json::from_value(whole).unwrap()
    };
    let turned = |relation| maps(&mapping(relation), true).unwrap().remove("f").map(|maps| maps[0].relation);
    assert_eq!(turned("superset-of"), Some(Relation::Subset));
    assert_eq!(turned("subset-of"), Some(Relation::Superset));
    assert_eq!(turned("equal-to"), Some(Relation::Equal));
    assert_eq!(turned("no-relationship"), None);
    assert!(maps(&mapping("resembles"), true).unwrap_err().to_string().contains("`resembles`"));
    assert_eq!(maps(&mapping("superset-of"), false).unwrap()["a"][0].relation, Relation::Superset);
}
