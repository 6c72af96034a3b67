//! What is refused whatever the types say (nothing, emptiness, depth), and what the types' refusals mean to a person.

use super::position::end_of_string;

/// The deepest nesting that is read; parts within parts are the only thing in OSCAL that nests freely.
const DEEPEST: usize = 96;

/// So many objects, lists or elements a document of this length may hold. NIST's and ours have one in sixty bytes; one in a few bytes
/// is made to cost a hundred times its length in memory.
pub(super) fn most_things(length: usize) -> usize {
    200_000 + length / 40
}

/// A refusal and the offset where it shows.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) offset: usize,
    pub(super) what: String,
    pub(super) fix: String,
}

/// Looks over bytes of JSON: an error where they nest too deeply or hold too much, else the first `null` or empty array. OSCAL writes neither of these:
/// what is absent is not there at all.
pub(super) fn first_hollow(bytes: &[u8]) -> Result<Option<Refusal>, Refusal> {
    let refusal = |offset, what: &str, fix: &str| Refusal { offset, what: what.to_owned(), fix: fix.to_owned() };
    let mut hollow = None;
    let (mut at, mut depth, mut left) = (0, 0usize, most_things(bytes.len()));
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' if depth == DEEPEST => return Err(refusal(at, "the document nests too deeply", "flatten the parts")),
            b'{' | b'[' if left == 0 => {
                return Err(refusal(at, "there are more objects than any real document of this size has", "split it"));
            }
            b'{' => {
                depth += 1;
                left -= 1;
            }
            b'[' => {
                depth += 1;
                left -= 1;
                if hollow.is_none() && closes_at_once(&bytes[at + 1..]) {
                    hollow = Some(refusal(at, "empty array", "leave the field out: OSCAL has no empty arrays"));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'n' if hollow.is_none() && bytes[at..].starts_with(b"null") => {
                hollow = Some(refusal(at, "`null`", "leave the field out: OSCAL has no null"));
            }
            _ => {}
        }
        at += 1;
    }
    Ok(hollow)
}

fn closes_at_once(rest: &[u8]) -> bool {
    rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b']')
}

/// The words of serde_json, put for an operator: what is wrong, and the fix.
pub(super) fn explain(error: &serde_json::Error) -> (String, String) {
    let said = error.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what).to_owned();
    if let Some((unknown, expected)) = what.split_once(", expected ").filter(|_| what.starts_with("unknown field")) {
        let fix = format!("OSCAL has {expected} here; a fact of your own goes into `props` with a namespace of yours");
        return (unknown.to_owned(), fix);
    }
    if let Some(field) = what.strip_prefix("missing field ") {
        return (format!("the field {field} is missing"), format!("add {field}, OSCAL requires it"));
    }
    if what.starts_with("unknown root ") {
        return (what, format!("have one root, out of `{}`", crate::document::ROOTS.join("`, `")));
    }
    if let Some(field) = what.strip_prefix("duplicate field ") {
        return (format!("{field} is there twice"), "keep one of them".to_owned());
    }
    if error.is_data() {
        return (what, "write a value that OSCAL allows here".to_owned());
    }
    (what, "see that the file is whole and is JSON".to_owned())
}
