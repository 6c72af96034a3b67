//! Properties and links: what every OSCAL object may carry besides its own fields.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::assembly::assembly;
use crate::datatype::{Markup, MarkupLine, Text, Token, Uri, UriReference, Uuid};

/// A named fact about an object. Names that OSCAL does not define need a namespace of their own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Shape")]
pub struct Property {
    /// What the fact is about.
    pub name: Token,
    /// Whose name it is; absent means OSCAL's own.
    pub ns: Option<Uri>,
    /// The fact.
    pub value: Text,
    /// A finer meaning of the name.
    pub class: Option<Token>,
    /// The fields that hardly any property has, out of the way because properties are many.
    pub rare: Option<Box<RareFields>>,
}

/// The fields that hardly any property has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RareFields {
    /// Identifies this property.
    pub uuid: Option<Uuid>,
    /// Binds properties of one object together.
    pub group: Option<Token>,
    /// Commentary.
    pub remarks: Option<Markup>,
}

impl Property {
    /// A property of OSCAL's own namespace.
    pub fn new(name: Token, value: Text) -> Self {
        Self { name, ns: None, value, class: None, rare: None }
    }

    /// A property of somebody's namespace.
    pub fn of(ns: Uri, name: Token, value: Text) -> Self {
        Self { name, ns: Some(ns), value, class: None, rare: None }
    }

    /// Whether this is the property `name` of the namespace `ns`.
    pub fn is(&self, ns: &str, name: &str) -> bool {
        self.name == name && self.ns.as_ref().map_or(OSCAL_NS, Uri::as_str) == ns
    }
}

/// The namespace of a property that names none.
pub const OSCAL_NS: &str = "http://csrc.nist.gov/ns/oscal";

/// The value of the property `name` of the namespace `ns`, where there is one.
pub fn property<'a>(props: &'a [Property], ns: &str, name: &str) -> Option<&'a str> {
    props.iter().find(|prop| prop.is(ns, name)).map(|prop| prop.value.as_str())
}

/// A property as it is written: the order of its fields, and its schema.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Shape {
    name: Token,
    uuid: Option<Uuid>,
    ns: Option<Uri>,
    value: Text,
    class: Option<Token>,
    group: Option<Token>,
    remarks: Option<Markup>,
}

impl From<Shape> for Property {
    fn from(read: Shape) -> Self {
        let rare = RareFields { uuid: read.uuid, group: read.group, remarks: read.remarks };
        let rare = (rare != RareFields::default()).then(|| Box::new(rare));
        Self { name: read.name, ns: read.ns, value: read.value, class: read.class, rare }
    }
}

impl Serialize for Property {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rare = self.rare.as_deref();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        write_some(&mut map, "uuid", rare.and_then(|rare| rare.uuid.as_ref()))?;
        write_some(&mut map, "ns", self.ns.as_ref())?;
        map.serialize_entry("value", &self.value)?;
        write_some(&mut map, "class", self.class.as_ref())?;
        write_some(&mut map, "group", rare.and_then(|rare| rare.group.as_ref()))?;
        write_some(&mut map, "remarks", rare.and_then(|rare| rare.remarks.as_ref()))?;
        map.end()
    }
}

/// Writes a field that may be absent.
pub(crate) fn write_some<M: SerializeMap, T: Serialize>(map: &mut M, key: &'static str, value: Option<&T>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}

impl JsonSchema for Property {
    fn schema_name() -> Cow<'static, str> {
        "Property".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Shape::json_schema(generator)
    }
}

assembly! {
    /// A reference to something elsewhere.
    pub struct Link {
        /// Where it is: a URI, or `#uuid` of a back-matter resource.
        href: UriReference,
        /// How it relates to the object.
        rel?: Token,
        /// Of which media type it is.
        media_type?: Text,
        /// The place inside it.
        resource_fragment?: Text,
        /// What a reader sees.
        text?: MarkupLine,
    }
}
