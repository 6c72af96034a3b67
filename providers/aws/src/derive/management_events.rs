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
            None => records_all(selection).map_or_else(|gap| gap.to_document(), Value::Bool),
        };
        trail
    };
    Ok(Value::Array(trails.iter().map(with_fact).collect()))
}

/// A trail has selectors of one sort or the other, if only the default one; an answer with neither says nothing.
fn records_all(selection: &Value) -> Result<bool, Gap> {
    let list = |name: &str| selection.get(name).and_then(Value::as_array);
    match (list("EventSelectors"), list("AdvancedEventSelectors")) {
        (None, None) => Err(malformed(&FUNCTION, "the answer has no event selectors")),
        (basic, further) => Ok(basic.into_iter().flatten().any(classic) || further.into_iter().flatten().any(advanced)),
    }
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
            && field.get("Equals").and_then(Value::as_array).is_some_and(|values| values.iter().any(|value| value == "Management"))
    };
    matches!(fields.as_slice(), [only] if is_management(only))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn recorded(selection: Value) -> Value {
        apply(&json!([{ "Name": "t", "EventSelection": selection }])).unwrap()[0]["RecordsAllManagementEvents"].clone()
    }

    #[test]
    fn classic_selectors_must_take_both_directions_and_leave_no_source_out() {
        let selector = |direction: &str, included: bool, left_out: &[&str]| {
            json!({ "EventSelectors": [{ "ReadWriteType": direction, "IncludeManagementEvents": included, "DataResources": [],
                                         "ExcludeManagementEventSources": left_out }] })
        };
        assert_eq!(recorded(selector("All", true, &[])), true);
        assert_eq!(recorded(selector("WriteOnly", true, &[])), false);
        assert_eq!(recorded(selector("All", false, &[])), false);
        assert_eq!(recorded(selector("All", true, &["kms.amazonaws.com"])), false);
    }

    #[test]
    fn advanced_selectors_must_ask_for_management_events_and_for_nothing_less() {
        let category = |value: &str| json!({ "Field": "eventCategory", "Equals": [value] });
        let advanced = |selectors: Value| json!({ "AdvancedEventSelectors": selectors });
        assert_eq!(recorded(advanced(json!([{ "FieldSelectors": [category("Management")] }]))), true);
        assert_eq!(
            recorded(advanced(json!([{ "FieldSelectors": [category("Data")] }, { "FieldSelectors": [category("Management")] }]))),
            true
        );
        let reads_only = json!({ "Field": "readOnly", "Equals": ["true"] });
        assert_eq!(recorded(advanced(json!([{ "FieldSelectors": [category("Management"), reads_only] }]))), false);
        assert_eq!(recorded(advanced(json!([{ "FieldSelectors": [category("Data")] }]))), false);
    }

    #[test]
    fn selectors_that_were_not_read_are_unknown_and_the_other_trails_are_not() {
        let denied = Gap::new("cloudtrail:GetEventSelectors", "AccessDenied").to_document();
        assert_eq!(recorded(denied.clone()), denied);
        assert_eq!(Gap::in_document(&recorded(json!({ "TrailARN": "a" }))).unwrap().cause, "Malformed");
        let unread = Gap::new("cloudtrail:DescribeTrails", "Throttling").to_document();
        assert_eq!(apply(&json!([unread.clone()])).unwrap(), json!([unread]));
    }
}
