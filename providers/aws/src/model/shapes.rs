//! The types of what is asked and answered, with their names on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Service;

/// One named type of a service.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShapeDef {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Type,
    /// The members of a structure.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Member>,
    /// The members that a structure must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// What a list holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Box<Member>>,
    /// The names in a map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<Member>>,
    /// The values in a map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<Member>>,
    /// The member that is the whole body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The name of a document that is of this type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_name: Option<String>,
    /// Where all uses of it go if not into the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Whether a list or map stands without an element around it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub flattened: bool,
    /// How times are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp_format: Option<String>,
    /// The namespace of the element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xml_namespace: Option<XmlNamespace>,
    /// Whether the structure is free JSON.
    #[serde(default, skip_serializing_if = "is_false")]
    pub document: bool,
    /// Whether exactly one member is set.
    #[serde(default, skip_serializing_if = "is_false")]
    pub union: bool,
    /// The code that an error goes by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorCode>,
}

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// Named members.
    Structure,
    /// Members of one type.
    List,
    /// Free names, values of one type.
    Map,
    /// Text.
    String,
    /// One character of text.
    Character,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number.
    Long,
    /// A whole number that may be large.
    BigInteger,
    /// A number.
    Float,
    /// A number.
    Double,
    /// A number that may be long.
    BigDecimal,
    /// Bytes.
    Blob,
    /// A point in time.
    Timestamp,
}

/// The use of a type at one place, with its name there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The type.
    pub shape: String,
    /// The name on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_name: Option<String>,
    /// Where it goes if not into the body: `uri`, `querystring`, `header`, `headers`, `statusCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The name in EC2's forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_name: Option<String>,
    /// The member that is the whole body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The element around a query answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_wrapper: Option<String>,
    /// Whether a list or map stands without an element around it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub flattened: bool,
    /// Whether it is an attribute of its parent's element.
    #[serde(default, skip_serializing_if = "is_false")]
    pub xml_attribute: bool,
    /// The namespace of the element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xml_namespace: Option<XmlNamespace>,
    /// How times are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp_format: Option<String>,
    /// Whether it is a stream of bytes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub streaming: bool,
    /// Whether it fills a label of the host prefix.
    #[serde(default, skip_serializing_if = "is_false")]
    pub host_label: bool,
    /// Whether text in a header is base64 of JSON.
    #[serde(default, rename = "jsonvalue", skip_serializing_if = "is_false")]
    pub json_value: bool,
}

/// The code that an error goes by, where it is not the shape's name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErrorCode {
    /// The code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A namespace, with a prefix or without.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "NamespaceText")]
pub struct XmlNamespace {
    /// The prefix that is declared for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The name.
    pub uri: String,
}

/// The vendor writes a bare name in a service's metadata and an object elsewhere.
#[derive(Deserialize)]
#[serde(untagged)]
enum NamespaceText {
    Bare(String),
    Full { prefix: Option<String>, uri: String },
}

impl From<NamespaceText> for XmlNamespace {
    fn from(text: NamespaceText) -> Self {
        match text {
            NamespaceText::Bare(uri) => XmlNamespace { prefix: None, uri },
            NamespaceText::Full { prefix, uri } => XmlNamespace { prefix, uri },
        }
    }
}

/// A use of a type and the type itself; what the use says wins over what the type says.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The use.
    pub member: &'a Member,
    /// The type.
    pub def: &'a ShapeDef,
}

impl<'a> At<'a> {
    /// The name on the wire, if the model gives one.
    pub fn wire_name(&self) -> Option<&'a str> {
        self.member.location_name.as_deref()
    }

    /// The name of a document's root: a name that the type has of its own holds there, and only there.
    pub fn root_name(&self) -> &'a str {
        self.def.location_name.as_deref().or(self.wire_name()).unwrap_or(&self.member.shape)
    }

    /// The name of a header, label or query parameter; a type that is always one may name it.
    pub fn located_name(&self) -> Option<&'a str> {
        self.wire_name().or(self.def.location.as_ref().and(self.def.location_name.as_deref()))
    }

    /// The member that is the whole body.
    pub fn payload(&self) -> Option<&'a str> {
        self.member.payload.as_deref().or(self.def.payload.as_deref())
    }

    /// Whether a list or map stands without an element around it.
    pub fn flattened(&self) -> bool {
        self.member.flattened || self.def.flattened
    }

    /// How times are written, if the model says.
    pub fn timestamp_format(&self) -> Option<&'a str> {
        self.member.timestamp_format.as_deref().or(self.def.timestamp_format.as_deref())
    }

    /// The namespace of the element.
    pub fn xml_namespace(&self) -> Option<&'a XmlNamespace> {
        self.member.xml_namespace.as_ref().or(self.def.xml_namespace.as_ref())
    }

    /// Where it goes if not into the body.
    pub fn location(&self) -> Option<&'a str> {
        self.member.location.as_deref().or(self.def.location.as_deref())
    }

    /// Whether it lies outside the body of an answer, where a query string means nothing.
    pub fn beside_body(&self) -> bool {
        matches!(self.location(), Some("header" | "headers" | "statusCode"))
    }
}

impl Service {
    /// The type that a member is of.
    ///
    /// A model that names a type without defining it is broken; the generator and a test refuse it, so this may assert.
    pub fn at<'a>(&'a self, member: &'a Member) -> At<'a> {
        let def = self.shapes.get(&member.shape).unwrap_or_else(|| panic!("the model defines `{}`", member.shape));
        At { member, def }
    }

    /// What a list holds.
    pub fn item<'a>(&'a self, list: At<'a>) -> At<'a> {
        self.at(list.def.member.as_deref().expect("a list has a member"))
    }

    /// The names and values of a map.
    pub fn entry<'a>(&'a self, map: At<'a>) -> (At<'a>, At<'a>) {
        let key = map.def.key.as_deref().expect("a map has a key");
        let value = map.def.value.as_deref().expect("a map has a value");
        (self.at(key), self.at(value))
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}
