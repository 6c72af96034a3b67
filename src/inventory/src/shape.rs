//! The fields that a kind's documents can have, and their types: what checks are typed against.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The type of a value in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Anything: the vendor says no more.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// Any number.
    Number,
    /// Text.
    String,
    /// Text in RFC 3339 form, UTC.
    Timestamp,
    /// A list of one shape.
    List(Box<Shape>),
    /// An object with free names and values of one shape.
    Map(Box<Shape>),
    /// An object with known names. Every member may be absent.
    Object(BTreeMap<String, Shape>),
}

impl Shape {
    /// A list of `item`.
    pub fn list(item: Shape) -> Self {
        Shape::List(Box::new(item))
    }

    /// An object with these members.
    pub fn object<const N: usize>(members: [(&str, Shape); N]) -> Self {
        Shape::Object(members.into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect())
    }

    /// The same as a JSON Schema (draft 2020-12) fragment.
    pub fn to_json_schema(&self) -> Value {
        match self {
            Shape::Any => json!(true),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Int => json!({ "type": "integer" }),
            Shape::Number => json!({ "type": "number" }),
            Shape::String => json!({ "type": "string" }),
            Shape::Timestamp => json!({ "type": "string", "format": "date-time" }),
            Shape::List(item) => json!({ "type": "array", "items": item.to_json_schema() }),
            Shape::Map(value) => json!({ "type": "object", "additionalProperties": value.to_json_schema() }),
            Shape::Object(members) => {
                let properties: BTreeMap<_, _> = members.iter().map(|(name, shape)| (name, shape.to_json_schema())).collect();
                json!({ "type": "object", "properties": properties, "additionalProperties": false })
            }
        }
    }
}
