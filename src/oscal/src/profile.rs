//! Profile: a selection of controls out of catalogs and other profiles, and what it changes about them.

use crate::assembly::{assembly, closed_enum};
use crate::back_matter::BackMatter;
use crate::control::{IncludeAll, Parameter, ParameterConstraint, ParameterGuideline, ParameterSelection, Part, SelectControls};
use crate::datatype::{Markup, MarkupLine, Text, Token, Uri, UriReference, Uuid};
use crate::metadata::Metadata;
use crate::property::{Link, Property};

assembly! {
    /// A selection of controls and what it changes about them.
    pub struct Profile {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// Where the controls come from.
        imports+: Import,
        /// How the selections are put together.
        merge?: Merge,
        /// What is changed.
        modify?: Modify,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// A catalog or profile, and what is taken from it.
    pub struct Import {
        /// Where it is: a URI, a file beside this one, or `#uuid` of a back-matter resource.
        href: UriReference,
        /// All of it; or else `include_controls`.
        include_all?: IncludeAll,
        /// What is chosen; or else `include_all`.
        include_controls*: SelectControls,
        /// What is left out all the same; it always wins.
        exclude_controls*: SelectControls,
    }
}

assembly! {
    /// How selections are put together: at most one of `flat`, `as_is` and `custom`.
    pub struct Merge {
        /// What to do with a control that comes in twice.
        combine?: Combine,
        /// Without groups; the default.
        flat?: Flat,
        /// With the groups of the sources.
        as_is?: bool,
        /// With groups of its own.
        custom?: Custom,
    }
}

closed_enum! {
    /// What to do with a control that comes in twice.
    pub enum CombineMethod {
        /// The first one stays.
        UseFirst = "use-first",
        /// Deprecated by OSCAL.
        Merge = "merge",
        /// All of them stay; the default.
        Keep = "keep",
    }
}

assembly! {
    /// What to do with a control that comes in twice.
    pub struct Combine {
        /// The method. The specification has it, the schemas of 1.2 forgot it (usnistgov/OSCAL#2259).
        method?: CombineMethod,
    }
}

assembly! {
    /// Without groups.
    pub struct Flat {}
}

assembly! {
    /// Groups of the profile's own.
    pub struct Custom {
        /// The groups.
        groups*: CustomGroup,
        /// Controls of no group.
        insert_controls*: InsertControls,
    }
}

assembly! {
    /// A group of the profile's own.
    pub struct CustomGroup {
        /// Names the group in this document.
        id?: Token,
        /// A finer meaning.
        class?: Token,
        /// What a reader sees.
        title: MarkupLine,
        /// Parameters of the group.
        params*: Parameter,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Texts of the group.
        parts*: Part,
        /// The groups below; or else `insert_controls`.
        groups*: CustomGroup,
        /// The controls; or else `groups`.
        insert_controls*: InsertControls,
    }
}

closed_enum! {
    /// In which order controls are inserted.
    pub enum InsertOrder {
        /// As they came.
        Keep = "keep",
        /// By id, upwards.
        Ascending = "ascending",
        /// By id, downwards.
        Descending = "descending",
    }
}

assembly! {
    /// Which of the selected controls go into a group.
    pub struct InsertControls {
        /// In which order.
        order?: InsertOrder,
        /// All of them; or else `include_controls`.
        include_all?: IncludeAll,
        /// What is chosen; or else `include_all`.
        include_controls*: SelectControls,
        /// What is left out all the same.
        exclude_controls*: SelectControls,
    }
}

assembly! {
    /// What a profile changes.
    pub struct Modify {
        /// Parameters that are set.
        set_parameters*: SetParameter,
        /// Controls that are changed.
        alters*: Alter,
    }
}

assembly! {
    /// Sets a parameter.
    pub struct SetParameter {
        /// The parameter.
        param_id: Token,
        /// Replaces the class.
        class?: Token,
        /// Replaces the parameter that it rests on.
        depends_on?: Token,
        /// Adds facts, replacing those of the same name.
        props*: Property,
        /// Adds references.
        links*: Link,
        /// Replaces the label.
        label?: MarkupLine,
        /// Replaces the usage.
        usage?: Markup,
        /// Adds rules.
        constraints*: ParameterConstraint,
        /// Adds advice.
        guidelines*: ParameterGuideline,
        /// Replaces the values; or else `select`.
        values*: Text,
        /// Replaces the choices; or else `values`.
        select?: ParameterSelection,
    }
}

assembly! {
    /// Changes a control.
    pub struct Alter {
        /// The control.
        control_id: Token,
        /// What is taken away, first.
        removes*: Remove,
        /// What is added.
        adds*: Add,
    }
}

closed_enum! {
    /// A kind of object that can be taken away.
    pub enum RemovableItem {
        /// A parameter.
        Param = "param",
        /// A property.
        Prop = "prop",
        /// A link.
        Link = "link",
        /// A part.
        Part = "part",
        /// A mapping.
        Mapping = "mapping",
        /// A map of a mapping.
        Map = "map",
    }
}

assembly! {
    /// Takes away whatever fits all the criteria given.
    pub struct Remove {
        /// By its name.
        by_name?: Token,
        /// By its class.
        by_class?: Token,
        /// By its id.
        by_id?: Token,
        /// By what it is.
        by_item_name?: RemovableItem,
        /// By its namespace.
        by_ns?: Uri,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// Where something is added.
    pub enum Position {
        /// Before the object.
        Before = "before",
        /// After the object.
        After = "after",
        /// At the start of what is inside it.
        Starting = "starting",
        /// At the end of what is inside it; the default.
        Ending = "ending",
    }
}

assembly! {
    /// Adds to a control, or to an object inside it.
    pub struct Add {
        /// Where.
        position?: Position,
        /// The object inside; absent means the control.
        by_id?: Token,
        /// A new title.
        title?: MarkupLine,
        /// Parameters.
        params*: Parameter,
        /// Facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Texts.
        parts*: Part,
    }
}
