//! Finds the suites and reads their cases.

use std::path::{Path, PathBuf};

use provider_aws::model::{Member, Operation, Service};
use serde_json::Value;

const HOW: &str = "tests/install.sh";

/// Which half of the suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Input,
    Output,
}

/// One case with the model that it belongs to.
pub struct Case {
    pub id: String,
    pub description: String,
    pub service: Service,
    pub operation: Operation,
    pub suite: Value,
    pub text: Value,
}

impl Case {
    /// The host and the path of the address that the case is sent to.
    pub fn endpoint(&self) -> (&str, &str) {
        let endpoint = self.suite["clientEndpoint"].as_str().unwrap_or("https://example.com");
        let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
        rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash))
    }

    /// The path alone, which the runtime puts before every request's own.
    pub fn endpoint_path(&self) -> &str {
        self.endpoint().1.trim_end_matches('/')
    }
}

/// Where the suites lie; prints the skip and answers `None` where they are absent.
pub fn folder(test: &str) -> Option<PathBuf> {
    let cache =
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    // Beside the environment of the other outside parts, where `tests/install.sh` puts them.
    let venv = std::env::var_os("ASSIZE_VENV").map(PathBuf::from).or_else(|| Some(cache?.join("assize/venv")));
    let usual = venv.and_then(|venv| Some(venv.parent()?.join("botocore-protocols")));
    let named = std::env::var_os("ASSIZE_PROTOCOL_TESTS").map(PathBuf::from);
    let found = named.or(usual).filter(|folder| folder.join("input/query.json").is_file());
    if found.is_none() {
        let required = std::env::var("ASSIZE_REQUIRE_ALL").is_ok_and(|value| value == "1");
        assert!(!required, "the protocol suites are absent; install: {HOW}");
        println!("skipped {test}: the protocol suites are absent; install: {HOW}");
    }
    found
}

/// The cases of one protocol and direction, the older collection included.
pub fn cases(folder: &Path, protocol: &str, direction: Direction) -> Vec<Case> {
    let half = match direction {
        Direction::Input => "input",
        Direction::Output => "output",
    };
    let mut cases = Vec::new();
    for (collection, prefix) in [(folder.join(half), ""), (folder.join("legacy").join(half), "legacy ")] {
        let path = collection.join(format!("{protocol}.json"));
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let suites: Vec<Value> = serde_json::from_str(&text).expect("a suite is JSON");
        for (index, suite) in suites.into_iter().enumerate() {
            cases.extend(of_suite(&suite, &format!("{prefix}{index}")));
        }
    }
    cases
}

fn of_suite(suite: &Value, at: &str) -> Vec<Case> {
    let service: Service = serde_json::from_value(suite.clone()).expect("a suite is a service model");
    let cases = suite["cases"].as_array().expect("a suite has cases");
    let case = |(index, text): (usize, &Value)| {
        let mut given = text["given"].clone();
        if given["name"].is_null() {
            given["name"] = "OperationName".into();
        }
        // The older collection leaves out what does not matter to a case.
        for (member, usual) in [("method", "POST"), ("requestUri", "/")] {
            if given["http"][member].is_null() {
                given["http"][member] = usual.into();
            }
        }
        let mut operation: Operation = serde_json::from_value(given).expect("a case gives an operation");
        // The vendor's SDKs look errors up in the whole service, the suites list the shapes only.
        let exceptions = suite["shapes"].as_object().into_iter().flatten().filter(|(_, shape)| shape["exception"] == true);
        for (name, _) in exceptions.filter(|(name, _)| !operation.errors.iter().any(|known| known.shape == **name)).collect::<Vec<_>>() {
            operation.errors.push(Member { shape: name.clone(), ..Member::default() });
        }
        // The vendor's real models name the element around a query answer, the suites leave it out.
        let wrapper = format!("{}Result", operation.name);
        if let Some(output) = operation.output.as_mut().filter(|_| suite["metadata"]["protocol"] == "query") {
            let has_members = !service.shapes[&output.shape].members.is_empty();
            output.result_wrapper = output.result_wrapper.take().or(has_members.then_some(wrapper));
        }
        Case {
            id: text["id"].as_str().map_or_else(|| format!("{at}:{index}"), str::to_owned),
            description: suite["description"].as_str().unwrap_or_default().to_owned(),
            service: service.clone(),
            operation,
            suite: suite.clone(),
            text: text.clone(),
        }
    };
    cases.iter().enumerate().map(case).collect()
}
