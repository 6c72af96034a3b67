//! The words that the documents are made of: our namespace, stable identifiers, references, and properties for what OSCAL has no field for.

use std::sync::LazyLock;

use oscal::{Link, MarkupLine, Property, RareFields, Text, Token, Uri, UriReference, Uuid};

use crate::source::Mapping;

/// The namespace of our own properties.
pub(super) const NS: &str = "https://assize.dev/ns/oscal";

static NS_URI: LazyLock<Uri> = LazyLock::new(|| NS.parse().expect("an absolute URI"));

/// Below which all identifiers made here lie.
static NAMESPACE: LazyLock<uuid::Uuid> = LazyLock::new(|| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, b"https://assize.dev/ns/gemara"));

/// The identifier of what these words name together.
pub(super) fn lasting(words: &[&str]) -> Uuid {
    oscal::ident::stable_uuid(*NAMESPACE, &words.join("\n"))
}

pub(super) fn token(name: &str) -> Token {
    name.parse().expect("our own names are tokens")
}

pub(super) fn text(words: &str) -> Text {
    Text::fitted(words).expect("our own words are not empty")
}

pub(super) fn line(words: &str) -> MarkupLine {
    MarkupLine::fitted(words).expect("our own words are not empty")
}

/// A property of our namespace.
pub(super) fn own(name: &str, value: Text) -> Property {
    Property::of(NS_URI.clone(), token(name), value)
}

/// A property of our namespace with commentary.
pub(super) fn explained(name: &str, value: Text, remarks: Option<String>) -> Property {
    let rare = remarks.map(|remarks| Box::new(RareFields { remarks: Some(remarks.into()), ..RareFields::default() }));
    Property { rare, ..own(name, value) }
}

/// References as properties, without loss: those of one reference share a `group`, and the first of them names the entry.
pub(super) fn mapped<'a>(name: &str, mappings: impl IntoIterator<Item = &'a Mapping>) -> Vec<Property> {
    mappings.into_iter().enumerate().flat_map(|(index, mapping)| one_mapped(name, index + 1, mapping)).collect()
}

fn one_mapped(name: &str, number: usize, mapping: &Mapping) -> Vec<Property> {
    let facts = [
        ("", Some(&mapping.entry)),
        ("-source", Some(&mapping.source)),
        ("-relationship", mapping.relationship.as_ref()),
        ("-strength", mapping.strength.as_ref()),
        ("-id", mapping.id.as_ref()),
    ];
    let group = token(&format!("{name}-{number}"));
    let property = |(suffix, value): (&str, Option<&Text>)| {
        let remarks = mapping.remarks.as_ref().filter(|_| suffix.is_empty()).map(|remarks| remarks.clone().into());
        let rare = RareFields { uuid: None, group: Some(group.clone()), remarks };
        value.map(|value| Property { rare: Some(Box::new(rare)), ..own(&format!("{name}{suffix}"), value.clone()) })
    };
    facts.into_iter().filter_map(property).collect()
}

/// A file beside this document, or with `#` something inside one, as a reference: what a URI cannot hold is escaped.
pub(super) fn reference(place: &str) -> UriReference {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'#');
    let escaped = place.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    escaped.collect::<String>().parse().expect("nothing is left that a reference cannot hold")
}

/// A link with what most links have.
pub(super) fn link(href: UriReference, rel: &str, words: Option<MarkupLine>) -> Link {
    Link { rel: Some(token(rel)), text: words, ..Link::new(href) }
}

/// The name of the file of a catalog.
pub(super) fn catalog_file(id: &str) -> String {
    format!("{id}.catalog.json")
}
