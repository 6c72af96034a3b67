//! Alerts on a real wire: signed, tried again, given up, and neither lost nor renamed by a crash.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use common::{Receiver, reply};
use daemon::alerts::{
    Alert, Channel, Depth, Dispatcher, Entry, MemoryOutbox, Message, Outbox, OutboxError, Outcome, Severity, SigningKey, abandon, route,
    sign,
};
use daemon::metrics::Form;
use daemon::{ChannelSettings, Clock, Health, Metrics, Period, Redactor, Secret, Stopper};
use jiff::Timestamp;
use uuid::Uuid;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_KEY: &str = "whsec_QSBrZXkgdGhhdCBpcyBiZWluZyByZXBsYWNlZC4=";
const START: i64 = 1_793_527_200;

/// A clock that only the test moves.
#[derive(Clone)]
struct Hand(Arc<AtomicI64>);

impl Hand {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }

    fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).expect("a time")
    }

    fn clock(&self) -> Clock {
        let hand = self.clone();
        Clock::from(move || hand.now())
    }
}

/// A channel to a receiver; `more` are settings that are not the bench's.
fn channel(receiver: &Receiver, more: &str) -> Channel {
    patient(receiver, more, Duration::from_millis(500))
}

fn patient(receiver: &Receiver, more: &str, patience: Duration) -> Channel {
    let mut json = serde_json::json!({
        "name": "desk", "severity": "low", "messages_per_hour": 3600, "burst": 100,
        "webhook": {
            "url": format!("http://{}/hook", receiver.address),
            "secret": { "env": "KEY" },
            "previous_secret": { "env": "OLD" },
        },
    });
    let more: serde_json::Map<String, serde_json::Value> = serde_json::from_str(more).expect("it is an object");
    json.as_object_mut().expect("it is one").extend(more);
    let settings: ChannelSettings = serde_json::from_value(json).expect("it is one");
    assert_eq!(settings.problems(), []);
    let env = |name: &str| match name {
        "KEY" => Some(KEY.to_owned()),
        "OLD" => Some(OLD_KEY.to_owned()),
        _ => None,
    };
    Channel::open(&settings, "/assize/test", Path::new("."), &env, &Redactor::default(), patience).expect("it is right")
}

fn alert(id: &str, at: Timestamp) -> Alert {
    // Every alert has a control of its own, and so is a group of its own.
    Alert::finding(id, Severity::Critical, &format!("control-{id}"), "prod", "No public buckets", &["logs".into()], at)
}

struct Bench {
    hand: Hand,
    outbox: MemoryOutbox,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    channel: Channel,
}

impl Bench {
    fn new(receiver: &Receiver, more: &str) -> Self {
        let hand = Hand::new();
        let metrics = Arc::new(Metrics::new("0.1.0", hand.now()));
        Self {
            outbox: MemoryOutbox::default(),
            metrics,
            health: Arc::new(Health::new(Period::seconds(60))),
            channel: channel(receiver, more),
            hand,
        }
    }

    fn put(&self, alerts: &[Alert]) -> Vec<Entry> {
        let entries = route(std::slice::from_ref(&self.channel), alerts, self.hand.now());
        self.outbox.put(&entries).expect("memory takes it");
        entries
    }

    fn dispatcher(&self, owner: u128) -> Dispatcher {
        self.dispatcher_of(Arc::new(self.outbox.clone()), owner)
    }

    fn dispatcher_of(&self, outbox: Arc<dyn Outbox>, owner: u128) -> Dispatcher {
        Dispatcher::new(
            self.channel.clone(),
            outbox,
            Arc::clone(&self.metrics),
            Arc::clone(&self.health),
            self.hand.clock(),
            Uuid::from_u128(owner),
        )
    }

    fn told(&self, line: &str) -> bool {
        self.metrics.exposition(Form::Text, self.hand.now()).expect("it is written").lines().any(|told| told == line)
    }
}

#[tokio::test]
async fn an_alert_arrives_signed_by_both_keys() {
    let receiver = Receiver::always("204 No Content");
    let bench = Bench::new(&receiver, "{}");
    bench.put(&[alert("1", bench.hand.now())]);
    let mut dispatcher = bench.dispatcher(1);
    dispatcher.turn().await.expect("memory answers");
    assert_eq!(receiver.received().len(), 0, "the group waits for others");
    bench.hand.forward(31);
    dispatcher.turn().await.expect("memory answers");
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    let one = &received[0];
    assert_eq!(one.headers["content-type"], "application/cloudevents+json; charset=utf-8");
    let seconds: i64 = one.headers["webhook-timestamp"].parse().expect("a number");
    let keys = [KEY, OLD_KEY].map(|key| SigningKey::parse(&Secret::new(key)).expect("it is a key"));
    assert_eq!(one.headers["webhook-signature"], sign(&keys, one.id(), seconds, &one.body));
    assert!(one.headers["webhook-signature"].split(' ').count() == 2);
    assert_eq!(bench.outbox.done().len(), 1);
    assert!(bench.told("assize_alert_attempts_total{channel=\"desk\",outcome=\"sent\"} 1"));
    assert!(bench.told("assize_outbox_alerts{channel=\"desk\",state=\"waiting\"} 0.0"));
}

/// The official library of Standard Webhooks.
const VERIFIER: &str = r#"
import sys, json
from standardwebhooks.webhooks import Webhook
for case in json.load(sys.stdin):
    try:
        Webhook(case["secret"]).verify(case["body"], case["headers"])
        print("good")
    except Exception as error:
        print("bad")
"#;

#[tokio::test]
async fn the_official_library_verifies_what_we_sign_and_nothing_else() {
    let Some(python) = common::python("standardwebhooks", "the_official_library_verifies_what_we_sign_and_nothing_else") else { return };
    let receiver = Receiver::always("200 OK");
    let bench = Bench::new(&receiver, "{}");
    // The library compares with the real time.
    bench.hand.0.store(Timestamp::now().as_second() - 31, Ordering::SeqCst);
    bench.put(&[alert("ümlaut", bench.hand.now()), alert("2", bench.hand.now())]);
    let mut dispatcher = bench.dispatcher(1);
    bench.hand.forward(31);
    dispatcher.turn().await.expect("memory answers");
    let received = receiver.received();
    let one = received.first().expect("it arrived");
    let case = |secret: &str, body: &str| serde_json::json!({ "secret": secret, "body": body, "headers": one.headers });
    let changed = one.body.replace("critical", "low");
    assert_ne!(changed, one.body);
    let other = "whsec_c29tZWJvZHkgZWxzZSdzIGtleSBlbnRpcmVseQ==";
    let cases = serde_json::json!([case(KEY, &one.body), case(OLD_KEY, &one.body), case(other, &one.body), case(KEY, &changed)]);
    assert_eq!(common::run_python(&python, VERIFIER, &cases.to_string()), "good\ngood\nbad\nbad\n");
}

#[tokio::test]
async fn what_does_not_arrive_is_tried_again_with_the_same_id_until_it_does() {
    let elsewhere = Receiver::always("200 OK");
    let target = format!("location: http://{}/stolen\r\n", elsewhere.address);
    let receiver = Receiver::start(move |_, before| match before {
        0 => Some(reply("500 Internal Server Error", "")),
        1 => Some(reply("429 Too Many Requests", "retry-after: 120\r\n")),
        2 => Some(reply("307 Temporary Redirect", &target)),
        3 => None,
        _ => Some(reply("200 OK", "")),
    });
    let bench = Bench::new(&receiver, "{}");
    bench.put(&[alert("1", bench.hand.now())]);
    let mut dispatcher = bench.dispatcher(1);
    bench.hand.forward(31);
    dispatcher.turn().await.expect("memory answers");
    bench.hand.forward(6);
    dispatcher.turn().await.expect("memory answers");
    assert_eq!(receiver.received().len(), 2);
    bench.hand.forward(119);
    dispatcher.turn().await.expect("memory answers");
    assert_eq!(receiver.received().len(), 2, "the receiver asked for two minutes");
    bench.hand.forward(1);
    dispatcher.turn().await.expect("memory answers");
    bench.hand.forward(60);
    dispatcher.turn().await.expect("memory answers");
    assert_eq!(receiver.received().len(), 4);
    assert!(bench.outbox.done().is_empty(), "a receiver that hangs has not answered");
    bench.hand.forward(120);
    dispatcher.turn().await.expect("memory answers");
    let received = receiver.received();
    assert_eq!((received.len(), bench.outbox.done().len()), (5, 1));
    assert!(received.iter().all(|one| one.id() == received[0].id() && one.body == received[0].body));
    assert_eq!(elsewhere.received().len(), 0, "a redirect is not followed");
    assert!(bench.told("assize_alert_attempts_total{channel=\"desk\",outcome=\"retry\"} 4"));
}

#[tokio::test]
async fn what_never_arrives_is_given_up_with_its_reason() {
    let receiver = Receiver::start(|_, _| {
        Some("HTTP/1.1 403 Forbidden\r\ncontent-length: 28\r\nconnection: close\r\n\r\ntoken: c4n4ry is not allowed".into())
    });
    let bench = Bench::new(&receiver, r#"{"attempts": 3}"#);
    bench.put(&[alert("1", bench.hand.now())]);
    let mut dispatcher = bench.dispatcher(1);
    for _ in 0..5 {
        bench.hand.forward(60);
        dispatcher.turn().await.expect("memory answers");
    }
    assert_eq!(receiver.received().len(), 3);
    let dead = bench.outbox.dead();
    assert_eq!(dead.len(), 1);
    assert!(dead[0].1.starts_with("attempt 3: answered 403") && !dead[0].1.contains("c4n4ry"), "{dead:?}");
    assert!(bench.told("assize_alerts_dead_total{channel=\"desk\",reason=\"status_4xx\"} 1"));
    assert!(bench.told("assize_outbox_alerts{channel=\"desk\",state=\"dead\"} 1.0"));

    let gone = Receiver::always("410 Gone");
    let bench = Bench::new(&gone, "{}");
    bench.put(&[alert("1", bench.hand.now())]);
    let mut dispatcher = bench.dispatcher(1);
    bench.hand.forward(31);
    dispatcher.turn().await.expect("memory answers");
    assert_eq!((gone.received().len(), bench.outbox.dead().len()), (1, 1), "gone is gone");

    bench.put(&[alert("2", bench.hand.now())]);
    abandon(std::slice::from_ref(&bench.channel), &bench.outbox, &bench.metrics, bench.hand.now()).expect("memory answers");
    assert_eq!(bench.outbox.dead().len(), 1, "the channel is there");
    abandon(&[], &bench.outbox, &bench.metrics, bench.hand.now()).expect("memory answers");
    assert_eq!(bench.outbox.dead().len(), 2);
    assert!(bench.told("assize_alerts_dead_total{channel=\"desk\",reason=\"unconfigured\"} 1"));
}

#[tokio::test]
async fn nobody_listens_is_a_reason_like_any_other() {
    let receiver = Receiver::always("200 OK");
    let mut bench = Bench::new(&receiver, r#"{"attempts": 1}"#);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    bench.channel = channel(&receiver.at(closed), r#"{"attempts": 1}"#);
    bench.put(&[alert("1", bench.hand.now())]);
    let mut dispatcher = bench.dispatcher(1);
    bench.hand.forward(31);
    dispatcher.turn().await.expect("memory answers");
    assert!(bench.outbox.dead()[0].1.contains("cannot be reached"), "{:?}", bench.outbox.dead());
    assert!(bench.told("assize_alerts_dead_total{channel=\"desk\",reason=\"connection\"} 1"));
}

#[tokio::test]
async fn a_flood_is_told_in_few_messages_and_none_of_it_is_lost() {
    let receiver = Receiver::always("200 OK");
    let bench = Bench::new(&receiver, r#"{"messages_per_hour": 60, "burst": 3}"#);
    let mut dispatcher = bench.dispatcher(1);
    let mut put = BTreeSet::new();
    for minute in 0..10 {
        let alerts: Vec<Alert> = (0..100).map(|n| alert(&format!("{minute}-{n}"), bench.hand.now())).collect();
        put.extend(bench.put(&alerts).into_iter().map(|entry| entry.alert.id));
        bench.hand.forward(60);
        dispatcher.turn().await.expect("memory answers");
    }
    let received = receiver.received();
    assert!((10..=13).contains(&received.len()), "one a minute, and the burst: {}", received.len());
    assert_eq!(arrived(&receiver), put);
}

#[tokio::test]
async fn a_crash_between_sending_and_settling_sends_again_with_the_same_id() {
    let receiver = Receiver::always("200 OK");
    let bench = Bench::new(&receiver, "{}");
    bench.put(&[alert("1", bench.hand.now())]);
    bench.hand.forward(31);
    let broken = Arc::new(CannotSettle(bench.outbox.clone()));
    bench.dispatcher_of(broken, 1).turn().await.expect_err("it cannot settle");
    assert_eq!((receiver.received().len(), bench.outbox.done().len()), (1, 0));
    let mut next = bench.dispatcher(2);
    next.turn().await.expect("memory answers");
    assert_eq!(receiver.received().len(), 1, "the lease of the one that died stands");
    bench.hand.forward(61);
    next.turn().await.expect("memory answers");
    let received = receiver.received();
    assert_eq!((received.len(), bench.outbox.done().len()), (2, 1));
    assert_eq!((received[0].id(), &received[0].body), (received[1].id(), &received[1].body));
    assert!(!bench.outbox.settle(Uuid::nil(), Uuid::from_u128(1), &Outcome::Done, bench.hand.now()).expect("memory answers"));
}

/// Polls a future until it has said so many times that it is not done, and then lets it go, as a crash would.
async fn cut_after<F: Future>(future: F, polls: u64) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

fn arrived(receiver: &Receiver) -> BTreeSet<Uuid> {
    let ids = |body: &str| -> Vec<Uuid> {
        let event: serde_json::Value = serde_json::from_str(body).expect("it is JSON");
        let alerts = event["data"]["alerts"].as_array().expect("alerts").clone();
        alerts.iter().map(|alert| alert["id"].as_str().expect("an id").parse().expect("an id")).collect()
    };
    receiver.received().iter().flat_map(|one| ids(&one.body)).collect()
}

/// A thousand times: something happens, a new process sends, and is cut off somewhere. Then one runs to the end.
async fn after_a_thousand_crashes(bench: &Bench, outbox: impl Fn() -> Arc<dyn Outbox>) -> (BTreeSet<Uuid>, u32) {
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut put = BTreeSet::new();
    let mut crashes = 0;
    let mut owner = 0;
    while crashes < 1_000 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        owner += 1;
        let alerts: Vec<Alert> = (0..random % 3).map(|n| alert(&format!("{owner}-{n}"), bench.hand.now())).collect();
        put.extend(bench.put(&alerts).into_iter().map(|entry| entry.alert.id));
        bench.hand.forward(61);
        let mut dispatcher = bench.dispatcher_of(outbox(), owner);
        if cut_after(dispatcher.turn(), (random >> 32) % 12).await.is_none() {
            crashes += 1;
        }
    }
    let mut last = bench.dispatcher_of(outbox(), owner + 1);
    for _ in 0..2_000 {
        bench.hand.forward(3_700);
        last.turn().await.expect("memory answers");
        if bench.outbox.depth().expect("memory answers").values().all(|depth| depth.waiting + depth.sending == 0) {
            break;
        }
    }
    (put, crashes)
}

#[tokio::test]
async fn nothing_is_lost_or_renamed_over_a_thousand_crashes() {
    // One answer in seven is an error, so that there are attempts to be counted too.
    let receiver = Receiver::start(|_, before| Some(reply(if before % 7 == 6 { "503 Service Unavailable" } else { "200 OK" }, "")));
    let bench = Bench::new(&receiver, r#"{"attempts": 100}"#);
    let (put, crashes) = after_a_thousand_crashes(&bench, || Arc::new(bench.outbox.clone())).await;
    assert_eq!(arrived(&receiver), put, "every alert arrived");
    assert_eq!((bench.outbox.done().len(), bench.outbox.dead().len()), (put.len(), 0), "and the outbox knows it");
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut holders: BTreeMap<Uuid, String> = BTreeMap::new();
    let received = receiver.received();
    for one in &received {
        let first = bodies.entry(one.id().to_owned()).or_insert_with(|| one.body.clone());
        assert_eq!(first, &one.body, "a message is the same at every attempt");
        let event: serde_json::Value = serde_json::from_str(&one.body).expect("it is JSON");
        for alert in event["data"]["alerts"].as_array().expect("alerts") {
            let id: Uuid = alert["id"].as_str().expect("an id").parse().expect("an id");
            let holder = holders.entry(id).or_insert_with(|| one.id().to_owned());
            assert_eq!(holder, one.id(), "an alert is in one message only, so that a receiver can tell doubles by its id");
        }
    }
    assert!(received.len() > bodies.len() + 50, "crashes after sending sent again: {} of {}", received.len(), bodies.len());
    println!("{crashes} crashes, {} alerts, {} messages, {} posts", put.len(), bodies.len(), received.len());
}

/// The control: with an outbox that settles before it sends, the same test finds what is lost.
#[tokio::test]
async fn an_outbox_that_settles_too_early_loses_alerts_and_the_test_sees_it() {
    let receiver = Receiver::always("200 OK");
    let bench = Bench::new(&receiver, "{}");
    let (put, _) = after_a_thousand_crashes(&bench, || Arc::new(SettlesTooEarly(bench.outbox.clone()))).await;
    assert!(arrived(&receiver).len() < put.len(), "{} of {} arrived", arrived(&receiver).len(), put.len());
}

#[tokio::test]
async fn the_end_lets_a_message_finish_and_a_channel_that_hangs_keeps_no_other() {
    let hangs = Receiver::start(|_, _| None);
    let answers = Receiver::always("200 OK");
    let (mut slow, quick) = (Bench::new(&hangs, r#"{"group_wait": "PT1S"}"#), Bench::new(&answers, r#"{"group_wait": "PT1S"}"#));
    slow.channel = patient(&hangs, r#"{"group_wait": "PT1S"}"#, Duration::from_secs(4));
    slow.put(&[alert("1", slow.hand.now())]);
    quick.put(&[alert("1", quick.hand.now())]);
    slow.hand.forward(2);
    quick.hand.forward(2);
    let wake = tokio::sync::Notify::new();
    let (stopper, stop) = Stopper::new();
    let started = Instant::now();
    let ending = async {
        while answers.received().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(started.elapsed() < Duration::from_millis(3_500), "it did not wait for the one that hangs");
        assert!(slow.outbox.done().is_empty());
        stopper.ask();
    };
    let (slow_one, quick_one) = (slow.dispatcher(1), quick.dispatcher(1));
    tokio::join!(slow_one.run(&wake, stop.clone()), quick_one.run(&wake, stop), ending);
    assert_eq!((quick.outbox.done().len(), slow.outbox.dead().len()), (1, 0));
    let depth: Depth = slow.outbox.depth().expect("memory answers")["desk"];
    assert_eq!(depth.sending, 1, "it is tried again by whoever comes next");
    assert_eq!(quick.health.not_alive(Instant::now() + Duration::from_secs(3_600)), [], "a loop that ended is not missed");
}

/// Passes everything on but what a case changes.
macro_rules! passes_on {
    ($name:ident { $($changed:tt)* } $($function:ident($($argument:ident: $of:ty),*) -> $gives:ty;)*) => {
        struct $name(MemoryOutbox);
        impl Outbox for $name {
            $($changed)*
            $(fn $function(&self, $($argument: $of),*) -> Result<$gives, OutboxError> { self.0.$function($($argument),*) })*
        }
    };
}

passes_on! {
    CannotSettle {
        fn settle(&self, _: Uuid, _: Uuid, _: &Outcome, _: Timestamp) -> Result<bool, OutboxError> {
            Err(OutboxError { doing: "written", source: "the disk is full".into() })
        }
    }
    put(entries: &[Entry]) -> ();
    waiting(channel: &str, limit: usize) -> Vec<Entry>;
    bundle(message: Uuid, entries: &[Uuid], now: Timestamp) -> bool;
    claim(channel: &str, owner: Uuid, now: Timestamp, until: Timestamp) -> Option<Message>;
    abandon(known: &[&str], reason: &str, now: Timestamp) -> BTreeMap<String, u64>;
    forget(before: Timestamp) -> u64;
    depth() -> BTreeMap<String, Depth>;
}

passes_on! {
    SettlesTooEarly {
        fn claim(&self, channel: &str, owner: Uuid, now: Timestamp, until: Timestamp) -> Result<Option<Message>, OutboxError> {
            let message = self.0.claim(channel, owner, now, until)?;
            if let Some(message) = &message {
                self.0.settle(message.id, owner, &Outcome::Done, now)?;
            }
            Ok(message)
        }
    }
    put(entries: &[Entry]) -> ();
    waiting(channel: &str, limit: usize) -> Vec<Entry>;
    bundle(message: Uuid, entries: &[Uuid], now: Timestamp) -> bool;
    settle(message: Uuid, owner: Uuid, outcome: &Outcome, now: Timestamp) -> bool;
    abandon(known: &[&str], reason: &str, now: Timestamp) -> BTreeMap<String, u64>;
    forget(before: Timestamp) -> u64;
    depth() -> BTreeMap<String, Depth>;
}
