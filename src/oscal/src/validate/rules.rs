//! The rules that OSCAL states in words and that can be seen in one object. One rule, one file.

mod activity_method;
mod choice;
mod finding_reason;
mod hash_length;
mod namespace;
mod poam_system;
mod time_order;

use super::Problem;
use super::walk::Place;

/// A rule looks at one object and says what is wrong with it.
type Rule = fn(&Place<'_>, &mut Vec<Problem>);

const RULES: &[Rule] = &[
    activity_method::check,
    choice::check,
    finding_reason::check,
    hash_length::check,
    namespace::check,
    poam_system::check,
    time_order::check,
];

/// Applies every rule to an object.
pub(super) fn apply(place: &Place<'_>, problems: &mut Vec<Problem>) {
    for rule in RULES {
        rule(place, problems);
    }
}
