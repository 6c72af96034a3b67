//! Risks: what may come of what was found, how grave it is, what is done about it, and until when.

use crate::assembly::{assembly, open_enum};
use crate::assessment::{Origin, RelatedObservation, RiskLog, SubjectReference, Task};
use crate::datatype::{DateTime, Markup, MarkupLine, Text, Token, Uri, UriReference, Uuid};
use crate::property::{Link, Property};

open_enum! {
    /// Where a risk stands.
    pub enum RiskStatus: Token {
        /// Nothing is done about it yet.
        Open = "open",
        /// It is being looked into.
        Investigating = "investigating",
        /// It is being put right.
        Remediating = "remediating",
        /// Somebody asked to live with it.
        DeviationRequested = "deviation-requested",
        /// Somebody who may do so agreed to live with it.
        DeviationApproved = "deviation-approved",
        /// It is gone.
        Closed = "closed",
    }
}

assembly! {
    /// What may come of what was found.
    pub struct Risk {
        /// Identifies the risk, over runs too.
        uuid: Uuid,
        /// What a reader sees.
        title: MarkupLine,
        /// What was found.
        description: Markup,
        /// What may come of it.
        statement: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Where it stands.
        status: RiskStatus,
        /// Who found it.
        origins*: Origin,
        /// The threats behind it.
        threat_ids*: ThreatId,
        /// How grave it is.
        characterizations*: Characterization,
        /// What makes it smaller.
        mitigating_factors*: MitigatingFactor,
        /// Until when it must be dealt with.
        deadline?: DateTime,
        /// What is recommended, planned or done about it.
        remediations*: Response,
        /// What happened about it.
        risk_log?: RiskLog,
        /// The observations that it rests on.
        related_observations*: RelatedObservation,
    }
}

assembly! {
    /// A threat under some scheme.
    pub struct ThreatId {
        /// The scheme.
        system: Uri,
        /// Where to read about it.
        href?: UriReference,
        /// The threat.
        id: Uri,
    }
}

assembly! {
    /// How grave a risk is, by somebody's measure.
    pub struct Characterization {
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who measured.
        origin: Origin,
        /// The measures.
        facets+: Facet,
    }
}

assembly! {
    /// One measure of a risk.
    pub struct Facet {
        /// What is measured, such as `severity`.
        name: Token,
        /// The system of measures.
        system: Uri,
        /// The measure.
        value: Text,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What makes a risk smaller.
    pub struct MitigatingFactor {
        /// Identifies the factor.
        uuid: Uuid,
        /// The implementation that it comes from.
        implementation_uuid?: Uuid,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// What it holds for.
        subjects*: SubjectReference,
    }
}

open_enum! {
    /// How far a response is.
    pub enum Lifecycle: Token {
        /// Somebody advises it.
        Recommendation = "recommendation",
        /// It is decided.
        Planned = "planned",
        /// It is done.
        Completed = "completed",
    }
}

assembly! {
    /// What is recommended, planned or done about a risk.
    pub struct Response {
        /// Identifies the response.
        uuid: Uuid,
        /// How far it is.
        lifecycle: Lifecycle,
        /// What a reader sees.
        title: MarkupLine,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who proposed it.
        origins*: Origin,
        /// What it takes.
        required_assets*: RequiredAsset,
        /// The tasks that it is made of.
        tasks*: Task,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What a response takes.
    pub struct RequiredAsset {
        /// Identifies the asset.
        uuid: Uuid,
        /// What it is about.
        subjects*: SubjectReference,
        /// What a reader sees.
        title?: MarkupLine,
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
