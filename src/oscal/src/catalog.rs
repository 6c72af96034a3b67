//! Catalog: controls, in groups.

use crate::assembly::assembly;
use crate::back_matter::BackMatter;
use crate::control::{Parameter, Part};
use crate::datatype::{MarkupLine, Token, UriReference, Uuid};
use crate::metadata::Metadata;
use crate::property::{Link, Property};

assembly! {
    /// A collection of controls.
    pub struct Catalog {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// Parameters of no control in particular.
        params*: Parameter,
        /// Controls of no group.
        controls*: Control,
        /// Groups of controls.
        groups*: Group,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// A group of controls, or of groups.
    pub struct Group {
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
        /// The groups below; or else `controls`.
        groups*: Group,
        /// The controls; or else `groups`.
        controls*: Control,
    }
}

assembly! {
    /// A control.
    pub struct Control {
        /// Names the control in this document.
        id: Token,
        /// A finer meaning.
        class?: Token,
        /// What a reader sees.
        title: MarkupLine,
        /// Its parameters.
        params*: Parameter,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Its texts.
        parts*: Part,
        /// The controls below, such as enhancements.
        controls*: Control,
    }
}
