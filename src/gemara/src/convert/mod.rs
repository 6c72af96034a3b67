//! Turns what Gemara says into OSCAL: one catalog each, and the profiles over them.

mod collection;
mod control;
mod index;
mod matter;
mod metadata;
mod notice;
mod profile;
mod words;

use std::collections::{BTreeMap, HashSet};

use oscal::{BackMatter, DateTime, Document, Layout, Link, MappingCollection, MarkupLine, Part, Profile};

use crate::diagnostic::Report;
use crate::find::Found;
use crate::source::{Catalog, Entry, EntryKind, Group, Mapping};
use crate::yaml::short;
use index::{Index, levels};
use profile::{Head, Member};
use words::{catalog_file, lasting, link, reference, token};

/// One catalog, and all that it may refer to.
struct Scope<'a> {
    number: usize,
    catalog: &'a Catalog,
    found: &'a Found,
    index: &'a Index<'a>,
    last_modified: &'a DateTime,
    report: &'a Report,
}

/// Every document, each under the name of its file, in order of the names.
pub(crate) fn convert(found: &Found, last_modified: DateTime, report: &Report) -> Vec<(String, Document)> {
    let index = &Index::new(&found.catalogs, report);
    // By names in lower case: two that differ in case alone are one file on some machines.
    let mut made = BTreeMap::new();
    let mut add = |name: String, document: Document| {
        let other = made.insert(name.to_lowercase(), (name.clone(), document));
        if other.is_some() {
            report.error(&name, None, "two documents would have this file name; import the catalogs one by one");
        }
    };
    for (number, catalog) in found.catalogs.iter().enumerate() {
        let scope = Scope { number, catalog, found, index, last_modified: &last_modified, report };
        add(catalog_file(scope.id()), catalog_document(scope.catalog()));
        if let Some(collection) = collection::of_catalog(&scope) {
            add(format!("{}.mappings.json", scope.id()), collection_document(collection));
        }
        for (name, profile) in scope.profiles() {
            add(name, profile_document(profile));
        }
    }
    for (name, profile) in over_all(found, &last_modified) {
        add(name, profile_document(profile));
    }
    made.into_values().collect()
}

/// The identifier of a document, made of all that it says: another version is another document.
fn identity(document: &Document) -> oscal::Uuid {
    lasting(&["document", &document.to_json(Layout::Compact)])
}

fn catalog_document(mut catalog: oscal::Catalog) -> Document {
    catalog.uuid = identity(&Document::Catalog(Box::new(catalog.clone())));
    Document::Catalog(Box::new(catalog))
}

fn profile_document(mut profile: Profile) -> Document {
    profile.uuid = identity(&Document::Profile(Box::new(profile.clone())));
    Document::Profile(Box::new(profile))
}

fn collection_document(mut collection: MappingCollection) -> Document {
    collection.uuid = identity(&Document::MappingCollection(Box::new(collection.clone())));
    Document::MappingCollection(Box::new(collection))
}

/// A name as the fragment of a URI (RFC 3986): what may not stand there is percent-encoded.
fn fragment(name: &str) -> String {
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?!$&'()*+,;=:@".contains(&byte);
    name.bytes().map(|byte| if may_stand(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Scope<'_> {
    fn id(&self) -> &str {
        self.catalog.metadata.id.as_str()
    }

    /// The group of this name: the catalog's own, or one defined for all.
    fn group(&self, id: &str) -> Option<&Group> {
        self.catalog.groups.iter().chain(&self.found.groups).find(|group| group.id == id)
    }

    fn catalog(&self) -> oscal::Catalog {
        let mut catalog = oscal::Catalog::new(lasting(&["unsettled"]), metadata::of_catalog(self));
        catalog.groups = self.groups();
        let loose = self.catalog.controls.iter().filter(|control| control.group.is_none());
        catalog.controls = loose.map(|control| control::control(control, self)).collect();
        for (mappings, kind) in
            [(&self.catalog.imported_threats, EntryKind::Threat), (&self.catalog.imported_capabilities, EntryKind::Capability)]
        {
            self.tell_strays(mappings, kind);
        }
        catalog.back_matter = Some(BackMatter { resources: matter::resources(self) });
        self.ids_are_unique(&catalog);
        catalog
    }

    /// The groups that controls are in, in the order of the definitions.
    fn groups(&self) -> Vec<oscal::Group> {
        for control in &self.catalog.controls {
            if let Some(group) = control.group.as_ref().filter(|group| self.group(group.as_str()).is_none()) {
                let message = format!(
                    "`{}` is in the group `{}`, which is defined nowhere; define it under `groups`",
                    control.id,
                    short(group.as_str())
                );
                self.report.error(&control.path, Some(control.line), message);
            }
        }
        let mut met = HashSet::new();
        let defined = self.catalog.groups.iter().chain(&self.found.groups).filter(|group| met.insert(group.id.as_str()));
        defined.filter_map(|group| self.group_of_controls(group)).collect()
    }

    fn group_of_controls(&self, group: &Group) -> Option<oscal::Group> {
        let controls = self.catalog.controls.iter().filter(|control| control.group.as_ref() == Some(&group.id));
        let controls: Vec<_> = controls.map(|control| control::control(control, self)).collect();
        let overview = |prose: &String| Part { prose: Some(prose.clone().into()), ..Part::new(token("overview")) };
        (!controls.is_empty()).then(|| oscal::Group {
            id: Some(group.id.clone()),
            parts: group.description.iter().map(overview).collect(),
            controls,
            ..oscal::Group::new(group.title.clone())
        })
    }

    /// OSCAL keeps groups, controls and parts under one set of ids; ours must not run into those of the catalog.
    fn ids_are_unique(&self, made: &oscal::Catalog) {
        let groups: HashSet<&str> = made.groups.iter().filter_map(|group| group.id.as_ref()).map(oscal::Token::as_str).collect();
        let mut met = HashSet::new();
        for control in &self.catalog.controls {
            let parts = control.requirements.iter().flat_map(control::part_ids);
            for id in [control.id.to_string(), control::statement_id(control)].into_iter().chain(parts) {
                if groups.contains(id.as_str()) || !met.insert(id.clone()) {
                    self.report.error(
                        &control.path,
                        Some(control.line),
                        format!("the id `{id}` is taken twice in the catalog; change one"),
                    );
                }
            }
        }
    }

    /// The threat or capability that is meant, and the number of its catalog; that there is none is told.
    fn target(&self, mapping: &Mapping, kind: EntryKind) -> Option<(usize, &Entry)> {
        let found = self.index.entry(mapping.entry.as_str());
        if found.is_none() {
            let name = short(mapping.entry.as_str());
            let message = format!("the {} `{name}` is defined in no catalog here; it is kept by name only", kind.word());
            self.report.warn(&mapping.path, Some(mapping.line), message);
        }
        found
    }

    /// Tells which of the references lead nowhere, where no links are made of them.
    fn tell_strays(&self, mappings: &[Mapping], kind: EntryKind) {
        for mapping in mappings {
            self.target(mapping, kind);
        }
    }

    /// Links to threats, here or in the catalog that defines them.
    fn threat_links(&self, mappings: &[Mapping]) -> Vec<Link> {
        let link = |mapping: &Mapping| {
            let (number, entry) = self.target(mapping, EntryKind::Threat)?;
            let file = if number == self.number { String::new() } else { catalog_file(self.found.catalogs[number].metadata.id.as_str()) };
            let place = reference(&format!("{file}#{}", matter::entry_uuid(entry)));
            Some(link(place, EntryKind::Threat.word(), Some(entry.title.clone())))
        };
        mappings.iter().filter_map(link).collect()
    }

    /// Links to entries of frameworks, which are in the back matter.
    fn framework_links(&self, mappings: &[Mapping]) -> Vec<Link> {
        let link = |mapping: &Mapping| {
            let framework = matter::framework_uuid(self.id(), mapping.source.as_str());
            let fragment = fragment(mapping.entry.as_str()).parse().ok();
            Link {
                resource_fragment: fragment,
                text: MarkupLine::fitted(mapping.entry.as_str()),
                ..link(framework.into(), "reference", None)
            }
        };
        mappings.iter().map(link).collect()
    }

    /// Every reference to an entry of a framework.
    fn framework_mappings(&self) -> impl Iterator<Item = &Mapping> {
        let of_controls = self.catalog.controls.iter().flat_map(|control| &control.guidelines);
        let of_entries = self.catalog.entries.iter().flat_map(|entry| &entry.vectors);
        let of_documents = self.catalog.mapping_documents.iter().flat_map(|document| &document.mappings).map(|(_, mapping)| mapping);
        of_controls.chain(of_entries).chain(of_documents)
    }

    /// What mapping documents say about a threat or capability.
    fn mapped_elsewhere(&self, entry: &str) -> impl Iterator<Item = &Mapping> {
        let mappings = self.catalog.mapping_documents.iter().flat_map(|document| &document.mappings);
        mappings.filter(move |(mapped, _)| mapped == entry).map(|(_, mapping)| mapping)
    }

    /// The controls of the catalog, then those that it imports.
    fn members(&self) -> Vec<Member<'_>> {
        let own = self.catalog.controls.iter().map(|control| (self.number, control));
        let imported = self.catalog.imported_controls.iter().filter_map(|mapping| {
            let control = self.index.control(mapping.entry.as_str());
            if control.is_none() {
                let message = format!(
                    "the control `{}` is imported, and no catalog here defines it; no profile has it",
                    short(mapping.entry.as_str())
                );
                self.report.warn(&mapping.path, Some(mapping.line), message);
            }
            control
        });
        own.chain(imported).collect()
    }

    /// The profile with the imported controls, where there are any, and one for each level.
    fn profiles(&self) -> Vec<(String, Profile)> {
        let members = self.members();
        for (control, requirement) in
            self.catalog.controls.iter().flat_map(|control| control.requirements.iter().map(move |one| (control, one)))
        {
            if requirement.applicability.is_empty() {
                let message = format!("`{}` applies at no level, so that no profile of a level has it", requirement.id);
                self.report.warn(&control.path, Some(requirement.line), message);
            }
        }
        let head = |what: &str| Head {
            title: format!("{}: {what}", notice::title(self.catalog)),
            version: notice::version(self.catalog),
            notice: notice::notice(self.catalog, self.found.licence.as_ref()),
            last_modified: self.last_modified,
        };
        let catalogs = &self.found.catalogs;
        let imports_any = members.iter().any(|(number, _)| *number != self.number);
        let whole = imports_any.then(|| profile::whole(&members, self.number, catalogs, head("with the controls it imports"))).flatten();
        let mut made: Vec<_> = whole.map(|profile| (format!("{}.profile.json", self.id()), profile)).into_iter().collect();
        for level in levels(members.iter().map(|(_, control)| *control)) {
            let profile = profile::at_level(level, &members, catalogs, head(&format!("what applies at {level}")));
            made.extend(profile.map(|profile| (format!("{}.{level}.profile.json", self.id()), profile)));
        }
        made
    }
}

/// For each level that several catalogs know, what applies there of all of them.
fn over_all(found: &Found, last_modified: &DateTime) -> Vec<(String, Profile)> {
    let all = found.catalogs.iter().enumerate();
    let members: Vec<Member<'_>> =
        all.flat_map(|(number, catalog)| catalog.controls.iter().map(move |control| (number, control))).collect();
    let knows = |catalog: &&Catalog, level: &str| levels(&catalog.controls).contains(level);
    let shared = levels(members.iter().map(|(_, control)| *control));
    let shared = shared.into_iter().filter(|level| found.catalogs.iter().filter(|catalog| knows(catalog, level)).count() > 1);
    let profile = |level: &str| {
        let notices =
            found.catalogs.iter().filter(|catalog| knows(catalog, level)).map(|catalog| notice::notice(catalog, found.licence.as_ref()));
        let notice = notices.collect::<Vec<_>>().join("\n\n");
        let head = Head { title: format!("All catalogs: what applies at {level}"), version: "unversioned", notice, last_modified };
        Some((format!("all.{level}.profile.json"), profile::at_level(level, &members, &found.catalogs, head)?))
    };
    shared.filter_map(profile).collect()
}
