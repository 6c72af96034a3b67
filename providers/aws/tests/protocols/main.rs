//! The public protocol suites of the vendor's SDKs, which botocore carries, run against `protocol`.
//!
//! The suites are not part of this repository. They lie in botocore's source archive on PyPI; unpacked, the folder
//! `tests/unit/protocols` is named by `ASSIZE_PROTOCOL_TESTS`, or found at its usual place in the cache.

mod compare;
mod ignored;
mod suite;

use provider_aws::protocol::{Failure, Reply, build_request, parse_response};
use serde_json::{Map, Value, json};

use suite::{Case, Direction};

const PROTOCOLS: [&str; 7] = ["json", "json_1_0", "json_1_0-query-compatible", "rest-json", "rest-xml", "query", "ec2"];

#[test]
fn requests_are_written_as_the_public_suites_demand() {
    run("requests_are_written_as_the_public_suites_demand", Direction::Input, check_request);
}

#[test]
fn answers_are_read_as_the_public_suites_demand() {
    run("answers_are_read_as_the_public_suites_demand", Direction::Output, check_answer);
}

fn run(test: &str, direction: Direction, check: fn(&Case) -> Result<(), String>) {
    let Some(folder) = suite::folder(test) else { return };
    let mut failed = Vec::new();
    for protocol in PROTOCOLS {
        let (mut passed, mut skipped) = (0, Vec::new());
        for case in suite::cases(&folder, protocol, direction) {
            if let Some(reason) = ignored::reason(protocol, direction, &case.id) {
                skipped.push(format!("{} ({reason})", case.id));
                // An entry that is no longer needed is removed, not kept.
                if check(&case).is_ok() {
                    failed.push(format!("{protocol}: {} is ignored and passes", case.id));
                }
                continue;
            }
            match check(&case) {
                Ok(()) => passed += 1,
                Err(why) => failed.push(format!("{protocol}: {} [{}]: {why}", case.id, case.description)),
            }
        }
        println!("{protocol} {direction:?}: {passed} passed, {} ignored: {}", skipped.len(), skipped.join(", "));
    }
    assert!(failed.is_empty(), "{} cases failed:\n{}", failed.len(), failed.join("\n"));
}

fn check_request(case: &Case) -> Result<(), String> {
    let expected = &case.text["serialized"];
    let shape = case.operation.input.as_ref().map(|member| case.service.at(member));
    let params = shape.map_or(json!({}), |at| compare::input(&case.service, at, &case.text["params"]));
    let request = build_request(&case.service, &case.operation, &params).map_err(|why| why.to_string())?;
    if let Some(method) = expected["method"].as_str() {
        compare::equal("method", &request.method, method)?;
    }
    compare::uris(&format!("{}{}", case.endpoint_path(), request.uri), expected["uri"].as_str().unwrap_or_default())?;
    compare::headers(&request, expected)?;
    if let Some(host) = expected["host"].as_str() {
        let prefix = request.host_prefix.clone().unwrap_or_default();
        // Some cases name the path of the address along with its host.
        let (authority, path) = case.endpoint();
        let path = if host.contains('/') { path } else { "" };
        compare::equal("host", &format!("{prefix}{authority}{path}"), host)?;
    }
    match expected["body"].as_str() {
        Some(body) => compare::bodies(case.service.metadata.protocol, &request.body, body),
        None => Ok(()),
    }
}

fn check_answer(case: &Case) -> Result<(), String> {
    let response = &case.text["response"];
    let headers: Vec<(String, String)> = response["headers"].as_object().into_iter().flatten().map(header).collect();
    let body = response["body"].as_str().unwrap_or_default().as_bytes();
    let reply = Reply { status: response["status_code"].as_u64().unwrap_or(200) as u16, headers: &headers, body };
    let parsed = parse_response(&case.service, &case.operation, reply);
    if !case.text["error"].is_object() {
        let output = case.operation.output.as_ref().map(|member| case.service.at(member));
        let expected = output.map_or(json!({}), |at| compare::output(&case.service, at, &case.text["result"]));
        return match parsed {
            Ok(answer) => compare::values(&answer, &expected),
            Err(failure) => Err(format!("{failure:?}")),
        };
    }
    let Err(Failure::Service(error)) = parsed else { return Err(format!("an error was expected, not {parsed:?}")) };
    compare::equal("code", &error.code, case.text["errorCode"].as_str().unwrap_or_default())?;
    if let Some(message) = case.text["errorMessage"].as_str() {
        compare::equal("message", &error.message, message)?;
    }
    let Some(modelled) = case
        .operation
        .errors
        .iter()
        .map(|member| case.service.at(member))
        .find(|at| at.member.shape == error.code || at.def.error.as_ref().and_then(|known| known.code.as_ref()) == Some(&error.code))
    else {
        // What an error that is in no model tells is not the suites' business.
        return Ok(());
    };
    let expected = compare::output(&case.service, modelled, &case.text["error"]);
    let seen: Map<String, Value> = error.members.as_object().cloned().unwrap_or_default();
    compare::values(&Value::Object(seen), &expected)
}

fn header((name, value): (&String, &Value)) -> (String, String) {
    (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
