//! JSON bodies, and the JSON protocol (1.0 and 1.1) that is nothing else.

use serde_json::{Map, Value};

use super::time::{self, Format};
use super::{BadInput, Failure, Reply, Request, scalar};
use crate::model::{At, Operation, Service, Type};

/// One JSON document to `/`, with the operation in a header.
pub(super) fn request(
    service: &Service,
    operation: &Operation,
    shape: Option<At<'_>>,
    input: &Map<String, Value>,
) -> Result<Request, BadInput> {
    let metadata = &service.metadata;
    let version = metadata.json_version.as_deref().unwrap_or("1.0");
    let target = format!("{}.{}", metadata.target_prefix.as_deref().unwrap_or_default(), operation.name);
    let mut headers = vec![("Content-Type".to_owned(), format!("application/x-amz-json-{version}")), ("X-Amz-Target".to_owned(), target)];
    if metadata.aws_query_compatible.is_some() {
        headers.push(("x-amzn-query-mode".to_owned(), "true".to_owned()));
    }
    let body = match shape {
        Some(shape) => write(service, shape, &Value::Object(input.clone()))?,
        None => Value::Object(Map::new()),
    };
    let body = body.to_string().into_bytes();
    Ok(Request { method: operation.http.method.clone(), uri: "/".to_owned(), headers, body, host_prefix: None })
}

/// The JSON document that came back.
pub(super) fn response(service: &Service, output: Option<At<'_>>, reply: Reply<'_>) -> Result<Value, Failure> {
    let Some(output) = output else { return Ok(Value::Object(Map::new())) };
    let document = parse(reply.body).map_err(Failure::Malformed)?;
    let members = document.as_object().ok_or_else(|| Failure::Malformed("the body is not a JSON object".to_owned()))?;
    read_structure(service, output, members).map(Value::Object).map_err(Failure::Malformed)
}

/// The whole body as one JSON document.
pub(super) fn parse(body: &[u8]) -> Result<Value, String> {
    if body.is_empty() {
        return Err("the body is empty, a JSON document was expected".to_owned());
    }
    serde_json::from_slice(body).map_err(|why| format!("the body is not JSON: {why}"))
}

/// A value of a call's input as it goes over the wire.
pub(super) fn write(service: &Service, at: At<'_>, value: &Value) -> Result<Value, BadInput> {
    match (at.def.kind, value) {
        (Type::Structure, _) if at.def.document => Ok(value.clone()),
        (_, Value::Null) => Ok(Value::Null),
        (Type::Structure, Value::Object(members)) => {
            let mut written = Map::new();
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                let member = at.def.members.get(name).ok_or_else(|| BadInput(format!("`{}` has no member `{name}`", at.member.shape)))?;
                let member = service.at(member);
                written.insert(member.wire_name().unwrap_or(name).to_owned(), write(service, member, value)?);
            }
            Ok(Value::Object(written))
        }
        (Type::List, Value::Array(items)) => items.iter().map(|item| write(service, service.item(at), item)).collect(),
        (Type::Map, Value::Object(entries)) => {
            let of = service.entry(at).1;
            entries.iter().map(|(name, value)| Ok((name.clone(), write(service, of, value)?))).collect()
        }
        (Type::Structure | Type::List | Type::Map, _) => Err(BadInput(format!("`{value}` is not a `{}`", at.member.shape))),
        (Type::Timestamp, _) => {
            let time = time::from_input(value).ok_or_else(|| BadInput(format!("`{value}` is not a time")))?;
            Ok(time::to_wire(time, Format::of(at.timestamp_format(), Format::Unix)))
        }
        _ => Ok(value.clone()),
    }
}

/// A value of an answer; `null` members are as good as absent.
pub(super) fn read(service: &Service, at: At<'_>, value: &Value) -> Result<Value, String> {
    match (at.def.kind, value) {
        (Type::Structure, _) if at.def.document => Ok(value.clone()),
        (_, Value::Null) => Ok(Value::Null),
        (Type::Structure, Value::Object(wire)) => read_structure(service, at, wire).map(Value::Object),
        (Type::List, Value::Array(items)) => items.iter().map(|item| read(service, service.item(at), item)).collect(),
        (Type::Map, Value::Object(entries)) => {
            let of = service.entry(at).1;
            entries.iter().map(|(name, value)| Ok((name.clone(), read(service, of, value)?))).collect()
        }
        (Type::Structure | Type::List | Type::Map, _) => Err(format!("what should be a `{}` is something else", at.member.shape)),
        _ => scalar::from_json(at, value),
    }
}

/// The members of a structure that lie in the body.
pub(super) fn read_structure(service: &Service, at: At<'_>, wire: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut read_members = Map::new();
    for (name, member) in &at.def.members {
        let member = service.at(member);
        if member.beside_body() {
            continue;
        }
        if let Some(value) = wire.get(member.wire_name().unwrap_or(name)).filter(|value| !value.is_null()) {
            read_members.insert(name.clone(), read(service, member, value)?);
        }
    }
    Ok(read_members)
}
