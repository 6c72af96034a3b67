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
