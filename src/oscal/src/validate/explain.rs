//! Puts the refusals of the schema into words: what is wrong, where, and what would be right.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::Problem;
use crate::datatype::ValueError;

/// The problems that one refusal stands for: one for each unknown field, else one.
pub(super) fn problems(error: &ValidationError<'_>, schema: &Value, pointer: &str) -> Vec<Problem> {
    let here = format!("{pointer}{}", error.instance_path().as_str());
    let problem = |constraint, message: String, fix: String| Problem { pointer: here.clone(), constraint, message, fix };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let fix = known_fields(error, schema);
            let one = |name: &String| Problem {
                pointer: format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")),
                ..problem("unknown-field", format!("unknown field `{name}`"), fix.clone())
            };
            unexpected.iter().map(one).collect()
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![problem("required-field", format!("the field `{name}` is missing"), format!("add `{name}`, OSCAL requires it"))]
        }
        Kind::Pattern { .. } | Kind::Format { .. } | Kind::Enum { .. } => {
            let expected = expected(error, schema);
            let given = error.instance().as_str().map_or_else(|| error.instance().to_string(), str::to_owned);
            let given = ValueError::new(&given, "").given;
            vec![problem("value", format!("`{given}` is not {expected}"), "write a value that OSCAL allows here".to_owned())]
        }
        Kind::MinItems { .. } => {
            let fix = "leave the field out, or give it an item: OSCAL has no empty arrays";
            vec![problem("empty-array", "empty array".to_owned(), fix.to_owned())]
        }
        Kind::MinProperties { .. } | Kind::MaxProperties { .. } => {
            let message = "exactly one way to say it is wanted here".to_owned();
            vec![problem("choice", message, known_fields(error, schema))]
        }
        Kind::FalseSchema => {
            vec![problem("unknown-field", "the object holds fields where OSCAL has none".to_owned(), "write `{}`".to_owned())]
        }
        Kind::Type { .. } => vec![problem("type", sentence(error), "write a value of that type, or leave the field out".to_owned())],
        // What no schema of ours uses, and what can be said no better: the words of the validator.
        _ => vec![problem("value", sentence(error), "write a value that OSCAL allows here".to_owned())],
    }
}

fn sentence(error: &ValidationError<'_>) -> String {
    error.masked_with("the value").to_string()
}

/// The schema object that holds the keyword that refused.
fn holder<'a>(error: &ValidationError<'_>, schema: &'a Value) -> Option<&'a Value> {
    let keyword = error.schema_path().as_str();
    schema.pointer(keyword.rsplit_once('/')?.0)
}

fn known_fields(error: &ValidationError<'_>, schema: &Value) -> String {
    let fields = holder(error, schema).and_then(|holder| holder.get("properties")).and_then(Value::as_object);
    let names = fields.into_iter().flat_map(|fields| fields.keys()).map(|name| format!("`{name}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    format!("OSCAL has {names} here; a fact of your own goes into `props` with a namespace of yours")
}

/// What the datatype says of itself, or the values to choose from.
fn expected(error: &ValidationError<'_>, schema: &Value) -> String {
    if let Kind::Enum { options } = error.kind() {
        let options = options.as_array().into_iter().flatten().filter_map(Value::as_str);
        return format!("one of `{}`", options.collect::<Vec<_>>().join("`, `"));
    }
    let said = holder(error, schema).and_then(|holder| holder.get("$comment")).and_then(Value::as_str);
    said.unwrap_or("what OSCAL wants here").to_owned()
}
