//! The back matter of a catalog: threats, capabilities, the frameworks it refers to, mapping documents, and the licence.

use std::collections::BTreeMap;

use oscal::{Attachment, Base64, Property, Resource, ResourceLink, Text, UriReference, Uuid};

use super::Scope;
use super::notice::{self, Terms};
use super::words::{explained, lasting, line, mapped, own, text, token};
use crate::source::{Entry, EntryKind, Mapping, MappingDocument, Reference};
use crate::yaml::short;

/// The identifier of the resource of a threat or capability, in whatever catalog it is.
pub(super) fn entry_uuid(entry: &Entry) -> Uuid {
    lasting(&["entry", entry.kind.word(), entry.id.as_str()])
}

/// The identifier of the resource of a framework, as this catalog refers to it.
pub(super) fn framework_uuid(catalog: &str, framework: &str) -> Uuid {
    lasting(&["framework", catalog, framework])
}

/// The identifier of the resource of the licence.
pub(super) fn licence_uuid(catalog: &str) -> Uuid {
    lasting(&["licence", catalog])
}

pub(super) fn resources(scope: &Scope<'_>) -> Vec<Resource> {
    let mut resources = vec![licence(scope)];
    resources.extend(frameworks(scope).into_values());
    resources.extend(scope.catalog.mapping_documents.iter().map(|document| mapping_document(document, scope)));
    resources.extend(scope.catalog.entries.iter().map(|entry| self::entry(entry, scope)));
    resources
}

fn licence(scope: &Scope<'_>) -> Resource {
    let Terms { licence, address, .. } = notice::terms(scope.catalog, scope.found.licence.as_ref());
    let attached = scope.found.licence.as_ref().and_then(|licence| {
        let value: Base64 = data_encoding::BASE64.encode(&licence.text).parse().ok()?;
        Some(Attachment { filename: Some(token(&licence.name)), media_type: Some(text("text/plain")), ..Attachment::new(value) })
    });
    Resource {
        title: Some(line(&format!("Licence: {licence}"))),
        description: Some(notice::notice(scope.catalog, scope.found.licence.as_ref()).into()),
        rlinks: address.and_then(|address| address.parse().ok()).map(ResourceLink::new).into_iter().collect(),
        base64: attached,
        ..Resource::new(licence_uuid(scope.id()))
    }
}

/// A resource for each framework, whether the catalog introduces it or merely names it; one under each name.
pub(super) fn frameworks(scope: &Scope<'_>) -> BTreeMap<String, Resource> {
    let catalog = scope.catalog;
    let declared = catalog.metadata.references.iter();
    let declared = declared.chain(catalog.mapping_documents.iter().flat_map(|document| &document.metadata.references));
    let mut resources = BTreeMap::new();
    for reference in declared {
        resources.entry(reference.id.to_string()).or_insert_with(|| framework(reference, scope));
    }
    for mapping in scope.framework_mappings() {
        let bare = || Reference { id: mapping.source.clone(), title: None, version: None, description: None, url: None };
        resources.entry(mapping.source.to_string()).or_insert_with(|| framework(&bare(), scope));
    }
    resources
}

fn framework(reference: &Reference, scope: &Scope<'_>) -> Resource {
    let address: Option<UriReference> = reference.url.as_ref().and_then(|url| url.as_str().parse().ok());
    // An address that is none is kept as what it is: words.
    let words = reference.url.clone().filter(|_| address.is_none()).map(|url| own("url", url));
    let version = reference.version.clone().map(|version| Property::new(token("version"), version));
    let props = [Some(own("framework", reference.id.clone())), version, words].into_iter().flatten().collect();
    Resource {
        title: Some(reference.title.clone().unwrap_or_else(|| reference.id.clone().into())),
        description: reference.description.clone().map(Into::into),
        props,
        rlinks: address.map(ResourceLink::new).into_iter().collect(),
        ..Resource::new(framework_uuid(scope.id(), reference.id.as_str()))
    }
}

fn entry(entry: &Entry, scope: &Scope<'_>) -> Resource {
    let mut props = vec![own(entry.kind.word(), Text::from(entry.id.clone()))];
    if let Some(group) = &entry.group {
        let title = scope.group(group.as_str()).map(|group| group.title.to_string());
        if title.is_none() {
            scope.report.warn(&entry.path, Some(entry.line), format!("the group `{}` is defined nowhere", short(group.as_str())));
        }
        props.push(explained("group", group.clone(), title));
    }
    scope.tell_strays(&entry.capabilities, EntryKind::Capability);
    props.extend(mapped("capability-used", &entry.capabilities));
    props.extend(mapped("vector", &entry.vectors));
    props.extend(mapped("mapping", scope.mapped_elsewhere(entry.id.as_str())));
    Resource {
        title: Some(entry.title.clone()),
        description: entry.description.clone().map(Into::into),
        props,
        ..Resource::new(entry_uuid(entry))
    }
}

fn mapping_document(document: &MappingDocument, scope: &Scope<'_>) -> Resource {
    let metadata = &document.metadata;
    let [sources, targets] = &document.entry_types;
    let author = metadata.author.as_ref();
    let facts = [
        ("version", metadata.version.as_ref()),
        ("author", author.map(|author| &author.name)),
        ("author-id", author.and_then(|author| author.id.as_ref())),
        ("author-type", author.and_then(|author| author.kind.as_ref())),
        ("source-type", sources.as_ref()),
        ("target-type", targets.as_ref()),
    ];
    let mut props = vec![own("mapping-document", Text::from(metadata.id.clone()))];
    props.extend(facts.into_iter().filter_map(|(name, value)| Some(own(&format!("mapping-document-{name}"), value?.clone()))));
    props.extend(metadata.facts.iter().map(|(name, value)| own(&format!("mapping-document-{name}"), value.clone())));
    let known = |entry: &Text| scope.catalog.entries.iter().any(|other| other.id == entry.as_str());
    let strays: Vec<&(Text, Mapping)> = document.mappings.iter().filter(|(mapped, _)| !known(mapped)).collect();
    for (mapped, mapping) in &strays {
        let message =
            format!("`{}` is no threat or capability of this catalog; the mapping is kept with its document", short(mapped.as_str()));
        scope.report.warn(&mapping.path, Some(mapping.line), message);
    }
    for (number, (entry, mapping)) in strays.into_iter().enumerate() {
        let about = Mapping { remarks: None, ..mapping.clone() };
        let name = format!("stray-mapping-{}", number + 1);
        props.push(explained(&format!("{name}-of"), entry.clone(), mapping.remarks.clone()));
        props.extend(mapped(&name, [&about]));
    }
    Resource {
        title: Some(document.title.clone()),
        description: metadata.description.clone().map(Into::into),
        props,
        remarks: document.remarks.clone().map(Into::into),
        ..Resource::new(lasting(&["mapping document", scope.id(), metadata.id.as_str()]))
    }
}
