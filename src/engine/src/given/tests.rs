use jiff::{SignedDuration, Timestamp};
use oscal::Task;
use serde_json::{Value, json};

use super::{due, values};

fn tasks(timings: &[Value]) -> Vec<Task> {
    let task = |timing: &Value| json!({ "uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "type": "action", "title": "T", "timing": timing });
    timings.iter().map(|timing| serde_json::from_value(task(timing)).unwrap()).collect()
}

fn every(period: u64, unit: &str) -> Value {
    json!({ "at-frequency": { "period": period, "unit": unit } })
}

#[test]
fn results_stand_until_the_next_look_is_surely_done() {
    let of = |timings: &[Value]| due(&tasks(timings)).valid_for();
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[every(6, "hours")]), Some(SignedDuration::from_mins(450)));
    assert_eq!(of(&[every(1, "days"), every(4, "hours")]), Some(SignedDuration::from_hours(5)), "the shortest period counts");
    assert!(of(&[every(1, "months")]) >= Some(SignedDuration::from_hours(31 * 24)));
    assert!(of(&[every(u64::MAX, "years")]).is_some(), "an absurd number is no panic");
}

#[test]
fn a_span_that_is_over_or_to_come_is_noticed() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let span = json!({ "within-date-range": { "start": "2026-11-01T00:00:00Z", "end": "2026-11-30T00:00:00Z" } });
    let once = due(&tasks(std::slice::from_ref(&span)));
    assert!(!once.not_now(at("2026-11-24T00:00:00Z")));
    assert!(once.not_now(at("2026-12-01T00:00:00Z")) && once.not_now(at("2026-10-31T23:59:59Z")));
    assert!(!due(&tasks(&[span, every(1, "days")])).not_now(at("2027-01-01T00:00:00Z")), "what recurs is always due");
    let day = due(&tasks(&[json!({ "on-date": { "date": "2026-11-24T00:00:00Z" } })]));
    assert!(!day.not_now(at("2026-11-24T18:00:00Z")) && day.not_now(at("2026-11-26T00:00:00Z")));
}

#[test]
fn values_are_read_as_we_write_them() {
    let read = |text: &str| values(text).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(read("P90D"), ["P90D"]);
    assert_eq!(read("[22,3389]"), ["22", "3389"]);
    assert_eq!(read(r#"["a b","c"]"#), ["a b", "c"]);
    assert_eq!(read("[]"), ["none"], "a list that admits nothing");
    assert_eq!(read("[not json"), ["[not json"]);
}
