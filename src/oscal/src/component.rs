//! What is assessed: components, inventory items, users, and the identity of a system.

use crate::assembly::{assembly, closed_enum, open_enum};
use crate::datatype::{Markup, MarkupLine, Text, Token, Uri, Uuid};
use crate::metadata::{ResponsibleParty, ResponsibleRole};
use crate::property::{Link, Property};

open_enum! {
    /// What kind of thing a component is.
    pub enum ComponentType: Text {
        /// The system as a whole.
        ThisSystem = "this-system",
        /// Another system.
        System = "system",
        /// A connection to something outside.
        Interconnection = "interconnection",
        /// Software.
        Software = "software",
        /// Hardware.
        Hardware = "hardware",
        /// A service, such as a cloud account.
        Service = "service",
        /// A policy.
        Policy = "policy",
        /// A physical thing.
        Physical = "physical",
        /// A process or procedure.
        ProcessProcedure = "process-procedure",
        /// A plan.
        Plan = "plan",
        /// Guidance.
        Guidance = "guidance",
        /// A standard.
        Standard = "standard",
        /// An external assessment of another component.
        Validation = "validation",
        /// A region of a cloud (since OSCAL 1.2.3).
        Region = "region",
        /// A zone of a region (since OSCAL 1.2.3).
        Zone = "zone",
        /// An account, subscription, project or the like (since OSCAL 1.2.3).
        ResourceContainer = "resource-container",
        /// A network (since OSCAL 1.2.3).
        Network = "network",
    }
}

assembly! {
    /// A component of a system.
    pub struct SystemComponent {
        /// Identifies the component, over runs too.
        uuid: Uuid,
        /// What kind of thing it is.
        r#type: ComponentType,
        /// What a reader sees.
        title: MarkupLine,
        /// What it is.
        description: Markup,
        /// What it is for.
        purpose?: MarkupLine,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Whether it is in operation.
        status: ComponentStatus,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// What it speaks.
        protocols*: Protocol,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// Whether a component is in operation.
    pub enum ComponentState {
        /// Being built.
        UnderDevelopment = "under-development",
        /// In use.
        Operational = "operational",
        /// No longer in use.
        Disposition = "disposition",
        /// Something else, told in the remarks.
        Other = "other",
    }
}

assembly! {
    /// Whether a component is in operation, and why.
    pub struct ComponentStatus {
        /// The state.
        state: ComponentState,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What a component speaks.
    pub struct Protocol {
        /// Identifies the protocol.
        uuid?: Uuid,
        /// Its name.
        name?: Text,
        /// What a reader sees.
        title?: MarkupLine,
        /// Its ports.
        port_ranges*: PortRange,
    }
}

closed_enum! {
    /// The transport of a port.
    pub enum Transport {
        /// TCP.
        Tcp = "TCP",
        /// UDP.
        Udp = "UDP",
    }
}

assembly! {
    /// A range of ports.
    pub struct PortRange {
        /// The first port.
        start?: u64,
        /// The last port.
        end?: u64,
        /// TCP or UDP.
        transport?: Transport,
        /// Commentary.
        remarks?: Markup,
    }
}

open_enum! {
    /// How far a control is implemented.
    pub enum ImplementationState: Token {
        /// Fully.
        Implemented = "implemented",
        /// In part.
        Partial = "partial",
        /// Not yet.
        Planned = "planned",
        /// Otherwise than the control says.
        Alternative = "alternative",
        /// It does not apply.
        NotApplicable = "not-applicable",
    }
}

assembly! {
    /// How far a control is implemented, and why.
    pub struct ImplementationStatus {
        /// The state.
        state: ImplementationState,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A kind of user of a system.
    pub struct SystemUser {
        /// Identifies the user.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// A short form of the title.
        short_name?: Text,
        /// Who it is.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The roles it takes.
        role_ids*: Token,
        /// What it may do.
        authorized_privileges*: AuthorizedPrivilege,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Something that a user may do.
    pub struct AuthorizedPrivilege {
        /// What a reader sees.
        title: MarkupLine,
        /// What it is.
        description?: Markup,
        /// The functions that it allows.
        functions_performed+: Text,
    }
}

assembly! {
    /// One thing in the inventory; its identifier at the provider is the property `asset-id`.
    pub struct InventoryItem {
        /// Identifies the item, over runs too.
        uuid: Uuid,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_parties*: ResponsibleParty,
        /// The components that it is an instance of.
        implemented_components*: ImplementedComponent,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// The component that an inventory item is an instance of.
    pub struct ImplementedComponent {
        /// The component.
        component_uuid: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_parties*: ResponsibleParty,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// The identity of a system under some scheme.
    pub struct SystemId {
        /// The scheme.
        identifier_type?: Uri,
        /// The identifier.
        id: Text,
    }
}
