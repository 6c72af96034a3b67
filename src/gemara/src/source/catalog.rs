//! A control catalog: its groups, its controls and what they ask for.

use oscal::{MarkupLine, Text, Token};

use super::entry::Entry;
use super::fields::{Fields, Source};
use super::mapping::{Mapping, MappingDocument, read_mappings};
use super::metadata::{Metadata, Release};
use crate::yaml::Node;

/// Everything that one catalog says, over as many files as it takes.
#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    /// The file that names it.
    pub(crate) path: String,
    pub(crate) metadata: Metadata,
    pub(crate) releases: Vec<Release>,
    pub(crate) groups: Vec<Group>,
    pub(crate) controls: Vec<Control>,
    pub(crate) imported_controls: Vec<Mapping>,
    /// Threats, then capabilities.
    pub(crate) entries: Vec<Entry>,
    pub(crate) imported_threats: Vec<Mapping>,
    pub(crate) imported_capabilities: Vec<Mapping>,
    pub(crate) mapping_documents: Vec<MappingDocument>,
}

impl Catalog {
    /// A catalog with a name and nothing in it.
    pub(crate) fn new(path: String, metadata: Metadata, releases: Vec<Release>) -> Self {
        Self {
            path,
            metadata,
            releases,
            groups: Vec::new(),
            controls: Vec::new(),
            imported_controls: Vec::new(),
            entries: Vec::new(),
            imported_threats: Vec::new(),
            imported_capabilities: Vec::new(),
            mapping_documents: Vec::new(),
        }
    }
}

/// A group of controls, threats or capabilities.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) id: Token,
    pub(crate) title: MarkupLine,
    pub(crate) description: Option<String>,
}

/// A control.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) id: Token,
    pub(crate) group: Option<Token>,
    pub(crate) title: MarkupLine,
    pub(crate) objective: String,
    pub(crate) state: Option<Text>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) threats: Vec<Mapping>,
    pub(crate) guidelines: Vec<Mapping>,
    /// The file and line that define it.
    pub(crate) path: String,
    pub(crate) line: usize,
}

/// An assessment requirement: something that can be tested.
#[derive(Debug, Clone)]
pub(crate) struct Requirement {
    pub(crate) id: Token,
    pub(crate) text: String,
    pub(crate) applicability: Vec<Token>,
    pub(crate) recommendation: Option<String>,
    pub(crate) state: Option<Text>,
    pub(crate) line: usize,
}

/// The groups of a file.
pub(crate) fn read_groups(fields: &mut Fields<'_>, source: Source<'_>) -> Vec<Group> {
    let read = |node| {
        let mut fields = Fields::of(node, "a group", source)?;
        let (id, title) = (fields.id("id"), fields.title());
        let description = fields.text("description").map(str::to_owned);
        fields.finish();
        Some(Group { id: id?, title: title?, description })
    };
    fields.list("groups").iter().filter_map(read).collect()
}

/// The controls of a file, and those that it imports.
pub(crate) fn read_controls(fields: &mut Fields<'_>, source: Source<'_>) -> (Vec<Control>, Vec<Mapping>) {
    let imported = read_mappings(fields, "imports", source);
    (fields.list("controls").iter().filter_map(|node| control(node, source)).collect(), imported)
}

fn control(node: &Node, source: Source<'_>) -> Option<Control> {
    let mut fields = Fields::of(node, "a control", source)?;
    let (id, title, objective) = (fields.id("id"), fields.title(), fields.required("objective").map(str::to_owned));
    let (group, state) = (fields.optional_id("group"), fields.line_of("state"));
    let requirements = fields.list("assessment-requirements").iter().filter_map(|node| requirement(node, source)).collect();
    let (threats, guidelines) = (read_mappings(&mut fields, "threats", source), read_mappings(&mut fields, "guidelines", source));
    fields.finish();
    let (path, line) = (source.path.to_owned(), node.line);
    Some(Control { id: id?, group, title: title?, objective: objective?, state, requirements, threats, guidelines, path, line })
}

fn requirement(node: &Node, source: Source<'_>) -> Option<Requirement> {
    let mut fields = Fields::of(node, "an assessment requirement", source)?;
    let (id, text) = (fields.id("id"), fields.required("text").map(str::to_owned));
    let (state, recommendation) = (fields.line_of("state"), fields.text("recommendation").map(str::to_owned));
    let applicability = fields.ids("applicability");
    fields.finish();
    Some(Requirement { id: id?, text: text?, applicability, recommendation, state, line: node.line })
}
