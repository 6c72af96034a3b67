//! Mapping-collections: what the authors of a catalog say that its controls have to do with entries of frameworks.

use std::collections::BTreeMap;

use oscal::{
    BackMatter, ConfidenceScore, ControlMap, Mapping as OscalMapping, MappingCollection, MappingItem, MappingItemType, MappingMethod,
    MappingProvenance, MappingResource, MappingResourceType, MappingStatus, MatchingRationale, Relationship, Resource,
};

use super::metadata::least;
use super::words::{catalog_file, lasting, own, reference, text};
use super::{Scope, matter, notice};
use crate::source::Mapping;

/// How these relations are to be read.
const DESCRIPTION: &str = "Stated by the authors of the catalog. Gemara says that, and how strongly, two entries have to do with each other, and not which \
    of them demands more; so they intersect, and a finding on one decides nothing about the other.";

/// The mappings of a catalog's controls, one for each framework; nothing where its controls are mapped to none.
pub(super) fn of_catalog(scope: &Scope<'_>) -> Option<MappingCollection> {
    let mut by_framework: BTreeMap<&str, Vec<ControlMap>> = BTreeMap::new();
    for (control, mapping) in mapped_controls(scope) {
        by_framework.entry(mapping.source.as_str()).or_default().push(map(scope, control, mapping));
    }
    let frameworks = matter::frameworks(scope);
    let resources: Vec<Resource> = by_framework.keys().filter_map(|name| frameworks.get(*name).cloned()).collect();
    let mappings: Vec<OscalMapping> = by_framework.into_iter().map(|(framework, maps)| mapping(scope, framework, maps)).collect();
    if mappings.is_empty() {
        return None;
    }
    let title = format!("{}: mappings to frameworks", notice::title(scope.catalog));
    let mut metadata = least(&title, notice::version(scope.catalog), scope.last_modified);
    metadata.remarks = Some(notice::notice(scope.catalog, scope.found.licence.as_ref()).into());
    let provenance =
        MappingProvenance::new(MappingMethod::Human, MatchingRationale::Semantic, MappingStatus::NotComplete, DESCRIPTION.into());
    let collection = MappingCollection::new(lasting(&["unsettled"]), metadata, provenance, mappings);
    Some(MappingCollection { back_matter: Some(BackMatter { resources }), ..collection })
}

/// Each control with an entry of a framework: by its own field, or by a mapping document. Threats are no controls, and stay in the catalog.
fn mapped_controls<'a>(scope: &Scope<'a>) -> impl Iterator<Item = (&'a str, &'a Mapping)> {
    let catalog = scope.catalog;
    let inline = catalog.controls.iter().flat_map(|control| control.guidelines.iter().map(move |mapping| (control.id.as_str(), mapping)));
    let documents = catalog.mapping_documents.iter().flat_map(|document| &document.mappings);
    let is_control = |id: &str| catalog.controls.iter().any(|control| control.id == id);
    inline.chain(documents.filter(move |(mapped, _)| is_control(mapped.as_str())).map(|(mapped, mapping)| (mapped.as_str(), mapping)))
}

fn mapping(scope: &Scope<'_>, framework: &str, maps: Vec<ControlMap>) -> OscalMapping {
    let ours = MappingResource::new(MappingResourceType::Catalog, reference(&catalog_file(scope.id())));
    let theirs = MappingResource::new(MappingResourceType::Catalog, matter::framework_uuid(scope.id(), framework).into());
    OscalMapping::new(lasting(&["mapping", scope.id(), framework]), ours, theirs, maps)
}

fn map(scope: &Scope<'_>, control: &str, mapping: &Mapping) -> ControlMap {
    let item = |id: &str| vec![MappingItem::new(MappingItemType::Control, text(id))];
    let named = mapping.relationship.as_ref().map(|word| own("relationship", word.clone()));
    let strength = mapping.strength.as_ref().map(|strength| own("strength", strength.clone()));
    let uuid =
        lasting(&["map", scope.id(), control, mapping.source.as_str(), mapping.entry.as_str(), &mapping.line.to_string(), &mapping.path]);
    ControlMap {
        props: named.into_iter().chain(strength).collect(),
        confidence_score: mapping.strength.as_ref().and_then(|strength| confidence(strength.as_str())),
        remarks: mapping.remarks.clone().map(Into::into),
        ..ControlMap::new(uuid, relationship(mapping), item(control), item(mapping.entry.as_str()))
    }
}

/// Gemara's words; none of them says which of the two demands more.
fn relationship(mapping: &Mapping) -> Relationship {
    match mapping.relationship.as_ref().map(oscal::Text::as_str) {
        Some("no-match") => Relationship::NoRelationship,
        Some("equivalent") => Relationship::EquivalentTo,
        Some("subsumes") => Relationship::SupersetOf,
        _ => Relationship::IntersectsWith,
    }
}

/// A strength from 1 to 10 as a number from 0 to 1.
fn confidence(strength: &str) -> Option<ConfidenceScore> {
    let strength: u8 = strength.parse().ok().filter(|strength| *strength <= 10)?;
    let percentage = serde_json::Number::from_f64(f64::from(strength) / 10.0);
    Some(ConfidenceScore { percentage, ..ConfidenceScore::default() })
}
