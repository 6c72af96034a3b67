//! Mapping collection: which controls of one catalog stand in which relation to those of another (NIST IR 8477), since OSCAL 1.2.

use crate::assembly::{assembly, closed_enum, open_enum};
use crate::back_matter::BackMatter;
use crate::control::SelectControls;
use crate::datatype::{Markup, Text, Uri, UriReference, Uuid};
use crate::metadata::{Metadata, ResponsibleParty};
use crate::property::{Link, Property};

assembly! {
    /// Mappings, and how they came about.
    pub struct MappingCollection {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// How the mappings came about.
        provenance: MappingProvenance,
        /// The mappings.
        mappings+: Mapping,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

closed_enum! {
    /// Who or what maps.
    pub enum MappingMethod {
        /// People.
        Human = "human",
        /// A program.
        Automation = "automation",
        /// Both.
        Hybrid = "hybrid",
    }
}

closed_enum! {
    /// What is compared.
    pub enum MatchingRationale {
        /// The wording.
        Syntactic = "syntactic",
        /// The meaning.
        Semantic = "semantic",
        /// The effect.
        Functional = "functional",
    }
}

closed_enum! {
    /// How far a mapping is.
    pub enum MappingStatus {
        /// Done.
        Complete = "complete",
        /// Known to lack something.
        NotComplete = "not-complete",
        /// Not yet to be relied upon.
        Draft = "draft",
        /// No longer to be used.
        Deprecated = "deprecated",
        /// Another one has taken its place.
        Superseded = "superseded",
    }
}

assembly! {
    /// How mappings came about.
    pub struct MappingProvenance {
        /// Who or what maps.
        method: MappingMethod,
        /// What is compared.
        matching_rationale: MatchingRationale,
        /// How far they are.
        status: MappingStatus,
        /// How sure their author is.
        confidence_score?: ConfidenceScore,
        /// How much of the targets they reach.
        coverage?: Coverage,
        /// How they were made.
        mapping_description: Markup,
        /// Who is responsible.
        responsible_parties*: ResponsibleParty,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How sure an author is: a word or a number, not both.
    pub struct ConfidenceScore {
        /// The word.
        category?: Text,
        /// The number, from 0 to 1.
        percentage?: serde_json::Number,
    }
}

assembly! {
    /// How much of the targets is reached.
    pub struct Coverage {
        /// How that was found.
        generation_method?: Text,
        /// How much.
        target_coverage: serde_json::Number,
    }
}

assembly! {
    /// A mapping from one catalog or profile to another.
    pub struct Mapping {
        /// Identifies the mapping.
        uuid: Uuid,
        /// Who or what maps, where it is not the collection's.
        method?: MappingMethod,
        /// What is compared, where it is not the collection's.
        matching_rationale?: MatchingRationale,
        /// How far it is, where it is not the collection's.
        status?: MappingStatus,
        /// From where.
        source_resource: MappingResource,
        /// To where.
        target_resource: MappingResource,
        /// The relations.
        maps+: ControlMap,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
        /// How it was made.
        mapping_description?: Markup,
        /// What of the source is not mapped.
        source_gap_summary?: GapSummary,
        /// What of the target is not mapped.
        target_gap_summary?: GapSummary,
        /// How sure its author is.
        confidence_score?: ConfidenceScore,
        /// How much of the target it reaches.
        coverage?: Coverage,
    }
}

open_enum! {
    /// What a mapping leads from or to.
    pub enum MappingResourceType: Token {
        /// A catalog.
        Catalog = "catalog",
        /// A profile.
        Profile = "profile",
    }
}

assembly! {
    /// What a mapping leads from or to.
    pub struct MappingResource {
        /// Whose types these are.
        ns?: Uri,
        /// What it is.
        r#type: MappingResourceType,
        /// Where it is.
        href: UriReference,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

open_enum! {
    /// How sources and targets are related, as sets of what they demand.
    pub enum Relationship: Token {
        /// They demand the same, in other words.
        EquivalentTo = "equivalent-to",
        /// They are the same.
        EqualTo = "equal-to",
        /// The sources demand a part of what the targets do.
        SubsetOf = "subset-of",
        /// The sources demand what the targets do, and more.
        SupersetOf = "superset-of",
        /// They have something in common.
        IntersectsWith = "intersects-with",
        /// They have nothing in common.
        NoRelationship = "no-relationship",
    }
}

assembly! {
    /// One relation.
    pub struct ControlMap {
        /// Identifies the relation.
        uuid: Uuid,
        /// Whose relations these are.
        ns?: Uri,
        /// What is compared, where it is not the mapping's.
        matching_rationale?: MatchingRationale,
        /// The relation.
        relationship: Relationship,
        /// Of what.
        sources+: MappingItem,
        /// To what.
        targets+: MappingItem,
        /// Under which conditions.
        qualifiers*: MappingQualifier,
        /// How sure its author is.
        confidence_score?: ConfidenceScore,
        /// How much of the targets it reaches.
        coverage?: Coverage,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// What is mapped.
    pub enum MappingItemType {
        /// A control.
        Control = "control",
        /// A statement of a control.
        Statement = "statement",
    }
}

assembly! {
    /// A control or statement that is mapped.
    pub struct MappingItem {
        /// What it is.
        r#type: MappingItemType,
        /// Its id.
        id_ref: Text,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// Whom a condition is about.
    pub enum QualifierSubject {
        /// The sources.
        Source = "source",
        /// The targets.
        Target = "target",
        /// Both.
        Both = "both",
    }
}

closed_enum! {
    /// What a condition says.
    pub enum QualifierPredicate {
        /// Something is required.
        HasRequirement = "has-requirement",
        /// Something does not go together.
        HasIncompatibility = "has-incompatibility",
    }
}

closed_enum! {
    /// Whether something can be done about a condition.
    pub enum QualifierCategory {
        /// Within limits.
        Restricted = "restricted",
        /// Yes.
        Addressable = "addressable",
        /// No.
        Blocked = "blocked",
    }
}

assembly! {
    /// A condition of a relation.
    pub struct MappingQualifier {
        /// Whom it is about.
        subject: QualifierSubject,
        /// What it says.
        predicate: QualifierPredicate,
        /// Whether something can be done about it.
        category: QualifierCategory,
        /// The condition.
        description: Markup,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Controls that are not mapped.
    pub struct GapSummary {
        /// Identifies the summary.
        uuid: Uuid,
        /// The controls.
        unmapped_controls+: SelectControls,
    }
}
