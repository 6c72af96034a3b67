//! The engine's relations out of an OSCAL mapping, and its members out of a framework's controls.

use std::collections::BTreeMap;

use oscal::{ControlMap, Mapping, MappingItem, MappingItemType, Part, Relationship, SelectedControl};

use super::{Bound, Limit, Map, Member, Ours, Relation};
use crate::emit::NS;
use crate::plan::Target;

/// Why a mapping cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MapError {
    /// The relation is none of OSCAL's.
    #[error("the map `{map}` has the relationship `{word}`, of which it is not known what travels over it; use one of OSCAL's")]
    Relationship {
        /// The map's uuid.
        map: String,
        /// The word.
        word: String,
    },
}

/// The relations of a mapping by the framework's item: a control's id or that of a part. `reversed` where our controls are its sources.
///
/// # Errors
/// If a relation is not one of OSCAL's.
pub fn maps(mapping: &Mapping, reversed: bool) -> Result<BTreeMap<String, Vec<Map>>, MapError> {
    let mut found: BTreeMap<String, Vec<Map>> = BTreeMap::new();
    for map in &mapping.maps {
        let Some(relation) = relation(map)? else { continue };
        let (theirs, ours) = if reversed { (&map.targets, &map.sources) } else { (&map.sources, &map.targets) };
        let relation = if reversed { relation.reversed() } else { relation };
        for item in theirs {
            let part = (item.r#type == MappingItemType::Statement).then(|| item.id_ref.to_string());
            found.entry(item.id_ref.to_string()).or_default().push(Map {
                relation,
                part,
                shared: theirs.len() > 1,
                ours: ours.iter().map(our).collect(),
                limits: limits(map),
            });
        }
    }
    Ok(found)
}

/// The relation; none where it says that there is none.
fn relation(map: &ControlMap) -> Result<Option<Relation>, MapError> {
    Ok(Some(match &map.relationship {
        Relationship::EqualTo => Relation::Equal,
        Relationship::EquivalentTo => Relation::Equivalent,
        Relationship::SubsetOf => Relation::Subset,
        Relationship::SupersetOf => Relation::Superset,
        Relationship::IntersectsWith => Relation::Intersects,
        Relationship::NoRelationship => return Ok(None),
        other => return Err(MapError::Relationship { map: map.uuid.to_string(), word: other.as_str().to_owned() }),
    }))
}

/// A statement of ours stands for its control: our verdicts are on controls.
fn our(item: &MappingItem) -> Ours {
    let id = item.id_ref.as_str();
    let control = match item.r#type {
        MappingItemType::Control => id,
        MappingItemType::Statement => id.split_once('_').map_or(id, |(control, _)| control),
    };
    Ours { control: control.to_owned(), provider: oscal::property(&item.props, NS, "provider").map(str::to_owned), check: None }
}

fn limits(map: &ControlMap) -> Vec<Limit> {
    let sides = [("at-most", Bound::AtMost), ("at-least", Bound::AtLeast)];
    let limit = |(name, bound): (&str, Bound)| {
        let own = map.props.iter().filter(move |prop| prop.is(NS, name));
        own.filter_map(move |prop| Some(Limit { parameter: prop.class.as_ref()?.to_string(), bound, value: prop.value.to_string() }))
            .collect::<Vec<_>>()
    };
    sides.into_iter().flat_map(limit).collect()
}

/// A control of a framework with the relations that `maps` has of it and its parts, which it takes out.
pub fn member(selected: &SelectedControl, maps: &mut BTreeMap<String, Vec<Map>>) -> Member {
    let id = selected.id().to_string();
    let mut parts = Vec::new();
    gather(&selected.control.parts, &mut parts);
    let statement = selected.statement();
    let named = |part: Option<&Part>| part.and_then(|part| part.id.as_ref()).map(ToString::to_string);
    let target = match (named(statement), named(selected.objective())) {
        (Some(id), _) => Target::Statement(id),
        (None, Some(id)) => Target::Objective(id),
        // OSCAL knows no finding on a whole control; this is how published catalogs call its statement.
        (None, None) => Target::Statement(format!("{id}_smt")),
    };
    let mut own = maps.remove(&id).unwrap_or_default();
    own.extend(parts.iter().filter_map(|(_, part)| maps.remove(part)).flatten());
    Member {
        id,
        title: selected.control.title.to_string(),
        statement: statement.map(|part| selected.text_of(part)).unwrap_or_default(),
        target,
        parts,
        maps: own,
    }
}

fn gather(parts: &[Part], found: &mut Vec<(String, String)>) {
    for part in parts {
        found.extend(part.id.as_ref().map(|id| (part.name.to_string(), id.to_string())));
        gather(&part.parts, found);
    }
}
