//! The REST protocols: parts of the input in the path, the query string and headers, the rest in a JSON or XML body.

mod header;

use aws_smithy_types::base64;
use serde_json::{Map, Value};

use super::time::Format;
use super::{BadInput, Failure, Reply, Request, is_scalar, json, scalar, uri, xml};
use crate::model::{At, Operation, Protocol, Service, Type};

pub(super) use header::read_located;

/// The path with its labels filled, the query string, the headers and the body.
pub(super) fn request(
    service: &Service,
    operation: &Operation,
    shape: Option<At<'_>>,
    input: &Map<String, Value>,
) -> Result<Request, BadInput> {
    let mut request = Request { method: operation.http.method.clone(), uri: operation.http.request_uri.clone(), ..Request::default() };
    let Some(shape) = shape else { return Ok(request) };
    let input: Map<String, Value> = input.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
    let located = |name: &str| -> Vec<(At<'_>, &str, &Value)> {
        let members = input.iter().map(|(key, value)| (service.at(&shape.def.members[key]), key.as_str(), value));
        members
            .filter(|(at, ..)| at.location() == Some(name))
            .map(|(at, key, value)| (at, at.located_name().unwrap_or(key), value))
            .collect()
    };

    let mut labels = Map::new();
    for (at, name, value) in located("uri") {
        labels.insert(name.to_owned(), Value::String(scalar::to_text(at, value, Format::Iso8601)?));
    }
    request.uri = uri::fill(&request.uri, |name| labels.get(name).and_then(Value::as_str).map(str::to_owned))?;

    let mut pairs = Vec::new();
    let (maps, singles): (Vec<_>, Vec<_>) = located("querystring").into_iter().partition(|(at, ..)| at.def.kind == Type::Map);
    for (at, name, value) in singles {
        query(service, at, name, value, &mut pairs)?;
    }
    // A name of the model wins over the same name in a free map.
    let named: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
    for (at, name, value) in maps {
        let mut free = Vec::new();
        query(service, at, name, value, &mut free)?;
        pairs.extend(free.into_iter().filter(|(name, _)| !named.contains(name)));
    }
    if !pairs.is_empty() {
        request.uri.push(if request.uri.contains('?') { '&' } else { '?' });
        request.uri += &uri::join(&pairs);
    }

    for (at, name, value) in located("header") {
        if let Some(text) = header::write(service, at, value)? {
            request.headers.push((name.to_owned(), text));
        }
    }
    for (_, prefix, value) in located("headers") {
        for (name, value) in value.as_object().into_iter().flatten() {
            request.headers.push((format!("{prefix}{name}"), value.as_str().unwrap_or_default().to_owned()));
        }
    }
    write_body(service, shape, &input, &mut request)?;
    Ok(request)
}

fn query(service: &Service, at: At<'_>, name: &str, value: &Value, pairs: &mut Vec<(String, String)>) -> Result<(), BadInput> {
    match (at.def.kind, value) {
        (Type::List, Value::Array(items)) => items.iter().try_for_each(|item| query(service, service.item(at), name, item, pairs)),
        (Type::Map, Value::Object(entries)) => {
            entries.iter().try_for_each(|(name, value)| query(service, service.entry(at).1, name, value, pairs))
        }
        (_, Value::Null) => Ok(()),
        _ => {
            pairs.push((name.to_owned(), scalar::to_text(at, value, Format::Iso8601)?));
            Ok(())
        }
    }
}

fn write_body(service: &Service, shape: At<'_>, input: &Map<String, Value>, request: &mut Request) -> Result<(), BadInput> {
    let is_json = service.metadata.protocol == Protocol::RestJson;
    let content_type = if is_json { "application/json" } else { "application/xml" };
    let in_body = |name: &String| service.at(&shape.def.members[name]).location().is_none();
    let (at, root, value) = if let Some(name) = shape.payload() {
        let at = service.at(&shape.def.members[name]);
        match input.get(name) {
            Some(value) if is_scalar(at.def.kind) => return write_stream(at, value, request),
            None if is_scalar(at.def.kind) => return Ok(()),
            Some(value) => (at, payload_root(at, name), value.clone()),
            None => (at, name, Value::Null),
        }
    } else if shape.def.members.keys().any(in_body) {
        let members: Map<String, Value> = input.iter().filter(|(name, _)| in_body(name)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let nothing = members.is_empty() && !is_json;
        (shape, shape.root_name(), if nothing { Value::Null } else { Value::Object(members) })
    } else {
        return Ok(());
    };
    request.body = match value {
        Value::Null if is_json && !at.def.union => b"{}".to_vec(),
        Value::Null => Vec::new(),
        value if is_json => json::write(service, at, &value)?.to_string().into_bytes(),
        value => xml::write_document(service, at, root, &value)?.into_bytes(),
    };
    if !request.body.is_empty() && !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request.headers.push(("Content-Type".to_owned(), content_type.to_owned()));
    }
    Ok(())
}

/// A member's name that was chosen for it wins over the type's, and the type's over one that only repeats the member's.
fn payload_root<'a>(at: At<'a>, member: &str) -> &'a str {
    at.wire_name().filter(|name| *name != member).unwrap_or(at.root_name())
}

/// A payload of bytes or text is the body itself; bytes are base64 in documents.
fn write_stream(at: At<'_>, value: &Value, request: &mut Request) -> Result<(), BadInput> {
    let text = value.as_str().ok_or_else(|| BadInput(format!("`{value}` is not a `{}`", at.member.shape)))?;
    request.body = match at.def.kind {
        Type::Blob => base64::decode(text).map_err(|_| BadInput(format!("`{}` is not base64", at.member.shape)))?,
        _ => text.as_bytes().to_vec(),
    };
    Ok(())
}

/// The members in the headers, the status and the body.
pub(super) fn response(service: &Service, operation: &Operation, output: Option<At<'_>>, reply: Reply<'_>) -> Result<Value, Failure> {
    let Some(output) = output else { return Ok(Value::Object(Map::new())) };
    let mut members = Map::new();
    header::read_located(service, output, reply, &mut members).map_err(Failure::Malformed)?;
    if let Some(name) = output.payload() {
        let at = service.at(&output.def.members[name]);
        if let Some(value) = read_payload(service, operation, at, reply)? {
            members.insert(name.to_owned(), value);
        }
    } else if output.def.members.values().any(|member| !service.at(member).beside_body()) {
        members.extend(read_body(service, operation, output, reply)?);
    }
    Ok(Value::Object(members))
}

fn read_payload(service: &Service, operation: &Operation, at: At<'_>, reply: Reply<'_>) -> Result<Option<Value>, Failure> {
    // An empty body where the payload should be is not an empty payload.
    if reply.body.is_empty() {
        return Err(Failure::Malformed(format!("the body is empty, a `{}` was expected", at.member.shape)));
    }
    match at.def.kind {
        Type::Blob => Ok(Some(Value::String(base64::encode(reply.body)))),
        kind if is_scalar(kind) => match std::str::from_utf8(reply.body) {
            Ok(text) => Ok(Some(Value::String(text.to_owned()))),
            Err(_) => Err(Failure::Malformed("the body is not UTF-8".to_owned())),
        },
        _ if service.metadata.protocol == Protocol::RestJson => {
            let value = json::parse(reply.body).and_then(|value| json::read(service, at, &value)).map_err(Failure::Malformed)?;
            Ok(Some(value).filter(|value| !value.is_null()))
        }
        _ => {
            let root = read_root(operation, reply, &[at.wire_name().unwrap_or(&at.member.shape), at.root_name(), &at.member.shape])?;
            xml::read_value(service, at, &root).map_err(Failure::Malformed)
        }
    }
}

fn read_body(service: &Service, operation: &Operation, output: At<'_>, reply: Reply<'_>) -> Result<Map<String, Value>, Failure> {
    if service.metadata.protocol == Protocol::RestJson {
        let document = json::parse(reply.body).map_err(Failure::Malformed)?;
        let members = document.as_object().ok_or_else(|| Failure::Malformed("the body is not a JSON object".to_owned()))?;
        return json::read_structure(service, output, members).map_err(Failure::Malformed);
    }
    let root = read_root(operation, reply, operation.root.as_deref().as_slice())?;
    // S3 answers `GetBucketLocation` with the one member as the root itself, and with nothing in it for us-east-1.
    let only = output.def.members.iter().find(|(name, _)| operation.root.as_ref() == Some(name));
    if let Some((name, member)) = only.filter(|(_, member)| is_scalar(service.at(member).def.kind)) {
        let value = xml::read_value(service, service.at(member), &root).map_err(Failure::Malformed)?;
        return Ok(value.filter(|value| value != "").map(|value| (name.clone(), value)).into_iter().collect());
    }
    xml::read_structure(service, output, &root).map_err(Failure::Malformed)
}

/// The root, which must be the expected one where the model tells: a proxy's page is XML as well. Servers that are generated from
/// the same models as we may name it after the operation.
fn read_root(operation: &Operation, reply: Reply<'_>, expected: &[&str]) -> Result<xml::Element, Failure> {
    let root = xml::parse(reply.body).map_err(Failure::Malformed)?;
    if let Some(error) = super::failure::inside_success(&root, reply) {
        return Err(error);
    }
    let Some(usual) = expected.first() else { return Ok(root) };
    let generic = root.name.strip_prefix(operation.name.as_str()).is_some_and(|rest| ["Response", "Result", "Output"].contains(&rest));
    match generic || expected.iter().any(|name| xml::local(name) == root.name) {
        true => Ok(root),
        false => Err(Failure::Malformed(format!("the answer is `{}`, not `{usual}`", root.name))),
    }
}
