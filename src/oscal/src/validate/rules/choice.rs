//! Some fields exclude each other; the newest schemas refuse both at once, and so do we.

use super::Problem;
use crate::validate::walk::Place;

/// Fields of which an object has at most one.
struct Choice {
    /// The field or array that holds the object.
    key: &'static str,
    /// The fields that exclude each other.
    of: &'static [&'static str],
    /// Whether one of them must be there.
    needed: bool,
}

const CHOICES: &[Choice] = &[
    Choice { key: "control-selections", of: &["include-all", "include-controls"], needed: true },
    Choice { key: "control-objective-selections", of: &["include-all", "include-objectives"], needed: true },
    Choice { key: "assessment-subjects", of: &["include-all", "include-subjects"], needed: true },
    Choice { key: "subjects", of: &["include-all", "include-subjects", "subject-uuid"], needed: true },
    Choice { key: "imports", of: &["include-all", "include-controls"], needed: true },
    Choice { key: "insert-controls", of: &["include-all", "include-controls"], needed: true },
    Choice { key: "merge", of: &["flat", "as-is", "custom"], needed: true },
    Choice { key: "groups", of: &["groups", "controls", "insert-controls"], needed: false },
    Choice { key: "params", of: &["values", "select"], needed: false },
    Choice { key: "set-parameters", of: &["values", "select"], needed: false },
    Choice { key: "parties", of: &["addresses", "location-uuids"], needed: false },
];

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    for choice in CHOICES.iter().filter(|choice| choice.key == place.key) {
        let present: Vec<&str> = choice.of.iter().copied().filter(|field| place.object.contains_key(*field)).collect();
        let (message, fix) = match present.as_slice() {
            [] if choice.needed => ("nothing is chosen here".to_owned(), format!("add one of `{}`", choice.of.join("`, `"))),
            [] | [_] => continue,
            several => (format!("`{}` exclude each other", several.join("` and `")), "keep one of them".to_owned()),
        };
        problems.push(Problem { pointer: place.pointer.to_owned(), constraint: "choice", message, fix });
    }
}
