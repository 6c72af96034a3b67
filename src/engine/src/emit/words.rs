//! Names, namespaces and identifiers of what is emitted, in one place so that they cannot drift apart.

use jiff::Timestamp;
use oscal::{ActorType, Markup, MarkupLine, Origin, OriginActor, Property, RelatedTask, Text, Token, Uri, Uuid};
use sha2::{Digest, Sha256};

/// The namespace of our properties.
pub const NS: &str = "https://assize.dev/ns/oscal";

/// The namespace of FedRAMP's properties.
pub const FEDRAMP_NS: &str = "https://fedramp.gov/ns/oscal";

/// The OSCAL version that documents name; they are valid under 1.1.2 as well.
pub(crate) const OSCAL_VERSION: &str = "1.2.3";

/// The id of something that persists over runs.
pub(crate) fn lasting(kind: &str, name: &str) -> Uuid {
    oscal::ident::stable_uuid(uuid::Uuid::NAMESPACE_URL, &format!("https://assize.dev/id/{kind}/{name}"))
}

/// The id of something that belongs to one run.
pub(crate) fn of_run(run: uuid::Uuid, what: &str) -> Uuid {
    oscal::ident::stable_uuid(run, what)
}

/// One of our properties.
pub(crate) fn prop(name: &str, value: &str) -> Property {
    let ns: Uri = NS.parse().expect("our namespace is a URI");
    Property::of(ns, token(name), text(value))
}

/// One of FedRAMP's properties.
pub(crate) fn fedramp(name: &str, value: &str) -> Property {
    let ns: Uri = FEDRAMP_NS.parse().expect("FedRAMP's namespace is a URI");
    Property::of(ns, token(name), text(value))
}

/// One of our properties, with a class that tells more exactly what it is about.
pub(crate) fn classed(name: &str, class: &str, value: &str) -> Property {
    Property { class: Some(token(class)), ..prop(name, value) }
}

/// One of OSCAL's own properties.
pub(crate) fn own(name: &str, value: &str) -> Property {
    Property::new(token(name), text(value))
}

/// The text as a property's value. What has nothing to show is shown as `-`, because a value cannot be empty.
pub(crate) fn text(value: &str) -> Text {
    Text::fitted(value).unwrap_or_else(|| "-".parse().expect("a dash is text"))
}

/// The text on one line.
pub(crate) fn line(value: &str) -> MarkupLine {
    MarkupLine::fitted(value).unwrap_or_else(|| "-".parse().expect("a dash is a line"))
}

/// The text as prose, as it is.
pub(crate) fn prose(value: &str) -> Markup {
    value.into()
}

/// The text as a token; characters that no token may have become `_`.
pub(crate) fn token(value: &str) -> Token {
    if let Ok(token) = value.parse() {
        return token;
    }
    let legal = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let replaced: String = value.chars().map(legal).collect();
    let first = replaced.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let named = if first { replaced } else { format!("_{replaced}") };
    named.parse().expect("only legal characters are left")
}

/// The tool that observes and finds.
pub(crate) fn tool() -> Uuid {
    lasting("tool", "assize")
}

/// The account as a component.
pub(crate) fn account_component((provider, account): (&str, &str)) -> Uuid {
    lasting("scope", &format!("{provider}/{account}"))
}

/// The task of an account.
pub(crate) fn account_task((provider, account): (&str, &str)) -> Uuid {
    lasting("task", &format!("{provider}/{account}"))
}

/// The tool as an origin, for a task where there is one.
pub(crate) fn origin(task: Option<Uuid>) -> Origin {
    let actor = OriginActor::new(ActorType::Tool, tool());
    Origin { related_tasks: task.into_iter().map(RelatedTask::new).collect(), ..Origin::new(vec![actor]) }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("text takes everything");
        text
    })
}

/// The instant to the second, which is as exact as an assessment is.
pub(crate) fn whole(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).expect("it was in range")
}
