//! `LookupEvents` and a trail's bucket over real HTTP: pages, refusals, answers that make no sense, and a pace.

use std::io::Write;
use std::time::{Duration, Instant};

use events::{Ended, EventSource, Span, Window};
use flate2::{Compression, write::GzEncoder};
use provider_aws::events::{LogBucket, LookupEvents, Pace};
use provider_aws::{Caller, Options};
use serde_json::{Value, json};

use super::RECORDS;
use super::responder::{Responder, reply};

const REGION: &str = "eu-west-1";

fn window() -> Window {
    let span = Span { from: "2027-03-01T10:00:00Z".parse().unwrap(), to: "2027-03-01T11:00:00Z".parse().unwrap() };
    Window { span, since: span.from, lost: None }
}

/// An answer with these records, and a token where there is more.
fn page(records: &[usize], token: Option<&str>) -> String {
    let all: Value = serde_json::from_str(RECORDS).unwrap();
    let items: Vec<Value> = records
        .iter()
        .map(|at| {
            let record = &all["Records"][*at];
            json!({ "EventId": record["eventID"], "EventName": record["eventName"], "ReadOnly": "false", "EventTime": 1_803_895_200.0, "CloudTrailEvent": record.to_string() })
        })
        .collect();
    let mut answer = json!({ "Events": items });
    if let Some(token) = token {
        answer["NextToken"] = token.into();
    }
    answer.to_string()
}

async fn source(server: &Responder) -> LookupEvents {
    let caller = Caller::connect(Options { attempts: 1, ..Options::emulator(&server.url, REGION) }).await.unwrap();
    LookupEvents::new(caller, "111122223333", &[REGION.to_owned()])
}

#[tokio::test]
async fn a_log_is_read_page_by_page_to_its_end_and_not_too_fast() {
    let server = Responder::start(vec![reply(200, &[], &page(&[0, 2], Some("more"))), reply(200, &[], &page(&[4], None))]).await;
    let source = source(&server).await;
    let began = Instant::now();
    let reading = source.read(&source.scopes()[0], &window()).await;
    assert_eq!(reading.ended, Ended::Complete);
    let actions: Vec<&str> = reading.events.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["signin:ConsoleLogin", "cloudtrail:StopLogging", "s3:PutBucketPolicy"]);
    assert!(began.elapsed() >= Duration::from_millis(450), "two calls a second are allowed");
    let seen = server.seen();
    let asked: Value = serde_json::from_str(&seen[0].body).unwrap();
    assert_eq!(asked["LookupAttributes"][0], json!({ "AttributeKey": "ReadOnly", "AttributeValue": "false" }));
    assert_eq!(asked["StartTime"].as_f64(), Some(window().span.from.as_second() as f64), "{asked}");
    assert_eq!(serde_json::from_str::<Value>(&seen[1].body).unwrap()["NextToken"], "more");
}

#[tokio::test]
async fn what_breaks_on_the_way_is_a_gap_and_keeps_what_was_read() {
    let denied = r#"{"__type":"AccessDeniedException","Message":"not authorized"}"#;
    for (answers, cause, kept) in [
        (vec![reply(400, &[], denied)], "AccessDeniedException", 0),
        (vec![reply(200, &[], &page(&[0], Some("more"))), reply(400, &[], denied)], "AccessDeniedException", 1),
        (vec![reply(200, &[], r#"{"Events":[{"EventId":"1"}]}"#)], "Malformed", 0),
        (vec![reply(200, &[], r#"{"Events":[{"CloudTrailEvent":"{\"eventName\":\"x\"}"}]}"#)], "Malformed", 0),
        (vec![reply(200, &[], &page(&[0], Some("more"))), reply(200, &[], &page(&[2], Some("more")))], "Malformed", 1),
    ] {
        let server = Responder::start(answers).await;
        let source = source(&server).await;
        let reading = source.read(&source.scopes()[0], &window()).await;
        let Ended::Gap(gap) = reading.ended else { panic!("complete, and {cause} was to come") };
        assert_eq!((gap.cause.as_str(), reading.events.len()), (cause, kept), "{gap:?}");
        assert_eq!(gap.action, "cloudtrail:LookupEvents");
    }
}

fn listing(objects: &[(&str, &str)]) -> String {
    let contents: String = objects
        .iter()
        .map(|(key, written)| format!("<Contents><Key>{key}</Key><LastModified>{written}</LastModified><Size>1</Size></Contents>"))
        .collect();
    format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>")
}

#[tokio::test]
async fn a_bucket_of_log_files_is_complete_once_something_newer_has_arrived() {
    // The listings of two days for logs and digests, the second answer being the file itself. The responder speaks text, so the file is plain.
    let name = "AWSLogs/111122223333/CloudTrail/eu-west-1/2027/03/01/1.json.gz";
    let file = reply(200, &[], &serde_json::from_str::<Value>(RECORDS).unwrap().to_string());
    let first = reply(200, &[], &listing(&[(name, "2027-03-01T10:30:00Z")]));
    let none = reply(200, &[], &listing(&[]));
    for (digest, complete) in [("2027-03-01T11:00:00Z", true), ("2027-03-01T10:59:59Z", false)] {
        let digests = reply(200, &[], &listing(&[("digest", digest)]));
        let server = Responder::start(vec![first.clone(), file.clone(), digests, none.clone(), none.clone()]).await;
        let caller = Caller::connect(Options { attempts: 1, ..Options::emulator(&server.url, REGION) }).await.unwrap();
        let scope = inventory::Scope::account("aws", "111122223333").region(REGION);
        let bucket = LogBucket::new(caller, "logs", "AWSLogs/", vec![scope.clone()]);
        let reading = bucket.read(&scope, &window()).await;
        assert_eq!(reading.ended == Ended::Complete, complete, "{:?}", reading.ended);
        assert_eq!(reading.events.len(), 12);
        assert!(
            server.seen()[0].line.contains("prefix=AWSLogs%2F111122223333%2FCloudTrail%2Feu-west-1%2F2027%2F03%2F01%2F"),
            "{}",
            server.seen()[0].line
        );
    }
}

#[tokio::test]
async fn limits_are_for_each_region_and_others_do_not_wait() {
    let pace = Pace::default();
    let began = Instant::now();
    for _ in 0..3 {
        pace.turn("cloudtrail:LookupEvents", REGION).await;
        pace.turn("s3:ListBuckets", REGION).await;
    }
    pace.turn("cloudtrail:LookupEvents", "us-east-1").await;
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(990) && took < Duration::from_millis(1_450), "{took:?}");
}

#[test]
fn a_log_file_is_read_as_it_lies_in_a_bucket_and_a_cut_one_is_refused() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(RECORDS.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let scope = inventory::Scope::account("aws", "111122223333");
    let pushed = events::transport::body(&provider_aws::events::FORMAT, &scope, &packed).unwrap();
    assert_eq!((pushed.events.len(), pushed.refused.len()), (12, 0));
    let error = events::transport::body(&provider_aws::events::FORMAT, &scope, &packed[..packed.len() - 20]).unwrap_err();
    assert!(error.to_gap("aws.cloudtrail").detail.unwrap().contains("it was cut"));
}
