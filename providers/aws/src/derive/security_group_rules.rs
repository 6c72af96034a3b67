//! Permissions of a security group as single rules: one source, one range of ports.

use inventory::{Gap, Shape};
use serde_json::{Value, json};

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
    // A prefix list is somebody's list of networks; it cannot hold a /0.
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
        for (list, member, sort) in SOURCES {
            for source in permission.get(*list).and_then(Value::as_array).into_iter().flatten() {
                let name = source
                    .get(*member)
                    .and_then(Value::as_str)
                    .ok_or_else(|| malformed(&FUNCTION, format!("a source without `{member}`")))?;
                let mut rule = json!({
                    "Protocol": name_of(protocol), "FromPort": from, "ToPort": to, "Source": name, "SourceType": sort, "AnySource": is_any(name),
                });
                if let Some(description) = source.get("Description").and_then(Value::as_str) {
                    rule["Description"] = description.into();
                }
                rules.push(rule);
            }
        }
    }
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

/// Whether a network holds every address: `0.0.0.0/0`, `::/0`, in any spelling.
pub(super) fn is_any(network: &str) -> bool {
    network.trim().split_once('/').is_some_and(|(address, length)| length == "0" && address.parse::<std::net::IpAddr>().is_ok())
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
}
