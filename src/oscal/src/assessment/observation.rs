//! Observations: what was seen, by whom, when, on what, and how long it holds.

use crate::assembly::{assembly, closed_enum, open_enum};
use crate::assessment::{RelatedTask, SubjectReference};
use crate::datatype::{DateTime, Markup, MarkupLine, Token, UriReference, Uuid};
use crate::property::{Link, Property};

open_enum! {
    /// How something was observed.
    pub enum Method: Text {
        /// By looking at it.
        Examine = "EXAMINE",
        /// By asking people.
        Interview = "INTERVIEW",
        /// By exercising it and comparing with what was expected.
        Test = "TEST",
        /// Not told.
        Unknown = "UNKNOWN",
    }
}

open_enum! {
    /// What an observation is about.
    pub enum ObservationType: Token {
        /// A flaw in the system security plan.
        SspStatementIssue = "ssp-statement-issue",
        /// Whether a control's objective is met.
        ControlObjective = "control-objective",
        /// Something that makes a risk smaller.
        Mitigation = "mitigation",
        /// Deprecated by OSCAL in favour of `discovery`.
        Finding = "finding",
        /// Something found that was not looked for.
        Discovery = "discovery",
        /// Something of the past.
        Historic = "historic",
    }
}

assembly! {
    /// What was seen.
    pub struct Observation {
        /// Identifies the observation.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// What was seen.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// How it was seen.
        methods+: Method,
        /// What it is about.
        types*: ObservationType,
        /// Who saw it.
        origins*: Origin,
        /// What it was seen on.
        subjects*: SubjectReference,
        /// What proves it.
        relevant_evidence*: RelevantEvidence,
        /// When it was seen.
        collected: DateTime,
        /// Until when it holds.
        expires?: DateTime,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What proves an observation.
    pub struct RelevantEvidence {
        /// Where it is: a URI, or `#uuid` of a back-matter resource.
        href?: UriReference,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Who saw or found something, and in which tasks.
    pub struct Origin {
        /// Who.
        actors+: OriginActor,
        /// In which tasks.
        related_tasks*: RelatedTask,
    }
}

closed_enum! {
    /// What kind of actor it was.
    pub enum ActorType {
        /// A tool: a component.
        Tool = "tool",
        /// A platform that tools run on.
        AssessmentPlatform = "assessment-platform",
        /// A person or organisation.
        Party = "party",
    }
}

assembly! {
    /// Who saw or found something.
    pub struct OriginActor {
        /// What kind of actor.
        r#type: ActorType,
        /// Which one.
        actor_uuid: Uuid,
        /// In which role.
        role_id?: Token,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
    }
}
