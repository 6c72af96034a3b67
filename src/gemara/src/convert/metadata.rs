//! The metadata of catalogs and profiles.

use oscal::{DateTime, DocumentId, Link, Metadata, Party, PartyType, Property, ResponsibleParty, Revision, Role, Text, UriReference};

use super::Scope;
use super::matter::licence_uuid;
use super::notice::{self, notice, terms, version};
use super::words::{explained, lasting, line, link, mapped, own, text, token};
use crate::source::{Release, Service};

/// The version of OSCAL that is written.
const OSCAL_VERSION: &str = "1.2.3";

/// Metadata with what OSCAL requires.
pub(super) fn least(title: &str, version: &str, last_modified: &DateTime) -> Metadata {
    Metadata::new(line(title), last_modified.clone(), text(version), text(OSCAL_VERSION))
}

/// The metadata of a catalog, with all that Gemara says there.
pub(super) fn of_catalog(scope: &Scope<'_>) -> Metadata {
    let metadata = &scope.catalog.metadata;
    let mut made = least(&notice::title(scope.catalog), version(scope.catalog), scope.last_modified);
    made.revisions = scope.catalog.releases.iter().map(revision).collect();
    made.document_ids = vec![DocumentId::new(metadata.id.clone().into())];
    made.props = props(scope);
    made.links = vec![link(licence_uuid(scope.id()).into(), "license", None)];
    made.links.extend(metadata.services.iter().filter_map(service));
    creator(&mut made, scope);
    let notice = notice(scope.catalog, scope.found.licence.as_ref());
    let description = metadata.description.iter().map(|description| format!("{description}\n\n"));
    made.remarks = Some((description.collect::<String>() + &notice).into());
    made
}

fn props(scope: &Scope<'_>) -> Vec<Property> {
    let (catalog, metadata) = (scope.catalog, &scope.catalog.metadata);
    let mut props: Vec<Property> =
        metadata.facts.iter().map(|(name, value)| own(&format!("gemara-{}", name.trim_start_matches("gemara-")), value.clone())).collect();
    let category = |id: &Text| scope.found.categories.iter().find(|(other, _)| other == id).map(|(_, title)| title.to_string());
    props.extend(metadata.categories.iter().map(|id| explained("category", id.clone(), category(id))));
    props.extend(metadata.levels.iter().map(|level| {
        let words: Vec<String> = level.title.iter().map(ToString::to_string).chain(level.description.clone()).collect();
        explained("applicability", level.id.clone(), (!words.is_empty()).then(|| words.join(": ")))
    }));
    // A service whose address is none is kept as words.
    let bare = metadata.services.iter().filter(|named| service(named).is_none());
    props.extend(
        bare.map(|service| explained("example-service", text(&service_words(service)), service.url.as_ref().map(ToString::to_string))),
    );
    props.extend(mapped("imported-control", &catalog.imported_controls));
    props.extend(mapped("imported-threat", &catalog.imported_threats));
    props.extend(mapped("imported-capability", &catalog.imported_capabilities));
    props
}

fn service_words(service: &Service) -> String {
    service.provider.iter().map(|provider| format!("{provider}: ")).collect::<String>() + service.name.as_str()
}

fn service(service: &Service) -> Option<Link> {
    let address: UriReference = service.url.as_ref()?.as_str().parse().ok()?;
    Some(link(address, "example-service", Some(line(&service_words(service)))))
}

fn revision(release: &Release) -> Revision {
    Revision {
        props: release.facts.iter().map(|(name, value)| own(name, value.clone())).collect(),
        remarks: (!release.remarks.is_empty()).then(|| release.remarks.join("\n\n").into()),
        ..Revision::new(release.version.clone())
    }
}

/// Names the author, where one is known.
fn creator(made: &mut Metadata, scope: &Scope<'_>) {
    let Some(name) = terms(scope.catalog, scope.found.licence.as_ref()).author else { return };
    let author = scope.catalog.metadata.author.as_ref();
    let facts =
        [("author-id", author.and_then(|author| author.id.clone())), ("author-type", author.and_then(|author| author.kind.clone()))];
    // Gemara tells a human being from software, not from an organisation; OSCAL knows no software.
    let party = Party {
        name: Some(text(&name)),
        props: facts.into_iter().filter_map(|(name, value)| Some(own(name, value?))).collect(),
        ..Party::new(lasting(&["party", &name]), PartyType::Organization)
    };
    made.responsible_parties = vec![ResponsibleParty::new(token("creator"), vec![party.uuid])];
    made.roles = vec![Role::new(token("creator"), line("Creator"))];
    made.parties = vec![party];
}
