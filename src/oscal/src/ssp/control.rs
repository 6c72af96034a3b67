//! How a system implements its controls, component by component, and what it takes from and gives to other systems.

use crate::assembly::assembly;
use crate::component::ImplementationStatus;
use crate::component_definition::ParameterSetting;
use crate::datatype::{Markup, Token, Uuid};
use crate::metadata::ResponsibleRole;
use crate::property::{Link, Property};

assembly! {
    /// How a system implements its controls.
    pub struct SystemControlImplementation {
        /// How it is done on the whole.
        description: Markup,
        /// Parameters that are set for all controls.
        set_parameters*: ParameterSetting,
        /// The controls.
        implemented_requirements+: ImplementedRequirement,
    }
}

assembly! {
    /// How a system implements one control.
    pub struct ImplementedRequirement {
        /// Identifies the requirement.
        uuid: Uuid,
        /// The control.
        control_id: Token,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Parameters that are set.
        set_parameters*: ParameterSetting,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// Statements of the control by themselves.
        statements*: ImplementedStatement,
        /// What each component does for the whole control.
        by_components*: ByComponent,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How a system implements one statement of a control.
    pub struct ImplementedStatement {
        /// The statement.
        statement_id: Token,
        /// Identifies this entry.
        uuid: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// What each component does for it.
        by_components*: ByComponent,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What one component does for a control or statement.
    pub struct ByComponent {
        /// The component.
        component_uuid: Uuid,
        /// Identifies this entry.
        uuid: Uuid,
        /// What it does.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Parameters that are set.
        set_parameters*: ParameterSetting,
        /// How far it is implemented.
        implementation_status?: ImplementationStatus,
        /// What other systems may build on.
        export?: Export,
        /// What is taken from other systems.
        inherited*: Inherited,
        /// What other systems demand and this one does.
        satisfied*: Satisfied,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What other systems may build on, and what they must do themselves.
    pub struct Export {
        /// What it is.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// What they may build on.
        provided*: Provided,
        /// What they must do themselves.
        responsibilities*: Responsibility,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Something that other systems may build on.
    pub struct Provided {
        /// Identifies it.
        uuid: Uuid,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Something that other systems must do themselves.
    pub struct Responsibility {
        /// Identifies it.
        uuid: Uuid,
        /// What they may build on if they do.
        provided_uuid?: Uuid,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Something that is taken from another system.
    pub struct Inherited {
        /// Identifies it.
        uuid: Uuid,
        /// What the other system provides.
        provided_uuid?: Uuid,
        /// What is taken.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
    }
}

assembly! {
    /// Something that another system demands and this one does.
    pub struct Satisfied {
        /// Identifies it.
        uuid: Uuid,
        /// What the other system demands.
        responsibility_uuid?: Uuid,
        /// How it is done.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}
