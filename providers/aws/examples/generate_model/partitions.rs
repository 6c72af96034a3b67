//! Where services live: the partitions, their regions' names, and the services that have one address for all regions.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::{GENERATED, Outcome, read_json, reduce as reduce_service};

/// `model/partitions.json` from the vendor's `partitions.json` and `endpoints.json`.
pub fn reduce(data: &Path, names: &BTreeSet<&str>) -> Outcome<String> {
    let partitions = read_json(data, "partitions.json")?;
    let endpoints = read_json(data, "endpoints.json")?;
    let mut reduced = Vec::new();
    for partition in list(&partitions, "partitions")? {
        let id = text(partition, "/id")?;
        let suffix = text(partition, "/outputs/dnsSuffix")?;
        let home = text(partition, "/outputs/implicitGlobalRegion")?;
        let mut global = serde_json::Map::new();
        for name in names {
            if let Some(address) = global_address(data, &endpoints, name, id, suffix, home)? {
                global.insert((*name).to_owned(), address);
            }
        }
        let prefixes = prefixes(text(partition, "/regionRegex")?)?;
        reduced.push(json!({ "id": id, "suffix": suffix, "home": home, "prefixes": prefixes, "global": global }));
    }
    let lines: Vec<String> = reduced.iter().map(|partition| format!("  {partition}")).collect();
    Ok(format!("{{\n \"generated\": {GENERATED:?},\n \"partitions\": [\n{}\n ]\n}}\n", lines.join(",\n")))
}

/// The one address of a service that has no regions; in a partition that the vendor's list leaves out it follows the rule of
/// the others, the home region's host name.
fn global_address(data: &Path, endpoints: &Value, name: &str, id: &str, suffix: &str, home: &str) -> Outcome<Option<Value>> {
    let prefix = reduce_service(data, name)?.metadata.endpoint_prefix;
    let in_partition = |partition: &Value| partition["services"].get(&prefix).filter(|s| s["isRegionalized"] == json!(false)).cloned();
    let all = list(endpoints, "partitions")?;
    if !all.iter().any(|partition| in_partition(partition).is_some()) {
        return Ok(None);
    }
    let listed = all.iter().find(|partition| partition["partition"] == id).and_then(in_partition);
    let Some(service) = listed else {
        return Ok(Some(json!({ "host": format!("{prefix}.{home}.{suffix}"), "region": home })));
    };
    let endpoint = &service["endpoints"][text(&service, "/partitionEndpoint")?];
    Ok(Some(json!({ "host": text(endpoint, "/hostname")?, "region": text(endpoint, "/credentialScope/region")? })))
}

/// What region names of a partition begin with, out of `^(us|eu)\-\w+\-\d+$`.
fn prefixes(pattern: &str) -> Outcome<Vec<String>> {
    let unknown = || format!("the region pattern `{pattern}` has a form that was not seen before");
    let plain = pattern.replace("\\-", "-");
    let head = plain.strip_prefix('^').and_then(|rest| rest.strip_suffix("\\w+-\\d+$")).ok_or_else(unknown)?;
    let Some((before, rest)) = head.split_once('(') else { return Ok(vec![head.to_owned()]) };
    let (choices, after) = rest.split_once(')').ok_or_else(unknown)?;
    Ok(choices.split('|').map(|choice| format!("{before}{choice}{after}")).collect())
}

fn list<'a>(value: &'a Value, name: &str) -> Outcome<&'a Vec<Value>> {
    value[name].as_array().ok_or_else(|| format!("no list `{name}`").into())
}

fn text<'a>(value: &'a Value, pointer: &str) -> Outcome<&'a str> {
    value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| format!("no text at `{pointer}`").into())
}
