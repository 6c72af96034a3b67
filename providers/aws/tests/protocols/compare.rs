//! What equality means for the suites: documents by content, not by white space or order of members.

use aws_smithy_types::base64;
use provider_aws::model::{At, Protocol, Service, Type};
use provider_aws::protocol::Request;
use serde_json::{Map, Value};

/// The suites write bytes as text and times as seconds; documents of ours have base64 and RFC 3339.
pub fn input(service: &Service, at: At<'_>, value: &Value) -> Value {
    walk(service, at, value)
}

/// The same for what an answer is expected to be.
pub fn output(service: &Service, at: At<'_>, value: &Value) -> Value {
    walk(service, at, value)
}

fn walk(service: &Service, at: At<'_>, value: &Value) -> Value {
    match (at.def.kind, value) {
        (Type::Structure, Value::Object(members)) if !at.def.document => {
            let of = |name: &String, value: &Value| at.def.members.get(name).map_or(value.clone(), |m| walk(service, service.at(m), value));
            Value::Object(members.iter().map(|(name, value)| (name.clone(), of(name, value))).collect())
        }
        (Type::List, Value::Array(items)) => items.iter().map(|item| walk(service, service.item(at), item)).collect(),
        (Type::Map, Value::Object(entries)) => {
            Value::Object(entries.iter().map(|(name, value)| (name.clone(), walk(service, service.entry(at).1, value))).collect())
        }
        (Type::Blob, Value::String(text)) => Value::String(base64::encode(text)),
        (Type::Timestamp, Value::Number(seconds)) => {
            let millis = (seconds.as_f64().expect("seconds") * 1000.0).round() as i64;
            Value::String(jiff::Timestamp::from_millisecond(millis).expect("in range").to_string())
        }
        _ => value.clone(),
    }
}

pub fn equal(what: &str, actual: &str, expected: &str) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{what} is\n  {actual}\nnot\n  {expected}")) }
}

pub fn values(actual: &Value, expected: &Value) -> Result<(), String> {
    let (actual, expected) = (numbers(actual), numbers(expected));
    if actual == expected { Ok(()) } else { Err(format!("the answer is\n  {actual}\nnot\n  {expected}")) }
}

/// `1` and `1.0` are the same number.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(value.clone(), Value::from),
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), numbers(value))).collect()),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

/// Query strings are compared as sets: their order carries no meaning.
pub fn uris(actual: &str, expected: &str) -> Result<(), String> {
    let parts = |uri: &str| {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        (path.to_owned(), sorted_pairs(query))
    };
    if parts(actual) == parts(expected) { Ok(()) } else { equal("uri", actual, expected) }
}

pub fn headers(request: &Request, expected: &Value) -> Result<(), String> {
    let actual = |name: &str| request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        // A payload's own content type is left to whoever streams one; calls in use never do.
        let of_stream =
            name.eq_ignore_ascii_case("content-type") && !value.contains("json") && !value.contains("xml") && !value.contains("form");
        // Whether a list has a space after the comma, and a form its character set, is left to the SDK.
        let usual = |text: &str| text.replace(", ", ",").replace("; charset=utf-8", "");
        let seen = actual(name).map(|seen| usual(seen));
        if !of_stream && seen != Some(usual(value)) {
            return Err(format!("header `{name}` is {seen:?}, not `{value}`"));
        }
    }
    for name in expected["forbidHeaders"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if actual(name).is_some() {
            return Err(format!("header `{name}` must not be sent"));
        }
    }
    Ok(())
}

pub fn bodies(protocol: Protocol, actual: &[u8], expected: &str) -> Result<(), String> {
    let text = String::from_utf8(actual.to_vec()).map_err(|_| "the body is not UTF-8".to_owned())?;
    let same = match protocol {
        Protocol::Query | Protocol::Ec2 => sorted_pairs(&text) == sorted_pairs(expected),
        Protocol::Json | Protocol::RestJson => match (serde_json::from_str::<Value>(&text), serde_json::from_str::<Value>(expected)) {
            (Ok(actual), Ok(expected)) => numbers(&actual) == numbers(&expected),
            _ => text == expected,
        },
        Protocol::RestXml => match (tree(&text), tree(expected)) {
            (Some(actual), Some(expected)) => actual == expected,
            _ => text == expected,
        },
    };
    if same { Ok(()) } else { equal("body", &text, expected) }
}

fn sorted_pairs(text: &str) -> Vec<String> {
    let mut pairs: Vec<String> =
        text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.trim_end_matches('=').to_owned()).collect();
    pairs.sort();
    pairs
}

/// A document as nested JSON: name, attributes, text without surrounding space, children sorted by name.
fn tree(text: &str) -> Option<Value> {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_str(text);
    let mut open: Vec<(Map<String, Value>, Vec<Value>, String)> = vec![(Map::new(), Vec::new(), String::new())];
    let start = |start: &quick_xml::events::BytesStart<'_>| {
        let mut attributes: Vec<String> = start.attributes().flatten().map(|a| format!("{}={}", a.key.as_ref(), &*a.value)).collect();
        attributes.sort();
        let name = start.name().as_ref().to_owned();
        let head = Map::from_iter([("name".to_owned(), name.into()), ("attributes".to_owned(), attributes.into())]);
        (head, Vec::new(), String::new())
    };
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => open.push(start(&tag)),
            Event::Empty(tag) => {
                open.push(start(&tag));
                close(&mut open);
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => open.last_mut()?.2.push_str(&text),
            Event::GeneralRef(name) => open.last_mut()?.2.push_str(&format!("&{};", &*name)),
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop()?.1.pop()
}

fn close(open: &mut Vec<(Map<String, Value>, Vec<Value>, String)>) {
    let Some((mut head, mut children, text)) = open.pop() else { return };
    // Stable, so that the order of a list is kept; the entries of a map, two elements each, have no order.
    let is_entry = |child: &Value| child["children"].as_array().is_some_and(|inside| inside.len() == 2);
    children.sort_by_key(|child| (child["name"].to_string(), is_entry(child).then(|| child["children"].to_string())));
    head.insert("text".to_owned(), text.trim().into());
    head.insert("children".to_owned(), children.into());
    if let Some(parent) = open.last_mut() {
        parent.1.push(Value::Object(head));
    }
}
