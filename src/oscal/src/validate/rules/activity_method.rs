//! An activity says by which method it assesses.

use super::Problem;
use crate::validate::walk::Place;

const METHODS: &[&str] = &["EXAMINE", "INTERVIEW", "TEST"];

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    if place.key != "activities" {
        return;
    }
    let oscals_own = |ns: Option<&str>| ns.is_none_or(|ns| ns == crate::OSCAL_NS);
    let method = place.objects("props").find(|prop| {
        let text = |field: &str| prop.get(field).and_then(|value| value.as_str());
        text("name") == Some("method") && oscals_own(text("ns"))
    });
    let value = method.and_then(|prop| prop.get("value")).and_then(|value| value.as_str());
    let message = match value {
        Some(value) if METHODS.contains(&value) => return,
        Some(value) => format!("the method `{value}` is not one of `{}`", METHODS.join("`, `")),
        None => "the activity has no property `method`".to_owned(),
    };
    let fix = "add the property `method` with the value `TEST`, `EXAMINE` or `INTERVIEW` and no `ns`".to_owned();
    problems.push(Problem { pointer: place.pointer.to_owned(), constraint: "activity-method", message, fix });
}
