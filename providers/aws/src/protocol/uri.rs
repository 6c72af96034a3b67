//! Percent-encoding, and paths with labels in braces.

use std::fmt::Write;

use super::BadInput;

/// Percent-encodes everything but letters, digits, `-._~` and the bytes of `also`.
pub fn encode(text: &str, also: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.as_bytes().contains(&byte) {
            encoded.push(byte as char);
        } else {
            write!(encoded, "%{byte:02X}").expect("a string takes what is written");
        }
    }
    encoded
}

/// `name=value` pairs joined by `&`.
pub(super) fn join(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("{}={}", encode(name, ""), encode(value, ""))).collect::<Vec<_>>().join("&")
}

/// Fills `/{Bucket}/{Key+}`; a label with `+` keeps its slashes.
pub(super) fn fill(template: &str, value_of: impl Fn(&str) -> Option<String>) -> Result<String, BadInput> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (label, after) = after.split_once('}').ok_or_else(|| BadInput(format!("the path `{template}` is broken")))?;
        let name = label.trim_end_matches('+');
        let value = value_of(name).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| BadInput(format!("`{name}` is part of the path and must be given")))?;
        filled += before;
        filled += &encode(&value, if label.ends_with('+') { "/" } else { "" });
        rest = after;
    }
    Ok(filled + rest)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_plain_label_cannot_leave_its_segment() {
        let value = |_: &str| Some("a/../b c".to_owned());
        assert_eq!(fill("/{Bucket}?acl", value).unwrap(), "/a%2F..%2Fb%20c?acl");
        assert_eq!(fill("/{Bucket}/{Key+}", value).unwrap(), "/a%2F..%2Fb%20c/a/../b%20c");
    }

    #[test]
    fn a_missing_label_is_not_an_empty_one() {
        assert!(fill("/{Bucket}", |_| None).is_err());
    }
}
