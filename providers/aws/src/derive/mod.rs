//! Facts that need code. Facts, not judgements: what a policy says, not whether it should.

mod credential_report;
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

/// What was read does not have the form that it must have.
fn malformed(function: &Function, detail: impl Into<String>) -> Gap {
    Gap::new(format!("derive:{}", function.name), "Malformed").with_detail(detail)
}
