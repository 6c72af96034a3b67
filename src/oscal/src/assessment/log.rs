//! Logs: who did what and when, in an assessment and about a risk; and how both point back to tasks.

use crate::assembly::assembly;
use crate::assessment::{AssessmentSubject, RiskStatus};
use crate::datatype::{DateTime, Markup, MarkupLine, Token, Uuid};
use crate::metadata::ResponsibleParty;
use crate::property::{Link, Property};

assembly! {
    /// What happened in an assessment.
    pub struct AssessmentLog {
        /// The entries.
        entries+: AssessmentLogEntry,
    }
}

assembly! {
    /// One thing that happened in an assessment.
    pub struct AssessmentLogEntry {
        /// Identifies the entry.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// What happened.
        description?: Markup,
        /// When it began.
        start: DateTime,
        /// When it ended.
        end?: DateTime,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who wrote the entry.
        logged_by*: LoggedBy,
        /// The tasks that it belongs to.
        related_tasks*: RelatedTask,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What happened about a risk.
    pub struct RiskLog {
        /// The entries.
        entries+: RiskLogEntry,
    }
}

assembly! {
    /// One thing that happened about a risk.
    pub struct RiskLogEntry {
        /// Identifies the entry.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// What happened.
        description?: Markup,
        /// When it began.
        start: DateTime,
        /// When it ended.
        end?: DateTime,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who wrote the entry.
        logged_by*: LoggedBy,
        /// The status of the risk from then on.
        status_change?: RiskStatus,
        /// The responses that it belongs to.
        related_responses*: RelatedResponse,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Who wrote an entry, in which role.
    pub struct LoggedBy {
        /// Who.
        party_uuid: Uuid,
        /// In which role.
        role_id?: Token,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A task that something belongs to.
    pub struct RelatedTask {
        /// The task.
        task_uuid: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who did it.
        responsible_parties*: ResponsibleParty,
        /// What was looked at.
        subjects*: AssessmentSubject,
        /// What a placeholder of the plan turned out to be.
        identified_subject?: IdentifiedSubject,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What a placeholder of the plan turned out to be.
    pub struct IdentifiedSubject {
        /// The placeholder.
        subject_placeholder_uuid: Uuid,
        /// The subjects.
        subjects+: AssessmentSubject,
    }
}

assembly! {
    /// A response to a risk that a log entry belongs to.
    pub struct RelatedResponse {
        /// The response.
        response_uuid: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The tasks that it belongs to.
        related_tasks*: RelatedTask,
        /// Commentary.
        remarks?: Markup,
    }
}
