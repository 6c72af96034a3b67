//! POA&M: what is wrong and known, and what is done about it.

use crate::assembly::assembly;
use crate::assessment::{AssessmentAssets, Finding, ImportSsp, Observation, OriginActor, RelatedObservation, RelatedRisk, Risk};
use crate::back_matter::BackMatter;
use crate::component::{InventoryItem, SystemComponent, SystemId};
use crate::datatype::{Markup, MarkupLine, UriReference, Uuid};
use crate::metadata::Metadata;
use crate::property::{Link, Property};

assembly! {
    /// A plan of action and milestones.
    pub struct PlanOfActionAndMilestones {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// The system security plan that it rests on.
        import_ssp?: ImportSsp,
        /// The system, where no system security plan names it.
        system_id?: SystemId,
        /// What the system security plan does not define.
        local_definitions?: PoamDefinitions,
        /// What was seen.
        observations*: Observation,
        /// What may come of it.
        risks*: Risk,
        /// Which objectives are not met.
        findings*: Finding,
        /// What is done about it.
        poam_items+: PoamItem,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// What a POA&M defines because its system security plan does not.
    pub struct PoamDefinitions {
        /// Components.
        components*: SystemComponent,
        /// Inventory items.
        inventory_items*: InventoryItem,
        /// The tools.
        assessment_assets?: AssessmentAssets,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// One thing that is wrong and known.
    pub struct PoamItem {
        /// Identifies the item, over runs too.
        uuid?: Uuid,
        /// What a reader sees.
        title: MarkupLine,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who found it.
        origins*: PoamOrigin,
        /// The findings that it rests on.
        related_findings*: RelatedFinding,
        /// The observations that it rests on.
        related_observations*: RelatedObservation,
        /// The risks that it deals with.
        related_risks*: RelatedRisk,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Who found what a POA&M item is about.
    pub struct PoamOrigin {
        /// Who.
        actors+: OriginActor,
    }
}

assembly! {
    /// A finding that a POA&M item rests on.
    pub struct RelatedFinding {
        /// The finding.
        finding_uuid: Uuid,
        /// Commentary.
        remarks?: Markup,
    }
}
