//! Completes one resource's document: details, neighbours, derived facts, and what it is called.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use inventory::{Gap, Read, Resource};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Job, detail};
use crate::derive;
use crate::kind::path::{Names, get};
use crate::kind::{Declaration, Derive, Join};

/// The resource with everything that is wanted of it.
pub(super) async fn complete(job: &Job, mut document: Map<String, Value>) -> Resource {
    let region = own_region(job, &document);
    for step in &job.declaration.details {
        if job.fields.contains(step.field()) {
            detail::add(job, &region, step, &mut document).await;
        }
    }
    for join in &job.declaration.joins {
        if job.fields.contains(&join.into) {
            let neighbours = joined(job, join, &document).await.unwrap_or_else(|gap| gap.to_document());
            document.insert(join.into.clone(), neighbours);
        }
    }
    let tags = tags(job.declaration, &document);
    for derive in &job.declaration.derives {
        if job.fields.contains(&derive.into) {
            derived(job.declaration, derive, &mut document);
        }
    }
    job.declaration.derives.iter().filter(|derive| derive.drop).for_each(|derive| drop(document.remove(&derive.from)));
    let names = Names {
        partition: &job.run.identity.partition,
        account: &job.run.identity.account,
        region: &job.region,
        document: &document,
        each: None,
    };
    // A resource that does not say its own name is still one; its document tells it from the others.
    let named = |template: &str| names.fill(template).unwrap_or_else(|_| format!("unnamed:{}", Value::Object(document.clone())));
    Resource {
        kind: job.declaration.kind.clone(),
        id: named(&job.declaration.resource.id),
        name: named(&job.declaration.resource.name),
        scope: job.scope.clone(),
        tags,
        collected: Timestamp::now(),
        document: Value::Object(document),
    }
}

/// The region that the resource's own calls go to.
fn own_region(job: &Job, document: &Map<String, Value>) -> String {
    let field = job.declaration.resource.region.as_deref();
    field.and_then(|field| document.get(field)).and_then(Value::as_str).unwrap_or(&job.region).to_owned()
}

async fn joined(job: &Job, join: &Join, document: &Map<String, Value>) -> Result<Value, Gap> {
    let key = format!("{} {} {}", job.region, join.call, join.key);
    let index = job.run.memo.index(key, async { indexed(job, join).await }).await?;
    let own = document.get(&join.matching).and_then(Value::as_str);
    let own =
        own.ok_or_else(|| Gap::new(join.call.action(), "FieldAbsent").with_detail(format!("`{}` is not in the answer", join.matching)))?;
    Ok(Value::Array(index.get(own).cloned().unwrap_or_default()))
}

async fn indexed(job: &Job, join: &Join) -> Result<super::memo::Index, Gap> {
    let input = Value::Object(join.input.clone().into_iter().collect());
    let neighbours = detail::all(job, &job.region, &join.call, input, &join.items).await?;
    let mut index: HashMap<String, Vec<Value>> = HashMap::new();
    for neighbour in neighbours {
        // A neighbour without the key belongs to nobody that could be asked about here.
        if let Some(key) = get(&neighbour, &join.key).and_then(Value::as_str) {
            index.entry(key.to_owned()).or_default().push(neighbour);
        }
    }
    Ok(Arc::new(index))
}

/// A derived field is absent where its source is, and unread where its source is.
fn derived(declaration: &Declaration, derive: &Derive, document: &mut Map<String, Value>) {
    let Some(source) = document.get(&derive.from) else { return };
    let fact = match Gap::in_document(source) {
        Some(gap) => gap.to_document(),
        None => {
            let function = derive::find(&derive.with).expect("loading refused an unknown one");
            let mut fact = (function.apply)(source).unwrap_or_else(|gap| gap.to_document());
            derive::blame(&mut fact, &declaration.source_of(&derive.from));
            fact
        }
    };
    document.insert(derive.into.clone(), fact);
}

/// The tags in a document of a kind that was read before.
pub fn tags_of(kind: &inventory::KindId, document: &Value) -> Read<BTreeMap<String, String>> {
    let declaration = crate::kind::declarations().iter().find(|declaration| declaration.kind == *kind);
    match (declaration, document.as_object()) {
        (Some(declaration), Some(document)) => tags(declaration, document),
        (None, _) | (_, None) => Read::Unknown(Gap::new("tags", "UnknownKind")),
    }
}

/// Tags as names and values. A kind without tags has none; an answer without the list has none either, as the cloud means it.
fn tags(declaration: &Declaration, document: &Map<String, Value>) -> Read<BTreeMap<String, String>> {
    let Some(value) = declaration.resource.tags.as_ref().and_then(|field| document.get(field)) else {
        return Read::Known(BTreeMap::new());
    };
    if let Some(gap) = Gap::in_document(value) {
        return Read::Unknown(gap);
    }
    let pair = |tag: &Value| {
        let text = |names: [&str; 2]| names.into_iter().find_map(|name| tag.get(name)).and_then(Value::as_str);
        Some((text(["Key", "TagKey"])?.to_owned(), text(["Value", "TagValue"]).unwrap_or_default().to_owned()))
    };
    match value.as_array().map(|pairs| pairs.iter().map(pair).collect::<Option<BTreeMap<_, _>>>()) {
        Some(Some(tags)) => Read::Known(tags),
        Some(None) => Read::Unknown(Gap::new("tags", "Malformed").with_detail("a tag without a key")),
        None => Read::Unknown(Gap::new("tags", "Malformed").with_detail("the tags are no list")),
    }
}
