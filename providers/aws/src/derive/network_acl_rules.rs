//! The inbound entries of a network ACL in the order in which they count, each with whether it still lets something in.

use inventory::{Gap, Shape};
use serde_json::{Value, json};

use super::everybody::is_everybody;
use super::security_group_rules::name_of;
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

/// The first entry that matches a packet decides. So an allow entry is cut into what no earlier entry denies to everybody of the
/// same family; a denial of a part of the sources closes nothing for the rest of them.
fn apply(entries: &Value) -> Result<Value, Gap> {
    let entries = entries.as_array().ok_or_else(|| malformed(&FUNCTION, "the entries are no list"))?;
    let inbound = entries.iter().filter(|entry| entry.get("Egress").and_then(Value::as_bool) != Some(true));
    let mut entries: Vec<Entry> = inbound.map(entry).collect::<Result<_, _>>()?;
    entries.sort_by_key(|entry| entry.number);
    let mut rules = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let parts = if entry.allows { open(entry, &entries[..at]) } else { vec![(entry.protocol.as_str(), entry.from, entry.to)] };
        for (protocol, from, to) in parts {
            rules.push(json!({
                "RuleNumber": entry.number, "Protocol": protocol, "FromPort": from, "ToPort": to,
                "Source": entry.source, "AnySource": is_everybody([entry.source.as_str()]), "Allowed": entry.allows,
            }));
        }
    }
    Ok(Value::Array(rules))
}

/// The protocols and ports of an entry that earlier denials leave open.
///
/// An entry for all protocols of which TCP or UDP is denied in part is told as its TCP, its UDP, and the rest, which has no ports.
fn open<'e>(entry: &'e Entry, earlier: &[Entry]) -> Vec<(&'e str, i64, i64)> {
    let closes = |other: &&Entry| {
        // A denial of ICMP may be of one type only, so it closes nothing.
        matches!(other.protocol.as_str(), "-1" | "tcp" | "udp")
            && !other.allows
            && is_everybody([other.source.as_str()])
            && other.source.contains(':') == entry.source.contains(':')
    };
    let denials: Vec<&Entry> = earlier.iter().filter(closes).collect();
    let left = |protocol: &'e str| {
        let matching = denials.iter().filter(|denial| denial.protocol == "-1" || denial.protocol == protocol);
        let ranges = matching.fold(vec![(entry.from, entry.to)], |ranges, denial| without(ranges, denial));
        ranges.into_iter().map(move |(from, to)| (protocol, from, to)).collect::<Vec<_>>()
    };
    if entry.protocol != "-1" || denials.iter().all(|denial| denial.protocol == "-1") {
        return left(&entry.protocol);
    }
    let rest = if left("-1").is_empty() { Vec::new() } else { vec![("-1", -1, -1)] };
    [left("tcp"), left("udp"), rest].concat()
}

/// The ranges without the ports that are denied; a denial of all protocols also closes those without ports.
fn without(ranges: Vec<(i64, i64)>, denial: &Entry) -> Vec<(i64, i64)> {
    let first = if denial.protocol == "-1" { -1 } else { denial.from };
    let left =
        |(from, to): (i64, i64)| [(from, to.min(first - 1)), (from.max(denial.to + 1), to)].into_iter().filter(|(from, to)| from <= to);
    ranges.into_iter().flat_map(left).collect()
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
        // EC2 asks for ports with these; to guess all of them would let a denial close what it may not.
        ("tcp" | "udp", _, _) => return Err(missing("PortRange")),
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

    /// Protocol and ports of what is let in from everywhere.
    fn let_in(entries: Value) -> Vec<(String, i64, i64)> {
        let rules = apply(&entries).unwrap();
        let open = rules.as_array().unwrap().iter().filter(|rule| rule["Allowed"] == true && rule["AnySource"] == true);
        open.map(|rule| {
            (rule["Protocol"].as_str().unwrap().to_owned(), rule["FromPort"].as_i64().unwrap(), rule["ToPort"].as_i64().unwrap())
        })
        .collect()
    }

    fn told(parts: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
        parts.iter().map(|(protocol, from, to)| ((*protocol).to_owned(), *from, *to)).collect()
    }

    #[test]
    fn an_earlier_denial_cuts_its_ports_out_of_an_allowance() {
        let entries = json!([raw(100, "allow", "6", Some((0, 65_535)), "0.0.0.0/0"), raw(90, "deny", "6", Some((22, 22)), "0.0.0.0/0")]);
        assert_eq!(let_in(entries), told(&[("tcp", 0, 21), ("tcp", 23, 65_535)]));
    }

    #[test]
    fn the_default_entry_with_ports_denied_before_it_lets_in_the_rest() {
        let entries = json!([
            raw(80, "deny", "6", Some((22, 22)), "0.0.0.0/0"),
            raw(90, "deny", "6", Some((3389, 3389)), "0.0.0.0/0"),
            raw(100, "allow", "-1", None, "0.0.0.0/0"),
            raw(32_767, "deny", "-1", None, "0.0.0.0/0"),
        ]);
        let parts = [("tcp", 0, 21), ("tcp", 23, 3388), ("tcp", 3390, 65_535), ("udp", 0, 65_535), ("-1", -1, -1)];
        assert_eq!(let_in(entries), told(&parts));
    }

    #[test]
    fn a_denial_that_is_later_or_of_some_sources_or_of_the_other_family_closes_nothing() {
        for denial in [
            raw(110, "deny", "6", Some((22, 22)), "0.0.0.0/0"),
            raw(90, "deny", "6", Some((22, 22)), "10.0.0.0/8"),
            raw(90, "deny", "6", Some((22, 22)), "::/0"),
            raw(90, "deny", "17", Some((22, 22)), "0.0.0.0/0"),
        ] {
            let entries = json!([denial, raw(100, "allow", "6", Some((22, 22)), "0.0.0.0/0")]);
            assert_eq!(let_in(entries), told(&[("tcp", 22, 22)]));
        }
    }

    #[test]
    fn a_denial_of_all_protocols_closes_everything_after_it() {
        for (protocol, ports) in [("-1", None), ("6", Some((22, 22))), ("1", None)] {
            let entries = json!([raw(90, "deny", "-1", None, "0.0.0.0/0"), raw(100, "allow", protocol, ports, "0.0.0.0/0")]);
            assert_eq!(let_in(entries), told(&[]), "{protocol}");
        }
    }

    #[test]
    fn outbound_entries_do_not_count_and_broken_ones_are_gaps() {
        let mut outbound = raw(100, "allow", "-1", None, "0.0.0.0/0");
        outbound["Egress"] = json!(true);
        assert_eq!(apply(&json!([outbound])).unwrap(), json!([]));
        for broken in [raw(1, "permit", "-1", None, "0.0.0.0/0"), raw(1, "deny", "6", None, "0.0.0.0/0"), json!({ "RuleNumber": 1 })] {
            assert_eq!(apply(&json!([broken])).unwrap_err().cause, "Malformed");
        }
    }
}
