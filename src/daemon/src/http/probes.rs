//! The three answers about the daemon itself.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::health::Reason;
use crate::metrics::Form;
use crate::{Clock, Health, Metrics, Redactor};

/// What the answers are made of.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Alive and ready.
    pub health: Arc<Health>,
    /// The numbers.
    pub metrics: Arc<Metrics>,
    /// Cleans reasons, which may quote an error of a database or a cloud.
    pub redactor: Redactor,
    /// The time of day.
    pub clock: Clock,
}

/// `/healthz`, `/readyz` and `/metrics`.
pub fn probes(watched: Watched) -> Router {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(metrics)).with_state(watched)
}

async fn healthz(State(watched): State<Watched>) -> Response {
    told(&watched, "alive", watched.health.not_alive(Instant::now()))
}

async fn readyz(State(watched): State<Watched>) -> Response {
    told(&watched, "ready", watched.health.not_ready())
}

fn told(watched: &Watched, good: &str, reasons: Vec<Reason>) -> Response {
    let (code, body) = match reasons.is_empty() {
        true => (StatusCode::OK, json!({ "status": good })),
        false => {
            let clean = |reason: Reason| json!({ "part": reason.part, "why": watched.redactor.clean(&reason.why) });
            let reasons: Vec<_> = reasons.into_iter().map(clean).collect();
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "status": format!("not {good}"), "reasons": reasons }))
        }
    };
    (code, [(CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
}

async fn metrics(State(watched): State<Watched>, headers: HeaderMap) -> Response {
    let asked = |kind: &str| headers.get_all(ACCEPT).iter().any(|value| value.to_str().is_ok_and(|value| value.contains(kind)));
    let form = if asked("application/openmetrics-text") { Form::OpenMetrics } else { Form::Text };
    match watched.metrics.exposition(form, watched.clock.now()) {
        Ok(text) => ([(CONTENT_TYPE, form.content_type())], text).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written\n").into_response(),
    }
}
