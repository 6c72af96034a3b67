//! A POA&M names the system it is about.

use super::Problem;
use crate::validate::walk::Place;

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    let named = || ["import-ssp", "system-id"].iter().any(|field| place.object.contains_key(*field));
    if place.key == "plan-of-action-and-milestones" && !named() {
        problems.push(Problem {
            pointer: place.pointer.to_owned(),
            constraint: "poam-system",
            message: "the POA&M does not say which system it is about".to_owned(),
            fix: "add `import-ssp` or `system-id`".to_owned(),
        });
    }
}
