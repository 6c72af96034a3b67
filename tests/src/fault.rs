//! The ways in which a read goes wrong, each in the form in which the service itself would put it.

use hyper::{Response, StatusCode, body::Bytes};

use crate::call::{Asked, Dialect};

/// A way in which a read goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// No statement allows it.
    Denied,
    /// Too many requests, however often it is asked again.
    Throttled,
    /// The service itself fails.
    ServerError,
    /// No answer comes.
    Hang,
    /// The answer ends in its middle, and the length says so.
    CutOff,
    /// The answer ends in its middle, and the length pretends that it does not.
    Truncated,
    /// The first page says that there is a second, and the second does not come.
    NoSecondPage,
}

/// All of them.
pub const FAULTS: [Fault; 7] =
    [Fault::Denied, Fault::Throttled, Fault::ServerError, Fault::Hang, Fault::CutOff, Fault::Truncated, Fault::NoSecondPage];

/// An answer with its content.
pub type Reply = Response<Bytes>;

/// The error that a service of this dialect answers with.
pub fn refusal(asked: &Asked, fault: Fault) -> Reply {
    let (status, code) = match (fault, asked.dialect) {
        (Fault::Denied, Dialect::Ec2) => (403, "UnauthorizedOperation"),
        (Fault::Denied, Dialect::Json) => (400, "AccessDeniedException"),
        (Fault::Denied, Dialect::Query | Dialect::Xml) => (403, "AccessDenied"),
        (Fault::Throttled, Dialect::Ec2) => (503, "RequestLimitExceeded"),
        (Fault::Throttled, Dialect::Json) => (400, "ThrottlingException"),
        (Fault::Throttled, Dialect::Query) => (400, "Throttling"),
        (Fault::Throttled, Dialect::Xml) => (503, "SlowDown"),
        (Fault::ServerError | Fault::Hang | Fault::CutOff | Fault::Truncated | Fault::NoSecondPage, _) => (500, "InternalFailure"),
    };
    let body = match asked.dialect {
        Dialect::Ec2 => {
            format!("<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>")
        }
        Dialect::Query => {
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"
            )
        }
        Dialect::Xml => format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message><RequestId>1</RequestId></Error>"),
        Dialect::Json => format!(r#"{{"__type":"{code}","message":"no"}}"#),
    };
    let mut reply = Response::new(body.into());
    *reply.status_mut() = StatusCode::from_u16(status).expect("a status");
    reply
}

/// The answer cut in its middle.
pub fn halved(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// The answer with a token in it that promises another page; `None` where the call has no pages.
pub fn promising(asked: &Asked, body: &Bytes) -> Option<Bytes> {
    let service = if asked.service == "s3" && asked.operation == "GetPublicAccessBlock" { return None } else { asked.service.as_str() };
    let (_, operation) = provider_aws::model::operation(service, &asked.operation)?;
    let pages = operation.pages.as_ref()?;
    let tokens = pages.output_token.names();
    let text = String::from_utf8_lossy(body);
    match asked.dialect {
        Dialect::Json => {
            let mut answer: serde_json::Value = serde_json::from_slice(body).ok()?;
            tokens.iter().for_each(|token| answer[token] = "promised".into());
            pages.more_results.iter().for_each(|more| answer[more] = true.into());
            Some(answer.to_string().into())
        }
        Dialect::Query | Dialect::Ec2 | Dialect::Xml => {
            let lower = |name: &str| if asked.dialect == Dialect::Ec2 { name[..1].to_lowercase() + &name[1..] } else { name.to_owned() };
            let mut text = text.into_owned();
            for name in tokens.iter().chain(&pages.more_results) {
                text = without(&text, &lower(name));
            }
            let tokens = tokens.iter().map(|name| format!("<{0}>promised</{0}>", lower(name))).collect::<String>();
            let more = pages.more_results.iter().map(|name| format!("<{0}>true</{0}>", lower(name))).collect::<String>();
            let end = match asked.dialect {
                Dialect::Query => format!("</{}Result>", asked.operation),
                Dialect::Ec2 => format!("</{}Response>", asked.operation),
                Dialect::Xml | Dialect::Json => text[text.rfind("</")?..].trim().to_owned(),
            };
            let at = text.rfind(&end)?;
            text.insert_str(at, &(tokens + &more));
            Some(text.into())
        }
    }
}

fn without(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    match (text.find(&open), text.find(&close)) {
        (Some(from), Some(to)) if from < to => text[..from].to_owned() + &text[to + close.len()..],
        _ => text.replace(&format!("<{name}/>"), ""),
    }
}
