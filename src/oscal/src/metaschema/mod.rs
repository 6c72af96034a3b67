//! What NIST's metaschemas say: which element of the XML form is which member of the JSON form, what it holds, and what is demanded of
//! it; the table that `examples/generate_metaschema` writes.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a text is in JSON.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar {
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
pub(crate) enum What {
    Scalar(Scalar),
    Type(&'static str),
}

/// How a child is called in JSON, and what it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child {
    pub(crate) json: &'static str,
    pub(crate) is_many: bool,
    pub(crate) what: What,
}

/// What an element can hold.
#[derive(Debug, Default)]
pub(crate) struct Type {
    /// Its name in the table.
    pub(crate) id: &'static str,
    pub(crate) flags: HashMap<&'static str, Scalar>,
    pub(crate) children: HashMap<&'static str, Child>,
    /// An element that only holds a list of others, by their name.
    pub(crate) wrappers: HashMap<&'static str, (&'static str, What)>,
    /// The member that the text itself becomes.
    pub(crate) value: Option<(&'static str, Scalar)>,
    /// What NIST's metaschema demands of it, a line each.
    pub(crate) constraints: Vec<&'static str>,
    /// The member that paragraphs become which stand among the other children.
    pub(crate) prose: Option<&'static str>,
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    roots: HashMap<&'static str, &'static str>,
    types: HashMap<&'static str, Type>,
}

impl Model {
    /// Every type by its name.
    pub(crate) fn types(&self) -> impl Iterator<Item = (&'static str, &Type)> {
        self.types.iter().map(|(id, ty)| (*id, ty))
    }

    /// The type of a root element.
    pub(crate) fn root(&self, name: &str) -> Option<&'static Type> {
        self.roots.get(name).map(|id| of(id))
    }
}

static MODEL: LazyLock<Model> = LazyLock::new(|| parsed(include_str!("model.txt")));

pub(crate) fn model() -> &'static Model {
    &MODEL
}

/// The type of this name.
pub(crate) fn of(id: &str) -> &'static Type {
    MODEL.types.get(id).unwrap_or_else(|| unreachable!("the table names `{id}` and does not define it"))
}

fn parsed(text: &'static str) -> Model {
    let (mut model, mut current) = (Model::default(), "");
    for line in text.lines() {
        if let Some(constraint) = line.strip_prefix("K\t") {
            model.types.entry(current).or_default().constraints.push(constraint);
            continue;
        }
        let words: Vec<&'static str> = line.split(' ').collect();
        let own = |model: &mut Model, put: &mut dyn FnMut(&mut Type)| put(model.types.entry(current).or_default());
        match words.as_slice() {
            ["R", root, id] => model.roots.extend([(*root, *id)]),
            ["T", id] => {
                current = id;
                model.types.insert(id, Type { id, ..Type::default() });
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
