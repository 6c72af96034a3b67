//! What the caller makes of everything that can go wrong on the way: it tries again, follows, gives up, and never makes it up.

use std::time::{Duration, Instant};

use provider_aws::{CallError, Caller, Cause, Options};
use serde_json::{Value, json};

use super::responder::{Answer, Responder, announced, reply};

const KEYS: &str = r#"{"Keys":[{"KeyId":"k","KeyArn":"arn:aws:kms:eu-west-1:1:key/k"}],"Truncated":false}"#;
const VPCS: &str = "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><vpcSet/></DescribeVpcsResponse>";
const SLOW_DOWN: &str = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"User: arn:aws:iam::1:user/u is not authorized"}"#;

async fn caller(server: &Responder) -> Caller {
    let options = Options { attempts: 3, read_timeout: Duration::from_millis(300), ..Options::emulator(&server.url, "eu-west-1") };
    Caller::connect(options).await.unwrap()
}

async fn list_keys(answers: Vec<Answer>) -> (Result<Value, CallError>, usize, u64) {
    let server = Responder::start(answers).await;
    let caller = caller(&server).await;
    let result = caller.call("eu-west-1", "kms", "ListKeys", json!({})).await;
    assert_eq!(caller.calls(), [("kms:ListKeys".to_owned(), 1)]);
    (result, server.seen().len(), caller.wire_calls())
}

#[tokio::test]
async fn a_busy_service_is_asked_again() {
    let (answer, seen, sent) = list_keys(vec![reply(503, &[], ""), reply(400, &[], SLOW_DOWN), reply(200, &[], KEYS)]).await;
    assert_eq!(answer.unwrap()["Keys"][0]["KeyId"], "k");
    assert_eq!((seen, sent), (3, 3));
}

#[tokio::test]
async fn a_service_that_stays_busy_is_throttling() {
    let (answer, seen, _) = list_keys(vec![reply(400, &[], SLOW_DOWN)]).await;
    let error = answer.unwrap_err();
    assert_eq!((error.cause, error.code.as_str(), error.status, seen), (Cause::Throttled, "ThrottlingException", Some(400), 3));
}

#[tokio::test]
async fn a_service_that_stays_broken_says_so() {
    let (answer, seen, _) = list_keys(vec![reply(500, &[], r#"{"__type":"KMSInternalException","message":"oops"}"#)]).await;
    let error = answer.unwrap_err();
    assert_eq!((error.cause, error.code.as_str(), seen), (Cause::Service, "KMSInternalException", 3));
}

#[tokio::test]
async fn a_refusal_is_final_and_names_the_permission() {
    let (answer, seen, _) = list_keys(vec![reply(400, &[], DENIED)]).await;
    let error = answer.unwrap_err();
    assert_eq!((error.cause, error.action.as_str(), seen), (Cause::Denied, "kms:ListKeys", 1));
    assert_eq!(error.to_gap().to_string(), "kms:ListKeys: AccessDeniedException");
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up_in_bounded_time() {
    let start = Instant::now();
    let (answer, seen, _) = list_keys(vec![Answer::Silence]).await;
    assert_eq!((answer.unwrap_err().cause, seen), (Cause::Timeout, 3));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_call_with_all_its_attempts_ends_in_time() {
    let server = Responder::start(vec![Answer::Silence]).await;
    let total_timeout = Duration::from_millis(400);
    let options = Options { total_timeout, ..Options::emulator(&server.url, "eu-west-1") };
    let start = Instant::now();
    let error = Caller::connect(options).await.unwrap().call("eu-west-1", "kms", "ListKeys", json!({})).await.unwrap_err();
    assert_eq!(error.cause, Cause::Timeout);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_answer_that_is_cut_short_is_asked_for_again_and_never_believed() {
    let cut = || announced(200, &[], &KEYS[..20], KEYS.len());
    let (answer, seen, _) = list_keys(vec![cut(), reply(200, &[], KEYS)]).await;
    assert_eq!((answer.is_ok(), seen), (true, 2));
    let (answer, ..) = list_keys(vec![cut()]).await;
    assert_eq!(answer.unwrap_err().cause, Cause::Malformed);
}

#[tokio::test]
async fn an_empty_or_foreign_answer_is_never_an_empty_success() {
    let page = "<html><body>Please sign in</body></html>";
    for body in ["", "null", "[]", "{\"Keys\":7}", page, &KEYS[..20]] {
        let (answer, ..) = list_keys(vec![reply(200, &[], body)]).await;
        assert_eq!(answer.map_err(|error| error.cause), Err(Cause::Malformed), "{body}");
    }
    for (service, operation) in [("ec2", "DescribeVpcs"), ("iam", "ListUsers"), ("s3", "ListBuckets")] {
        for body in ["", page, &VPCS[..90], "<?xml version=\"1.0\"?>", "<ListTopicsResponse/>"] {
            let server = Responder::start(vec![reply(200, &[], body)]).await;
            let error = caller(&server).await.call("eu-west-1", service, operation, json!({})).await.unwrap_err();
            assert_eq!(error.cause, Cause::Malformed, "{service} {body}");
        }
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_a_network_error() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = Options { attempts: 2, ..Options::emulator(format!("http://127.0.0.1:{port}"), "eu-west-1") };
    let error = Caller::connect(options).await.unwrap().call("eu-west-1", "kms", "ListKeys", json!({})).await.unwrap_err();
    assert_eq!(error.cause, Cause::Network, "{error}");
}

#[tokio::test]
async fn an_error_inside_a_success_is_an_error() {
    let body = "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>";
    let server = Responder::start(vec![reply(200, &[], body)]).await;
    let error = caller(&server).await.call("eu-west-1", "s3", "ListBuckets", json!({})).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.cause), ("InternalError", Cause::Service));
}

#[tokio::test]
async fn a_bucket_of_another_region_is_found_once_and_remembered() {
    let moved = "<Error><Code>PermanentRedirect</Code><Message>use the other endpoint</Message></Error>";
    let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    let server = Responder::start(vec![reply(301, &[("x-amz-bucket-region", "us-west-2")], moved), reply(200, &[], on)]).await;
    let caller = caller(&server).await;
    for _ in 0..2 {
        let answer = caller.call("eu-west-1", "s3", "GetBucketVersioning", json!({ "Bucket": "logs" })).await.unwrap();
        assert_eq!(answer, json!({ "Status": "Enabled" }));
    }
    let regions: Vec<bool> = server.seen().iter().map(|seen| seen.head.contains("/us-west-2/s3/aws4_request")).collect();
    assert_eq!(regions, [false, true, true]);
    assert!(server.seen()[0].line.starts_with("GET /logs?versioning "));
}

#[tokio::test]
async fn a_wrongly_signed_region_is_corrected_from_the_body() {
    let wrong = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong</Message><Region>eu-north-1</Region></Error>";
    let server = Responder::start(vec![reply(400, &[], wrong)]).await;
    let error = caller(&server).await.call("eu-west-1", "s3", "GetBucketVersioning", json!({ "Bucket": "logs" })).await.unwrap_err();
    // Followed once: a second refusal is the answer.
    assert_eq!((error.code.as_str(), server.seen().len()), ("AuthorizationHeaderMalformed", 2));
    assert!(server.seen()[1].head.contains("/eu-north-1/s3/aws4_request"));
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list() {
    let first = "<DescribeVpcsResponse><vpcSet/><nextToken>b</nextToken></DescribeVpcsResponse>";
    let refused = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let server = Responder::start(vec![reply(200, &[], first), reply(403, &[], refused)]).await;
    let mut pages = caller(&server).await.pages("eu-west-1", "ec2", "DescribeVpcs", json!({}));
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pages.next().await.unwrap().unwrap_err().cause, Cause::Denied);
    assert!(pages.next().await.is_none());
    assert!(server.seen()[1].body.contains("NextToken=b"));
}

#[tokio::test]
async fn requests_are_signed_and_carry_no_secret_in_errors() {
    let echo = r#"{"__type":"IncompleteSignature","message":"got Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x"}"#;
    let server = Responder::start(vec![reply(400, &[], echo)]).await;
    let error = caller(&server).await.call("eu-west-1", "kms", "ListKeys", json!({})).await.unwrap_err();
    assert_eq!(error.cause, Cause::Credentials);
    assert!(!format!("{error} {error:?}").contains("AKIA"), "{error}");
    let head = &server.seen()[0].head;
    assert!(head.contains("/eu-west-1/kms/aws4_request") && head.contains("app/assize"), "{head}");
}

#[tokio::test]
async fn an_action_is_never_asked_more_often_at_once_than_allowed() {
    for concurrency in [1, 4] {
        let server = Responder::start(vec![reply(200, &[], KEYS)]).await;
        let caller = Caller::connect(Options { concurrency, ..Options::emulator(&server.url, "eu-west-1") }).await.unwrap();
        let calls = (0..16).map(|_| {
            let caller = caller.clone();
            tokio::spawn(async move { caller.call("eu-west-1", "kms", "ListKeys", json!({})).await })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
        assert_eq!((caller.calls()[0].1, caller.wire_calls(), server.peak()), (16, 16, concurrency));
    }
}

#[tokio::test]
async fn a_misspelt_input_is_refused_before_it_is_sent() {
    let server = Responder::start(vec![reply(200, &[], KEYS)]).await;
    let caller = caller(&server).await;
    let error = caller.call("eu-west-1", "kms", "ListKeys", json!({ "Limits": 3 })).await.unwrap_err();
    assert!(error.message.contains("does not take `Limits`"), "{error}");
    assert!(caller.call("eu-west-1", "kms", "NoSuchCall", json!({})).await.is_err());
    assert_eq!(server.seen().len(), 0);
}
