//! What an object refers to, by which field, and what kind of thing that must be.

use super::{Kind, Place, uuid_in};
use crate::Uuid;

/// A reference to something that must be defined.
pub(super) enum Reference {
    /// To something with a uuid.
    Object {
        /// Which one.
        uuid: Uuid,
        /// What it may be; empty for anything.
        kinds: &'static [Kind],
        /// How that is called.
        what: &'static str,
        /// Whether it must be in this document, whatever is imported.
        local: bool,
    },
    /// To a role of the metadata.
    Role(String),
}

/// Fields that refer to one kind of thing: the field, the kind, its name, and whether it must be in the same document.
const BY_FIELD: &[(&str, &[Kind], &str, bool)] = &[
    ("activity-uuid", &[Kind::Activity], "activity", false),
    ("component-uuid", &[Kind::Component], "component", false),
    ("finding-uuid", &[Kind::Finding], "finding", true),
    ("observation-uuid", &[Kind::Observation], "observation", true),
    ("party-uuid", &[Kind::Party], "party", true),
    ("response-uuid", &[Kind::Response], "response", true),
    ("risk-uuid", &[Kind::Risk], "risk", true),
    ("task-uuid", &[Kind::Task], "task", false),
];

const BY_LIST: &[(&str, &[Kind], &str)] = &[
    ("location-uuids", &[Kind::Location], "location"),
    ("member-of-organizations", &[Kind::Party], "party"),
    ("party-uuids", &[Kind::Party], "party"),
];

/// Tells every reference of an object, with the field that holds it.
pub(super) fn references(place: &Place<'_>, tell: &mut dyn FnMut(&str, Reference)) {
    for &(field, kinds, what, local) in BY_FIELD {
        if let Some(uuid) = uuid_in(place, field) {
            tell(field, Reference::Object { uuid, kinds, what, local });
        }
    }
    for &(field, kinds, what) in BY_LIST {
        for (index, uuid) in place.texts(field).enumerate() {
            if let Ok(uuid) = uuid.parse() {
                tell(&format!("{field}/{index}"), Reference::Object { uuid, kinds, what, local: true });
            }
        }
    }
    by_type(place, tell);
    by_fragment(place, tell);
    if let Some(role) = place.text("role-id").filter(|_| matches!(place.key, "responsible-parties" | "logged-by" | "actors")) {
        tell("role-id", Reference::Role(role.to_owned()));
    }
}

/// References whose kind another field names.
fn by_type(place: &Place<'_>, tell: &mut dyn FnMut(&str, Reference)) {
    let named = place.text("type").unwrap_or_default();
    if let Some(uuid) = uuid_in(place, "subject-uuid") {
        let (kinds, what): (&'static [Kind], _) = match named {
            "component" => (&[Kind::Component], "component"),
            "inventory-item" => (&[Kind::InventoryItem], "inventory item"),
            "location" => (&[Kind::Location], "location"),
            "party" => (&[Kind::Party], "party"),
            "user" => (&[Kind::User], "user"),
            "resource" => (&[Kind::Resource], "back-matter resource"),
            _ => (&[], "object"),
        };
        tell("subject-uuid", Reference::Object { uuid, kinds, what, local: false });
    }
    if let Some(uuid) = uuid_in(place, "actor-uuid") {
        let (kinds, what): (&'static [Kind], _) = match named {
            "tool" => (&[Kind::Component], "component"),
            "assessment-platform" => (&[Kind::Platform], "assessment platform"),
            "party" => (&[Kind::Party], "party"),
            _ => (&[], "object"),
        };
        tell("actor-uuid", Reference::Object { uuid, kinds, what, local: false });
    }
}

/// `#uuid`: a resource where a file is meant, any object where a link leads. Other fragments name ids, which are not checked.
fn by_fragment(place: &Place<'_>, tell: &mut dyn FnMut(&str, Reference)) {
    let fragment = place.text("href").and_then(|href| href.strip_prefix('#'));
    let Some(uuid) = fragment.and_then(|fragment| fragment.parse().ok()) else { return };
    let (kinds, what): (&'static [Kind], _) = match place.key {
        "links" if place.text("rel") != Some("reference") => (&[], "object"),
        _ => (&[Kind::Resource], "back-matter resource"),
    };
    tell("href", Reference::Object { uuid, kinds, what, local: true });
}
