//! What the environment and the shared configuration files say is heard. Each case runs in a process of its own, because a
//! process has one environment.

use std::process::Output;

use provider_aws::{Caller, Cause, Options};
use serde_json::json;

use super::responder::{Responder, reply};

const KEYS: &str = r#"{"Keys":[],"Truncated":false}"#;
const NOWHERE: &str = "http://127.0.0.1:1";

/// Runs the ignored test `case` of this file with nothing of this machine's AWS configuration but `variables`.
async fn run(case: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("environment::{case}"), "--ignored", "--nocapture"]);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    let nothing = std::env::temp_dir().join("assize-no-such-folder");
    command.env("AWS_CONFIG_FILE", nothing.join("config")).env("AWS_SHARED_CREDENTIALS_FILE", nothing.join("credentials"));
    command.env("AWS_EC2_METADATA_DISABLED", "true").envs(variables.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn assert_passed(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

/// Keys and a region from the environment, and these variables besides.
fn with_keys<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let keys = [("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing"), ("AWS_REGION", "eu-west-1")];
    keys.into_iter().chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn an_endpoint_for_all_services_is_heard() {
    let server = Responder::start(vec![reply(200, &[], KEYS)]).await;
    assert_passed(&run("list_keys", &with_keys(&[("AWS_ENDPOINT_URL", &server.url)])).await);
    assert!(server.seen()[0].head.contains("/eu-west-1/kms/aws4_request"));
}

#[tokio::test]
async fn an_endpoint_for_one_service_wins_over_the_one_for_all() {
    let server = Responder::start(vec![reply(200, &[], KEYS)]).await;
    let endpoints = [("AWS_ENDPOINT_URL", NOWHERE), ("AWS_ENDPOINT_URL_KMS", server.url.as_str())];
    assert_passed(&run("list_keys", &with_keys(&endpoints)).await);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_profile_gives_credentials_region_and_endpoint() {
    let server = Responder::start(vec![reply(200, &[], KEYS)]).await;
    let file = std::env::temp_dir().join(format!("assize-config-{}", std::process::id()));
    let keys = "aws_access_key_id = testing\naws_secret_access_key = testing";
    std::fs::write(&file, format!("[profile audit]\nregion = sa-east-1\n{keys}\nendpoint_url = {}\n", server.url)).unwrap();
    let variables = [("AWS_CONFIG_FILE", file.to_str().unwrap()), ("AWS_PROFILE", "audit")];
    let output = run("list_keys", &variables).await;
    std::fs::remove_file(&file).unwrap();
    assert_passed(&output);
    assert!(server.seen()[0].head.contains("/sa-east-1/kms/aws4_request"), "{}", server.seen()[0].head);
}

#[tokio::test]
async fn without_credentials_nothing_is_asked() {
    assert_passed(&run("connect_without_credentials", &[]).await);
}

#[tokio::test]
#[ignore = "run by the other tests, in an environment of their making"]
async fn list_keys() {
    let caller = Caller::connect(Options { attempts: 1, ..Options::default() }).await.unwrap();
    let region = caller.home_region().to_owned();
    assert_eq!(caller.call(&region, "kms", "ListKeys", json!({})).await.unwrap()["Keys"], json!([]));
}

#[tokio::test]
#[ignore = "run by the other tests, in an environment of their making"]
async fn connect_without_credentials() {
    let error = Caller::connect(Options::default()).await.unwrap_err();
    assert_eq!(error.cause, Cause::Credentials, "{error}");
}
