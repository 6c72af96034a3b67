//! A policy document as plain statements: single values become lists, principals become text, conditions a list.

use inventory::{Gap, Shape};
use serde_json::{Map, Value, json};

use super::confining::confining_keys;
use super::{Function, malformed};

pub(super) const FUNCTION: Function = Function { name: "policy_statements", apply, shape };

pub(super) fn shape(_: &Shape) -> Shape {
    let texts = || Shape::list(Shape::String);
    let condition = Shape::object([("Operator", Shape::String), ("Key", Shape::String), ("Values", texts())]);
    Shape::list(Shape::object([
        ("Sid", Shape::String),
        ("Effect", Shape::String),
        ("Principals", texts()),
        ("NotPrincipals", texts()),
        ("PrincipalAccounts", texts()),
        ("Actions", texts()),
        ("NotActions", texts()),
        ("Resources", texts()),
        ("NotResources", texts()),
        ("EveryAction", Shape::Bool),
        ("EveryResource", Shape::Bool),
        ("Conditions", Shape::list(condition)),
        ("ConfiningKeys", texts()),
    ]))
}

pub(super) fn apply(policy: &Value) -> Result<Value, Gap> {
    let document = match policy {
        Value::String(text) => parsed(text)?,
        Value::Object(_) => policy.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            return Err(malformed(&FUNCTION, "the policy is neither text nor an object"));
        }
    };
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.clone(),
        Some(single @ Value::Object(_)) => vec![single.clone()],
        Some(_) | None => return Err(malformed(&FUNCTION, "the policy has no `Statement`")),
    };
    statements.iter().map(statement).collect::<Result<_, _>>().map(Value::Array)
}

/// IAM hands documents out percent-encoded (RFC 3986), S3 and KMS as they are.
fn parsed(text: &str) -> Result<Value, Gap> {
    let decoded;
    let text = match text.trim_start().starts_with('{') {
        true => text,
        false => {
            decoded = percent_decoded(text).ok_or_else(|| malformed(&FUNCTION, "the policy is not percent-encoded UTF-8"))?;
            &decoded
        }
    };
    serde_json::from_str(text).map_err(|error| malformed(&FUNCTION, format!("the policy is not JSON: {error}")))
}

fn percent_decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: u8| (byte as char).to_digit(16);
                bytes.push((digit(*high)? * 16 + digit(*low)?) as u8);
                rest = after;
            }
            (b'%', _) => return None,
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn statement(raw: &Value) -> Result<Value, Gap> {
    let raw = raw.as_object().ok_or_else(|| malformed(&FUNCTION, "a statement is no object"))?;
    let Some(effect @ ("Allow" | "Deny")) = raw.get("Effect").and_then(Value::as_str) else {
        return Err(malformed(&FUNCTION, "a statement has no `Effect` of `Allow` or `Deny`"));
    };
    if !raw.contains_key("Action") && !raw.contains_key("NotAction") {
        return Err(malformed(&FUNCTION, "a statement says no `Action`"));
    }
    let principals = principals(raw.get("Principal"))?;
    let conditions = conditions(raw.get("Condition"))?;
    let keys = confining_keys(&conditions);
    let (actions, not_actions) = (texts(raw, "Action")?, texts(raw, "NotAction")?);
    let (resources, not_resources) = (texts(raw, "Resource")?, texts(raw, "NotResource")?);
    let mut statement = json!({
        "Effect": effect,
        "PrincipalAccounts": accounts(&principals),
        "Principals": principals,
        "NotPrincipals": self::principals(raw.get("NotPrincipal"))?,
        "EveryAction": every_action(&actions, &not_actions),
        "EveryResource": resources.iter().any(|resource| is_stars(resource)) || !not_resources.is_empty(),
        "Actions": actions,
        "NotActions": not_actions,
        "Resources": resources,
        "NotResources": not_resources,
        "Conditions": conditions,
        "ConfiningKeys": keys,
    });
    if let Some(sid) = raw.get("Sid").and_then(Value::as_str) {
        statement["Sid"] = Value::from(sid);
    }
    Ok(statement)
}

/// `*` and `*:*` in any spelling; or everything but a few actions, unless those are IAM's, with which one gives oneself the rest.
fn every_action(actions: &[String], but: &[String]) -> bool {
    let spares_iam = |action: &String| is_stars(action) || matches!(action.to_ascii_lowercase().as_str(), "iam:*" | "iam*" | "i*");
    actions.iter().any(|action| action.split(':').all(is_stars)) || (!but.is_empty() && !but.iter().any(spares_iam))
}

fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

fn texts(raw: &Map<String, Value>, name: &str) -> Result<Vec<String>, Gap> {
    raw.get(name).map_or(Ok(Vec::new()), |value| listed(value, name))
}

/// One text or a list of them, as a list. Numbers and booleans, which conditions may hold, become text.
fn listed(value: &Value, name: &str) -> Result<Vec<String>, Gap> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(malformed(&FUNCTION, format!("`{name}` holds something that is no text"))),
    };
    match value {
        Value::Array(items) => items.iter().map(one).collect(),
        single => one(single).map(|text| vec![text]),
    }
}

/// `"*"`, `{"AWS": "*"}`, `{"Service": […]}` … as one list; the family is told by the form of each.
fn principals(value: Option<&Value>) -> Result<Vec<String>, Gap> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Object(families)) => {
            let lists = families.iter().map(|(family, value)| listed(value, family)).collect::<Result<Vec<_>, _>>()?;
            Ok(lists.into_iter().flatten().collect())
        }
        Some(other) => listed(other, "Principal"),
    }
}

/// The accounts that principals belong to: of an ARN its fifth part, or the bare number.
fn accounts(principals: &[String]) -> Vec<String> {
    let is_account = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut found: Vec<String> = principals
        .iter()
        .filter_map(|principal| Some(principal.as_str()).filter(is_account).or_else(|| principal.split(':').nth(4).filter(is_account)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Condition keys do not depend on case, so they are given in lower case; so are not the operators and values.
fn conditions(value: Option<&Value>) -> Result<Vec<Value>, Gap> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let operators = value.as_object().ok_or_else(|| malformed(&FUNCTION, "`Condition` is no object"))?;
    let mut found = Vec::new();
    for (operator, keys) in operators {
        let keys = keys.as_object().ok_or_else(|| malformed(&FUNCTION, "a condition is no object"))?;
        for (key, values) in keys {
            found.push(json!({ "Operator": operator, "Key": key.to_lowercase(), "Values": listed(values, key)? }));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values_become_lists_and_principals_text() {
        let policy = json!({ "Version": "2012-10-17", "Statement": {
            "Sid": "Tls", "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": "s3:*", "Resource": ["arn:aws:s3:::b"],
            "Condition": { "Bool": { "aws:SecureTransport": false } }
        } });
        let statements = apply(&Value::String(policy.to_string())).unwrap();
        assert_eq!(statements[0]["Principals"], json!(["*"]));
        assert_eq!(statements[0]["Actions"], json!(["s3:*"]));
        assert_eq!(statements[0]["Conditions"], json!([{ "Operator": "Bool", "Key": "aws:securetransport", "Values": ["false"] }]));
    }

    #[test]
    fn everything_is_everything_however_it_is_said() {
        for (statement, action, resource) in [
            (json!({ "Action": "*", "Resource": "*" }), true, true),
            (json!({ "Action": ["s3:Get*", "*:*"], "Resource": ["arn:aws:s3:::b", "**"] }), true, true),
            (json!({ "NotAction": "s3:DeleteBucket", "NotResource": "arn:aws:s3:::b" }), true, true),
            (json!({ "NotAction": ["IAM:*", "organizations:*"], "Resource": "*" }), false, true),
            (json!({ "NotAction": "*", "Resource": "arn:aws:s3:::*" }), false, false),
            (json!({ "Action": ["s3:*", "*:Get*", ""], "Resource": "" }), false, false),
        ] {
            let mut policy = json!({ "Statement": statement });
            policy["Statement"]["Effect"] = "Allow".into();
            let said = &apply(&policy).unwrap()[0];
            assert_eq!((&said["EveryAction"], &said["EveryResource"]), (&action.into(), &resource.into()), "{policy}");
        }
    }

    #[test]
    fn iam_documents_are_percent_decoded() {
        let text = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22AWS%22%3A%22arn%3Aaws%3Aiam%3A%3A444455556666%3Aroot%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";
        let statements = apply(&Value::String(text.into())).unwrap();
        assert_eq!(statements[0]["PrincipalAccounts"], json!(["444455556666"]));
    }

    #[test]
    fn what_is_no_policy_is_a_gap_and_not_an_empty_list() {
        for text in [
            "",
            "{",
            "{}",
            r#"{"Statement":[{"Action":"*"}]}"#,
            r#"{"Statement":[{"Effect":"allow"}]}"#,
            r#"{"Statement":{"Effect":"Allow"}}"#,
            "%zz",
        ] {
            assert_eq!(apply(&Value::String(text.into())).unwrap_err().cause, "Malformed", "{text}");
        }
    }

    #[test]
    fn a_trust_policy_for_github_says_whom_and_under_which_subject() {
        let statements = apply(&json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
            "Condition": {
                "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
                "StringLike": { "token.actions.githubusercontent.com:SUB": ["repo:Org/Repo:*"] },
            },
        }] }));
        let statement = &statements.unwrap()[0];
        assert_eq!(statement["Principals"], json!(["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]));
        // `repo:Org/Repo:*` could be anybody's as far as a key in general goes; the check on subjects reads the values.
        assert_eq!(statement["ConfiningKeys"], json!(["token.actions.githubusercontent.com:aud"]));
        assert_eq!(statement["Conditions"][1]["Values"], json!(["repo:Org/Repo:*"]));
    }

    #[test]
    fn every_way_to_say_everybody_is_a_star() {
        for principal in [json!("*"), json!({ "AWS": "*" }), json!({ "AWS": ["*"] })] {
            let policy = json!({ "Statement": { "Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*" } });
            assert_eq!(apply(&policy).unwrap()[0]["Principals"], json!(["*"]));
        }
    }

    #[test]
    fn accounts_are_told_from_numbers_roots_roles_and_sessions_and_from_nothing_else() {
        let policy = json!({ "Statement": { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
            "AWS": ["222233334444", "arn:aws:iam::111122223333:root", "arn:aws-us-gov:iam::333344445555:role/a/b",
                    "arn:aws:sts::444455556666:assumed-role/r/s", "AROAEXAMPLEID"],
            "Service": ["ec2.amazonaws.com"],
        } } });
        let statement = &apply(&policy).unwrap()[0];
        assert_eq!(statement["PrincipalAccounts"], json!(["111122223333", "222233334444", "333344445555", "444455556666"]));
        assert_eq!(statement["Principals"].as_array().unwrap().len(), 6);
    }
}
