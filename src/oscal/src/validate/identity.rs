//! Identity within a document: what is defined is defined once, and what is referred to is there.

mod reference;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::walk::Place;
use super::{Part, Problem};
use crate::Uuid;
use reference::{Reference, references};

/// What kind of thing a uuid identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Activity,
    Component,
    Finding,
    InventoryItem,
    Location,
    Observation,
    Party,
    Platform,
    Resource,
    Response,
    Risk,
    Task,
    User,
    /// Nothing that is referred to by kind.
    Other,
}

impl Kind {
    fn of_key(key: &str) -> Self {
        match key {
            "activities" => Self::Activity,
            "assessment-platforms" => Self::Platform,
            "components" => Self::Component,
            "findings" => Self::Finding,
            "inventory-items" => Self::InventoryItem,
            "locations" => Self::Location,
            "observations" => Self::Observation,
            "parties" => Self::Party,
            "remediations" => Self::Response,
            "resources" => Self::Resource,
            "risks" => Self::Risk,
            "tasks" => Self::Task,
            "users" => Self::User,
            _ => Self::Other,
        }
    }
}

/// A thing with a uuid, and the run it is defined in: what lasts is defined again in every run.
#[derive(Clone, Copy)]
struct Definition {
    kind: Kind,
    run: Option<u32>,
}

/// A reference that nothing seen so far answers.
struct Open {
    pointer: String,
    reference: Reference,
}

/// All that is known of identity, while the parts of a document pass by.
pub(super) struct Identities {
    root: Part,
    defined: HashMap<Uuid, Definition>,
    ids: HashSet<(bool, String)>,
    roles: HashSet<String>,
    imported: HashSet<Uuid>,
    open: Vec<Open>,
}

impl Identities {
    pub(super) fn new(root: Part) -> Self {
        let (defined, ids, roles) = Default::default();
        Self { root, defined, ids, roles, imported: HashSet::new(), open: Vec::new() }
    }

    pub(super) fn import(&mut self, uuid: Uuid) {
        self.imported.insert(uuid);
    }

    /// Takes note of what an object defines and refers to.
    pub(super) fn note(&mut self, place: &Place<'_>, problems: &mut Vec<Problem>) {
        if let Some(uuid) = place.text("uuid").and_then(|text| text.parse().ok()) {
            self.define(uuid, place, problems);
        }
        if let Some(id) = place.text("id") {
            self.name(id, place, problems);
        }
        references(place, &mut |field, reference| {
            // A million references into imports that we were told nothing of need not be remembered.
            if !self.is_answered(&reference) && !self.is_excused(&reference) {
                self.open.push(Open { pointer: format!("{}/{field}", place.pointer), reference });
            }
        });
    }

    fn define(&mut self, uuid: Uuid, place: &Place<'_>, problems: &mut Vec<Problem>) {
        let new = Definition { kind: Kind::of_key(place.key), run: run_of(place.pointer) };
        let Some(old) = self.defined.insert(uuid, new) else { return };
        if old.run.is_none() || new.run.is_none() || old.run == new.run {
            problems.push(Problem {
                pointer: format!("{}/uuid", place.pointer),
                constraint: "unique-uuid",
                message: format!("the uuid `{uuid}` is already taken in this document"),
                fix: "give each object a uuid of its own".to_owned(),
            });
        }
    }

    /// Controls, groups and parts of a catalog share one set of ids, parameters have another; roles are kept for their references.
    fn name(&mut self, id: &str, place: &Place<'_>, problems: &mut Vec<Problem>) {
        if place.key == "roles" {
            self.roles.insert(id.to_owned());
        }
        let is_named = matches!(place.key, "controls" | "groups" | "parts" | "params");
        if self.root == Part::Catalog && is_named && !self.ids.insert((place.key == "params", id.to_owned())) {
            problems.push(Problem {
                pointer: format!("{}/id", place.pointer),
                constraint: "unique-id",
                message: format!("the id `{id}` is already taken in this document"),
                fix: "give each control, group, part and parameter an id of its own".to_owned(),
            });
        }
    }

    fn is_answered(&self, reference: &Reference) -> bool {
        match reference {
            Reference::Object { uuid, kinds, .. } => {
                let defined = self.defined.get(uuid);
                defined.is_some_and(|found| kinds.is_empty() || kinds.contains(&found.kind)) || self.imported.contains(uuid)
            }
            Reference::Role(id) => self.roles.contains(id),
        }
    }

    /// Whether the reference may lead into a document that this one imports and that we were told nothing of.
    fn is_excused(&self, reference: &Reference) -> bool {
        let Reference::Object { uuid, kinds, local: false, .. } = reference else { return false };
        let outside = |kind: &Kind| match self.root {
            Part::AssessmentPlan => matches!(kind, Kind::Component | Kind::InventoryItem | Kind::User | Kind::Location | Kind::Party),
            Part::AssessmentResults | Part::PlanOfActionAndMilestones => {
                !matches!(kind, Kind::Finding | Kind::Observation | Kind::Response | Kind::Risk)
            }
            _ => false,
        };
        let is_something_else = self.defined.contains_key(uuid);
        self.imported.is_empty() && !is_something_else && (kinds.is_empty() || kinds.iter().any(outside))
    }

    /// Reports the references that nothing answers.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) {
        for Open { pointer, reference } in &self.open {
            if self.is_answered(reference) || self.is_excused(reference) {
                continue;
            }
            let (message, fix) = match reference {
                Reference::Object { uuid, what, .. } => {
                    (format!("`{uuid}` is no {what} of this document"), format!("define the {what}, or correct the reference"))
                }
                Reference::Role(id) => (format!("`{id}` is no role of this document"), "add it to `metadata.roles`".to_owned()),
            };
            problems.push(Problem { pointer: pointer.clone(), constraint: "reference", message, fix });
        }
    }
}

/// The run that a pointer leads into.
fn run_of(pointer: &str) -> Option<u32> {
    let rest = pointer.strip_prefix("/assessment-results/results/")?;
    rest.split('/').next()?.parse().ok()
}

/// The text of a field, parsed.
fn uuid_in(place: &Place<'_>, field: &str) -> Option<Uuid> {
    place.object.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
}
