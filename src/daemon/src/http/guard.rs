//! What holds for every answer: who may ask, how much, how long it takes, and what a browser may do with it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_LENGTH, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::Limits;

#[derive(Debug)]
struct Guard {
    hosts: Vec<String>,
    limits: Limits,
}

/// The routes, guarded; what is not among them is not found.
pub fn around(routes: Router, hosts: Vec<String>, limits: Limits) -> Router {
    let guard = Arc::new(Guard { hosts, limits });
    routes
        .fallback(|| async { (StatusCode::NOT_FOUND, "nothing is here\n") })
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(from_fn_with_state(guard, watch))
}

async fn watch(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let answer = match refused(&guard, request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => tokio::time::timeout(guard.limits.answer, next.run(request))
            .await
            .unwrap_or_else(|_| (StatusCode::GATEWAY_TIMEOUT, "this takes too long\n").into_response()),
    };
    hardened(answer)
}

fn refused(guard: &Guard, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    let size = headers.get(CONTENT_LENGTH).and_then(|size| size.to_str().ok()?.parse::<usize>().ok());
    if size.is_some_and(|size| size > guard.limits.body_bytes) {
        return Some((StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n"));
    }
    match headers.get(HOST).map(|host| host.to_str().is_ok_and(|host| expected(guard, host))) {
        Some(true) => None,
        Some(false) => Some((StatusCode::MISDIRECTED_REQUEST, "not this host; name it in `hosts` of `[daemon]` if it is\n")),
        None => Some((StatusCode::BAD_REQUEST, "the request names no host\n")),
    }
}

/// An address and `localhost` are ours; a name may be anybody's who points it here, so it must be one that we were told.
fn expected(guard: &Guard, host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let host = authority.host();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<std::net::IpAddr>().is_ok()
        || host.eq_ignore_ascii_case("localhost")
        || guard.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
}

const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Pages that know better have said so; everything else gets the strictest.
fn hardened(mut answer: Response) -> Response {
    for (name, value) in HEADERS {
        answer.headers_mut().entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    answer
}
