//! Parts of assessment documents: terms, methods, local objectives, attestations.

use crate::assembly::assembly;
use crate::control::Part;
use crate::datatype::{Markup, MarkupLine, Token, Uri, Uuid};
use crate::metadata::ResponsibleParty;
use crate::property::{Link, Property};

assembly! {
    /// A text of an assessment document.
    pub struct AssessmentPart {
        /// Identifies the part.
        uuid?: Uuid,
        /// Which part it is.
        name: Token,
        /// Whose name that is; absent means OSCAL's own.
        ns?: Uri,
        /// A finer meaning of the name.
        class?: Token,
        /// What a reader sees first.
        title?: MarkupLine,
        /// Further facts.
        props*: Property,
        /// The text.
        prose?: Markup,
        /// The parts of this part.
        parts*: AssessmentPart,
        /// References.
        links*: Link,
    }
}

assembly! {
    /// Objectives and methods for a control that its catalog does not give.
    pub struct LocalObjective {
        /// The control.
        control_id: Token,
        /// What is added, in words.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The objectives and methods.
        parts+: Part,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Terms under which an assessment is done.
    pub struct TermsAndConditions {
        /// The terms.
        parts*: AssessmentPart,
    }
}

assembly! {
    /// Statements that somebody vouches for.
    pub struct Attestation {
        /// Who vouches.
        responsible_parties*: ResponsibleParty,
        /// The statements.
        parts+: AssessmentPart,
    }
}
