//! Which keys of a statement's conditions hold it to named values, so that a stranger cannot meet them. That a key is mentioned
//! says nothing: `StringNotEquals`, `…IfExists`, `ForAllValues:` and a pattern of stars let strangers in.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys".

use serde_json::Value;

/// The keys, sorted, each once.
pub(super) fn confining_keys(conditions: &[Value]) -> Vec<String> {
    let mut keys: Vec<String> = conditions.iter().filter_map(confines).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn confines(condition: &Value) -> Option<String> {
    let (operator, key) = (condition["Operator"].as_str()?, condition["Key"].as_str()?);
    let values: Vec<&str> = condition["Values"].as_array()?.iter().filter_map(Value::as_str).collect();
    let matching = Matching::of(operator)?;
    (!values.is_empty() && values.iter().all(|value| names(matching, key, value))).then(|| key.to_owned())
}

/// What a star in a value means to an operator.
#[derive(Clone, Copy, PartialEq)]
enum Matching {
    Exact,
    Pattern,
}

impl Matching {
    /// `None` for operators that a request can meet without having the value.
    fn of(operator: &str) -> Option<Self> {
        let operator = operator.to_ascii_lowercase();
        // A request without the key meets `ForAllValues:` and `…IfExists`; with `ForAnyValue:` one of its values must be named.
        match operator.strip_prefix("foranyvalue:").unwrap_or(&operator) {
            "stringequals" | "stringequalsignorecase" => Some(Self::Exact),
            "stringlike" | "arnequals" | "arnlike" => Some(Self::Pattern),
            _ => None,
        }
    }
}

/// Whether the value names somebody: its telling part has no wildcard.
fn names(matching: Matching, key: &str, value: &str) -> bool {
    if matching == Matching::Exact {
        return !value.is_empty();
    }
    let telling = match value.strip_prefix("arn:") {
        // arn:partition:service:region:account:resource; without an account (S3) the beginning of the resource tells.
        Some(_) => match value.splitn(6, ':').collect::<Vec<_>>().as_slice() {
            [_, _, _, _, "", resource] => resource.split(['*', '?']).next().unwrap_or_default(),
            [_, _, _, _, account, _] => account,
            _ => value,
        },
        // The organization of `o-1/r-1/*`, and the role of `AROA…:session`, tell; what comes after them may be open.
        None if key == "aws:principalorgpaths" => value.split('/').next().unwrap_or_default(),
        None if key == "aws:userid" => value.split(':').next().unwrap_or_default(),
        None => value,
    };
    !telling.is_empty() && !telling.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_confines_only_where_a_stranger_cannot_meet_it() {
        for (operator, key, values, expected) in [
            ("StringEquals", "sts:externalid", json!(["4711"]), true),
            ("ForAnyValue:StringEquals", "aws:principalorgpaths", json!(["o-1/r-1/ou-1/"]), true),
            ("ForAnyValue:StringLike", "aws:principalorgpaths", json!(["o-1/r-1/*"]), true),
            ("StringLike", "aws:principalorgpaths", json!(["o-*/r-1/*"]), false),
            ("stringlike", "aws:principalorgid", json!(["o-*"]), false),
            ("StringLike", "sts:externalid", json!(["*"]), false),
            ("StringLike", "sts:externalid", json!(["4711", "?*"]), false),
            ("StringEquals", "sts:externalid", json!([]), false),
            ("StringEquals", "sts:externalid", json!([""]), false),
            ("StringNotEquals", "aws:principalorgid", json!(["o-1"]), false),
            ("StringEqualsIfExists", "aws:principalorgid", json!(["o-1"]), false),
            ("ForAllValues:StringEquals", "aws:principalorgid", json!(["o-1"]), false),
            ("Null", "sts:externalid", json!(["false"]), false),
            ("ArnLike", "aws:principalarn", json!(["arn:aws:iam::111122223333:role/*"]), true),
            ("ArnEquals", "aws:principalarn", json!(["arn:aws:iam::*:role/admin"]), false),
            ("ArnLike", "aws:sourcearn", json!(["arn:aws:s3:::logs-*"]), true),
            ("ArnLike", "aws:sourcearn", json!(["arn:aws:s3:::*"]), false),
            ("ArnLike", "aws:sourcearn", json!(["*"]), false),
            ("StringLike", "aws:userid", json!(["AROAEXAMPLE:*"]), true),
            ("StringLike", "aws:userid", json!(["*:admin"]), false),
        ] {
            let condition = json!({ "Operator": operator, "Key": key, "Values": values });
            let expected: Vec<&str> = if expected { vec![key] } else { vec![] };
            assert_eq!(confining_keys(&[condition]), expected, "{operator} {key} {values}");
        }
    }

    #[test]
    fn one_confining_condition_is_enough_for_a_key_and_each_key_is_named_once() {
        let open = json!({ "Operator": "StringLike", "Key": "aws:principalorgid", "Values": ["*"] });
        let named = json!({ "Operator": "StringEquals", "Key": "aws:principalorgid", "Values": ["o-1"] });
        assert_eq!(confining_keys(&[open, named.clone(), named]), ["aws:principalorgid"]);
    }
}
