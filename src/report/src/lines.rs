//! One line of JSON per verdict, for whoever has a tool that eats lines. `docs/json-lines.md` says what the members mean.

use std::borrow::Cow;
use std::io::Write;

use serde::Serialize;

use crate::view::{View, expired, own, verdict};

#[derive(Serialize)]
struct Line<'a> {
    control: &'a str,
    check: &'a str,
    severity: &'a str,
    verdict: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exemption: Option<&'a str>,
    provider: &'a str,
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    kind: &'a str,
    resource: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "is_empty")]
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Fact<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<Gap<'a>>,
    collected: &'a str,
    expires: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stale: bool,
}

#[derive(Serialize)]
struct Fact<'a> {
    path: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Gap<'a> {
    action: &'a str,
    cause: &'a str,
}

/// Writes every verdict; checks that had nothing to judge have one line without a resource.
///
/// # Errors
/// If the writer fails.
pub fn json_lines(view: &View, out: &mut dyn Write) -> std::io::Result<()> {
    for control in &view.controls {
        for check in &control.checks {
            for observation in &check.observations {
                let scope = own(&observation.props, "scope").unwrap_or_default();
                let mut place = scope.splitn(3, '/');
                let (provider, account, region) = (place.next().unwrap_or_default(), place.next().unwrap_or_default(), place.next());
                let line = |resource, name, kind, message, evidence, gaps| Line {
                    control: control.id,
                    check: check.id,
                    severity: check.fact("severity"),
                    verdict: verdict(observation),
                    exemption: own(&observation.props, "exemption"),
                    provider,
                    account,
                    region,
                    kind,
                    resource,
                    name,
                    message,
                    evidence,
                    gaps,
                    collected: observation.collected.as_str(),
                    expires: observation.expires.as_ref().map_or("", |expires| expires.as_str()),
                    stale: expired(observation, view.now).is_some(),
                };
                if observation.subjects.is_empty() {
                    put(out, &line("", "", check.fact("kind"), Cow::Borrowed(""), Vec::new(), Vec::new()))?;
                }
                for reference in &observation.subjects {
                    let subject = view.subject(observation, reference);
                    let unread = verdict(observation) == "unknown";
                    let (mut evidence, mut gaps) = (Vec::new(), Vec::new());
                    for (class, value) in subject.facts {
                        match unread {
                            true => gaps.push(Gap { action: value, cause: class }),
                            false => evidence.push(Fact { path: class, value }),
                        }
                    }
                    let kind = if subject.is_account { "account" } else { check.fact("kind") };
                    put(out, &line(subject.id, subject.name, kind, subject.remarks, evidence, gaps))?;
                }
            }
        }
    }
    Ok(())
}

fn is_empty(text: &str) -> bool {
    text.is_empty()
}

fn put(out: &mut dyn Write, line: &Line) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
