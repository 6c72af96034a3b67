//! The parts of documents that can be checked by themselves.

/// A part of a document that can be checked by itself; the first eight are whole documents below their root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A catalog.
    Catalog,
    /// A profile.
    Profile,
    /// A mapping collection.
    MappingCollection,
    /// A component definition.
    ComponentDefinition,
    /// A system security plan.
    SystemSecurityPlan,
    /// An assessment plan.
    AssessmentPlan,
    /// Assessment results.
    AssessmentResults,
    /// A POA&M.
    PlanOfActionAndMilestones,
    /// Metadata.
    Metadata,
    /// A back-matter resource.
    Resource,
    /// A control.
    Control,
    /// A component.
    SystemComponent,
    /// An inventory item.
    InventoryItem,
    /// An activity.
    Activity,
    /// Objectives and methods for a control.
    LocalObjective,
    /// A task.
    Task,
    /// One run of an assessment.
    AssessmentResult,
    /// An entry of an assessment log.
    AssessmentLogEntry,
    /// An observation.
    Observation,
    /// A subject of an observation.
    SubjectReference,
    /// A risk.
    Risk,
    /// A finding.
    Finding,
    /// An item of a POA&M.
    PoamItem,
}

impl Part {
    /// Every part.
    pub const ALL: &[Self] = &[
        Self::Catalog,
        Self::Profile,
        Self::MappingCollection,
        Self::ComponentDefinition,
        Self::SystemSecurityPlan,
        Self::AssessmentPlan,
        Self::AssessmentResults,
        Self::PlanOfActionAndMilestones,
        Self::Metadata,
        Self::Resource,
        Self::Control,
        Self::SystemComponent,
        Self::InventoryItem,
        Self::Activity,
        Self::LocalObjective,
        Self::Task,
        Self::AssessmentResult,
        Self::AssessmentLogEntry,
        Self::Observation,
        Self::SubjectReference,
        Self::Risk,
        Self::Finding,
        Self::PoamItem,
    ];

    /// The part that is a whole document with this root.
    pub fn of_root(root: &str) -> Option<Self> {
        let is_root = |part: &&Self| crate::document::ROOTS.contains(&part.key());
        Self::ALL.iter().filter(is_root).find(|part| part.key() == root).copied()
    }

    /// The field that holds the part, or the array of such parts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Profile => "profile",
            Self::MappingCollection => "mapping-collection",
            Self::ComponentDefinition => "component-definition",
            Self::SystemSecurityPlan => "system-security-plan",
            Self::AssessmentPlan => "assessment-plan",
            Self::AssessmentResults => "assessment-results",
            Self::PlanOfActionAndMilestones => "plan-of-action-and-milestones",
            Self::Metadata => "metadata",
            Self::Resource => "resources",
            Self::Control => "controls",
            Self::SystemComponent => "components",
            Self::InventoryItem => "inventory-items",
            Self::Activity => "activities",
            Self::LocalObjective => "objectives-and-methods",
            Self::Task => "tasks",
            Self::AssessmentResult => "results",
            Self::AssessmentLogEntry => "entries",
            Self::Observation => "observations",
            Self::SubjectReference => "subjects",
            Self::Risk => "risks",
            Self::Finding => "findings",
            Self::PoamItem => "poam-items",
        }
    }
}
