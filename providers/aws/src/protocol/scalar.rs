//! Single values as text: in forms, headers, URIs and XML.

use aws_smithy_types::base64;
use serde_json::{Number, Value};

use super::BadInput;
use super::time::{self, Format};
use crate::model::{At, Type};

/// A value of a call's input as text.
pub(super) fn to_text(at: At<'_>, value: &Value, times: Format) -> Result<String, BadInput> {
    let unfit = || BadInput(format!("`{value}` is not a `{}`", at.member.shape));
    match (at.def.kind, value) {
        (Type::Timestamp, _) => {
            let time = time::from_input(value).ok_or_else(unfit)?;
            Ok(time::to_text(time, Format::of(at.timestamp_format(), times)))
        }
        (_, Value::String(text)) => Ok(text.clone()),
        (_, Value::Bool(_) | Value::Number(_)) => Ok(value.to_string()),
        _ => Err(unfit()),
    }
}

/// A value of an answer out of text; `None` for an empty element of a type that has no empty value.
pub(super) fn from_text(at: At<'_>, text: &str) -> Result<Option<Value>, String> {
    let unfit = || format!("`{}` is not a `{}`", shortened(text), at.member.shape);
    if matches!(at.def.kind, Type::String | Type::Character | Type::Structure | Type::List | Type::Map) {
        return Ok(Some(Value::String(text.to_owned())));
    }
    let word = text.trim();
    if at.def.kind == Type::Blob {
        let bytes = base64::decode(word).map_err(|_| unfit())?;
        return Ok(Some(Value::String(base64::encode(bytes))));
    }
    if word.is_empty() {
        return Ok(None);
    }
    let value = match at.def.kind {
        Type::Boolean => boolean(word).map(Value::Bool),
        Type::Timestamp => time::from_wire(&Value::String(word.to_owned())).map(|time| Value::String(time.to_string())),
        _ => number(at.def.kind, word),
    };
    value.map(Some).ok_or_else(unfit)
}

/// A value of an answer out of JSON; numbers and truths that a service wrote as text are what they say.
pub(super) fn from_json(at: At<'_>, value: &Value) -> Result<Value, String> {
    let unfit = || format!("`{}` is not a `{}`", shortened(&value.to_string()), at.member.shape);
    match (at.def.kind, value) {
        (Type::Timestamp, _) => time::from_wire(value).map(|time| Value::String(time.to_string())).ok_or_else(unfit),
        (Type::String | Type::Character | Type::Blob, Value::String(_)) => Ok(value.clone()),
        (Type::Boolean, Value::Bool(_)) => Ok(value.clone()),
        (Type::Boolean, Value::String(text)) => boolean(text).map(Value::Bool).ok_or_else(unfit),
        (Type::Integer | Type::Long | Type::BigInteger, Value::Number(number)) => {
            let whole = number.as_f64().filter(|float| float.fract() == 0.0 && !number.is_i64() && !number.is_u64());
            Ok(whole.map_or_else(|| value.clone(), |float| Value::from(float as i64)))
        }
        (Type::Float | Type::Double | Type::BigDecimal, Value::Number(_)) => Ok(value.clone()),
        (Type::Integer | Type::Long | Type::BigInteger | Type::Float | Type::Double | Type::BigDecimal, Value::String(text)) => {
            number(at.def.kind, text).ok_or_else(unfit)
        }
        _ => Err(unfit()),
    }
}

fn boolean(word: &str) -> Option<bool> {
    match word {
        "true" | "True" | "TRUE" | "1" => Some(true),
        "false" | "False" | "FALSE" | "0" => Some(false),
        _ => None,
    }
}

/// JSON has no infinities, so these stay the words that the vendor writes.
fn number(kind: Type, word: &str) -> Option<Value> {
    let whole = matches!(kind, Type::Integer | Type::Long | Type::BigInteger);
    match word {
        "NaN" | "Infinity" | "-Infinity" if !whole => Some(Value::String(word.to_owned())),
        _ if whole => word.parse::<i64>().ok().map(Value::from).or_else(|| word.parse::<u64>().ok().map(Value::from)),
        _ => word.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
    }
}

/// Enough of a wrong value to find it, not enough to leak it.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
