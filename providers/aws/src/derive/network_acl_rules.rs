//! The inbound entries of a network ACL in the order in which they count, each with whether it still lets something in.

use inventory::{Gap, Shape};
use serde_json::{Value, json};

use super::security_group_rules::{is_any, name_of};
use super::{Function, malformed};

pub(super) const FUNCTION: Function = Function { name: "network_acl_rules", apply, shape };

fn shape(_: &Shape) -> Shape {
    Shape::list(Shape::object([
        ("RuleNumber", Shape::Int),
        ("Protocol", Shape::String),
        ("FromPort", Shape::Int),
        ("ToPort", Shape::Int),
        ("Source", Shape::String),
        ("AnySource", Shape::Bool),
        ("Allowed", Shape::Bool),
    ]))
}

struct Entry {
    number: i64,
    allows: bool,
    protocol: String,
    from: i64,
    to: i64,
    source: String,
}

/// The first entry that matches a packet decides. So an allow entry is cut into the ports that no earlier entry denies to
/// everybody of the same family; a denial of a part of the sources closes nothing for the rest of them.
fn apply(entries: &Value) -> Result<Value, Gap> {
    let entries = entries.as_array().ok_or_else(|| malformed(&FUNCTION, "the entries are no list"))?;
    let inbound = entries.iter().filter(|entry| entry.get("Egress").and_then(Value::as_bool) != Some(true));
    let mut entries: Vec<Entry> = inbound.map(entry).collect::<Result<_, _>>()?;
    entries.sort_by_key(|entry| entry.number);
    let mut rules = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let ranges = if entry.allows { open(entry, &entries[..at]) } else { vec![(entry.from, entry.to)] };
        for (from, to) in ranges {
            rules.push(json!({
                "RuleNumber": entry.number, "Protocol": entry.protocol, "FromPort": from, "ToPort": to,
                "Source": entry.source, "AnySource": is_any(&entry.source), "Allowed": entry.allows,
            }));
        }
    }
    Ok(Value::Array(rules))
}

/// The ports of an entry that earlier denials leave open.
fn open(entry: &Entry, earlier: &[Entry]) -> Vec<(i64, i64)> {
    let closes = |other: &&Entry| {
        !other.allows
            && (other.protocol == "-1" || other.protocol == entry.protocol)
            && is_any(&other.source)
            && other.source.contains(':') == entry.source.contains(':')
    };
    earlier.iter().filter(closes).fold(vec![(entry.from, entry.to)], |open, denied| {
        let left = |(from, to): (i64, i64)| {
            [(from, to.min(denied.from - 1)), (from.max(denied.to + 1), to)].into_iter().filter(|(from, to)| from <= to)
        };
        open.into_iter().flat_map(left).collect()
    })
}

fn entry(raw: &Value) -> Result<Entry, Gap> {
    let text = |name: &str| raw.get(name).and_then(Value::as_str);
    let missing = |name: &str| malformed(&FUNCTION, format!("an entry without `{name}`"));
    let protocol = name_of(text("Protocol").ok_or_else(|| missing("Protocol"))?).to_owned();
    let range = raw.get("PortRange");
    let port = |name: &str| range.and_then(|range| range.get(name)).and_then(Value::as_i64);
    let (from, to) = match (protocol.as_str(), port("From"), port("To")) {
        ("-1", _, _) => (0, 65_535),
        ("tcp" | "udp", Some(from), Some(to)) => (from, to),
        ("tcp" | "udp", _, _) => (0, 65_535),
        (_, _, _) => (-1, -1),
    };
    Ok(Entry {
        number: raw.get("RuleNumber").and_then(Value::as_i64).ok_or_else(|| missing("RuleNumber"))?,
        allows: match text("RuleAction") {
            Some("allow") => true,
            Some("deny") => false,
            Some(_) | None => return Err(missing("RuleAction")),
        },
        protocol,
        from,
        to,
        source: text("CidrBlock").or_else(|| text("Ipv6CidrBlock")).ok_or_else(|| missing("CidrBlock"))?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(number: i64, action: &str, protocol: &str, ports: Option<(i64, i64)>, cidr: &str) -> Value {
        let mut entry = json!({ "RuleNumber": number, "RuleAction": action, "Protocol": protocol, "Egress": false, "CidrBlock": cidr });
        if let Some((from, to)) = ports {
            entry["PortRange"] = json!({ "From": from, "To": to });
        }
        entry
    }

    #[test]
    fn an_earlier_denial_cuts_its_ports_out_of_an_allowance() {
        let entries = json!([
            raw(100, "allow", "-1", None, "0.0.0.0/0"),
            raw(90, "deny", "6", Some((22, 22)), "0.0.0.0/0"),
            raw(95, "deny", "-1", None, "10.0.0.0/8")
        ]);
        let rules = apply(&entries).unwrap();
        // TCP 22 is denied, but the allowance is for all protocols, and only a denial of all protocols cuts that.
        let open: Vec<_> = rules
            .as_array()
            .unwrap()
            .iter()
            .filter(|rule| rule["Allowed"] == true)
            .map(|rule| (rule["FromPort"].clone(), rule["ToPort"].clone()))
            .collect();
        assert_eq!(open, [(json!(0), json!(65_535))]);
        let entries = json!([raw(90, "deny", "6", Some((22, 22)), "0.0.0.0/0"), raw(100, "allow", "6", Some((0, 65_535)), "0.0.0.0/0")]);
        let rules = apply(&entries).unwrap();
        let open: Vec<_> =
            rules.as_array().unwrap().iter().filter(|rule| rule["Allowed"] == true).map(|rule| rule["FromPort"].clone()).collect();
        assert_eq!(open, [json!(0), json!(23)]);
    }
}
