//! `Uri` and `UriReference`, checked by RFC 3986 and kept as written.

use super::text_type;

text_type!(
    /// An absolute URI, such as the namespace of a property.
    Uri,
    "an absolute URI",
    is_uri,
    { "type": "string", "format": "uri", "pattern": r"^[a-zA-Z][a-zA-Z0-9+\-.]+:.+$" }
);

text_type!(
    /// A URI or a reference relative to the document: a file beside it, or `#uuid` of a back-matter resource.
    UriReference,
    "a URI or a relative reference (blanks and other special characters are written as %20 and the like)",
    |text| fluent_uri::UriRef::parse(text).is_ok(),
    { "type": "string", "format": "uri-reference" }
);

fn is_uri(text: &str) -> bool {
    // The pattern of OSCAL wants a scheme of two characters or more and something after it; RFC 3986 alone does not.
    let long_enough = text.split_once(':').is_some_and(|(scheme, rest)| scheme.len() > 1 && !rest.is_empty());
    long_enough && fluent_uri::Uri::parse(text).is_ok()
}

impl UriReference {
    /// The part after `#` when the reference points into this same document.
    pub fn local_fragment(&self) -> Option<&str> {
        self.as_str().strip_prefix('#')
    }
}

impl From<super::Uuid> for UriReference {
    /// The reference to the back-matter resource with this uuid.
    fn from(resource: super::Uuid) -> Self {
        format!("#{resource}").parse().expect("`#` and a uuid are a relative reference")
    }
}

#[cfg(test)]
mod tests {
    use super::{Uri, UriReference};

    #[test]
    fn a_reference_with_a_blank_is_refused_and_a_fragment_is_local() {
        assert!("a b.json".parse::<UriReference>().is_err());
        let local: UriReference = "#bebd8280-0dd3-5e1b-b29b-22639e00a6d8".parse().expect("a fragment");
        assert_eq!(local.local_fragment(), Some("bebd8280-0dd3-5e1b-b29b-22639e00a6d8"));
    }

    #[test]
    fn a_namespace_must_be_absolute() {
        assert!("https://assize.dev/ns/oscal".parse::<Uri>().is_ok());
        for bad in ["ns/oscal", "a:b", "https:", ""] {
            assert!(bad.parse::<Uri>().is_err(), "{bad}");
        }
    }
}
