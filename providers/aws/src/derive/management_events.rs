//! Trails with whether they record all management events, out of their classic or advanced event selectors.

use inventory::{Gap, Shape};
use serde_json::Value;

use super::{Function, malformed};

pub(super) const FUNCTION: Function = Function { name: "management_events", apply, shape };

fn shape(from: &Shape) -> Shape {
    match from {
        Shape::List(item) => match &**item {
            Shape::Object(members) => {
                let mut members = members.clone();
                members.insert("RecordsAllManagementEvents".into(), Shape::Bool);
                Shape::list(Shape::Object(members))
            }
            other => Shape::list(other.clone()),
        },
        other => other.clone(),
    }
}

fn apply(trails: &Value) -> Result<Value, Gap> {
    let trails = trails.as_array().ok_or_else(|| malformed(&FUNCTION, "the trails are no list"))?;
    let with_fact = |trail: &Value| {
        let mut trail = trail.clone();
        let Some(selection) = trail.get("EventSelection") else { return trail };
        trail["RecordsAllManagementEvents"] = match Gap::in_document(selection) {
            Some(gap) => gap.to_document(),
            None => Value::Bool(records_all(selection)),
        };
        trail
    };
    Ok(Value::Array(trails.iter().map(with_fact).collect()))
}

fn records_all(selection: &Value) -> bool {
    let list = |name: &str| selection.get(name).and_then(Value::as_array).into_iter().flatten();
    list("EventSelectors").any(classic) || list("AdvancedEventSelectors").any(advanced)
}

/// Management events of both directions, from every source.
fn classic(selector: &Value) -> bool {
    let excludes = selector.get("ExcludeManagementEventSources").and_then(Value::as_array).is_some_and(|sources| !sources.is_empty());
    selector.get("IncludeManagementEvents").and_then(Value::as_bool) == Some(true)
        && selector.get("ReadWriteType").and_then(Value::as_str) == Some("All")
        && !excludes
}

/// The one condition is that the events are management events; every further condition leaves some out.
fn advanced(selector: &Value) -> bool {
    let fields: Vec<&Value> = selector.get("FieldSelectors").and_then(Value::as_array).into_iter().flatten().collect();
    let is_management = |field: &&Value| {
        field["Field"] == "eventCategory"
            && field["Equals"].as_array().is_some_and(|values| values.iter().any(|value| value == "Management"))
    };
    matches!(fields.as_slice(), [only] if is_management(only))
}
