//! What a catalog's content refers to: parameters that texts insert, and resources that links name.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::body::Body;
use crate::{Metadata, Parameter, Uuid};

/// Ids of inserted parameters, and uuids of linked resources.
#[derive(Debug, Default)]
pub(super) struct References {
    params: HashSet<String>,
    resources: HashSet<Uuid>,
}

impl References {
    pub(super) fn has_param(&self, id: &str) -> bool {
        self.params.contains(id)
    }

    pub(super) fn has_resource(&self, uuid: Uuid) -> bool {
        self.resources.contains(&uuid)
    }

    /// Reads them off the written form, in which every text stands, wherever the model has it.
    fn gather(&mut self, object: &impl Serialize) -> Vec<String> {
        let text = serde_json::to_string(object).expect("every key is a string");
        let mut fresh = Vec::new();
        for (at, _) in text.match_indices("{{") {
            // Neither braces nor quotes are in an insertion; looking no further keeps a text of nothing but braces from taking for ever.
            let rest = &text[at + 2..];
            let (inside, after) = rest.split_at(rest.find(['{', '}', '"']).unwrap_or(rest.len()));
            let Some(inside) = after.starts_with("}}").then(|| inside.trim()) else { continue };
            let Some(id) = inside.strip_prefix("insert:").and_then(|insert| insert.trim_start().strip_prefix("param,")) else { continue };
            if self.params.insert(id.trim().to_owned()) {
                fresh.push(id.trim().to_owned());
            }
        }
        for (at, _) in text.match_indices('#') {
            let uuid: Option<Uuid> = text.get(at + 1..at + 37).and_then(|uuid| uuid.parse().ok());
            self.resources.extend(uuid);
        }
        fresh
    }
}

/// Everything that the body refers to. A loose parameter counts only where it is inserted itself, by a control, a part of a group,
/// or another parameter that is.
pub(super) fn of(body: &Body, lost: &[Parameter], metadata: &Metadata) -> References {
    let mut references = References::default();
    let mut bare = body.clone();
    let mut loose: HashMap<String, Parameter> = lost.iter().map(|parameter| (parameter.id.to_string(), parameter.clone())).collect();
    bare.for_each_loose_mut(&mut |params| {
        loose.extend(std::mem::take(params).into_iter().map(|parameter| (parameter.id.to_string(), parameter)));
    });
    let mut open = references.gather(&bare.controls);
    open.extend(references.gather(&bare.groups));
    references.gather(metadata);
    while let Some(id) = open.pop() {
        if let Some(parameter) = loose.remove(&id) {
            open.extend(references.gather(&parameter));
        }
    }
    references
}
