//! Metadata: title, versions, the roles and parties of a document, and who is responsible for what.

use crate::assembly::{assembly, closed_enum, open_enum};
use crate::datatype::{DateTime, Email, Markup, MarkupLine, Text, Token, Uri, Uuid};
use crate::property::{Link, Property};

assembly! {
    /// What a document says about itself.
    pub struct Metadata {
        /// The title of the document.
        title: MarkupLine,
        /// When it was made public.
        published?: DateTime,
        /// When its content last changed.
        last_modified: DateTime,
        /// Its version, in whatever scheme the author keeps.
        version: Text,
        /// The OSCAL version it is written in.
        oscal_version: Text,
        /// Earlier versions.
        revisions*: Revision,
        /// Identifiers that stay over revisions.
        document_ids*: DocumentId,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The functions that parties take.
        roles*: Role,
        /// Places.
        locations*: Location,
        /// Persons and organisations.
        parties*: Party,
        /// Who takes which role.
        responsible_parties*: ResponsibleParty,
        /// What was done with the document, such as its approval.
        actions*: Action,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// An earlier version of a document.
    pub struct Revision {
        /// Its title then.
        title?: MarkupLine,
        /// When it was made public.
        published?: DateTime,
        /// When its content last changed.
        last_modified?: DateTime,
        /// Its version.
        version: Text,
        /// The OSCAL version it was written in.
        oscal_version?: Text,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// An identifier of a document under some scheme.
    pub struct DocumentId {
        /// The scheme, such as `http://www.doi.org/`.
        scheme?: Uri,
        /// The identifier.
        identifier: Text,
    }
}

assembly! {
    /// A function that parties take.
    pub struct Role {
        /// Names the role in this document.
        id: Token,
        /// What a reader sees.
        title: MarkupLine,
        /// A short form of the title.
        short_name?: Text,
        /// What the role does.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A place.
    pub struct Location {
        /// Identifies the place.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// Its postal address.
        address?: Address,
        /// Its mail addresses.
        email_addresses*: Email,
        /// Its telephone numbers.
        telephone_numbers*: TelephoneNumber,
        /// Its web addresses.
        urls*: Uri,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A postal address.
    pub struct Address {
        /// Home, work or another use.
        r#type?: Token,
        /// Street and the like.
        addr_lines*: Text,
        /// City, town or region.
        city?: Text,
        /// State, province or the like.
        state?: Text,
        /// Postal code.
        postal_code?: Text,
        /// Country, as an ISO 3166-1 code.
        country?: Text,
    }
}

assembly! {
    /// A telephone number.
    pub struct TelephoneNumber {
        /// Home, office, mobile or another use.
        r#type?: Text,
        /// The number.
        number: Text,
    }
}

closed_enum! {
    /// What a party is.
    pub enum PartyType {
        /// A human being.
        Person = "person",
        /// A group of them.
        Organization = "organization",
    }
}

assembly! {
    /// A person or an organisation.
    pub struct Party {
        /// Identifies the party.
        uuid: Uuid,
        /// Person or organisation.
        r#type: PartyType,
        /// Its full name.
        name?: Text,
        /// A short form of the name.
        short_name?: Text,
        /// Identifiers under other schemes.
        external_ids*: ExternalId,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Its mail addresses.
        email_addresses*: Email,
        /// Its telephone numbers.
        telephone_numbers*: TelephoneNumber,
        /// Its postal addresses; or else `location_uuids`.
        addresses*: Address,
        /// Its places; or else `addresses`.
        location_uuids*: Uuid,
        /// The organisations it belongs to.
        member_of_organizations*: Uuid,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// An identifier of a party under some scheme.
    pub struct ExternalId {
        /// The scheme, such as `http://orcid.org/`.
        scheme: Uri,
        /// The identifier.
        id: Text,
    }
}

assembly! {
    /// The parties that take a role.
    pub struct ResponsibleParty {
        /// The role.
        role_id: Token,
        /// Who takes it.
        party_uuids+: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A role that is responsible, and perhaps who takes it.
    pub struct ResponsibleRole {
        /// The role.
        role_id: Token,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who takes it.
        party_uuids*: Uuid,
        /// Commentary.
        remarks?: Markup,
    }
}

open_enum! {
    /// What was done with a document.
    pub enum ActionType: Token {
        /// It was approved.
        Approval = "approval",
        /// It was asked to be changed.
        RequestChanges = "request-changes",
    }
}

assembly! {
    /// Something that was done with a document.
    pub struct Action {
        /// Identifies the action.
        uuid: Uuid,
        /// When it was done.
        date?: DateTime,
        /// What was done.
        r#type: ActionType,
        /// Whose types these are.
        system: Uri,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who did it.
        responsible_parties*: ResponsibleParty,
        /// Commentary.
        remarks?: Markup,
    }
}
