//! System security plan: what a system is, what it is made of, and how it implements its controls.

mod characteristics;
mod control;

use crate::assembly::assembly;
use crate::back_matter::BackMatter;
use crate::component::{InventoryItem, SystemComponent, SystemUser};
use crate::datatype::{Date, Markup, MarkupLine, UriReference, Uuid};
use crate::metadata::Metadata;
use crate::property::{Link, Property};

pub use characteristics::*;
pub use control::*;

assembly! {
    /// What a system is, and how it implements the controls of its profile.
    pub struct SystemSecurityPlan {
        /// The `$schema` beside the root of the document, an aid to editors.
        #[serde(skip)]
        schema_directive?: UriReference,
        /// Identifies this version of the document.
        uuid: Uuid,
        /// What the document says about itself.
        metadata: Metadata,
        /// The profile that selects its controls.
        import_profile: ImportProfile,
        /// What the system is.
        system_characteristics: SystemCharacteristics,
        /// What it is made of.
        system_implementation: SystemImplementation,
        /// How it implements its controls.
        control_implementation: SystemControlImplementation,
        /// The resources referred to.
        back_matter?: BackMatter,
    }
}

assembly! {
    /// The profile of a system.
    pub struct ImportProfile {
        /// Where it is.
        href: UriReference,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// What a system is made of. OSCAL before 1.2 wants at least one user.
    pub struct SystemImplementation {
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Authorizations of other systems that it builds on.
        leveraged_authorizations*: LeveragedAuthorization,
        /// Who uses it.
        users*: SystemUser,
        /// Its components.
        components+: SystemComponent,
        /// Its inventory.
        inventory_items*: InventoryItem,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// The authorization of another system that this one builds on.
    pub struct LeveragedAuthorization {
        /// Identifies the authorization.
        uuid: Uuid,
        /// What a reader sees.
        title: MarkupLine,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who manages the other system.
        party_uuid: Uuid,
        /// The day it was given.
        date_authorized: Date,
        /// Commentary.
        remarks?: Markup,
    }
}
