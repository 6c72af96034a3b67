//! Checks documents, whole or in parts: against the schema of our types, and against the rules that OSCAL states in words.
//!
//! A part is checked without the rest, so that a result with a million subjects never lies in memory as a whole:
//! a [`Checker`] takes the parts in the order they are written and says at the end which references led nowhere.

mod constraint;
mod explain;
mod identity;
mod part;
mod rules;
mod schema;
mod walk;

use serde_json::Value;

pub use constraint::{Broken, Gravity, constraints, unchecked};
pub use part::Part;

use crate::{Document, Uuid};

/// Something in a document that OSCAL does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at `{pointer}`: {message}; {fix} ({constraint})")]
pub struct Problem {
    /// The JSON pointer to what is wrong; empty for the document as a whole.
    pub pointer: String,
    /// The constraint that is broken, by a name that stays.
    pub constraint: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// Every problem of a document given as JSON, with its single root; of more than a thousand the first, and that there are more.
///
/// ```
/// let document = serde_json::json!({ "catalog": { "uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14",
///     "metadata": { "title": "T", "last-modified": "2026-11-23", "version": "1", "oscal-version": "1.2.3" } } });
/// let problems = oscal::validate(&document);
/// assert_eq!(problems[0].pointer, "/catalog/metadata/last-modified");
/// assert!(!problems[0].fix.is_empty());
/// ```
pub fn validate(document: &Value) -> Vec<Problem> {
    let members = document.as_object().into_iter().flatten();
    let mut roots = members.filter(|(key, _)| *key != "$schema");
    match (roots.next(), roots.next()) {
        (Some((root, model)), None) => match Part::of_root(root) {
            Some(part) => {
                let mut checker = Checker::new(part);
                checker.part(part, &format!("/{root}"), model);
                checker.finish()
            }
            None => vec![no_root(format!("the root `{root}` is not a model that is known here"))],
        },
        (Some(_), Some((second, _))) => vec![no_root(format!("there is a second root, `{second}`"))],
        (None, _) => vec![no_root("this is not an OSCAL document, which is an object with one root".to_owned())],
    }
}

fn no_root(message: String) -> Problem {
    let fix = format!("have one root, out of `{}`", crate::document::ROOTS.join("`, `"));
    Problem { pointer: String::new(), constraint: "root", message, fix }
}

/// Every problem of one part that can be seen without the rest of its document; pointers start at the part.
pub fn validate_part(part: Part, value: &Value) -> Vec<Problem> {
    let mut problems = schema::problems(part, "", value, TOLD);
    walk::each_object(part.key(), "", value, &mut |place| rules::apply(place, &mut problems));
    problems
}

/// The JSON Schema of a part, as it follows from our types. Says nothing of the rules that OSCAL states in words.
pub fn schema_of(part: Part) -> &'static Value {
    schema::of(part)
}

impl Document {
    /// Every problem of the document.
    pub fn validate(&self) -> Vec<Problem> {
        validate(&serde_json::to_value(self).expect("every key is a string"))
    }
}

/// Checks a document that comes in parts.
///
/// The first part is usually the document without its long lists; the items of those follow, each under the pointer it will have.
/// References may lead forward. Definitions before references, as OSCAL orders them, cost least memory.
pub struct Checker {
    identities: identity::Identities,
    problems: Vec<Problem>,
}

/// So many problems are told; a generator that is wrong is wrong a million times.
const TOLD: usize = 1_000;

/// What is said in place of all the others.
fn more() -> Problem {
    Problem {
        pointer: String::new(),
        constraint: "and-more",
        message: format!("there are more problems than the {TOLD} that are told"),
        fix: "correct these, and look again".to_owned(),
    }
}

impl Checker {
    /// A checker for a document with this root.
    pub fn new(root: Part) -> Self {
        Self { identities: identity::Identities::new(root), problems: Vec::new() }
    }

    /// Makes known that an imported document defines this uuid. Once any is known, references into imports must lead to one;
    /// so tell them all, before the first part.
    pub fn import(&mut self, uuid: Uuid) {
        self.identities.import(uuid);
    }

    /// Makes known every uuid that an imported document defines; before the first part.
    pub fn import_all(&mut self, document: &Value) {
        walk::each_object("", "", document, &mut |place| {
            if let Some(uuid) = place.text("uuid").and_then(|text| text.parse().ok()) {
                self.identities.import(uuid);
            }
        });
    }

    /// Takes one part, which will lie at this pointer.
    pub fn part(&mut self, part: Part, pointer: &str, value: &Value) {
        let Self { identities, problems } = self;
        if problems.len() <= TOLD {
            let left = TOLD + 1 - problems.len();
            problems.extend(schema::problems(part, pointer, value, left));
        }
        walk::each_object(part.key(), pointer, value, &mut |place| {
            let told = problems.len();
            identities.note(place, problems);
            if told <= TOLD {
                rules::apply(place, problems);
            }
            problems.truncate(TOLD + 1);
        });
    }

    /// All problems, now that every part was seen.
    pub fn finish(self) -> Vec<Problem> {
        let Self { identities, mut problems } = self;
        identities.finish(&mut problems);
        if problems.len() > TOLD {
            problems.truncate(TOLD);
            problems.push(more());
        }
        problems
    }
}

#[cfg(test)]
mod tests;
