//! Component definition: how a product, service or process can implement controls, said by whoever makes it.

use crate::assembly::assembly;
use crate::back_matter::BackMatter;
use crate::component::{ComponentType, Protocol};
use crate::datatype::{Markup, MarkupLine, Text, Token, UriReference, Uuid};
use crate::metadata::{Metadata, ResponsibleRole};
use crate::property::{Link, Property};

assembly! {
    /// Components and capabilities, and the controls that they can implement.
    pub struct ComponentDefinition {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// Other definitions that this one builds on.
        import_component_definitions*: ImportComponentDefinition,
        /// The components.
        components*: DefinedComponent,
        /// What several components can do together.
        capabilities*: Capability,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// Another component definition.
    pub struct ImportComponentDefinition {
        /// Where it is.
        href: UriReference,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A component that can be part of a system.
    pub struct DefinedComponent {
        /// Identifies the component.
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
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// How it is reached over a network.
        protocols*: Protocol,
        /// How it can implement controls.
        control_implementations*: ControlImplementation,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How the controls of one catalog or profile can be implemented.
    pub struct ControlImplementation {
        /// Identifies the set.
        uuid: Uuid,
        /// The catalog or profile.
        source: UriReference,
        /// How it is done.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Parameters that are set for all of them.
        set_parameters*: ParameterSetting,
        /// The controls.
        implemented_requirements+: ImplementableRequirement,
    }
}

assembly! {
    /// Sets a parameter of a control that is implemented.
    pub struct ParameterSetting {
        /// The parameter.
        param_id: Token,
        /// The value or values.
        values+: Text,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How one control can be implemented.
    pub struct ImplementableRequirement {
        /// Identifies the requirement.
        uuid: Uuid,
        /// The control.
        control_id: Token,
        /// How it is done.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Parameters that are set.
        set_parameters*: ParameterSetting,
        /// Who is responsible.
        responsible_roles*: ResponsibleRole,
        /// Statements of the control by themselves.
        statements*: ImplementableStatement,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How one statement of a control can be implemented.
    pub struct ImplementableStatement {
        /// The statement.
        statement_id: Token,
        /// Identifies this entry.
        uuid: Uuid,
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

assembly! {
    /// What several components can do together.
    pub struct Capability {
        /// Identifies the capability.
        uuid: Uuid,
        /// What it is called.
        name: Text,
        /// What it is.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The components that it is made of.
        incorporates_components*: IncorporatesComponent,
        /// How it can implement controls.
        control_implementations*: ControlImplementation,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A component of a capability.
    pub struct IncorporatesComponent {
        /// The component.
        component_uuid: Uuid,
        /// What it does there.
        description: Markup,
    }
}
