//! What is refused before the types are asked (nothing, emptiness, depth), and what the types' refusals mean to a person.

use super::position::end_of_string;

/// The deepest nesting that is read; parts within parts are the only thing in OSCAL that nests freely.
const DEEPEST: usize = 96;

/// A refusal and the offset where it shows.
pub(super) struct Refusal {
    pub(super) offset: usize,
    pub(super) what: String,
    pub(super) fix: String,
}

/// The first `null`, empty array, or level too deep. OSCAL writes none of these: what is absent is not there at all.
pub(super) fn first_refusal(bytes: &[u8]) -> Option<Refusal> {
    let refusal = |offset, what: &str, fix: &str| Some(Refusal { offset, what: what.to_owned(), fix: fix.to_owned() });
    let (mut at, mut depth) = (0, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' if depth == DEEPEST => return refusal(at, "the document nests too deeply", "flatten the parts"),
            b'[' if closes_at_once(&bytes[at + 1..]) => {
                return refusal(at, "empty array", "leave the field out: OSCAL has no empty arrays");
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'n' if bytes[at..].starts_with(b"null") => {
                return refusal(at, "`null`", "leave the field out: OSCAL has no null");
            }
            _ => {}
        }
        at += 1;
    }
    None
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
    if error.is_data() {
        return (what, "write a value that OSCAL allows here".to_owned());
    }
    (what, "see that the file is whole and is JSON".to_owned())
}
