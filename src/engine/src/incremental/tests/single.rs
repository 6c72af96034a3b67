//! What a look judges and what it leaves, case by case.

use inventory::Item;

use super::super::{Change, Gathering, Judge, NotCurrent, Pass, Reread, Roll};
use super::estate::{Edit, Estate, plan};
use super::store::{Look, Store};
use crate::exempt::Exemptions;

/// Boxes 0 to 5 that are open, and keys 6 to 8 that were made on the fifth.
fn estate() -> Estate {
    let mut estate = Estate::new();
    (0..9).for_each(|thing| estate.edit(Edit::Create { thing, is_key: thing > 5, place: 0, content: if thing > 5 { 10 } else { 1 } }));
    estate
}

fn look(store: &mut Store, estate: &Estate) -> Look {
    look_with(store, estate, estate.exemptions())
}

fn look_with(store: &mut Store, estate: &Estate, exemptions: &Exemptions) -> Look {
    store.look(Judge::new(plan(estate.plan), exemptions, estate.now), estate.items(&mut |_| 0), 1)
}

#[test]
fn what_did_not_change_is_not_judged_again() {
    let (mut estate, mut store) = (estate(), Store::default());
    assert_eq!(look(&mut store, &estate).judged, 9);
    estate.edit(Edit::Wait { hours: 1 });
    let second = look(&mut store, &estate);
    assert_eq!((second.judged, second.looked.tally.planned()), (0, 6 * 3 + 3 * 2), "and still it counts");
    estate.edit(Edit::Change { thing: 3, content: 0 });
    assert_eq!(look(&mut store, &estate).judged, 1);
}

#[test]
fn an_age_that_flips_comes_due_by_itself() {
    let (mut estate, mut store) = (estate(), Store::default());
    look(&mut store, &estate);
    // Made on 2026-11-15 at six, and old after ten days.
    assert_eq!(store.roll.due(), Some("2026-11-25T06:00:00Z".parse().unwrap()));
    estate.edit(Edit::Wait { hours: 41 });
    assert_eq!(look(&mut store, &estate).judged, 0);
    estate.edit(Edit::Wait { hours: 1 });
    let due = look(&mut store, &estate);
    assert_eq!((due.judged, due.looked.tally.fail), (3, 6 + 6 + 3), "boxes are open and nobody's, and now the keys are old");
}

#[test]
fn a_clock_that_was_turned_back_is_not_believed_to_have_seen_the_future() {
    let (mut estate, mut store) = (estate(), Store::default());
    estate.edit(Edit::Wait { hours: 100 });
    look(&mut store, &estate);
    estate.edit(Edit::TurnBack { hours: 100 });
    assert_eq!(look(&mut store, &estate).judged, 9);
}

#[test]
fn an_exemption_has_those_judged_that_it_is_about_and_no_others() {
    let (mut estate, mut store) = (estate(), Store::default());
    look(&mut store, &estate);
    // About whatever `toy-01` finds, of resources that are called `toy://1…`.
    estate.edit(Edit::Exempt { number: 0, about: 13, days: 3, begins: -1, longer: false });
    let exempt = look(&mut store, &estate);
    assert_eq!((exempt.judged, exempt.looked.tally.exempt), (1, 1));
    let mut entries: Vec<_> = estate.exemptions().all().cloned().collect();
    entries[0].reason = "Told better.".into();
    assert_eq!(look_with(&mut store, &estate, &Exemptions::new(entries)).judged, 0, "what it says of itself marks nothing else");
    estate.edit(Edit::Wait { hours: 24 * 6 });
    let ended = look(&mut store, &estate);
    assert_eq!((ended.looked.tally.exempt, ended.looked.exemption_matches.as_slice()), (0, [1].as_slice()));
}

#[test]
fn a_list_that_failed_leaves_what_was_known_and_is_unknown_itself() {
    let (mut estate, mut store) = (estate(), Store::default());
    look(&mut store, &estate);
    let before = store.rows.clone();
    estate.edit(Edit::Deny { is_key: false, place: 0, after: 0 });
    let denied = look(&mut store, &estate);
    assert_eq!(denied.looked.tally.unknown, 3, "one for each check of boxes");
    assert_eq!(store.rows, before);
    estate.edit(Edit::Allow);
    estate.edit(Edit::Delete { thing: 2 });
    assert_eq!(look(&mut store, &estate).judged, 0);
    assert_eq!(store.rows.len(), 8, "only a list that was read to its end says that something is gone");
}

#[test]
fn a_resource_that_was_read_by_itself_changes_alone() {
    let (mut estate, mut store) = (estate(), Store::default());
    look(&mut store, &estate);
    estate.edit(Edit::Change { thing: 1, content: 0 });
    estate.edit(Edit::Change { thing: 2, content: 0 });
    estate.edit(Edit::Delete { thing: 4 });
    let exemptions = estate.exemptions().clone();
    let judge = Judge::new(plan(0), &exemptions, estate.now);
    let found = |thing| Reread::Found(Box::new(estate.read(thing).unwrap()));
    assert!(matches!(store.reread(&judge, found(1)), Some(Change::Judged(_))));
    assert!(matches!(store.reread(&judge, found(3)), Some(Change::Unchanged(_))));
    let kind = || "toy.box".parse().unwrap();
    let gap = inventory::Gap::new("toy:Look", "Throttling");
    assert_eq!(store.reread(&judge, Reread::Gap { kind: kind(), id: estate.id(4), gap }), None, "it stands as it stood");
    assert!(matches!(store.reread(&judge, Reread::NotFound { kind: kind(), id: estate.id(4) }), Some(Change::Gone(_))));
    assert_eq!(store.reread(&judge, Reread::NotFound { kind: kind(), id: estate.id(99) }), None);
    assert_eq!((store.rows.len(), look(&mut store, &estate).judged), (8, 1), "the full look finds the other change");
}

#[test]
fn what_was_read_by_itself_while_a_pass_goes_on_is_neither_gone_nor_made_older() {
    let (mut estate, mut store) = (estate(), Store::default());
    let listed = estate.items(&mut |_| 0);
    look(&mut store, &estate);
    estate.edit(Edit::Wait { hours: 1 });
    estate.edit(Edit::Create { thing: 20, is_key: false, place: 0, content: 1 });
    estate.edit(Edit::Change { thing: 5, content: 0 });
    let exemptions = estate.exemptions().clone();
    let mut pass = Pass::new(Judge::new(plan(0), &exemptions, estate.now), std::mem::take(&mut store.roll));
    let mut told = Vec::new();
    for thing in [20, 5] {
        pass.reread(Reread::Found(Box::new(estate.read(thing).unwrap())), &mut |change| told.push(change));
    }
    assert!(matches!(told.as_slice(), [Change::Judged(_), Change::Judged(_)]));
    told.clear();
    pass.take_all(listed, &mut |change| told.push(change)).unwrap();
    assert!(!told.iter().any(|change| matches!(change, Change::Judged(_))), "the list is older than what was read by itself");
    assert!(told.iter().all(|change| !matches!(change, Change::Listed(listed) if !listed.gone.is_empty())));
    let (roll, looked) = pass.finish();
    assert_eq!((roll.len(), looked.unwrap().sightings(&roll).count()), (10, 9), "the new one is known, and was on no list yet");
}

#[test]
fn judging_side_by_side_changes_nothing() {
    let mut estate = Estate::new();
    (0..200).for_each(|thing| estate.edit(Edit::Create { thing, is_key: thing % 3 == 0, place: thing % 3, content: thing }));
    let exemptions = estate.exemptions().clone();
    let told = |threads| {
        let mut pass = Pass::new(Judge::new(plan(0), &exemptions, estate.now), Roll::default()).on_threads(threads);
        let mut told = Vec::new();
        pass.take_all(estate.items(&mut |sides| sides / 2), &mut |change| told.push(change)).unwrap();
        (told, pass.finish().1.unwrap().tally)
    };
    let alone = told(1);
    assert_eq!(alone.0.len(), 206);
    assert!([2, 3, 7].into_iter().all(|threads| told(threads) == alone));
}

#[test]
fn a_standing_by_other_checks_is_refused() {
    let (estate, mut store) = (estate(), Store::default());
    look(&mut store, &estate);
    let exemptions = estate.exemptions().clone();
    let (_, standing) = store.rows.values().next().unwrap();
    let mut gathering = Gathering::new(&Judge::new(plan(1), &exemptions, estate.now));
    assert!(matches!(gathering.add(standing, estate.now), Err(NotCurrent::Checks { .. })));
}

#[test]
fn a_recorded_document_that_is_none_is_told_with_its_line() {
    let exemptions = Exemptions::new(Vec::new());
    let mut pass = Pass::new(Judge::new(plan(0), &exemptions, Estate::new().now), Roll::default());
    let resource = {
        let mut estate = Estate::new();
        estate.edit(Edit::Create { thing: 1, is_key: false, place: 0, content: 1 });
        estate.read(1).unwrap()
    };
    let line = serde_json::to_string(&resource).unwrap().replace("\"Level\":\"a\"", "\"Level\":1e999");
    let file = std::sync::Arc::from(std::path::Path::new("toy.ndjson"));
    let item = Item::Recorded(inventory::Recorded::parse(line.as_bytes(), &file, 7).unwrap());
    let error = pass.take(item, &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "`toy.ndjson` line 7 is not a recording of ours");
}
