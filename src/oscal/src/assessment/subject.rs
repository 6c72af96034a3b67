//! Subjects: what an activity looks at, and what an observation is about. A result may refer to a million of them.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::assembly::{assembly, open_enum};
use crate::control::IncludeAll;
use crate::datatype::{Markup, MarkupLine, Uuid};
use crate::property::{Link, Property, write_some};

open_enum! {
    /// What kind of thing a subject is.
    pub enum SubjectType: Token {
        /// A component.
        Component = "component",
        /// An inventory item.
        InventoryItem = "inventory-item",
        /// A place.
        Location = "location",
        /// A person or organisation.
        Party = "party",
        /// A user of the system.
        User = "user",
        /// A back-matter resource.
        Resource = "resource",
    }
}

/// One subject of an observation, in 48 bytes; what it rarely carries is shared among those that carry the same.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Shape")]
pub struct SubjectReference {
    /// The subject.
    pub subject_uuid: Uuid,
    /// What kind of thing it is.
    pub r#type: SubjectType,
    /// What else is said of it; one `Arc` may serve all subjects of which the same is said.
    pub detail: Option<Arc<SubjectDetail>>,
}

/// What a subject reference may say besides whom it means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SubjectDetail {
    /// What a reader sees.
    pub title: Option<MarkupLine>,
    /// Further facts.
    pub props: Vec<Property>,
    /// References.
    pub links: Vec<Link>,
    /// Commentary.
    pub remarks: Option<Markup>,
}

impl SubjectReference {
    /// A bare reference.
    pub fn new(subject_uuid: Uuid, r#type: SubjectType) -> Self {
        Self { subject_uuid, r#type, detail: None }
    }

    /// The title, where there is one.
    pub fn title(&self) -> Option<&MarkupLine> {
        self.detail.as_ref().and_then(|detail| detail.title.as_ref())
    }

    /// The facts said of this subject.
    pub fn props(&self) -> &[Property] {
        self.detail.as_ref().map_or(&[], |detail| &detail.props)
    }

    /// The commentary, where there is one.
    pub fn remarks(&self) -> Option<&Markup> {
        self.detail.as_ref().and_then(|detail| detail.remarks.as_ref())
    }
}

/// A subject reference as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Shape {
    subject_uuid: Uuid,
    r#type: SubjectType,
    title: Option<MarkupLine>,
    #[serde(default)]
    props: Vec<Property>,
    #[serde(default)]
    links: Vec<Link>,
    remarks: Option<Markup>,
}

impl From<Shape> for SubjectReference {
    fn from(read: Shape) -> Self {
        let detail = SubjectDetail { title: read.title, props: read.props, links: read.links, remarks: read.remarks };
        let detail = (detail != SubjectDetail::default()).then(|| Arc::new(detail));
        Self { subject_uuid: read.subject_uuid, r#type: read.r#type, detail }
    }
}

impl Serialize for SubjectReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("subject-uuid", &self.subject_uuid)?;
        map.serialize_entry("type", &self.r#type)?;
        if let Some(detail) = &self.detail {
            write_some(&mut map, "title", detail.title.as_ref())?;
            write_some(&mut map, "props", (!detail.props.is_empty()).then_some(&detail.props))?;
            write_some(&mut map, "links", (!detail.links.is_empty()).then_some(&detail.links))?;
            write_some(&mut map, "remarks", detail.remarks.as_ref())?;
        }
        map.end()
    }
}

impl JsonSchema for SubjectReference {
    fn schema_name() -> Cow<'static, str> {
        "SubjectReference".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Shape::json_schema(generator)
    }
}

assembly! {
    /// The subjects that an activity or task looks at: all of a type, or those listed, less the excluded.
    pub struct AssessmentSubject {
        /// What kind of things.
        r#type: SubjectType,
        /// Which ones, in words.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// All of the type; or else `include_subjects`.
        include_all?: IncludeAll,
        /// Those listed; or else `include_all`.
        include_subjects*: SelectSubject,
        /// Those left out all the same.
        exclude_subjects*: SelectSubject,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Chooses one subject.
    pub struct SelectSubject {
        /// The subject.
        subject_uuid: Uuid,
        /// What kind of thing it is.
        r#type: SubjectType,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, SubjectReference, SubjectType};

    #[test]
    fn a_subject_reference_takes_48_bytes() {
        assert_eq!(size_of::<SubjectReference>(), 48);
        assert!(size_of::<Shape>() > 48);
    }

    #[test]
    fn a_type_that_oscal_does_not_list_is_kept() {
        let text = r#"{"subject-uuid":"04F1c225-9505-4f5c-b3a4-c580814eb184","type":"widget","title":"w"}"#;
        let read: SubjectReference = serde_json::from_str(text).expect("valid");
        assert!(matches!(&read.r#type, SubjectType::Other(token) if token.as_str() == "widget"));
        assert_eq!(serde_json::to_string(&read).expect("writable"), text);
    }
}
