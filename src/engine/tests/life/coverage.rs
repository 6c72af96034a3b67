use engine::coverage::{Blank, BlankReason, Gap, GapReason, Look, Looked, Wanted, coverage};
use inventory::Scope;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::toy::day;

fn hour(number: i64) -> Timestamp {
    day(0).checked_add(SignedDuration::from_hours(number)).unwrap()
}

fn look(kind: &str, from: i64, until: i64) -> Look {
    Look { kind: kind.into(), scope: Scope::account("toy", "one"), from: hour(from), until: hour(until), outcome: Looked::Found(3) }
}

fn denied(kind: &str, from: i64, until: i64) -> Look {
    let outcome = Looked::Failed { action: "toy:ListBoxes".into(), cause: "AccessDenied".into() };
    Look { outcome, ..look(kind, from, until) }
}

fn gaps(looks: &[Look], blanks: &[Blank], kinds: &[&str]) -> Vec<(i64, i64, String, &'static str)> {
    let wanted = Wanted {
        control: "toy-01".into(),
        scope: Scope::account("toy", "one"),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    let answers = coverage(&[wanted], looks, blanks, hour(0), hour(24));
    assert_eq!(answers.len(), 1);
    let hours = |at: Timestamp| at.duration_since(hour(0)).as_hours();
    answers[0].gaps.iter().map(|gap| (hours(gap.from), hours(gap.until), gap.kind.clone(), gap.reason.as_str())).collect()
}

#[test]
fn looks_that_meet_leave_no_gap_and_that_is_said() {
    let looks = [look("box", -2, 8), look("box", 6, 16), look("box", 16, 30)];
    assert_eq!(gaps(&looks, &[], &["box"]), []);
    let wanted = Wanted { control: "toy-01".into(), scope: Scope::account("toy", "one"), kinds: vec!["box".into()] };
    let answer = &coverage(&[wanted], &looks, &[], hour(0), hour(24))[0];
    assert!(answer.is_whole() && answer.looked == 3 && answer.failed == 0);
    assert_eq!(answer.to_string(), "toy-01 in toy/one was assessed without a gap from 2026-11-01T06:00:00Z to 2026-11-02T06:00:00Z");
}

#[test]
fn every_gap_has_its_reason() {
    let scope = Some(Scope::account("toy", "one"));
    let blanks = [
        Blank { from: hour(8), until: hour(10), scope: None, reason: BlankReason::Down },
        Blank {
            from: hour(9),
            until: hour(11),
            scope: scope.clone(),
            reason: BlankReason::Skipped { reason: "the last run was not over".into() },
        },
        Blank { from: hour(8), until: hour(24), scope: Some(Scope::account("toy", "two")), reason: BlankReason::Interrupted },
        Blank { from: hour(20), until: hour(21), scope, reason: BlankReason::Unreachable { cause: "timeout".into() } },
    ];
    let looks = [look("box", 0, 6), denied("box", 12, 18), look("box", 14, 20), look("box", 22, 40)];
    let wanted = [
        (6, 8, "box".to_owned(), "nobody-looked"),
        (8, 9, "box".to_owned(), "daemon-down"),
        (9, 11, "box".to_owned(), "tick-skipped"),
        (11, 12, "box".to_owned(), "nobody-looked"),
        (12, 14, "box".to_owned(), "list-failed"),
        (20, 21, "box".to_owned(), "unreachable"),
        (21, 22, "box".to_owned(), "nobody-looked"),
    ];
    assert_eq!(gaps(&looks, &blanks, &["box"]), wanted);
}

#[test]
fn a_control_is_as_covered_as_the_least_covered_of_its_kinds_and_another_scope_does_not_help() {
    let elsewhere = Look { scope: Scope::account("toy", "two"), ..look("lid", 0, 24) };
    assert_eq!(gaps(&[look("box", 0, 24), elsewhere], &[], &["box", "lid"]), [(0, 24, "lid".to_owned(), "nobody-looked")]);
    assert_eq!(gaps(&[], &[], &["box"]), [(0, 24, "box".to_owned(), "nobody-looked")]);
    assert_eq!(gaps(&[look("box", -9, 0), look("box", 24, 30)], &[], &["box"]), [(0, 24, "box".to_owned(), "nobody-looked")]);
}

#[test]
fn a_list_that_failed_covers_nothing() {
    assert_eq!(gaps(&[denied("box", 0, 24)], &[], &["box"]), [(0, 24, "box".to_owned(), "list-failed")]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gaps_are_exactly_the_hours_that_no_look_covers(
        spans in prop::collection::vec((-10i64..30, 1i64..12, any::<bool>()), 0..12),
        outages in prop::collection::vec((-5i64..30, 1i64..9), 0..4),
    ) {
        let looks: Vec<Look> =
            spans.iter().map(|&(from, long, good)| if good { look("box", from, from + long) } else { denied("box", from, from + long) }).collect();
        let blanks: Vec<Blank> = outages
            .iter()
            .map(|&(from, long)| Blank { from: hour(from), until: hour(from + long), scope: None, reason: BlankReason::Down })
            .collect();
        let found = gaps(&looks, &blanks, &["box"]);
        for at in 0..24 {
            let within = |from: i64, long: i64| from <= at && at < from + long;
            let covered = spans.iter().any(|&(from, long, good)| good && within(from, long));
            let failed = spans.iter().any(|&(from, long, good)| !good && within(from, long));
            let down = outages.iter().any(|&(from, long)| within(from, long));
            let expected = if failed { "list-failed" } else if down { "daemon-down" } else { "nobody-looked" };
            let here: Vec<&str> = found.iter().filter(|gap| gap.0 <= at && at < gap.1).map(|gap| gap.3).collect();
            prop_assert_eq!(&here[..], if covered { &[][..] } else { std::slice::from_ref(&expected) }, "at hour {}", at);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].1 <= pair[1].0), "they do not overlap: {:?}", found);
    }
}

#[test]
fn gaps_go_into_a_record_and_come_back() {
    let gap = Gap { kind: "box".into(), from: hour(0), until: hour(1), reason: GapReason::TickSkipped { reason: "busy".into() } };
    assert_eq!(serde_json::from_str::<Gap>(&serde_json::to_string(&gap).unwrap()).unwrap(), gap);
}
