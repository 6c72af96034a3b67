//! Findings: whether an objective or statement of a control is met, by which observations, with which risks.

use crate::assembly::{assembly, closed_enum, open_enum};
use crate::assessment::Origin;
use crate::component::ImplementationStatus;
use crate::datatype::{Markup, MarkupLine, Token, Uuid};
use crate::property::{Link, Property};

assembly! {
    /// Whether an objective or statement of a control is met.
    pub struct Finding {
        /// Identifies the finding, over runs too.
        uuid: Uuid,
        /// What a reader sees.
        title: MarkupLine,
        /// What was found.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who found it.
        origins*: Origin,
        /// What it is about, and the answer.
        target: FindingTarget,
        /// The statement of the system security plan that it concerns.
        implementation_statement_uuid?: Uuid,
        /// The observations that it rests on.
        related_observations*: RelatedObservation,
        /// The risks that follow from it.
        related_risks*: RelatedRisk,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// What kind of thing a finding is about; OSCAL has no target that is a whole control.
    pub enum TargetType {
        /// A statement of a control.
        StatementId = "statement-id",
        /// An assessment objective of a control.
        ObjectiveId = "objective-id",
    }
}

assembly! {
    /// What a finding is about, and the answer.
    pub struct FindingTarget {
        /// Statement or objective.
        r#type: TargetType,
        /// Which one.
        target_id: Token,
        /// What a reader sees.
        title?: MarkupLine,
        /// What it is.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The answer.
        status: FindingStatus,
        /// How far the control is implemented.
        implementation_status?: ImplementationStatus,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// The two answers that OSCAL knows; what could not be seen is `NotSatisfied` with reason `Neither`.
    pub enum FindingState {
        /// It is met.
        Satisfied = "satisfied",
        /// It is not met, or nobody could see that it is.
        NotSatisfied = "not-satisfied",
    }
}

open_enum! {
    /// Why the answer is what it is.
    pub enum FindingReason: Token {
        /// It passed.
        Pass = "pass",
        /// It failed.
        Fail = "fail",
        /// Neither; the remarks say what.
        Neither = "other",
    }
}

assembly! {
    /// The answer and why.
    pub struct FindingStatus {
        /// The answer.
        state: FindingState,
        /// Why.
        reason?: FindingReason,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// An observation that something rests on.
    pub struct RelatedObservation {
        /// The observation.
        observation_uuid: Uuid,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A risk that something is tied to.
    pub struct RelatedRisk {
        /// The risk.
        risk_uuid: Uuid,
        /// Commentary.
        remarks?: Markup,
    }
}
