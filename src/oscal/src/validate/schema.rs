//! The JSON Schema of each part, made out of our types once, compiled once, and run.

use std::sync::OnceLock;

use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::{Part, Problem, explain};

struct Compiled {
    schema: Value,
    validator: Validator,
}

/// The schema of a part.
pub(super) fn of(part: Part) -> &'static Value {
    &compiled(part).schema
}

/// The first `most` places where the value does not fit the schema of its part.
pub(super) fn problems(part: Part, pointer: &str, value: &Value, most: usize) -> Vec<Problem> {
    let Compiled { schema, validator } = compiled(part);
    if validator.is_valid(value) {
        return Vec::new();
    }
    validator.iter_errors(value).take(most).flat_map(|error| explain::problems(&error, schema, pointer)).take(most).collect()
}

fn compiled(part: Part) -> &'static Compiled {
    static COMPILED: [OnceLock<Compiled>; Part::ALL.len()] = [const { OnceLock::new() }; Part::ALL.len()];
    let place = Part::ALL.iter().position(|other| *other == part).expect("the list has every part");
    COMPILED[place].get_or_init(|| {
        let schema = generated(part);
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&schema).expect("the schema of our types is a valid schema");
        Compiled { schema, validator }
    })
}

fn generated(part: Part) -> Value {
    match part {
        Part::Catalog => schema_for::<crate::Catalog>(),
        Part::Profile => schema_for::<crate::Profile>(),
        Part::MappingCollection => schema_for::<crate::MappingCollection>(),
        Part::ComponentDefinition => schema_for::<crate::ComponentDefinition>(),
        Part::SystemSecurityPlan => schema_for::<crate::SystemSecurityPlan>(),
        Part::AssessmentPlan => schema_for::<crate::AssessmentPlan>(),
        Part::AssessmentResults => schema_for::<crate::AssessmentResults>(),
        Part::PlanOfActionAndMilestones => schema_for::<crate::PlanOfActionAndMilestones>(),
        Part::Metadata => schema_for::<crate::Metadata>(),
        Part::Resource => schema_for::<crate::Resource>(),
        Part::Control => schema_for::<crate::Control>(),
        Part::SystemComponent => schema_for::<crate::SystemComponent>(),
        Part::InventoryItem => schema_for::<crate::InventoryItem>(),
        Part::Activity => schema_for::<crate::Activity>(),
        Part::LocalObjective => schema_for::<crate::LocalObjective>(),
        Part::Task => schema_for::<crate::Task>(),
        Part::AssessmentResult => schema_for::<crate::AssessmentResult>(),
        Part::AssessmentLogEntry => schema_for::<crate::AssessmentLogEntry>(),
        Part::Observation => schema_for::<crate::Observation>(),
        Part::SubjectReference => schema_for::<crate::SubjectReference>(),
        Part::Risk => schema_for::<crate::Risk>(),
        Part::Finding => schema_for::<crate::Finding>(),
        Part::PoamItem => schema_for::<crate::PoamItem>(),
    }
}

fn schema_for<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(as_oscal_has_it));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// OSCAL has neither null nor empty arrays, and no number formats of Rust.
fn as_oscal_has_it(schema: &mut Schema) {
    without_null(schema);
    if schema.get("type") == Some(&json!("array")) {
        schema.insert("minItems".to_owned(), json!(1));
    }
    if schema.get("type") == Some(&json!("integer")) {
        schema.remove("format");
    }
    schema.remove("default");
}

/// Turns what schemars writes of an `Option` into what it writes of the type inside.
fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get("type") {
        let rest: Vec<Value> = types.iter().filter(|name| **name != json!("null")).cloned().collect();
        if let [only] = rest.as_slice() {
            schema.insert("type".to_owned(), only.clone());
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.retain(|choice| !choice.is_null());
    }
    let null = json!({ "type": "null" });
    let Some(Value::Array(options)) = schema.get("anyOf") else { return };
    let rest: Vec<Value> = options.iter().filter(|option| **option != null).cloned().collect();
    if let ([Value::Object(only)], true) = (rest.as_slice(), options.len() == 2) {
        schema.remove("anyOf");
        for (key, value) in only {
            schema.insert(key.clone(), value.clone());
        }
    }
}
