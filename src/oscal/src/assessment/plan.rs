//! Assessment plan: what will be assessed, how, with what, and when.

use crate::assembly::assembly;
use crate::assessment::{Activity, AssessmentAssets, AssessmentSubject, LocalObjective, ReviewedControls, Task, TermsAndConditions};
use crate::back_matter::BackMatter;
use crate::component::{InventoryItem, SystemComponent, SystemUser};
use crate::datatype::{Markup, UriReference, Uuid};
use crate::metadata::Metadata;

assembly! {
    /// What will be assessed, how, with what, and when.
    pub struct AssessmentPlan {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// The system security plan that it assesses.
        import_ssp: ImportSsp,
        /// What the system security plan does not define.
        local_definitions?: PlanDefinitions,
        /// The terms of the assessment.
        terms_and_conditions?: TermsAndConditions,
        /// The controls covered.
        reviewed_controls: ReviewedControls,
        /// What will be looked at.
        assessment_subjects*: AssessmentSubject,
        /// The tools.
        assessment_assets?: AssessmentAssets,
        /// When what is done.
        tasks*: Task,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// The system security plan that a document rests on.
    pub struct ImportSsp {
        /// Where it is.
        href: UriReference,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What a plan defines because its system security plan does not.
    pub struct PlanDefinitions {
        /// Components.
        components*: SystemComponent,
        /// Inventory items.
        inventory_items*: InventoryItem,
        /// Users.
        users*: SystemUser,
        /// Objectives and methods.
        objectives_and_methods*: LocalObjective,
        /// Activities.
        activities*: Activity,
        /// Commentary.
        remarks?: Markup,
    }
}
