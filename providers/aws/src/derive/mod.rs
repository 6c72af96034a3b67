//! Facts that need code. Facts, not judgements: what a policy says, not whether it should.

mod confining;
mod credential_report;
mod everybody;
mod inline_statements;
mod management_events;
mod network_acl_rules;
mod policy_statements;
mod security_group_rules;
mod transport_parameters;

use inventory::{Gap, Shape};
use serde_json::Value;

/// A named function from one field to another.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// What it makes of the field. What cannot be made sense of is a gap, never an empty answer.
    pub(crate) apply: fn(&Value) -> Result<Value, Gap>,
    /// The shape of what it makes, given the shape of the field.
    pub(crate) shape: fn(&Shape) -> Shape,
}

const FUNCTIONS: &[Function] = &[
    credential_report::FUNCTION,
    inline_statements::FUNCTION,
    management_events::FUNCTION,
    network_acl_rules::FUNCTION,
    policy_statements::FUNCTION,
    security_group_rules::FUNCTION,
    transport_parameters::FUNCTION,
];

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Whether a policy document lets everybody do something: an `Allow` for `*`, or for all but some, that no condition confines.
pub(crate) fn admits_everybody(policy: &Value) -> Result<bool, Gap> {
    let statements = policy_statements::apply(policy)?;
    let empty = |statement: &Value, name: &str| statement[name].as_array().is_none_or(Vec::is_empty);
    let admits = |statement: &Value| {
        let everybody = statement["Principals"].as_array().is_some_and(|all| all.iter().any(|one| one == "*"));
        statement["Effect"] == "Allow" && (everybody || !empty(statement, "NotPrincipals")) && empty(statement, "ConfiningKeys")
    };
    Ok(statements.as_array().is_some_and(|all| all.iter().any(admits)))
}

/// What was read does not have the form that it must have. Which read that was, [`blame`] says.
fn malformed(function: &Function, detail: impl Into<String>) -> Gap {
    Gap::new(format!("{DERIVING}{}", function.name), "Malformed").with_detail(detail)
}

/// How a gap begins that does not know yet which read it comes from.
const DERIVING: &str = "derive:";

/// Names the read that could not be made sense of, wherever a function found something malformed.
pub(crate) fn blame(fact: &mut Value, action: &str) {
    match fact {
        Value::Array(items) => items.iter_mut().for_each(|item| blame(item, action)),
        Value::Object(members) => {
            let unread = members.get_mut(inventory::UNKNOWN_KEY).and_then(|gap| gap.get_mut("action"));
            if let Some(named) = unread.filter(|named| named.as_str().is_some_and(|named| named.starts_with(DERIVING))) {
                *named = action.into();
            }
            members.values_mut().for_each(|member| blame(member, action));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
