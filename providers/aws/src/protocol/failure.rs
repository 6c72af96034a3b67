//! Why a service gave no answer, in its own words, whatever protocol it speaks.

use serde_json::{Map, Value};

use super::xml::{self, Element};
use super::{Reply, json};
use crate::model::{At, Operation, Protocol, Service};

/// No answer to what was asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The service said why.
    Service(ServiceError),
    /// What came back cannot be read.
    Malformed(String),
}

/// An error as the service words it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceError {
    /// The error's code.
    pub code: String,
    /// What the service says about it.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
    /// What else it tells, by the model's names where the error is modelled.
    pub members: Value,
}

/// The error in an answer whose status is not a success. An unreadable body leaves the status to speak.
pub(super) fn read(service: &Service, operation: &Operation, reply: Reply<'_>) -> Failure {
    let error = match service.metadata.protocol {
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => {
            xml::parse(reply.body).ok().and_then(|root| from_xml(service, operation, &root, reply))
        }
        Protocol::Json | Protocol::RestJson => from_json(service, operation, reply),
    };
    Failure::Service(error.unwrap_or_else(|| ServiceError {
        code: status_word(reply.status),
        message: String::new(),
        status: reply.status,
        members: Value::Object(Map::new()),
    }))
}

/// S3 answers some failures with 200 and an error document.
pub(super) fn inside_success(root: &Element, reply: Reply<'_>) -> Option<Failure> {
    let node = error_node(root)?;
    let code = node.child("Code")?.text.trim().to_owned();
    Some(Failure::Service(ServiceError { code, message: message_of(node), status: reply.status, members: plain(node) }))
}

fn from_xml(service: &Service, operation: &Operation, root: &Element, reply: Reply<'_>) -> Option<ServiceError> {
    let node = error_node(root)?;
    let code = node.child("Code").map(|code| code.text.trim().to_owned()).unwrap_or_else(|| status_word(reply.status));
    let members = match modelled(service, operation, &code) {
        Some(at) => {
            let mut members = xml::read_structure(service, at, node).ok()?;
            super::rest::read_located(service, at, reply, &mut members).ok()?;
            Value::Object(members)
        }
        None => plain(node),
    };
    Some(ServiceError { code, message: message_of(node), status: reply.status, members })
}

/// `<ErrorResponse><Error>`, EC2's `<Response><Errors><Error>`, S3's bare `<Error>`.
fn error_node(root: &Element) -> Option<&Element> {
    match root.name.as_str() {
        "Error" => Some(root),
        "ErrorResponse" => root.child("Error"),
        "Response" => root.child("Errors").and_then(|errors| errors.child("Error")),
        _ => None,
    }
}

fn message_of(node: &Element) -> String {
    node.child("Message").or_else(|| node.child("message")).map(|message| message.text.trim().to_owned()).unwrap_or_default()
}

fn plain(node: &Element) -> Value {
    let texts = node.children.iter().filter(|child| child.children.is_empty());
    Value::Object(texts.map(|child| (child.name.clone(), Value::String(child.text.clone()))).collect())
}

fn from_json(service: &Service, operation: &Operation, reply: Reply<'_>) -> Option<ServiceError> {
    let body = json::parse(reply.body).ok().filter(Value::is_object).unwrap_or_else(|| Value::Object(Map::new()));
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let own = reply.header("x-amzn-errortype").or_else(|| text("__type")).or_else(|| text("code")).or_else(|| text("Code"));
    // `aws.protocoltests#FooError:http://internal.amazon.com/` is all one name to the services.
    let own = own.map(|code| code.split(':').next().unwrap_or(code)).map(|code| code.rsplit('#').next().unwrap_or(code));
    let older = reply.header("x-amzn-query-error").and_then(|header| header.split(';').next()).filter(|code| !code.is_empty());
    let shape = own.and_then(|code| modelled(service, operation, code));
    let members = match shape {
        Some(at) => {
            let mut members = json::read_structure(service, at, body.as_object()?).ok()?;
            super::rest::read_located(service, at, reply, &mut members).ok()?;
            members
        }
        None => Map::new(),
    };
    let message = text("message").or_else(|| text("Message")).or_else(|| text("errorMessage")).unwrap_or_default().to_owned();
    let code = older.or(own).map_or_else(|| status_word(reply.status), str::to_owned);
    Some(ServiceError { code, message, status: reply.status, members: Value::Object(members) })
}

/// The modelled error that goes by a code.
fn modelled<'a>(service: &'a Service, operation: &'a Operation, code: &str) -> Option<At<'a>> {
    let by_code = |at: &At<'_>| at.def.error.as_ref().and_then(|error| error.code.as_deref()) == Some(code) || at.member.shape == code;
    operation.errors.iter().map(|member| service.at(member)).find(by_code)
}

/// What a status says where there is no body, as answers to `HEAD` never have one.
fn status_word(status: u16) -> String {
    let word = match status {
        301 => "MovedPermanently",
        302 | 307 | 308 => "TemporaryRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        other => return format!("Status{other}"),
    };
    word.to_owned()
}
