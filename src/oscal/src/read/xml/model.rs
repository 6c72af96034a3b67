//! Which element is which member of the JSON form: the table that `examples/generate_xml_model` writes.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a text is in JSON.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar {
    Text,
    /// Markup on one line.
    Line,
    /// Markup in paragraphs.
    Prose,
    Boolean,
    Number,
}

/// What a child is.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Scalar(Scalar),
    Type(&'static str),
}

/// How a child is called in JSON, and what it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    pub(super) json: &'static str,
    pub(super) is_many: bool,
    pub(super) what: What,
}

/// What an element can hold.
#[derive(Debug, Default)]
pub(super) struct Type {
    pub(super) flags: HashMap<&'static str, Scalar>,
    pub(super) children: HashMap<&'static str, Child>,
    /// An element that only holds a list of others, by their name.
    pub(super) wrappers: HashMap<&'static str, (&'static str, What)>,
    /// The member that the text itself becomes.
    pub(super) value: Option<(&'static str, Scalar)>,
    /// The member that paragraphs become which stand among the other children.
    pub(super) prose: Option<&'static str>,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    roots: HashMap<&'static str, &'static str>,
    types: HashMap<&'static str, Type>,
}

impl Model {
    /// The type of a root element.
    pub(super) fn root(&self, name: &str) -> Option<&'static Type> {
        self.roots.get(name).map(|id| of(id))
    }
}

static MODEL: LazyLock<Model> = LazyLock::new(|| parsed(include_str!("model.txt")));

pub(super) fn model() -> &'static Model {
    &MODEL
}

/// The type of this name.
pub(super) fn of(id: &str) -> &'static Type {
    MODEL.types.get(id).unwrap_or_else(|| unreachable!("the table names `{id}` and does not define it"))
}

fn parsed(text: &'static str) -> Model {
    let (mut model, mut current) = (Model::default(), "");
    for line in text.lines() {
        let words: Vec<&'static str> = line.split(' ').collect();
        let own = |model: &mut Model, put: &mut dyn FnMut(&mut Type)| put(model.types.entry(current).or_default());
        match words.as_slice() {
            ["R", root, id] => model.roots.extend([(*root, *id)]),
            ["T", id] => {
                current = id;
                model.types.insert(id, Type::default());
            }
            ["F", name, kind] => own(&mut model, &mut |ty| ty.flags.extend([(*name, scalar(kind))])),
            ["V", json, kind] => own(&mut model, &mut |ty| ty.value = Some((json, scalar(kind)))),
            ["P", json] => own(&mut model, &mut |ty| ty.prose = Some(json)),
            ["G", wrapper, name, id] => own(&mut model, &mut |ty| ty.wrappers.extend([(*wrapper, (*name, what(id)))])),
            ["C", name, json, many, id] => {
                let child = Child { json, is_many: *many == "many", what: what(id) };
                own(&mut model, &mut |ty| ty.children.extend([(*name, child)]));
            }
            _ => {}
        }
    }
    model
}

fn what(id: &'static str) -> What {
    id.strip_prefix('=').map_or(What::Type(id), |kind| What::Scalar(scalar(kind)))
}

fn scalar(kind: &str) -> Scalar {
    match kind {
        "line" => Scalar::Line,
        "prose" => Scalar::Prose,
        "boolean" => Scalar::Boolean,
        "number" => Scalar::Number,
        _ => Scalar::Text,
    }
}
