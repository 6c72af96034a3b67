//! The query protocol and EC2's variant of it: forms out, XML back.

use serde_json::{Map, Value};

use super::time::Format;
use super::{BadInput, Failure, Reply, Request, scalar, uri, xml};
use crate::model::{At, Operation, Protocol, Service, Type};

const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// A form with the action's name, the API's version and the input under dotted names.
pub(super) fn request(
    service: &Service,
    operation: &Operation,
    shape: Option<At<'_>>,
    input: &Map<String, Value>,
) -> Result<Request, BadInput> {
    let mut form = Form { service, ec2: service.metadata.protocol == Protocol::Ec2, pairs: Vec::new() };
    form.pairs.push(("Action".to_owned(), operation.name.clone()));
    form.pairs.push(("Version".to_owned(), service.metadata.api_version.clone()));
    if let Some(shape) = shape {
        form.structure(shape, input, "")?;
    }
    Ok(Request {
        method: operation.http.method.clone(),
        uri: "/".to_owned(),
        headers: vec![("Content-Type".to_owned(), CONTENT_TYPE.to_owned())],
        body: uri::join(&form.pairs).into_bytes(),
        host_prefix: None,
    })
}

/// `<DescribeVpcsResponse>…` for EC2; the query protocol puts `<ListUsersResult>` inside.
pub(super) fn response(service: &Service, operation: &Operation, output: Option<At<'_>>, reply: Reply<'_>) -> Result<Value, Failure> {
    let says_nothing = output.is_none_or(|output| output.def.members.is_empty());
    if says_nothing && reply.body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let root = xml::parse(reply.body).map_err(Failure::Malformed)?;
    if let Some(error) = super::failure::inside_success(&root, reply) {
        return Err(error);
    }
    let expected = format!("{}Response", operation.name);
    if root.name != expected {
        return Err(Failure::Malformed(format!("the answer is `{}`, not `{expected}`", root.name)));
    }
    let Some(output) = output else { return Ok(Value::Object(Map::new())) };
    let node = match &output.member.result_wrapper {
        Some(wrapper) => root.child(wrapper).ok_or_else(|| Failure::Malformed(format!("the answer lacks `{wrapper}`")))?,
        None => &root,
    };
    xml::read_structure(service, output, node).map(Value::Object).map_err(Failure::Malformed)
}

struct Form<'a> {
    service: &'a Service,
    ec2: bool,
    pairs: Vec<(String, String)>,
}

impl<'a> Form<'a> {
    fn value(&mut self, at: At<'a>, value: &Value, name: &str) -> Result<(), BadInput> {
        match (at.def.kind, value) {
            (_, Value::Null) => Ok(()),
            (Type::Structure, Value::Object(members)) => self.structure(at, members, name),
            (Type::List, Value::Array(items)) => self.list(at, items, name),
            (Type::Map, Value::Object(entries)) => self.map(at, entries, name),
            (Type::Structure | Type::List | Type::Map, _) => Err(BadInput(format!("`{name}` is not a `{}`", at.member.shape))),
            _ => {
                let text = scalar::to_text(at, value, Format::Iso8601)?;
                self.pairs.push((name.to_owned(), text));
                Ok(())
            }
        }
    }

    fn structure(&mut self, at: At<'a>, members: &Map<String, Value>, name: &str) -> Result<(), BadInput> {
        for (key, value) in members {
            let member = at.def.members.get(key).ok_or_else(|| BadInput(format!("`{}` has no member `{key}`", at.member.shape)))?;
            let member = self.service.at(member);
            let part = self.name_of(member, key);
            let full = if name.is_empty() { part } else { format!("{name}.{part}") };
            self.value(member, value, &full)?;
        }
        Ok(())
    }

    fn list(&mut self, at: At<'a>, items: &[Value], name: &str) -> Result<(), BadInput> {
        let item = self.service.item(at);
        let prefix = if self.ec2 {
            name.to_owned()
        } else if items.is_empty() {
            // The query protocol tells an empty list from an absent one, EC2 does not.
            self.pairs.push((name.to_owned(), String::new()));
            return Ok(());
        } else if at.flattened() {
            match item.wire_name() {
                Some(own) => name.rsplit_once('.').map_or_else(|| own.to_owned(), |(before, _)| format!("{before}.{own}")),
                None => name.to_owned(),
            }
        } else {
            format!("{name}.{}", item.wire_name().unwrap_or("member"))
        };
        for (index, value) in items.iter().enumerate() {
            self.value(item, value, &format!("{prefix}.{}", index + 1))?;
        }
        Ok(())
    }

    fn map(&mut self, at: At<'a>, entries: &Map<String, Value>, name: &str) -> Result<(), BadInput> {
        let (key_at, value_at) = self.service.entry(at);
        let prefix = if at.flattened() { name.to_owned() } else { format!("{name}.entry") };
        for (index, (key, value)) in entries.iter().enumerate() {
            let number = index + 1;
            self.pairs.push((format!("{prefix}.{number}.{}", key_at.wire_name().unwrap_or("key")), key.clone()));
            self.value(value_at, value, &format!("{prefix}.{number}.{}", value_at.wire_name().unwrap_or("value")))?;
        }
        Ok(())
    }

    /// EC2's forms begin every name with a capital letter and have names of their own for some members.
    fn name_of(&self, at: At<'_>, key: &str) -> String {
        if !self.ec2 {
            return at.wire_name().unwrap_or(key).to_owned();
        }
        if let Some(own) = &at.member.query_name {
            return own.clone();
        }
        let mut letters = at.wire_name().unwrap_or(key).chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    }
}
