use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Form, filter, run, scope, subscriber, tick};
use crate::{Clock, Redactor, Secret};

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panicked").clone()).expect("it is text")
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn at() -> jiff::Timestamp {
    "2026-11-01T02:30:00Z".parse().expect("a time")
}

fn logged(form: Form, redactor: &Redactor, what: impl FnOnce()) -> String {
    let page = Page::default();
    let (subscriber, _) = subscriber(form, "info", redactor.clone(), Clock::from(at), page.clone()).expect("the filter is right");
    tracing::subscriber::with_default(subscriber, what);
    page.text()
}

#[test]
fn every_line_has_the_run_the_tick_and_the_scope_that_it_belongs_to() {
    let text = logged(Form::Json, &Redactor::default(), || {
        let _tick = tick("nightly", at()).entered();
        let _run = run("r-1").entered();
        let _scope = scope("prod").entered();
        tracing::info!(resources = 12, time = "mine", "listed {}", "buckets");
        tracing::debug!("not at this level");
    });
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: Value = serde_json::from_str(&text).expect("it is JSON");
    for (key, value) in [
        ("time", Value::from("2026-11-01T02:30:00Z")),
        ("level", "info".into()),
        ("target", "daemon::log::tests".into()),
        ("message", "listed buckets".into()),
        ("schedule", "nightly".into()),
        ("tick", "2026-11-01T02:30:00Z".into()),
        ("run", "r-1".into()),
        ("scope", "prod".into()),
        ("resources", 12.into()),
        ("time_", "mine".into()),
    ] {
        assert_eq!(line[key], value, "{key} of {line}");
    }
}

#[test]
fn a_person_reads_one_line_that_nobody_can_forge() {
    let text = logged(Form::Text, &Redactor::default(), || tracing::warn!(name = "a\n2026 info x", count = 2, "cannot read\x1b[2J"));
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains('\x1b') && text.starts_with("2026-11-01T02:30:00Z warn  daemon::log::tests: cannot read"), "{text}");
    assert!(text.contains("count=2"), "{text}");
}

#[derive(Debug, thiserror::Error)]
#[error("cannot post")]
struct Outer(#[source] Inner);

#[derive(Debug, thiserror::Error)]
#[error("the server said: token: c4n4ry-in-a-cause")]
struct Inner;

#[test]
fn a_canary_never_sings() {
    let redactor = Redactor::default();
    redactor.learn(&Secret::new("whsec_c4n4ryc4n4ryc4n4ry"));
    redactor.learn(&Secret::new("an ordinary c4n4ry sentence"));
    for form in [Form::Json, Form::Text] {
        let text = logged(form, &redactor, || {
            let span = tracing::info_span!("send", url = "https://hooks.slack.com/services/T/B/c4n4ry", late = tracing::field::Empty);
            span.record("late", "password=c4n4ry");
            let _in = span.entered();
            tracing::info!("key c4n4ryc4n4ryc4n4ry is used");
            tracing::info!(secret = "c4n4ry", api_key = 421_337, "{}", "an ordinary c4n4ry sentence");
            tracing::error!(error = &Outer(Inner) as &dyn std::error::Error, "postgres://u:c4n4ry@db/assize");
            tracing::error!(headers = ?[("Authorization", "Bearer c4n4ry-c4n4ry")], "refused");
            tracing::error!(source = %"Authorization: Bearer c4n4ry-c4n4ry", "refused");
        });
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(!text.contains("c4n4ry") && !text.contains("421337"), "{text}");
        assert!(text.contains("cannot post: the server said"), "{text}");
        if form == Form::Json {
            text.lines().for_each(|line| drop(serde_json::from_str::<Value>(line).expect("it is JSON")));
        }
    }
}

#[test]
fn what_is_logged_can_change_while_it_runs() {
    let page = Page::default();
    let (subscriber, volume) = subscriber(Form::Text, "warn", Redactor::default(), Clock::from(at), page.clone()).expect("it is right");
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!("too quiet");
        volume.set("info").expect("it is right");
        tracing::info!("heard");
        assert!(volume.set("loud").is_err());
        tracing::info!("still heard");
    });
    let text = page.text();
    assert!(!text.contains("too quiet") && text.contains("heard") && text.contains("still heard"), "{text}");
}

#[test]
fn a_misspelt_level_is_told_and_not_taken_for_a_module() {
    assert!(filter("inof").expect_err("it is none").contains("`inof` is no level"));
    assert!(filter("info,daemon::alerts=debug").is_ok() && filter("").is_err() && filter("daemon=loud").is_err());
}
