//! What goes over the wire: a request out of a call's input, and the vendor's own JSON out of an answer.
//!
//! Plain functions for the vendor's five protocols, driven by `model`. Connections, signatures and retries are the caller's.
//! An answer that is cut short, not well formed, or not the one asked for is an error, never an empty success.

mod failure;
mod form;
mod json;
mod rest;
mod scalar;
mod time;
mod uri;
mod xml;

use serde_json::{Map, Value};

use crate::model::{At, Operation, Protocol, Service, Type};

pub use failure::{Failure, ServiceError};
pub use uri::encode;

/// A request before it has an address and a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// The path and query string.
    pub uri: String,
    /// Headers that are not part of connecting or signing.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// What stands before the service's host name.
    pub host_prefix: Option<String>,
}

/// An answer as it came.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a [(String, String)],
    /// The whole body.
    pub body: &'a [u8],
}

impl<'a> Reply<'a> {
    /// A header by its name in any case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An input that the operation does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the input does not fit the operation: {0}")]
pub struct BadInput(pub String);

/// The request that asks for `operation` with `input`, an object with the model's member names.
pub fn build_request(service: &Service, operation: &Operation, input: &Value) -> Result<Request, BadInput> {
    let empty = Map::new();
    let input = match input {
        Value::Null => &empty,
        Value::Object(members) => members,
        other => return Err(BadInput(format!("`{}` takes an object, not `{other}`", operation.name))),
    };
    let shape = operation.input.as_ref().map(|member| service.at(member));
    refuse_unknown(&operation.name, shape, input)?;
    let mut request = match service.metadata.protocol {
        Protocol::Query | Protocol::Ec2 => form::request(service, operation, shape, input)?,
        Protocol::Json => json::request(service, operation, shape, input)?,
        Protocol::RestJson | Protocol::RestXml => rest::request(service, operation, shape, input)?,
    };
    request.host_prefix = host_prefix(operation, shape, input)?;
    Ok(request)
}

/// What the service answered, in the vendor's own JSON, or why there is no answer.
pub fn parse_response(service: &Service, operation: &Operation, reply: Reply<'_>) -> Result<Value, Failure> {
    refuse_cut_short(operation, reply)?;
    if !(200..300).contains(&reply.status) {
        return Err(failure::read(service, operation, reply));
    }
    let output = operation.output.as_ref().map(|member| service.at(member));
    match service.metadata.protocol {
        Protocol::Query | Protocol::Ec2 => form::response(service, operation, output, reply),
        Protocol::Json => json::response(service, output, reply),
        Protocol::RestJson | Protocol::RestXml => rest::response(service, operation, output, reply),
    }
}

/// A body shorter than announced may still be well formed, a JSON document or a list that ends early among them.
fn refuse_cut_short(operation: &Operation, reply: Reply<'_>) -> Result<(), Failure> {
    let announced = reply.header("content-length").and_then(|length| length.parse::<usize>().ok());
    match announced {
        Some(length) if operation.http.method != "HEAD" && length != reply.body.len() => {
            Err(Failure::Malformed(format!("the body has {} bytes, {length} were announced", reply.body.len())))
        }
        _ => Ok(()),
    }
}

/// Misspelt members would silently widen a question, so they are refused.
fn refuse_unknown(operation: &str, shape: Option<At<'_>>, input: &Map<String, Value>) -> Result<(), BadInput> {
    let known = |name: &String| shape.is_some_and(|at| at.def.members.contains_key(name));
    match input.keys().find(|name| !known(name)) {
        Some(name) => Err(BadInput(format!("`{operation}` does not take `{name}`"))),
        None => Ok(()),
    }
}

fn host_prefix(operation: &Operation, shape: Option<At<'_>>, input: &Map<String, Value>) -> Result<Option<String>, BadInput> {
    let Some(endpoint) = &operation.endpoint else { return Ok(None) };
    let mut prefix = endpoint.host_prefix.clone();
    let labels = shape.into_iter().flat_map(|at| &at.def.members).filter(|(_, member)| member.host_label);
    for (name, _) in labels {
        let label = input.get(name).and_then(Value::as_str).unwrap_or_default();
        let fits = !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        if !fits {
            return Err(BadInput(format!("`{name}` becomes part of a host name, `{label}` cannot")));
        }
        prefix = prefix.replace(&format!("{{{name}}}"), label);
    }
    Ok(Some(prefix))
}

/// Whether a type is written as one piece of text.
fn is_scalar(kind: Type) -> bool {
    !matches!(kind, Type::Structure | Type::List | Type::Map)
}
