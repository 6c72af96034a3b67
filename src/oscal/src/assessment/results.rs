//! Assessment results: what was assessed in one or more runs, and what came of it.

use crate::assembly::assembly;
use crate::assessment::{
    Activity, AssessmentAssets, AssessmentLog, Attestation, Finding, LocalObjective, Observation, ReviewedControls, Risk, Task,
};
use crate::back_matter::BackMatter;
use crate::component::{InventoryItem, SystemComponent, SystemUser};
use crate::datatype::{DateTime, Markup, MarkupLine, UriReference, Uuid};
use crate::metadata::Metadata;
use crate::property::{Link, Property};

assembly! {
    /// What was assessed in one or more runs.
    pub struct AssessmentResults {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// The plan that it follows.
        import_ap: ImportAp,
        /// What the plan does not define.
        local_definitions?: ResultsDefinitions,
        /// The runs.
        results+: AssessmentResult,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// The plan that results follow.
    pub struct ImportAp {
        /// Where it is.
        href: UriReference,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What results define because their plan does not.
    pub struct ResultsDefinitions {
        /// Objectives and methods.
        objectives_and_methods*: LocalObjective,
        /// Activities.
        activities*: Activity,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// One run of an assessment, and what came of it.
    pub struct AssessmentResult {
        /// Identifies the run.
        uuid: Uuid,
        /// What a reader sees.
        title: MarkupLine,
        /// What was done.
        description: Markup,
        /// When it began.
        start: DateTime,
        /// When it ended.
        end?: DateTime,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// What this run defines because the plan does not.
        local_definitions?: RunDefinitions,
        /// The controls covered; not inherited from the plan.
        reviewed_controls: ReviewedControls,
        /// What somebody vouches for.
        attestations*: Attestation,
        /// What happened.
        assessment_log?: AssessmentLog,
        /// What was seen.
        observations*: Observation,
        /// What may come of it.
        risks*: Risk,
        /// Whether the objectives are met.
        findings*: Finding,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What one run defines because the plan does not.
    pub struct RunDefinitions {
        /// Components.
        components*: SystemComponent,
        /// Inventory items.
        inventory_items*: InventoryItem,
        /// Users.
        users*: SystemUser,
        /// The tools.
        assessment_assets?: AssessmentAssets,
        /// Tasks.
        tasks*: Task,
    }
}
