//! Documents that are small and would grow: each ends soon, in an error that says why, or in a text of bounded size.

use std::time::{Duration, Instant};

use oscal::resolve::{Frame, ResolveError, Resolved, resolve};
use oscal::{Document, ReadError, read_json, select};
use serde_json::{Value, json};

fn metadata() -> Value {
    json!({ "title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3" })
}

fn profile(imports: &[String]) -> Document {
    let imports: Vec<Value> = imports.iter().map(|href| json!({ "href": href, "include-all": {} })).collect();
    let text = json!({ "profile": { "uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c15", "metadata": metadata(), "imports": imports } });
    read_json(text.to_string().as_bytes(), "profile").unwrap()
}

fn catalog(controls: Vec<Value>) -> Document {
    let text = json!({ "catalog": { "uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "metadata": metadata(), "controls": controls } });
    read_json(text.to_string().as_bytes(), "catalog").unwrap()
}

fn resolved(first: Document, load: &mut dyn FnMut(&str) -> Result<Document, ReadError>) -> Result<Resolved, ResolveError> {
    let Document::Profile(profile) = first else { panic!("no profile") };
    let frame = Frame {
        uuid: profile.uuid,
        last_modified: profile.metadata.last_modified.clone(),
        oscal_version: "1.2.3".parse().unwrap(),
        tool: "test".parse().unwrap(),
    };
    resolve(&profile, "0", &frame, load)
}

/// Far above what is needed and far below what would be without the limit, on any machine.
fn soon(begun: Instant) {
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn profiles_that_import_the_next_one_ten_times_are_refused() {
    let begun = Instant::now();
    let mut load = |place: &str| match place.parse::<u32>().unwrap() {
        9 => Ok(catalog(vec![json!({ "id": "a-1", "title": "A" })])),
        level => Ok(profile(&vec![(level + 1).to_string(); 10])),
    };
    let error = resolved(profile(&vec!["1".to_owned(); 10]), &mut load).unwrap_err();
    assert!(matches!(error, ResolveError::TooMuch { what: "imports", .. }), "{error}");
    assert!(error.to_string().contains("import what is needed once"), "{error}");
    soon(begun);
}

#[test]
fn a_catalog_that_is_taken_again_and_again_is_refused_and_a_diamond_is_not() {
    let begun = Instant::now();
    let controls = |count: usize| (0..count).map(|at| json!({ "id": format!("a-{at}"), "title": "A" })).collect::<Vec<_>>();
    let large = catalog(controls(5_000));
    let error = resolved(profile(&vec!["c".to_owned(); 20]), &mut |_| Ok(large.clone())).unwrap_err();
    assert!(matches!(error, ResolveError::TooMuch { what: "controls", .. }), "{error}");
    soon(begun);
    let mut load = |place: &str| match place {
        "c" => Ok(catalog(controls(3))),
        _ => Ok(profile(&["c".to_owned()])),
    };
    let diamond = resolved(profile(&["left".to_owned(), "right".to_owned()]), &mut load).unwrap();
    assert_eq!(diamond.catalog.controls.len(), 6, "what comes in twice stays twice");
}

#[test]
fn a_text_of_nothing_but_braces_takes_no_longer_than_another() {
    let begun = Instant::now();
    let part = |prose: String| json!({ "name": "statement", "prose": prose });
    let control = json!({ "id": "a-1", "title": "A", "parts": [part("{{".repeat(1_000_000)), part("{{ insert: param, ".repeat(100_000)),
        part("#".repeat(1_000_000))] });
    let large = catalog(vec![control]);
    assert!(resolved(profile(&["c".to_owned()]), &mut |_| Ok(large.clone())).is_ok());
    soon(begun);
}

#[test]
fn a_long_value_that_is_named_often_is_not_put_in_without_end() {
    let begun = Instant::now();
    let prose = "{{ insert: param, p }} ".repeat(900);
    let control = json!({ "id": "a-1", "title": "A", "params": [{ "id": "p", "values": ["x".repeat(1_000_000)] }],
        "parts": [{ "name": "statement", "prose": prose }] });
    let large = catalog(vec![control]);
    let Document::Profile(profile) = profile(&["c".to_owned()]) else { panic!("no profile") };
    let selected = select(&profile, &mut |_| Ok(large.clone())).unwrap();
    let text = selected.controls[0].text_of(selected.controls[0].statement().unwrap());
    assert!(text.len() < 4_000_000 && text.starts_with("xxx") && text.ends_with("{{ insert: param, p }} "), "{}", text.len());
    soon(begun);
}

#[test]
fn of_very_many_problems_the_first_are_told_with_their_places_and_that_there_are_more() {
    let begun = Instant::now();
    let controls: Vec<Value> =
        (0..5_000).map(|at| json!({ "id": format!("a {at}"), "title": "A", "props": [{ "name": "n", "value": "v" }] })).collect();
    let text = json!({ "catalog": { "uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "metadata": metadata(), "controls": controls } });
    let source = oscal::Source::new(format!("{text:#}").into_bytes(), oscal::Format::Json, "many.json").unwrap();
    let value = source.value().unwrap();
    let mut problems = oscal::validate(&value);
    problems.extend(oscal::validate::constraints(&value).into_iter().map(|broken| broken.problem));
    assert_eq!(problems.iter().filter(|problem| problem.constraint == "and-more").count(), 2);
    assert!((1_000..=2_002).contains(&problems.len()), "{}", problems.len());
    let places = source.places_of(problems.iter().map(|problem| problem.pointer.as_str()));
    assert_eq!(places[10], source.place_of(&problems[10].pointer));
    soon(begun);
}
