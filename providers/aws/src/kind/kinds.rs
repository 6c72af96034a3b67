//! The kinds of this provider, made from their declarations once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use inventory::{Dependency, Kind, Reach, Shape};

use super::declaration::{Call, Declaration, Detail};
use super::needs::sources;
use crate::derive;
use crate::model::output_shape;

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/kinds.rs"));

static DECLARATIONS: LazyLock<Vec<Declaration>> = LazyLock::new(|| FILES.iter().map(|(file, text)| declared(file, text)).collect());
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| DECLARATIONS.iter().map(kind).collect());

/// The declarations, in the order of their file names.
pub(crate) fn declarations() -> &'static [Declaration] {
    &DECLARATIONS
}

/// What this provider can read.
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

/// Declarations are part of the program: one that is wrong stops every test.
fn declared(file: &str, text: &str) -> Declaration {
    let declaration: Declaration = toml::from_str(text).unwrap_or_else(|error| panic!("kinds/{file}: {error}"));
    assert_eq!(declaration.singleton, declaration.list.is_none(), "kinds/{file}: either `list` or `singleton = true`");
    assert!(declaration.window.is_none() || declaration.singleton, "kinds/{file}: `[window]` goes with `singleton = true`");
    for detail in &declaration.details {
        let one_target = detail.into.is_some() != detail.attach.is_some();
        assert!(
            one_target && (detail.attach.is_none() || detail.each.is_some()),
            "kinds/{file}: {}: either `into`, or `attach` with `each`",
            detail.call
        );
    }
    for derive in &declaration.derives {
        assert!(derive::find(&derive.with).is_some(), "kinds/{file}: no function `{}` in src/derive", derive.with);
    }
    declaration
}

fn kind(declaration: &Declaration) -> Kind {
    Kind {
        id: declaration.kind.clone(),
        title: declaration.title.clone(),
        reach: declaration.reach,
        singleton: declaration.singleton,
        shape: Shape::Object(fields(declaration)),
        dependencies: dependencies(declaration),
    }
}

fn answer(call: &Call) -> Shape {
    output_shape(&call.service, &call.operation).expect("loading refused a call that is not in the model")
}

fn fields(declaration: &Declaration) -> BTreeMap<String, Shape> {
    let listed = declaration.list.as_ref().map(|list| element(answer(&list.call), &list.items));
    let mut fields = match listed {
        Some(Shape::Object(members)) => members,
        Some(_) | None => BTreeMap::new(),
    };
    if declaration.window.is_some()
        && let Shape::Object(members) = events::document::shape()
    {
        fields.extend(members);
    }
    for detail in &declaration.details {
        add_detail(&mut fields, detail);
    }
    for join in &declaration.joins {
        fields.insert(join.into.clone(), Shape::list(element(answer(&join.call), &join.items)));
    }
    for derive in &declaration.derives {
        let from = fields.get(&derive.from).cloned().unwrap_or(Shape::Any);
        if derive.drop {
            fields.remove(&derive.from);
        }
        let function = derive::find(&derive.with).expect("loading refused it");
        fields.insert(derive.into.clone(), (function.shape)(&from));
    }
    fields
}

fn add_detail(fields: &mut BTreeMap<String, Shape>, detail: &Detail) {
    let whole = answer(&detail.call);
    let taken = match (&detail.items, &detail.take) {
        (Some(items), _) => Shape::list(element(whole, items)),
        (None, Some(take)) => member(whole, take),
        (None, None) => without_paging(whole),
    };
    match (&detail.into, &detail.attach, &detail.each) {
        (Some(into), _, None) => drop(fields.insert(into.clone(), taken)),
        (Some(into), _, Some(_)) => drop(fields.insert(into.clone(), Shape::list(taken))),
        (None, Some(attach), Some(each)) => {
            if let Some(Shape::List(item)) = fields.get_mut(each)
                && let Shape::Object(members) = &mut **item
            {
                members.insert(attach.clone(), taken);
            }
        }
        (None, _, _) => unreachable!("loading refused it"),
    }
}

fn element(shape: Shape, path: &str) -> Shape {
    path.split('.').fold(shape, |shape, step| match (member(shape, step.trim_end_matches("[]")), step.ends_with("[]")) {
        (Shape::List(item), true) => *item,
        (other, _) => other,
    })
}

fn member(shape: Shape, path: &str) -> Shape {
    path.split('.').fold(shape, |shape, name| match shape {
        Shape::Object(mut members) => members.remove(name).unwrap_or_else(|| panic!("the model has no `{name}` in `{path}`")),
        Shape::Map(value) => *value,
        other => other,
    })
}

/// Where a page ends is nothing that a document says.
fn without_paging(shape: Shape) -> Shape {
    match shape {
        Shape::Object(mut members) => {
            for name in crate::collect::PAGING {
                members.remove(*name);
            }
            Shape::Object(members)
        }
        other => other,
    }
}

fn dependencies(declaration: &Declaration) -> Vec<Dependency> {
    let mut found = Vec::new();
    let lists = |call: &Call| Dependency { action: call.action(), call: call.to_string(), fields: BTreeSet::new(), lists: true };
    if declaration.reach == Reach::Regional {
        found.push(lists(&Call::try_from("ec2:DescribeRegions".to_owned()).expect("it is in the model")));
    }
    found.extend(declaration.list.iter().map(|list| lists(&list.call)));
    for detail in &declaration.details {
        let fields = reached(declaration, detail.field());
        let one = |call: &Call| Dependency { action: call.action(), call: call.to_string(), fields: fields.clone(), lists: false };
        found.extend(detail.prepare.iter().map(one));
        found.push(one(&detail.call));
    }
    found.extend(declaration.window.iter().map(|window| Dependency {
        action: window.call.action(),
        call: window.call.to_string(),
        fields: ["Complete", "Events"].map(str::to_owned).into(),
        lists: false,
    }));
    found.extend(declaration.joins.iter().map(|join| Dependency {
        action: join.call.action(),
        call: join.call.to_string(),
        fields: reached(declaration, &join.into),
        lists: false,
    }));
    found
}

/// All fields that are unknown when this one is. `tags` stands for the resource's tags.
fn reached(declaration: &Declaration, field: &str) -> BTreeSet<String> {
    let mut fields = BTreeSet::from([field.to_owned()]);
    for detail in &declaration.details {
        if sources(detail).iter().any(|source| fields.contains(*source)) {
            fields.insert(detail.field().to_owned());
        }
    }
    for derive in &declaration.derives {
        if fields.contains(&derive.from) {
            fields.insert(derive.into.clone());
        }
    }
    if declaration.resource.tags.as_ref().is_some_and(|tags| fields.contains(tags)) {
        fields.insert("tags".into());
    }
    fields
}
