//! What a catalog says about itself: name, version, authors, levels, frameworks it refers to, releases.

use oscal::{MarkupLine, Text, Token};

use super::fields::{Fields, Source};
use crate::yaml::Node;

/// The head of a catalog or of a mapping document.
#[derive(Debug, Clone)]
pub(crate) struct Metadata {
    pub(crate) id: Token,
    pub(crate) title: Option<MarkupLine>,
    pub(crate) version: Option<Text>,
    pub(crate) description: Option<String>,
    pub(crate) author: Option<Author>,
    /// Facts of one line that are kept by name.
    pub(crate) facts: Vec<(&'static str, Text)>,
    pub(crate) categories: Vec<Text>,
    pub(crate) levels: Vec<Level>,
    pub(crate) references: Vec<Reference>,
    pub(crate) services: Vec<Service>,
    pub(crate) line: usize,
}

/// Who wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    pub(crate) id: Option<Text>,
    pub(crate) name: Text,
    /// Human, software, or both.
    pub(crate) kind: Option<Text>,
}

/// A level that requirements apply at.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub(crate) id: Text,
    pub(crate) title: Option<MarkupLine>,
    pub(crate) description: Option<String>,
}

/// A catalog or framework that is referred to.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) id: Text,
    pub(crate) title: Option<MarkupLine>,
    pub(crate) version: Option<Text>,
    pub(crate) description: Option<String>,
    pub(crate) url: Option<Text>,
}

/// A service of some cloud that the catalog is about.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) provider: Option<Text>,
    pub(crate) name: Text,
    pub(crate) url: Option<Text>,
}

/// A release of the catalog.
#[derive(Debug, Clone)]
pub(crate) struct Release {
    pub(crate) version: Text,
    /// Facts of one line that are kept by name.
    pub(crate) facts: Vec<(&'static str, Text)>,
    /// Paragraphs: what was changed, and by whom.
    pub(crate) remarks: Vec<String>,
}

/// Reads the field `metadata`, which must be there.
pub(crate) fn read_metadata(parent: &mut Fields<'_>, source: Source<'_>) -> Option<Metadata> {
    let line = parent.line;
    let Some(node) = parent.node("metadata") else {
        source.error(line, "there is no `metadata`; add it, with an `id` at least");
        return None;
    };
    let mut fields = Fields::of(node, "`metadata`", source)?;
    let id = fields.id("id");
    let named = ["type", "gemara-version", "date", "last-modified", "draft"].map(|key| (key, fields.line_of(key)));
    let levels = ["applicability-categories", "applicability-groups"].map(|key| fields.list(key));
    let metadata = Metadata {
        title: fields.text("title").and_then(MarkupLine::fitted),
        version: fields.line_of("version"),
        description: fields.text("description").map(str::to_owned),
        author: fields.node("author").and_then(|node| author(node, source)),
        facts: named.into_iter().filter_map(|(key, text)| Some((key, text?))).collect(),
        categories: fields.texts("category-ids").into_iter().filter_map(|(text, _)| Text::fitted(text)).collect(),
        levels: levels.into_iter().flatten().filter_map(|node| level(node, source)).collect(),
        references: fields.list("mapping-references").iter().filter_map(|node| reference(node, source)).collect(),
        services: fields.list("example-csp-services").iter().filter_map(|node| service(node, source)).collect(),
        line: node.line,
        id: id?,
    };
    fields.finish();
    Some(metadata)
}

fn author(node: &Node, source: Source<'_>) -> Option<Author> {
    let mut fields = Fields::of(node, "`author`", source)?;
    let (id, name, kind) = (fields.line_of("id"), fields.required("name").and_then(Text::fitted), fields.line_of("type"));
    fields.finish();
    Some(Author { id, name: name?, kind })
}

fn level(node: &Node, source: Source<'_>) -> Option<Level> {
    let mut fields = Fields::of(node, "a level of applicability", source)?;
    let id = fields.required("id").and_then(Text::fitted);
    let (title, description) = (fields.text("title").and_then(MarkupLine::fitted), fields.text("description").map(str::to_owned));
    fields.finish();
    Some(Level { id: id?, title, description })
}

fn reference(node: &Node, source: Source<'_>) -> Option<Reference> {
    let mut fields = Fields::of(node, "a mapping reference", source)?;
    let id = fields.required("id").and_then(Text::fitted);
    let (title, version) = (fields.text("title").and_then(MarkupLine::fitted), fields.line_of("version"));
    let (description, url) = (fields.text("description").map(str::to_owned), fields.line_of("url"));
    fields.finish();
    Some(Reference { id: id?, title, version, description, url })
}

fn service(node: &Node, source: Source<'_>) -> Option<Service> {
    let mut fields = Fields::of(node, "an example of a service", source)?;
    let (provider, name) = (fields.line_of("provider"), fields.required("service").and_then(Text::fitted));
    let url = fields.line_of("url");
    fields.finish();
    Some(Service { provider, name: name?, url })
}

/// The releases of a catalog, from the field `release-details`.
pub(crate) fn read_releases(fields: &mut Fields<'_>, source: Source<'_>) -> Vec<Release> {
    fields.list("release-details").iter().filter_map(|node| release(node, source)).collect()
}

fn release(node: &Node, source: Source<'_>) -> Option<Release> {
    let mut fields = Fields::of(node, "a release", source)?;
    let version = fields.required("version").and_then(Text::fitted);
    let named = [
        ("assurance-level", "assurance_level"),
        ("threat-model-url", "threat_model_url"),
        ("threat-model-author", "threat_model_author"),
        ("red-team", "red_team"),
        ("red-team-exercise-url", "red_team_exercise_url"),
    ];
    let facts = named.into_iter().filter_map(|(name, key)| Some((name, fields.line_of(key)?))).collect();
    let mut remarks: Vec<String> = fields.texts("change_log").into_iter().map(|(text, _)| text.to_owned()).collect();
    if let Some(manager) = fields.node("release_manager").and_then(|node| person(node, source)) {
        remarks.push(format!("Release manager: {manager}"));
    }
    let contributors: Vec<String> = fields.list("contributors").iter().filter_map(|node| person(node, source)).collect();
    if !contributors.is_empty() {
        remarks.push(format!("Contributors: {}.", contributors.join("; ")));
    }
    fields.finish();
    Some(Release { version: version?, facts, remarks })
}

/// A person in one sentence.
fn person(node: &Node, source: Source<'_>) -> Option<String> {
    let mut fields = Fields::of(node, "a person", source)?;
    let name = fields.required("name").map(str::to_owned);
    let account = fields.line_of("github_id").map(|id| format!("GitHub {id}"));
    let company = fields.line_of("company").map(|company| company.to_string());
    let summary = fields.text("summary").map(str::to_owned);
    fields.finish();
    let facts: Vec<String> = account.into_iter().chain(company).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    Some(name? + &facts + &summary.map_or_else(String::new, |summary| format!(". {summary}")))
}
