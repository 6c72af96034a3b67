//! Permissions of a security group as single rules: one source, one range of ports.

use inventory::{Gap, Shape};
use serde_json::{Value, json};

use super::everybody::is_everybody;
use super::{Function, malformed};

pub(super) const FUNCTION: Function = Function { name: "security_group_rules", apply, shape };

fn shape(_: &Shape) -> Shape {
    Shape::list(Shape::object([
        ("Protocol", Shape::String),
        ("FromPort", Shape::Int),
        ("ToPort", Shape::Int),
        ("Source", Shape::String),
        ("SourceType", Shape::String),
        ("AnySource", Shape::Bool),
        ("Description", Shape::String),
    ]))
}

/// The lists that name sources, the member that does, and what we call the sort.
const SOURCES: &[(&str, &str, &str)] = &[
    ("IpRanges", "CidrIp", "cidr"),
    ("Ipv6Ranges", "CidrIpv6", "cidr6"),
    ("PrefixListIds", "PrefixListId", "prefix-list"),
    ("UserIdGroupPairs", "GroupId", "group"),
];

fn apply(permissions: &Value) -> Result<Value, Gap> {
    let permissions = permissions.as_array().ok_or_else(|| malformed(&FUNCTION, "the permissions are no list"))?;
    let mut rules = Vec::new();
    for permission in permissions {
        let protocol = permission
            .get("IpProtocol")
            .and_then(Value::as_str)
            .ok_or_else(|| malformed(&FUNCTION, "a permission without `IpProtocol`"))?;
        let (from, to) = ports(protocol, permission)?;
        let before = rules.len();
        for (list, member, sort) in SOURCES {
            for source in permission.get(*list).and_then(Value::as_array).into_iter().flatten() {
                let name = source
                    .get(*member)
                    .and_then(Value::as_str)
                    .ok_or_else(|| malformed(&FUNCTION, format!("a source without `{member}`")))?;
                let mut rule = json!({
                    "Protocol": name_of(protocol), "FromPort": from, "ToPort": to, "Source": name, "SourceType": sort, "AnySource": any_source(sort, name),
                });
                if let Some(description) = source.get("Description").and_then(Value::as_str) {
                    rule["Description"] = description.into();
                }
                rules.push(rule);
            }
        }
        if rules.len() == before {
            return Err(malformed(&FUNCTION, "a permission without a source"));
        }
    }
    told_together(&mut rules);
    Ok(Value::Array(rules))
}

/// Protocols may be named or numbered (IANA); checks need to know only one spelling.
pub(super) fn name_of(protocol: &str) -> &str {
    match protocol {
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        "all" => "-1",
        other => other,
    }
}

/// All protocols means all ports. TCP and UDP name theirs; other protocols have none, and match no port.
fn ports(protocol: &str, permission: &Value) -> Result<(i64, i64), Gap> {
    let port = |name: &str| permission.get(name).and_then(Value::as_i64);
    match (name_of(protocol), port("FromPort"), port("ToPort")) {
        ("-1", _, _) => Ok((0, 65_535)),
        ("tcp" | "udp", Some(-1), _) => Ok((0, 65_535)),
        ("tcp" | "udp", Some(from), Some(to)) => Ok((from, to)),
        ("tcp" | "udp", _, _) => Err(malformed(&FUNCTION, "a permission for TCP or UDP without ports")),
        (_, _, _) => Ok((-1, -1)),
    }
}

/// Networks say it themselves, groups are never everybody. What a prefix list holds is another call, which is not made: nothing
/// keeps its owner from putting `0.0.0.0/0` into it, so it is not known.
fn any_source(sort: &str, name: &str) -> Value {
    match sort {
        "prefix-list" => Gap::new("ec2:GetManagedPrefixListEntries", "NotRead")
            .with_detail(format!("the entries of `{name}` are not read, so nobody knows whether it holds every address"))
            .to_document(),
        _ => is_everybody([name]).into(),
    }
}

/// Rules that are everybody only together, such as `0.0.0.0/1` and `128.0.0.0/1`. A port that is open to everybody is so at the
/// lower end of one of the rules that hold it, so each rule is asked there.
fn told_together(rules: &mut [Value]) {
    let is_network = |rule: &Value| matches!(rule["SourceType"].as_str(), Some("cidr" | "cidr6"));
    let holds = |other: &Value, rule: &Value| {
        (other["Protocol"] == "-1" || other["Protocol"] == rule["Protocol"])
            && other["FromPort"].as_i64() <= rule["FromPort"].as_i64()
            && other["ToPort"].as_i64() >= rule["FromPort"].as_i64()
    };
    let parts: Vec<usize> = (0..rules.len()).filter(|&at| is_network(&rules[at]) && rules[at]["AnySource"] == false).collect();
    let together = |rule: &Value| {
        let beside = parts.iter().map(|&at| &rules[at]).filter(|other| holds(other, rule));
        is_everybody(beside.filter_map(|other| other["Source"].as_str()))
    };
    let everybody: Vec<usize> = parts.iter().copied().filter(|&at| together(&rules[at])).collect();
    for at in everybody {
        rules[at]["AnySource"] = true.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_protocols_are_all_ports_and_every_source_is_a_rule() {
        let permissions = json!([
            { "IpProtocol": "-1", "IpRanges": [{ "CidrIp": "0.0.0.0/0" }], "Ipv6Ranges": [{ "CidrIpv6": "0:0:0:0:0:0:0:0/0" }] },
            { "IpProtocol": "tcp", "FromPort": 20, "ToPort": 25, "IpRanges": [{ "CidrIp": "10.0.0.0/8" }], "UserIdGroupPairs": [{ "GroupId": "sg-1" }] },
        ]);
        let rules = apply(&permissions).unwrap();
        let seen: Vec<_> = rules.as_array().unwrap().iter().map(|rule| (rule["FromPort"].as_i64(), rule["AnySource"].as_bool())).collect();
        assert_eq!(seen, [(Some(0), Some(true)), (Some(0), Some(true)), (Some(20), Some(false)), (Some(20), Some(false))]);
    }

    #[test]
    fn tcp_without_ports_is_a_gap() {
        assert!(apply(&json!([{ "IpProtocol": "tcp", "IpRanges": [{ "CidrIp": "0.0.0.0/0" }] }])).is_err());
    }

    #[test]
    fn what_a_prefix_list_holds_is_not_known() {
        let permissions = json!([{ "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{ "PrefixListId": "pl-1" }] }]);
        let rules = apply(&permissions).unwrap();
        assert_eq!(rules[0]["Source"], "pl-1");
        assert_eq!(Gap::in_document(&rules[0]["AnySource"]).unwrap().action, "ec2:GetManagedPrefixListEntries");
    }

    #[test]
    fn a_permission_whose_source_we_do_not_see_is_a_gap_and_not_a_closed_group() {
        assert_eq!(apply(&json!([{ "IpProtocol": "-1", "IpRanges": [] }])).unwrap_err().cause, "Malformed");
        assert_eq!(apply(&json!([])).unwrap(), json!([]));
    }

    #[test]
    fn protocols_have_one_spelling_and_those_without_ports_match_none() {
        let one = |protocol: &str| {
            let permission = json!([{ "IpProtocol": protocol, "FromPort": 8, "ToPort": 0, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }] }]);
            let rule = apply(&permission).unwrap()[0].clone();
            (rule["Protocol"].as_str().unwrap().to_owned(), rule["FromPort"].as_i64().unwrap(), rule["ToPort"].as_i64().unwrap())
        };
        assert_eq!(one("6"), ("tcp".into(), 8, 0));
        assert_eq!(one("icmp"), ("icmp".into(), -1, -1));
        assert_eq!(one("50"), ("50".into(), -1, -1));
        assert_eq!(one("-1"), ("-1".into(), 0, 65_535));
    }

    #[test]
    fn halves_of_the_internet_are_everybody_where_both_are_let_in() {
        let permission = |protocol: &str, from: i64, to: i64, cidr: &str| json!({ "IpProtocol": protocol, "FromPort": from, "ToPort": to, "IpRanges": [{ "CidrIp": cidr }] });
        for (other, expected) in [
            (permission("tcp", 22, 22, "128.0.0.0/1"), [true, true]),
            // 22 is in both, 20 is in one.
            (permission("tcp", 20, 25, "128.0.0.0/1"), [true, false]),
            (permission("-1", -1, -1, "128.0.0.0/1"), [true, false]),
            (permission("tcp", 23, 25, "128.0.0.0/1"), [false, false]),
            (permission("udp", 22, 22, "128.0.0.0/1"), [false, false]),
            (permission("tcp", 22, 22, "128.0.0.0/2"), [false, false]),
        ] {
            let rules = apply(&json!([permission("tcp", 22, 22, "0.0.0.0/1"), other])).unwrap();
            let seen: Vec<bool> = rules.as_array().unwrap().iter().map(|rule| rule["AnySource"] == true).collect();
            assert_eq!(seen, expected, "{other}");
        }
    }
}
