//! XML says what JSON says: NIST publishes some documents in both.

use std::path::Path;

use oscal::{Format, Source};
use serde_json::Value;

use crate::content;

fn value(path: &Path) -> Value {
    let name = path.display().to_string();
    let source = Source::new(std::fs::read(path).unwrap(), Format::of_name(&name), &name).unwrap_or_else(|error| panic!("{error}"));
    let document = source.document().unwrap_or_else(|error| panic!("{error}"));
    serde_json::to_value(&document).unwrap()
}

/// Markdown can be written in several ways; here they are one.
fn plain(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let text: String = text.chars().filter(|c| !matches!(c, '\\' | '*' | '_')).collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ").into()
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(members) => members.into_iter().map(|(name, member)| (name, plain(member))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

fn differences(pointer: &str, xml: &Value, json: &Value, found: &mut Vec<String>) {
    match (xml, json) {
        _ if xml == json => {}
        (Value::Object(a), Value::Object(b)) => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let (a, b) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                differences(&format!("{pointer}/{name}"), a, b, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(at, (a, b))| differences(&format!("{pointer}/{at}"), a, b, found));
        }
        _ => found.push(format!("{pointer}:\n   xml  {xml}\n   json {json}")),
    }
}

#[test]
fn published_xml_is_what_its_published_json_is() {
    let Some(data) = content::folder("published_xml_is_what_its_published_json_is") else { return };
    let mut wrong = Vec::new();
    for (xml, json) in [
        ("nist-800-53-rev4/NIST_SP-800-53_rev4_catalog.xml", "nist-800-53-rev4/NIST_SP-800-53_rev4_catalog-min.json"),
        (
            "nist-800-53-rev4/NIST_SP-800-53_rev4_MODERATE-baseline_profile.xml",
            "nist-800-53-rev4/NIST_SP-800-53_rev4_MODERATE-baseline_profile.json",
        ),
        (
            "nist-800-53-rev5/NIST_SP-800-53_rev5_HIGH-baseline_profile.xml",
            "nist-800-53-rev5/NIST_SP-800-53_rev5_HIGH-baseline_profile.json",
        ),
        ("nist-examples/ifa_plan-of-action-and-milestones.xml", "nist-examples/ifa_plan-of-action-and-milestones.json"),
        ("nist-examples/ifa_assessment-results-example.xml", "nist-examples/ifa_assessment-results-example.yaml"),
    ] {
        let (xml, json) = (plain(value(&data.join(xml))), plain(value(&data.join(json))));
        differences("", &xml, &json, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}
