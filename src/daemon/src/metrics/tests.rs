use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::names::ALL;
use super::{Form, Freshness, LedgerFacts, Metrics, Standing};
use crate::alerts::Depth;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Every number there is.
pub fn full() -> Metrics {
    let now = at("2026-11-01T10:00:00Z");
    let metrics = Metrics::new("0.1.0", at("2026-11-01T00:00:00Z"));
    let fresh = |scope: &str, control: &str, hours: i64| Freshness {
        scope: scope.into(),
        control: control.into(),
        assessed: now - SignedDuration::from_hours(hours),
        expires: now - SignedDuration::from_hours(hours) + SignedDuration::from_hours(26),
    };
    metrics.stands(&Standing {
        freshness: vec![fresh("prod", "dat-01", 1), fresh("prod", "dat-02", 30), fresh("a \"quoted\\\" scope\nof two lines", "dat-01", 2)],
        verdicts: BTreeMap::from([(("dat-01".into(), "pass".into()), 12), (("dat-01".into(), "unknown".into()), 1)]),
        open_findings: BTreeMap::from([("critical".into(), 1), ("high".into(), 0)]),
        gaps: BTreeMap::from([("prod".into(), 2)]),
        exemptions: BTreeMap::from([("active".into(), 3), ("expired".into(), 1)]),
        next_expiry: Some(at("2026-11-08T00:00:00Z")),
    });
    metrics.ledger(&LedgerFacts { entries: 1_000_000, bytes: Some(1 << 30), checkpoint: Some(now), verified: Some(true) });
    metrics.tick("nightly", "done");
    metrics.tick("nightly", "missed");
    metrics.tick_began("nightly", Duration::from_millis(1500));
    metrics.next_ticks(&BTreeMap::from([("nightly".into(), at("2026-11-02T02:30:00Z"))]));
    metrics.run_ended("nightly", "done", Duration::from_secs(42));
    metrics.api_calls("aws", 1200, 3);
    metrics.window("cloudtrail", 100, 7, now);
    metrics.events_missed("cloudtrail", 1);
    metrics.attempt("desk", "sent");
    metrics.dead("desk", "status_4xx", 2);
    metrics.outbox(&BTreeMap::from([("desk".into(), Depth { waiting: 1, sending: 2, dead: 2, oldest: Some(now) })]));
    metrics.reloaded(true, now);
    metrics
}

#[test]
fn freshness_comes_first_and_ages_while_nothing_happens() {
    let metrics = full();
    let told = |now: &str| metrics.exposition(Form::Text, at(now)).expect("it is written");
    let first = told("2026-11-01T10:00:00Z");
    assert!(first.starts_with("# HELP assize_last_assessed_timestamp_seconds "), "{first}");
    assert!(first.contains("assize_results_stale{scope=\"prod\"} 1.0\n"), "{first}");
    assert!(first.contains("assize_results_age_seconds{scope=\"prod\"} 108000.0\n"), "{first}");
    let later = told("2026-11-03T10:00:00Z");
    assert!(later.contains("assize_results_stale{scope=\"prod\"} 2.0\n"), "{later}");
    assert!(later.contains("assize_results_age_seconds{scope=\"prod\"} 280800.0\n"), "{later}");
}

#[test]
fn every_metric_has_its_help_and_type_once_and_no_series_is_doubled() {
    for form in [Form::Text, Form::OpenMetrics] {
        let told = full().exposition(form, at("2026-11-01T10:00:00Z")).expect("it is written");
        for name in ALL {
            let described = match form {
                Form::Text => name.name,
                Form::OpenMetrics => name.name.trim_end_matches("_total"),
            };
            for mark in ["HELP", "TYPE"] {
                assert_eq!(told.matches(&format!("# {mark} {described} ")).count(), 1, "{mark} {described}");
            }
            let samples = told.lines().filter(|line| line.starts_with(name.name)).count();
            // `folded` has none while there is room.
            assert!(samples > 0 || name.name.contains("folded"), "{}", name.name);
        }
        let series: Vec<&str> =
            told.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' ')).map(|(series, _)| series).collect();
        assert_eq!(series.len(), series.iter().collect::<BTreeSet<_>>().len());
        assert!(series.len() < 100, "{}", series.len());
    }
}

#[test]
fn what_nobody_knows_has_no_number() {
    let metrics = Metrics::new("0.1.0", at("2026-11-01T00:00:00Z"));
    metrics.ledger(&LedgerFacts { entries: 1, ..LedgerFacts::default() });
    let told = metrics.exposition(Form::Text, at("2026-11-01T00:00:00Z")).expect("it is written");
    for name in ["assize_ledger_verified", "assize_exemption_next_expiry_timestamp_seconds", "assize_last_assessed_timestamp_seconds"] {
        assert!(!told.lines().any(|line| line.starts_with(name)), "{name}");
    }
}
