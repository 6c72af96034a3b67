//! The types that expressions are checked with when they are loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

use inventory::Shape;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Any,
    Null,
    Bool,
    Int,
    Double,
    Text,
    List(Arc<Ty>),
    Map(Arc<Ty>),
    Object(Arc<BTreeMap<String, Ty>>),
    Optional(Arc<Ty>),
}

impl Ty {
    pub(crate) fn name(&self) -> String {
        match self {
            Ty::Any => "anything".into(),
            Ty::Null => "null".into(),
            Ty::Bool => "a boolean".into(),
            Ty::Int | Ty::Double => "a number".into(),
            Ty::Text => "text".into(),
            Ty::List(item) => format!("a list of {}", item.name()),
            Ty::Map(_) | Ty::Object(_) => "an object".into(),
            Ty::Optional(inner) => format!("an optional {}", inner.name()),
        }
    }

    /// Whether a value of one can be equal to a value of the other.
    pub(crate) fn meets(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Any | Ty::Null, _) | (_, Ty::Any | Ty::Null) => true,
            (Ty::Int | Ty::Double, Ty::Int | Ty::Double) => true,
            (Ty::List(a), Ty::List(b)) | (Ty::Optional(a), Ty::Optional(b)) => a.meets(b),
            (Ty::Map(_) | Ty::Object(_), Ty::Map(_) | Ty::Object(_)) => true,
            (a, b) => a == b,
        }
    }

    /// The type of a list of both.
    pub(crate) fn join(self, other: Ty) -> Ty {
        if self == other { self } else { Ty::Any }
    }
}

impl From<&Shape> for Ty {
    fn from(shape: &Shape) -> Self {
        match shape {
            Shape::Any => Ty::Any,
            Shape::Bool => Ty::Bool,
            Shape::Int => Ty::Int,
            Shape::Number => Ty::Double,
            Shape::String | Shape::Timestamp => Ty::Text,
            Shape::List(item) => Ty::List(Arc::new((&**item).into())),
            Shape::Map(value) => Ty::Map(Arc::new((&**value).into())),
            Shape::Object(members) => Ty::Object(Arc::new(members.iter().map(|(name, shape)| (name.clone(), shape.into())).collect())),
        }
    }
}

/// The type that a control declares for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// A whole number.
    Integer,
    /// Text.
    String,
    /// An ISO 8601 duration such as `P90D`, as text.
    Duration,
    /// `true` or `false`.
    Boolean,
    /// A list of text.
    StringList,
    /// A list of whole numbers.
    IntegerList,
}

impl From<ParamType> for Ty {
    fn from(param: ParamType) -> Self {
        match param {
            ParamType::Integer => Ty::Int,
            ParamType::String | ParamType::Duration => Ty::Text,
            ParamType::Boolean => Ty::Bool,
            ParamType::StringList => Ty::List(Arc::new(Ty::Text)),
            ParamType::IntegerList => Ty::List(Arc::new(Ty::Int)),
        }
    }
}
