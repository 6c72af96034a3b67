//! What a system is: its names, the information in it, what would follow from a failure, and where it ends.

use crate::assembly::{assembly, closed_enum};
use crate::component::SystemId;
use crate::datatype::{Date, Markup, MarkupLine, Text, Uri, Uuid};
use crate::metadata::ResponsibleParty;
use crate::property::{Link, Property};

assembly! {
    /// What a system is.
    pub struct SystemCharacteristics {
        /// Its identities.
        system_ids+: SystemId,
        /// Its name.
        system_name: Text,
        /// Its short name.
        system_name_short?: Text,
        /// What it does.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The day it was authorized.
        date_authorized?: Date,
        /// How sensitive it is, in a word.
        security_sensitivity_level?: Text,
        /// The information in it.
        system_information: SystemInformation,
        /// What would follow from a failure.
        security_impact_level?: SecurityImpactLevel,
        /// Whether it is in operation.
        status: SystemStatus,
        /// Where it ends.
        authorization_boundary: Depiction,
        /// Its network.
        network_architecture?: Depiction,
        /// How information flows.
        data_flow?: Depiction,
        /// Who is responsible.
        responsible_parties*: ResponsibleParty,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// The information in a system.
    pub struct SystemInformation {
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The types of information.
        information_types+: InformationType,
    }
}

assembly! {
    /// A type of information in a system.
    pub struct InformationType {
        /// Identifies the type.
        uuid?: Uuid,
        /// What a reader sees.
        title: MarkupLine,
        /// What it is.
        description: Markup,
        /// What it is in schemes of types.
        categorizations*: Categorization,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// What would follow if it came out.
        confidentiality_impact?: Impact,
        /// What would follow if it were changed.
        integrity_impact?: Impact,
        /// What would follow if it were not there.
        availability_impact?: Impact,
    }
}

assembly! {
    /// What a type of information is in a scheme of types.
    pub struct Categorization {
        /// The scheme.
        system: Uri,
        /// Its types.
        information_type_ids*: Text,
    }
}

assembly! {
    /// What would follow from a failure, as a scheme has it and as it was chosen.
    pub struct Impact {
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// As the scheme has it.
        base: Text,
        /// As it was chosen.
        selected?: Text,
        /// Why it was chosen otherwise.
        adjustment_justification?: Markup,
    }
}

assembly! {
    /// What would follow from a failure of the system.
    pub struct SecurityImpactLevel {
        /// If information came out.
        security_objective_confidentiality: Text,
        /// If information were changed.
        security_objective_integrity: Text,
        /// If information were not there.
        security_objective_availability: Text,
    }
}

closed_enum! {
    /// Whether a system is in operation.
    pub enum SystemState {
        /// In use.
        Operational = "operational",
        /// Being built.
        UnderDevelopment = "under-development",
        /// Being rebuilt.
        UnderMajorModification = "under-major-modification",
        /// No longer in use.
        Disposition = "disposition",
        /// Something else, told in the remarks.
        Other = "other",
    }
}

assembly! {
    /// Whether a system is in operation, and why.
    pub struct SystemStatus {
        /// The state.
        state: SystemState,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Something about a system in words and pictures: its boundary, its network, its flows.
    pub struct Depiction {
        /// In words.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// In pictures.
        diagrams*: Diagram,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A picture; a link with the relation `diagram` leads to it.
    pub struct Diagram {
        /// Identifies the picture.
        uuid: Uuid,
        /// What it shows.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// What stands below it.
        caption?: MarkupLine,
        /// Commentary.
        remarks?: Markup,
    }
}
