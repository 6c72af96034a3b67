//! The answer of a finding and its reason do not contradict each other.

use super::Problem;
use crate::validate::walk::Place;

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    if place.key != "status" {
        return;
    }
    if let (Some(state @ "satisfied"), Some(reason @ "fail")) | (Some(state @ "not-satisfied"), Some(reason @ "pass")) =
        (place.text("state"), place.text("reason"))
    {
        problems.push(Problem {
            pointer: place.pointer.to_owned(),
            constraint: "finding-reason",
            message: format!("the state `{state}` contradicts its reason `{reason}`"),
            fix: "a failure is `not-satisfied`; what could not be seen is `not-satisfied` with the reason `other`".to_owned(),
        });
    }
}
