//! The documents beside a check: `pass-*.json` must pass, `fail-*.json` fail, `unknown-*.json` be unknown, `na-*.json` not apply.

use std::path::{Path, PathBuf};

use inventory::Resource;
use serde_json::Value;

use crate::check::{Check, JudgeInput};
use crate::pack::Pack;
use crate::verdict::Verdict;

/// What a case must come to, by the first word of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `pass-…`
    Pass,
    /// `fail-…`
    Fail,
    /// `unknown-…`
    Unknown,
    /// `na-…`
    NotApplicable,
}

/// One case of a check.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file.
    pub path: PathBuf,
    /// What its name says.
    pub expected: Expected,
    /// The resource in it.
    pub resource: Result<Resource, String>,
}

/// How the cases came out.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many were judged.
    pub judged: usize,
    /// One sentence for each that came out wrong.
    pub failures: Vec<String>,
}

/// Judges every case of the checks in `controls`, or only of those below `only`, with the parameters that `params` gives.
pub fn run(controls: &Path, only: Option<&Path>, pack: &Pack, params: &dyn Fn(&str) -> Option<Value>) -> Report {
    let mut report = Report::default();
    for check in pack.checks() {
        let folder = folder_of(controls, check);
        if only.is_some_and(|only| !same_or_below(&folder, only)) {
            continue;
        }
        let params = params(check.id().control()).unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        for case in of(&folder) {
            report.judged += 1;
            report.failures.extend(judge(check, &case, &params));
        }
    }
    report
}

/// The folder of a check.
pub fn folder_of(controls: &Path, check: &Check) -> PathBuf {
    controls.join(check.id().control()).join(check.id().provider()).join(check.id().name())
}

/// The cases in a check's folder, in the order of their names.
pub fn of(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    paths.sort();
    paths.into_iter().filter_map(case).collect()
}

fn case(path: PathBuf) -> Option<Case> {
    let name = path.file_stem()?.to_str()?;
    let expected = match name.split('-').next()? {
        "pass" => Expected::Pass,
        "fail" => Expected::Fail,
        "unknown" => Expected::Unknown,
        "na" => Expected::NotApplicable,
        _ => return None,
    };
    let text = std::fs::read(&path).map_err(|error| error.to_string());
    let resource = text.and_then(|text| serde_json::from_slice(&text).map_err(|error| error.to_string()));
    Some(Case { path, expected, resource })
}

/// What is wrong with how a case comes out, if anything. Its clock is the moment it was recorded.
pub fn judge(check: &Check, case: &Case, params: &Value) -> Option<String> {
    let path = case.path.display();
    let resource = match &case.resource {
        Ok(resource) => resource,
        Err(error) => return Some(format!("{path}: not a recorded resource: {error}")),
    };
    if resource.kind != *check.kind() {
        return Some(format!("{path}: a `{}`, and the check judges `{}`", resource.kind, check.kind()));
    }
    let verdict = check.judge(&JudgeInput { resource, params, now: resource.collected }).verdict;
    match (case.expected, &verdict) {
        (Expected::Pass, Verdict::Pass)
        | (Expected::Fail, Verdict::Fail { .. })
        | (Expected::NotApplicable, Verdict::NotApplicable { .. }) => None,
        (Expected::Unknown, Verdict::Unknown(gaps)) => {
            let ours = |gap: &inventory::Gap| gap.action == check.id().as_str();
            gaps.iter().any(ours).then(|| format!("{path}: unknown because of the check, not of a read: {verdict:?}"))
        }
        (expected, _) => Some(format!("{path}: {expected:?} by its name, and judged {verdict:?}")),
    }
}

fn same_or_below(folder: &Path, only: &Path) -> bool {
    match (folder.canonicalize(), only.canonicalize()) {
        (Ok(folder), Ok(only)) => folder.starts_with(only),
        _ => false,
    }
}
