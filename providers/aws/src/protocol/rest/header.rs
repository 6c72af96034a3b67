//! Values in headers and in the status.

use aws_smithy_types::base64;
use serde_json::{Map, Value};

use crate::model::{At, Service, Type};
use crate::protocol::time::{self, Format};
use crate::protocol::{BadInput, Reply, scalar};

/// The text of a header; `None` for a list without items, which sends no header.
pub(super) fn write(service: &Service, at: At<'_>, value: &Value) -> Result<Option<String>, BadInput> {
    if at.member.json_value {
        return Ok(Some(base64::encode(value.to_string())));
    }
    let Value::Array(items) = value else { return scalar::to_text(at, value, Format::Rfc822).map(Some) };
    let item = service.item(at);
    let texts = items.iter().filter(|value| !value.is_null()).map(|value| {
        let text = scalar::to_text(item, value, Format::Rfc822)?;
        let quote = item.def.kind == Type::String && text.contains(['"', ',']);
        Ok(if quote { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text })
    });
    let texts: Vec<String> = texts.collect::<Result<_, BadInput>>()?;
    Ok(if texts.is_empty() { None } else { Some(texts.join(",")) })
}

/// The members of an answer that lie in its headers or are its status.
pub(in crate::protocol) fn read_located(
    service: &Service,
    at: At<'_>,
    reply: Reply<'_>,
    members: &mut Map<String, Value>,
) -> Result<(), String> {
    for (name, member) in &at.def.members {
        let member = service.at(member);
        let wire = member.located_name().unwrap_or(name);
        let value = match member.location() {
            Some("statusCode") => Some(Value::from(reply.status)),
            Some("header") => reply.header(wire).map(|text| read(service, member, text)).transpose()?.flatten(),
            Some("headers") => Some(with_prefix(reply, wire)),
            _ => None,
        };
        if let Some(value) = value {
            members.insert(name.clone(), value);
        }
    }
    Ok(())
}

fn read(service: &Service, at: At<'_>, text: &str) -> Result<Option<Value>, String> {
    if at.member.json_value {
        let bytes = base64::decode(text).map_err(|_| format!("`{}` is not base64", at.member.shape))?;
        return serde_json::from_slice(&bytes).map(Some).map_err(|why| format!("`{}` is not JSON: {why}", at.member.shape));
    }
    if at.def.kind != Type::List {
        return scalar::from_text(at, text);
    }
    let item = service.item(at);
    let dates = item.def.kind == Type::Timestamp && Format::of(item.timestamp_format(), Format::Rfc822) == Format::Rfc822;
    let items = if dates { split_dates(text) } else { split(text) };
    items.iter().map(|text| Ok(scalar::from_text(item, text)?.unwrap_or(Value::Null))).collect::<Result<Value, String>>().map(Some)
}

fn with_prefix(reply: Reply<'_>, prefix: &str) -> Value {
    let matching = reply.headers.iter().filter_map(|(name, value)| {
        let head = name.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix))?;
        Some((name[head.len()..].to_owned(), Value::String(value.clone())))
    });
    Value::Object(matching.collect())
}

/// Items between commas; quotes keep commas inside.
fn split(text: &str) -> Vec<String> {
    let (mut items, mut item, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => {
                item.push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            _ => item.push(letter),
        }
    }
    items.push(item);
    items.iter().map(|item| item.trim().to_owned()).collect()
}

/// Dates of this form have a comma of their own, after the day of the week.
fn split_dates(text: &str) -> Vec<String> {
    let pieces: Vec<&str> = text.split(',').collect();
    let joined = pieces.chunks(2).map(|pair| pair.join(",").trim().to_owned());
    if time::from_wire(&Value::String(text.to_owned())).is_some() { vec![text.to_owned()] } else { joined.collect() }
}
