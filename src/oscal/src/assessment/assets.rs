//! Assessment assets: the tools and platforms that assess.

use crate::assembly::assembly;
use crate::component::SystemComponent;
use crate::datatype::{Markup, MarkupLine, Uuid};
use crate::metadata::ResponsibleParty;
use crate::property::{Link, Property};

assembly! {
    /// The tools and platforms of an assessment.
    pub struct AssessmentAssets {
        /// The tools.
        components*: SystemComponent,
        /// Where they run.
        assessment_platforms+: AssessmentPlatform,
    }
}

assembly! {
    /// Where tools run.
    pub struct AssessmentPlatform {
        /// Identifies the platform.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The tools that run there.
        uses_components*: UsesComponent,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A tool that runs on a platform.
    pub struct UsesComponent {
        /// The tool.
        component_uuid: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who runs it.
        responsible_parties*: ResponsibleParty,
        /// Commentary.
        remarks?: Markup,
    }
}
