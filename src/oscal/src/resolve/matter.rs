//! Metadata and back matter of a resolved catalog.

use std::collections::HashMap;

use super::Frame;
use super::references::References;
use crate::{Link, Metadata, OSCAL_NS, Profile, Property, Resource, Uuid, property};

/// The profile's own metadata, and what made the catalog out of what.
pub(super) fn metadata(profile: &Profile, place: &str, frame: &Frame) -> Metadata {
    let mut metadata = profile.metadata.clone();
    metadata.last_modified = frame.last_modified.clone();
    metadata.oscal_version = frame.oscal_version.clone();
    metadata.props.insert(0, Property::new("resolution-tool".parse().expect("a token"), frame.tool.clone()));
    if let Ok(href) = place.parse() {
        metadata.links.insert(0, Link { rel: Some("source-profile".parse().expect("a token")), ..Link::new(href) });
    }
    metadata
}

/// Of resources with one uuid the last stays, or the last that says `keep` = `always`; of those, what something refers to or what
/// says so.
pub(super) fn resources(all: Vec<Resource>, references: &References) -> Vec<Resource> {
    let is_kept = |resource: &Resource| property(&resource.props, OSCAL_NS, "keep") == Some("always");
    let mut last: HashMap<Uuid, usize> = HashMap::new();
    for (at, resource) in all.iter().enumerate() {
        let yields = last.get(&resource.uuid).is_some_and(|&known| is_kept(&all[known]) && !is_kept(resource));
        if !yields {
            last.insert(resource.uuid, at);
        }
    }
    let stays =
        |at: usize, resource: &Resource| last[&resource.uuid] == at && (is_kept(resource) || references.has_resource(resource.uuid));
    let found = all.iter().enumerate().filter(|(at, resource)| stays(*at, resource)).map(|(at, _)| at).collect::<Vec<_>>();
    let mut found = found.into_iter().peekable();
    let kept = all.into_iter().enumerate().filter(|(at, _)| found.next_if_eq(at).is_some());
    kept.map(|(_, resource)| resource).collect()
}
