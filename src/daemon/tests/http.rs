//! The listener as a client sees it, on a real socket.

mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use daemon::http::{Limits, ListenError, Server, Watched};
use daemon::metrics::{Freshness, LedgerFacts, Standing};
use daemon::{Clock, Health, Metrics, Part, Period, Redactor, Settings, Stopper};
use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

struct Running {
    address: std::net::SocketAddr,
    watched: Watched,
    stopper: Stopper,
    serving: tokio::task::JoinHandle<()>,
}

fn now() -> Timestamp {
    "2026-11-01T10:00:00Z".parse().expect("a time")
}

async fn start(limits: Limits, pages: Router) -> Running {
    let settings =
        Settings { listen: "127.0.0.1:0".parse().expect("an address"), hosts: vec!["assize.example".into()], ..Settings::default() };
    let server = Server::bind(&settings, limits).await.expect("a port");
    let watched = Watched {
        health: Arc::new(Health::new(Period::seconds(3))),
        metrics: Arc::new(Metrics::new("0.1.0", now())),
        redactor: Redactor::default(),
        clock: Clock::from(now),
    };
    let (stopper, stop) = Stopper::new();
    let address = server.address().expect("an address");
    let serving = tokio::spawn(server.serve(watched.clone(), pages, stop));
    Running { address, watched, stopper, serving }
}

async fn plain() -> Running {
    start(Limits::default(), Router::new()).await
}

impl Running {
    async fn say(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut answer = Vec::new();
        // A reset after the answer is as good as an end.
        drop(stream.read_to_end(&mut answer).await);
        String::from_utf8(answer).expect("it is text")
    }

    async fn ask(&self, method: &str, path: &str, more: &str) -> String {
        self.say(&format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{more}\r\n", self.address)).await
    }
}

fn code(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("no answer")
}

#[tokio::test]
async fn alive_until_a_loop_is_silent_for_too_long() {
    let running = plain().await;
    assert_eq!(code(&running.ask("GET", "/healthz", "").await), "200");
    running.watched.health.beat("ticks", Instant::now());
    assert_eq!(code(&running.ask("GET", "/healthz", "").await), "200");
    tokio::time::sleep(Duration::from_millis(3_200)).await;
    let answer = running.ask("GET", "/healthz", "").await;
    assert_eq!(code(&answer), "503");
    assert!(answer.contains("\"part\":\"ticks\"") && answer.contains("no beat for "), "{answer}");
}

#[tokio::test]
async fn ready_when_every_part_is_and_the_reasons_hold_no_secret() {
    let running = plain().await;
    let answer = running.ask("GET", "/readyz", "").await;
    assert_eq!(code(&answer), "503");
    for part in ["configuration", "ledger", "coverage"] {
        assert!(answer.contains(&format!("\"part\":\"{part}\"")), "{answer}");
    }
    let health = &running.watched.health;
    Part::ALL.iter().for_each(|part| health.set(*part, Ok(())));
    assert_eq!(code(&running.ask("GET", "/readyz", "").await), "200");
    health.set(Part::Ledger, Err("postgres://assize:c4n4ry@db/assize does not answer".into()));
    let answer = running.ask("GET", "/readyz", "").await;
    assert!(code(&answer) == "503" && answer.contains("does not answer") && !answer.contains("c4n4ry"), "{answer}");
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_every_answer_is_hardened() {
    let running = start(Limits::default(), Router::new().route("/door", get(|| async { "a page" }))).await;
    for (method, path, expected) in [
        ("GET", "/metrics", "200"),
        ("HEAD", "/metrics", "200"),
        ("HEAD", "/healthz", "200"),
        ("GET", "/door", "200"),
        ("GET", "/", "404"),
        ("GET", "/metrics/../etc/passwd", "404"),
        ("GET", "/healthz/", "404"),
        ("POST", "/healthz", "405"),
        ("DELETE", "/metrics", "405"),
    ] {
        let answer = running.ask(method, path, "").await;
        assert_eq!(code(&answer), expected, "{method} {path}");
        for header in ["x-content-type-options: nosniff", "content-security-policy: default-src 'none'", "cache-control: no-store"] {
            assert!(answer.contains(header), "{method} {path}: {header}");
        }
        if method == "HEAD" {
            assert!(answer.ends_with("\r\n\r\n"), "{answer}");
        }
    }
}

#[tokio::test]
async fn only_those_who_ask_for_this_host_get_an_answer() {
    let running = plain().await;
    for (host, expected) in [
        ("localhost:9464", "200"),
        ("127.0.0.1", "200"),
        ("[::1]:9464", "200"),
        ("Assize.Example", "200"),
        ("evil.example", "421"),
        ("127.0.0.1.evil.example", "421"),
        ("localhost.evil.example:9464", "421"),
        ("", "421"),
    ] {
        let answer = running.say(&format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")).await;
        assert_eq!(code(&answer), expected, "{host}");
    }
    assert_eq!(code(&running.say("GET /healthz HTTP/1.0\r\n\r\n").await), "400");
}

#[tokio::test]
async fn who_sends_too_much_or_too_slowly_is_let_go() {
    let limits = Limits { headers: Duration::from_millis(300), ..Limits::default() };
    let running = start(limits, Router::new()).await;
    let large = running.ask("GET", "/healthz", &format!("x-large: {}\r\n", "a".repeat(20_000))).await;
    assert_eq!(code(&large), "431");
    let many: String = (0..100).map(|n| format!("x-{n}: a\r\n")).collect();
    assert_eq!(code(&running.ask("GET", "/healthz", &many).await), "431");
    assert_eq!(code(&running.ask("POST", "/healthz", "content-length: 10000000\r\n").await), "413");

    let started = Instant::now();
    let mut slow = TcpStream::connect(running.address).await.expect("it listens");
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost:").await.expect("it reads");
    let mut answer = Vec::new();
    drop(slow.read_to_end(&mut answer).await);
    assert!(started.elapsed() < Duration::from_secs(8), "the headers never end");

    let mut idle = TcpStream::connect(running.address).await.expect("it listens");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("it reads");
    let started = Instant::now();
    drop(idle.read_to_end(&mut answer).await);
    assert!(started.elapsed() < Duration::from_secs(8), "an idle connection is not kept");
}

#[tokio::test]
async fn an_answer_that_is_never_made_is_given_up() {
    let limits = Limits { answer: Duration::from_millis(200), ..Limits::default() };
    let hangs = Router::new().route("/hangs", get(|| async { std::future::pending::<&str>().await }));
    let running = start(limits, hangs).await;
    assert_eq!(code(&running.ask("GET", "/hangs", "").await), "504");
}

#[tokio::test]
async fn more_clients_than_there_is_room_for_wait_their_turn() {
    let limits = Limits { connections: 2, headers: Duration::from_millis(500), ..Limits::default() };
    let running = start(limits, Router::new()).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(running.address).await.expect("it listens");
        stream.write_all(b"GET /").await.expect("it reads");
        held.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    let answer = running.ask("GET", "/healthz", "").await;
    assert_eq!(code(&answer), "200");
    assert!(started.elapsed() > Duration::from_millis(200), "it waited until the slow ones were let go: {:?}", started.elapsed());
}

#[tokio::test]
async fn the_end_lets_an_answer_finish_and_takes_nobody_new() {
    let slow = Router::new().route(
        "/slow",
        get(|| async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "finished"
        }),
    );
    let running = start(Limits::default(), slow).await;
    let (answer, ()) = tokio::join!(running.ask("GET", "/slow", ""), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        running.stopper.ask();
    });
    assert!(answer.ends_with("finished"), "{answer}");
    running.serving.await.expect("it ends");
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens");
}

#[tokio::test]
async fn an_address_that_others_reach_is_not_listened_on_by_mistake() {
    let settings = Settings { listen: "0.0.0.0:0".parse().expect("an address"), ..Settings::default() };
    let error = Server::bind(&settings, Limits::default()).await.expect_err("others could reach it");
    assert!(matches!(error, ListenError::Public(_)) && error.to_string().contains("listen_public = true"), "{error}");
    let settings = Settings { listen_public: true, ..settings };
    Server::bind(&settings, Limits::default()).await.expect("it was asked for");
}

fn filled(metrics: &Metrics) {
    let fresh =
        |scope: String| Freshness { scope, control: "dat-01".into(), assessed: now(), expires: now() + SignedDuration::from_hours(26) };
    let odd = ["prod", "a \"quoted\\\" scope\nof two lines", "ümlaut"].map(String::from);
    metrics.stands(&Standing {
        freshness: odd.into_iter().chain((0..500).map(|n| format!("account-{n}"))).map(fresh).collect(),
        open_findings: [("critical".to_owned(), 2)].into(),
        ..Standing::default()
    });
    metrics.ledger(&LedgerFacts { entries: 10, bytes: Some(4096), checkpoint: Some(now()), verified: Some(true) });
    metrics.tick("nightly", "done");
    metrics.run_ended("nightly", "done", Duration::from_secs(42));
    metrics.window("cloudtrail", 100, 7, now());
}

/// Parses with the official client of Prometheus, and says each family's type and every sample.
const PARSER: &str = r##"
import sys, json
text = sys.stdin.read()
if text.rstrip().endswith("# EOF"):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
else:
    from prometheus_client.parser import text_string_to_metric_families as parse
print(json.dumps([[f.name, f.type, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]] for f in parse(text)]))
"##;

/// Name, type, help and samples, each with its labels.
type Family = (String, String, String, Vec<(String, serde_json::Value, f64)>);

#[tokio::test]
async fn an_independent_parser_reads_every_metric() {
    let Some(python) = common::python("prometheus_client", "an_independent_parser_reads_every_metric") else { return };
    let running = plain().await;
    filled(&running.watched.metrics);
    for (accept, kind) in
        [("", "text/plain; version=0.0.4"), ("accept: application/openmetrics-text;version=1.0.0\r\n", "application/openmetrics-text")]
    {
        let answer = running.ask("GET", "/metrics", accept).await;
        let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
        assert!(head.contains(kind), "{head}");
        let families: Vec<Family> = serde_json::from_str(&common::run_python(&python, PARSER, body)).expect("it is JSON");
        assert_eq!(families.len(), daemon::metrics::names::ALL.len());
        assert!(families.iter().all(|(_, kind, help, _)| kind != "unknown" && !help.is_empty()), "{families:#?}");
        let (_, _, _, fresh) = &families[0];
        assert_eq!(fresh.len(), 503);
        assert!(
            fresh.iter().any(|(_, labels, value)| labels["scope"] == "a \"quoted\\\" scope\nof two lines" && *value == 1_793_527_200.0)
        );
        let buckets = families.iter().find(|(name, ..)| name == "assize_run_duration_seconds").expect("it is told").3.len();
        assert_eq!(buckets, 9 + 1 + 2, "buckets, infinity, count and sum");
    }
}
