//! A document: one of the eight models under its single root, read and written.

mod yaml;

use std::io::{self, Write};

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::datatype::UriReference;
use crate::{
    AssessmentPlan, AssessmentResults, Catalog, ComponentDefinition, MappingCollection, Metadata, PlanOfActionAndMilestones, Profile,
    SystemSecurityPlan, Uuid,
};

/// One OSCAL document.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// Controls.
    Catalog(Box<Catalog>),
    /// A selection of controls.
    Profile(Box<Profile>),
    /// Which controls of one catalog stand in which relation to those of another.
    MappingCollection(Box<MappingCollection>),
    /// How components can implement controls.
    ComponentDefinition(Box<ComponentDefinition>),
    /// What a system is and how it implements its controls.
    SystemSecurityPlan(Box<SystemSecurityPlan>),
    /// What will be assessed.
    AssessmentPlan(Box<AssessmentPlan>),
    /// What was assessed.
    AssessmentResults(Box<AssessmentResults>),
    /// What is wrong and known.
    PlanOfActionAndMilestones(Box<PlanOfActionAndMilestones>),
}

/// How a document is laid out in bytes. Either way the order of fields is that of the specification, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Without any blank.
    Compact,
    /// Two blanks a level, and a line break at the end.
    Pretty,
}

/// The roots that are read here, as they are written.
pub(crate) const ROOTS: &[&str] = &[
    "catalog",
    "profile",
    "mapping-collection",
    "component-definition",
    "system-security-plan",
    "assessment-plan",
    "assessment-results",
    "plan-of-action-and-milestones",
];

/// The root whose members a document leaves to its model; `$schema` lies beside it.
const DIRECTIVE: &str = "$schema";

impl Document {
    /// The name of the single root, such as `assessment-results`.
    pub fn root(&self) -> &'static str {
        match self {
            Self::Catalog(_) => "catalog",
            Self::Profile(_) => "profile",
            Self::MappingCollection(_) => "mapping-collection",
            Self::ComponentDefinition(_) => "component-definition",
            Self::SystemSecurityPlan(_) => "system-security-plan",
            Self::AssessmentPlan(_) => "assessment-plan",
            Self::AssessmentResults(_) => "assessment-results",
            Self::PlanOfActionAndMilestones(_) => "plan-of-action-and-milestones",
        }
    }

    /// The identifier of this version of the document.
    pub fn uuid(&self) -> Uuid {
        match self {
            Self::Catalog(model) => model.uuid,
            Self::Profile(model) => model.uuid,
            Self::MappingCollection(model) => model.uuid,
            Self::ComponentDefinition(model) => model.uuid,
            Self::SystemSecurityPlan(model) => model.uuid,
            Self::AssessmentPlan(model) => model.uuid,
            Self::AssessmentResults(model) => model.uuid,
            Self::PlanOfActionAndMilestones(model) => model.uuid,
        }
    }

    /// What the document says about itself.
    pub fn metadata(&self) -> &Metadata {
        match self {
            Self::Catalog(model) => &model.metadata,
            Self::Profile(model) => &model.metadata,
            Self::MappingCollection(model) => &model.metadata,
            Self::ComponentDefinition(model) => &model.metadata,
            Self::SystemSecurityPlan(model) => &model.metadata,
            Self::AssessmentPlan(model) => &model.metadata,
            Self::AssessmentResults(model) => &model.metadata,
            Self::PlanOfActionAndMilestones(model) => &model.metadata,
        }
    }

    /// Writes the document as JSON, the same bytes every time.
    pub fn to_writer(&self, writer: &mut dyn Write, layout: Layout) -> io::Result<()> {
        match layout {
            Layout::Compact => serde_json::to_writer(writer, self)?,
            Layout::Pretty => {
                serde_json::to_writer_pretty(&mut *writer, self)?;
                writer.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// The document as JSON text.
    pub fn to_json(&self, layout: Layout) -> String {
        let mut bytes = Vec::new();
        self.to_writer(&mut bytes, layout).expect("writing to memory does not fail, and every key is a string");
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }

    /// The document as YAML text.
    pub fn to_yaml(&self) -> String {
        yaml::of(&self.to_json(Layout::Compact))
    }

    fn directive(&self) -> Option<&UriReference> {
        match self {
            Self::Catalog(model) => model.schema_directive.as_ref(),
            Self::Profile(model) => model.schema_directive.as_ref(),
            Self::MappingCollection(model) => model.schema_directive.as_ref(),
            Self::ComponentDefinition(model) => model.schema_directive.as_ref(),
            Self::SystemSecurityPlan(model) => model.schema_directive.as_ref(),
            Self::AssessmentPlan(model) => model.schema_directive.as_ref(),
            Self::AssessmentResults(model) => model.schema_directive.as_ref(),
            Self::PlanOfActionAndMilestones(model) => model.schema_directive.as_ref(),
        }
    }

    fn set_directive(&mut self, directive: Option<UriReference>) {
        match self {
            Self::Catalog(model) => model.schema_directive = directive,
            Self::Profile(model) => model.schema_directive = directive,
            Self::MappingCollection(model) => model.schema_directive = directive,
            Self::ComponentDefinition(model) => model.schema_directive = directive,
            Self::SystemSecurityPlan(model) => model.schema_directive = directive,
            Self::AssessmentPlan(model) => model.schema_directive = directive,
            Self::AssessmentResults(model) => model.schema_directive = directive,
            Self::PlanOfActionAndMilestones(model) => model.schema_directive = directive,
        }
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(directive) = self.directive() {
            map.serialize_entry(DIRECTIVE, directive)?;
        }
        map.serialize_key(self.root())?;
        match self {
            Self::Catalog(model) => map.serialize_value(model)?,
            Self::Profile(model) => map.serialize_value(model)?,
            Self::MappingCollection(model) => map.serialize_value(model)?,
            Self::ComponentDefinition(model) => map.serialize_value(model)?,
            Self::SystemSecurityPlan(model) => map.serialize_value(model)?,
            Self::AssessmentPlan(model) => map.serialize_value(model)?,
            Self::AssessmentResults(model) => map.serialize_value(model)?,
            Self::PlanOfActionAndMilestones(model) => map.serialize_value(model)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Root)
    }
}

struct Root;

impl<'de> Visitor<'de> for Root {
    type Value = Document;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an OSCAL document, which is an object with one root")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let (mut directive, mut document) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == DIRECTIVE {
                directive = Some(map.next_value()?);
                continue;
            }
            if document.is_some() {
                return Err(de::Error::custom(format_args!("unexpected second root `{key}`")));
            }
            document = Some(match key.as_str() {
                "catalog" => Document::Catalog(map.next_value()?),
                "profile" => Document::Profile(map.next_value()?),
                "mapping-collection" => Document::MappingCollection(map.next_value()?),
                "component-definition" => Document::ComponentDefinition(map.next_value()?),
                "system-security-plan" => Document::SystemSecurityPlan(map.next_value()?),
                "assessment-plan" => Document::AssessmentPlan(map.next_value()?),
                "assessment-results" => Document::AssessmentResults(map.next_value()?),
                "plan-of-action-and-milestones" => Document::PlanOfActionAndMilestones(map.next_value()?),
                other => {
                    let refusal = de::Error::custom(format_args!("unknown root `{other}`"));
                    map.next_value::<IgnoredAny>()?;
                    return Err(refusal);
                }
            });
        }
        let mut document = document.ok_or_else(|| de::Error::custom("missing root of an OSCAL document"))?;
        document.set_directive(directive);
        Ok(document)
    }
}
