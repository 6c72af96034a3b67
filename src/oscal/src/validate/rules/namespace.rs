//! A property without a namespace has a name that OSCAL defines for the object it is on.

use super::Problem;
use crate::validate::walk::Place;

/// May be on anything.
const ANYWHERE: &str = "marking";

const CONTROL: &[&str] = &["label", "sort-id", "alt-identifier"];
const ITEM: &[&str] = &[
    "asset-type",
    "asset-id",
    "asset-tag",
    "public",
    "virtual",
    "vlan-id",
    "network-id",
    "label",
    "sort-id",
    "baseline-configuration-name",
    "allows-authenticated-scan",
    "function",
    "hardware-model",
    "model",
    "os-name",
    "os-version",
    "software-name",
    "software-version",
    "software-patch-level",
    "vendor-name",
];
const NETWORK: &[&str] = &["ipv4-address", "ipv6-address", "direction", "uri", "fqdn"];
const COMPONENT: &[&str] = &[
    "version",
    "patch-level",
    "release-date",
    "validation-type",
    "validation-reference",
    "implementation-point",
    "leveraged-authorization-uuid",
    "inherited-uuid",
    "software-identifier",
    "isa-title",
    "isa-date",
    "isa-remote-system-name",
];
const INVENTORY: &[&str] = &["serial-number", "netbios-name", "mac-address", "physical-location", "is-scanned"];

/// The names that OSCAL defines on an object under this key; `None` where it defines none and closes nothing.
fn defined(key: &str) -> Option<&'static [&'static [&'static str]]> {
    Some(match key {
        "metadata" => &[&["keywords", "resolution-tool", "source-profile-uuid"]],
        "locations" | "entries" | "remediations" => &[&["type"]],
        "parties" => &[&["mail-stop", "office", "job-title"]],
        // `keep` is not of the metaschema but of the specification of profile resolution.
        "resources" => &[&["type", "version", "published", "keep"]],
        "groups" | "adds" => &[CONTROL],
        "controls" => &[CONTROL, &["status"]],
        "parts" => &[CONTROL, &["method", "method-id"]],
        "params" | "set-parameters" => &[CONTROL, &["alt-label"]],
        "activities" => &[&["method"]],
        "risks" => &[&["false-positive", "accepted", "risk-adjusted", "priority"]],
        "facets" => &[&["state"]],
        "users" => &[&["type", "privilege-level"]],
        "components" | "implemented-components" | "uses-components" => &[ITEM, NETWORK, COMPONENT],
        "inventory-items" => &[ITEM, NETWORK, INVENTORY],
        "observations"
        | "subjects"
        | "findings"
        | "target"
        | "results"
        | "tasks"
        | "steps"
        | "relevant-evidence"
        | "poam-items"
        | "characterizations"
        | "mitigating-factors"
        | "assessment-platforms" => &[],
        _ => return None,
    })
}

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    let Some(defined) = defined(place.key) else { return };
    for (index, prop) in place.objects("props").enumerate() {
        let text = |field: &str| prop.get(field).and_then(|value| value.as_str());
        let Some(name) = text("name") else { continue };
        let oscals_own = text("ns").is_none_or(|ns| ns == crate::OSCAL_NS);
        if oscals_own && name != ANYWHERE && !defined.iter().any(|names| names.contains(&name)) {
            problems.push(Problem {
                pointer: format!("{}/props/{index}", place.pointer),
                constraint: "property-namespace",
                message: format!("OSCAL defines no property `{name}` here"),
                fix: "give the property an `ns` of your own".to_owned(),
            });
        }
    }
}
