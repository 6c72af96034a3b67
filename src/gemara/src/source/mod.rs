//! What Gemara files say, typed. One file here per part of a catalog; each reads itself from a tree of YAML.

mod catalog;
mod entry;
mod fields;
mod mapping;
mod metadata;

pub(crate) use catalog::{Catalog, Control, Group, Requirement, read_controls, read_groups};
pub(crate) use entry::{Entry, EntryKind, read_entries};
pub(crate) use fields::{Fields, Source};
pub(crate) use mapping::{Mapping, MappingDocument, read_mapping_document, read_mappings};
pub(crate) use metadata::{Reference, Release, Service, read_metadata, read_releases};
