//! Back matter: the resources that a document refers to by `#uuid`.

use crate::assembly::assembly;
use crate::datatype::{Base64, Markup, MarkupLine, Text, Token, UriReference, Uuid};
use crate::metadata::DocumentId;
use crate::property::{Link, Property};

assembly! {
    /// The resources of a document.
    pub struct BackMatter {
        /// The resources.
        resources*: Resource,
    }
}

assembly! {
    /// Something that a document refers to: a file elsewhere, a citation, or bytes carried along.
    pub struct Resource {
        /// Identifies the resource; `#uuid` refers to it.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// What it is.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// Its identifiers under other schemes.
        document_ids*: DocumentId,
        /// How to cite it.
        citation?: Citation,
        /// Where it can be read.
        rlinks*: ResourceLink,
        /// The resource itself.
        base64?: Attachment,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How to cite a resource.
    pub struct Citation {
        /// The citation.
        text: MarkupLine,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
    }
}

assembly! {
    /// A place where a resource can be read, and how to know that it is the right one.
    pub struct ResourceLink {
        /// The place.
        href: UriReference,
        /// Its media type.
        media_type?: Text,
        /// Its hashes.
        hashes*: Hash,
    }
}

assembly! {
    /// A hash over the bytes of a resource.
    pub struct Hash {
        /// The algorithm, such as `SHA-256`.
        algorithm: Text,
        /// The hash in hexadecimal digits.
        value: Text,
    }
}

assembly! {
    /// A resource carried inside the document.
    pub struct Attachment {
        /// Its file name.
        filename?: Token,
        /// Its media type.
        media_type?: Text,
        /// Its bytes.
        value: Base64,
    }
}
