//! Inline policies with their documents as plain statements beside them.

use inventory::{Gap, Shape};
use serde_json::Value;

use super::{Function, malformed, policy_statements};

pub(super) const FUNCTION: Function = Function { name: "inline_statements", apply, shape };

fn shape(from: &Shape) -> Shape {
    let statements = policy_statements::shape(&Shape::String);
    match from {
        Shape::List(item) => match &**item {
            Shape::Object(members) => {
                let mut members = members.clone();
                members.insert("Statements".into(), statements);
                Shape::list(Shape::Object(members))
            }
            other => Shape::list(other.clone()),
        },
        other => other.clone(),
    }
}

/// A policy that was not read stays a gap among the others; one that does not parse has a gap for its statements.
fn apply(policies: &Value) -> Result<Value, Gap> {
    let policies = policies.as_array().ok_or_else(|| malformed(&FUNCTION, "the policies are no list"))?;
    let with_statements = |policy: &Value| {
        let mut policy = policy.clone();
        if Gap::in_document(&policy).is_some() {
            return policy;
        }
        let statements = match policy.get("PolicyDocument") {
            Some(document) => policy_statements::apply(document),
            None => Err(malformed(&FUNCTION, "a policy without `PolicyDocument`")),
        };
        policy["Statements"] = statements.unwrap_or_else(|gap| gap.to_document());
        policy
    };
    Ok(Value::Array(policies.iter().map(with_statements).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_policy_that_cannot_be_read_leaves_the_others_readable() {
        let denied = Gap::new("iam:GetUserPolicy", "AccessDenied").to_document();
        let good = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D";
        let policies = apply(&json!([
            denied.clone(),
            { "PolicyName": "broken", "PolicyDocument": "%7B" },
            { "PolicyName": "bare" },
            { "PolicyName": "admin", "PolicyDocument": good },
        ]));
        let policies = policies.unwrap();
        assert_eq!(policies[0], denied);
        assert_eq!(Gap::in_document(&policies[1]["Statements"]).unwrap().cause, "Malformed");
        assert_eq!(Gap::in_document(&policies[2]["Statements"]).unwrap().cause, "Malformed");
        assert_eq!(policies[3]["Statements"][0]["Actions"], json!(["*"]));
    }

    #[test]
    fn no_inline_policies_are_an_empty_list() {
        assert_eq!(apply(&json!([])).unwrap(), json!([]));
        assert!(apply(&json!("x")).is_err());
    }
}
